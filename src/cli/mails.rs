//! What a command says of the mails that it has written.

use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::entity::audit_entry::{Column, Entity};
use crate::error::Result;
use crate::scope::Scope;

/// How many mails the command has put into the outbox, by the entries that it made.
pub async fn written(scope: &Scope) -> Result<u64> {
    // Entries are numbered in the order of time, and a command is numbered when it begins: those before it need not be looked at.
    let began: Uuid = scope.request_id.parse().unwrap_or_default();
    let entries = Entity::find()
        .filter(Column::DistrictId.eq(scope.district.id))
        .filter(Column::Id.gt(began))
        .filter(Column::RequestId.eq(&scope.request_id))
        .filter(Column::Action.eq("message.enqueue"));
    Ok(entries.count(scope.reader()).await?)
}

/// The same as a sentence.
pub async fn told(scope: &Scope) -> Result<String> {
    Ok(match written(scope).await? {
        0 => "没有需要发送的邮件。".to_owned(),
        count => format!("{count}封邮件已排入待发，由 tongpan worker 发送。"),
    })
}
