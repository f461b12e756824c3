//! Reminders that come with the days: before somebody reports in, before her term of duty ends, before an agreement ends.
//!
//! They are looked for when they are due, not written years ahead: then they go to whoever leads a school or group by then, and
//! whoever changed a posting or an agreement meanwhile, and by whichever way, has changed its reminders too. What tells one
//! reminder from another is the day it is about: a posting or agreement that gets another day reminds anew.

pub(super) mod facts;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use futures_util::future::BoxFuture;

use crate::entity::values::MessageKind;
use crate::error::Result;
use crate::mail::Prompt;
use crate::mail::outbox::{self, Draft};
use crate::scope::Scope;

use super::notices;
use facts::{Facts, Subject};

/// Days before the first day of a posting.
const REPORT_IN: &[u64] = &[7, 1];
/// Days before the last day of a posting: time to extend it, or to plan for her return.
const SERVICE_ENDS: &[u64] = &[60, 14];
/// Days before the last day of an agreement: time to renew it.
const AGREEMENT_ENDS: &[u64] = &[90, 30, 7];
/// The longest of them.
const HORIZON: Days = Days::new(90);
/// Minutes of a day.
const DAY: i32 = 24 * 60;

/// Looks for reminders that are due.
#[derive(Debug, Clone, Copy)]
pub struct Reminders;

impl Prompt for Reminders {
    fn prompt<'a>(&'a self, scope: &'a Scope) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { enqueue_due(scope).await.map(|_| ()) })
    }
}

/// Enqueues the reminders that are due and were not enqueued before; how many.
pub async fn enqueue_due(scope: &Scope) -> Result<usize> {
    let today = scope.today();
    let facts = Facts::between(scope, today, today + HORIZON).await?;
    let drafts = facts.subjects().iter().flat_map(|subject| drafts(scope, &facts, *subject)).collect();
    outbox::enqueue_new(scope, drafts).await
}

/// What tells a reminder from one about another day, in place of a version.
pub(super) fn version(day: NaiveDate) -> i32 {
    day.num_days_from_ce()
}

fn leads(kind: MessageKind) -> &'static [u64] {
    match kind {
        MessageKind::ReportIn => REPORT_IN,
        MessageKind::ServiceEnds => SERVICE_ENDS,
        _ => AGREEMENT_ENDS,
    }
}

/// The reminder about `subject` whose time it is, to everybody concerned.
fn drafts(scope: &Scope, facts: &Facts, subject: Subject<'_>) -> Vec<Draft> {
    let (kind, day) = (subject.kind(), subject.day());
    let Some(turn) = turn(scope, day, leads(kind)) else { return Vec::new() };
    let about = (subject.id(), version(day));
    let people = facts.concerned(subject);
    let letters =
        people.iter().filter_map(|person| notices::draft(kind, person, about, turn.send_at, turn.expires_at));
    letters.map(|draft| Draft { lead_minutes: turn.lead_days * DAY, ..draft }).collect()
}

/// A reminder's time.
#[derive(Debug, PartialEq, Eq)]
struct Turn {
    lead_days: i32,
    send_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Which of the reminders before `day` is due now: each holds until the next one, the last until the day is over. Who hears of a
/// posting late gets the one that holds then, and none that is past.
fn turn(scope: &Scope, day: NaiveDate, leads: &[u64]) -> Option<Turn> {
    let now = scope.now();
    let morning = |lead: u64| notices::morning(scope, day - Days::new(lead));
    let at = leads.iter().rposition(|lead| morning(*lead) <= now)?;
    let send_at = morning(leads[at]);
    let expires_at = leads.get(at + 1).map_or_else(|| morning(0) + TimeDelta::days(1), |next| morning(*next));
    let lead_days = i32::try_from(leads[at]).unwrap_or_default();
    (now < expires_at).then_some(Turn { lead_days, send_at, expires_at })
}
