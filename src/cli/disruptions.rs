//! Commands about what upsets a term: people away, rooms closed, days that change, sessions that come to it.

use chrono::{NaiveDate, TimeDelta};
use clap::{Args, Subcommand};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::context::{Context, find_room, find_school};
use super::output;
use crate::calendar::closures::{self, NewClosure};
use crate::calendar::edit::{self, DaySetting};
use crate::entity::values::{DayKind, SessionState};
use crate::entity::{absence, programme, research_session, room, room_closure, school, teacher};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::people::{self, absences};
use crate::plans::time::start_of;
use crate::rows;
use crate::scope::Scope;
use crate::sessions::programmes;
use crate::sessions::reading::{self, SessionFilter};

/// 请假。
#[derive(Debug, Subcommand)]
pub enum AbsenceCommand {
    /// 登记请假：这些天不再安排此人
    Add {
        /// 工号
        number: String,
        #[command(flatten)]
        days: Days,
    },
    /// 列出请假
    List,
    /// 结束请假；最后一天早于第一天，则删去误登的记录
    End {
        /// 请假标识（见 tongpan absence list）
        absence: String,
        /// 请假的最后一天，如 2026-09-18
        #[arg(long)]
        until: NaiveDate,
    },
}

/// 场地停用与恢复。
#[derive(Debug, Subcommand)]
pub enum RoomCommand {
    /// 停用场地
    Close {
        /// 学校
        school: String,
        /// 场地
        room: String,
        #[command(flatten)]
        days: Days,
    },
    /// 列出停用的场地
    Closed,
    /// 恢复使用
    Open {
        /// 停用标识（见 tongpan room closed）
        closure: String,
        /// 停用的最后一天，如 2026-09-18
        #[arg(long)]
        until: NaiveDate,
    },
}

/// 校历。
#[derive(Debug, Subcommand)]
pub enum DayCommand {
    /// 设定某天：放假、考试、正常上课等；只对一所学校的，写 --school
    Set {
        /// 日期，如 2026-09-16
        day: NaiveDate,
        /// 类型：放假、调休上班、考试、质量监测、活动、正常上课
        #[arg(long, default_value = "放假")]
        kind: String,
        /// 学校；默认为全县
        #[arg(long)]
        school: Option<String>,
        /// 执行星期几的课表（1–7）
        #[arg(long)]
        timetable: Option<i32>,
        /// 说明，如“台风停课”
        #[arg(long)]
        name: Option<String>,
    },
}

/// 教研计划。
#[derive(Debug, Subcommand)]
pub enum ProgrammeCommand {
    /// 增加几次活动，排期后定时间
    Extend {
        /// 教研计划标识
        programme: String,
        /// 增加几次
        #[arg(long, default_value_t = 1)]
        sessions: i32,
    },
}

/// 从哪天到哪天，为什么。
#[derive(Debug, Args)]
pub struct Days {
    /// 第一天，如 2026-09-14
    #[arg(long)]
    from: NaiveDate,
    /// 最后一天；不写则到另行通知为止
    #[arg(long)]
    until: Option<NaiveDate>,
    /// 原因，只供办公室查看
    #[arg(long)]
    reason: String,
}

/// Records, lists and ends absences.
pub async fn absence(context: &Context, command: AbsenceCommand) -> Result<()> {
    let scope = context.scope().await?;
    match command {
        AbsenceCommand::Add { number, days } => {
            let teacher = people::by_number(&scope.database, scope.district.id, &number).await?;
            let teacher = teacher.ok_or_else(|| unknown_number(&number))?;
            let Days { from: from_on, until: until_on, reason } = days;
            let teacher_id = teacher.id;
            let row =
                absences::add(&scope, absences::NewAbsence { teacher_id, from_on, until_on, reason }).await?;
            let id = Kind::Absence.id(row.id);
            let filter = SessionFilter { teacher_id: Some(teacher_id), ..SessionFilter::default() };
            let text = format!("已登记{}请假（{id}）。", teacher.name);
            tell_of_sessions(context, &scope, filter, (from_on, until_on), &Done { id, text }).await
        }
        AbsenceCommand::List => list_absences(context, &scope).await,
        AbsenceCommand::End { absence, until } => {
            let row = found::<absence::Entity>(&scope, Kind::Absence, &absence).await?;
            let after = absences::end(&scope, row.id, row.version, until).await?;
            let text = match after.version == row.version {
                true => "已删去这条请假记录。".to_owned(),
                false => format!("请假到{until}为止。"),
            };
            Done { id: Kind::Absence.id(row.id), text }.tell(context)
        }
    }
}

/// Closes and opens rooms.
pub async fn room(context: &Context, command: RoomCommand) -> Result<()> {
    let scope = context.scope().await?;
    match command {
        RoomCommand::Close { school, room, days } => {
            let school = find_school(&scope, &school).await?;
            let room = find_room(&scope, school.id, &room).await?;
            let Days { from: from_on, until: until_on, reason } = days;
            let new = NewClosure { room_id: room.id, from_on, until_on, reason };
            let row = closures::close(&scope, new).await?;
            let id = Kind::RoomClosure.id(row.id);
            let filter = SessionFilter { room_id: Some(room.id), ..SessionFilter::default() };
            let text = format!("已停用{} {}（{id}）。", school.name, room.name);
            tell_of_sessions(context, &scope, filter, (from_on, until_on), &Done { id, text }).await
        }
        RoomCommand::Closed => list_closures(context, &scope).await,
        RoomCommand::Open { closure, until } => {
            let row = found::<room_closure::Entity>(&scope, Kind::RoomClosure, &closure).await?;
            let after = closures::open(&scope, row.id, row.version, until).await?;
            let text = match after.version == row.version {
                true => "已删去这条停用记录。".to_owned(),
                false => format!("停用到{until}为止。"),
            };
            Done { id: Kind::RoomClosure.id(row.id), text }.tell(context)
        }
    }
}

/// Sets what a day is.
pub async fn day(context: &Context, command: DayCommand) -> Result<()> {
    let scope = context.scope().await?;
    let DayCommand::Set { day, kind, school, timetable, name } = command;
    let kind = DayKind::from_zh(&kind).ok_or_else(|| unknown_kind(&kind))?;
    let school_id = match &school {
        Some(name) => Some(find_school(&scope, name).await?.id),
        None => None,
    };
    let known = edit::school_days(&scope, day, day, school_id).await?;
    let expected_version = known.iter().find(|row| row.school_id == school_id).map(|row| row.version);
    let setting =
        DaySetting { day_on: day, school_id, kind, timetable_weekday: timetable, name, expected_version };
    let row = edit::set_day(&scope, setting).await?;
    let done = Done { id: Kind::SchoolDay.id(row.id), text: format!("{day}已设为“{}”。", kind.zh()) };
    let filter = SessionFilter { school_id, ..SessionFilter::default() };
    tell_of_sessions(context, &scope, filter, (day, Some(day)), &done).await
}

/// Adds sessions to a programme.
pub async fn programme(context: &Context, command: ProgrammeCommand) -> Result<()> {
    let scope = context.scope().await?;
    let ProgrammeCommand::Extend { programme, sessions } = command;
    let row = found::<programme::Entity>(&scope, Kind::Programme, &programme).await?;
    let after = programmes::extend(&scope, row.id, row.version, sessions).await?;
    let text = format!("“{}”现有{}次活动，新增的待排期。", after.topic, after.count);
    Done { id: Kind::Programme.id(after.id), text }.tell(context)
}

/// What a command has done: the row it wrote, and how it says so.
struct Done {
    id: String,
    text: String,
}

impl Done {
    fn tell(&self, context: &Context) -> Result<()> {
        if context.json() {
            return output::json(&json!({ "id": self.id }));
        }
        println!("{}", self.text);
        Ok(())
    }
}

/// Says what was done, how many published sessions fall on those days, and what to do about them.
async fn tell_of_sessions(
    context: &Context,
    scope: &Scope,
    filter: SessionFilter,
    (from, until): (NaiveDate, Option<NaiveDate>),
    done: &Done,
) -> Result<()> {
    let filter = SessionFilter {
        state: Some(SessionState::Published),
        from: Some(start_of(scope, from)),
        until: until.map(|until| start_of(scope, until + TimeDelta::days(1))),
        ..filter
    };
    let touched =
        reading::sessions(filter).filter(research_session::Column::DistrictId.eq(scope.district.id));
    let count = touched.count(scope.reader()).await?;
    if context.json() {
        return output::json(&json!({ "id": done.id, "publishedSessions": count }));
    }
    println!("{}", done.text);
    match count {
        0 => println!("这些天没有与此有关的已发布活动。"),
        count => println!("有{count}次已发布的活动与此有关：用 tongpan solve --replan 重排，改动最少。"),
    }
    Ok(())
}

async fn list_absences(context: &Context, scope: &Scope) -> Result<()> {
    let rows = absences::absences(None, None)
        .filter(absence::Column::DistrictId.eq(scope.district.id))
        .order_by_asc(absence::Column::FromOn)
        .all(scope.reader())
        .await?;
    let people = teacher::Entity::find()
        .filter(teacher::Column::DistrictId.eq(scope.district.id))
        .filter(teacher::Column::Id.is_in(rows.iter().map(|row| row.teacher_id)))
        .all(scope.reader())
        .await?;
    let spans = rows.iter().filter_map(|row| {
        let who = people.iter().find(|teacher| teacher.id == row.teacher_id)?;
        let whose = format!("{} {}", who.number, who.name);
        Some(Span {
            id: Kind::Absence.id(row.id),
            whose,
            days: (row.from_on, row.until_on),
            reason: &row.reason,
        })
    });
    print_spans(context, "教职工", "没有请假记录。", spans.collect())
}

async fn list_closures(context: &Context, scope: &Scope) -> Result<()> {
    let rows = closures::closures(None, None)
        .filter(room_closure::Column::DistrictId.eq(scope.district.id))
        .order_by_asc(room_closure::Column::FromOn)
        .all(scope.reader())
        .await?;
    let rooms = room::Entity::find()
        .filter(room::Column::DistrictId.eq(scope.district.id))
        .filter(room::Column::Id.is_in(rows.iter().map(|row| row.room_id)))
        .all(scope.reader())
        .await?;
    let schools = school::Entity::find()
        .filter(school::Column::DistrictId.eq(scope.district.id))
        .all(scope.reader())
        .await?;
    let spans = rows.iter().filter_map(|row| {
        let room = rooms.iter().find(|room| room.id == row.room_id)?;
        let school = schools.iter().find(|school| school.id == room.school_id)?;
        let whose = format!("{} {}", school.name, room.name);
        Some(Span {
            id: Kind::RoomClosure.id(row.id),
            whose,
            days: (row.from_on, row.until_on),
            reason: &row.reason,
        })
    });
    print_spans(context, "场地", "没有停用的场地。", spans.collect())
}

/// A stretch of days, as lists print it.
struct Span<'a> {
    id: String,
    whose: String,
    days: (NaiveDate, Option<NaiveDate>),
    reason: &'a str,
}

fn print_spans(context: &Context, heading: &str, none: &str, spans: Vec<Span<'_>>) -> Result<()> {
    if context.json() {
        let rows = spans.iter().map(|span| {
            json!({
                "id": span.id,
                "whose": span.whose,
                "fromOn": span.days.0,
                "untilOn": span.days.1,
                "reason": span.reason,
            })
        });
        return output::json(&json!(rows.collect::<Vec<_>>()));
    }
    if spans.is_empty() {
        println!("{none}");
        return Ok(());
    }
    let mut table = output::table([heading, "第一天", "最后一天", "原因", "标识"]);
    for span in spans {
        let until = span.days.1.map_or_else(|| "另行通知".to_owned(), |until| until.to_string());
        table.add_row([span.whose, span.days.0.to_string(), until, span.reason.to_owned(), span.id]);
    }
    println!("{table}");
    Ok(())
}

/// The row that an identifier names.
pub(super) async fn found<E: EntityTrait>(scope: &Scope, kind: Kind, text: &str) -> Result<E::Model> {
    let id = kind.parse(text).ok_or(Error::NotFound(kind))?;
    let select = E::find().filter(rows::id_column::<E>().eq(id));
    let row = rows::in_district(scope.district.id, select).one(scope.reader()).await?;
    row.ok_or(Error::NotFound(kind))
}

pub(super) fn unknown_number(number: &str) -> Error {
    UserError::new(
        "UNKNOWN_NUMBER",
        format!("没有工号为“{number}”的教职工"),
        format!("nobody has the staff number {number:?}"),
    )
    .into()
}

fn unknown_kind(word: &str) -> Error {
    let kinds: Vec<&str> = DayKind::ALL.iter().map(|kind| kind.zh()).collect();
    UserError::new(
        "DAY_KIND",
        format!("没有“{word}”这种校历日；可写：{}", kinds.join("、")),
        format!("{word:?} is no kind of day; there are: {}", kinds.join(", ")),
    )
    .into()
}
