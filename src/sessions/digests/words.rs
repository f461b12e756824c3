//! Words of digests, in the one language or the other.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::calendar::days::{date_zh, iso_weekday, weekday_zh};
use crate::entity::values::ParticipantRole;
use crate::error::Language;

/// Picks words by language.
#[derive(Debug, Clone, Copy)]
pub struct Words(pub Language);

impl Words {
    /// A day with its year.
    pub fn long_date(self, day: NaiveDate) -> String {
        self.0.either(|| date_zh(day), || day.to_string())
    }

    /// A day near by.
    pub fn date(self, day: NaiveDate) -> String {
        self.0.either(|| format!("{}月{}日", day.month(), day.day()), || day.format("%-d %b").to_string())
    }

    /// The weekday, as labels have it.
    pub fn weekday(self, day: NaiveDate) -> &'static str {
        const ENGLISH: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        match self.0 {
            Language::Chinese => weekday_zh(iso_weekday(day)),
            Language::English => ENGLISH[day.weekday().num_days_from_monday() as usize],
        }
    }

    /// A day near by, a start and an end.
    pub fn span(self, starts_at: DateTime<Utc>, ends_at: Option<DateTime<Utc>>, zone: Tz) -> String {
        let start = starts_at.with_timezone(&zone);
        let from = format!("{} {}", self.date(start.date_naive()), start.format("%H:%M"));
        match ends_at {
            Some(ends_at) => format!("{from}–{}", ends_at.with_timezone(&zone).format("%H:%M")),
            None => from,
        }
    }

    /// The same with the weekday, without the end.
    pub fn moment(self, starts_at: DateTime<Utc>, zone: Tz) -> String {
        let start = starts_at.with_timezone(&zone);
        let day = start.date_naive();
        let (date, weekday, time) = (self.date(day), self.weekday(day), start.format("%H:%M"));
        self.0.either(|| format!("{date}（{weekday}）{time}"), || format!("{weekday} {date} {time}"))
    }

    /// Between the parts of a list.
    pub fn comma(self) -> &'static str {
        self.0.pick("、", ", ")
    }

    /// Between sentences of a line.
    pub fn semicolon(self) -> &'static str {
        self.0.pick("；", "; ")
    }

    /// In brackets behind what it belongs to.
    pub fn bracketed(self, what: &str, note: &str) -> String {
        match note {
            "" => what.to_owned(),
            note => self.0.either(|| format!("{what}（{note}）"), || format!("{what} ({note})")),
        }
    }

    /// A role.
    pub fn role(self, role: ParticipantRole) -> String {
        let english = || format!("{role:?}").chars().flat_map(spaced).collect::<String>().trim().to_owned();
        self.0.either(|| role.zh().to_owned(), english)
    }
}

/// `LeadPreparer` as ` lead preparer`.
fn spaced(letter: char) -> Vec<char> {
    match letter.is_uppercase() {
        true => vec![' ', letter.to_ascii_lowercase()],
        false => vec![letter],
    }
}
