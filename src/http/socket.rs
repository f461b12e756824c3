//! GraphQL over WebSocket (graphql-transport-ws): subscriptions.

use std::sync::Arc;

use async_graphql::http::WebSocketProtocols;
use async_graphql::{Data, Executor, Request as Operation, Response as Outcome};
use async_graphql_poem::{GraphQLProtocol, GraphQLWebSocket};
use futures_util::future;
use futures_util::stream::{self, BoxStream, StreamExt};
use poem::http::StatusCode;
use poem::web::websocket::WebSocket;
use poem::{Endpoint, FromRequest, IntoResponse, Request, Response};

use crate::http::identity::{self, is_own_origin};
use crate::http::{AppState, limits};
use crate::schema::ApiSchema;

/// The only protocol spoken.
const PROTOCOL: &str = "graphql-transport-ws";

/// The endpoint of subscriptions.
pub struct Socket(pub AppState);

impl Endpoint for Socket {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if !is_own_origin(&self.0, &request) {
            return Ok(StatusCode::FORBIDDEN.into_response());
        }
        let api_request = match identity::request(&self.0, &request).await {
            Ok(api_request) => api_request,
            Err(refusal) => return Ok(refusal.message.with_status(refusal.status).into_response()),
        };
        let (request, mut body) = request.split();
        let socket = WebSocket::from_request(&request, &mut body).await?;
        let protocol = GraphQLProtocol::from_request(&request, &mut body).await?;
        if protocol.0 != WebSocketProtocols::GraphQLWS {
            return Ok(StatusCode::BAD_REQUEST.into_response());
        }
        let executor = Guarded(self.0.schema.clone());
        let mut data = Data::default();
        data.insert(api_request);
        Ok(socket
            .protocols([PROTOCOL])
            .on_upgrade(move |stream| {
                GraphQLWebSocket::new(stream, executor, protocol).with_data(data).serve()
            })
            .into_response())
    }
}

/// The schema behind the limits that documents over HTTP have.
#[derive(Clone)]
struct Guarded(ApiSchema);

/// The answer to a document beyond the limits.
fn refused(operation: &mut Operation) -> Option<Outcome> {
    let checked = operation.parsed_query().and_then(limits::check);
    checked.err().map(|error| Outcome::from_errors(vec![error]))
}

impl Executor for Guarded {
    async fn execute(&self, mut operation: Operation) -> Outcome {
        match refused(&mut operation) {
            None => self.0.execute(operation).await,
            Some(outcome) => outcome,
        }
    }

    fn execute_stream(
        &self,
        mut operation: Operation,
        data: Option<Arc<Data>>,
    ) -> BoxStream<'static, Outcome> {
        match refused(&mut operation) {
            None => Executor::execute_stream(&self.0, operation, data),
            Some(outcome) => stream::once(future::ready(outcome)).boxed(),
        }
    }
}
