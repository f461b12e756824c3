//! What is imported, planned, published, unsent.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::entity::values::{MessageState, SessionState};
use crate::entity::{
    education_group, import_run, message, plan, programme, research_session, school, teacher,
};
use crate::error;
use crate::graphql::{OrFault, object_over, scope};
use crate::rows;
use crate::scope::Scope;

object_over! {
    /// An import.
    ImportRun, import_run
}

/// An import of a workbook that was carried out.
#[Object]
impl ImportRun {
    /// Name of the file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// When.
    async fn finished_at(&self) -> DateTime<Utc> {
        self.0.finished_at
    }

    /// Who.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// Rows created.
    async fn created(&self) -> i32 {
        self.0.created
    }

    /// Rows changed.
    async fn changed(&self) -> i32 {
        self.0.changed
    }

    /// Rows left as they were.
    async fn unchanged(&self) -> i32 {
        self.0.unchanged
    }

    /// Rows refused.
    async fn refused(&self) -> i32 {
        self.0.refused
    }
}

/// How many sessions stand where.
#[derive(Debug, SimpleObject)]
pub struct SessionCount {
    /// Undated, published, cancelled or held.
    state: SessionState,
    /// How many.
    count: i64,
}

/// How many mails stand where.
#[derive(Debug, SimpleObject)]
pub struct OutboxCount {
    /// Where they stand.
    state: MessageState,
    /// How many.
    count: i64,
}

/// What runs here and what it holds.
pub struct Status;

/// What runs here and what it holds.
#[Object]
impl Status {
    /// Version of the program.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// What time the program takes it to be.
    async fn now(&self, ctx: &Context<'_>) -> Result<DateTime<Utc>> {
        Ok(scope(ctx)?.now())
    }

    /// Number of schools.
    async fn schools(&self, ctx: &Context<'_>) -> Result<u64> {
        count(ctx, school::Entity::find()).await
    }

    /// Number of groups.
    async fn groups(&self, ctx: &Context<'_>) -> Result<u64> {
        count(ctx, education_group::Entity::find()).await
    }

    /// Number of people on the staff list.
    async fn teachers(&self, ctx: &Context<'_>) -> Result<u64> {
        count(ctx, teacher::Entity::find()).await
    }

    /// Number of programmes.
    async fn programmes(&self, ctx: &Context<'_>) -> Result<u64> {
        count(ctx, programme::Entity::find()).await
    }

    /// Number of plans made.
    async fn plans(&self, ctx: &Context<'_>) -> Result<u64> {
        count(ctx, plan::Entity::find()).await
    }

    /// Number of plans published.
    async fn published_plans(&self, ctx: &Context<'_>) -> Result<u64> {
        count(ctx, plan::Entity::find().filter(plan::Column::PublishedAt.is_not_null())).await
    }

    /// Sessions by state.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<SessionCount>> {
        let counts = sessions(scope(ctx)?).await.or_fault(ctx)?;
        Ok(counts.into_iter().map(|(state, count)| SessionCount { state, count }).collect())
    }

    /// The outbox by state.
    async fn outbox(&self, ctx: &Context<'_>) -> Result<Vec<OutboxCount>> {
        let counts = outbox(scope(ctx)?).await.or_fault(ctx)?;
        Ok(counts.into_iter().map(|(state, count)| OutboxCount { state, count }).collect())
    }

    /// The last import.
    async fn last_import(&self, ctx: &Context<'_>) -> Result<Option<ImportRun>> {
        let run = last_import(scope(ctx)?).await.or_fault(ctx)?;
        Ok(run.map(ImportRun))
    }
}

async fn count<E>(ctx: &Context<'_>, select: Select<E>) -> Result<u64>
where
    E: EntityTrait<Model: Sync>,
{
    let scope = scope(ctx)?;
    let counted = rows::in_district(scope.district.id, select).count(scope.reader()).await;
    counted.map_err(error::Error::from).or_fault(ctx)
}

async fn sessions(scope: &Scope) -> error::Result<Vec<(SessionState, i64)>> {
    let select = rows::in_district(scope.district.id, research_session::Entity::find())
        .select_only()
        .column(research_session::Column::State)
        .column_as(research_session::Column::Id.count(), "count")
        .group_by(research_session::Column::State)
        .order_by_asc(research_session::Column::State);
    Ok(select.into_tuple().all(scope.reader()).await?)
}

async fn outbox(scope: &Scope) -> error::Result<Vec<(MessageState, i64)>> {
    let select = rows::in_district(scope.district.id, message::Entity::find())
        .select_only()
        .column(message::Column::State)
        .column_as(message::Column::Id.count(), "count")
        .group_by(message::Column::State)
        .order_by_asc(message::Column::State);
    Ok(select.into_tuple().all(scope.reader()).await?)
}

async fn last_import(scope: &Scope) -> error::Result<Option<import_run::Model>> {
    let select = rows::in_district(scope.district.id, import_run::Entity::find())
        .order_by_desc(import_run::Column::FinishedAt);
    Ok(select.one(scope.reader()).await?)
}

/// Reads what the program holds.
#[derive(Default)]
pub struct StatusQuery;

#[Object]
impl StatusQuery {
    /// What runs here and what it holds.
    async fn status(&self) -> Status {
        Status
    }
}
