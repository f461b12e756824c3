//! Whose part in a session changes, as people read it.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use crate::entity::teacher;
use crate::entity::values::ParticipantRole;
use crate::error::Result;
use crate::id::Kind;
use crate::plans::parts::PartChange;
use crate::scope::Scope;

/// The names of those whose part changes.
pub async fn names(
    scope: &Scope,
    changes: impl Iterator<Item = &PartChange>,
) -> Result<HashMap<Uuid, String>> {
    let rows = teacher::Entity::find()
        .filter(teacher::Column::DistrictId.eq(scope.district.id))
        .filter(teacher::Column::Id.is_in(changes.map(|change| change.teacher)))
        .all(scope.reader())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Whoever has or had a part of her own by name, the others by number: "李娜：授课教师→参加；新增3人".
pub fn in_words(changes: &[PartChange], names: &HashMap<Uuid, String>) -> String {
    let attends = |part: Option<ParticipantRole>| part.is_none_or(|role| role == ParticipantRole::Attendee);
    let (counted, named): (Vec<&PartChange>, Vec<&PartChange>) =
        changes.iter().partition(|change| attends(change.before) && attends(change.after));
    let part = |part: Option<ParticipantRole>| part.map_or("不参加", |role| role.zh());
    let mut words: Vec<String> = named
        .iter()
        .map(|change| {
            let name = names.get(&change.teacher).map_or("", String::as_str);
            format!("{name}：{}→{}", part(change.before), part(change.after))
        })
        .collect();
    for (word, joins) in [("新增", true), ("不再参加", false)] {
        let people = counted.iter().filter(|change| change.after.is_some() == joins).count();
        words.extend((people > 0).then(|| format!("{word}{people}人")));
    }
    if words.is_empty() { "不变".to_owned() } else { words.join("；") }
}

/// The same for programs.
pub fn json(change: &PartChange) -> serde_json::Value {
    json!({ "teacher": Kind::Teacher.id(change.teacher), "before": change.before, "after": change.after })
}
