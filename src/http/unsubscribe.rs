//! The page on which people say which mails they do without (RFC 8058). Opening it changes nothing; a mail program that posts
//! `List-Unsubscribe=One-Click` turns off the category of the mail, without asking.

use std::collections::BTreeMap;

use askama::Template;
use poem::http::{Method, StatusCode, header};
use poem::{Request, Response};

use crate::entity::values::MailCategory;
use crate::error::{Language, Result};
use crate::http::AppState;
use crate::http::public::{self, Visit, Words};
use crate::mail::links::Purpose;
use crate::mail::preferences;
use crate::sessions;

/// Longest form.
const BODY: usize = 16 * 1024;
/// The field of a one-click request, and what it says.
const ONE_CLICK: (&str, &str) = ("List-Unsubscribe", "One-Click");
/// The field that our own form always has.
const SAVE: &str = "save";
/// The field with a category that is wanted.
const KEEP: &str = "keep";

/// A category to choose.
struct Choice {
    value: String,
    label: &'static str,
    hint: &'static str,
    wanted: bool,
}

#[derive(Template)]
#[template(path = "public/unsubscribe.html")]
struct Page<'a> {
    words: Words,
    name: &'a str,
    /// What the mail was, whose link was followed.
    asked: &'a str,
    choices: Vec<Choice>,
    /// Whether something was written, and what was wanted before.
    done: Option<Vec<String>>,
}

/// Answers a visit.
pub async fn answer(state: &AppState, mut request: Request) -> Response {
    let language = public::wanted(&request);
    public::answered(act(state, &mut request, language).await, language)
}

async fn act(state: &AppState, request: &mut Request, language: Language) -> Result<Response> {
    let method = request.method().clone();
    if !public::asks(&method) && method != Method::POST {
        return Ok(public::no_such_method());
    }
    let Some(visit) = public::visit(state, request, Purpose::Unsubscribe).await? else {
        return public::no_such_link(language);
    };
    let category = match visit.about.as_slice() {
        [category, _] => preferences::linked(*category),
        _ => None,
    };
    let Some(category) = category else { return public::no_such_link(language) };
    let before =
        preferences::of_person(visit.scope.reader(), visit.scope.district.id, visit.person.id).await?;
    if public::asks(&method) {
        return shown(&visit, category, &before, None);
    }
    let Some(wishes) = wishes(request, category).await else { return unreadable(language) };
    let after = sessions::prefer(&visit.scope, visit.person.id, &wishes).await?;
    shown(&visit, category, &after, Some(&before))
}

fn shown(
    visit: &Visit,
    asked: MailCategory,
    wanted: &BTreeMap<MailCategory, bool>,
    before: Option<&BTreeMap<MailCategory, bool>>,
) -> Result<Response> {
    let words = Words(visit.language);
    let choice = |(category, wanted): (&MailCategory, &bool)| {
        let (zh, en) = preferences::hint(*category);
        Choice {
            value: word(*category),
            label: label(words, *category),
            hint: words.0.pick(zh, en),
            wanted: *wanted,
        }
    };
    let kept = |before: &BTreeMap<MailCategory, bool>| {
        before.iter().filter(|(_, wanted)| **wanted).map(|(category, _)| word(*category)).collect()
    };
    let page = Page {
        words,
        name: &visit.person.name,
        asked: label(words, asked),
        choices: wanted.iter().map(choice).collect(),
        done: before.map(kept),
    };
    public::page(StatusCode::OK, &page)
}

fn label(words: Words, category: MailCategory) -> &'static str {
    words.0.pick(category.zh(), category.en())
}

fn word(category: MailCategory) -> String {
    use sea_orm::ActiveEnum;
    category.to_value()
}

/// What a form asks for; `None` when it is none of ours.
async fn wishes(request: &mut Request, category: MailCategory) -> Option<BTreeMap<MailCategory, bool>> {
    let kind = request.header(header::CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    // RFC 8058 lets mail programs post either form.
    if kind.starts_with("multipart/form-data") {
        let body = request.take_body().into_bytes_limit(BODY).await.ok()?;
        let body = String::from_utf8_lossy(&body);
        let clicked = body.contains(&format!("name=\"{}\"", ONE_CLICK.0)) && body.contains(ONE_CLICK.1);
        return clicked.then(|| BTreeMap::from([(category, false)]));
    }
    let fields = public::form(request).await?;
    if fields.iter().any(|(name, value)| (name.as_str(), value.as_str()) == ONE_CLICK) {
        return Some(BTreeMap::from([(category, false)]));
    }
    fields.iter().find(|(name, _)| name == SAVE)?;
    let keeps =
        |category: MailCategory| fields.iter().any(|(name, value)| name == KEEP && *value == word(category));
    Some(MailCategory::ALL.iter().map(|category| (*category, keeps(*category))).collect())
}

fn unreadable(language: Language) -> Result<Response> {
    let words = Words(language);
    public::message(
        StatusCode::BAD_REQUEST,
        language,
        words.0.pick("没有记录", "Nothing was recorded"),
        words.0.pick(
            "没有读懂这次提交，请从邮件中重新打开链接再选一次。",
            "What was sent is not understood: please open the link from the mail again.",
        ),
    )
}
