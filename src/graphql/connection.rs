//! Relay connections: pages by keyset, so that a page costs the same wherever it lies and a new row shifts nothing.

use async_graphql::connection::{Connection, CursorType, Edge, OpaqueCursor};
use async_graphql::{Context, OutputType, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    Condition, EntityTrait, Order as Direction, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    Value,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::Audited;
use crate::error::UserError;
use crate::graphql::errors::{OrFault, fault};
use crate::graphql::loaders::Over;
use crate::graphql::numbers::within;
use crate::graphql::request::request;
use crate::rows::{id_column, in_district};

/// Rows of a page when the query names no number.
const DEFAULT: usize = 50;
/// Most rows of a page.
const MOST: usize = 100;

/// A page of `T` with its total.
pub type Connected<T> = Connection<OpaqueCursor<Position>, T, Total>;

/// Beside the page.
#[derive(Debug, SimpleObject)]
pub struct Total {
    /// Number of objects on all pages.
    total_count: u64,
}

/// What rows are sorted by.
#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize, Deserialize)]
pub enum Key {
    /// Nothing but the identifier, which rises with time.
    #[serde(rename = "a")]
    Age,
    /// Text.
    #[serde(rename = "t")]
    Text(String),
    /// A number.
    #[serde(rename = "n")]
    Number(i64),
    /// A day.
    #[serde(rename = "d")]
    Day(NaiveDate),
    /// An instant; none lies after all others.
    #[serde(rename = "i")]
    Instant(DateTime<Utc>),
}

impl Key {
    /// An instant that may be missing: such rows come last.
    pub fn instant(at: Option<DateTime<Utc>>) -> Self {
        Self::Instant(at.unwrap_or(far_future()))
    }
}

/// Stands in for an instant that is missing.
fn far_future() -> DateTime<Utc> {
    DateTime::from_timestamp(253_370_764_800, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

impl Key {
    fn value(self) -> Option<Value> {
        match self {
            Self::Age => None,
            Self::Text(text) => Some(text.into()),
            Self::Number(number) => Some(number.into()),
            Self::Day(day) => Some(day.into()),
            Self::Instant(at) => Some(at.into()),
        }
    }
}

/// Where a row lies in its list; what a cursor holds.
#[derive(Debug, Clone, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Position(pub Key, pub Uuid);

/// An order of rows: by a key, then by identifier.
pub struct Order<E: EntityTrait> {
    by: Option<SimpleExpr>,
    key: fn(&E::Model) -> Key,
    descending: bool,
}

impl<E: EntityTrait> Order<E> {
    /// By a column without gaps.
    pub fn by(column: E::Column, key: fn(&E::Model) -> Key) -> Self {
        Self { by: Some(Expr::col((E::default(), column))), key, descending: false }
    }

    /// By identifier alone: in the order the rows were made.
    pub fn by_age() -> Self {
        Self { by: None, key: |_| Key::Age, descending: false }
    }

    /// By an instant that may be missing; such rows come last.
    pub fn by_instant(column: E::Column, key: fn(&E::Model) -> Key) -> Self {
        let by = Expr::col((E::default(), column)).if_null(Expr::val(far_future()));
        Self { by: Some(by), key, descending: false }
    }

    /// The other way round.
    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    /// The rows on one side of a position.
    fn beyond(&self, Position(key, id): Position, greater: bool) -> Condition {
        let own = Expr::col((E::default(), id_column::<E>()));
        let own = if greater { own.gt(id) } else { own.lt(id) };
        let (Some(by), Some(value)) = (self.by.clone(), key.value()) else {
            return Condition::all().add(own);
        };
        let value = Expr::val(value);
        let further = match greater {
            true => by.clone().gt(value.clone()),
            false => by.clone().lt(value.clone()),
        };
        Condition::any().add(further).add(by.eq(value).and(own))
    }
}

/// The part of a list that a query asks for, as Relay writes it.
#[derive(Debug, Default)]
pub struct Page {
    size: Option<(&'static str, i32)>,
    backward: bool,
    after: Option<String>,
    before: Option<String>,
    both: bool,
}

impl Page {
    /// From the four arguments of a connection.
    pub fn new(first: Option<i32>, after: Option<String>, last: Option<i32>, before: Option<String>) -> Self {
        let both = first.is_some() && last.is_some();
        let size = first.map(|size| ("first", size)).or(last.map(|size| ("last", size)));
        Self { size, backward: last.is_some(), after, before, both }
    }

    fn read(self) -> crate::error::Result<Slice> {
        if self.both {
            return Err(first_and_last().into());
        }
        let size = match self.size {
            None => DEFAULT,
            Some((argument, size)) => within(argument, size, 0..=MOST as i64)?,
        };
        Ok(Slice {
            size,
            backward: self.backward,
            after: self.after.as_deref().map(position).transpose()?,
            before: self.before.as_deref().map(position).transpose()?,
        })
    }
}

struct Slice {
    size: usize,
    backward: bool,
    after: Option<Position>,
    before: Option<Position>,
}

fn first_and_last() -> UserError {
    UserError::new(
        "INVALID_PAGE",
        "first 与 last 不能同时使用，请只写一个",
        "use either first or last, not both",
    )
}

fn position(cursor: &str) -> crate::error::Result<Position> {
    let read = OpaqueCursor::decode_cursor(cursor).map(|OpaqueCursor(position)| position);
    read.map_err(|_| {
        let (zh, en) =
            ("游标无效，请用上一页给出的游标", "the cursor is not one of ours: use one of an earlier page");
        UserError::new("INVALID_CURSOR", zh, en).into()
    })
}

/// What a connection weighs against the complexity limit: its rows times what is asked of each.
pub fn weight(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let size = first.or(last).and_then(|size| usize::try_from(size).ok()).unwrap_or(DEFAULT);
    1 + size.min(MOST) * child
}

/// A page of the rows of `select`, in `order`: one statement, and another when the total is asked for.
pub async fn page<T: Over + OutputType>(
    ctx: &Context<'_>,
    select: Select<T::Table>,
    order: Order<T::Table>,
    page: Page,
) -> Result<Connected<T>>
where
    <T::Table as EntityTrait>::Model: Audited,
{
    let request = request(ctx)?;
    let internal = |error: sea_orm::DbErr| fault(request, error.into());
    let slice = page.read().or_fault(ctx)?;
    let select = in_district(request.scope.district.id, select);
    let reader = request.scope.reader();
    let mut total = 0;
    if ctx.look_ahead().field("totalCount").exists() {
        total = select.clone().count(reader).await.map_err(internal)?;
    }
    let mut query = select;
    if let Some(after) = slice.after.clone() {
        query = query.filter(order.beyond(after, !order.descending));
    }
    if let Some(before) = slice.before.clone() {
        query = query.filter(order.beyond(before, order.descending));
    }
    let direction = if order.descending == slice.backward { Direction::Asc } else { Direction::Desc };
    if let Some(by) = order.by.clone() {
        query = query.order_by(by, direction.clone());
    }
    let mut rows = query
        .order_by(id_column::<T::Table>(), direction)
        .limit(slice.size as u64 + 1)
        .all(reader)
        .await
        .map_err(internal)?;
    let more = rows.len() > slice.size;
    rows.truncate(slice.size);
    if slice.backward {
        rows.reverse();
    }
    let rows =
        rows.into_iter().map(|row| (Position((order.key)(&row), row.row_id()), T::from(row))).collect();
    Ok(connect(rows, &slice, more, total))
}

/// A page of objects that are already here, by their positions.
pub fn page_of<T: OutputType>(
    ctx: &Context<'_>,
    objects: Vec<T>,
    at: fn(&T) -> Position,
    page: Page,
) -> Result<Connected<T>> {
    let slice = page.read().or_fault(ctx)?;
    let total = objects.len() as u64;
    let mut rows: Vec<(Position, T)> = objects.into_iter().map(|object| (at(&object), object)).collect();
    rows.sort_by(|(a, _), (b, _)| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    rows.retain(|(at, _)| slice.after.as_ref().is_none_or(|after| at > after));
    rows.retain(|(at, _)| slice.before.as_ref().is_none_or(|before| at < before));
    let more = rows.len() > slice.size;
    if slice.backward {
        rows.drain(..rows.len().saturating_sub(slice.size));
    }
    rows.truncate(slice.size);
    Ok(connect(rows, &slice, more, total))
}

fn connect<T: OutputType>(
    rows: Vec<(Position, T)>,
    slice: &Slice,
    more: bool,
    total_count: u64,
) -> Connected<T> {
    let (previous, next) = match slice.backward {
        true => (more, slice.before.is_some()),
        false => (slice.after.is_some(), more),
    };
    let mut connection = Connection::with_additional_fields(previous, next, Total { total_count });
    connection.edges = rows.into_iter().map(|(at, object)| Edge::new(OpaqueCursor(at), object)).collect();
    connection
}
