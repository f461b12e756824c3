//! Field parsers: from a cell to a typed value, or to a message that says what to write instead.
//!
//! Every parser takes a cell that is not empty; [`super::table::Row::read`] sees to that and adds the place.

mod dates;
mod numbers;
mod times;
mod words;

pub use dates::{date, month};
pub use numbers::{Share, decimal, decimal_in, minutes, share, whole, whole_in, years};
pub use times::{
    Half, ResearchDay, Weeks, periods, research_day, time, weekday, weekday_zh, weekdays, weeks,
};
pub use words::{email, list, name, prose, split, yes_no};

use super::fault::Bilingual;
use super::sheets::Kind;
use super::table::Cell;

/// Why a cell was refused, without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// What is wrong and what to write instead.
    pub message: Bilingual,
}

impl FieldFault {
    /// The fault with its sentence in Chinese and in English.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { message: Bilingual::new(zh, en) }
    }
}

/// What a parser gives.
pub type Parsed<T> = Result<T, FieldFault>;

/// Whether the cell holds what its column asks for.
pub fn check(kind: Kind, cell: &Cell) -> Parsed<()> {
    match kind {
        Kind::Name => name(cell).map(drop),
        Kind::Prose => prose(cell).map(drop),
        Kind::List => list(cell).map(drop),
        Kind::Whole(least, most) => whole_in(least, most)(cell).map(drop),
        Kind::Decimal(least, most) => decimal_in(least, most)(cell).map(drop),
        Kind::Minutes(least, most) => minutes(cell).and_then(|n| numbers::within(n, least, most)),
        Kind::Years(least, most) => years(cell).and_then(|n| numbers::within(n, least, most)),
        Kind::Date => date(cell).map(drop),
        Kind::Month => month(cell).map(drop),
        Kind::Time => time(cell).map(drop),
        Kind::Weekday => weekday(cell).map(drop),
        Kind::Weekdays => weekdays(cell).map(drop),
        Kind::Periods => periods(cell).map(drop),
        Kind::Weeks => weeks(cell).map(drop),
        Kind::ResearchDay => research_day(cell).map(drop),
        Kind::Email => email(cell).map(drop),
    }
}

#[cfg(test)]
mod tests;
