//! From options to a scope: which database, which district, which now.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::Shared;
use crate::clock::Clock;
use crate::database::Database;
use crate::entity::{district, education_group, plan, room, school, term};
use crate::error::{Error, Language, Result, UserError};
use crate::id::{self, Kind};
use crate::plans::drafts::listed;
use crate::plans::standing::Which;
use crate::scope::{Actor, Scope};

/// Zone of new districts.
const ZONE: Tz = Tz::Asia__Shanghai;
/// Minutes for which a new district's mails wait after publishing.
const HOLD_MINUTES: i32 = 2;
/// Name of a district nobody has named yet.
pub const UNNAMED: &str = "本县";

/// What every command starts from.
pub struct Context {
    shared: Shared,
    /// The now of this command; with `--as-of` it stands still, so that one command's mails are due for the next.
    pub clock: Clock,
}

impl Context {
    /// Reads the shared options.
    ///
    /// # Errors
    /// `Rejected` when `--as-of` is no date.
    pub fn new(shared: Shared) -> Result<Self> {
        let clock = match &shared.as_of {
            Some(text) => Clock::fixed(parse_now(text)?),
            None => Clock::system(),
        };
        Ok(Self { shared, clock })
    }

    /// A clock that runs on from the now of this command, for what keeps running.
    pub fn ticking(&self) -> Clock {
        if self.shared.as_of.is_some() { Clock::starting_at(self.clock.now()) } else { self.clock.clone() }
    }

    /// Whether output is for programs.
    pub fn json(&self) -> bool {
        self.shared.json
    }

    /// Language of messages.
    pub fn language(&self) -> Language {
        self.shared.language()
    }

    /// Opens a database that is there and brings it up to date.
    ///
    /// # Errors
    /// `Rejected` when there is no such file: a mistyped path makes no new database.
    pub async fn database(&self) -> Result<Database> {
        let url = &self.shared.database;
        if let Some(path) = crate::database::sqlite_path(url).filter(|path| !path.exists()) {
            return Err(no_database(path));
        }
        Database::open(url).await
    }

    /// Opens the database, or makes it, and brings it up to date.
    pub async fn database_or_new(&self) -> Result<Database> {
        Database::open(&self.shared.database).await
    }

    /// Opens the database in the district meant.
    ///
    /// # Errors
    /// `Rejected` when there is none yet, or several and none is named.
    pub async fn scope(&self) -> Result<Scope> {
        let database = self.database().await?;
        let district = self.find_district(&database).await?.ok_or_else(nothing_imported)?;
        Ok(self.scope_of(database, district))
    }

    /// Like [`Context::scope`], but of a district still to be written when there is none: the import that fills it writes it.
    /// With `another`, a further district of the name in `--district`.
    pub async fn scope_or_new(&self, another: bool) -> Result<Scope> {
        let database = self.database_or_new().await?;
        let name = self.shared.district.as_deref();
        let district = match self.find_district(&database).await {
            Ok(Some(district)) => district,
            Ok(None) => new_district(name.unwrap_or(UNNAMED), false),
            // It is named, and none has that name.
            Err(Error::Rejected(_)) if another && name.is_some() => {
                new_district(name.unwrap_or(UNNAMED), false)
            }
            Err(error) => return Err(error),
        };
        Ok(self.scope_of(database, district))
    }

    /// A scope for this command.
    pub fn scope_of(&self, database: Database, district: district::Model) -> Scope {
        Scope {
            database,
            clock: self.clock.clone(),
            district,
            actor: Actor::Program("cli"),
            request_id: id::new().to_string(),
        }
    }

    async fn find_district(&self, database: &Database) -> Result<Option<district::Model>> {
        let rows =
            district::Entity::find().order_by_asc(district::Column::Name).all(database.reader()).await?;
        match &self.shared.district {
            Some(name) => match rows.iter().find(|row| row.name == *name) {
                Some(row) => Ok(Some(row.clone())),
                None if rows.is_empty() => Ok(None),
                // It was imported before anybody named it; the next import that changes something writes the name.
                None if rows.len() == 1 && rows[0].name == UNNAMED => {
                    Ok(rows.into_iter().next().map(|row| district::Model { name: name.clone(), ..row }))
                }
                None => Err(unknown_district(name, &rows)),
            },
            None if rows.len() > 1 => Err(several_districts(&rows)),
            None => Ok(rows.into_iter().next()),
        }
    }
}

/// A district that is not written yet.
pub fn new_district(name: &str, demo: bool) -> district::Model {
    district::Model {
        id: id::new(),
        name: name.to_owned(),
        zone: ZONE.name().to_owned(),
        demo,
        hold_minutes: HOLD_MINUTES,
        version: 1,
    }
}

/// Reads `2026-08-24`, taken as 08:00, or `2026-08-24T14:30`, in the zone of new districts.
fn parse_now(text: &str) -> Result<DateTime<Utc>> {
    let morning = NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default();
    let date = text.parse::<NaiveDate>().map(|date| date.and_time(morning));
    let local = date.or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")).ok();
    let instant = local.and_then(|local| ZONE.from_local_datetime(&local).earliest());
    instant.map(|instant| instant.with_timezone(&Utc)).ok_or_else(|| {
        UserError::new(
            "AS_OF",
            format!("--as-of “{text}”不是日期，请写成 2026-08-24 或 2026-08-24T14:30"),
            format!("--as-of {text:?} is no date: write 2026-08-24 or 2026-08-24T14:30"),
        )
        .into()
    })
}

fn no_database(path: &std::path::Path) -> Error {
    let path = path.display();
    UserError::new(
        "NO_DATABASE",
        format!("没有找到数据库文件 {path}：请核对 --database，或先用 tongpan import 工作簿.xlsx 导入"),
        format!("there is no database file {path}: check --database, or import a workbook first"),
    )
    .into()
}

fn nothing_imported() -> Error {
    UserError::new(
        "NOTHING_IMPORTED",
        "数据库里还没有数据：请先用 tongpan import 工作簿.xlsx 导入，或用 tongpan dev 看演示",
        "the database is empty: import a workbook with `tongpan import FILE.xlsx`, or look at `tongpan dev`",
    )
    .into()
}

fn names(rows: &[district::Model]) -> String {
    rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join("、")
}

fn unknown_district(name: &str, rows: &[district::Model]) -> Error {
    UserError::new(
        "UNKNOWN_DISTRICT",
        format!("没有名为“{name}”的区县；已有：{}。要新建，请在导入时加 --new-district", names(rows)),
        format!(
            "there is no district {name:?}; there are: {}. To make it, import with --new-district",
            names(rows)
        ),
    )
    .into()
}

fn several_districts(rows: &[district::Model]) -> Error {
    UserError::new(
        "WHICH_DISTRICT",
        format!("库中有多个区县，请用 --district 指明：{}", names(rows)),
        format!("there are several districts, name one with --district: {}", names(rows)),
    )
    .into()
}

/// The term meant: by name or part of it, else the one that runs now, else the next, else the last.
///
/// # Errors
/// `Rejected` when there is none, or the name fits none or several.
pub async fn find_term(scope: &Scope, name: Option<&str>) -> Result<term::Model> {
    let rows = term::Entity::find()
        .filter(term::Column::DistrictId.eq(scope.district.id))
        .order_by_asc(term::Column::StartsOn)
        .all(scope.reader())
        .await?;
    let today = scope.now().with_timezone(&scope.zone()).date_naive();
    let Some(name) = name else {
        let current = rows.iter().find(|term| today <= term.ends_on).or(rows.last()).cloned();
        return current.ok_or_else(|| no_such("学期", "term", "", &[]));
    };
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    one_by_name(&names, name).map(|ix| rows[ix].clone()).ok_or_else(|| no_such("学期", "term", name, &names))
}

/// The group meant, by name or part of it.
///
/// # Errors
/// `Rejected` when the name fits none or several.
pub async fn find_group(scope: &Scope, name: &str) -> Result<education_group::Model> {
    let rows = education_group::Entity::find()
        .filter(education_group::Column::DistrictId.eq(scope.district.id))
        .order_by_asc(education_group::Column::Name)
        .all(scope.reader())
        .await?;
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    one_by_name(&names, name).map(|ix| rows[ix].clone()).ok_or_else(|| no_such("集团", "group", name, &names))
}

/// The school meant, by name or part of it.
///
/// # Errors
/// `Rejected` when the name fits none or several.
pub async fn find_school(scope: &Scope, name: &str) -> Result<school::Model> {
    let rows = school::Entity::find()
        .filter(school::Column::DistrictId.eq(scope.district.id))
        .order_by_asc(school::Column::Code)
        .all(scope.reader())
        .await?;
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    one_by_name(&names, name)
        .map(|ix| rows[ix].clone())
        .ok_or_else(|| no_such("学校", "school", name, &names))
}

/// The room of a school meant, by name or part of it.
///
/// # Errors
/// `Rejected` when the name fits none or several.
pub async fn find_room(scope: &Scope, school_id: Uuid, name: &str) -> Result<room::Model> {
    let rows = room::Entity::find()
        .filter(room::Column::DistrictId.eq(scope.district.id))
        .filter(room::Column::SchoolId.eq(school_id))
        .order_by_asc(room::Column::Name)
        .all(scope.reader())
        .await?;
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    one_by_name(&names, name).map(|ix| rows[ix].clone()).ok_or_else(|| no_such("场地", "room", name, &names))
}

/// The plan meant: by number or identifier, else the newest draft that lists show, else the newest.
///
/// # Errors
/// `Rejected` when there is none.
pub async fn find_plan(scope: &Scope, which: Option<&str>) -> Result<plan::Model> {
    let mut select = plan::Entity::find()
        .filter(plan::Column::DistrictId.eq(scope.district.id))
        .order_by_desc(plan::Column::Number);
    if which.is_none() {
        select = select.filter(listed(scope.district.id));
    }
    let rows = select.all(scope.reader()).await?;
    let found = match which {
        None => rows.iter().find(|row| row.published_at.is_none()).or(rows.first()),
        Some(text) => {
            let id: Option<Uuid> = Kind::Plan.parse(text);
            rows.iter().find(|row| Some(row.id) == id || row.number.to_string() == text)
        }
    };
    found.cloned().ok_or_else(|| {
        UserError::new(
            "NO_SUCH_PLAN",
            format!(
                "没有找到方案{}：请用 tongpan plan list 查看，或先用 tongpan solve 排期",
                which.unwrap_or("")
            ),
            "there is no such plan: see `tongpan plan list`, or make one with `tongpan solve`",
        )
        .into()
    })
}

/// What is published in the term meant, of the group meant or of all.
///
/// # Errors
/// `Rejected` when a name fits none or several.
pub async fn published(scope: &Scope, term: Option<&str>, group: Option<&str>) -> Result<Which> {
    let term_id = find_term(scope, term).await?.id;
    let group_id = match group {
        Some(name) => Some(find_group(scope, name).await?.id),
        None => None,
    };
    Ok(Which::Published { term_id, group_id })
}

/// The only name that equals `wanted`, else the only one that contains it.
fn one_by_name(names: &[String], wanted: &str) -> Option<usize> {
    if let Some(exact) = names.iter().position(|name| name == wanted) {
        return Some(exact);
    }
    let mut containing = names.iter().enumerate().filter(|(_, name)| name.contains(wanted));
    match (containing.next(), containing.next()) {
        (Some((ix, _)), None) => Some(ix),
        _ => None,
    }
}

fn no_such(zh: &str, en: &str, wanted: &str, names: &[String]) -> Error {
    let message = if names.is_empty() {
        UserError::new(
            "NONE_YET",
            format!("还没有{zh}：请先导入工作簿"),
            format!("there is no {en} yet: import a workbook first"),
        )
    } else {
        UserError::new(
            "NO_SUCH_NAME",
            format!("“{wanted}”不能确定是哪个{zh}；已有：{}", names.join("、")),
            format!("{wanted:?} does not name one {en}; there are: {}", names.join(", ")),
        )
    };
    message.into()
}
