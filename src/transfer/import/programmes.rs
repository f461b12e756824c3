//! 教研计划: programmes. Their sessions follow in [`super::sessions`].

use std::collections::HashMap;

use sea_orm::prelude::Uuid;

use super::classes::grade_named;
use super::draft::{Draft, lasts};
use super::edit::Edit;
use super::phrases::{self, Presenters, Rhythm, SubjectDay};
use super::{sessions, words};
use crate::entity::values::{
    AudienceRule, DutyKind, HostRule, PresenterSource, SessionForm, SessionLevel, SessionMode, Stage,
};
use crate::entity::{programme, term};
use crate::id;
use crate::transfer::fault::{Bilingual, FaultKind};
use crate::transfer::fields::{self, FieldFault, Weeks};
use crate::transfer::table::{Row, Table};

/// What tells one programme of a term from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    group_id: Uuid,
    stage: Option<Stage>,
    subject_id: Option<Uuid>,
    grade: Option<i32>,
    form: SessionForm,
    topic: String,
}

impl Key {
    fn of(programme: &programme::Model) -> Self {
        let programme::Model { group_id, stage, subject_id, grade, form, .. } = *programme;
        Self { group_id, stage, subject_id, grade, form, topic: programme.topic.clone() }
    }
}

/// Takes the sheet 教研计划.
pub fn programmes(draft: &mut Draft, table: &Table) {
    let Some(term) = draft.term_for(table) else { return };
    let of_term = draft.stores.programmes.iter().filter(|programme| programme.term_id == term.id);
    let stored: HashMap<Key, Uuid> = of_term.map(|programme| (Key::of(programme), programme.id)).collect();
    let sessions = draft.stores.sessions.by(|session| session.programme_id);
    let mut listed: HashMap<Key, u32> = HashMap::new();
    draft.rows(table, None, |draft, row| {
        let (key, audience) = key(draft, row)?;
        let first = *listed.entry(key.clone()).or_insert(row.number());
        if first != row.number() {
            draft.faults.push(row.row_fault(FaultKind::Duplicate, twice(first)));
            return None;
        }
        let before = stored.get(&key).and_then(|id| draft.stores.programmes.get(*id)).cloned();
        let created = before.is_none();
        let mut programme = before.unwrap_or_else(|| blank(draft.district_id, term.id, key));
        let mut edit = Edit::new(table, row);
        fill(draft, table, row, &mut edit, &mut programme, &term)?;
        put_audience(draft, row, &mut edit, &mut programme, audience)?;
        mode_and_host_agree(draft, row, &programme)?;
        draft.sound(&mut edit)?;
        let name = name_of(draft, &programme);
        sessions::follow(draft, row, &name, &programme, &sessions);
        let changes = edit.changes();
        draft.stores.programmes.save(programme);
        Some(draft.settle(row, &name, created, changes))
    });
    report_missing(draft, table, &stored, &listed);
}

fn twice(first: u32) -> Bilingual {
    Bilingual::new(
        format!("与第{first}行重复（集团、学段、学科、年级、形式、主题都相同），请改正，或合并为一行"),
        format!("the same programme as in row {first}; correct it, or make one row of them"),
    )
}

/// What names the programme, and its audience, which may name the grade.
fn key(draft: &mut Draft, row: Row<'_>) -> Option<(Key, phrases::Audience)> {
    let group_id = draft.group(row, "集团");
    let subject_id = draft.optional(row, "学科", Draft::subject);
    let stage = draft.take(row.read("学段", words::stage))?;
    let grade = draft.take(row.read("年级", |cell| {
        grade_named(&cell.text()).ok_or_else(|| {
            FieldFault::new("看不懂的年级，请写成如 九年级", "not a grade; write for example 九年级")
        })
    }))?;
    let form = draft.take(row.require("形式", words::form))?;
    let topic = draft.take(row.require("主题", fields::prose))?;
    let audience = draft.take(row.require("参加范围", phrases::audience))?;
    let (group_id, subject_id) = (group_id?, subject_id?);
    if let Some((grade, named)) = grade.zip(audience.grade).filter(|(grade, named)| grade != named) {
        let message = Bilingual::new(
            format!("年级是{grade}，参加范围却写{named}年级，请统一"),
            format!("the grade is {grade}, but the audience is of grade {named}; make them agree"),
        );
        draft.fault(row, FaultKind::Value, "参加范围", message);
        return None;
    }
    let grade = grade.or(audience.grade);
    Some((Key { group_id, stage, subject_id, grade, form, topic }, audience))
}

fn blank(district_id: Uuid, term_id: Uuid, key: Key) -> programme::Model {
    programme::Model {
        id: id::new(),
        district_id,
        term_id,
        group_id: key.group_id,
        stage: key.stage,
        subject_id: key.subject_id,
        grade: key.grade,
        form: key.form,
        level: SessionLevel::Group,
        topic: key.topic,
        count: 0,
        minutes: 0,
        min_gap_days: 0,
        monthly: false,
        weeks_after_exam: None,
        not_before_on: None,
        subject_weekday: None,
        subject_half: None,
        host_rule: HostRule::MembersInTurn,
        presenters_from: PresenterSource::Nobody,
        presenters: 0,
        presenter_schools: 0,
        researcher_id: None,
        audience: AudienceRule::SubjectTeachers,
        audience_duties: serde_json::json!([]),
        audience_researchers: false,
        mode: SessionMode::OnSite,
        equipment: serde_json::json!([]),
        allows_evening: false,
        allows_weekend: false,
        keep_together: None,
        attendance_quota_percent: None,
        optional_audience: false,
        version: 1,
    }
}

/// Everything but the audience.
fn fill(
    draft: &mut Draft,
    table: &Table,
    row: Row<'_>,
    edit: &mut Edit<'_>,
    programme: &mut programme::Model,
    term: &term::Model,
) -> Option<()> {
    let count = fields::whole_in(1, 60);
    edit.required("次数", &mut programme.count, |cell| count(cell).map(|number| number as i32));
    edit.required("时长（分钟）", &mut programme.minutes, phrases::session_minutes);
    if let Some(new) = edit.read("频次", |cell| phrases::rhythm(cell, term)) {
        let mut rhythm = Rhythm::of(programme);
        edit.set("频次", &mut rhythm, new.unwrap_or_default());
        rhythm.put(programme);
    }
    if let Some(new) = edit.read("教研日", phrases::research_day) {
        if new.is_some_and(|day| day.weeks != Weeks::Every) {
            draft.notice(table.sheet.name, every_week());
        }
        let mut day = SubjectDay { weekday: programme.subject_weekday, half: programme.subject_half };
        edit.set("教研日", &mut day, new.map(SubjectDay::from).unwrap_or_default());
        (programme.subject_weekday, programme.subject_half) = (day.weekday, day.half);
    }
    edit.required("承办", &mut programme.host_rule, phrases::host);
    if let Some(new) = edit.read("授课要求", phrases::presenters) {
        let programme::Model { presenters_from, presenters, presenter_schools, .. } = *programme;
        let mut presenters =
            Presenters { from: presenters_from, count: presenters, schools: presenter_schools };
        edit.set("授课要求", &mut presenters, new.unwrap_or(Presenters::NOBODY));
        programme.presenters_from = presenters.from;
        programme.presenters = presenters.count;
        programme.presenter_schools = presenters.schools;
    }
    let online = programme.host_rule == HostRule::Online;
    let usual = if online { SessionMode::Online } else { SessionMode::OnSite };
    if let Some(mode) = edit.read("方式", words::mode) {
        edit.set("方式", &mut programme.mode, mode.unwrap_or(usual));
    } else if programme.version == 1 && online {
        programme.mode = usual;
    }
    wishes(edit, programme);
    if table.has("教研员工号") {
        let researcher_id = draft.optional(row, "教研员工号", researcher)?;
        if programme.researcher_id != researcher_id {
            let name = |id: Option<Uuid>| id.map(|id| draft.person_name(id).to_owned()).unwrap_or_default();
            edit.note("教研员工号", name(programme.researcher_id), name(researcher_id));
            programme.researcher_id = researcher_id;
        }
    }
    Some(())
}

/// What it asks beyond days and hosts; each column may be missing.
fn wishes(edit: &mut Edit<'_>, programme: &mut programme::Model) {
    if let Some(level) = edit.read("级别", words::session_level) {
        edit.set("级别", &mut programme.level, level.unwrap_or(SessionLevel::Group));
    }
    let ticks = [
        ("可晚间", &mut programme.allows_evening),
        ("可周末", &mut programme.allows_weekend),
        ("自愿参加", &mut programme.optional_audience),
    ];
    for (heading, slot) in ticks {
        if let Some(ticked) = edit.read(heading, fields::yes_no) {
            edit.set(heading, slot, ticked.unwrap_or(false));
        }
    }
    edit.optional("同日开展", &mut programme.keep_together, fields::name);
    let percent = fields::whole_in(1, 100);
    edit.optional("到会比例", &mut programme.attendance_quota_percent, |cell| {
        percent(cell).map(|number| number as i32)
    });
}

fn every_week() -> Bilingual {
    Bilingual::new(
        "教研日暂不分单双周，按每周处理",
        "a research day of odd or even weeks is taken as one of every week for now",
    )
}

/// Somebody on the list of researchers.
fn researcher(draft: &mut Draft, row: Row<'_>, heading: &str) -> Option<Uuid> {
    let teacher_id = draft.person(row, heading, None)?;
    let since = draft.since();
    let listed =
        draft.stores.researchers.iter().any(|row| row.teacher_id == teacher_id && lasts(row.until_on, since));
    if listed {
        return Some(teacher_id);
    }
    let name = draft.person_name(teacher_id).to_owned();
    let message = Bilingual::new(
        format!("{name}不是教研员，请改为“教研员”表中的工号"),
        format!("{name} is no researcher; write a number of the sheet 教研员"),
    );
    draft.fault(row, FaultKind::Unknown, heading, message);
    None
}

fn put_audience(
    draft: &mut Draft,
    row: Row<'_>,
    edit: &mut Edit<'_>,
    programme: &mut programme::Model,
    new: phrases::Audience,
) -> Option<()> {
    let needs_subject = matches!(
        new.rule,
        AudienceRule::SubjectTeachers
            | AudienceRule::HostSubjectTeachers
            | AudienceRule::GradeSubjectTeachers
    );
    if needs_subject && programme.subject_id.is_none() {
        let message = Bilingual::new(
            "按学科参加的活动要填写学科，请补上",
            "an audience by subject needs a subject; write it",
        );
        draft.fault(row, FaultKind::Required, "学科", message);
        return None;
    }
    if new.rule == AudienceRule::GradeSubjectTeachers && programme.grade.is_none() {
        let message = Bilingual::new(
            "按年级参加的活动要填写年级，请补上",
            "an audience by grade needs a grade; write it",
        );
        draft.fault(row, FaultKind::Required, "年级", message);
        return None;
    }
    let duties: Vec<DutyKind> = serde_json::from_value(programme.audience_duties.clone()).unwrap_or_default();
    let researchers = programme.audience_researchers;
    let mut audience = phrases::Audience { rule: programme.audience, duties, researchers, grade: new.grade };
    edit.set("参加范围", &mut audience, new);
    programme.audience = audience.rule;
    programme.audience_duties = serde_json::json!(audience.duties);
    programme.audience_researchers = audience.researchers;
    Some(())
}

/// What is held online has no host, and the other way round.
fn mode_and_host_agree(draft: &mut Draft, row: Row<'_>, programme: &programme::Model) -> Option<()> {
    if programme.host_rule != HostRule::Online || programme.mode == SessionMode::Online {
        return Some(());
    }
    let message = Bilingual::new(
        "承办写“线上”时，方式也应为“线上”，请统一",
        "with 线上 as host the mode must be 线上 too; make them agree",
    );
    draft.fault(row, FaultKind::Value, "方式", message);
    None
}

/// As people tell programmes apart.
fn name_of(draft: &Draft, programme: &programme::Model) -> String {
    let stage = programme.stage.map_or("", Stage::zh);
    format!("{} {stage}{}", draft.group_name(programme.group_id), programme.topic)
}

fn report_missing(draft: &mut Draft, table: &Table, stored: &HashMap<Key, Uuid>, listed: &HashMap<Key, u32>) {
    // A row with a fault may be any of them.
    if draft.faults.bad_rows(table.sheet.name).next().is_some() {
        return;
    }
    let unlisted = stored.iter().filter(|(key, _)| !listed.contains_key(*key));
    let programmes = unlisted.filter_map(|(_, id)| draft.stores.programmes.get(*id));
    let mut missing: Vec<String> = programmes.map(|programme| name_of(draft, programme)).collect();
    missing.sort();
    draft.missing(table.sheet.name, missing);
}
