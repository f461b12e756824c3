//! 轮岗政策, 学科余缺: the rules of the round that is open, and where teachers are too many or too few.
//!
//! Both belong to the one round that is not dispatched yet; where there is none, the import opens the year's.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use sea_orm::prelude::Uuid;

use super::draft::{Draft, eve};
use super::edit::Edit;
use super::report::{Change, Outcome};
use super::schools::teaches;
use super::words;
use crate::entity::values::{RoundState, StaffingSource, Stage};
use crate::entity::{appointment, posting, rotation_policy, rotation_round, rotation_rule, staffing};
use crate::error::Error;
use crate::id;
use crate::people::roster::holds;
use crate::rotations::count::{full_time, present};
use crate::rotations::policy::{self, NotedRule, Rule, sentence};
use crate::rotations::{NewOpening, Opening, opening};
use crate::transfer::fault::{Bilingual, Fault, FaultKind};
use crate::transfer::fields;
use crate::transfer::policy::said;
use crate::transfer::table::{Row, Table};

/// A row of 轮岗政策 with what it says.
pub(super) struct Said<'t> {
    row: Row<'t>,
    rules: Vec<NotedRule>,
}

/// Takes the sheet 轮岗政策. One rule less would decide otherwise: unless the office asks to skip bad rows, its rules hold together or
/// not at all.
pub fn policy(draft: &mut Draft, table: &Table) {
    let sheet = table.sheet.name;
    let rows: Vec<Said<'_>> = table.rows().filter_map(|row| read(draft, row)).collect();
    let bad = table.len() - rows.len();
    if (bad == 0 || draft.skip_bad_rows)
        && let Some(()) = put(draft, table, &rows)
    {
        if bad > 0 {
            skipped(draft, table, bad);
        }
        return;
    }
    if !draft.faults.spoils(sheet) {
        let message = Bilingual::new(
            "各条规定合在一起才算数：有问题的行改正之前，整张表都不导入",
            "its rules count only together: until the bad rows are mended, none of the sheet is imported",
        );
        draft.faults.push(Fault::new(FaultKind::Sheet, sheet, message));
    }
}

fn skipped(draft: &mut Draft, table: &Table, bad: usize) {
    let message = Bilingual::new(
        format!("有{bad}条看不懂，没有导入，摸底时不起作用；请改正后再导入"),
        format!(
            "{bad} of its rules were not understood and left out, and nobody is counted by them: mend and import them"
        ),
    );
    draft.notice(table.sheet.name, message);
}

fn read<'t>(draft: &mut Draft, row: Row<'t>) -> Option<Said<'t>> {
    if draft.faults.is_bad(row.sheet().name, row.number()) {
        return None;
    }
    let item = draft.take(row.require("条目", fields::name))?;
    let remark = draft.take(row.read("说明", fields::prose))?.unwrap_or_default();
    draft.take(row.require("数值", fields::prose))?;
    match said(&item, row.cell("数值"), &remark) {
        Ok(said) => {
            let rules = said.rules.into_iter().map(|rule| (rule, said.note.clone()));
            Some(Said { row, rules: rules.collect() })
        }
        Err((place, fault)) => {
            draft.fault(row, FaultKind::Value, place.heading(), fault.message);
            None
        }
    }
}

/// Lays the rows over the stored policy; nothing when a rule cannot hold, whose fault is added.
fn put(draft: &mut Draft, table: &Table, rows: &[Said<'_>]) -> Option<()> {
    if rows.is_empty() {
        return Some(());
    }
    let (round, opened) = round_for(draft, table, rows)?;
    let stored = stored_policy(draft, &round)?;
    let before = stored.as_ref().map(|(_, rules)| rules.as_slice()).unwrap_or_default();
    let own: Vec<NotedRule> = rows.iter().flat_map(|said| said.rules.iter().cloned()).collect();
    let after = policy::lay_over(before, &own);
    checked(draft, table, rows, &after)?;
    let same = same_rules(before, &after);
    let open = round.state == RoundState::Counting;
    for said in rows {
        if !open && !said.rules.iter().all(|rule| before.contains(rule)) {
            draft.fault(said.row, FaultKind::Value, "数值", closed(&round));
            continue;
        }
        let outcome = settled(draft, said, before);
        draft.sheet(table.sheet.name).count(outcome);
    }
    let unlisted = before.iter().filter(|(rule, _)| !rows.iter().any(|said| said.speaks_of(rule)));
    let unlisted = unlisted.map(|(rule, _)| sentence(rule).zh).collect();
    draft.missing(table.sheet.name, unlisted);
    if let Some(opened) = opened {
        keep(draft, table, opened);
    }
    if open && (!same || round.policy_id.is_none()) {
        follow(draft, round, stored.map(|(row, _)| row), same, &after);
    }
    Some(())
}

impl Said<'_> {
    /// Whether the row settles what a rule settles.
    fn speaks_of(&self, rule: &Rule) -> bool {
        self.rules.iter().any(|(own, _)| own.settles_the_same(rule))
    }
}

fn same_rules(one: &[NotedRule], other: &[NotedRule]) -> bool {
    one.len() == other.len() && one.iter().all(|rule| other.contains(rule))
}

/// Adds what is wrong with the rules together, each fault at the row of its rule.
fn checked(draft: &mut Draft, table: &Table, rows: &[Said<'_>], rules: &[NotedRule]) -> Option<()> {
    let bare: Vec<Rule> = rules.iter().map(|(rule, _)| rule.clone()).collect();
    let Err(Error::Rejected(faults)) = policy::check(&bare) else { return Some(()) };
    for fault in faults {
        let at = fault.field.as_deref().and_then(|field| field.strip_prefix("rules.")?.parse::<usize>().ok());
        let rule = at.and_then(|at| bare.get(at));
        // Of several rows with the rule the last one repeats it.
        let row = rows
            .iter()
            .rev()
            .find(|said| rule.is_some_and(|rule| said.rules.iter().any(|own| own.0 == *rule)));
        let fault = match row {
            Some(said) => said.row.fault(FaultKind::Value, "数值", fault.message),
            None => Fault::new(FaultKind::Sheet, table.sheet.name, fault.message),
        };
        draft.faults.push(fault);
    }
    None
}

fn settled(draft: &mut Draft, said: &Said<'_>, before: &[NotedRule]) -> Outcome {
    let told =
        |rules: &[&NotedRule]| rules.iter().map(|(rule, _)| sentence(rule).zh).collect::<Vec<_>>().join("；");
    let old: Vec<&NotedRule> = before.iter().filter(|(rule, _)| said.speaks_of(rule)).collect();
    let new: Vec<&NotedRule> = said.rules.iter().collect();
    let kept = new.iter().all(|rule| before.contains(rule));
    let changes = match kept {
        true => Vec::new(),
        false => vec![Change { field: "数值", before: told(&old), after: told(&new) }],
    };
    let item = said.row.cell("条目").text().into_owned();
    draft.settle(said.row, &item, old.is_empty(), changes)
}

/// The round that sheets of rotation are about: the one that is not dispatched yet, or else the year's, opened now; when that is
/// dispatched, it takes what is as it was, and nothing else.
pub(super) fn round_for(
    draft: &mut Draft,
    table: &Table,
    rows: &[Said<'_>],
) -> Option<(rotation_round::Model, Option<Opening>)> {
    let open: Vec<rotation_round::Model> =
        draft.stores.rounds.copies(|round| round.state < RoundState::Dispatching);
    let mut whole = open.iter().filter(|round| round.group_id.is_none());
    match (open.as_slice(), whole.next(), whole.next()) {
        ([], ..) => {}
        ([only], ..) | (_, Some(only), None) => return Some((only.clone(), None)),
        _ => {
            let names = open.iter().map(|round| round.name.as_str()).collect::<Vec<_>>().join("、");
            let message = Bilingual::new(
                format!("有几个批次都在进行（{names}），不能确定本表属于哪一个；请先派遣或结束其余的"),
                format!("several rounds are open ({names}); dispatch or close all but one first"),
            );
            draft.faults.push(Fault::new(FaultKind::Sheet, table.sheet.name, message));
            return None;
        }
    }
    let years = rows.iter().flat_map(|said| &said.rules).find_map(|(rule, _)| match rule {
        Rule::Duration(duration) => Some(duration.years),
        _ => None,
    });
    let new = NewOpening::yearly(draft.today, years.unwrap_or(1));
    let this_year =
        |round: &&rotation_round::Model| round.name == new.name || has_just_begun(round, draft.today);
    if let Some(dispatched) = draft.stores.rounds.iter().find(this_year) {
        return Some((dispatched.clone(), None));
    }
    let opened = opening(draft.district_id, new);
    Some((opened.round.clone(), Some(opened)))
}

/// Whether the people of a round of the whole district began to serve this autumn: a workbook that comes now still speaks of it, the next
/// round is prepared from the new year on.
fn has_just_begun(round: &rotation_round::Model, today: NaiveDate) -> bool {
    let year_ends = NaiveDate::from_ymd_opt(round.starts_on.year(), 12, 31).unwrap_or(round.starts_on);
    let dispatched = round.group_id.is_none() && round.state >= RoundState::Dispatching;
    dispatched && (round.starts_on..=year_ends).contains(&today)
}

/// Keeps a round that was opened.
pub(super) fn keep(draft: &mut Draft, table: &Table, Opening { round, steps }: Opening) {
    draft.notice(
        table.sheet.name,
        Bilingual::new(
            format!("没有正在进行的批次，已新建“{}”，各步日期按惯例，可以修改", round.name),
            format!("no round was open: {:?} is made, with the usual days for its steps", round.name),
        ),
    );
    draft.stores.rounds.save(round);
    for step in steps {
        draft.stores.steps.save(step);
    }
}

type StoredPolicy = (rotation_policy::Model, Vec<NotedRule>);

/// The policy the round follows, or else the one in force for it; outer none: it cannot be read.
fn stored_policy(draft: &mut Draft, round: &rotation_round::Model) -> Option<Option<StoredPolicy>> {
    let policies: Vec<rotation_policy::Model> = draft.stores.policies.iter().cloned().collect();
    let own = round.policy_id.and_then(|id| draft.stores.policies.get(id));
    let found = own.or_else(|| policy::in_force(&policies, round.group_id, round.starts_on));
    let Some(row) = found.cloned() else { return Some(None) };
    let rules: Vec<rotation_rule::Model> = draft.stores.rules.copies(|rule| rule.policy_id == row.id);
    match policy::read(rules) {
        Ok(rules) => Some(Some((row, rules))),
        Err(error) => {
            let message = Bilingual::new(
                format!("已存的政策“{}”读不出来（{error}），请告诉管理员", row.name),
                format!("the stored policy {:?} cannot be read ({error}); tell the administrator", row.name),
            );
            draft.faults.push(Fault::new(FaultKind::Sheet, "轮岗政策", message));
            None
        }
    }
}

/// Lets the round follow the rules: those stored, or a policy that begins now.
fn follow(
    draft: &mut Draft,
    mut round: rotation_round::Model,
    stored: Option<rotation_policy::Model>,
    same: bool,
    rules: &[NotedRule],
) {
    let policy_id = match stored {
        Some(stored) if same => stored.id,
        stored => begin(draft, &round, stored, rules),
    };
    if round.policy_id != Some(policy_id) {
        round.policy_id = Some(policy_id);
        draft.stores.rounds.save(round);
    }
}

/// Begins a policy with these rules: after the one it changes has ended, or, when that began no earlier, in its place.
fn begin(
    draft: &mut Draft,
    round: &rotation_round::Model,
    stored: Option<rotation_policy::Model>,
    rules: &[NotedRule],
) -> Uuid {
    let from_on = draft.since().min(round.starts_on);
    let mut row = rotation_policy::Model {
        id: id::new(),
        district_id: draft.district_id,
        name: format!("{}教师交流轮岗办法", draft.district_name),
        group_id: round.group_id,
        from_on,
        until_on: None,
        preset: None,
        version: 1,
    };
    if let Some(mut stored) = stored {
        row.name.clone_from(&stored.name);
        row.group_id = stored.group_id;
        row.until_on = stored.until_on;
        if stored.from_on < from_on {
            stored.until_on = Some(eve(from_on));
            draft.stores.policies.save(stored);
        } else {
            row = rotation_policy::Model {
                id: stored.id,
                from_on: stored.from_on,
                // Its rules change even where the row itself does not.
                version: stored.version + 1,
                ..row
            };
            for old in draft.stores.rules.copies(|rule| rule.policy_id == stored.id) {
                draft.stores.rules.remove(old.id);
            }
        }
    }
    let id = row.id;
    match policy::rule_rows(&row, rules) {
        Ok(new) => {
            for rule in new {
                draft.stores.rules.save(rule);
            }
        }
        Err(error) => {
            let message = Bilingual::new(error.to_string(), error.explain(crate::error::Language::English));
            draft.faults.push(Fault::new(FaultKind::Sheet, "轮岗政策", message));
        }
    }
    draft.stores.policies.save(row);
    id
}

/// Why nothing of the count changes any more.
fn closed(round: &rotation_round::Model) -> Bilingual {
    let (mend_zh, mend_en) = mend(round.state, RoundState::Counting);
    Bilingual::new(
        format!("“{}”已到“{}”，摸底的依据和结果不再改动；{mend_zh}", round.name, round.state.zh()),
        format!("{:?} has left the count, which stands: {mend_en}", round.name),
    )
}

/// How what belongs to an earlier step can still be changed.
pub(super) fn mend(state: RoundState, step: RoundState) -> (String, String) {
    if state >= RoundState::Dispatching {
        let zh = "已经派遣，不能退回，请在下一批次办理（tongpan rotation open 新建）";
        let en = "people are dispatched and there is no way back, so leave it to the next round (`tongpan rotation open`)";
        return (zh.to_owned(), en.to_owned());
    }
    (format!("确需更改，请先退回到“{}”", step.zh()), format!("go back to the step of {} first", step.en()))
}

/// A subject of a stage at a school.
type Place = (Uuid, Stage, Uuid);

/// Takes the sheet 学科余缺. What is needed is the office's to say; who is there, the roster says.
pub fn staffing(draft: &mut Draft, table: &Table) {
    if table.is_empty() {
        return;
    }
    let Some((round, opened)) = round_for(draft, table, &[]) else { return };
    if let Some(opened) = opened {
        keep(draft, table, opened);
    }
    let there = there(draft, &round);
    let of_round = draft.stores.staffing.copies(|row| row.round_id == round.id);
    let stored: HashMap<Place, staffing::Model> =
        of_round.into_iter().map(|row| ((row.school_id, row.stage, row.subject_id), row)).collect();
    let mut listed = Vec::new();
    let mut otherwise = Vec::new();
    draft.rows(table, None, |draft, row| {
        let place = place(draft, row)?;
        listed.push(place);
        let before = stored.get(&place).cloned();
        need(
            draft,
            table,
            row,
            (&round, place, before),
            there.get(&place).copied().unwrap_or(0),
            &mut otherwise,
        )
    });
    if !otherwise.is_empty() && round.state == RoundState::Counting {
        differs(draft, table, &otherwise);
    }
    let given = stored
        .iter()
        .filter(|(place, row)| row.source == StaffingSource::Imported && !listed.contains(place));
    let mut missing: Vec<String> = given.map(|(place, _)| place_name(draft, *place)).collect();
    missing.sort();
    draft.missing(table.sheet.name, missing);
}

fn place(draft: &mut Draft, row: Row<'_>) -> Option<Place> {
    let school = draft.school(row, "学校");
    let subject = draft.subject(row, "学科");
    let stage = draft.take(row.require("学段", words::stage))?;
    let (school, subject) = (school?, subject?);
    teaches(draft, row, "学段", school, stage)?;
    Some((school, stage, subject))
}

fn place_name(draft: &Draft, (school, stage, subject): Place) -> String {
    format!("{}{}{}", draft.school_name(school), stage.zh(), draft.subject_name(subject))
}

/// Teachers by place on the first day of service, as the roster will have them.
fn there(draft: &Draft, round: &rotation_round::Model) -> HashMap<Place, u32> {
    let day = round.starts_on;
    let mut postings: HashMap<Uuid, Vec<posting::Model>> = HashMap::new();
    for row in draft.stores.postings.iter() {
        postings.entry(row.teacher_id).or_default().push(row.clone());
    }
    let mut posts: HashMap<Uuid, &appointment::Model> = HashMap::new();
    for row in draft.stores.appointments.iter().filter(|row| holds(row.from_on, row.until_on, day)) {
        let latest = posts.entry(row.teacher_id).or_insert(row);
        if row.from_on > latest.from_on {
            *latest = row;
        }
    }
    let serves = |teacher: &Uuid| {
        draft.stores.teachers.get(*teacher).is_some_and(|person| person.left_on.is_none_or(|left| left > day))
    };
    let serving = posts.into_iter().filter(|(teacher, _)| serves(teacher));
    let where_at = serving
        .map(|(teacher, post)| (post, postings.get(&teacher).and_then(|postings| full_time(postings, day))));
    present(where_at)
}

fn need(
    draft: &mut Draft,
    table: &Table,
    row: Row<'_>,
    (round, place, before): (&rotation_round::Model, Place, Option<staffing::Model>),
    there: u32,
    otherwise: &mut Vec<String>,
) -> Option<Outcome> {
    let counted = draft.take(row.require("现有人数", fields::whole))?;
    if counted != i64::from(there) {
        otherwise.push(format!("{}（表{counted}，名册{there}）", place_name(draft, place)));
    }
    let created = before.is_none();
    let (school_id, stage, subject_id) = place;
    let mut new = before.clone().unwrap_or_else(|| staffing::Model {
        id: id::new(),
        district_id: draft.district_id,
        round_id: round.id,
        school_id,
        stage,
        subject_id,
        needed: 0,
        present: i32::try_from(there).unwrap_or(i32::MAX),
        source: StaffingSource::Imported,
        note: None,
        version: 1,
    });
    let corrected = new.source == StaffingSource::Corrected;
    let mut edit = Edit::new(table, row);
    let needed = fields::whole_in(0, 1_000);
    edit.required("核定需求", &mut new.needed, |cell| needed(cell).map(|number| number as i32));
    let changes = draft.accept(edit)?;
    let what = place_name(draft, place);
    if corrected && !changes.is_empty() {
        let message = Bilingual::new(
            format!("{what}的需求已由办公室更正为{}，以更正为准", before.map_or(0, |row| row.needed)),
            format!("{what} was corrected by the office, which counts"),
        );
        draft.notice(table.sheet.name, message);
        return Some(Outcome::Unchanged);
    }
    // An office that gives the computed number has given it.
    let taken = !corrected && new.source != StaffingSource::Imported;
    if taken {
        new.source = StaffingSource::Imported;
    }
    if (created || taken || !changes.is_empty()) && round.state != RoundState::Counting {
        draft.fault(row, FaultKind::Value, "核定需求", closed(round));
        return None;
    }
    draft.stores.staffing.save(new);
    Some(draft.settle(row, &what, created, changes))
}

fn differs(draft: &mut Draft, table: &Table, otherwise: &[String]) {
    let count = otherwise.len();
    let listed = otherwise.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("、");
    let more = if count > 5 { "等" } else { "" };
    let message = Bilingual::new(
        format!("现有人数有{count}处与名册不同，以名册为准：{listed}{more}；要按表中的数，请更正并写明理由"),
        format!("{count} numbers of teachers differ from the roster, which counts: {listed}"),
    );
    draft.notice(table.sheet.name, message);
}
