//! What a request carries to its resolvers.

use async_graphql::{Context, Result, dataloader::DataLoader};
use chrono::NaiveDate;

use crate::access;
use crate::error::Language;
use crate::graphql::errors::fault;
use crate::graphql::loaders::Rows;
use crate::scope::Scope;

/// One request: its scope, the language of its reader, its loaders.
pub struct Request {
    /// District, actor, clock, database.
    pub scope: Scope,
    /// Language of messages.
    pub language: Language,
    /// Gathers look-ups of one level into one statement.
    pub rows: DataLoader<Rows>,
}

impl Request {
    /// A request in `scope`. Its loaders keep nothing, so that a mutation's payload and a subscription show what is so.
    pub fn new(scope: Scope, language: Language) -> Self {
        let rows = DataLoader::new(Rows(scope.clone()), tokio::spawn);
        Self { scope, language, rows }
    }
}

/// The request.
pub fn request<'a>(ctx: &Context<'a>) -> Result<&'a Request> {
    ctx.data::<Request>()
}

/// The scope, for reading.
pub fn scope<'a>(ctx: &Context<'a>) -> Result<&'a Scope> {
    Ok(&request(ctx)?.scope)
}

/// The scope, for writing: every mutation takes it from here.
///
/// # Errors
/// `UNAUTHENTICATED` when nobody is signed in.
pub fn writer<'a>(ctx: &Context<'a>) -> Result<&'a Scope> {
    let request = request(ctx)?;
    access::may_write(&request.scope).map_err(|error| fault(request, error))?;
    Ok(&request.scope)
}

/// The day a dated fact is asked for: today, in the district's zone, unless another is given.
pub fn day(ctx: &Context<'_>, on: Option<NaiveDate>) -> Result<NaiveDate> {
    let scope = scope(ctx)?;
    Ok(on.unwrap_or_else(|| scope.now().with_timezone(&scope.zone()).date_naive()))
}
