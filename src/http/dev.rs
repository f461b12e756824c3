//! Development mode: what runs here, GraphiQL, and signing in as whom one likes. Off this machine there is no such page.

use askama::Template;
use async_graphql::http::GraphiQLSource;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response};
use serde::Deserialize;

use crate::entity::{district, teacher};
use crate::error::{Error, Result};
use crate::http::identity::{COOKIE, form_pairs, is_local, is_own_origin, language};
use crate::http::{AppState, identity};
use crate::id::Kind;
use crate::scope::Actor;
use crate::{groups, people};

/// Teachers to choose from, beside the coordinators.
const TEACHERS: u64 = 8;
/// Longest form.
const BODY: usize = 4096;

/// Which page.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    /// What runs here.
    Home,
    /// The query editor. It loads its scripts from a public server.
    Graphiql,
    /// Choosing whom to be.
    SignIn,
}

/// A page of development mode.
pub struct Page(pub AppState, pub Which);

impl Endpoint for Page {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        if !is_local(&self.0, &request) {
            return Ok(StatusCode::NOT_FOUND.into_response());
        }
        let shown = match (self.1, request.method().clone()) {
            (Which::Home, Method::GET) => home(&self.0, &request).await,
            (Which::Graphiql, Method::GET) => Ok(html(graphiql())),
            (Which::SignIn, Method::GET) => choose(&self.0).await,
            (Which::SignIn, Method::POST) => sign_in(&self.0, &mut request).await,
            _ => Ok(StatusCode::METHOD_NOT_ALLOWED.into_response()),
        };
        Ok(shown.unwrap_or_else(|error| {
            let status = match error {
                Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            };
            error.explain(language(request.headers())).with_status(status).into_response()
        }))
    }
}

fn html(page: String) -> Response {
    Response::builder().content_type("text/html; charset=utf-8").body(page)
}

fn graphiql() -> String {
    GraphiQLSource::build()
        .endpoint("/graphql")
        .subscription_endpoint("/graphql/ws")
        .title("同盘 GraphiQL")
        .finish()
}

#[derive(Template)]
#[template(path = "dev/home.html")]
struct Home {
    district: Option<String>,
    now: String,
    person: Option<String>,
    queries: Vec<(&'static str, &'static str)>,
}

/// Three queries to try.
pub const QUERIES: [(&str, &str); 3] = [
    (
        "各集团的学校 (groups and their schools)",
        "{ groups { nodes { name kind memberships { role school { name locale stages } } } } }",
    ),
    (
        "最近的教研活动 (sessions and who takes part)",
        "{ sessions(first: 5) { totalCount nodes { topic form state startsAt hostSchool { name } \
         participants { role teacher { name homeSchool { name } } } } } }",
    ),
    (
        "我的活动 (my own sessions)",
        "{ viewer { teacher { name homeSchool { name } } sessions(first: 5) { nodes { topic startsAt room { name } } } \
         placements { form state toSchool { name } } } }",
    ),
];

async fn home(state: &AppState, request: &Request) -> Result<Response> {
    let now = state.clock.now();
    let known = identity::request(state, request).await.ok();
    let person = match known.as_ref().map(|known| &known.scope.actor) {
        Some(Actor::Person { id, .. }) => {
            let district = known.as_ref().map(|known| known.scope.district.id).unwrap_or_default();
            people::by_id(&state.database, district, *id).await?.map(|person| person.name)
        }
        _ => None,
    };
    let zone = known.as_ref().map_or(chrono_tz::Tz::Asia__Shanghai, |known| known.scope.zone());
    let page = Home {
        district: known.map(|known| known.scope.district.name),
        now: now.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
        person,
        queries: QUERIES.to_vec(),
    };
    Ok(html(page.render().map_err(rendering)?))
}

#[derive(Template)]
#[template(path = "dev/sign_in.html")]
struct SignIn {
    coordinators: Vec<teacher::Model>,
    teachers: Vec<teacher::Model>,
}

async fn choose(state: &AppState) -> Result<Response> {
    let district = groups::district(&state.database, None).await?;
    let (coordinators, teachers) = people::some(&state.database, district.id, TEACHERS).await?;
    Ok(html(SignIn { coordinators, teachers }.render().map_err(rendering)?))
}

fn rendering(error: askama::Error) -> Error {
    Error::Internal(Box::new(error))
}

/// What a script sends.
#[derive(Deserialize)]
struct Chosen {
    number: String,
}

/// Signs in whoever has the staff number; an empty one signs out.
async fn sign_in(state: &AppState, request: &mut Request) -> Result<Response> {
    if !is_own_origin(state, request) {
        return Ok(StatusCode::FORBIDDEN.into_response());
    }
    let json = request.content_type().is_some_and(|kind| kind.starts_with("application/json"));
    let body = match request.take_body().into_bytes_limit(BODY).await {
        Ok(body) => body,
        Err(_) => return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response()),
    };
    let number = match json {
        true => serde_json::from_slice::<Chosen>(&body).map(|chosen| chosen.number).unwrap_or_default(),
        false => number_of(&String::from_utf8_lossy(&body)),
    };
    let district = groups::district(&state.database, None).await?;
    let cookie = cookie(state, &district, &number).await?;
    let answer = if json { StatusCode::NO_CONTENT } else { StatusCode::SEE_OTHER };
    let answer = Response::builder().status(answer).header(header::SET_COOKIE, cookie);
    Ok(if json { answer.finish() } else { answer.header(header::LOCATION, "/").finish() })
}

fn number_of(form: &str) -> String {
    form_pairs(form)
        .into_iter()
        .find(|(name, _)| name == "number")
        .map(|(_, value)| value)
        .unwrap_or_default()
}

async fn cookie(state: &AppState, district: &district::Model, number: &str) -> Result<String> {
    let number = number.trim();
    if number.is_empty() {
        return Ok(format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    }
    let person = people::by_number(&state.database, district.id, number).await?;
    let person = person.ok_or_else(|| people::unknown(number))?;
    Ok(format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", Kind::Teacher.id(person.id)))
}
