//! The rows of a table as they are and as they shall be; what differs is written in a few statements.

use std::collections::HashMap;
use std::hash::Hash;

use sea_orm::prelude::Uuid;
use sea_orm::{
    ActiveModelBehavior, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IdenStatic, IntoActiveModel,
    Iterable, ModelTrait, QueryFilter, QueryOrder, Value,
};

use crate::audit::{self, Audited};
use crate::error::{Error, Result};
use crate::scope::Txn;

/// What the audit log calls an import.
const ACTION: &str = "import";

/// Rows of one table, changed in memory.
#[derive(Debug)]
pub struct Store<M> {
    now: HashMap<Uuid, M>,
    /// Identifiers in the order the rows were stored or added.
    order: Vec<Uuid>,
    /// Each row that is not as stored, as it was; none: it is new.
    before: HashMap<Uuid, Option<M>>,
    removed: Vec<M>,
}

impl<M> Default for Store<M> {
    fn default() -> Self {
        Self { now: HashMap::new(), order: Vec::new(), before: HashMap::new(), removed: Vec::new() }
    }
}

impl<M: Audited + Clone + PartialEq> Store<M> {
    /// A store of stored rows.
    pub fn new(rows: Vec<M>) -> Self {
        let order = rows.iter().map(Audited::row_id).collect();
        let now = rows.into_iter().map(|row| (row.row_id(), row)).collect();
        Self { now, order, before: HashMap::new(), removed: Vec::new() }
    }

    /// The row as it shall be.
    pub fn get(&self, id: Uuid) -> Option<&M> {
        self.now.get(&id)
    }

    /// The rows as they shall be, in order.
    pub fn iter(&self) -> impl Iterator<Item = &M> {
        self.order.iter().filter_map(|id| self.now.get(id))
    }

    /// The rows that satisfy `test`, as copies that may be changed and saved.
    pub fn copies(&self, test: impl Fn(&M) -> bool) -> Vec<M> {
        self.iter().filter(|row| test(row)).cloned().collect()
    }

    /// Identifiers of the rows by a key.
    pub fn by<K: Eq + Hash>(&self, key: impl Fn(&M) -> K) -> HashMap<K, Vec<Uuid>> {
        let mut found: HashMap<K, Vec<Uuid>> = HashMap::new();
        for row in self.iter() {
            found.entry(key(row)).or_default().push(row.row_id());
        }
        found
    }

    /// Copies of the rows that an index made with [`Store::by`] has for a key.
    pub fn of<K: Eq + Hash>(&self, index: &HashMap<K, Vec<Uuid>>, key: &K) -> Vec<M> {
        let ids = index.get(key).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|id| self.now.get(id)).cloned().collect()
    }

    /// Adds a new row or puts it over the one it changes; true when anything differs.
    pub fn save(&mut self, mut row: M) -> bool {
        let id = row.row_id();
        let Some(current) = self.now.get(&id) else {
            self.before.insert(id, None);
            self.order.push(id);
            self.now.insert(id, row);
            return true;
        };
        if *current == row {
            return false;
        }
        let before = self.before.entry(id).or_insert_with(|| Some(current.clone()));
        if let Some(before) = before {
            raise_version(&mut row, before);
        }
        self.now.insert(id, row);
        true
    }

    /// Takes a row out.
    pub fn remove(&mut self, id: Uuid) {
        let Some(current) = self.now.remove(&id) else { return };
        match self.before.remove(&id) {
            Some(None) => {}
            Some(Some(before)) => self.removed.push(before),
            None => self.removed.push(current),
        }
    }

    /// Whether anything would be written.
    pub fn is_changed(&self) -> bool {
        !self.before.is_empty() || !self.removed.is_empty()
    }
}

impl<M> Store<M>
where
    M: Audited + Clone + PartialEq + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
    M::Entity: EntityTrait<Model = M>,
{
    /// All rows of a district.
    pub async fn load(connection: &impl ConnectionTrait, district_id: Uuid) -> Result<Self> {
        let find = M::Entity::find().filter(column::<M>("district_id")?.eq(district_id));
        let rows = find.order_by(column::<M>("id")?, sea_orm::Order::Asc).all(connection).await?;
        Ok(Self::new(rows))
    }

    /// The rows of a district that satisfy a condition.
    pub async fn load_where(
        connection: &impl ConnectionTrait,
        district_id: Uuid,
        condition: Condition,
    ) -> Result<Self> {
        let find = M::Entity::find().filter(column::<M>("district_id")?.eq(district_id)).filter(condition);
        let rows = find.order_by(column::<M>("id")?, sea_orm::Order::Asc).all(connection).await?;
        Ok(Self::new(rows))
    }

    /// Writes what differs, with its audit entries.
    pub async fn write(mut self, txn: &Txn) -> Result<()> {
        let mut added = Vec::new();
        let mut changed = Vec::new();
        for id in &self.order {
            let Some(row) = self.now.remove(id) else { continue };
            match self.before.remove(id) {
                Some(Some(before)) => changed.push((before, row)),
                Some(None) => added.push(row),
                None => {}
            }
        }
        // Rows that go or end make room for those that come.
        audit::delete_all(txn, ACTION, self.removed).await?;
        audit::update_all(txn, ACTION, changed).await?;
        audit::insert_all(txn, ACTION, added).await
    }
}

fn column<M: ModelTrait>(name: &str) -> Result<<M::Entity as EntityTrait>::Column> {
    let found = <M::Entity as EntityTrait>::Column::iter().find(|column| column.as_str() == name);
    found.ok_or_else(|| Error::internal(format!("a table without the column {name}")))
}

/// One import raises a version once, however many sheets change the row.
fn raise_version<M: ModelTrait>(row: &mut M, before: &M) {
    let Ok(version) = column::<M>("version") else { return };
    if let Value::Int(Some(number)) = before.get(version) {
        row.set(version, Value::Int(Some(number + 1)));
    }
}
