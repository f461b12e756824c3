//! The page where somebody answers an invitation. Opening it changes nothing.

use askama::Template;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response};

use crate::entity::values::{Reply, ReplyWay};
use crate::error::{Error, Language, Result};
use crate::http::AppState;
use crate::http::public::{self, Visit, Words};
use crate::mail::links::Purpose;
use crate::sessions::letters::{self, Told};
use crate::sessions::replies::{self, Answer, Asked, LONGEST_REASON, Recorded};

/// `/reply/TOKEN`.
pub struct Page(pub AppState);

impl Endpoint for Page {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let language = public::wanted(&request);
        Ok(public::answered(shown(&self.0, &mut request).await, language))
    }
}

async fn shown(state: &AppState, request: &mut Request) -> Result<Response> {
    let language = public::wanted(request);
    let visit = public::visit(state, request, Purpose::Reply).await?;
    let Some(visit) = visit.filter(|visit| visit.about.len() == 2) else {
        return public::no_such_link(language);
    };
    match request.method() {
        method if public::asks(method) => asked(&visit, Said::default()).await,
        &Method::POST => acted(&visit, request).await,
        _ => Ok(public::no_such_method()),
    }
}

/// What the page says beside the session, and what the form holds.
#[derive(Debug, Default)]
struct Said {
    status: StatusCode,
    note: Option<String>,
    /// What she typed that could not be recorded.
    typed: Option<(Option<Reply>, String)>,
}

/// One of the answers to choose from.
struct Choice {
    reply: Reply,
    word: &'static str,
    text: &'static str,
}

#[derive(Template)]
#[template(path = "public/reply.html")]
struct Form<'a> {
    words: Words,
    told: &'a Told,
    name: &'a str,
    note: Option<String>,
    /// Why it takes no answer.
    closed: Option<String>,
    answered: bool,
    chosen: Reply,
    reason: String,
    longest: usize,
}

impl Form<'_> {
    fn choices(&self) -> [Choice; 3] {
        let choice = |reply, word, zh, en| Choice { reply, word, text: self.words.0.pick(zh, en) };
        [
            choice(Reply::Accepted, "accepted", "参加", "I will come"),
            choice(Reply::Tentative, "tentative", "待定（暂不能确定）", "I do not know yet"),
            choice(Reply::Declined, "declined", "请假（不能参加）", "I cannot come"),
        ]
    }
}

async fn asked(visit: &Visit, said: Said) -> Result<Response> {
    let told = letters::told(&visit.scope, visit.about[0], visit.person.id, visit.language).await?;
    let closed = closed(visit, &told).map(|error| error.explain(visit.language));
    let current = told.part.as_ref().map_or(Reply::Pending, |part| part.reply);
    let kept = told.part.as_ref().and_then(|part| part.reply_reason.clone()).unwrap_or_default();
    let (chosen, reason) = said.typed.unwrap_or((Some(current), kept));
    let form = Form {
        words: Words(visit.language),
        told: &told,
        name: &visit.person.name,
        note: said.note.or_else(|| standing(visit.language, current)),
        closed,
        answered: current != Reply::Pending,
        chosen: chosen.unwrap_or(Reply::Pending),
        reason,
        longest: LONGEST_REASON,
    };
    public::page(said.status, &form)
}

/// Why there is nothing to answer.
fn closed(visit: &Visit, told: &Told) -> Option<Error> {
    if let Err(error) = replies::still_asks(&visit.scope, &told.session) {
        return Some(error);
    }
    match &told.part {
        None => Some(replies::not_invited().into()),
        Some(part) => replies::expected(part).err(),
    }
}

/// What she answered before.
fn standing(language: Language, reply: Reply) -> Option<String> {
    let words = Words(language);
    (reply != Reply::Pending).then(|| {
        format!("{}{}", words.0.pick("您已回复：", "You answered: "), words.0.pick(reply.zh(), reply.en()))
    })
}

async fn acted(visit: &Visit, request: &mut Request) -> Result<Response> {
    let fields = public::form(request).await.unwrap_or_default();
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let reply = match field("reply") {
        Some("accepted") => Some(Reply::Accepted),
        Some("tentative") => Some(Reply::Tentative),
        Some("declined") => Some(Reply::Declined),
        _ => None,
    };
    let reason = field("reason").unwrap_or_default().to_owned();
    let sequence = field("sequence").and_then(|text| text.parse().ok());
    let answer = Answer {
        session_id: visit.about[0],
        teacher_id: visit.person.id,
        reply: reply.unwrap_or(Reply::Pending),
        reason: Some(reason.clone()),
        way: ReplyWay::Link,
        // The session may have moved since she opened the page.
        asked: sequence.map(|sequence| Asked { sequence, at: visit.scope.now() }),
    };
    match replies::reply(&visit.scope, answer).await {
        Ok(recorded) => {
            let note = Some(confirmed(visit.language, &recorded));
            asked(visit, Said { note, ..Said::default() }).await
        }
        Err(error @ Error::Rejected(_)) => {
            let note = Some(error.explain(visit.language));
            let typed = Some((reply, reason));
            asked(visit, Said { status: StatusCode::UNPROCESSABLE_ENTITY, note, typed }).await
        }
        Err(error) => Err(error),
    }
}

fn confirmed(language: Language, recorded: &Recorded) -> String {
    let (words, part) = (Words(language), &recorded.participant);
    let mut text = format!(
        "{}{}",
        words.0.pick("已记录：", "Recorded: "),
        words.0.pick(part.reply.zh(), part.reply.en())
    );
    if let Some(reason) = &part.reply_reason {
        text += &format!("{}{reason}{}", words.0.pick("（", " ("), words.0.pick("）", ")"));
    }
    text += words.0.pick("。", ".");
    if part.reply == Reply::Declined && replies::is_needed(part) {
        text +=
            words.0.pick("集团教研负责人会马上收到通知。", " The coordinator of the group is told at once.");
    }
    text
}
