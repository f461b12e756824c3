//! Research sessions: what people take part in.

use crate::entity::research_session;

/// What people call a session: its topic, the subject in front where the topic does not say it, and its number.
pub fn title(session: &research_session::Model, subject: Option<&str>) -> String {
    let subject = subject.filter(|name| !session.topic.contains(name)).unwrap_or("");
    format!("{subject}{} 第{}次", session.topic, session.ordinal)
}
