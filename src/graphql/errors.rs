//! Errors of operations as GraphQL shows them: what a user can mend is data, the rest are top-level errors with a code.

use async_graphql::{Context, Error as ApiError, ErrorExtensions, ID, SimpleObject};
use uuid::Uuid;

use crate::error::{Error, Language, Result, UserError};
use crate::graphql::loaders::{Over, one};
use crate::graphql::request::{Request, request};
use crate::id::Kind;

/// Something the user can mend.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "UserError")]
pub struct Fault {
    /// Stable code for programs, e.g. `ROOM_TOO_SMALL`; `STALE` when somebody else was quicker.
    pub code: &'static str,
    /// Path of the input field it is about, e.g. `startsAt`.
    pub field: Option<String>,
    /// What is wrong and what to do, in the language asked for.
    pub message: String,
    /// With `STALE`: the version that stands now.
    pub current_version: Option<i32>,
}

impl Fault {
    /// The fault in `language`.
    pub fn new(error: &UserError, language: Language) -> Self {
        Self {
            code: error.code,
            field: error.field.clone(),
            message: error.message.text(language).to_owned(),
            current_version: None,
        }
    }
}

/// An error as a top-level one. A fault of ours is logged and masked; the request id ties the two together.
pub fn fault(request: &Request, error: Error) -> ApiError {
    let id = &request.scope.request_id;
    let message = error.explain(request.language);
    match error {
        Error::Rejected(errors) => coded(message, errors.first().map_or("REJECTED", |error| error.code)),
        Error::NotFound(_) => coded(message, "NOT_FOUND"),
        Error::Unauthenticated => coded(message, "UNAUTHENTICATED"),
        Error::Stale(_) => coded(message, "STALE"),
        Error::Internal(source) => {
            tracing::error!(request = %id, error = %source, "internal error");
            let text = match request.language {
                Language::Chinese => format!("系统出错，请把编号 {id} 告诉管理员"),
                Language::English => format!("internal error; please tell the administrator {id}"),
            };
            coded(text, "INTERNAL").extend_with(|_, extensions| extensions.set("requestId", id.as_str()))
        }
    }
}

/// Turns the error of an operation into a top-level one.
pub trait OrFault<T> {
    /// The value, or the error as a top-level one.
    fn or_fault(self, ctx: &Context<'_>) -> async_graphql::Result<T>;
}

impl<T> OrFault<T> for Result<T> {
    fn or_fault(self, ctx: &Context<'_>) -> async_graphql::Result<T> {
        let request = request(ctx)?;
        self.map_err(|error| fault(request, error))
    }
}

/// The object an identifier of `kind` names, if there is one.
pub async fn by_id<T: Over>(ctx: &Context<'_>, kind: Kind, id: &ID) -> async_graphql::Result<Option<T>> {
    one(ctx, ident(kind, id, "id").or_fault(ctx)?).await
}

/// A top-level error with its code.
pub fn coded(message: impl Into<String>, code: &str) -> ApiError {
    ApiError::new(message.into()).extend_with(|_, extensions| extensions.set("code", code))
}

/// What a payload shows: the object as it now is, and what the user has to mend. After `Stale` the object is shown as
/// the other person left it.
pub async fn settle<T: Over>(
    ctx: &Context<'_>,
    outcome: Result<impl Into<T>>,
    row: Option<Uuid>,
) -> async_graphql::Result<(Option<T>, Vec<Fault>)> {
    let request = request(ctx)?;
    match outcome {
        Ok(object) => Ok((Some(object.into()), Vec::new())),
        Err(Error::Rejected(errors)) => {
            Ok((None, errors.iter().map(|error| Fault::new(error, request.language)).collect()))
        }
        Err(Error::Stale(conflict)) => {
            let stale = Fault {
                code: "STALE",
                field: Some("expectedVersion".to_owned()),
                message: conflict.message.text(request.language).to_owned(),
                current_version: conflict.current_version,
            };
            Ok((one::<T>(ctx, row).await?, vec![stale]))
        }
        Err(error) => Err(fault(request, error)),
    }
}

/// Reads an identifier of `kind` from an input field.
///
/// # Errors
/// `Rejected` when it is none.
pub fn ident(kind: Kind, id: &ID, field: &str) -> Result<Uuid> {
    kind.parse(id).ok_or_else(|| {
        let (zh, prefix) = (kind.zh(), kind.prefix());
        UserError::new(
            "INVALID_ID",
            format!("“{}”不是{zh}的标识，应以 {prefix}_ 开头", id.as_str()),
            format!("{:?} is not the identifier of a {prefix}", id.as_str()),
        )
        .at(field)
        .into()
    })
}
