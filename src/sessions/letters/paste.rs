//! Notices to paste into a group of QQ or WeChat: plain text without markup, as an office writes them there.

use std::collections::HashSet;
use std::fmt::Write as _;

use uuid::Uuid;

use super::facts::Facts;
use super::rows::{Telling, times};
use super::words::Words;
use crate::entity::research_session;
use crate::entity::values::{MessageKind, SessionState};
use crate::error::{Language, Result};
use crate::scope::Scope;

/// The notices of sessions, in their order, each in `language`: for one a notice, for several a list with a heading.
pub async fn notices(
    scope: &Scope,
    sessions: &[research_session::Model],
    language: Language,
) -> Result<Vec<String>> {
    let ids: HashSet<Uuid> = sessions.iter().map(|session| session.id).collect();
    let facts = Facts::of(scope, scope.reader(), ids, []).await?;
    let telling = Telling { scope, facts: &facts, words: Words(language) };
    Ok(sessions.iter().map(|session| telling.notice_to_paste(session)).collect())
}

impl Telling<'_> {
    fn notice_to_paste(&self, session: &research_session::Model) -> String {
        let (facts, words) = (self.facts, self.words);
        let kind = match session.state {
            SessionState::Cancelled | SessionState::Undated => MessageKind::Cancellation,
            // Whoever reads it in a group was told of an earlier time.
            _ if session.sequence > 0 => MessageKind::Update,
            _ => MessageKind::Invitation,
        };
        let day =
            times(session).map(|(starts_at, _)| starts_at.with_timezone(&self.scope.zone()).date_naive());
        let coordinator = day.and_then(|day| facts.coordinator(session, day));
        let title = words.title(session, facts.subject(session));
        let mut text = words.0.either(
            || match kind {
                MessageKind::Cancellation if session.state == SessionState::Undated => {
                    format!("【教研待定】{title}\n")
                }
                MessageKind::Invitation => format!("【教研通知】{title}\n"),
                kind => format!("【教研{}】{title}\n", kind.zh()),
            },
            || format!("[{}] {title}\n", words.kind(kind)),
        );
        for row in self.rows(kind, session, None, coordinator.as_ref()) {
            let value: String = row.value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let _ = writeln!(text, "{}{}{value}", row.label, words.colon());
        }
        let closing = match kind {
            MessageKind::Cancellation => {
                words.0.pick("请相互转告，不必前往。", "Please pass it on; nobody need come.")
            }
            MessageKind::Update => words
                .0
                .pick("请以此为准，按时参加。", "This replaces what was said before. Please be on time."),
            _ => words.0.pick(
                "请相关老师安排好工作，按时参加；不能参加的请及时回复邮件说明。",
                "Please be on time; whoever cannot come, please answer the mail and say why.",
            ),
        };
        let _ = writeln!(text, "{closing}\n{}", facts.group(session));
        text
    }
}
