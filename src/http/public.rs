//! Pages that mails lead to: plain HTML without scripts, for whoever holds a signed link. Nobody signs in; what a link lets its holder
//! do is one thing, and only a POST does it, since mail scanners open links.

use askama::Template;
use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::entity::{district, teacher};
use crate::error::{Error, Language, Result};
use crate::http::identity::{form_pairs, language};
use crate::http::{AppState, RequestId};
use crate::mail::links::{self, Links, Purpose};
use crate::people;
use crate::scope::{Actor, Scope};

/// Paths whose last part lets its holder do something: no log keeps it.
const SECRET: [&str; 3] = ["/reply/", "/unsubscribe/", "/calendar/"];
/// Longest form; the longest field is a reason.
const BODY: usize = 16 * 1024;
/// What the look of these pages is.
const STYLE: &str = include_str!("../../templates/public/pages.css");
/// What every page is sent with: nothing but our own stylesheet is loaded, nobody learns the address, nothing is kept.
const HEADERS: [(&str, &str); 4] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("x-robots-tag", "noindex"),
];

/// The path as logs may keep it: without the part that is a secret.
pub fn loggable(path: &str) -> String {
    match SECRET.iter().find(|prefix| path.starts_with(**prefix)) {
        Some(prefix) => format!("{prefix}…"),
        None => path.to_owned(),
    }
}

/// Words that every page has.
#[derive(Debug, Clone, Copy)]
pub struct Words(pub Language);

impl Words {
    /// The language, as HTML names it.
    pub fn tag(self) -> &'static str {
        self.0.tag()
    }

    /// The other language, likewise.
    pub fn other_tag(self) -> &'static str {
        self.0.pick("en", "zh-CN")
    }

    /// The other language, as addresses name it.
    pub fn other_code(self) -> &'static str {
        self.0.pick("en", "zh")
    }

    /// The other language, as its readers call it.
    pub fn other_name(self) -> &'static str {
        self.0.pick("English", "中文")
    }
}

/// A visit by a signed link.
#[derive(Debug, Clone)]
pub struct Visit {
    /// In the district that signed the link, by the person it was written to.
    pub scope: Scope,
    /// To whom the link was written: the last that it names.
    pub person: teacher::Model,
    /// What the link names, she included.
    pub about: Vec<Uuid>,
    /// In which language she reads.
    pub language: Language,
}

/// Who visits, by the last part of the address; `None` when this is no link of ours for this purpose.
pub async fn visit(state: &AppState, request: &Request, purpose: Purpose) -> Result<Option<Visit>> {
    let Some(claimed) = request.raw_path_param("token").and_then(links::read) else { return Ok(None) };
    let Some(teacher_id) = claimed.about.last().copied() else { return Ok(None) };
    let found = district::Entity::find_by_id(claimed.district_id).one(state.database.reader()).await?;
    let Some(district) = found else { return Ok(None) };
    let scope = Scope {
        database: state.database.clone(),
        clock: state.clock.clone(),
        district,
        actor: Actor::Nobody,
        request_id: request.data::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    };
    if !Links::of(&scope, None).await?.signed(purpose, &claimed) {
        return Ok(None);
    }
    let person = people::by_id(&state.database, scope.district.id, teacher_id).await?;
    let Some(person) = person else { return Ok(None) };
    let actor = Actor::Person { id: person.id, number: person.number.clone() };
    let scope = Scope { actor, ..scope };
    Ok(Some(Visit { scope, person, about: claimed.about, language: wanted(request) }))
}

/// The language of the page: what the address asks for, else what the browser prefers.
pub fn wanted(request: &Request) -> Language {
    let pairs = request.uri().query().map(form_pairs).unwrap_or_default();
    match pairs.iter().find(|(name, _)| name == "lang").map(|(_, value)| value.as_str()) {
        Some("en") => Language::English,
        Some("zh") => Language::Chinese,
        _ => language(request.headers()),
    }
}

/// The fields of a form that was sent; `None` when it is too long to be one of ours.
pub async fn form(request: &mut Request) -> Option<Vec<(String, String)>> {
    let body = request.take_body().into_bytes_limit(BODY).await.ok()?;
    Some(form_pairs(&String::from_utf8_lossy(&body)))
}

/// Whether a request only asks.
pub fn asks(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// A page with its headers.
pub fn page(status: StatusCode, page: &impl Template) -> Result<Response> {
    let html = page.render().map_err(|error| Error::Internal(Box::new(error)))?;
    Ok(guarded(Response::builder().status(status).content_type("text/html; charset=utf-8").body(html)))
}

/// An answer with the headers of these pages.
pub fn guarded(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

#[derive(Template)]
#[template(path = "public/message.html")]
struct Message<'a> {
    words: Words,
    title: &'a str,
    text: &'a str,
}

/// A page that only says something.
pub fn message(status: StatusCode, language: Language, title: &str, text: &str) -> Result<Response> {
    page(status, &Message { words: Words(language), title, text })
}

/// What whoever follows a link that is none of ours sees.
pub fn no_such_link(language: Language) -> Result<Response> {
    let words = Words(language);
    message(
        StatusCode::NOT_FOUND,
        language,
        words.0.pick("链接无效", "This link is not valid"),
        words.0.pick(
            "请从邮件中重新打开链接，或把完整的链接复制到浏览器；仍打不开的，请直接回复邮件告诉联系人。",
            "Please open the link from the mail again, or copy it whole into the browser. If that does not help, answer the mail.",
        ),
    )
}

/// What a method is answered with that these pages do not know.
pub fn no_such_method() -> Response {
    let answer = Response::builder().status(StatusCode::METHOD_NOT_ALLOWED);
    guarded(answer.header(header::ALLOW, "GET, HEAD, POST").finish())
}

/// What whoever ran into a fault of ours sees; the log has the cause.
pub fn answered(shown: Result<Response>, language: Language) -> Response {
    let error = match shown {
        Ok(response) => return response,
        Err(error) => error,
    };
    let words = Words(language);
    let (status, title, text) = match &error {
        Error::Internal(source) => {
            tracing::error!(error = %source, "internal error");
            let text = words.0.pick("请稍后再打开这个链接。", "Please open the link again in a while.");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                words.0.pick("暂时不能处理", "This cannot be done now"),
                text.to_owned(),
            )
        }
        Error::NotFound(_) => return answered(no_such_link(language), language),
        told => {
            (StatusCode::CONFLICT, words.0.pick("没有记录", "Nothing was recorded"), told.explain(language))
        }
    };
    message(status, language, title, &text)
        .unwrap_or_else(|_| Response::builder().status(StatusCode::INTERNAL_SERVER_ERROR).finish())
}

/// The stylesheet of the pages.
pub fn style() -> Response {
    Response::builder()
        .content_type("text/css; charset=utf-8")
        .header(header::CACHE_CONTROL, "public, max-age=3600")
        .body(STYLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_log_keeps_what_lets_its_holder_do_something() {
        assert_eq!(loggable("/reply/AAAA"), "/reply/…");
        assert_eq!(loggable("/unsubscribe/AAAA/x"), "/unsubscribe/…");
        assert_eq!(loggable("/calendar/AAAA.ics"), "/calendar/…");
        assert_eq!(loggable("/graphql"), "/graphql");
    }
}
