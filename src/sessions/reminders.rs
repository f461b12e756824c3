//! Which mails a session causes, and when each is due. Pure: the caller enqueues them with its own writes.

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entity::research_session;
use crate::entity::values::{MessageKind, ParticipantRole, ReminderAudience};
use crate::error::Language;
use crate::mail::hours::{self, QuietHours};
use crate::mail::outbox::Draft;

/// From this minute of the day on it is evening.
const EVENING: i32 = 17 * 60;

/// How long before a session a rule reminds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Before {
    /// So many days, at a minute of the day.
    Days {
        /// How many, ≥ 1.
        days: i32,
        /// Minute of the day, 0–1439.
        at: i32,
    },
    /// So many hours.
    Hours {
        /// How many, 1–23.
        hours: i32,
    },
}

/// A rule that reminds people of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Whom.
    pub who: ReminderAudience,
    /// When.
    pub before: Before,
}

/// Eight in the morning.
const MORNING: i32 = 8 * 60;

/// What holds where nobody set anything.
pub const STANDARD: [Rule; 3] = [
    Rule { who: ReminderAudience::Leading, before: Before::Days { days: 7, at: MORNING } },
    Rule { who: ReminderAudience::Everybody, before: Before::Days { days: 1, at: MORNING } },
    Rule { who: ReminderAudience::Everybody, before: Before::Hours { hours: 2 } },
];

impl Rule {
    /// What tells its reminders from others: minutes before the start, as if a day were always as long and the session at that time.
    pub fn lead_minutes(self) -> i32 {
        match self.before {
            Before::Days { days, .. } => days * hours::DAY,
            Before::Hours { hours } => hours * 60,
        }
    }

    /// When it reminds of what begins at `starts_at`, quiet hours or not.
    fn due(self, starts_at: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        match self.before {
            Before::Hours { hours } => Some(starts_at - TimeDelta::hours(hours.into())),
            Before::Days { days, at } => {
                let day = starts_at.with_timezone(&zone).date_naive();
                let day = day.checked_sub_days(Days::new(u64::try_from(days).ok()?))?;
                Some(hours::instant(zone, day, hours::time(at)))
            }
        }
    }

    fn concerns(self, leading: bool) -> bool {
        self.who == ReminderAudience::Everybody || leading
    }

    /// The rule as people read it.
    pub fn sentence(self, language: Language) -> String {
        let when = match (self.before, language) {
            (Before::Days { days, at }, Language::Chinese) => {
                format!("提前{days}天，当天{}", hours::time(at).format("%H:%M"))
            }
            (Before::Days { days, at }, Language::English) => {
                let plural = if days == 1 { "" } else { "s" };
                format!("{days} day{plural} before, at {}", hours::time(at).format("%H:%M"))
            }
            (Before::Hours { hours }, Language::Chinese) => format!("开始前{hours}小时"),
            (Before::Hours { hours }, Language::English) => {
                format!("{hours} hour{} before the start", if hours == 1 { "" } else { "s" })
            }
        };
        match language {
            Language::Chinese => format!("{}：{when}", self.who.zh()),
            Language::English => format!("{}: {when}", self.who.en()),
        }
    }
}

/// A lead as tables write it.
pub fn lead_zh(lead_minutes: i32) -> String {
    match lead_minutes {
        10_080 => "一周前".to_owned(),
        1_440 => "前一天".to_owned(),
        minutes if minutes % hours::DAY == 0 => format!("{}天前", minutes / hours::DAY),
        minutes => format!("{}小时前", minutes / 60),
    }
}

/// Whether somebody has to prepare for a session more than by coming.
pub fn is_leading(role: ParticipantRole) -> bool {
    matches!(role, ParticipantRole::Presenter | ParticipantRole::LeadPreparer | ParticipantRole::Chair)
}

/// When one person is reminded of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The rule's, see [`Rule::lead_minutes`].
    pub lead_minutes: i32,
    /// When.
    pub at: DateTime<Utc>,
}

/// When somebody is reminded of what begins at `starts_at`, the earliest first. What falls into quiet hours is brought forward to their
/// last minute before, and left out when she is reminded on that evening anyway.
pub fn moments(
    rules: &[Rule],
    quiet: QuietHours,
    zone: Tz,
    leading: bool,
    starts_at: DateTime<Utc>,
) -> Vec<Moment> {
    let due = rules.iter().filter(|rule| rule.concerns(leading)).filter_map(|rule| {
        let at = rule.due(starts_at, zone)?;
        let moved = quiet.before(at, zone);
        let at = moved.unwrap_or(at);
        Some((Moment { lead_minutes: rule.lead_minutes(), at }, moved.is_some()))
    });
    let (moved, mut kept): (Vec<_>, Vec<_>) = due.partition(|(_, moved)| *moved);
    for (moment, _) in moved {
        let evening = moment.at.with_timezone(&zone).date_naive();
        let begins = hours::instant(zone, evening, hours::time(EVENING));
        if !kept.iter().any(|(other, _)| (begins..=moment.at).contains(&other.at)) {
            kept.push((moment, true));
        }
    }
    let mut moments: Vec<Moment> = kept.into_iter().map(|(moment, _)| moment).collect();
    moments.retain(|moment| moment.at < starts_at);
    moments.sort_by_key(|moment| (moment.at, moment.lead_minutes));
    moments.dedup_by_key(|moment| moment.at);
    moments
}

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
    pub fn invites(
        self,
        to: &Addressee,
        moments: &[Moment],
        now: DateTime<Utc>,
        hold: TimeDelta,
    ) -> Vec<Draft> {
        self.told_and_reminded(MessageKind::Invitation, to, moments, now + hold)
    }

    /// For somebody who was invited before the time or place changed.
    pub fn updates(
        self,
        to: &Addressee,
        moments: &[Moment],
        now: DateTime<Utc>,
        hold: TimeDelta,
    ) -> Vec<Draft> {
        self.told_and_reminded(MessageKind::Update, to, moments, now + hold)
    }

    /// The reminder at a moment.
    pub fn reminds(self, to: &Addressee, moment: Moment) -> Draft {
        self.draft(MessageKind::Reminder, to, moment.lead_minutes, moment.at, self.starts_at)
    }

    /// For somebody who need not come any more, because it is off or because she was taken off the list.
    pub fn cancels(self, to: &Addressee, now: DateTime<Utc>) -> Draft {
        self.draft(MessageKind::Cancellation, to, 0, now, self.ends_at)
    }

    fn told_and_reminded(
        self,
        kind: MessageKind,
        to: &Addressee,
        moments: &[Moment],
        send_at: DateTime<Utc>,
    ) -> Vec<Draft> {
        let coming = moments.iter().filter(|moment| moment.at > send_at);
        let reminders = coming.map(|moment| self.reminds(to, *moment));
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

    const ZONE: Tz = Tz::Asia__Shanghai;

    /// The instant of a local time in September.
    fn local(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        at(day, 0, 0) + TimeDelta::minutes(i64::from(hour * 60 + minute) - 480)
    }

    fn standard(leading: bool, starts_at: DateTime<Utc>) -> Vec<(i32, DateTime<Utc>)> {
        let moments = moments(&STANDARD, QuietHours::default(), ZONE, leading, starts_at);
        moments.iter().map(|moment| (moment.lead_minutes, moment.at)).collect()
    }

    #[test]
    fn who_leads_is_reminded_a_week_before_and_everybody_a_day_and_two_hours_before() {
        let starts_at = local(16, 14, 20);
        let everybody = [(1440, local(15, 8, 0)), (120, local(16, 12, 20))];
        assert_eq!(standard(false, starts_at), everybody);
        assert_eq!(standard(true, starts_at), [&[(10_080, local(9, 8, 0))], &everybody[..]].concat());
    }

    #[test]
    fn a_reminder_in_quiet_hours_comes_the_evening_before_unless_there_is_one_anyway() {
        assert_eq!(standard(false, local(16, 8, 30)), [(1440, local(15, 8, 0)), (120, local(15, 21, 29))]);
        let in_the_evening =
            Rule { who: ReminderAudience::Everybody, before: Before::Days { days: 1, at: 18 * 60 } };
        let rules = [in_the_evening, STANDARD[2]];
        let moments = moments(&rules, QuietHours::default(), ZONE, false, local(16, 8, 30));
        assert_eq!(moments, [Moment { lead_minutes: 1440, at: local(15, 18, 0) }]);
    }

    #[test]
    fn two_reminders_of_the_same_minute_are_one() {
        let hour = Rule { who: ReminderAudience::Everybody, before: Before::Hours { hours: 1 } };
        let moments = moments(&[STANDARD[2], hour], QuietHours::default(), ZONE, false, local(16, 7, 45));
        assert_eq!(moments.len(), 1, "both would come in the night: {moments:?}");
    }

    #[test]
    fn whoever_is_invited_is_reminded_of_what_is_still_to_come() {
        let moments = moments(&STANDARD, QuietHours::default(), ZONE, true, occasion().starts_at);
        let drafts = occasion().invites(&li(), &moments, at(1, 0, 0), TimeDelta::minutes(10));
        assert_eq!(
            timetable(&drafts),
            [
                (MessageKind::Invitation, 0, at(1, 0, 10)),
                (MessageKind::Reminder, 10080, at(9, 0, 0)),
                (MessageKind::Reminder, 1440, at(15, 0, 0)),
                (MessageKind::Reminder, 120, at(16, 4, 20)),
            ]
        );
        assert!(drafts.iter().all(|draft| draft.expires_at == at(16, 6, 20) && draft.subject_version == 2));
        let at_that_very_moment = occasion().updates(&li(), &moments, at(15, 0, 0), TimeDelta::zero());
        assert_eq!(
            timetable(&at_that_very_moment),
            [(MessageKind::Update, 0, at(15, 0, 0)), (MessageKind::Reminder, 120, at(16, 4, 20))]
        );
    }

    #[test]
    fn a_cancellation_is_worth_sending_until_the_end() {
        let draft = occasion().cancels(&li(), at(16, 7, 0));
        assert_eq!((draft.kind, draft.expires_at), (MessageKind::Cancellation, at(16, 9, 0)));
    }
}
