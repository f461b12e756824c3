//! 集团, 集团负责人, 责任督学: groups with their members, who coordinates and who inspects them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::prelude::Uuid;

use super::draft::{Draft, eve, lasts};
use super::edit::{Edit, Shown};
use super::lookup::Thing;
use super::people;
use super::report::Outcome;
use super::words;
use crate::entity::values::{GroupKind, MembershipRole};
use crate::entity::{coordinator, education_group, inspector, membership};
use crate::id;
use crate::transfer::fault::{Bilingual, FaultKind};
use crate::transfer::fields;
use crate::transfer::table::{Row, Table};

/// Takes the sheet 集团.
pub fn groups(draft: &mut Draft, table: &Table) {
    let mut listed = HashSet::new();
    // The kind each group has in this sheet, and the row that said so first.
    let mut kinds: HashMap<String, (GroupKind, u32)> = HashMap::new();
    draft.rows(table, Some((Thing::Group, "集团名称")), |draft, row| {
        let pair = (row.cell("集团名称").text().into_owned(), row.cell("学校名称").text().into_owned());
        listed.insert(pair);
        member(draft, table, row, &mut kinds)
    });
    let missing =
        draft.stores.memberships.iter().filter(|member| member.left_on.is_none()).filter_map(|member| {
            let pair = (
                draft.group_name(member.group_id).to_owned(),
                draft.school_name(member.school_id).to_owned(),
            );
            (!listed.contains(&pair)).then(|| format!("{}（{}）", pair.1, pair.0))
        });
    let missing = missing.collect();
    draft.missing(table.sheet.name, missing);
}

fn member(
    draft: &mut Draft,
    table: &Table,
    row: Row<'_>,
    kinds: &mut HashMap<String, (GroupKind, u32)>,
) -> Option<Outcome> {
    let name = draft.take(row.require("集团名称", fields::name))?;
    let school_id = draft.school(row, "学校名称");
    let role = draft.take(row.require("角色", words::role))?;
    let kind = draft.take(row.read("类型", words::group_kind))?;
    let school_id = school_id?;
    one_kind(draft, row, kinds, &name, kind)?;

    let stored = draft.lookup.groups.get(&name).and_then(|id| draft.stores.groups.get(*id)).cloned();
    let new_group = stored.is_none();
    let mut group = stored.unwrap_or_else(|| education_group::Model {
        id: id::new(),
        district_id: draft.district_id,
        name: name.clone(),
        kind: words::kind_of_name(&name),
        agreement_ends_on: None,
        version: 1,
    });
    let mut edit = Edit::new(table, row);
    if let Some(kind) = kind {
        edit.set("类型", &mut group.kind, kind);
    }
    let joined = edit.read("加入日期", fields::month).flatten();
    draft.sound(&mut edit)?;
    let created = join(draft, &mut edit, group.id, school_id, role, joined);
    let changes = draft.accept(edit)?;
    draft.lookup.groups.insert(name.clone(), group.id);
    draft.stores.groups.save(group);
    let what = format!("{name} {}", draft.school_name(school_id));
    Some(draft.settle(row, &what, created || new_group, changes))
}

/// All rows of a group must agree on its kind.
fn one_kind(
    draft: &mut Draft,
    row: Row<'_>,
    kinds: &mut HashMap<String, (GroupKind, u32)>,
    name: &str,
    kind: Option<GroupKind>,
) -> Option<()> {
    let Some(kind) = kind else { return Some(()) };
    let (first, at) = *kinds.entry(name.to_owned()).or_insert((kind, row.number()));
    if first == kind {
        return Some(());
    }
    let message = Bilingual::new(
        format!("与第{at}行不一致：同一集团在那里是“{}”，请统一", first.zh()),
        format!("row {at} gives the same group another kind ({}); make them agree", first.zh()),
    );
    draft.fault(row, FaultKind::Value, "类型", message);
    None
}

/// A school's place in a group: a new one, a corrected date, or a new role from a day on. True when it is new.
fn join(
    draft: &mut Draft,
    edit: &mut Edit<'_>,
    group_id: Uuid,
    school_id: Uuid,
    role: MembershipRole,
    joined: Option<NaiveDate>,
) -> bool {
    let past = draft.stores.memberships.copies(|m| m.group_id == group_id && m.school_id == school_id);
    let current = past.iter().find(|m| m.left_on.is_none()).cloned();
    let Some(mut member) = current else {
        let joined_on = joined.unwrap_or_else(|| draft.default_from());
        draft.stores.memberships.save(new_member(draft.district_id, group_id, school_id, role, joined_on));
        return true;
    };
    // A date before an earlier stay ended is that stay's.
    let joined = joined.filter(|day| past.iter().all(|m| m.left_on.is_none_or(|left| left <= *day)));
    if member.role == role {
        if let Some(joined) = joined {
            edit.set("加入日期", &mut member.joined_on, joined);
        }
        draft.stores.memberships.save(member);
        return false;
    }
    edit.note("角色", member.role.shown(), role.shown());
    let from = joined.filter(|day| *day > member.joined_on).unwrap_or_else(|| draft.since());
    if from <= member.joined_on {
        member.role = role;
        draft.stores.memberships.save(member);
        return false;
    }
    member.left_on = Some(from);
    draft.stores.memberships.save(member);
    draft.stores.memberships.save(new_member(draft.district_id, group_id, school_id, role, from));
    draft.sheet("集团").ended += 1;
    false
}

fn new_member(
    district_id: Uuid,
    group_id: Uuid,
    school_id: Uuid,
    role: MembershipRole,
    joined_on: NaiveDate,
) -> membership::Model {
    membership::Model {
        id: id::new(),
        district_id,
        group_id,
        school_id,
        role,
        joined_on,
        left_on: None,
        agreement_ends_on: None,
        version: 1,
    }
}

/// Takes the sheet 集团负责人.
pub fn coordinators(draft: &mut Draft, table: &Table) {
    // Who coordinates each group according to the sheet, and the groups of which a row has a fault.
    let mut listed: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    let mut unsure: HashSet<String> = HashSet::new();
    let mut ends: HashMap<Uuid, (NaiveDate, u32)> = HashMap::new();
    draft.rows(table, None, |draft, row| {
        let outcome = coordinator(draft, table, row, &mut listed, &mut ends);
        if outcome.is_none() {
            unsure.insert(row.cell("集团名称").text().into_owned());
        }
        outcome
    });
    unsure.extend(table.rows().filter_map(|row| {
        let bad = draft.faults.is_bad(table.sheet.name, row.number());
        bad.then(|| row.cell("集团名称").text().into_owned())
    }));
    let since = draft.since();
    let mut missing = Vec::new();
    for mut former in draft.stores.coordinators.copies(|row| lasts(row.until_on, since)) {
        let group = draft.group_name(former.group_id).to_owned();
        match listed.get(&former.group_id) {
            Some(people) if people.contains(&former.teacher_id) || unsure.contains(&group) => {}
            Some(_) if former.from_on >= since => draft.stores.coordinators.remove(former.id),
            Some(_) => {
                former.until_on = Some(eve(since));
                draft.stores.coordinators.save(former);
                draft.sheet(table.sheet.name).ended += 1;
            }
            None if unsure.contains(&group) => {}
            None => missing.push(format!("{group} {}", draft.person_name(former.teacher_id))),
        }
    }
    draft.missing(table.sheet.name, missing);
}

fn coordinator(
    draft: &mut Draft,
    table: &Table,
    row: Row<'_>,
    listed: &mut HashMap<Uuid, HashSet<Uuid>>,
    ends: &mut HashMap<Uuid, (NaiveDate, u32)>,
) -> Option<Outcome> {
    let group_id = draft.group(row, "集团名称");
    let teacher_id = draft.person(row, "教研负责人工号", Some("姓名"));
    let (group_id, teacher_id) = (group_id?, teacher_id?);
    let mut group = draft.stores.groups.get(group_id)?.clone();
    let mut edit = Edit::new(table, row);
    let agreement = edit.read("协议截止日期", fields::date);
    if let Some(Some(day)) = agreement {
        one_end(draft, row, ends, group_id, day)?;
    }
    if let Some(day) = agreement {
        edit.set("协议截止日期", &mut group.agreement_ends_on, day);
    }
    let email = edit.read("邮箱", fields::email).flatten();
    people::compare_email(draft, row, teacher_id, email);

    let since = draft.since();
    let current: Vec<coordinator::Model> =
        draft.stores.coordinators.copies(|row| row.group_id == group_id && lasts(row.until_on, since));
    let known = current.iter().any(|row| row.teacher_id == teacher_id);
    let changes = draft.accept(edit)?;
    listed.entry(group_id).or_default().insert(teacher_id);
    draft.stores.groups.save(group);
    if !known {
        // The first one leads from the start of the term, a successor from the day of the change.
        let from_on = if current.is_empty() { draft.default_from() } else { since };
        let (id, district_id) = (id::new(), draft.district_id);
        let new = coordinator::Model { id, district_id, group_id, teacher_id, from_on, until_on: None };
        draft.stores.coordinators.save(new);
    }
    let what = draft.group_name(group_id).to_owned();
    Some(draft.settle(row, &what, !known, changes))
}

/// A group has one agreement.
fn one_end(
    draft: &mut Draft,
    row: Row<'_>,
    ends: &mut HashMap<Uuid, (NaiveDate, u32)>,
    group_id: Uuid,
    day: NaiveDate,
) -> Option<()> {
    let (first, at) = *ends.entry(group_id).or_insert((day, row.number()));
    if first == day {
        return Some(());
    }
    let message = Bilingual::new(
        format!("与第{at}行不一致：同一集团在那里是 {first}，请统一"),
        format!("row {at} gives the same group another date ({first}); make them agree"),
    );
    draft.fault(row, FaultKind::Value, "协议截止日期", message);
    None
}

/// Takes the sheet 责任督学.
pub fn inspectors(draft: &mut Draft, table: &Table) {
    let mut listed = HashSet::new();
    draft.rows(table, Some((Thing::Person, "编号")), |draft, row| {
        listed.insert(row.cell("编号").text().into_owned());
        inspector(draft, table, row)
    });
    let since = draft.since();
    let missing = draft.stores.inspectors.iter().filter(|row| lasts(row.until_on, since)).filter_map(|row| {
        let person = draft.stores.teachers.get(row.teacher_id)?;
        (!listed.contains(&person.number)).then(|| person.name.clone())
    });
    let missing: HashSet<String> = missing.collect();
    draft.missing(table.sheet.name, missing.into_iter().collect());
}

fn inspector(draft: &mut Draft, table: &Table, row: Row<'_>) -> Option<Outcome> {
    let names = draft.take(row.require("责任集团", fields::list))?;
    let groups: Vec<Option<Uuid>> =
        names.iter().map(|name| draft.group_named(row, "责任集团", name)).collect();
    let mut groups = groups.into_iter().collect::<Option<Vec<Uuid>>>()?;
    groups.sort();
    let mut edit = Edit::new(table, row);
    let person = people::expert(draft, &mut edit, row, "编号")?;
    let (teacher_id, since) = (person.id, draft.since());
    let current =
        draft.stores.inspectors.copies(|row| row.teacher_id == teacher_id && lasts(row.until_on, since));
    let mut before: Vec<Uuid> = current.iter().map(|row| row.group_id).collect();
    before.sort();
    if before != groups {
        let shown = |ids: &[Uuid]| ids.iter().map(|id| draft.group_name(*id)).collect::<Vec<_>>().join("、");
        edit.note("责任集团", shown(&before), shown(&groups));
    }
    let changes = draft.accept(edit)?;
    let what = format!("{} {}", person.number, person.name);
    let created = people::save(draft, person);
    for mut former in current.iter().filter(|row| !groups.contains(&row.group_id)).cloned() {
        if former.from_on >= since {
            draft.stores.inspectors.remove(former.id);
            continue;
        }
        former.until_on = Some(eve(since));
        draft.stores.inspectors.save(former);
        draft.sheet(table.sheet.name).ended += 1;
    }
    let from_on = if current.is_empty() { draft.default_from() } else { since };
    for group_id in groups.into_iter().filter(|id| !before.contains(id)) {
        let (id, district_id) = (id::new(), draft.district_id);
        let new = inspector::Model { id, district_id, group_id, teacher_id, from_on, until_on: None };
        draft.stores.inspectors.save(new);
    }
    Some(draft.settle(row, &what, created || before.is_empty(), changes))
}
