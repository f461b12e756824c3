//! 教研员, 名师工作室, 走教: researchers, studios, and teachers on the road.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::Weekday;
use sea_orm::prelude::Uuid;

use super::draft::{Draft, eve, lasts};
use super::edit::{Edit, Shown};
use super::lookup::Thing;
use super::people;
use super::report::Outcome;
use super::words;
use crate::entity::values::{PlacementForm, Stage, TeamKind, TeamRole};
use crate::entity::{posting, researcher, team, team_member, term};
use crate::id;
use crate::transfer::fault::{Bilingual, FaultKind};
use crate::transfer::fields;
use crate::transfer::table::{Row, Table};

/// Takes the sheet 教研员.
pub fn researchers(draft: &mut Draft, table: &Table) {
    draft.rows(table, Some((Thing::Person, "工号")), |draft, row| researcher(draft, table, row));
    let listed: HashSet<String> = table.rows().map(|row| row.cell("工号").text().into_owned()).collect();
    let since = draft.since();
    let missing =
        draft.stores.researchers.iter().filter(|row| lasts(row.until_on, since)).filter_map(|row| {
            let person = draft.stores.teachers.get(row.teacher_id)?;
            (!listed.contains(&person.number)).then(|| format!("{} {}", person.number, person.name))
        });
    let missing = missing.collect();
    draft.missing(table.sheet.name, missing);
}

fn researcher(draft: &mut Draft, table: &Table, row: Row<'_>) -> Option<Outcome> {
    let group_id = attached_group(draft, row);
    let base_school_id = draft.optional(row, "驻地学校", Draft::school);
    let (group_id, base_school_id) = (group_id?, base_school_id?);
    let mut edit = Edit::new(table, row);
    let person = people::expert(draft, &mut edit, row, "工号")?;
    let since = draft.since();
    let mut current =
        draft.stores.researchers.copies(|old| old.teacher_id == person.id && lasts(old.until_on, since));
    let stored = current.pop();
    let known = stored.is_some();
    let before = stored.clone();
    let mut researcher = stored.unwrap_or_else(|| researcher::Model {
        id: id::new(),
        district_id: draft.district_id,
        teacher_id: person.id,
        subject_area: String::new(),
        stage: Stage::Primary,
        full_time: true,
        base_school_id: None,
        group_id: None,
        from_on: draft.default_from(),
        until_on: None,
        version: 1,
    });
    edit.required("学科", &mut researcher.subject_area, fields::name);
    edit.required("学段", &mut researcher.stage, words::stage);
    if let Some(Some(full_time)) = edit.read("专兼职", words::full_time) {
        edit.set("专兼职", &mut researcher.full_time, full_time);
    }
    if table.has("驻地学校") && researcher.base_school_id != base_school_id {
        let name = |id: Option<Uuid>| id.map(|id| draft.school_name(id).to_owned()).unwrap_or_default();
        edit.note("驻地学校", name(researcher.base_school_id), name(base_school_id));
        researcher.base_school_id = base_school_id;
    }
    if table.has("包连集团") && researcher.group_id != group_id {
        let name = |id: Option<Uuid>| id.map(|id| draft.group_name(id).to_owned()).unwrap_or_default();
        edit.note("包连集团", name(researcher.group_id), name(group_id));
        researcher.group_id = group_id;
    }
    let changes = draft.accept(edit)?;
    let what = format!("{} {}", person.number, person.name);
    let created = people::save(draft, person);
    keep_researcher(draft, before, researcher);
    Some(draft.settle(row, &what, created || !known, changes))
}

/// Another group is another attachment, from a day on; the rest is corrected in place.
fn keep_researcher(draft: &mut Draft, before: Option<researcher::Model>, mut researcher: researcher::Model) {
    let since = draft.since();
    let moved = before.filter(|before| before.group_id != researcher.group_id && before.from_on < since);
    if let Some(mut before) = moved {
        researcher = researcher::Model { id: id::new(), from_on: since, version: 1, ..researcher };
        before.until_on = Some(eve(since));
        draft.stores.researchers.save(before);
        draft.sheet("教研员").ended += 1;
    }
    draft.stores.researchers.save(researcher);
}

/// The one group she is attached to.
fn attached_group(draft: &mut Draft, row: Row<'_>) -> Option<Option<Uuid>> {
    let names = draft.take(row.read("包连集团", fields::list))?.unwrap_or_default();
    match names.as_slice() {
        [] => Some(None),
        [name] => draft.group_named(row, "包连集团", name).map(Some),
        _ => {
            let message = Bilingual::new(
                "每位教研员只包连一个集团，请只写一个",
                "a researcher is attached to one group; write only one",
            );
            draft.fault(row, FaultKind::Value, "包连集团", message);
            None
        }
    }
}

/// Takes the sheet 名师工作室.
pub fn studios(draft: &mut Draft, table: &Table) {
    // The first row of each studio says its subject and stage.
    let mut seen: HashMap<String, (Option<Uuid>, Option<Stage>, u32)> = HashMap::new();
    draft.rows(table, None, |draft, row| studio_member(draft, table, row, &mut seen));
    let text = |row: Row<'_>, heading: &str| row.cell(heading).text().into_owned();
    let listed: HashSet<(String, String)> =
        table.rows().map(|row| (text(row, "工作室"), text(row, "工号"))).collect();
    let since = draft.since();
    let members = draft.stores.team_members.iter().filter(|member| lasts(member.until_on, since));
    let missing = members.filter_map(|member| {
        let team = draft.stores.teams.get(member.team_id).filter(|team| team.kind == TeamKind::Studio)?;
        let person = draft.stores.teachers.get(member.teacher_id)?;
        let pair = (team.name.clone(), person.number.clone());
        (!listed.contains(&pair)).then(|| format!("{} {}", pair.0, person.name))
    });
    let missing = missing.collect();
    draft.missing(table.sheet.name, missing);
}

fn studio_member(
    draft: &mut Draft,
    table: &Table,
    row: Row<'_>,
    seen: &mut HashMap<String, (Option<Uuid>, Option<Stage>, u32)>,
) -> Option<Outcome> {
    let name = draft.take(row.require("工作室", fields::name))?;
    let teacher_id = draft.person(row, "工号", Some("姓名"));
    let subject_id = draft.optional(row, "学科", Draft::subject);
    let stage = draft.take(row.read("学段", words::stage))?;
    let role = draft.take(row.require("角色", words::team_role))?;
    let (teacher_id, subject_id) = (teacher_id?, subject_id?);
    let first = *seen.entry(name.clone()).or_insert((subject_id, stage, row.number()));
    if (first.0, first.1) != (subject_id, stage) {
        let at = first.2;
        let message = Bilingual::new(
            format!("与第{at}行不一致：同一工作室的学科、学段应相同，请统一"),
            format!("row {at} gives the same studio another subject or stage; make them agree"),
        );
        draft.fault(row, FaultKind::Value, "工作室", message);
        return None;
    }
    let stored = draft.stores.teams.iter().find(|team| team.name == name).cloned();
    let new_team = stored.is_none();
    let mut team = stored.unwrap_or_else(|| team::Model {
        id: id::new(),
        district_id: draft.district_id,
        name: name.clone(),
        kind: TeamKind::Studio,
        subject_id: None,
        stage: None,
        version: 1,
    });
    let mut edit = Edit::new(table, row);
    if table.has("学科") && team.subject_id != subject_id {
        let name = |id: Option<Uuid>| id.map(|id| draft.subject_name(id).to_owned()).unwrap_or_default();
        edit.note("学科", name(team.subject_id), name(subject_id));
        team.subject_id = subject_id;
    }
    edit.optional("学段", &mut team.stage, words::stage);
    draft.sound(&mut edit)?;
    let joined = join_team(draft, &mut edit, team.id, teacher_id, role);
    let changes = draft.accept(edit)?;
    draft.stores.teams.save(team);
    let what = format!("{name} {}", draft.person_name(teacher_id));
    Some(draft.settle(row, &what, joined || new_team, changes))
}

/// Her part in a team; another role counts from a day on. True when she is new there.
fn join_team(
    draft: &mut Draft,
    edit: &mut Edit<'_>,
    team_id: Uuid,
    teacher_id: Uuid,
    role: TeamRole,
) -> bool {
    let since = draft.since();
    let new = |draft: &Draft, from_on| {
        let (id, district_id) = (id::new(), draft.district_id);
        team_member::Model { id, district_id, team_id, teacher_id, role, from_on, until_on: None }
    };
    let members = &draft.stores.team_members;
    let mut current =
        members.copies(|m| m.team_id == team_id && m.teacher_id == teacher_id && lasts(m.until_on, since));
    let Some(mut member) = current.pop() else {
        let member = new(draft, draft.default_from());
        draft.stores.team_members.save(member);
        return true;
    };
    if member.role == role {
        return false;
    }
    edit.note("角色", member.role.shown(), role.shown());
    if member.from_on >= since {
        member.role = role;
        draft.stores.team_members.save(member);
        return false;
    }
    member.until_on = Some(eve(since));
    draft.stores.team_members.save(member);
    let member = new(draft, since);
    draft.stores.team_members.save(member);
    draft.sheet("名师工作室").ended += 1;
    false
}

/// A row of 走教 that holds.
struct Visit<'t> {
    row: Row<'t>,
    teacher_id: Uuid,
    school_id: Uuid,
    days: Vec<Weekday>,
}

/// Takes the sheet 走教.
pub fn itinerants(draft: &mut Draft, table: &Table) {
    let Some(term) = draft.term_for(table) else { return };
    let mut visits: Vec<Visit<'_>> = Vec::new();
    // Rows are counted below, when all days of a teacher at a school are known.
    for row in table.rows() {
        if draft.faults.is_bad(table.sheet.name, row.number()) {
            continue;
        }
        if let Some(visit) = visit(draft, row, &visits) {
            visits.push(visit);
        }
    }
    let mut days: HashMap<(Uuid, Uuid), BTreeSet<u32>> = HashMap::new();
    for visit in &visits {
        let pair = (visit.teacher_id, visit.school_id);
        days.entry(pair).or_default().extend(visit.days.iter().map(|day| day.number_from_monday()));
    }
    let mut settled = HashMap::new();
    for Visit { row, teacher_id, school_id, .. } in visits {
        let pair = (teacher_id, school_id);
        let outcome = *settled.entry(pair).or_insert_with(|| {
            let days: String = days[&pair].iter().map(ToString::to_string).collect();
            post(draft, table, row, &term, pair, &days)
        });
        draft.sheet(table.sheet.name).count(outcome);
    }
    let stored = draft.stores.postings.iter().filter(|row| in_term(row, &term));
    let missing = stored.filter(|row| !days.contains_key(&(row.teacher_id, row.school_id)));
    let missing = missing
        .map(|row| format!("{}（{}）", draft.person_name(row.teacher_id), draft.school_name(row.school_id)));
    let missing = missing.collect();
    draft.missing(table.sheet.name, missing);
}

fn visit<'t>(draft: &mut Draft, row: Row<'t>, visits: &[Visit<'t>]) -> Option<Visit<'t>> {
    let teacher_id = draft.person(row, "工号", Some("姓名"));
    let school_id = draft.school(row, "走教学校");
    let home = draft.optional(row, "编制学校", Draft::school);
    let days = draft.take(row.require("星期", fields::weekdays))?;
    let (teacher_id, school_id, home) = (teacher_id?, school_id?, home?);
    let today = draft.since();
    let posts = draft.stores.appointments.iter().filter(|post| post.teacher_id == teacher_id);
    let post = posts.filter(|post| lasts(post.until_on, today)).max_by_key(|post| post.from_on);
    let at = post.map(|post| post.school_id);
    if at.is_some() && home.is_some() && at != home {
        let at = at.map(|id| draft.school_name(id).to_owned()).unwrap_or_default();
        let message = Bilingual::new(
            format!("该教师的编制在“{at}”，请核对工号和编制学校"),
            format!("her post is at {at}; check the number and the school"),
        );
        draft.fault(row, FaultKind::Value, "编制学校", message);
        return None;
    }
    if at == Some(school_id) {
        let message = Bilingual::new(
            "这就是该教师的编制学校，走教应在另一所学校，请改正",
            "this is her own school; itinerant days are at another: correct it",
        );
        draft.fault(row, FaultKind::Value, "走教学校", message);
        return None;
    }
    let other = visits.iter().find(|other| {
        let meets = other.days.iter().any(|day| days.contains(day));
        meets && other.teacher_id == teacher_id && other.school_id != school_id
    });
    if let Some(other) = other {
        let first = other.row.number();
        let message = Bilingual::new(
            format!("与第{first}行冲突：同一天该教师已在另一所学校走教，请改正其中一行"),
            format!(
                "clashes with row {first}: she is at another school on that day; correct one of the rows"
            ),
        );
        draft.fault(row, FaultKind::Clash, "星期", message);
        return None;
    }
    Some(Visit { row, teacher_id, school_id, days })
}

fn in_term(posting: &posting::Model, term: &term::Model) -> bool {
    let form = posting.form == PlacementForm::Itinerant;
    form && posting.from_on <= term.ends_on && lasts(posting.until_on, term.starts_on)
}

/// Her days at a school in the term; other days count from the day the timetable does.
fn post(
    draft: &mut Draft,
    table: &Table,
    row: Row<'_>,
    term: &term::Model,
    (teacher_id, school_id): (Uuid, Uuid),
    days: &str,
) -> Outcome {
    let from = draft.timetable_from().max(term.starts_on);
    let new = |draft: &Draft, from_on| posting::Model {
        id: id::new(),
        district_id: draft.district_id,
        teacher_id,
        school_id,
        form: PlacementForm::Itinerant,
        weekdays: Some(days.to_owned()),
        home_post_kept: true,
        duty: None,
        placement_id: None,
        from_on,
        until_on: Some(term.ends_on),
        note: None,
        version: 1,
    };
    let what = format!("{}（{}）", draft.person_name(teacher_id), draft.school_name(school_id));
    let pair = |row: &posting::Model| row.teacher_id == teacher_id && row.school_id == school_id;
    let stored =
        draft.stores.postings.copies(|row| pair(row) && in_term(row, term) && lasts(row.until_on, from));
    let Some(mut posting) = stored.into_iter().max_by_key(|row| row.from_on) else {
        let posting = new(draft, from);
        draft.stores.postings.save(posting);
        return Outcome::Created;
    };
    let mut edit = Edit::new(table, row);
    let before = posting.clone();
    edit.set("星期", &mut posting.weekdays, Some(days.to_owned()));
    let changes = edit.changes();
    if before.from_on < from && posting != before {
        draft.stores.postings.save(posting::Model { until_on: Some(eve(from)), ..before });
        let posting = new(draft, from);
        draft.stores.postings.save(posting);
        draft.sheet(table.sheet.name).ended += 1;
    } else {
        draft.stores.postings.save(posting);
    }
    draft.settle(row, &what, false, changes)
}
