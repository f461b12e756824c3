//! Words of letters about sessions, in the one language or the other.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::calendar::days::date_zh;
use crate::entity::research_session;
use crate::entity::values::{MessageKind, ParticipantRole, ReplyWay, SessionForm, SessionMode, Stage};
use crate::error::Language;
use crate::sessions::{grade_zh, title};

const WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// Picks words by language.
#[derive(Debug, Clone, Copy)]
pub struct Words(pub Language);

impl Words {
    /// What stands between the members of a list.
    pub fn comma(self) -> &'static str {
        self.0.pick("、", ", ")
    }

    /// What stands between a label and its fact.
    pub fn colon(self) -> &'static str {
        self.0.pick("：", ": ")
    }

    /// `text` with `beside` in brackets.
    pub fn bracketed(self, text: &str, beside: &str) -> String {
        self.0.either(|| format!("{text}（{beside}）"), || format!("{text} ({beside})"))
    }

    /// A day.
    pub fn date(self, day: NaiveDate) -> String {
        self.0.either(|| date_zh(day), || day.format("%-d %B %Y").to_string())
    }

    /// A day of this year, as subject lines name it.
    pub fn short_date(self, day: NaiveDate) -> String {
        self.0.either(|| format!("{}月{}日", day.month(), day.day()), || day.format("%-d %B").to_string())
    }

    /// How far a day lies ahead of another.
    pub fn days_ahead(self, days: i64) -> String {
        match days {
            ..=0 => self.0.pick("今天", "today").to_owned(),
            1 => self.0.pick("明天", "tomorrow").to_owned(),
            2 => self.0.pick("后天", "in two days").to_owned(),
            7 => self.0.pick("一周后", "in a week").to_owned(),
            _ => self.0.either(|| format!("{days}天后"), || format!("in {days} days")),
        }
    }

    /// What people call a session.
    pub fn title(self, session: &research_session::Model, subject: Option<&str>) -> String {
        self.0.either(
            || title(session, subject),
            || match subject.filter(|name| !session.topic.contains(name)) {
                Some(subject) => format!("{subject} {}, no. {}", session.topic, session.ordinal),
                None => format!("{}, no. {}", session.topic, session.ordinal),
            },
        )
    }

    /// What a mail is, as subject lines begin.
    pub fn kind(self, kind: MessageKind) -> &'static str {
        let en = match kind {
            MessageKind::Invitation => "Invitation",
            MessageKind::Update => "Update",
            MessageKind::Cancellation => "Cancellation",
            _ => "Reminder",
        };
        self.0.pick(kind.zh(), en)
    }

    /// A grade.
    pub fn grade(self, grade: i32) -> String {
        self.0.either(|| grade_zh(grade), || format!("grade {grade}"))
    }

    /// A stage.
    pub fn stage(self, stage: Stage) -> &'static str {
        self.0.pick(stage.zh(), stage.en())
    }

    /// A form.
    pub fn form(self, form: SessionForm) -> &'static str {
        self.0.pick(form.zh(), form.en())
    }

    /// How people meet.
    pub fn mode(self, mode: SessionMode) -> &'static str {
        self.0.pick(mode.zh(), mode.en())
    }

    /// A role.
    pub fn role(self, role: ParticipantRole) -> &'static str {
        self.0.pick(role.zh(), role.en())
    }

    /// In which way an answer came.
    pub fn way(self, way: ReplyWay) -> &'static str {
        self.0.pick(way.zh(), way.en())
    }

    /// A time as notices write it, e.g. `2026年9月16日（星期三）14:20–17:00，第3周`.
    pub fn span(
        self,
        starts_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
        zone: Tz,
        term_starts_on: Option<NaiveDate>,
    ) -> String {
        let (start, end) = (starts_at.with_timezone(&zone), ends_at.with_timezone(&zone));
        let day = start.date_naive();
        let same_day = end.date_naive() == day;
        let (from, until) = (start.format("%H:%M"), end.format("%H:%M"));
        let week = term_starts_on.map(|first| week(first, day));
        self.0.either(
            || {
                let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
                let end_day = if same_day { String::new() } else { date_zh(end.date_naive()) };
                let week = week.map_or_else(String::new, |week| format!("，第{week}周"));
                format!("{}（星期{weekday}）{from}–{end_day}{until}{week}", date_zh(day))
            },
            || {
                let end_day =
                    if same_day { String::new() } else { format!("{}, ", self.date(end.date_naive())) };
                let week = week.map_or_else(String::new, |week| format!(" (week {week})"));
                format!("{}, {}, {from}–{end_day}{until}{week}", day.format("%A"), self.date(day))
            },
        )
    }
}

/// Weeks run from Monday to Sunday; the first is the one in which the term begins.
fn week(term_starts_on: NaiveDate, day: NaiveDate) -> i64 {
    let monday = |day: NaiveDate| day.week(chrono::Weekday::Mon).first_day();
    (monday(day) - monday(term_starts_on)).num_days() / 7 + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    #[test]
    fn a_time_has_its_weekday_and_its_week() {
        let at = |hour, minute| Utc.with_ymd_and_hms(2026, 9, 16, hour, minute, 0).unwrap();
        let span =
            |language, ends_at, term| Words(language).span(at(6, 20), ends_at, Tz::Asia__Shanghai, term);
        let (chinese, english) = (Language::Chinese, Language::English);
        assert_eq!(span(chinese, at(9, 0), Some(day(9, 1))), "2026年9月16日（星期三）14:20–17:00，第3周");
        assert_eq!(span(chinese, at(18, 0), None), "2026年9月16日（星期三）14:20–2026年9月17日02:00");
        assert_eq!(
            span(english, at(9, 0), Some(day(9, 1))),
            "Wednesday, 16 September 2026, 14:20–17:00 (week 3)"
        );
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(week(day(9, 1), day(9, 6)), 1);
        assert_eq!(week(day(9, 1), day(9, 7)), 2);
    }
}
