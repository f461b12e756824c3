//! Calendars to subscribe to. The address is the key: an unknown or revoked one leads nowhere, and no log keeps it.

use data_encoding::HEXLOWER;
use poem::http::{StatusCode, header};
use poem::{Endpoint, Request, Response};
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::http::public::{self, wanted};
use crate::http::{AppState, RequestId};
use crate::scope::{Actor, Scope};
use crate::sessions::feeds;

/// `/calendar/TOKEN.ics`.
pub struct Calendar(pub AppState);

impl Endpoint for Calendar {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if !public::asks(request.method()) {
            let answer = Response::builder().status(StatusCode::METHOD_NOT_ALLOWED);
            return Ok(answer.header(header::ALLOW, "GET, HEAD").finish());
        }
        let language = wanted(&request);
        Ok(public::answered(calendar(&self.0, &request).await, language))
    }
}

async fn calendar(state: &AppState, request: &Request) -> Result<Response> {
    let language = wanted(request);
    let token = request.raw_path_param("file").and_then(|file| file.strip_suffix(".ics"));
    let found = match token {
        Some(token) => feeds::by_token(&state.database, token).await?,
        None => None,
    };
    let Some((district, feed)) = found else { return public::no_such_link(language) };
    let scope = Scope {
        database: state.database.clone(),
        clock: state.clock.clone(),
        district,
        actor: Actor::Nobody,
        request_id: request.data::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    };
    let organizer = crate::mail::sender(|name| std::env::var(name).ok())?;
    let file = feeds::calendar(&scope, &feed, &organizer, language).await?;
    let tag = tag(&file);
    let known = request.header(header::IF_NONE_MATCH).is_some_and(|known| knows(known, &tag));
    let answer = Response::builder()
        .header(header::ETAG, &tag)
        .header(header::CACHE_CONTROL, "private, no-cache")
        .header(header::VARY, "accept-language")
        .header(header::REFERRER_POLICY, "no-referrer");
    if known {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    let answer = answer.content_type("text/calendar; charset=utf-8");
    let answer = answer.header(header::CONTENT_DISPOSITION, "inline; filename=\"tongpan.ics\"");
    // To a HEAD the server sends the head alone.
    Ok(answer.body(file))
}

/// Names what the file says: when it was written, which its stamps tell, is no news.
fn tag(file: &str) -> String {
    let lines = file.split("\r\n").filter(|line| !line.starts_with("DTSTAMP:"));
    let mut hash = Sha256::new();
    lines.for_each(|line| {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    });
    format!("W/\"{}\"", HEXLOWER.encode(&hash.finalize()[..16]))
}

/// Whether an If-None-Match names the tag, weak or not.
fn knows(known: &str, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.trim() == "*" || known.split(',').any(|one| bare(one) == bare(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_says_the_same_later_has_the_same_tag() {
        let file =
            |stamp: &str, summary: &str| format!("BEGIN:VEVENT\r\nDTSTAMP:{stamp}\r\nSUMMARY:{summary}\r\n");
        assert_eq!(tag(&file("1", "a")), tag(&file("2", "a")));
        assert_ne!(tag(&file("1", "a")), tag(&file("1", "b")));
    }

    #[test]
    fn a_tag_is_known_in_a_list_and_whether_weak_or_not() {
        let tag = "W/\"aa\"";
        assert!(knows("\"x\", \"aa\"", tag) && knows("W/\"aa\"", tag) && knows("*", tag));
        assert!(!knows("\"ab\"", tag));
    }
}
