//! What a letter about a session says, and its words: subject line, text, HTML and calendar entry.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::words::Words;
use crate::calendar::ical::{self, Event, Invitee, Method, Person, Standing};
use crate::entity::values::MessageKind;
use crate::error::{Language, Result};
use crate::mail::page::{Page, Row, words};
use crate::mail::{CalendarPart, Contact, Letter};

/// Minutes before the start at which the recipient's calendar reminds.
const ALARM_MINUTES: i64 = 30;

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
    /// Where she answers; `None`: nobody said where people reach the service.
    pub reply_url: Option<String>,
    /// In which language it is written.
    pub words: Words,
}

#[derive(Template)]
#[template(path = "mail/opening.txt")]
struct Opening<'a> {
    notice: &'a Notice,
}

#[derive(Template)]
#[template(path = "mail/opening_en.txt")]
struct OpeningEnglish<'a> {
    notice: &'a Notice,
}

#[derive(Template)]
#[template(path = "mail/closing_en.txt")]
struct ClosingEnglish<'a> {
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
        let (opening, closing) = match self.words.0 {
            Language::Chinese => (Opening { notice: self }.render(), Closing { notice: self }.render()),
            Language::English => {
                (OpeningEnglish { notice: self }.render(), ClosingEnglish { notice: self }.render())
            }
        };
        let page = Page {
            language: self.words.0,
            subject: self.subject(),
            to_name: self.to.name.clone(),
            opening: opening.map_err(words)?,
            rows: self.rows_with_the_link(),
            closing: closing.map_err(words)?,
            signature: self.group.clone(),
            written_on: self.words.date(self.now.with_timezone(&self.zone).date_naive()),
        };
        let letter = page.letter(self.coordinator.clone())?;
        Ok(Letter { calendar: self.calendar(sender), ..letter })
    }

    /// The link is hers alone: a calendar, which others may see, does not get it.
    fn rows_with_the_link(&self) -> Vec<Row> {
        let mut rows = self.rows.clone();
        if let Some(url) = self.reply_url.as_ref().filter(|_| self.asks()) {
            rows.push(Row { label: self.words.0.pick("回复链接", "Answer here"), value: url.clone() });
        }
        rows
    }

    /// Whether its reader is asked if she comes.
    fn asks(&self) -> bool {
        self.kind != MessageKind::Cancellation
    }

    fn subject(&self) -> String {
        let words = self.words;
        let (word, day) = (words.kind(self.kind), words.short_date(self.day()));
        let reminder = self.kind == MessageKind::Reminder;
        words.0.either(
            || {
                let when =
                    if reminder { format!("{}（{day}）", self.days_ahead()) } else { format!("{day} ") };
                format!("【教研{word}】{when}{}（{}）", self.title, self.host)
            },
            || {
                let when = if reminder { format!("{} ({day})", self.days_ahead()) } else { day.clone() };
                format!("[{word}] {when}: {} ({})", self.title, self.host)
            },
        )
    }

    fn day(&self) -> NaiveDate {
        self.starts_at.with_timezone(&self.zone).date_naive()
    }

    fn days_ahead(&self) -> String {
        let today = self.now.with_timezone(&self.zone).date_naive();
        self.words.days_ahead((self.day() - today).num_days())
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
            self.rows.iter().map(|row| format!("{}{}{}", row.label, self.words.colon(), row.value)).collect();
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
