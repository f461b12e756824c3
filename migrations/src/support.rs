//! What every table shares: its key, references inside a district, indexes.

use sea_orm_migration::{prelude::*, schema::*};

/// A table keyed by `(id, district_id)`: the identifier finds the row, the district lets a cluster distribute by it.
pub fn keyed(name: &'static str) -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table(name)
        .col(uuid("id"))
        .col(uuid("district_id"))
        .primary_key(Index::create().name(format!("pk_{name}")).col("id").col("district_id"))
        .foreign_key(
            ForeignKey::create()
                .name(format!("fk_{name}_district"))
                .from(name, "district_id")
                .to("district", "id"),
        );
    table
}

/// A reference to a row of the same district.
pub fn reference(column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.from_col(column).from_col("district_id").to_tbl(to).to_col("id").to_col("district_id");
    key
}

/// No two rows of a district may agree in all `columns`.
pub fn unique(table: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("uq_{table}_{}", columns.join("_"))).unique().col("district_id");
    for column in columns {
        index.col(*column);
    }
    index
}

pub async fn create(manager: &SchemaManager<'_>, table: TableCreateStatement) -> Result<(), DbErr> {
    manager.create_table(table).await
}

/// An index for look-ups by `columns`.
pub async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(format!("ix_{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}

/// Drops `tables` in the reverse of the order they were made in.
pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}

/// Adds a column to a table that is there; one that may not be null needs a default.
pub async fn column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: impl IntoColumnDef,
) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

/// Drops columns one by one: SQLite knows no other way.
pub async fn drop_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    for column in columns {
        manager.alter_table(Table::alter().table(table).drop_column(*column).to_owned()).await?;
    }
    Ok(())
}

/// Drops what [`index`] made.
pub async fn drop_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let name = format!("ix_{table}_{}", columns.join("_"));
    manager.drop_index(Index::drop().name(name).table(table).to_owned()).await
}
