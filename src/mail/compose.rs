//! From a letter to the bytes of a mail. The same letter always gives the same bytes.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MessageBuilder, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, Message};

use super::{Contact, Letter};

/// A mail ready to go out.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Name of its file, without ending: readable, and the same however often it is written.
    pub name: String,
    /// Envelope sender.
    pub from: Address,
    /// Envelope recipient.
    pub to: Address,
    /// Its Message-ID header.
    pub message_id: String,
    /// Headers and body.
    pub bytes: Vec<u8>,
}

/// What stands on the envelope and in the head of a mail, beside the letter.
#[derive(Debug)]
pub struct Head<'a> {
    /// Sender.
    pub from: &'a Contact,
    /// Recipient's address.
    pub to: &'a str,
    /// Message-ID header.
    pub message_id: &'a str,
    /// Date header.
    pub date: DateTime<Utc>,
    /// Name of the file.
    pub name: String,
}

/// The mail that carries `letter`; an error says which address is no address.
pub fn compose(head: Head<'_>, letter: &Letter) -> Result<Parcel, String> {
    let from = address(&head.from.address)?;
    let to = address(head.to)?;
    let mut builder = Message::builder()
        .from(mailbox(&head.from.name, from.clone()))
        .to(mailbox(&letter.to_name, to.clone()));
    if let Some(contact) = &letter.reply_to {
        builder = builder.reply_to(mailbox(&contact.name, address(&contact.address)?));
    }
    if let Some(url) = &letter.unsubscribe {
        builder = builder.header(ListUnsubscribe(url.clone())).header(OneClick);
    }
    let builder = builder
        .subject(one_line(&letter.subject))
        .date(SystemTime::from(head.date))
        .message_id(Some(head.message_id.to_owned()))
        .header(AutoSubmitted);
    let bytes = body(builder, head.message_id, letter)?;
    Ok(Parcel { name: head.name, from, to, message_id: head.message_id.to_owned(), bytes })
}

fn body(builder: MessageBuilder, message_id: &str, letter: &Letter) -> Result<Vec<u8>, String> {
    let id = message_id.trim_start_matches('<').split('@').next().unwrap_or_default();
    let part = |kind, name: &str| MultiPart::builder().kind(kind).boundary(format!("{name}.{id}"));
    let readings = part(MultiPartKind::Alternative, "readings")
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let whole = match &letter.calendar {
        None => readings,
        Some(calendar) => {
            let inline = content_type(&format!("text/calendar; charset=utf-8; method={}", calendar.method))?;
            let inline = SinglePart::builder().content_type(inline).body(calendar.ics.clone());
            let file = content_type("application/ics; name=\"invite.ics\"")?;
            let file = Attachment::new("invite.ics".to_owned()).body(calendar.ics.clone(), file);
            part(MultiPartKind::Mixed, "whole").multipart(readings.singlepart(inline)).singlepart(file)
        }
    };
    Ok(builder.multipart(whole).map_err(|error| error.to_string())?.formatted())
}

fn content_type(text: &str) -> Result<ContentType, String> {
    ContentType::parse(text).map_err(|error| error.to_string())
}

fn mailbox(name: &str, address: Address) -> Mailbox {
    let name = one_line(name);
    Mailbox::new((!name.is_empty()).then_some(name), address)
}

/// Reads an address, as the database or a setting has it.
pub fn address(text: &str) -> Result<Address, String> {
    text.trim().parse().map_err(|_| format!("“{}”不是邮箱地址", one_line(text)))
}

/// Text without line breaks or other control characters: nothing typed by people may begin a new header.
pub fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().to_owned()
}

/// Tells vacation responders to keep quiet (RFC 3834).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Where whoever wants no more of these says so (RFC 2369).
#[derive(Debug, Clone)]
struct ListUnsubscribe(String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.trim_matches(['<', '>']).to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", one_line(&self.0)))
    }
}

/// Mail programs may do it for her, by a POST (RFC 8058).
#[derive(Debug, Clone)]
struct OneClick;

impl Header for OneClick {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "List-Unsubscribe=One-Click".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::CalendarPart;
    use chrono::TimeZone;
    use expect_test::expect;

    fn letter() -> Letter {
        Letter {
            to_name: "演示李娜".to_owned(),
            subject: "【教研邀请】9月16日 语文联合教研（城东小学）".to_owned(),
            text: "您好！\n".to_owned(),
            html: "<p>您好！</p>\n".to_owned(),
            calendar: Some(CalendarPart { method: "REQUEST", ics: "BEGIN:VCALENDAR\r\n".to_owned() }),
            reply_to: Some(Contact {
                name: "演示王芳".to_owned(), address: "wang@example.com".to_owned()
            }),
            unsubscribe: None,
        }
    }

    fn composed(from: &Contact, to: &str, letter: &Letter) -> Result<String, String> {
        let head = Head {
            from,
            to,
            message_id: "<invitation.1f@tongpan.local>",
            date: Utc.with_ymd_and_hms(2026, 9, 1, 0, 0, 0).unwrap(),
            name: "invitation".to_owned(),
        };
        compose(head, letter).map(|parcel| String::from_utf8(parcel.bytes).unwrap())
    }

    fn office() -> Contact {
        Contact { name: "澜川县联合教研".to_owned(), address: "notice@example.com".to_owned() }
    }

    #[test]
    fn a_mail_as_a_whole() {
        let mail = composed(&office(), "li@example.com", &letter()).unwrap();
        expect![[r#"
            From: =?utf-8?b?5r6c5bed5Y6/6IGU5ZCI5pWZ56CU?= <notice@example.com>
            To: =?utf-8?b?5ryU56S65p2O5aic?= <li@example.com>
            Reply-To: =?utf-8?b?5ryU56S6546L6Iqz?= <wang@example.com>
            Subject: =?utf-8?b?44CQ5pWZ56CU6YKA6K+344CROeaciDE25pelIOivreaWh+iBlA==?=
             =?utf-8?b?5ZCI5pWZ56CU77yI5Z+O5Lic5bCP5a2m77yJ?=
            Date: Tue, 01 Sep 2026 00:00:00 +0000
            Message-ID: <invitation.1f@tongpan.local>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="whole.invitation.1f"

            --whole.invitation.1f
            Content-Type: multipart/alternative; boundary="readings.invitation.1f"

            --readings.invitation.1f
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            5oKo5aW977yBDQo=
            --readings.invitation.1f
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: base64

            PHA+5oKo5aW977yBPC9wPg0K
            --readings.invitation.1f
            Content-Type: text/calendar; charset=utf-8; method=REQUEST
            Content-Transfer-Encoding: 7bit

            BEGIN:VCALENDAR

            --readings.invitation.1f--
            --whole.invitation.1f
            Content-Disposition: attachment; filename="invite.ics"
            Content-Type: application/ics; name="invite.ics"
            Content-Transfer-Encoding: 7bit

            BEGIN:VCALENDAR

            --whole.invitation.1f--
        "#]]
        .assert_eq(&mail.replace("\r\n", "\n"));
    }

    #[test]
    fn what_people_type_begins_no_new_header() {
        let evil = "甲\r\nBcc: eve@example.com\r\n\r\nbody";
        let letter = Letter {
            to_name: evil.to_owned(),
            subject: evil.to_owned(),
            reply_to: Some(Contact { name: evil.to_owned(), address: "a@example.com".to_owned() }),
            ..letter()
        };
        let mail =
            composed(&Contact { name: evil.to_owned(), ..office() }, "li@example.com", &letter).unwrap();
        assert!(!mail.contains("\nBcc:"), "{mail}");
    }

    #[test]
    fn what_one_may_do_without_says_how_in_one_line_that_is_not_folded() {
        let url = format!("https://jy.example.com/unsubscribe/{}", "x".repeat(80));
        let letter = Letter { unsubscribe: Some(format!("{url}\r\nBcc: eve@example.com")), ..letter() };
        let mail = composed(&office(), "li@example.com", &letter).unwrap();
        assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{mail}");
        assert!(mail.contains(&url) && !mail.contains("\nBcc:"), "{mail}");
    }

    #[test]
    fn what_is_no_address_is_named() {
        let refusal = composed(&office(), "li at example\r\nBcc: x@y.z", &letter()).unwrap_err();
        assert_eq!(refusal, "“li at example  Bcc: x@y.z”不是邮箱地址");
    }
}
