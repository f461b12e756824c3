//! Words of letters, in the one language or the other.

use chrono::NaiveDate;

use crate::calendar::days::{date_zh, weekdays_zh};
use crate::entity::values::{ApplicationLink, DutyKind, ExemptionKind, PlacementForm, RoundState};
use crate::error::Language;

/// Picks words by language.
#[derive(Debug, Clone, Copy)]
pub struct Words(pub Language);

impl Words {
    /// A day.
    pub fn date(self, day: NaiveDate) -> String {
        self.0.either(|| date_zh(day), || day.to_string())
    }

    /// How far a day lies ahead.
    pub fn days_left(self, days: i64) -> String {
        match days {
            ..0 => self.0.either(|| format!("已逾期{}天", -days), || format!("is overdue by {} days", -days)),
            0 => self.0.pick("今天截止", "is due today").to_owned(),
            1 => self.0.pick("明天截止", "is due tomorrow").to_owned(),
            _ => self.0.either(|| format!("还有{days}天截止"), || format!("is due in {days} days")),
        }
    }

    /// A length in years.
    pub fn years(self, years: i32) -> String {
        self.0.either(|| format!("{years}年"), || format!("{years} years"))
    }

    /// A step.
    pub fn step(self, step: RoundState) -> &'static str {
        self.0.pick(step.zh(), step.en())
    }

    /// A form.
    pub fn form(self, form: PlacementForm) -> &'static str {
        self.0.pick(form.zh(), form.en())
    }

    /// How two moves are linked.
    pub fn link(self, link: ApplicationLink) -> &'static str {
        self.0.pick(link.zh(), link.en())
    }

    /// A duty.
    pub fn duty(self, duty: DutyKind) -> &'static str {
        self.0.pick(duty.zh(), duty.en())
    }

    /// Weekdays, from their ISO digits.
    pub fn weekdays(self, digits: &str) -> String {
        let english = || digits.chars().filter_map(weekday_en).collect::<Vec<_>>().join(", ");
        self.0.either(|| weekdays_zh(digits), english)
    }

    /// The ground of an exemption.
    pub fn ground(self, kind: ExemptionKind) -> &'static str {
        self.0.pick(kind.zh(), kind.en())
    }
}

fn weekday_en(digit: char) -> Option<&'static str> {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let day = usize::try_from(digit.to_digit(10)?).ok()?;
    NAMES.get(day.checked_sub(1)?).copied()
}
