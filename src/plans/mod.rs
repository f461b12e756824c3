//! Plans of a term.

pub mod graphql;

use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;

use crate::entity::values::MessageKind;
use crate::entity::{plan, plan_run};
use crate::error::{Error, Result};
use crate::scope::Scope;

/// A run to start.
#[derive(Debug)]
pub struct SolveRequest {
    pub term_id: Uuid,
    pub group_id: Option<Uuid>,
    pub as_of: Option<DateTime<Utc>>,
    pub seconds: u32,
    pub seed: u64,
}

/// What publishing does.
#[derive(Debug)]
pub struct Publication {
    pub plan: plan::Model,
    pub placed: Vec<Uuid>,
    pub moved: Vec<Uuid>,
    pub withdrawn: Vec<Uuid>,
    pub mails: Vec<MailCount>,
}

/// Mails of a kind.
#[derive(Debug)]
pub struct MailCount {
    pub kind: MessageKind,
    pub recipients: usize,
    pub mails: usize,
}

fn unmerged(what: impl std::fmt::Debug) -> Error {
    Error::internal(format!("not merged yet: {what:?}"))
}

pub async fn start_run(_: &Scope, request: SolveRequest) -> Result<plan_run::Model> {
    Err(unmerged(request))
}

pub async fn stop_run(_: &Scope, run_id: Uuid) -> Result<plan_run::Model> {
    Err(unmerged(run_id))
}

pub async fn preview(_: &Scope, plan_id: Uuid) -> Result<Publication> {
    Err(unmerged(plan_id))
}

pub async fn publish(_: &Scope, plan_id: Uuid) -> Result<Publication> {
    Err(unmerged(plan_id))
}
