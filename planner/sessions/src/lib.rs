pub mod problem;
pub use problem::*;
