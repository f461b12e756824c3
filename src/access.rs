//! Who may do what.

use crate::error::{Error, Result};
use crate::scope::{Actor, Scope};

/// Whether whoever acts may write. People can sign in in development mode only, and there anybody who is signed in
/// may write; programs act for whoever started them.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub fn may_write(scope: &Scope) -> Result<()> {
    match scope.actor {
        Actor::Nobody => Err(Error::Unauthenticated),
        Actor::Person { .. } | Actor::Program(_) => Ok(()),
    }
}

/// Whether whoever acts may see what only colleagues may: addresses, dates of birth, remarks of the office.
pub fn may_see_personal(scope: &Scope) -> bool {
    scope.actor != Actor::Nobody
}
