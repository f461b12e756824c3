//! Mails that arrive, as far as they matter: who sent one, and the calendar files in it.

use mail_parser::{MessageParser, MessagePart, MimeHeaders, PartType};

/// Longest mail that is read, in octets.
pub const LARGEST: usize = 10 * 1024 * 1024;

/// A mail that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Address of whoever sent it, in lower case; none when the mail does not name exactly one.
    pub from: Option<String>,
    /// The calendar files in it, in order.
    pub calendars: Vec<String>,
}

/// Reads a mail; `None` when it is none, or too long to be one of ours.
pub fn read(bytes: &[u8]) -> Option<Received> {
    if bytes.len() > LARGEST {
        return None;
    }
    let message = MessageParser::default().parse(bytes)?;
    let from = message.from();
    if from.is_none() && message.subject().is_none() {
        return None;
    }
    let senders: Vec<String> = from
        .into_iter()
        .flat_map(|from| from.iter())
        .filter_map(|one| one.address())
        .map(|address| address.trim().to_lowercase())
        .collect();
    let calendars = message.parts.iter().filter(|part| is_calendar(part)).filter_map(text).collect();
    Some(Received { from: <[String; 1]>::try_from(senders).ok().map(|[one]| one), calendars })
}

/// Programs call a calendar file by several types; some give it as an attachment only.
fn is_calendar(part: &MessagePart<'_>) -> bool {
    let named = part.attachment_name().is_some_and(|name| name.to_lowercase().ends_with(".ics"));
    let typed = part.content_type().is_some_and(|kind| {
        let subtype = kind.subtype().unwrap_or_default().to_lowercase();
        matches!(
            (kind.ctype().to_lowercase().as_str(), subtype.as_str()),
            ("text", "calendar") | ("application", "ics")
        )
    });
    named || typed
}

fn text(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.to_string()),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        PartType::Message(_) | PartType::Multipart(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn who_sent_it_and_the_calendar_file_are_found() {
        let mail = b"From: =?utf-8?b?5p2O?= <Li@Example.com>\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n\
            BEGIN:VCALENDAR\r\n";
        let received = read(mail).unwrap();
        assert_eq!(received.from.as_deref(), Some("li@example.com"));
        assert_eq!(received.calendars, ["BEGIN:VCALENDAR\r\n"]);
    }

    #[test]
    fn a_file_in_the_charset_of_chinese_programs_is_read() {
        let mut mail = b"From: li@example.com\r\nContent-Type: text/calendar; charset=gb18030; method=REPLY\r\n\r\nSUMMARY:".to_vec();
        mail.extend_from_slice(&[0xd3, 0xef, 0xce, 0xc4]);
        assert_eq!(read(&mail).unwrap().calendars, ["SUMMARY:语文"]);
    }

    #[test]
    fn a_mail_of_several_senders_is_nobodys() {
        let mail = b"From: li@example.com, wang@example.com\r\nSubject: x\r\n\r\ntext\r\n";
        assert_eq!(read(mail).unwrap().from, None);
    }

    proptest! {
        #[test]
        fn whatever_arrives_does_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            read(&bytes);
        }
    }
}
