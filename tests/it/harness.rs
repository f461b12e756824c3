//! The world of a test: a database of its own, a clock that stands still, a district, and somebody who acts.
//!
//! A test is written once and runs on both databases:
//!
//! ```ignore
//! #[tokio::test]
//! async fn a_school_keeps_its_name() {
//!     on_both(async |town| {
//!         let school = town.school("城东小学", Stage::Primary, Locale::Urban).await;
//!         // …
//!     })
//!     .await;
//! }
//! ```

use std::collections::HashSet;
use std::env;
use std::io::Write;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Once};

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use futures_util::FutureExt;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use tempfile::TempDir;
use tongpan::cli::letters;
use tongpan::clock::Clock;
use tongpan::database::Database;
use tongpan::entity::values::MessageState;
use tongpan::entity::{district, message};
use tongpan::error::{Language, Result};
use tongpan::mail::{Contact, Limits, Sent, Settings, Tally, Transport, Worker};
use tongpan::rotations::reminders::Reminders;
use tongpan::scope::{Actor, Scope};
use tongpan::sessions::digests::Digests;
use tongpan::{audit, id};

use crate::entities::{columns, tables};

/// Where PostgreSQL answers, as a user who may create databases. `make test` sets it.
const POSTGRES: &str = "TONGPAN_TEST_POSTGRES";

/// Where mails say that the service is reached.
pub const PUBLIC_URL: &str = "https://jiaoyan.example.com";

/// A Python with what tests/requirements.txt names. `make test` sets it.
const PYTHON: &str = "TONGPAN_TEST_PYTHON";

/// A node beside whose tests/js is installed. `make test` sets it.
const NODE: &str = "TONGPAN_TEST_NODE";

/// The mail server postfix, where the tests are root's. `make test` sets it.
const POSTFIX: &str = "TONGPAN_TEST_POSTFIX";

/// A town to act in.
pub struct Harness {
    /// What operations are given: the district 测试县, the actor `test`, a clock that stands still.
    pub scope: Scope,
    url: String,
    numbers: AtomicU32,
    sent: Arc<Mutex<Vec<Sent>>>,
}

/// Runs `test` in a fresh town on SQLite, then on PostgreSQL. Afterwards no due mail may be left, and none sent twice.
pub async fn on_both(test: impl AsyncFn(&Harness)) {
    on_both_empty(async |url| {
        let town = Harness::new(url).await;
        test(&town).await;
        town.has_sent_everything_once().await;
    })
    .await;
}

/// Runs `test` with the URL of a database without any table, on SQLite, then on PostgreSQL.
pub async fn on_both_empty(test: impl AsyncFn(&str)) {
    for backend in backends() {
        let store = Store::create(backend).await;
        let outcome = AssertUnwindSafe(test(&store.url())).catch_unwind().await;
        store.remove().await;
        if let Err(panic) = outcome {
            eprintln!("… on {backend:?}");
            resume_unwind(panic);
        }
    }
}

impl Harness {
    async fn new(url: &str) -> Self {
        let district = district::Model {
            id: id::new(),
            name: "测试县".to_owned(),
            zone: Tz::Asia__Shanghai.name().to_owned(),
            demo: false,
            hold_minutes: 0,
            version: 1,
        };
        let scope = Scope {
            database: Database::open(url).await.expect("the schema applies"),
            clock: Clock::fixed(at("2026-09-01 08:00")),
            district,
            actor: Actor::Program("test"),
            request_id: "test".to_owned(),
        };
        let (url, numbers) = (url.to_owned(), AtomicU32::new(1));
        let town = Self { scope, url, numbers, sent: Arc::default() };
        town.found_the_district().await;
        town
    }

    /// A town that another process has settled, as this one sees it.
    pub async fn settled_in(url: &str) -> Self {
        let database = Database::open(url).await.expect("the town's database");
        let found = district::Entity::find().one(database.reader()).await.expect("districts");
        let scope = Scope {
            database,
            clock: Clock::fixed(at("2026-09-01 08:00")),
            district: found.expect("the district"),
            actor: Actor::Program("test"),
            request_id: "test".to_owned(),
        };
        Self { scope, url: url.to_owned(), numbers: AtomicU32::new(1), sent: Arc::default() }
    }

    /// The same town, after its district was changed.
    pub fn in_district(&self, district: district::Model) -> Self {
        let scope = Scope { district, ..self.scope.clone() };
        let numbers = AtomicU32::new(self.numbers.load(Ordering::Relaxed));
        Self { scope, url: self.url.clone(), numbers, sent: Arc::clone(&self.sent) }
    }

    /// Where the town's database is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Writes the row every other one belongs to.
    pub async fn found_the_district(&self) {
        let txn = self.scope.begin().await.expect("a transaction");
        audit::insert(&txn, "test.setup", self.scope.district.clone()).await.expect("the district");
        txn.commit().await.expect("a commit");
    }

    /// Opens the town's database once more, with connections of its own, as another process does.
    pub async fn open_again(&self) -> Result<Database> {
        Database::open(&self.url).await
    }

    /// The same town as another process sees it.
    pub async fn another_process(&self) -> Scope {
        let database = self.open_again().await.expect("the database opens twice");
        Scope { database, ..self.scope.clone() }
    }

    /// The clock goes to `local`: `2026-09-01 08:00`.
    pub fn it_is(&self, local: &str) {
        self.scope.clock.set(at(local));
    }

    /// The program that sends the town's mail, to memory.
    pub fn worker(&self) -> Postman {
        self.worker_writing(Language::Chinese)
    }

    /// The same, writing letters about rounds of rotation in `language`.
    pub fn worker_writing(&self, language: Language) -> Postman {
        Postman(self.plain_worker(&self.scope, language))
    }

    /// The same, who also looks for digests, as the program does.
    pub fn gathering_worker(&self, language: Language) -> Postman {
        self.gathering_worker_in(&self.scope, language)
    }

    /// The same, in another process.
    pub fn gathering_worker_in(&self, scope: &Scope, language: Language) -> Postman {
        Postman(self.plain_worker(scope, language).prompted_by(Arc::new(Digests::default())))
    }

    fn plain_worker(&self, scope: &Scope, language: Language) -> Worker {
        let from =
            Contact { name: "测试县联合教研".to_owned(), address: "notice@example.com".to_owned() };
        let scope = Scope { actor: Actor::Program("worker"), ..scope.clone() };
        let settings = Settings {
            transport: Transport::Memory(Arc::clone(&self.sent)),
            from,
            public_url: Some(PUBLIC_URL.to_owned()),
            limits: Limits::default(),
        };
        let worker = Worker::new(scope, Arc::new(letters(&settings, language)), settings);
        worker.prompted_by(Arc::new(Reminders))
    }

    /// Every mail that went out, in the order of sending.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().expect("no panic while sending").clone()
    }

    /// The mails to the address that begins with `prefix`, in the order of sending.
    pub fn inbox(&self, prefix: &str) -> Vec<Sent> {
        self.sent().into_iter().filter(|mail| mail.to.starts_with(prefix)).collect()
    }

    async fn has_sent_everything_once(&self) {
        let reader = self.scope.reader();
        // Tests of the schema may take the tables away.
        if !tables(&columns(reader).await).contains("message") {
            return;
        }
        let under_way = [MessageState::Pending, MessageState::Claimed, MessageState::Data];
        let due = message::Entity::find()
            .filter(message::Column::State.is_in(under_way))
            .filter(message::Column::SendAt.lte(self.scope.now()))
            .all(reader)
            .await
            .expect("messages");
        assert!(due.is_empty(), "the outbox still holds what is due: {due:#?}");
        let mut seen = HashSet::new();
        for mail in self.sent() {
            assert!(seen.insert(mail.message_id.clone()), "sent twice: {}", mail.message_id);
        }
    }

    /// A number no other row of this town was given.
    pub fn next_number(&self) -> u32 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }
}

/// Who sends the town's mail.
pub struct Postman(Worker);

impl Postman {
    /// Sends all that is due.
    pub async fn drains_outbox(&self) -> Tally {
        self.0.once().await.expect("the outbox drains")
    }
}

/// An instant, from the local time in the district: `2026-09-01 08:00`.
pub fn at(local: &str) -> DateTime<Utc> {
    let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").expect("a local time");
    local.and_local_timezone(Tz::Asia__Shanghai).unwrap().to_utc()
}

#[derive(Debug, Clone, Copy)]
enum Backend {
    Sqlite,
    Postgres,
}

/// SQLite always; PostgreSQL when there is one. Where everything must run, it may not be missing.
fn backends() -> Vec<Backend> {
    static SAID: Once = Once::new();
    if env::var_os(POSTGRES).is_some() {
        return vec![Backend::Sqlite, Backend::Postgres];
    }
    assert!(env::var("CI").as_deref() != Ok("true"), "{POSTGRES} is not set, and CI=true leaves nothing out");
    SAID.call_once(|| {
        // Straight to the terminal: what is printed in a test that passes is not shown.
        let _ = writeln!(std::io::stderr(), "left out: the suite on PostgreSQL ({POSTGRES} is not set)");
    });
    vec![Backend::Sqlite]
}

/// Python, when there is one. Where everything must run, it may not be missing.
pub fn python() -> Option<String> {
    program(PYTHON, "Python")
}

/// Node, when there is one beside whose tests/js is installed; likewise.
pub fn node() -> Option<String> {
    program(NODE, "ical.js")
}

/// The program `postfix`, when there is one and we may run it; likewise.
pub fn postfix() -> Option<String> {
    program(POSTFIX, "postfix")
}

fn program(variable: &str, name: &str) -> Option<String> {
    let path = env::var(variable).ok().filter(|path| !path.is_empty());
    if path.is_none() {
        assert!(
            env::var("CI").as_deref() != Ok("true"),
            "{variable} is not set, and CI=true leaves nothing out"
        );
        let _ = writeln!(std::io::stderr(), "left out: what is checked with {name} ({variable} is not set)");
    }
    path
}

/// An empty database that nobody else uses.
enum Store {
    File(TempDir),
    Cluster { name: String },
}

impl Store {
    async fn create(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::File(tempfile::tempdir().expect("a temporary folder")),
            Backend::Postgres => {
                let name = format!("tongpan_test_{}", id::new().simple());
                command_cluster(&format!("CREATE DATABASE {name}")).await;
                Self::Cluster { name }
            }
        }
    }

    fn url(&self) -> String {
        match self {
            Self::File(folder) => format!("sqlite:{}", folder.path().join("town.sqlite").display()),
            Self::Cluster { name } => {
                let url = cluster_url();
                let server = url.rsplit_once('/').expect("a URL that names a database").0;
                format!("{server}/{name}")
            }
        }
    }

    /// A file goes with its folder; a database is dropped, with whoever is still connected.
    async fn remove(self) {
        if let Self::Cluster { name } = self {
            command_cluster(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

fn cluster_url() -> String {
    env::var(POSTGRES).expect("the URL of a PostgreSQL cluster")
}

async fn command_cluster(statement: &str) {
    let connection = sea_orm::Database::connect(cluster_url()).await.expect("PostgreSQL answers");
    connection.execute_unprepared(statement).await.expect(statement);
    connection.close().await.expect("the connection closes");
}
