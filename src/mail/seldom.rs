//! A prompt that is not asked all the time.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;

use super::Prompt;
use crate::error::Result;
use crate::scope::Scope;

/// At most once in this time.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

/// Passes the question on at most once a minute: a worker with nothing to send asks every few seconds.
#[derive(Debug)]
pub struct Seldom<P> {
    prompt: P,
    asked: Mutex<Option<DateTime<Utc>>>,
}

impl<P> Seldom<P> {
    /// The same prompt, asked seldom.
    pub fn new(prompt: P) -> Self {
        Self { prompt, asked: Mutex::new(None) }
    }

    /// Whether it is time to ask again; a clock that was put back makes it so.
    fn is_time(&self, now: DateTime<Utc>) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if asked.is_some_and(|at| (at..at + PAUSE).contains(&now)) {
            return false;
        }
        *asked = Some(now);
        true
    }
}

impl<P: Prompt> Prompt for Seldom<P> {
    fn prompt<'a>(&'a self, scope: &'a Scope) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if !self.is_time(scope.now()) {
                return Ok(());
            }
            self.prompt.prompt(scope).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn it_is_asked_once_a_minute_and_again_when_the_clock_was_put_back() {
        let at = |minute, second| Utc.with_ymd_and_hms(2026, 9, 1, 8, minute, second).unwrap();
        let seldom = Seldom::new(());
        let asked =
            [at(0, 0), at(0, 5), at(0, 59), at(1, 0), at(1, 1), at(0, 30)].map(|now| seldom.is_time(now));
        assert_eq!(asked, [true, false, false, true, false, true]);
    }
}
