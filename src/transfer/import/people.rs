//! 教师: teachers, their posts, honours and duties; and what every sheet of people shares.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::prelude::Uuid;

use super::draft::{Draft, eve, lasts};
use super::edit::{Edit, Shown};
use super::lookup::Thing;
use super::report::Outcome;
use super::schools::teaches;
use super::words;
use crate::entity::values::{DutyKind, HonourLevel, Stage};
use crate::entity::{appointment, duty, honour, teacher};
use crate::id;
use crate::transfer::fault::{Bilingual, FaultKind};
use crate::transfer::fields;
use crate::transfer::table::{Row, Table};

/// Identifiers of what is stored about each teacher.
struct Index {
    appointments: HashMap<Uuid, Vec<Uuid>>,
    honours: HashMap<Uuid, Vec<Uuid>>,
    duties: HashMap<Uuid, Vec<Uuid>>,
}

/// The post a row gives.
struct Post {
    teacher_id: Uuid,
    school_id: Uuid,
    stage: Stage,
    subject_id: Uuid,
    arrived: Option<NaiveDate>,
}

/// Takes the sheet 教师.
pub fn teachers(draft: &mut Draft, table: &Table) {
    let index = Index {
        appointments: draft.stores.appointments.by(|row| row.teacher_id),
        honours: draft.stores.honours.by(|row| row.teacher_id),
        duties: draft.stores.duties.by(|row| row.teacher_id),
    };
    let mut listed = HashSet::new();
    draft.rows(table, Some((Thing::Person, "工号")), |draft, row| teacher(draft, table, row, &index));
    listed.extend(table.rows().map(|row| row.cell("工号").text().into_owned()));
    let posted: HashSet<Uuid> = draft
        .stores
        .appointments
        .iter()
        .filter(|post| lasts(post.until_on, draft.today))
        .map(|post| post.teacher_id)
        .collect();
    let on_roster =
        draft.stores.teachers.iter().filter(|person| person.left_on.is_none() && posted.contains(&person.id));
    let missing = on_roster.filter(|person| !listed.contains(&person.number));
    let missing = missing.map(|person| format!("{} {}", person.number, person.name)).collect();
    draft.missing(table.sheet.name, missing);
}

fn teacher(draft: &mut Draft, table: &Table, row: Row<'_>, index: &Index) -> Option<Outcome> {
    let number = draft.take(row.require("工号", fields::name))?;
    let school_id = draft.school(row, "学校");
    let subject_id = draft.subject(row, "任教学科");
    let stage = draft.take(row.require("任教学段", words::stage))?;
    let (school_id, subject_id) = (school_id?, subject_id?);
    teaches(draft, row, "任教学段", school_id, stage)?;

    let mut person = stored_or_blank(draft, &number);
    let mut edit = Edit::new(table, row);
    edit.required("姓名", &mut person.name, fields::name);
    edit.optional("性别", &mut person.sex, words::sex);
    edit.optional("出生年月", &mut person.born_on, fields::month);
    edit.optional("居住地", &mut person.residence, fields::name);
    edit.optional("邮箱", &mut person.email, fields::email);
    edit.optional("备注", &mut person.note, fields::prose);
    if let Some(title) = edit.read("职称", words::title) {
        edit.set("职称", &mut person.title, title.flatten());
    }
    person.left_on = None;
    let arrived = edit.read("到校时间", fields::month).flatten();
    let honours = edit.read("荣誉称号", words::honours).flatten().unwrap_or_default();
    let duties = edit.read("职务", words::duties).map(Option::unwrap_or_default);

    draft.sound(&mut edit)?;
    let post = Post { teacher_id: person.id, school_id, stage, subject_id, arrived };
    appoint(draft, &mut edit, row, &post, index)?;
    let honours = new_honours(draft, &mut edit, person.id, honours, index);
    let duties = duties.map(|(kinds, others)| {
        notice_duties(draft, table, &others);
        change_duties(draft, &mut edit, &post, &kinds, index)
    });
    let changes = draft.accept(edit)?;

    for honour in honours {
        draft.stores.honours.save(honour);
    }
    if let Some(Duties { saved, removed }) = duties {
        for duty in saved {
            draft.stores.duties.save(duty);
        }
        for id in removed {
            draft.stores.duties.remove(id);
        }
    }
    let what = format!("{number} {}", person.name);
    let created = save(draft, person);
    Some(draft.settle(row, &what, created, changes))
}

/// Her post: a first one, a corrected one, or one at another school from the day she came there.
fn appoint(draft: &mut Draft, edit: &mut Edit<'_>, row: Row<'_>, post: &Post, index: &Index) -> Option<()> {
    let past = draft.stores.appointments.of(&index.appointments, &post.teacher_id);
    let last = past.iter().max_by_key(|old| old.from_on).cloned();
    let Some(mut last) = last.filter(|last| last.until_on.is_none()) else {
        let from_on = post.arrived.unwrap_or_else(|| draft.default_from());
        after_the_past(draft, row, &past, from_on)?;
        draft.stores.appointments.save(new_post(draft.district_id, post, from_on));
        return Some(());
    };
    if last.school_id == post.school_id {
        if let Some(arrived) = post.arrived.filter(|day| *day != last.from_on) {
            let earlier: Vec<_> = past.into_iter().filter(|old| old.id != last.id).collect();
            after_the_past(draft, row, &earlier, arrived)?;
            edit.set("到校时间", &mut last.from_on, arrived);
        }
        edit.set("任教学段", &mut last.stage, post.stage);
        let subject = |id: Option<Uuid>| id.map(|id| draft.subject_name(id).to_owned()).unwrap_or_default();
        if last.subject_id != Some(post.subject_id) {
            edit.note("任教学科", subject(last.subject_id), subject(Some(post.subject_id)));
            last.subject_id = Some(post.subject_id);
        }
        draft.stores.appointments.save(last);
        return Some(());
    }
    let from_on = post.arrived.unwrap_or_else(|| draft.since());
    if from_on <= last.from_on {
        refuse_move(draft, row, &last, post.school_id);
        return None;
    }
    edit.note(
        "学校",
        draft.school_name(last.school_id).to_owned(),
        draft.school_name(post.school_id).to_owned(),
    );
    last.until_on = Some(eve(from_on));
    draft.stores.appointments.save(last);
    draft.stores.appointments.save(new_post(draft.district_id, post, from_on));
    draft.sheet("教师").ended += 1;
    Some(())
}

fn new_post(district_id: Uuid, post: &Post, from_on: NaiveDate) -> appointment::Model {
    appointment::Model {
        id: id::new(),
        district_id,
        teacher_id: post.teacher_id,
        school_id: post.school_id,
        stage: post.stage,
        subject_id: Some(post.subject_id),
        from_on,
        until_on: None,
    }
}

/// A post begins after every earlier one has ended.
fn after_the_past(
    draft: &mut Draft,
    row: Row<'_>,
    past: &[appointment::Model],
    from_on: NaiveDate,
) -> Option<()> {
    let Some(end) = past.iter().filter_map(|old| old.until_on).max().filter(|end| *end >= from_on) else {
        return Some(());
    };
    let message = Bilingual::new(
        format!("该教师在前一所学校任教到 {end}，到校时间应在其后，请核对"),
        format!("she taught at her former school until {end}; the date must be later: check it"),
    );
    draft.fault(row, FaultKind::Value, "到校时间", message);
    None
}

fn refuse_move(draft: &mut Draft, row: Row<'_>, last: &appointment::Model, to: Uuid) {
    let (from, to, since) = (draft.school_name(last.school_id), draft.school_name(to), last.from_on);
    let message = Bilingual::new(
        format!("学校由“{from}”改为“{to}”，到校时间却不晚于原来的 {since}，请填写到“{to}”的年月"),
        format!(
            "the school changes from {from} to {to}, but the date is not after {since}; write when she came to {to}"
        ),
    );
    draft.fault(row, FaultKind::Value, "到校时间", message);
}

/// Honours she did not have; one that the sheet no longer lists stays hers.
fn new_honours(
    draft: &Draft,
    edit: &mut Edit<'_>,
    teacher_id: Uuid,
    honours: Vec<(HonourLevel, String)>,
    index: &Index,
) -> Vec<honour::Model> {
    let stored = draft.stores.honours.of(&index.honours, &teacher_id);
    let names =
        |honours: &[honour::Model]| honours.iter().map(|h| h.name.clone()).collect::<Vec<_>>().join("、");
    let mut new = Vec::new();
    for (level, name) in honours {
        if stored.iter().any(|old| old.name == name) {
            continue;
        }
        let (id, district_id) = (id::new(), draft.district_id);
        new.push(honour::Model {
            id,
            district_id,
            teacher_id,
            level,
            name,
            awarded_on: None,
            expires_on: None,
        });
    }
    if !new.is_empty() {
        let after: Vec<_> = stored.iter().chain(&new).cloned().collect();
        edit.note("荣誉称号", names(&stored), names(&after));
    }
    new
}

/// What becomes of her duties.
#[derive(Default)]
struct Duties {
    saved: Vec<duty::Model>,
    removed: Vec<Uuid>,
}

/// Her duties at her school: those no longer named end, new ones begin. One that she holds elsewhere because she was sent there with it
/// is what the staff list of her own school still names, and stands.
fn change_duties(
    draft: &mut Draft,
    edit: &mut Edit<'_>,
    post: &Post,
    kinds: &[DutyKind],
    index: &Index,
) -> Duties {
    let since = draft.since();
    let stored = draft.stores.duties.of(&index.duties, &post.teacher_id);
    let current: Vec<_> = stored.into_iter().filter(|duty| lasts(duty.until_on, since)).collect();
    let postings = &draft.stores.postings;
    let sent_with = |duty: &duty::Model| {
        postings.iter().any(|posting| {
            (posting.teacher_id, posting.school_id, posting.duty, posting.from_on)
                == (duty.teacher_id, duty.school_id, Some(duty.kind), duty.from_on)
        })
    };
    let goes_on = |duty: &duty::Model| {
        duty.school_id == post.school_id && kinds.contains(&duty.kind) || sent_with(duty)
    };
    let begun: Vec<DutyKind> = kinds
        .iter()
        .copied()
        .filter(|kind| !current.iter().any(|duty| goes_on(duty) && duty.kind == *kind))
        .collect();
    let mut duties = Duties::default();
    let had: Vec<DutyKind> = current.iter().map(|duty| duty.kind).collect();
    let ending: Vec<duty::Model> = current.into_iter().filter(|duty| !goes_on(duty)).collect();
    for mut old in ending {
        if old.from_on >= since {
            duties.removed.push(old.id);
            continue;
        }
        old.until_on = Some(eve(since));
        duties.saved.push(old);
        draft.sheet("教师").ended += 1;
    }
    let is_new = draft.stores.teachers.get(post.teacher_id).is_none();
    let from_on = if is_new { post.arrived.unwrap_or_else(|| draft.default_from()) } else { since };
    for &kind in &begun {
        let (id, district_id, teacher_id, school_id) =
            (id::new(), draft.district_id, post.teacher_id, post.school_id);
        duties.saved.push(duty::Model {
            id,
            district_id,
            teacher_id,
            school_id,
            kind,
            from_on,
            until_on: None,
        });
    }
    if !begun.is_empty() || had.len() != kinds.len() {
        let shown = |kinds: &[DutyKind]| kinds.iter().map(|kind| kind.zh()).collect::<Vec<_>>().join("、");
        edit.note("职务", shown(&had), shown(kinds));
    }
    duties
}

fn notice_duties(draft: &mut Draft, table: &Table, others: &[String]) {
    for word in others {
        draft.notice(
            table.sheet.name,
            Bilingual::new(
                format!("职务“{word}”不在已知职务之列，未保存（教师本人照常导入）"),
                format!("the duty “{word}” is not known and is not stored (the teacher is)"),
            ),
        );
    }
}

/// The person with this number, or a new one.
fn stored_or_blank(draft: &Draft, number: &str) -> teacher::Model {
    let stored = draft.lookup.people.get(number).and_then(|id| draft.stores.teachers.get(*id)).cloned();
    stored.unwrap_or_else(|| teacher::Model {
        id: id::new(),
        district_id: draft.district_id,
        number: number.to_owned(),
        name: String::new(),
        sex: None,
        born_on: None,
        email: None,
        employer: draft.employer.clone(),
        title: None,
        residence: None,
        note: None,
        left_on: None,
        version: 1,
    })
}

/// Keeps a person; true when she is new.
pub fn save(draft: &mut Draft, person: teacher::Model) -> bool {
    let created = draft.stores.teachers.get(person.id).is_none();
    draft.lookup.people.insert(person.number.clone(), person.id);
    draft.stores.teachers.save(person);
    created
}

/// A 教研员 or 责任督学. Her name and address are this sheet's to say unless she is on the roster of teachers, whose
/// sheet says them.
pub fn expert(draft: &mut Draft, edit: &mut Edit<'_>, row: Row<'_>, heading: &str) -> Option<teacher::Model> {
    let number = draft.take(row.require(heading, fields::name))?;
    let mut person = stored_or_blank(draft, &number);
    if draft.stores.appointments.iter().any(|post| post.teacher_id == person.id) {
        draft.person(row, heading, Some("姓名"))?;
        let email = edit.read("邮箱", fields::email).flatten();
        compare_email(draft, row, person.id, email);
        return Some(person);
    }
    edit.required("姓名", &mut person.name, fields::name);
    edit.optional("邮箱", &mut person.email, fields::email);
    Some(person)
}

/// Notices an address that differs from the one her own sheet gives.
pub fn compare_email(draft: &mut Draft, row: Row<'_>, teacher_id: Uuid, email: Option<String>) {
    let stored = draft.stores.teachers.get(teacher_id).and_then(|person| person.email.clone());
    let Some(email) = email.filter(|email| Some(email) != stored.as_ref()) else { return };
    let (name, stored) = (draft.person_name(teacher_id).to_owned(), stored.shown());
    draft.notice(
        row.sheet().name,
        Bilingual::new(
            format!("{name}的邮箱 {email} 与“教师”表（{stored}）不同，以“教师”表为准"),
            format!("{name}'s address {email} differs from the sheet 教师 ({stored}), which counts"),
        ),
    );
}
