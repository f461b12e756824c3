//! Numbers that queries and mutations are given.

use std::ops::RangeInclusive;

use crate::error::{Result, UserError};

/// Reads a number; both bounds are allowed.
///
/// # Errors
/// `Rejected` with `OUT_OF_RANGE`, naming the argument.
pub fn within<T: TryFrom<i64>>(
    argument: &str,
    value: impl Into<i64>,
    bounds: RangeInclusive<i64>,
) -> Result<T> {
    let value = value.into();
    let number = T::try_from(value).ok().filter(|_| bounds.contains(&value));
    number.ok_or_else(|| UserError::out_of_range(argument, value, &bounds).into())
}
