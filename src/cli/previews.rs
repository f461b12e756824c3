//! Printing the letters that an operation would send to somebody.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use serde_json::json;

use super::context::Context;
use super::output;
use super::plan::local;
use crate::entity::teacher;
use crate::error::{Error, Result, UserError};
use crate::scope::Scope;
use crate::sessions::letters::{Letters, PreviewedLetter};

/// Whose letters are looked at, and who writes them.
pub struct Reader {
    pub person: teacher::Model,
    pub letters: Letters,
}

impl Reader {
    /// The one person with a name or staff number.
    ///
    /// # Errors
    /// `Rejected` when nobody or several have it.
    pub async fn find(context: &Context, scope: &Scope, who: &str) -> Result<Self> {
        let named = Condition::any()
            .add(teacher::Column::Name.eq(who.trim()))
            .add(teacher::Column::Number.eq(who.trim()));
        let people = teacher::Entity::find()
            .filter(teacher::Column::DistrictId.eq(scope.district.id))
            .filter(named)
            .all(scope.reader())
            .await?;
        let [person] = people.as_slice() else { return Err(no_one_person(who, &people)) };
        Ok(Self {
            person: person.clone(),
            letters: Letters::as_set(|name| std::env::var(name).ok(), context.language())?,
        })
    }

    /// Prints what she would read.
    pub fn shows(&self, context: &Context, scope: &Scope, written: &[PreviewedLetter]) -> Result<()> {
        if context.json() {
            let rows: Vec<_> = written.iter().map(row).collect();
            return output::json(&json!(rows));
        }
        if written.is_empty() {
            println!("{}不会因此收到信。", self.person.name);
        }
        for one in written {
            println!("── {} 发往 {}", local(scope, one.message.send_at), one.message.address);
            println!("主题：{}\n\n{}", one.letter.subject, one.letter.text);
            if let Some(part) = &one.letter.calendar {
                println!("── invite.ics\n{}", part.ics.replace('\r', ""));
            }
        }
        Ok(())
    }
}

fn row(one: &PreviewedLetter) -> serde_json::Value {
    json!({ "kind": one.message.kind, "leadMinutes": one.message.lead_minutes, "sendAt": one.message.send_at,
        "to": one.message.address, "subject": one.letter.subject, "text": one.letter.text, "html": one.letter.html,
        "calendar": one.letter.calendar.as_ref().map(|part| &part.ics) })
}

fn no_one_person(who: &str, found: &[teacher::Model]) -> Error {
    let numbers: Vec<&str> = found.iter().map(|person| person.number.as_str()).collect();
    let error = match numbers.as_slice() {
        [] => UserError::new(
            "UNKNOWN_PERSON",
            format!("没有叫“{who}”或工号为“{who}”的人"),
            format!("nobody has the name or staff number {who:?}"),
        ),
        _ => UserError::new(
            "WHICH_PERSON",
            format!("叫“{who}”的有几位，请写工号：{}", numbers.join("、")),
            format!("several people are called {who:?}: give a staff number, one of {}", numbers.join(", ")),
        ),
    };
    error.into()
}
