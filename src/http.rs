//! Routes, headers, health.

mod dev;
mod endpoint;
mod feed;
mod identity;
mod limits;
mod public;
mod reply;
mod socket;
mod unsubscribe;

pub use dev::QUERIES;

use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use poem::http::{HeaderName, HeaderValue, StatusCode};
use poem::listener::TcpListener;
use poem::middleware::Compression;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, Server};
use sea_orm::ConnectionTrait;

use crate::clock::Clock;
use crate::database::Database;
use crate::error::{Error, Result, UserError};
use crate::id;
use crate::schema::{self, ApiSchema};

/// How long requests under way may take to end when the server is stopped.
const GRACE: Duration = Duration::from_secs(5);

/// How the server runs.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Development mode: anybody on this machine signs in as whom she likes.
    pub dev: bool,
}

/// What every request is served from.
#[derive(Clone)]
pub struct AppState {
    database: Database,
    clock: Clock,
    options: ServeOptions,
    schema: ApiSchema,
}

/// Ties log, audit and error of a request together.
#[derive(Debug, Clone)]
struct RequestId(String);

impl AppState {
    /// The state of a server.
    ///
    /// # Errors
    /// `Rejected` for development mode off loopback: whoever reaches it would be anybody.
    pub fn new(database: Database, clock: Clock, options: ServeOptions) -> Result<Self> {
        if options.dev {
            must_be_loopback(options.listen)?;
        }
        let schema = schema::build(options.dev);
        Ok(Self { database, clock, options, schema })
    }
}

/// Requires an address that only this machine reaches.
///
/// # Errors
/// `Rejected` for any other.
pub fn must_be_loopback(listen: SocketAddr) -> Result<()> {
    if listen.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    let error = UserError::new(
        "DEV_OFF_LOOPBACK",
        format!("开发模式只能监听本机地址（127.0.0.1 或 [::1]），不能是 {listen}"),
        format!("development mode listens on loopback only (127.0.0.1 or [::1]), not on {listen}"),
    );
    Err(error.into())
}

/// All routes.
pub fn app(state: AppState) -> impl Endpoint<Output = Response> + 'static {
    let database = state.database.clone();
    let health = poem::endpoint::make(move |_| {
        let database = database.clone();
        async move { health(&database).await }
    });
    let state_of_pages = state.clone();
    let unsubscribing = poem::endpoint::make(move |request| {
        let state = state_of_pages.clone();
        async move { unsubscribe::answer(&state, request).await }
    });
    Route::new()
        .at("/graphql", endpoint::GraphQl(state.clone()).with(Compression::new()))
        .at("/graphql/ws", socket::Socket(state.clone()))
        .at("/health", health)
        .at("/assets/pages.css", poem::endpoint::make_sync(|_| public::style()))
        .at("/reply/:token", reply::Page(state.clone()))
        .at("/calendar/:file", feed::Calendar(state.clone()))
        .at("/unsubscribe/:token", unsubscribing)
        .at("/graphiql", dev::Page(state.clone(), dev::Which::Graphiql))
        .at("/dev/sign-in", dev::Page(state.clone(), dev::Which::SignIn))
        .at("/", dev::Page(state, dev::Which::Home))
        .around(|routes, request| async move { Ok(observed(&*routes, request).await) })
}

/// Serves until `shutdown` resolves.
///
/// # Errors
/// As [`AppState::new`]; `Internal` when the address cannot be listened on.
pub async fn serve(
    database: Database,
    clock: Clock,
    options: ServeOptions,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let listen = options.listen;
    let listener = TcpListener::bind(listen);
    let app = app(AppState::new(database, clock, options)?);
    let served = Server::new(listener).run_with_graceful_shutdown(app, shutdown, Some(GRACE)).await;
    served.map_err(|error| cannot_listen(listen, error))
}

fn cannot_listen(listen: SocketAddr, error: std::io::Error) -> Error {
    if error.kind() != std::io::ErrorKind::AddrInUse {
        return error.into();
    }
    UserError::new(
        "ADDRESS_IN_USE",
        format!("{listen} 已被别的程序占用，请用 --listen 换一个地址，如 127.0.0.1:8081"),
        format!("{listen} is in use: choose another address with --listen, e.g. 127.0.0.1:8081"),
    )
    .into()
}

/// Gives a request its identifier, logs it, and sets the headers every answer has.
async fn observed(routes: &impl Endpoint, mut request: Request) -> Response {
    let id = id::new().simple().to_string();
    let (method, path) = (request.method().clone(), public::loggable(request.uri().path()));
    let since = Instant::now();
    request.set_data(RequestId(id.clone()));
    let mut response = match routes.call(request).await {
        Ok(response) => response.into_response(),
        Err(error) => error.into_response(),
    };
    let headers = [
        ("x-request-id", id.as_str()),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            // A page that is stricter stays so.
            response.headers_mut().entry(HeaderName::from_static(name)).or_insert(value);
        }
    }
    let (status, millis) = (response.status().as_u16(), since.elapsed().as_millis());
    tracing::info!(%method, %path, status, millis, request = %id, "request");
    response
}

/// Whether the database answers.
async fn health(database: &Database) -> Response {
    match database.reader().execute_unprepared("SELECT 1").await {
        Ok(_) => Response::builder().content_type("application/json").body(r#"{"status":"ok"}"#),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            Response::builder()
                .status(StatusCode::SERVICE_UNAVAILABLE)
                .content_type("application/json")
                .body(r#"{"status":"database unreachable"}"#)
        }
    }
}

#[cfg(test)]
mod tests;
