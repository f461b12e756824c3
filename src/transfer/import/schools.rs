//! 学校: schools and their stages.

use std::collections::HashSet;

use sea_orm::prelude::Uuid;

use super::draft::Draft;
use super::edit::Edit;
use super::lookup::Thing;
use super::report::Outcome;
use super::words;
use crate::entity::values::{Locale, Stage};
use crate::entity::{school, school_stage};
use crate::id;
use crate::transfer::fault::{Bilingual, FaultKind};
use crate::transfer::fields;
use crate::transfer::table::{Cell, Row, Table};

/// Takes the sheet 学校.
pub fn schools(draft: &mut Draft, table: &Table) {
    let mut listed = HashSet::new();
    draft.rows(table, Some((Thing::School, "学校名称")), |draft, row| {
        listed.insert(row.cell("学校编码").text().into_owned());
        school(draft, table, row)
    });
    let running = draft.stores.schools.iter().filter(|school| school.closed_on.is_none());
    let missing =
        running.filter(|school| !listed.contains(&school.code)).map(|school| school.name.clone()).collect();
    draft.missing(table.sheet.name, missing);
}

fn school(draft: &mut Draft, table: &Table, row: Row<'_>) -> Option<Outcome> {
    let code = draft.take(row.require("学校编码", fields::name))?;
    let stored = draft.stores.schools.iter().find(|school| school.code == code).cloned();
    let created = stored.is_none();
    let mut school = stored.unwrap_or_else(|| blank(draft.district_id, &code));
    let old_name = school.name.clone();

    let mut edit = Edit::new(table, row);
    edit.required("学校名称", &mut school.name, fields::name);
    let stages = edit.read("办学类型", words::stages).flatten().unwrap_or_default();
    edit.optional("经度", &mut school.longitude, fields::decimal);
    edit.optional("纬度", &mut school.latitude, fields::decimal);
    edit.optional("班级数", &mut school.classes, small);
    edit.optional("学生数", &mut school.students, small);
    edit.optional("备注", &mut school.note, fields::prose);
    match edit.read("城乡", words::locale).flatten() {
        Some(locale) => edit.set("城乡", &mut school.locale, locale),
        None if created => edit.refuse(row.fault(FaultKind::Required, "城乡", locale_missing())),
        None => {}
    }
    note_stages(draft, &mut edit, school.id, &stages);
    let changes = draft.accept(edit)?;

    name_is_free(draft, row, &school)?;
    draft.lookup.schools.remove(&old_name);
    draft.lookup.schools.insert(school.name.clone(), school.id);
    set_stages(draft, school.id, &stages);
    let what = format!("{code} {}", school.name);
    draft.stores.schools.save(school);
    Some(draft.settle(row, &what, created, changes))
}

fn blank(district_id: Uuid, code: &str) -> school::Model {
    school::Model {
        id: id::new(),
        district_id,
        code: code.to_owned(),
        name: String::new(),
        locale: Locale::Town,
        longitude: None,
        latitude: None,
        classes: None,
        students: None,
        note: None,
        closed_on: None,
        merged_into_id: None,
        version: 1,
    }
}

fn small(cell: &Cell) -> fields::Parsed<i32> {
    fields::whole_in(0, i64::from(i32::MAX))(cell).map(|number| number as i32)
}

fn locale_missing() -> Bilingual {
    Bilingual::new("请填写城区、镇区或乡村", "write 城区, 镇区 or 乡村")
}

/// A name belongs to one code for ever.
fn name_is_free(draft: &mut Draft, row: Row<'_>, school: &school::Model) -> Option<()> {
    let other = draft.stores.schools.iter().find(|other| other.name == school.name && other.id != school.id);
    let Some(code) = other.map(|other| other.code.clone()) else { return Some(()) };
    let message = Bilingual::new(
        format!("这所学校的编码是 {code}；改名不改编码，请核对编码和名称"),
        format!("this school has the code {code}, which it keeps; check code and name"),
    );
    draft.fault(row, FaultKind::Duplicate, "学校名称", message);
    None
}

fn stages_of(draft: &Draft, school_id: Uuid) -> Vec<Stage> {
    let mut stages: Vec<Stage> = draft
        .stores
        .stages
        .iter()
        .filter(|stage| stage.school_id == school_id)
        .map(|stage| stage.stage)
        .collect();
    stages.sort();
    stages
}

fn note_stages(draft: &Draft, edit: &mut Edit<'_>, school_id: Uuid, stages: &[Stage]) {
    let before = stages_of(draft, school_id);
    if before != stages {
        let shown = |stages: &[Stage]| stages.iter().map(|stage| stage.zh()).collect::<Vec<_>>().join("、");
        edit.note("办学类型", shown(&before), shown(stages));
    }
}

fn set_stages(draft: &mut Draft, school_id: Uuid, stages: &[Stage]) {
    for old in draft.stores.stages.copies(|old| old.school_id == school_id && !stages.contains(&old.stage)) {
        draft.stores.stages.remove(old.id);
    }
    let present = stages_of(draft, school_id);
    for stage in stages.iter().copied().filter(|stage| !present.contains(stage)) {
        let row = school_stage::Model { id: id::new(), district_id: draft.district_id, school_id, stage };
        draft.stores.stages.save(row);
    }
}

/// Whether a school teaches a stage; otherwise a fault.
pub fn teaches(draft: &mut Draft, row: Row<'_>, heading: &str, school_id: Uuid, stage: Stage) -> Option<()> {
    let stages = stages_of(draft, school_id);
    if stages.contains(&stage) {
        return Some(());
    }
    let listed = stages.iter().map(|stage| stage.zh()).collect::<Vec<_>>().join("、");
    let (name, stage) = (draft.school_name(school_id).to_owned(), stage.zh());
    let message = Bilingual::new(
        format!("“{name}”没有{stage}（学校表中是{listed}），请改正这里，或改“学校”表的办学类型"),
        format!(
            "{name} has no stage {stage} (it has {listed}); correct this, or its 办学类型 in the sheet 学校"
        ),
    );
    draft.fault(row, FaultKind::Value, heading, message);
    None
}
