//! What a calendar program answers to an invitation (RFC 5546, 3.2.3).

use chrono::{DateTime, NaiveDateTime, Utc};
use icalendar::parser::{Component, Parameter, Property, read_calendar, unfold};

use crate::entity::values::Reply;

/// Longest calendar file that is read, in octets.
const LARGEST: usize = 256 * 1024;
/// Most components of a file: a reply has its event, and a time zone or two with their halves.
const MOST_COMPONENTS: usize = 100;

/// An answer to one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarReply {
    /// Names the event.
    pub uid: String,
    /// SEQUENCE of the invitation it answers; 0 when it names none.
    pub sequence: i32,
    /// When it was given (DTSTAMP).
    pub stamped_at: Option<DateTime<Utc>>,
    /// Those who answer: one, in a well-made reply.
    pub attendees: Vec<Attendee>,
}

/// Who answers what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Mail address, in lower case.
    pub address: String,
    /// The answer; `None`: none of those that decide anything.
    pub reply: Option<Reply>,
    /// What she wrote beside it.
    pub comment: Option<String>,
}

/// Reads the answers in a calendar file; none when it is a file of another kind (an invitation, a cancellation).
///
/// # Errors
/// What is wrong with the file.
pub fn read(file: &str) -> Result<Vec<CalendarReply>, String> {
    if file.len() > LARGEST {
        return Err(format!("日历文件过大（{}字节，最多{LARGEST}）", file.len()));
    }
    // The parser goes down into components: so many of them that no reply has them are not gone into.
    let begun =
        file.split(['\r', '\n']).filter(|line| line.trim().to_ascii_uppercase().starts_with("BEGIN")).count();
    if begun > MOST_COMPONENTS {
        return Err(format!("日历文件的组成部分过多（{begun}，最多{MOST_COMPONENTS}）"));
    }
    let unfolded = unfold(file.trim_start_matches('\u{feff}').trim_start());
    let calendar = read_calendar(&unfolded).map_err(|_| "日历文件的格式不对".to_owned())?;
    let method = calendar.properties.iter().find(|property| is(property, "METHOD"));
    if !method.is_some_and(|method| method.val.as_str().trim().eq_ignore_ascii_case("REPLY")) {
        return Ok(Vec::new());
    }
    let events =
        calendar.components.iter().filter(|component| component.name.as_str().eq_ignore_ascii_case("VEVENT"));
    Ok(events.filter_map(reply).collect())
}

fn is(property: &Property<'_>, name: &str) -> bool {
    property.name.as_str().eq_ignore_ascii_case(name)
}

fn reply(event: &Component<'_>) -> Option<CalendarReply> {
    let value = |name: &str| {
        event
            .properties
            .iter()
            .find(|property| is(property, name))
            .map(|found| found.val.as_str().trim().to_owned())
    };
    let comment = value("COMMENT").map(|text| unescaped(&text));
    let attendees = event.properties.iter().filter(|property| is(property, "ATTENDEE"));
    Some(CalendarReply {
        uid: value("UID")?,
        sequence: value("SEQUENCE").and_then(|text| text.parse().ok()).unwrap_or(0),
        stamped_at: value("DTSTAMP").and_then(|text| instant(&text)),
        attendees: attendees.map(|property| attendee(property, comment.as_deref())).collect(),
    })
}

fn attendee(property: &Property<'_>, comment: Option<&str>) -> Attendee {
    let parameter = |name: &str| {
        let named = |one: &&Parameter<'_>| one.key.as_str().eq_ignore_ascii_case(name);
        property.params.iter().find(named).and_then(|one| one.val.as_ref()).map(|value| value.as_str().trim())
    };
    let reply = match parameter("PARTSTAT").map(str::to_ascii_uppercase).as_deref() {
        Some("ACCEPTED") => Some(Reply::Accepted),
        Some("DECLINED") => Some(Reply::Declined),
        Some("TENTATIVE") => Some(Reply::Tentative),
        _ => None,
    };
    // Google writes what people add to an answer here.
    let beside = parameter("X-RESPONSE-COMMENT").map(unescaped);
    let comment = beside.or(comment.map(str::to_owned));
    let comment = comment.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Attendee { address: address(property.val.as_str(), parameter("EMAIL")), reply, comment }
}

/// A calendar address is a `mailto:`; some programs write another address there and the mail's beside it.
fn address(value: &str, email: Option<&str>) -> String {
    let value = value.trim();
    let mailto = value.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map(|_| &value[7..]);
    let address = mailto.or(email).unwrap_or(value);
    address.trim().to_lowercase()
}

/// RFC 5545, 3.3.11. What the parser has unescaped already has no backslash any more.
fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n")
        .replace("\\N", "\n")
        .replace("\\,", ",")
        .replace("\\;", ";")
        .replace("\\\\", "\\")
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok().map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn of(event: &str) -> Vec<CalendarReply> {
        let file =
            format!("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n");
        read(&file.replace('\n', "\r\n")).unwrap()
    }

    #[test]
    fn an_answer_names_event_telling_time_person_and_words() {
        let replies =
            of("UID:session_1@tongpan\nSEQUENCE:2\nDTSTAMP:20260902T010203Z\nCOMMENT:当天有课\\, 请假\n\
            ATTENDEE;CN=\"李, 娜\";PARTSTAT=DECLINED:MAILTO:Li@Example.com");
        let attendee = Attendee {
            address: "li@example.com".to_owned(),
            reply: Some(Reply::Declined),
            comment: Some("当天有课, 请假".to_owned()),
        };
        let stamped_at = Some(Utc.with_ymd_and_hms(2026, 9, 2, 1, 2, 3).unwrap());
        let uid = "session_1@tongpan".to_owned();
        assert_eq!(replies, [CalendarReply { uid, sequence: 2, stamped_at, attendees: vec![attendee] }]);
    }

    #[test]
    fn an_answer_that_decides_nothing_is_none() {
        for status in ["NEEDS-ACTION", "DELEGATED", "X"] {
            let replies = of(&format!("UID:a\nATTENDEE;PARTSTAT={status}:mailto:li@example.com"));
            assert_eq!(replies[0].attendees[0].reply, None, "{status}");
        }
    }

    #[test]
    fn an_invitation_is_no_answer() {
        let file =
            "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(read(file), Ok(Vec::new()));
    }

    #[test]
    fn what_is_too_large_or_too_deep_is_not_gone_into() {
        assert!(read(&"BEGIN:X\r\n".repeat(100_000)).is_err());
        assert!(read(&"BEGIN:X\r\n".repeat(101)).is_err());
        assert!(read(&"BEGIN:X\r\n".repeat(90)).is_err());
        assert!(read(&"x".repeat(LARGEST + 1)).is_err());
    }

    proptest! {
        #[test]
        fn whatever_arrives_does_no_harm(text in "\\PC{0,200}", lines in proptest::collection::vec(
            "(BEGIN|END|METHOD|UID|ATTENDEE|SEQUENCE|DTSTAMP)?[:;= ]?(VEVENT|VCALENDAR|REPLY)?\\PC{0,20}", 0..20)) {
            let _ = read(&text);
            let _ = read(&lines.join("\r\n"));
            let _ = read(&format!("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n{}\r\nEND:VCALENDAR", lines.join("\n")));
        }
    }
}
