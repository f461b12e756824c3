//! Rows of a district: finding one to change, and requiring that it is still what the change was made from.

use sea_orm::{
    ColumnTrait, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn, QueryFilter, QueryOrder, QuerySelect,
    Select, prelude::Uuid, sea_query::LockType,
};

use crate::entity::audit_entry;
use crate::error::{Bilingual, Conflict, Error, Result};
use crate::id::Kind;
use crate::scope::Txn;

/// A column by its name in the database.
pub fn column_named<E: EntityTrait>(name: &str) -> Option<E::Column> {
    E::Column::iter().find(|column| column.as_str() == name)
}

/// The column of the identifier: every table has one.
pub fn id_column<E: EntityTrait>() -> E::Column {
    match E::PrimaryKey::iter().next() {
        Some(key) => key.into_column(),
        None => unreachable!("every table has a key"),
    }
}

/// Restricts a query to a district.
pub fn in_district<E: EntityTrait>(district_id: Uuid, select: Select<E>) -> Select<E> {
    match column_named::<E>("district_id") {
        Some(column) => select.filter(column.eq(district_id)),
        None => select,
    }
}

/// The row of the transaction's district with an identifier.
///
/// # Errors
/// `NotFound`.
pub async fn find<E: EntityTrait>(txn: &Txn, kind: Kind, id: Uuid) -> Result<E::Model> {
    let select = E::find().filter(id_column::<E>().eq(id));
    in_district(txn.district_id(), select).one(&**txn).await?.ok_or(Error::NotFound(kind))
}

/// The same row, held until the transaction ends: nobody changes it meanwhile, and with [`LockType::Update`] nobody holds
/// it at the same time. SQLite has one writer and needs no lock.
///
/// # Errors
/// `NotFound`.
pub async fn hold<E: EntityTrait>(txn: &Txn, kind: Kind, id: Uuid, lock: LockType) -> Result<E::Model> {
    let select = E::find().filter(id_column::<E>().eq(id)).lock(lock);
    in_district(txn.district_id(), select).one(&**txn).await?.ok_or(Error::NotFound(kind))
}

/// Requires that a row still has the version a change was made from.
///
/// # Errors
/// `Stale`, saying who changed the row meanwhile and when.
pub async fn expect_version(txn: &Txn, row: Uuid, current: i32, expected: i32) -> Result<()> {
    if current == expected {
        return Ok(());
    }
    Err(changed_meanwhile(txn, row, Some(current)).await?)
}

/// The refusal of a change to a row that somebody else has changed since it was read.
pub async fn changed_meanwhile(txn: &Txn, row: Uuid, current: Option<i32>) -> Result<Error> {
    let last = audit_entry::Entity::find()
        .filter(audit_entry::Column::DistrictId.eq(txn.district_id()))
        .filter(audit_entry::Column::EntityId.eq(row))
        .order_by_desc(audit_entry::Column::At)
        .order_by_desc(audit_entry::Column::Id)
        .one(&**txn)
        .await?;
    let message = match last {
        Some(entry) => {
            let at = entry.at.with_timezone(&txn.scope().zone()).format("%Y-%m-%d %H:%M");
            Bilingual::new(
                format!("{} 已于 {at} 修改过，请看过现在的内容再改", entry.actor),
                format!("{} changed it at {at}: look at it as it is now and try again", entry.actor),
            )
        }
        None => Bilingual::new(
            "内容已被改动，请看过现在的内容再改",
            "it has changed meanwhile: look at it as it is now and try again",
        ),
    };
    Ok(Error::Stale(Conflict { message, current_version: current }))
}
