//! The audit log: every write goes through here, so that none is without its entry.

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr,
    EntityTrait, IdenStatic, IntoActiveModel, Iterable, ModelTrait, PrimaryKeyToColumn, PrimaryKeyTrait,
    QueryFilter, prelude::Uuid, sea_query::OnConflict,
};
use serde::Serialize;

use crate::entity::audit_entry;
use crate::error::Result;
use crate::id;
use crate::rows;
use crate::scope::Txn;

/// Rows per statement: SQLite allows 32,766 values in one.
const CHUNK: usize = 500;
/// The column that rises with every change of a row, where a table has it.
const VERSION: &str = "version";
/// What a table is keyed by.
const KEY: [&str; 2] = ["id", "district_id"];

/// A row with an identifier that is audited.
pub trait Audited: ModelTrait + Serialize {
    /// Its identifier.
    fn row_id(&self) -> Uuid;
}

impl<M> Audited for M
where
    M: ModelTrait + Serialize,
    <M::Entity as EntityTrait>::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
{
    fn row_id(&self) -> Uuid {
        let key =
            <M::Entity as EntityTrait>::PrimaryKey::iter().next().map(|key| self.get(key.into_column()));
        match key {
            Some(sea_orm::Value::Uuid(Some(id))) => id,
            _ => Uuid::nil(),
        }
    }
}

fn table<M: ModelTrait>() -> String {
    use sea_orm::EntityName;
    <M::Entity as Default>::default().table_name().to_owned()
}

fn entry<M: Audited>(
    txn: &Txn,
    action: &str,
    id: Uuid,
    before: Option<&M>,
    after: Option<&M>,
) -> Result<audit_entry::ActiveModel> {
    let scope = txn.scope();
    Ok(audit_entry::ActiveModel {
        id: Set(id::new()),
        district_id: Set(scope.district.id),
        at: Set(scope.now()),
        actor: Set(scope.actor.name().to_owned()),
        action: Set(action.to_owned()),
        entity: Set(table::<M>()),
        entity_id: Set(id),
        before: Set(before.map(serde_json::to_value).transpose()?),
        after: Set(after.map(serde_json::to_value).transpose()?),
        request_id: Set(scope.request_id.clone()),
    })
}

/// Inserts `rows`, each with its entry.
pub async fn insert_all<M>(txn: &Txn, action: &str, rows: Vec<M>) -> Result<()>
where
    M: Audited + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
{
    for row in &rows {
        txn.remember(entry(txn, action, row.row_id(), None, Some(row))?);
    }
    insert_parts(txn, rows).await
}

/// Inserts rows that are parts of an audited row (a plan's sessions, a session's bookings): its entry stands for them.
pub async fn insert_parts<M>(txn: &Txn, rows: Vec<M>) -> Result<()>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).map(all_set).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
        M::Entity::insert_many(chunk).exec_without_returning(&**txn).await?;
    }
    Ok(())
}

/// Inserts one row with its entry.
pub async fn insert<M>(txn: &Txn, action: &str, row: M) -> Result<M>
where
    M: Audited + Clone + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
{
    insert_all(txn, action, vec![row.clone()]).await?;
    Ok(row)
}

/// Writes `after` over `before`, with its entry.
///
/// # Errors
/// `Stale` when the row has a version and no longer the one of `before`: two who read it at the same time do not both write.
pub async fn update<M>(txn: &Txn, action: &str, before: &M, after: M) -> Result<M>
where
    M: Audited + Clone + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
{
    txn.remember(entry(txn, action, before.row_id(), Some(before), Some(&after))?);
    let mut write = M::Entity::update(all_set(after.into_active_model())).validate()?;
    if let Some(version) = rows::column_named::<M::Entity>(VERSION) {
        write = write.filter(version.eq(before.get(version)));
    }
    match write.exec(&**txn).await {
        Ok(written) => Ok(written),
        Err(DbErr::RecordNotUpdated) => Err(rows::changed_meanwhile(txn, before.row_id(), None).await?),
        Err(error) => Err(error.into()),
    }
}

/// Writes each `after` over its `before`, with its entry: a few statements, however many rows there are.
pub async fn update_all<M>(txn: &Txn, action: &str, rows: Vec<(M, M)>) -> Result<()>
where
    M: Audited + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
{
    for (before, after) in &rows {
        txn.remember(entry(txn, action, before.row_id(), Some(before), Some(after))?);
    }
    let columns: Vec<_> =
        <M::Entity as EntityTrait>::Column::iter().filter(|column| !KEY.contains(&column.as_str())).collect();
    let mut rows = rows.into_iter().map(|(_, after)| all_set(after.into_active_model())).peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK).collect();
        let over = OnConflict::columns(KEY).update_columns(columns.iter().copied()).to_owned();
        M::Entity::insert_many(chunk).on_conflict(over).exec_without_returning(&**txn).await?;
    }
    Ok(())
}

/// Deletes rows, each with its entry. Only for rows without history of their own.
pub async fn delete_all<M>(txn: &Txn, action: &str, rows: Vec<M>) -> Result<()>
where
    M: Audited + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    M::Entity: EntityTrait<Model = M>,
{
    let mut ids = Vec::with_capacity(rows.len());
    for row in &rows {
        txn.remember(entry(txn, action, row.row_id(), Some(row), None)?);
        ids.push(row.row_id());
    }
    let Some(key) = <M::Entity as EntityTrait>::PrimaryKey::iter().next() else { return Ok(()) };
    for chunk in ids.chunks(CHUNK) {
        let these = key.into_column().is_in(chunk.iter().copied());
        M::Entity::delete_many().filter(these).exec(&**txn).await?;
    }
    Ok(())
}

/// Deletes a row, with its entry. Only for rows without history of their own (bookings, a session's participants).
pub async fn delete<M>(txn: &Txn, action: &str, row: M) -> Result<()>
where
    M: Audited + Clone + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
{
    txn.remember(entry(txn, action, row.row_id(), Some(&row), None)?);
    row.into_active_model().delete(&**txn).await?;
    Ok(())
}

/// Marks every column as set, so that a whole row is written.
fn all_set<A: ActiveModelTrait>(row: A) -> A {
    row.reset_all()
}

/// Writes kept entries.
pub async fn write(connection: &impl ConnectionTrait, entries: Vec<audit_entry::ActiveModel>) -> Result<()> {
    let mut entries = entries.into_iter().peekable();
    while entries.peek().is_some() {
        let chunk: Vec<_> = entries.by_ref().take(CHUNK).collect();
        audit_entry::Entity::insert_many(chunk).exec_without_returning(connection).await?;
    }
    Ok(())
}
