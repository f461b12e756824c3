//! Rows by identifier or reference, gathered: one statement for all that a level of a query asks for.

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Result};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityName, EntityTrait, IdenStatic, ModelTrait, QueryFilter, QueryOrder, Value};
use uuid::Uuid;

use crate::error::Error;
use crate::graphql::errors::fault;
use crate::graphql::request::{day, request};
use crate::rows::{column_named, id_column, in_district};
use crate::scope::Scope;

/// An object over a row.
pub trait Over: From<<Self::Table as EntityTrait>::Model> {
    /// Where its rows lie.
    type Table: EntityTrait<Model: Sync>;
}

/// Declares an object over the rows of a table; `dated` ones hold from a day until a day.
macro_rules! object_over {
    ($(#[doc = $doc:literal])+ $name:ident, $table:ident) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone)]
        pub struct $name(pub $table::Model);

        impl From<$table::Model> for $name {
            fn from(row: $table::Model) -> Self {
                Self(row)
            }
        }

        impl $crate::graphql::Over for $name {
            type Table = $table::Entity;
        }
    };
    ($(#[doc = $doc:literal])+ $name:ident, $table:ident, dated) => {
        $crate::graphql::object_over!($(#[doc = $doc])+ $name, $table);

        impl $crate::graphql::Dated for $name {
            fn span(&self) -> (chrono::NaiveDate, Option<chrono::NaiveDate>) {
                (self.0.from_on, self.0.until_on)
            }
        }
    };
}
pub(crate) use object_over;

/// Something that holds from a day until a day.
pub trait Dated {
    /// First and last day.
    fn span(&self) -> (NaiveDate, Option<NaiveDate>);

    /// Whether it holds on a day.
    fn holds(&self, on: NaiveDate) -> bool {
        let (from, until) = self.span();
        from <= on && until.is_none_or(|until| on <= until)
    }
}

/// Rows of `E` whose `column` is a value.
pub struct Where<E> {
    column: &'static str,
    is: Uuid,
    table: PhantomData<fn() -> E>,
}

impl<E: EntityTrait> Where<E> {
    fn new(column: E::Column, is: Uuid) -> Self {
        Self { column: column.as_str(), is, table: PhantomData }
    }
}

impl<E> Clone for Where<E> {
    fn clone(&self) -> Self {
        Self { column: self.column, is: self.is, table: PhantomData }
    }
}

impl<E> PartialEq for Where<E> {
    fn eq(&self, other: &Self) -> bool {
        (self.column, self.is) == (other.column, other.is)
    }
}

impl<E> Eq for Where<E> {}

impl<E> Hash for Where<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.column, self.is).hash(state);
    }
}

/// Loads rows of any table, within the request's district.
pub struct Rows(pub Scope);

impl<E> Loader<Where<E>> for Rows
where
    E: EntityTrait<Model: Sync>,
{
    type Value = Vec<E::Model>;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[Where<E>],
    ) -> std::result::Result<HashMap<Where<E>, Self::Value>, Self::Error> {
        let mut by_column: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::new();
        for key in keys {
            by_column.entry(key.column).or_default().push(key.is);
        }
        let mut found: HashMap<Where<E>, Vec<E::Model>> = HashMap::new();
        for (name, values) in by_column {
            let Some(column) = column_named::<E>(name) else { continue };
            let rows = in_district(self.0.district.id, E::find().filter(column.is_in(values)))
                .order_by_asc(id_column::<E>())
                .all(self.0.reader())
                .await
                .map_err(|error| Arc::new(Error::from(error)))?;
            for row in rows {
                if let Value::Uuid(Some(is)) = row.get(column) {
                    found.entry(Where::new(column, is)).or_default().push(row);
                }
            }
        }
        Ok(found)
    }
}

/// The object with an identifier, if there is one in the district.
pub async fn one<T: Over>(ctx: &Context<'_>, id: impl Into<Option<Uuid>>) -> Result<Option<T>> {
    let Some(id) = id.into() else { return Ok(None) };
    let found = many::<T>(ctx, id_column::<T::Table>(), id).await?;
    Ok(found.into_iter().next())
}

/// The object a row refers to.
///
/// # Errors
/// `INTERNAL` when it is gone: the schema does not let that happen.
pub async fn the<T: Over>(ctx: &Context<'_>, id: Uuid) -> Result<T> {
    let found = one::<T>(ctx, id).await?;
    match found {
        Some(object) => Ok(object),
        None => Err(fault(
            request(ctx)?,
            Error::internal(format!("{} {id} is gone", T::Table::default().table_name())),
        )),
    }
}

/// The objects whose `column` refers to `is`, oldest first.
pub async fn many<T: Over>(
    ctx: &Context<'_>,
    column: <T::Table as EntityTrait>::Column,
    is: Uuid,
) -> Result<Vec<T>> {
    gather(ctx, vec![Where::<T::Table>::new(column, is)]).await
}

/// The objects with these identifiers that are there.
pub async fn several<T: Over>(ctx: &Context<'_>, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<T>> {
    several_by(ctx, id_column::<T::Table>(), ids).await
}

/// The objects whose `column` refers to any of `ids`.
pub async fn several_by<T: Over>(
    ctx: &Context<'_>,
    column: <T::Table as EntityTrait>::Column,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<T>> {
    gather(ctx, ids.into_iter().map(|id| Where::<T::Table>::new(column, id)).collect()).await
}

async fn gather<T: Over>(ctx: &Context<'_>, keys: Vec<Where<T::Table>>) -> Result<Vec<T>> {
    let request = request(ctx)?;
    let loaded = request.rows.load_many(keys.clone()).await;
    let mut found = loaded.map_err(|error| fault(request, Error::internal(error.to_string())))?;
    Ok(keys.iter().filter_map(|key| found.remove(key)).flatten().map(T::from).collect())
}

/// The dated facts whose `column` refers to `is` and that hold on a day, or all of them.
pub async fn dated<T: Over + Dated>(
    ctx: &Context<'_>,
    column: <T::Table as EntityTrait>::Column,
    is: Uuid,
    on: Option<NaiveDate>,
    all: bool,
) -> Result<Vec<T>> {
    let on = day(ctx, on)?;
    let mut facts = many::<T>(ctx, column, is).await?;
    facts.retain(|fact| all || fact.holds(on));
    facts.sort_by_key(|fact| fact.span().0);
    Ok(facts)
}
