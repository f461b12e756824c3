//! The worker: claims what is due, has it written, sends it, and records what became of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ActiveEnum;
use tokio::sync::watch;
use uuid::Uuid;

use super::compose::{Head, Parcel, compose};
use super::outbox::{self, Verdict};
use super::transport::{Fault, Line};
use super::{Letter, Prompt, Render, Rendered, Settings};
use crate::entity::message;
use crate::error::{Bilingual, Error, Result, UserError};
use crate::id;
use crate::scope::Scope;

/// Messages claimed at once.
const CLAIM: u64 = 100;
/// Messages written at once; few, so that little can change between writing and sending.
const CHUNK: usize = 25;
/// How long a claim holds without being renewed.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// Pause when nothing is due.
const IDLE: Duration = Duration::from_secs(5);
/// Longest pause when there is no database; the first is a second, and each twice the last.
const TROUBLE: Duration = Duration::from_secs(60);
/// Minutes to wait after a mail's first, second … refusal for now; the last holds for all that follow.
const BACKOFF: [i64; 5] = [2, 5, 15, 30, 60];
/// Minutes to wait when there is no way out for the first, second … time; the last holds for all that follow.
const NO_WAY_OUT: [i64; 4] = [1, 2, 5, 10];
/// Minutes until a mail whose answer was lost goes out once more: a server that works on it may have finished by then.
const IN_DOUBT: i64 = 5;

/// What a worker did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Taken by the server.
    pub sent: u64,
    /// Refused for good.
    pub failed: u64,
    /// To be tried again later.
    pub retry: u64,
    /// Given up because their time has passed.
    pub missed: u64,
    /// No longer true, so not sent.
    pub stale: u64,
    /// Perhaps sent: the answer was lost twice.
    pub unknown: u64,
    /// Put off, because the recipient got as much as her provider bears.
    pub put_off: u64,
    /// Why there was no way out, if there was none.
    pub trouble: Option<Bilingual>,
}

impl Tally {
    fn count(&mut self, verdict: &Verdict, messages: u64) {
        let counter = match verdict {
            Verdict::Sent => &mut self.sent,
            Verdict::Failed(_) => &mut self.failed,
            Verdict::Retry(..) | Verdict::Doubtful(..) => &mut self.retry,
            Verdict::Unknown(_) => &mut self.unknown,
            Verdict::Stale => &mut self.stale,
        };
        *counter += messages;
    }
}

/// Sends the messages of one district. Any number of workers may run, on any machine that reaches the database.
pub struct Worker {
    scope: Scope,
    render: Arc<dyn Render>,
    prompts: Vec<Arc<dyn Prompt>>,
    settings: Settings,
    owner: String,
    /// How many times in a row there was no way out.
    troubles: AtomicUsize,
}

/// Whether to go on after a message.
enum Next {
    Continue,
    /// There is no way out, for so long as far as is known.
    Halt(String, Option<TimeDelta>),
}

/// A way out that is open.
struct Open {
    line: Line,
    /// Mails that it has taken.
    mails: u32,
}

impl Worker {
    /// A worker with a name of its own.
    pub fn new(scope: Scope, render: Arc<dyn Render>, settings: Settings) -> Self {
        let owner = format!("worker-{}-{}", std::process::id(), id::new().simple());
        Self { scope, render, prompts: Vec::new(), settings, owner, troubles: AtomicUsize::new(0) }
    }

    /// The worker, who also asks `prompt` for what is due before looking at the outbox.
    pub fn prompted_by(mut self, prompt: Arc<dyn Prompt>) -> Self {
        self.prompts.push(prompt);
        self
    }

    /// Sends all that is due, then ends.
    pub async fn once(&self) -> Result<Tally> {
        let (_running, stop) = watch::channel(false);
        self.ask_prompts().await;
        self.drain(&stop).await
    }

    /// Sends what falls due until `stop` turns true or its sender is dropped; a message that is under way is finished.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let mut failed = 0;
        while !*stop.borrow() {
            self.ask_prompts().await;
            if failed > 0 && outbox::release(&self.scope, &self.owner).await.is_ok() {
                tracing::info!("the database is back");
            }
            let pause = match self.drain(&stop).await {
                Ok(tally) => {
                    report(&tally);
                    failed = 0;
                    IDLE
                }
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be worked on");
                    failed += 1;
                    TROUBLE.min(Duration::from_secs(1 << (failed - 1).min(6)))
                }
            };
            let stopped = stop.wait_for(|stop| *stop);
            if tokio::time::timeout(pause, stopped).await.is_ok() {
                return;
            }
        }
    }

    async fn drain(&self, stop: &watch::Receiver<bool>) -> Result<Tally> {
        let mut tally = Tally::default();
        let mut open = None;
        let result = self.send_due(stop, &mut tally, &mut open).await;
        // After a fault a body may be announced: that can only be withheld by hanging up.
        if let Some(Open { line, .. }) = open.filter(|_| result.is_ok()) {
            line.close().await;
        }
        if result.is_err() || *stop.borrow() {
            outbox::release(&self.scope, &self.owner).await?;
        }
        result.map(|()| tally)
    }

    /// A prompt that fails keeps no other mail waiting; it is asked again next time.
    async fn ask_prompts(&self) {
        for prompt in &self.prompts {
            if let Err(error) = prompt.prompt(&self.scope).await {
                tracing::error!(%error, "reminders cannot be looked for");
            }
        }
    }

    async fn send_due(
        &self,
        stop: &watch::Receiver<bool>,
        tally: &mut Tally,
        open: &mut Option<Open>,
    ) -> Result<()> {
        while !*stop.borrow() && tally.trouble.is_none() {
            let limits = &self.settings.limits;
            let claim = outbox::claim(&self.scope, &self.owner, CLAIM, LEASE, limits).await?;
            tally.missed += claim.missed;
            tally.unknown += claim.unknown;
            tally.put_off += claim.put_off;
            if claim.messages.is_empty() && claim.put_off == 0 {
                return Ok(());
            }
            self.send_all(&claim.messages, stop, tally, open).await?;
        }
        Ok(())
    }

    async fn send_all(
        &self,
        messages: &[message::Model],
        stop: &watch::Receiver<bool>,
        tally: &mut Tally,
        open: &mut Option<Open>,
    ) -> Result<()> {
        let mut renew_at = self.scope.now() + LEASE / 2;
        let mut done = 0;
        for chunk in messages.chunks(CHUNK) {
            let letters = self.render.render(&self.scope, chunk).await?;
            self.drop_stale(chunk, &letters, tally).await?;
            for (message, letter) in chunk.iter().zip(&letters) {
                if *stop.borrow() {
                    return Ok(());
                }
                if self.scope.now() >= renew_at {
                    outbox::renew(&self.scope, &self.owner, LEASE).await?;
                    renew_at = self.scope.now() + LEASE / 2;
                }
                if let Rendered::Letter(letter) = letter
                    && let Next::Halt(reason, wait) = self.send(message, letter, open, tally).await?
                {
                    return self.put_off(&messages[done..], reason, wait, tally).await;
                }
                done += 1;
            }
        }
        Ok(())
    }

    async fn drop_stale(
        &self,
        messages: &[message::Model],
        letters: &[Rendered],
        tally: &mut Tally,
    ) -> Result<()> {
        if letters.len() != messages.len() {
            return Err(Error::internal(format!(
                "{} letters for {} messages",
                letters.len(),
                messages.len()
            )));
        }
        let stale: Vec<Uuid> = messages
            .iter()
            .zip(letters)
            .filter(|(_, letter)| **letter == Rendered::Stale)
            .map(|(message, _)| message.id)
            .collect();
        if stale.is_empty() {
            return Ok(());
        }
        self.conclude(&stale, &Verdict::Stale, tally).await
    }

    /// With no way out nothing else is tried: the whole rest waits, and no mail is the worse for it.
    async fn put_off(
        &self,
        messages: &[message::Model],
        reason: String,
        wait: Option<TimeDelta>,
        tally: &mut Tally,
    ) -> Result<()> {
        let times = self.troubles.fetch_add(1, Ordering::Relaxed);
        let wait = wait.unwrap_or_else(|| step(&NO_WAY_OUT, times));
        let ids: Vec<Uuid> = messages.iter().map(|message| message.id).collect();
        let until = self.scope.now() + wait;
        tally.retry += outbox::put_off(&self.scope, &self.owner, &ids, until, &reason).await?;
        tally.trouble = Some(no_way_out(&reason));
        Ok(())
    }

    async fn conclude(&self, ids: &[Uuid], verdict: &Verdict, tally: &mut Tally) -> Result<()> {
        let held = outbox::finish(&self.scope, &self.owner, ids, verdict).await?;
        tally.count(verdict, held);
        Ok(())
    }

    async fn send(
        &self,
        message: &message::Model,
        letter: &Letter,
        open: &mut Option<Open>,
        tally: &mut Tally,
    ) -> Result<Next> {
        let head = Head {
            from: &self.settings.from,
            to: &message.address,
            message_id: &message.message_id,
            date: self.scope.now(),
            name: file_name(message),
        };
        let parcel = match compose(head, letter) {
            Ok(parcel) => parcel,
            Err(reason) => {
                self.conclude(&[message.id], &Verdict::Failed(reason), tally).await?;
                return Ok(Next::Continue);
            }
        };
        if let Err(fault) = self.offer(&parcel, open).await {
            return self.fault(message, fault, open, tally).await;
        }
        self.troubles.store(0, Ordering::Relaxed);
        if !outbox::mark_data(&self.scope, &self.owner, message.id).await? {
            // Another worker has it, or it is no longer true. An announced body can only be withheld by hanging up.
            *open = None;
            return Ok(Next::Continue);
        }
        let handed_over = match open {
            Some(open) => {
                open.mails += 1;
                open.line.hand_over(&parcel).await
            }
            None => Err(Fault::Unreachable("no open line".to_owned())),
        };
        match handed_over {
            Ok(()) => {
                self.conclude(&[message.id], &Verdict::Sent, tally).await?;
                Ok(Next::Continue)
            }
            Err(fault) => self.fault(message, fault, open, tally).await,
        }
    }

    /// Offers the parcel. A line that served before may have been closed by the server, or be used up: then it gets a second chance.
    async fn offer(&self, parcel: &Parcel, open: &mut Option<Open>) -> std::result::Result<(), Fault> {
        let most = self.settings.limits.per_connection.unwrap_or(u32::MAX);
        if let Some(full) = open.take_if(|open| open.mails >= most) {
            full.line.close().await;
        }
        if let Some(used) = open {
            match used.line.offer(parcel).await {
                Err(Fault::Unreachable(_) | Fault::UsedUp(_)) => *open = None,
                answer => return answer,
            }
        }
        let line = self.settings.transport.open().await?;
        open.insert(Open { line, mails: 0 }).line.offer(parcel).await
    }

    async fn fault(
        &self,
        message: &message::Model,
        fault: Fault,
        open: &mut Option<Open>,
        tally: &mut Tally,
    ) -> Result<Next> {
        tracing::warn!(message = %message.message_id, reason = fault.reason(), "not sent");
        let now = self.scope.now();
        let later = |minutes: &[i64]| now + spread(step(minutes, attempts(message)), message);
        let mut halt = None;
        let verdict = match fault {
            Fault::Unreachable(reason) => {
                *open = None;
                return Ok(Next::Halt(reason, None));
            }
            // After the body this is an answer to it: the mail was not taken, and goes again when the others do.
            Fault::Busy { reason, wait } => {
                halt = Some((reason.clone(), wait));
                Verdict::Retry(now + wait, reason)
            }
            Fault::UsedUp(reason) => {
                *open = None;
                Verdict::Retry(later(&BACKOFF), reason)
            }
            Fault::Lost(reason) => {
                *open = None;
                match message.doubts {
                    0 => Verdict::Doubtful(now + spread(TimeDelta::minutes(IN_DOUBT), message), reason),
                    _ => Verdict::Unknown(reason),
                }
            }
            Fault::Deferred { reason, wait } => {
                Verdict::Retry(wait.map_or_else(|| later(&BACKOFF), |wait| now + wait), reason)
            }
            Fault::Refused(reason) => Verdict::Failed(reason),
        };
        if let Some(used) = open
            && !used.line.clear().await
        {
            *open = None;
        }
        self.conclude(&[message.id], &verdict, tally).await?;
        Ok(halt.map_or(Next::Continue, |(reason, wait)| Next::Halt(reason, Some(wait))))
    }
}

/// Sends a letter at once, past the outbox, e.g. to try the settings.
///
/// # Errors
/// `Rejected` with the server's words when it is not taken.
pub async fn send_now(settings: &Settings, address: &str, letter: &Letter, now: DateTime<Utc>) -> Result<()> {
    let id = id::new().simple().to_string();
    let head = Head {
        from: &settings.from,
        to: address,
        message_id: &format!("<test.{id}@{}>", outbox::MESSAGE_ID_HOST),
        date: now,
        name: format!("{}-test-{id}", now.format("%Y%m%d")),
    };
    let refused = |reason: String| {
        Error::from(UserError { code: "MAIL_NOT_SENT", field: None, message: no_way_out(&reason) })
    };
    let parcel = compose(head, letter).map_err(refused)?;
    let send = async {
        let mut line = settings.transport.open().await?;
        line.offer(&parcel).await?;
        line.hand_over(&parcel).await?;
        line.close().await;
        Ok(())
    };
    send.await.map_err(|fault: Fault| refused(fault.reason().to_owned()))
}

fn attempts(message: &message::Model) -> usize {
    usize::try_from(message.attempts).unwrap_or(0)
}

/// The wait after so many times before.
fn step(minutes: &[i64], times: usize) -> TimeDelta {
    TimeDelta::minutes(minutes[times.min(minutes.len() - 1)])
}

/// The wait, up to a fifth longer: what was refused together is not tried again together. By the message and not by chance, so that
/// it can be told beforehand.
fn spread(wait: TimeDelta, message: &message::Model) -> TimeDelta {
    let share = i64::from(message.id.as_bytes()[15]);
    wait + TimeDelta::seconds(wait.num_seconds() * share / (5 * 256))
}

/// Date, kind and address first, so that a folder can be read; the end of the Message-ID keeps names apart.
fn file_name(message: &message::Model) -> String {
    let hash = message.message_id.split('@').next().unwrap_or_default();
    let readable: String = message
        .address
        .chars()
        .take(64)
        .map(|c| if c.is_alphanumeric() || "@.-_".contains(c) { c } else { '_' })
        .collect();
    let tail = &hash[hash.len().saturating_sub(12)..];
    format!("{}-{}-{readable}-{tail}", message.created_at.format("%Y%m%d"), message.kind.to_value())
}

fn no_way_out(reason: &str) -> Bilingual {
    Bilingual::new(
        format!("邮件没有发出：{reason}。请检查 TONGPAN_MAIL 等设置和网络"),
        format!("the mail was not sent: {reason}. Please check TONGPAN_MAIL and the network"),
    )
}

fn report(tally: &Tally) {
    if let Some(trouble) = &tally.trouble {
        tracing::warn!("{}", trouble.zh);
    }
    if *tally != Tally::default() {
        tracing::info!(
            sent = tally.sent,
            failed = tally.failed,
            retry = tally.retry,
            missed = tally.missed,
            stale = tally.stale,
            unknown = tally.unknown,
            put_off = tally.put_off,
            "outbox"
        );
    }
}

#[cfg(test)]
mod tests;
