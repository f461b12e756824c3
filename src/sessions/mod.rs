//! Research sessions: what people take part in.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entity::values::ParticipantRole;
use crate::entity::{participant, research_session};
use crate::error::Bilingual;

mod cancel;
pub mod digests;
pub mod effects;
pub mod feeds;
pub mod graphql;
pub mod inbox;
pub mod letters;
mod pin;
mod preferences;
pub mod programmes;
pub mod reading;
pub mod reminders;
pub mod reminding;
pub mod replies;

pub use cancel::{cancel, given, must_be_published, preview_cancel};
pub use pin::set_pinned;
pub use preferences::prefer;

/// A person's part in a planned session; stored in `plan_session.people`, and as participants once published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedPerson {
    /// Who.
    pub teacher: Uuid,
    /// In which role.
    pub role: ParticipantRole,
    /// Whether the session cannot do without her.
    pub required: bool,
    /// Why she is excused; `None`: she is expected.
    pub excused: Option<Bilingual>,
    /// Her lessons that need a substitute (调课), as people read them.
    pub cover: Vec<String>,
}

impl From<participant::Model> for PlannedPerson {
    fn from(row: participant::Model) -> Self {
        Self {
            teacher: row.teacher_id,
            role: row.role,
            required: row.required,
            excused: row.excused.map(|reason| Bilingual::new(reason.clone(), reason)),
            cover: row.cover.iter().flat_map(|list| list.split('；')).map(str::to_owned).collect(),
        }
    }
}

/// What people call a session: its topic, the subject in front where the topic does not say it, and its number.
pub fn title(session: &research_session::Model, subject: Option<&str>) -> String {
    let named = match subject.filter(|name| !session.topic.contains(name)) {
        Some(subject) => format!("{subject} {}", session.topic),
        None => session.topic.clone(),
    };
    format!("{named} 第{}次", session.ordinal)
}

/// 一年级 … 九年级, 高一 … 高三.
pub fn grade_zh(grade: i32) -> String {
    const NAMES: [&str; 12] = [
        "一年级",
        "二年级",
        "三年级",
        "四年级",
        "五年级",
        "六年级",
        "七年级",
        "八年级",
        "九年级",
        "高一",
        "高二",
        "高三",
    ];
    let index = usize::try_from(grade - 1).ok();
    index.and_then(|index| NAMES.get(index)).map_or_else(|| format!("{grade}年级"), ToString::to_string)
}
