//! 场地, 路程: rooms, and the way between schools.

use std::collections::{HashMap, HashSet};

use sea_orm::prelude::Uuid;

use super::draft::Draft;
use super::edit::Edit;
use super::report::Outcome;
use super::words;
use crate::entity::values::Equipment;
use crate::entity::{room, travel_time};
use crate::id;
use crate::transfer::fault::Bilingual;
use crate::transfer::fields;
use crate::transfer::table::{Row, Table};

/// Takes the sheet 场地.
pub fn rooms(draft: &mut Draft, table: &Table) {
    draft.rows(table, None, |draft, row| room(draft, table, row));
    let text = |row: Row<'_>, heading: &str| row.cell(heading).text().into_owned();
    let listed: HashSet<(String, String)> =
        table.rows().map(|row| (text(row, "学校"), text(row, "场地"))).collect();
    let named = draft
        .stores
        .rooms
        .iter()
        .map(|room| (draft.school_name(room.school_id).to_owned(), room.name.clone()));
    let missing =
        named.filter(|pair| !listed.contains(pair)).map(|pair| format!("{}{}", pair.0, pair.1)).collect();
    draft.missing(table.sheet.name, missing);
}

fn room(draft: &mut Draft, table: &Table, row: Row<'_>) -> Option<Outcome> {
    let school_id = draft.school(row, "学校")?;
    let name = draft.take(row.require("场地", fields::name))?;
    let stored =
        draft.stores.rooms.iter().find(|room| room.school_id == school_id && room.name == name).cloned();
    let created = stored.is_none();
    let mut room = stored.unwrap_or_else(|| room::Model {
        id: id::new(),
        district_id: draft.district_id,
        school_id,
        name: name.clone(),
        capacity: 0,
        equipment: serde_json::Value::Array(Vec::new()),
        version: 1,
    });
    let mut edit = Edit::new(table, row);
    let capacity = fields::whole_in(1, 10_000);
    edit.required("容量", &mut room.capacity, |cell| capacity(cell).map(|number| number as i32));
    if let Some(equipment) = edit.read("设备", words::equipment) {
        let (kinds, others) = equipment.unwrap_or_default();
        notice_equipment(draft, table, &others);
        let new = serde_json::json!(kinds);
        if room.equipment != new {
            edit.note("设备", shown(&room.equipment), shown(&new));
            room.equipment = new;
        }
    }
    let changes = draft.accept(edit)?;
    let what = format!("{}{name}", draft.school_name(school_id));
    draft.stores.rooms.save(room);
    Some(draft.settle(row, &what, created, changes))
}

fn shown(equipment: &serde_json::Value) -> String {
    let kinds: Vec<Equipment> = serde_json::from_value(equipment.clone()).unwrap_or_default();
    kinds.iter().map(|kind| kind.zh()).collect::<Vec<_>>().join("、")
}

fn notice_equipment(draft: &mut Draft, table: &Table, others: &[String]) {
    for word in others {
        draft.notice(
            table.sheet.name,
            Bilingual::new(
                format!("设备“{word}”与教研排期无关，未保存（场地照常导入）"),
                format!("the equipment “{word}” plays no part in planning and is not stored (the room is)"),
            ),
        );
    }
}

/// Takes the sheet 路程. The way is the same both ways and stored once.
pub fn travel(draft: &mut Draft, table: &Table) {
    let pairs: HashMap<(Uuid, Uuid), Uuid> =
        draft.stores.travel.iter().map(|way| (pair(way.from_school_id, way.to_school_id), way.id)).collect();
    let mut listed = HashSet::new();
    draft.rows(table, None, |draft, row| way(draft, table, row, &pairs, &mut listed));
    let unlisted = draft
        .stores
        .travel
        .iter()
        .filter(|way| !listed.contains(&pair(way.from_school_id, way.to_school_id)));
    let name = |id: Uuid| draft.school_name(id).to_owned();
    let missing =
        unlisted.map(|way| format!("{}—{}", name(way.from_school_id), name(way.to_school_id))).collect();
    draft.missing(table.sheet.name, missing);
}

fn pair(one: Uuid, other: Uuid) -> (Uuid, Uuid) {
    (one.min(other), one.max(other))
}

fn way(
    draft: &mut Draft,
    table: &Table,
    row: Row<'_>,
    pairs: &HashMap<(Uuid, Uuid), Uuid>,
    listed: &mut HashSet<(Uuid, Uuid)>,
) -> Option<Outcome> {
    let from = draft.school(row, "学校甲");
    let to = draft.school(row, "学校乙");
    let (from, to) = (from?, to?);
    listed.insert(pair(from, to));
    let stored = pairs.get(&pair(from, to)).and_then(|id| draft.stores.travel.get(*id)).cloned();
    let created = stored.is_none();
    let mut way = stored.unwrap_or_else(|| travel_time::Model {
        id: id::new(),
        district_id: draft.district_id,
        from_school_id: from,
        to_school_id: to,
        kilometres: None,
        minutes: 0,
    });
    let mut edit = Edit::new(table, row);
    edit.optional("公里", &mut way.kilometres, fields::decimal);
    edit.required("分钟", &mut way.minutes, |cell| fields::minutes(cell).map(|minutes| minutes as i32));
    let changes = draft.accept(edit)?;
    let what = format!("{}—{}", draft.school_name(from), draft.school_name(to));
    draft.stores.travel.save(way);
    Some(draft.settle(row, &what, created, changes))
}
