//! The only place that asks what time it is.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

/// A source of the current time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    System,
    /// Starts at an instant and ticks (the demo).
    From(DateTime<Utc>, Instant),
    /// Stands still until it is moved (tests, `--as-of`).
    Fixed(Mutex<DateTime<Utc>>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Arc::new(Kind::System))
    }

    /// A clock that reads `start` now and ticks on.
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        Self(Arc::new(Kind::From(start, Instant::now())))
    }

    /// A clock that reads `now` until it is moved.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Kind::Fixed(Mutex::new(now))))
    }

    /// The current instant, in whole seconds: what the database keeps is what the program compares.
    #[allow(clippy::disallowed_methods)]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &*self.0 {
            Kind::System => Utc::now(),
            Kind::From(start, since) => *start + TimeDelta::seconds(since.elapsed().as_secs() as i64),
            Kind::Fixed(now) => *now.lock().unwrap_or_else(|poisoned| poisoned.into_inner()),
        };
        DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now)
    }

    /// Moves a fixed clock; any other clock stays as it is.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Kind::Fixed(now) = &*self.0 {
            *now.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = to;
        }
    }
}
