//! What a letter about a session says, and its words: subject line, text, HTML and calendar entry.

use askama::Template;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::calendar::days::date_zh;
use crate::calendar::ical::{self, Event, Invitee, Method, Person, Standing};
use crate::entity::values::MessageKind;
use crate::error::{Language, Result};
use crate::mail::page::{Page, Row, words};
use crate::mail::{CalendarPart, Contact, Letter};

/// Minutes before the start at which the recipient's calendar reminds.
const ALARM_MINUTES: i64 = 30;
const WEEKDAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];

/// A letter before it has words.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Invitation, update, cancellation or reminder.
    pub kind: MessageKind,
    /// To whom.
    pub to: Contact,
    /// Whether the session cannot do without her.
    pub required: bool,
    /// Whether the session takes place, with or without her.
    pub takes_place: bool,
    /// Who answers questions.
    pub coordinator: Option<Contact>,
    /// The group whose session it is.
    pub group: String,
    /// What it is called, e.g. 语文学科联合教研.
    pub title: String,
    /// Host school, or 线上.
    pub host: String,
    /// Host school and room, or 线上.
    pub location: String,
    /// Link of an online session.
    pub url: Option<String>,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Names the calendar entry for ever.
    pub uid: String,
    /// SEQUENCE of the calendar entry.
    pub sequence: i32,
    /// When the message was enqueued.
    pub stamped_at: DateTime<Utc>,
    /// When the letter is written.
    pub now: DateTime<Utc>,
    /// The district's zone.
    pub zone: Tz,
    /// Every fact.
    pub rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "mail/opening.txt")]
struct Opening<'a> {
    notice: &'a Notice,
}

#[derive(Template)]
#[template(path = "mail/closing.txt")]
struct Closing<'a> {
    notice: &'a Notice,
}

impl Notice {
    /// The letter, sent by `sender`.
    pub fn letter(&self, sender: &Contact) -> Result<Letter> {
        let page = Page {
            language: Language::Chinese,
            subject: self.subject(),
            to_name: self.to.name.clone(),
            opening: Opening { notice: self }.render().map_err(words)?,
            rows: self.rows.clone(),
            closing: Closing { notice: self }.render().map_err(words)?,
            signature: self.group.clone(),
            written_on: self.written_on(),
        };
        Ok(Letter {
            text: page.text()?,
            html: page.html()?,
            to_name: page.to_name,
            subject: page.subject,
            calendar: self.calendar(sender),
            reply_to: self.coordinator.clone(),
            unsubscribe: None,
        })
    }

    fn subject(&self) -> String {
        let word = self.kind.zh();
        let day = self.day();
        let when = match self.kind {
            MessageKind::Reminder => format!("{}（{}月{}日）", self.days_ahead(), day.month(), day.day()),
            _ => format!("{}月{}日 ", day.month(), day.day()),
        };
        format!("【教研{word}】{when}{}（{}）", self.title, self.host)
    }

    fn day(&self) -> NaiveDate {
        self.starts_at.with_timezone(&self.zone).date_naive()
    }

    fn days_ahead(&self) -> String {
        let today = self.now.with_timezone(&self.zone).date_naive();
        match (self.day() - today).num_days() {
            ..=0 => "今天".to_owned(),
            1 => "明天".to_owned(),
            2 => "后天".to_owned(),
            7 => "一周后".to_owned(),
            days => format!("{days}天后"),
        }
    }

    fn written_on(&self) -> String {
        date_zh(self.now.with_timezone(&self.zone).date_naive())
    }

    /// A reminder has none: the entry has been in the calendar since the invitation.
    fn calendar(&self, sender: &Contact) -> Option<CalendarPart> {
        let method = match self.kind {
            MessageKind::Invitation | MessageKind::Update => Method::Request,
            MessageKind::Cancellation => Method::Cancel,
            _ => return None,
        };
        let invitee = Invitee { person: person(&self.to), required: self.required };
        let ics = ical::invitation(method, &self.event(method, sender), &invitee);
        Some(CalendarPart { method: method.word(), ics })
    }

    fn event(&self, method: Method, sender: &Contact) -> Event {
        let facts: Vec<String> =
            self.rows.iter().map(|row| format!("{}：{}", row.label, row.value)).collect();
        Event {
            uid: self.uid.clone(),
            sequence: u32::try_from(self.sequence).unwrap_or(0),
            stamped_at: self.stamped_at,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            summary: self.title.clone(),
            location: self.location.clone(),
            description: facts.join("\n"),
            url: self.url.clone(),
            standing: match (method, self.takes_place) {
                (Method::Request, _) => Standing::Confirmed,
                (Method::Cancel, false) => Standing::CalledOff,
                (Method::Cancel, true) => Standing::WithoutReader,
            },
            organizer: person(sender),
            alarm_minutes: Some(ALARM_MINUTES),
        }
    }
}

fn person(contact: &Contact) -> Person {
    Person { name: contact.name.clone(), address: contact.address.clone() }
}

/// A time as notices write it, e.g. `2026年9月16日（星期三）14:20–17:00，第3周`.
pub fn time_span(
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    zone: Tz,
    term_starts_on: Option<NaiveDate>,
) -> String {
    let (start, end) = (starts_at.with_timezone(&zone), ends_at.with_timezone(&zone));
    let day = start.date_naive();
    let weekday = WEEKDAYS[day.weekday().num_days_from_monday() as usize];
    let end_day = if end.date_naive() == day { String::new() } else { date_zh(end.date_naive()) };
    let week = term_starts_on.map_or_else(String::new, |first| format!("，第{}周", week(first, day)));
    let (from, until) = (start.format("%H:%M"), end.format("%H:%M"));
    format!("{}（星期{weekday}）{from}–{end_day}{until}{week}", date_zh(day))
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
        let span = time_span(at(6, 20), at(9, 0), Tz::Asia__Shanghai, Some(day(9, 1)));
        assert_eq!(span, "2026年9月16日（星期三）14:20–17:00，第3周");
        let undated = time_span(at(6, 20), at(18, 0), Tz::Asia__Shanghai, None);
        assert_eq!(undated, "2026年9月16日（星期三）14:20–2026年9月17日02:00");
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(week(day(9, 1), day(9, 6)), 1);
        assert_eq!(week(day(9, 1), day(9, 7)), 2);
    }
}
