//! What every capability's `graphql.rs` uses: the request, loaders, connections, error mapping, scalars.
//!
//! Types of the API name each other in circles, as a graph does; operations never do.

pub mod connection;
pub mod errors;
pub mod loaders;
pub mod numbers;
pub mod request;
pub mod scalars;
#[cfg(test)]
pub mod testing;

pub use connection::{Connected, Key, Order, Page, Position, page, page_of, weight};
pub use errors::{Fault, OrFault, by_id, coded, fault, ident, settle};
pub(crate) use loaders::object_over;
pub use loaders::{Dated, Over, dated, many, one, several, several_by, the};
pub use numbers::within;
pub use request::{Request, day, request, scope, writer};
pub use scalars::Long;
