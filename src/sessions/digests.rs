//! Mails that gather: what somebody's coming week brings, what changed since the day before, who has not replied. They are looked for
//! when their hour has come and written from the rows as they are when they go out; where there is nothing to tell, nothing is sent.

mod daily;
mod facts;
mod hour;
mod replies;
mod weekly;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use chrono::{Datelike, Days, NaiveDate};
use futures_util::future::BoxFuture;
use uuid::Uuid;

use daily::Daily;
use hour::Hour;
use replies::Unanswered;
use weekly::Weekly;
use words::Words;

use crate::entity::values::MessageKind;
use crate::entity::{message, teacher};
use crate::error::{Language, Result};
use crate::mail::outbox::{self, Draft};
use crate::mail::page::{Page, Rows};
use crate::mail::preferences::Declined;
use crate::mail::{Desk, Prompt, Render, Rendered};
use crate::scope::Scope;

/// The kinds of messages that are written here.
pub const KINDS: &[MessageKind] =
    &[MessageKind::WeeklyDigest, MessageKind::DailyDigest, MessageKind::ReplySummary];

/// A desk with the writer of digests, in one language.
pub fn at(desk: Desk, language: Language) -> Desk {
    desk.with(KINDS, Arc::new(Letters { words: Words(language) }))
}

/// Looks for digests whose hour has come. Each is looked for once: who has something to be told of a day is then known.
#[derive(Debug, Default)]
pub struct Digests {
    done: Mutex<HashMap<MessageKind, NaiveDate>>,
}

impl Prompt for Digests {
    fn prompt<'a>(&'a self, scope: &'a Scope) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            for hour in KINDS.iter().filter_map(|kind| Hour::come(*kind, scope.zone(), scope.now())) {
                if self.is_done(hour) {
                    continue;
                }
                enqueue(scope, hour).await?;
                self.done.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(hour.kind, hour.day);
            }
            Ok(())
        })
    }
}

impl Digests {
    fn is_done(&self, hour: Hour) -> bool {
        let done = self.done.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        done.get(&hour.kind) == Some(&hour.day)
    }
}

/// Enqueues a digest for everybody who has something to be told and wants to be; how many are new.
async fn enqueue(scope: &Scope, hour: Hour) -> Result<usize> {
    let digest = Digest::load(scope, hour.kind, hour.day, None).await?;
    let readers = digest.readers();
    if readers.is_empty() {
        return Ok(0);
    }
    let declined = Declined::load(scope.reader(), scope.district.id).await?;
    let wanted = readers.into_iter().filter(|person| declined.allows(person.id, hour.kind));
    let drafts = wanted.filter_map(|person| draft(hour, person)).collect();
    outbox::enqueue_new(scope, drafts).await
}

/// About her and a day: none to somebody without an address.
fn draft(hour: Hour, person: &teacher::Model) -> Option<Draft> {
    Some(Draft {
        kind: hour.kind,
        teacher_id: person.id,
        address: person.email.clone()?,
        subject_id: person.id,
        subject_version: hour.day.num_days_from_ce(),
        lead_minutes: 0,
        send_at: hour.send_at,
        expires_at: hour.expires_at,
    })
}

/// What there is to tell.
enum Digest {
    Weekly(Weekly),
    Daily(Daily),
    Replies(Unanswered),
}

impl Digest {
    /// Of a day; for some readers only, where that spares reading everybody's rows.
    async fn load(
        scope: &Scope,
        kind: MessageKind,
        day: NaiveDate,
        readers: Option<&HashSet<Uuid>>,
    ) -> Result<Self> {
        Ok(match kind {
            MessageKind::WeeklyDigest => Self::Weekly(Weekly::load(scope, day, readers).await?),
            MessageKind::DailyDigest => Self::Daily(Daily::load(scope, day).await?),
            _ => Self::Replies(Unanswered::load(scope, day).await?),
        })
    }

    fn readers(&self) -> Vec<&teacher::Model> {
        match self {
            Self::Weekly(weekly) => weekly.readers(),
            Self::Daily(daily) => daily.readers(),
            Self::Replies(unanswered) => unanswered.readers(),
        }
    }

    /// What it tells a reader; `None` when there is nothing.
    fn story(&self, reader: Uuid, words: Words) -> Option<Story> {
        match self {
            Self::Weekly(weekly) => weekly.story(reader, words),
            Self::Daily(daily) => daily.story(reader, words),
            Self::Replies(unanswered) => unanswered.story(reader, words),
        }
    }
}

/// What a digest tells one reader, without what all letters say.
#[derive(Debug)]
struct Story {
    to_name: String,
    subject: String,
    opening: String,
    rows: Rows,
    closing: &'static str,
}

/// Writes digests.
#[derive(Debug, Clone, Copy)]
struct Letters {
    words: Words,
}

impl Render for Letters {
    /// What one kind tells of one day is read once.
    fn render<'a>(
        &'a self,
        scope: &'a Scope,
        messages: &'a [message::Model],
    ) -> BoxFuture<'a, Result<Vec<Rendered>>> {
        Box::pin(async move {
            let mut asked: BTreeMap<(MessageKind, i32), HashSet<Uuid>> = BTreeMap::new();
            for message in messages {
                asked.entry((message.kind, message.subject_version)).or_default().insert(message.teacher_id);
            }
            let mut digests = BTreeMap::new();
            for ((kind, day), readers) in asked {
                if let Some(date) = NaiveDate::from_num_days_from_ce_opt(day) {
                    digests.insert((kind, day), Digest::load(scope, kind, date, Some(&readers)).await?);
                }
            }
            let letter = |message: &message::Model| {
                let digest = digests.get(&(message.kind, message.subject_version))?;
                digest.story(message.teacher_id, self.words)
            };
            messages.iter().map(|message| self.rendered(scope, letter(message))).collect()
        })
    }
}

impl Letters {
    fn rendered(self, scope: &Scope, story: Option<Story>) -> Result<Rendered> {
        let Some(story) = story else { return Ok(Rendered::Stale) };
        let page = Page {
            language: self.words.0,
            subject: story.subject,
            to_name: story.to_name,
            opening: story.opening,
            rows: story.rows.0,
            closing: story.closing.to_owned(),
            signature: scope.district.name.clone(),
            written_on: self.words.long_date(scope.today()),
        };
        Ok(Rendered::Letter(Box::new(page.letter(None)?)))
    }
}

/// The day after.
fn next(day: NaiveDate) -> NaiveDate {
    day + Days::new(1)
}
