//! Who asks, from where, in which language, about which district.

use std::net::IpAddr;

use poem::http::{HeaderMap, StatusCode, header};
use poem::web::RemoteAddr;
use poem::{Addr, Request};
use uuid::Uuid;

use crate::entity::{district, teacher};
use crate::error::{Error, Language};
use crate::graphql::Request as ApiRequest;
use crate::http::{AppState, RequestId};
use crate::id::Kind;
use crate::scope::{Actor, Scope};
use crate::{groups, people};

/// Holds the identifier of whoever signed in, in development mode.
pub const COOKIE: &str = "tongpan_person";
/// Names a staff number, for scripts in development mode.
const PERSON: &str = "x-tongpan-person";
/// Names the district, where there are several.
const DISTRICT: &str = "x-tongpan-district";
/// Set by proxies: then the peer is not whoever asks.
const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// Why a request is not answered.
#[derive(Debug)]
pub struct Refusal {
    /// HTTP status.
    pub status: StatusCode,
    /// For programs.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }
}

/// The request as resolvers see it.
///
/// # Errors
/// 401 when nobody can be signed in or the staff number is unknown, 403 for a staff number off this machine, 404 and
/// 503 for the district.
pub async fn request(state: &AppState, request: &Request) -> Result<ApiRequest, Refusal> {
    let language = language(request.headers());
    let refused = |error: Error| refusal(error, language);
    let wanted = wanted_district(request);
    let district = groups::district(&state.database, wanted.as_deref()).await.map_err(refused)?;
    let actor = actor(state, request, &district).await?;
    if !state.options.dev && actor == Actor::Nobody {
        return Err(refused(Error::Unauthenticated));
    }
    let scope = Scope {
        database: state.database.clone(),
        clock: state.clock.clone(),
        district,
        actor,
        request_id: request.data::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    };
    Ok(ApiRequest::new(scope, language))
}

fn refusal(error: Error, language: Language) -> Refusal {
    let message = error.explain(language);
    match error {
        Error::Unauthenticated => Refusal::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message),
        Error::NotFound(_) => Refusal::new(StatusCode::NOT_FOUND, "NOT_FOUND", message),
        Error::Rejected(errors) => {
            let code = errors.first().map_or("REJECTED", |error| error.code);
            let status =
                if code == "NO_DISTRICT" { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::BAD_REQUEST };
            Refusal::new(status, code, message)
        }
        Error::Stale(_) => Refusal::new(StatusCode::CONFLICT, "STALE", message),
        Error::Internal(source) => {
            tracing::error!(error = %source, "internal error");
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "internal error")
        }
    }
}

fn wanted_district(request: &Request) -> Option<String> {
    let parameter =
        request.uri().query().into_iter().flat_map(form_pairs).find(|(name, _)| name == "district");
    parameter.map(|(_, value)| value).or_else(|| request.header(DISTRICT).map(str::to_owned))
}

/// Name and value pairs of a query string or form.
pub fn form_pairs(text: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(text).unwrap_or_default()
}

async fn actor(state: &AppState, request: &Request, district: &district::Model) -> Result<Actor, Refusal> {
    let local = is_local(state, request);
    if let Some(number) = request.header(PERSON) {
        if !local {
            let message = "只有本机的开发模式可以这样登录 (only in development mode on this machine)";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "DEV_ONLY", message));
        }
        let language = language(request.headers());
        let found = people::by_number(&state.database, district.id, number).await;
        let person = found.map_err(|error| refusal(error, language))?;
        return person.map(signed_in).ok_or_else(|| refusal(people::unknown(number), language));
    }
    let Some(id) = cookie(request.headers()).filter(|_| local) else { return Ok(Actor::Nobody) };
    let found = people::by_id(&state.database, district.id, id).await;
    let person = found.map_err(|error| refusal(error, Language::Chinese))?;
    Ok(person.map_or(Actor::Nobody, signed_in))
}

fn signed_in(person: teacher::Model) -> Actor {
    Actor::Person { id: person.id, number: person.number }
}

fn cookie(headers: &HeaderMap) -> Option<Uuid> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).find_map(|(_, id)| Kind::Teacher.parse(id))
}

/// Whether a request comes from this machine, without a proxy, to a server in development mode. The host is looked at
/// too: a page of another site can point its own name at this machine.
pub fn is_local(state: &AppState, request: &Request) -> bool {
    let forwarded = FORWARDED.iter().any(|name| request.headers().contains_key(*name));
    let RemoteAddr(peer) = request.remote_addr();
    state.options.dev && !forwarded && from_this_machine(peer, host(request).as_deref())
}

fn from_this_machine(peer: &Addr, host: Option<&str>) -> bool {
    match peer {
        Addr::SocketAddr(peer) => {
            peer.ip().to_canonical().is_loopback() && host.is_some_and(is_loopback_host)
        }
        // No network in between: the application is called within its own process.
        Addr::Custom("unknown", _) => host.is_none_or(is_loopback_host),
        _ => false,
    }
}

fn host(request: &Request) -> Option<String> {
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
    request.header(header::HOST).map(str::to_owned).or(authority)
}

/// Whether `host`, with or without a port, is this machine's own name.
fn is_loopback_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.split(':').next().unwrap_or(host),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether a browser sends this from a page of ours, or it is no browser: a page names where it comes from.
pub fn is_own_origin(state: &AppState, request: &Request) -> bool {
    let Some(origin) = request.header(header::ORIGIN) else { return true };
    let Some((_, authority)) = origin.split_once("://") else { return false };
    let own = host(request).is_some_and(|host| host.eq_ignore_ascii_case(authority));
    own || (is_local(state, request) && is_loopback_host(authority))
}

/// English when it is preferred to Chinese.
pub fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let weight = |language: &str| {
        let ranges = header.split(',').filter_map(|range| {
            let (tag, quality) = range.split_once(';').unwrap_or((range, "q=1"));
            let quality = quality.trim().strip_prefix("q=")?.parse::<f32>().ok()?;
            tag.trim().to_ascii_lowercase().starts_with(language).then_some(quality)
        });
        ranges.fold(0.0_f32, f32::max)
    };
    if weight("en") > weight("zh") { Language::English } else { Language::Chinese }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(address: &str) -> Addr {
        Addr::SocketAddr(address.parse().unwrap())
    }

    #[test]
    fn only_this_machine_under_its_own_name_is_local() {
        assert!(from_this_machine(&peer("127.0.0.1:5000"), Some("localhost:4000")));
        assert!(from_this_machine(&peer("[::1]:5000"), Some("[::1]:4000")));
        assert!(from_this_machine(&peer("[::ffff:127.0.0.1]:5000"), Some("127.0.0.1")));
        assert!(!from_this_machine(&peer("10.0.0.7:5000"), Some("localhost:4000")));
        assert!(!from_this_machine(&peer("127.0.0.1:5000"), Some("evil.example:4000")));
        assert!(!from_this_machine(&peer("127.0.0.1:5000"), Some("localhost.evil.example")));
        assert!(!from_this_machine(&peer("127.0.0.1:5000"), None));
        assert!(!from_this_machine(&Addr::custom("tls", "x"), Some("localhost")));
    }

    #[test]
    fn the_language_asked_for_most_is_taken() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, value.parse().unwrap());
            language(&headers)
        };
        assert_eq!(of("en-GB,en;q=0.9"), Language::English);
        assert_eq!(of("zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese);
        assert_eq!(of("zh;q=0.3, en;q=0.8"), Language::English);
        assert_eq!(of("fr"), Language::Chinese);
    }
}
