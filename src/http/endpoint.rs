//! GraphQL over HTTP: which requests are taken, how they are answered.

use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request as Operation, Response as Outcome, Value, Variables};
use poem::error::ReadBodyError;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Endpoint, Request, Response};
use serde_json::{Map, Value as Json, json};

use crate::http::AppState;
use crate::http::identity::{self, Refusal, form_pairs, is_own_origin};
use crate::http::limits;

/// Longest body.
const BODY: usize = 1024 * 1024;
/// Longest execution.
const TIME: Duration = Duration::from_secs(30);
/// Most errors of an answer.
const ERRORS: usize = 50;

/// The endpoint of queries and mutations.
pub struct GraphQl(pub AppState);

impl Endpoint for GraphQl {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let media = match negotiate(request.header(header::ACCEPT)) {
            Ok(media) => media,
            Err(refusal) => return Ok(refuse(Media::Json, refusal)),
        };
        Ok(match answer(&self.0, &mut request, media).await {
            Ok(response) => response,
            Err(refusal) => refuse(media, refusal),
        })
    }
}

/// What the client reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Media {
    /// `application/graphql-response+json`: the status tells how it went.
    GraphQl,
    /// `application/json`: 200 whenever GraphQL has an answer.
    Json,
}

impl Media {
    fn content_type(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// The media type a client asks for first; plain JSON when it does not care.
fn negotiate(accept: Option<&str>) -> Result<Media, Refusal> {
    let Some(accept) = accept else { return Ok(Media::Json) };
    let known = accept.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media = match parts.next()? {
            "application/graphql-response+json" => Media::GraphQl,
            "application/json" | "application/*" | "*/*" => Media::Json,
            _ => return None,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(Ok(1.0), str::parse::<f32>);
        quality.ok().filter(|quality| *quality > 0.0).map(|quality| (media, quality))
    });
    // The first of the best: `max_by` would take the last.
    let best = known.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(media, _)| media).ok_or_else(|| {
        let message = "answers are application/graphql-response+json or application/json";
        Refusal::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message)
    })
}

async fn answer(state: &AppState, request: &mut Request, media: Media) -> Result<Response, Refusal> {
    let get = match *request.method() {
        Method::GET => true,
        Method::POST => false,
        _ => return Err(method_not_allowed("GET, POST")),
    };
    if !is_own_origin(state, request) {
        return Err(Refusal::new(StatusCode::FORBIDDEN, "CROSS_SITE", "requests of other sites are refused"));
    }
    let parameters = if get { from_query(request)? } else { from_body(request).await? };
    let mut operation = operation(parameters)?;
    let name = operation.operation_name.clone();
    let kind = match operation.parsed_query() {
        Ok(document) => {
            if let Err(error) = limits::check(document) {
                return Ok(respond(media, Outcome::from_errors(vec![error])));
            }
            limits::operation(document, name.as_deref())
        }
        Err(error) => return Ok(respond(media, Outcome::from_errors(vec![error]))),
    };
    if get && kind == Some(OperationType::Mutation) {
        return Err(method_not_allowed("POST"));
    }
    let api_request = identity::request(state, request).await?;
    let execution = state.schema.execute(operation.data(api_request));
    let outcome = tokio::time::timeout(TIME, execution).await.map_err(|_| {
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT", "查询用时过长 (the request took too long)")
    })?;
    Ok(respond(media, outcome))
}

fn method_not_allowed(allow: &'static str) -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", allow)
}

fn bad(message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
}

/// The parameters of a GET, whose variables and extensions are JSON within the query string.
fn from_query(request: &Request) -> Result<Map<String, Json>, Refusal> {
    let mut parameters = Map::new();
    for (name, value) in form_pairs(request.uri().query().unwrap_or_default()) {
        let value = match name.as_str() {
            "variables" | "extensions" => {
                serde_json::from_str(&value).map_err(|_| bad(format!("{name} is not JSON")))?
            }
            _ => Json::String(value),
        };
        parameters.insert(name, value);
    }
    Ok(parameters)
}

/// The parameters of a POST. Only JSON is read: a form of another site can send anything else without asking.
async fn from_body(request: &mut Request) -> Result<Map<String, Json>, Refusal> {
    let json = request.content_type().is_some_and(|content_type| {
        let mut parts = content_type.split(';').map(str::trim);
        let essence = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
        essence
            && parts.all(|part| !part.starts_with("charset=") || part.eq_ignore_ascii_case("charset=utf-8"))
    });
    if !json {
        let message = "send application/json";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
    }
    let body = request.take_body().into_bytes_limit(BODY).await.map_err(|error| match error {
        ReadBodyError::PayloadTooLarge => {
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", "a request has at most 1 MB")
        }
        _ => bad("the body could not be read"),
    })?;
    match serde_json::from_slice(&body) {
        Ok(Json::Object(parameters)) => Ok(parameters),
        Ok(Json::Array(_)) => Err(bad("one operation a request: batches are refused")),
        Ok(_) => Err(bad("the body is not a JSON object")),
        Err(error) => Err(bad(format!("the body is not JSON: {error}"))),
    }
}

fn operation(mut parameters: Map<String, Json>) -> Result<Operation, Refusal> {
    let Some(Json::String(query)) = parameters.remove("query") else {
        return Err(bad("query is missing or not a string"));
    };
    let mut operation = Operation::new(query);
    match parameters.remove("operationName") {
        None | Some(Json::Null) => {}
        Some(Json::String(name)) => operation = operation.operation_name(name),
        Some(_) => return Err(bad("operationName is not a string")),
    }
    match parameters.remove("variables") {
        None | Some(Json::Null) => {}
        Some(variables @ Json::Object(_)) => operation = operation.variables(Variables::from_json(variables)),
        Some(_) => return Err(bad("variables is not an object")),
    }
    match parameters.remove("extensions") {
        None | Some(Json::Null | Json::Object(_)) => Ok(operation),
        Some(_) => Err(bad("extensions is not an object")),
    }
}

fn respond(media: Media, mut outcome: Outcome) -> Response {
    // A request that never ran has no data; an error while it ran has the path of its field.
    let ran = outcome.data != Value::Null || outcome.errors.iter().any(|error| !error.path.is_empty());
    outcome.errors.truncate(ERRORS);
    let status = match media {
        Media::GraphQl if !ran => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let body = match ran {
        true => Body::from_json(&outcome),
        false => Body::from_json(json!({ "errors": outcome.errors })),
    };
    match body {
        Ok(body) => reply(media, status, body),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            reply(media, StatusCode::INTERNAL_SERVER_ERROR, Body::empty())
        }
    }
}

fn refuse(media: Media, refusal: Refusal) -> Response {
    let error = json!({ "message": refusal.message, "extensions": { "code": refusal.code } });
    let body = Body::from_string(json!({ "errors": [error] }).to_string());
    let mut response = reply(media, refusal.status, body);
    if refusal.status == StatusCode::METHOD_NOT_ALLOWED
        && let Ok(allow) = refusal.message.parse()
    {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

fn reply(media: Media, status: StatusCode, body: Body) -> Response {
    Response::builder()
        .status(status)
        .content_type(media.content_type())
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::VARY, "Accept, Accept-Language, Cookie")
        .body(body)
}
