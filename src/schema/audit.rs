//! The audit log as the API shows it.

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::audit_entry;
use crate::error::{Error, UserError};
use crate::graphql::{Connected, OrFault, Order, Page, object_over, page, weight, writer};
use crate::id::{self, Kind};

object_over! {
    /// An entry of the log.
    AuditEntry, audit_entry
}

/// What was written, by whom.
#[Object]
impl AuditEntry {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::AuditEntry.id(self.0.id).into()
    }

    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// Who: a teacher's number, or `cli`, `worker`.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// What was done, e.g. `plan.publish`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// Table of the row.
    async fn entity(&self) -> &str {
        &self.0.entity
    }

    /// Request or command.
    async fn request_id(&self) -> &str {
        &self.0.request_id
    }
}

/// Reads the audit log.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// What was done to something, the latest first; for those who are signed in.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier, of any kind.")] of: ID,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<AuditEntry>> {
        writer(ctx)?;
        let Some((_, row)) = id::parse(&of) else {
            let fault = UserError::new("INVALID_ID", "标识无效", "this is not an identifier");
            return Err(Error::from(fault)).or_fault(ctx);
        };
        let select = audit_entry::Entity::find().filter(audit_entry::Column::EntityId.eq(row));
        page(ctx, select, Order::by_age().descending(), Page::new(first, after, last, before)).await
    }
}
