//! Which mails a session causes, and when each is due. Pure: the caller enqueues them with its own writes.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::entity::research_session;
use crate::entity::values::MessageKind;
use crate::mail::outbox::Draft;

/// Minutes before the start at which people are reminded: a week, a day.
pub const LEADS: [i32; 2] = [7 * 24 * 60, 24 * 60];

/// A session with its time, as far as mails are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion {
    /// The session.
    pub session_id: Uuid,
    /// Its SEQUENCE.
    pub sequence: i32,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
}

impl Occasion {
    /// The occasion of a session; `None` while it has no date.
    pub fn of(session: &research_session::Model) -> Option<Self> {
        Some(Self {
            session_id: session.id,
            sequence: session.sequence,
            starts_at: session.starts_at?,
            ends_at: session.ends_at?,
        })
    }

    /// For somebody newly invited: the invitation after `hold`, then the reminders that are still to come.
    pub fn invites(self, to: &Addressee, now: DateTime<Utc>, hold: TimeDelta) -> Vec<Draft> {
        self.told_and_reminded(MessageKind::Invitation, to, now + hold)
    }

    /// For somebody who was invited before the time or place changed.
    pub fn updates(self, to: &Addressee, now: DateTime<Utc>, hold: TimeDelta) -> Vec<Draft> {
        self.told_and_reminded(MessageKind::Update, to, now + hold)
    }

    /// For somebody who need not come any more, because it is off or because she was taken off the list.
    pub fn cancels(self, to: &Addressee, now: DateTime<Utc>) -> Draft {
        self.draft(MessageKind::Cancellation, to, 0, now, self.ends_at)
    }

    fn told_and_reminded(self, kind: MessageKind, to: &Addressee, send_at: DateTime<Utc>) -> Vec<Draft> {
        let reminders = LEADS
            .iter()
            .map(|lead| (*lead, self.starts_at - TimeDelta::minutes(i64::from(*lead))))
            .filter(|(_, due)| *due > send_at)
            .map(|(lead, due)| self.draft(MessageKind::Reminder, to, lead, due, self.starts_at));
        std::iter::once(self.draft(kind, to, 0, send_at, self.starts_at)).chain(reminders).collect()
    }

    fn draft(
        self,
        kind: MessageKind,
        to: &Addressee,
        lead_minutes: i32,
        send_at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Draft {
        Draft {
            kind,
            teacher_id: to.teacher_id,
            address: to.address.clone(),
            subject_id: self.session_id,
            subject_version: self.sequence,
            lead_minutes,
            send_at,
            expires_at,
        }
    }
}

/// Somebody with a mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Who.
    pub teacher_id: Uuid,
    /// Her address.
    pub address: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 9, day, hour, minute, 0).unwrap()
    }

    fn occasion() -> Occasion {
        let session_id = Uuid::from_u128(7);
        Occasion { session_id, sequence: 2, starts_at: at(16, 6, 20), ends_at: at(16, 9, 0) }
    }

    fn li() -> Addressee {
        Addressee { teacher_id: Uuid::from_u128(1), address: "li@example.com".to_owned() }
    }

    fn timetable(drafts: &[Draft]) -> Vec<(MessageKind, i32, DateTime<Utc>)> {
        drafts.iter().map(|draft| (draft.kind, draft.lead_minutes, draft.send_at)).collect()
    }

    #[test]
    fn everybody_is_invited_and_reminded_a_week_and_a_day_before() {
        let drafts = occasion().invites(&li(), at(1, 0, 0), TimeDelta::minutes(10));
        assert_eq!(
            timetable(&drafts),
            [
                (MessageKind::Invitation, 0, at(1, 0, 10)),
                (MessageKind::Reminder, 10080, at(9, 6, 20)),
                (MessageKind::Reminder, 1440, at(15, 6, 20)),
            ]
        );
        assert!(drafts.iter().all(|draft| draft.expires_at == at(16, 6, 20) && draft.subject_version == 2));
    }

    #[test]
    fn a_reminder_whose_moment_has_passed_is_not_written() {
        let six_days_before = occasion().updates(&li(), at(10, 0, 0), TimeDelta::zero());
        assert_eq!(
            timetable(&six_days_before),
            [(MessageKind::Update, 0, at(10, 0, 0)), (MessageKind::Reminder, 1440, at(15, 6, 20))]
        );
        let at_that_very_moment = occasion().invites(&li(), at(15, 6, 20), TimeDelta::zero());
        assert_eq!(at_that_very_moment.len(), 1);
    }

    #[test]
    fn a_cancellation_is_worth_sending_until_the_end() {
        let draft = occasion().cancels(&li(), at(16, 7, 0));
        assert_eq!((draft.kind, draft.expires_at), (MessageKind::Cancellation, at(16, 9, 0)));
    }
}
