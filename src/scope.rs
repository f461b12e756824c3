//! What every operation is given: the district, who acts, the clock and the database.

use std::sync::Mutex;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use sea_orm::{DatabaseConnection, DatabaseTransaction};
use uuid::Uuid;

use crate::audit;
use crate::clock::Clock;
use crate::database::Database;
use crate::entity::{audit_entry, district};
use crate::error::Result;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A program: `cli`, `worker`.
    Program(&'static str),
    /// A person on the staff list.
    Person {
        /// Her row.
        id: Uuid,
        /// Her staff number: what the audit log keeps.
        number: String,
    },
    /// Nobody is signed in.
    Nobody,
}

impl Actor {
    /// As the audit log writes it.
    pub fn name(&self) -> &str {
        match self {
            Self::Program(name) => name,
            Self::Person { number, .. } => number,
            Self::Nobody => "anonymous",
        }
    }
}

/// One request or command: within a district, by somebody.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Where data lies.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// The tenant.
    pub district: district::Model,
    /// Who acts.
    pub actor: Actor,
    /// Identifier of the request or command: ties log, audit and error together.
    pub request_id: String,
}

impl Scope {
    /// For queries outside a transaction.
    pub fn reader(&self) -> &DatabaseConnection {
        self.database.reader()
    }

    /// The current instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Today, in the district's zone.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.zone()).date_naive()
    }

    /// The district's time zone; Asia/Shanghai when its name is unknown.
    pub fn zone(&self) -> Tz {
        self.district.zone.parse().unwrap_or(Tz::Asia__Shanghai)
    }

    /// How long mails wait after publishing.
    pub fn hold(&self) -> TimeDelta {
        TimeDelta::minutes(self.district.hold_minutes.into())
    }

    /// Begins a transaction that writes and keeps its audit.
    pub async fn begin(&self) -> Result<Txn> {
        Ok(Txn { inner: self.database.begin().await?, scope: self.clone(), entries: Mutex::new(Vec::new()) })
    }
}

/// A transaction with its audit entries, which are written with it or not at all.
#[derive(Debug)]
pub struct Txn {
    inner: DatabaseTransaction,
    scope: Scope,
    entries: Mutex<Vec<audit_entry::ActiveModel>>,
}

impl Txn {
    /// The scope it was begun in.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The tenant's identifier.
    pub fn district_id(&self) -> Uuid {
        self.scope.district.id
    }

    /// Keeps an audit entry until the commit.
    pub fn remember(&self, entry: audit_entry::ActiveModel) {
        self.entries.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(entry);
    }

    /// Writes the audit entries and commits. Dropping instead undoes everything.
    pub async fn commit(self) -> Result<()> {
        let entries = self.entries.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        audit::write(&self.inner, entries).await?;
        self.inner.commit().await?;
        Ok(())
    }
}

impl std::ops::Deref for Txn {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}
