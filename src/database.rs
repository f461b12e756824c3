//! The database: SQLite embedded by default, PostgreSQL by URL. Whatever differs between the two stands in this file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::error::{Error, Result, UserError};

/// Key of PostgreSQL's advisory lock under which migrations run.
const MIGRATION_LOCK: i64 = 0x746f_6e67_7061_6e01;
/// How long a PostgreSQL server may take to answer before it counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(10);
/// Readers of an SQLite file beside its one writer.
const SQLITE_READERS: u32 = 4;

/// Open connections: readers and, on SQLite, a single writer.
#[derive(Debug, Clone)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    file: Option<PathBuf>,
}

impl Database {
    /// Opens `url` (`sqlite:PATH` or `postgres://…`) and brings the schema up to date.
    ///
    /// # Errors
    /// `Rejected` when the URL names neither, or the schema is newer than this program.
    pub async fn open(url: &str) -> Result<Self> {
        let database = Self::connect(url).await?;
        database.migrate().await?;
        Ok(database)
    }

    /// Opens `url` without touching the schema.
    pub async fn connect(url: &str) -> Result<Self> {
        if let Some(path) = sqlite_path(url) {
            return Self::sqlite(path).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(16)
                .connect_timeout(PATIENCE)
                .acquire_timeout(PATIENCE)
                .sqlx_logging(false);
            let connection = sea_orm::Database::connect(options).await.map_err(unreachable_database)?;
            return Ok(Self { read: connection.clone(), write: connection, file: None });
        }
        Err(UserError::new(
            "DATABASE_URL",
            format!("数据库地址“{url}”无法识别，请写成 sqlite:文件路径 或 postgres://用户@主机/库名"),
            format!("the database URL {url:?} is neither sqlite:PATH nor postgres://USER@HOST/NAME"),
        )
        .into())
    }

    async fn sqlite(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let open = |connections: u32| {
            let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", path.display()));
            options.max_connections(connections).sqlx_logging(false).map_sqlx_sqlite_opts(|options| {
                options
                    .foreign_keys(true)
                    .busy_timeout(Duration::from_secs(5))
                    .pragma("journal_mode", "WAL")
                    .pragma("synchronous", "NORMAL")
            });
            sea_orm::Database::connect(options)
        };
        let write = open(1).await.map_err(unreachable_database)?;
        let read = open(SQLITE_READERS).await.map_err(unreachable_database)?;
        Ok(Self { read, write, file: Some(path.to_owned()) })
    }

    /// For queries outside a transaction.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Calls `observer` with every statement of a query outside a transaction, from connections handed out after this.
    #[cfg(test)]
    pub fn observe_reads(&mut self, observer: impl Fn(&sea_orm::metric::Info<'_>) + Send + Sync + 'static) {
        self.read.set_metric_callback(observer);
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock at once: one that begins reading and
    /// then writes fails however long it waits.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Whether it is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        is_postgres(&self.write)
    }

    /// Applies the migrations that are missing, one process at a time.
    ///
    /// # Errors
    /// `Rejected` when the database was written by a newer program.
    pub async fn migrate(&self) -> Result<()> {
        let txn = self.begin().await?;
        if self.is_postgres() {
            txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        }
        if let Some(name) = unknown_migration(&txn).await? {
            return Err(UserError::new(
                "DATABASE_NEWER",
                format!("数据库由更新的版本建立（{name}），请升级本程序后再打开"),
                format!("the database was made by a newer version ({name}): please upgrade this program"),
            )
            .into());
        }
        Migrator::up(&txn, None).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Copies a live SQLite database aside and returns the copy's path; `None` on PostgreSQL, which has its own means.
    pub async fn copy_aside(&self, now: DateTime<Utc>) -> Result<Option<PathBuf>> {
        let Some(file) = &self.file else { return Ok(None) };
        let copy = file.with_extension(format!("{}.bak.sqlite", now.format("%Y%m%dT%H%M%SZ")));
        self.copy_to(&copy).await?;
        Ok(Some(copy))
    }

    /// Copies a live SQLite database to `copy`, replacing what is there.
    ///
    /// # Errors
    /// `Rejected` on PostgreSQL.
    pub async fn copy_to(&self, copy: &Path) -> Result<()> {
        if self.file.is_none() {
            return Err(UserError::new(
                "BACKUP_BY_POSTGRES",
                "PostgreSQL 请用 pg_dump 备份",
                "back up PostgreSQL with pg_dump",
            )
            .into());
        }
        if copy.exists() {
            std::fs::remove_file(copy)?;
        }
        let statement = Statement::from_sql_and_values(
            DbBackend::Sqlite,
            "VACUUM INTO ?",
            [copy.display().to_string().into()],
        );
        self.read.execute_raw(statement).await?;
        Ok(())
    }
}

/// The file that an SQLite URL names; `None` for any other URL.
pub fn sqlite_path(url: &str) -> Option<&Path> {
    Some(Path::new(url.strip_prefix("sqlite:")?.trim_start_matches("//")))
}

fn unreachable_database(error: DbErr) -> Error {
    UserError::new(
        "DATABASE_UNREACHABLE",
        format!("连接不上数据库，请核对 --database（或 TONGPAN_DATABASE_URL）中的主机、端口、用户和库名，并确认数据库已启动：{error}"),
        format!("the database cannot be reached: check host, port, user and name in --database, and that it runs: {error}"),
    )
    .into()
}

/// A migration the database has and this program does not know.
async fn unknown_migration(txn: &DatabaseTransaction) -> Result<Option<String>> {
    let known: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
    Migrator::install(txn).await?;
    let applied = Migrator::get_migration_models(txn).await?;
    Ok(applied.into_iter().map(|row| row.version).find(|version| !known.contains(version)))
}

/// Whether a connection is to PostgreSQL.
pub fn is_postgres(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DbBackend::Postgres
}

/// Whether a write was refused because a person or room is taken at that time.
pub fn is_double_booking(error: &DbErr) -> bool {
    error.to_string().contains("booking_no_overlap")
}
