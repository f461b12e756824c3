//! Calendar files (RFC 5545) and invitations (RFC 5546). The same event always gives the same bytes.

use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{
    Alarm, Attendee, Calendar, Class, Component, EventLike, EventStatus, PartStat, Property, Role, Trigger,
};

const PRODID: &str = "-//tongpan//joint teaching research//ZH";

/// How often programs shall look whether a subscribed calendar has changed.
const REFRESH: &str = "PT1H";

/// What a calendar file asks of its reader (METHOD).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// An invitation or its update, to one attendee.
    Request,
    /// The event is off for this attendee.
    Cancel,
}

impl Method {
    /// As the `METHOD` property and the mail's content type write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// Whether an event takes place, for whoever reads of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Confirmed,
    /// It does not, for nobody.
    CalledOff,
    /// It does, without the reader. Her calendar must be told nothing of its status then (RFC 5546, 3.2.5).
    WithoutReader,
}

/// Somebody with a mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name people read.
    pub name: String,
    /// Mail address.
    pub address: String,
}

/// An event, as a calendar shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Names the event for ever: updates and the cancellation carry the same.
    pub uid: String,
    /// Rises with every change of time or place.
    pub sequence: u32,
    /// When this telling of it was written.
    pub stamped_at: DateTime<Utc>,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End, exclusive.
    pub ends_at: DateTime<Utc>,
    /// Title.
    pub summary: String,
    /// Place.
    pub location: String,
    /// Every fact, one a line.
    pub description: String,
    /// Link of an online event.
    pub url: Option<String>,
    /// Whether it takes place.
    pub standing: Standing,
    /// Who invites.
    pub organizer: Person,
    /// Minutes before the start at which the calendar reminds; none: never.
    pub alarm_minutes: Option<i64>,
}

/// The one person an invitation is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitee {
    /// Who.
    pub person: Person,
    /// Whether the event cannot do without her.
    pub required: bool,
}

/// The calendar part of a mail to one invitee.
pub fn invitation(method: Method, event: &Event, invitee: &Invitee) -> String {
    let mut entry = entry(event);
    entry.attendee(attendee(method, invitee));
    let mut calendar = calendar(method.word());
    calendar.push(entry);
    calendar.to_string()
}

/// A calendar file of many events, for subscribing or importing; it names no attendees.
pub fn feed(name: &str, events: &[Event]) -> String {
    let mut calendar = calendar("PUBLISH");
    calendar.append_property(Property::new("X-WR-CALNAME", one_line(name)));
    calendar.extend(events.iter().map(entry));
    calendar.to_string()
}

/// The same for subscribing: programs look for news every hour.
pub fn subscribed(name: &str, events: &[Event]) -> String {
    let mut calendar = calendar("PUBLISH");
    calendar.append_property(Property::new("X-WR-CALNAME", one_line(name)));
    let mut refresh = Property::new("REFRESH-INTERVAL", REFRESH);
    refresh.add_parameter("VALUE", "DURATION");
    calendar.append_property(refresh);
    calendar.append_property(("X-PUBLISHED-TTL", REFRESH));
    calendar.extend(events.iter().map(entry));
    calendar.to_string()
}

fn calendar(method: &str) -> Calendar {
    let mut calendar = Calendar::empty();
    for (key, value) in
        [("VERSION", "2.0"), ("PRODID", PRODID), ("CALSCALE", "GREGORIAN"), ("METHOD", method)]
    {
        calendar.append_property((key, value));
    }
    calendar
}

fn entry(event: &Event) -> icalendar::Event {
    let status = match event.standing {
        Standing::Confirmed => Some(EventStatus::Confirmed),
        Standing::CalledOff => Some(EventStatus::Cancelled),
        Standing::WithoutReader => None,
    };
    let expected = event.standing == Standing::Confirmed;
    let mut entry = icalendar::Event::with_uid(&event.uid);
    entry
        .sequence(event.sequence)
        .timestamp(event.stamped_at)
        .starts(event.starts_at)
        .ends(event.ends_at)
        .summary(&one_line(&event.summary))
        .location(&one_line(&event.location))
        .description(&event.description.replace('\r', ""))
        .class(Class::Public)
        .add_property("TRANSP", if expected { "OPAQUE" } else { "TRANSPARENT" })
        .append_property(organizer(&event.organizer));
    if let Some(status) = status {
        entry.status(status);
    }
    if let Some(url) = &event.url {
        entry.url(&one_line(url));
    }
    if let Some(minutes) = event.alarm_minutes.filter(|_| expected) {
        entry.alarm(alarm(event, minutes));
    }
    entry
}

/// The crate stamps an alarm with the time of day and a random UID unless it is given both.
fn alarm(event: &Event, minutes: i64) -> Alarm {
    let mut alarm =
        Alarm::display(&one_line(&event.summary), Trigger::before_start(TimeDelta::minutes(minutes)));
    alarm.uid(&format!("alarm-{}", event.uid)).timestamp(event.stamped_at);
    alarm
}

fn organizer(person: &Person) -> Property {
    let mut property = Property::new("ORGANIZER", mailto(person));
    property.add_parameter("CN", &parameter(&person.name));
    property
}

fn attendee(method: Method, invitee: &Invitee) -> Attendee {
    let attendee = Attendee::new(mailto(&invitee.person))
        .cn(parameter(&invitee.person.name))
        .role(if invitee.required { Role::ReqParticipant } else { Role::OptParticipant });
    match method {
        Method::Request => attendee.partstat(PartStat::NeedsAction).rsvp(true),
        Method::Cancel => attendee,
    }
}

fn mailto(person: &Person) -> String {
    format!("mailto:{}", one_line(&person.address))
}

/// A parameter's value can hold no quote and no line break, however it is written.
fn parameter(text: &str) -> String {
    one_line(text).replace('"', "'")
}

/// Text without line breaks or other control characters: nothing typed by people may begin a new property.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use expect_test::expect;

    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 9, day, hour, minute, 0).unwrap()
    }

    fn person(name: &str, address: &str) -> Person {
        Person { name: name.to_owned(), address: address.to_owned() }
    }

    fn event() -> Event {
        Event {
            uid: "session_01@tongpan".to_owned(),
            sequence: 2,
            stamped_at: at(1, 0, 0),
            starts_at: at(16, 6, 20),
            ends_at: at(16, 9, 0),
            summary: "语文联合教研：单元整体教学，从读到写".to_owned(),
            location: "城东小学 录播教室".to_owned(),
            description: "主题：单元整体教学，从读到写\n时间：2026年9月16日（星期三）14:20–17:00".to_owned(),
            url: Some("https://meet.example.com/1?a=1;b=2".to_owned()),
            standing: Standing::Confirmed,
            organizer: person("联合教研", "notice@example.com"),
            alarm_minutes: Some(30),
        }
    }

    fn invitee() -> Invitee {
        Invitee { person: person("演示李娜", "li@example.com"), required: true }
    }

    #[test]
    fn an_invitation_as_a_whole() {
        let file = invitation(Method::Request, &event(), &invitee());
        expect![[r#"
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//tongpan//joint teaching research//ZH
            CALSCALE:GREGORIAN
            METHOD:REQUEST
            BEGIN:VEVENT
            CLASS:PUBLIC
            DESCRIPTION:主题：单元整体教学，从读到写\n时间：2026年9
             月16日（星期三）14:20–17:00
            DTEND:20260916T090000Z
            DTSTAMP:20260901T000000Z
            DTSTART:20260916T062000Z
            LOCATION:城东小学 录播教室
            ORGANIZER;CN=联合教研:mailto:notice@example.com
            SEQUENCE:2
            STATUS:CONFIRMED
            SUMMARY:语文联合教研：单元整体教学，从读到写
            TRANSP:OPAQUE
            UID:session_01@tongpan
            URL:https://meet.example.com/1?a=1;b=2
            ATTENDEE;CN=演示李娜;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TR
             UE:mailto:li@example.com
            BEGIN:VALARM
            ACTION:DISPLAY
            DESCRIPTION:语文联合教研：单元整体教学，从读到写
            DTSTAMP:20260901T000000Z
            TRIGGER;RELATED=START:-PT1800S
            UID:alarm-session_01@tongpan
            END:VALARM
            END:VEVENT
            END:VCALENDAR
        "#]]
        .assert_eq(&file.replace("\r\n", "\n"));
    }

    #[test]
    fn a_cancellation_as_a_whole() {
        let off = Event { standing: Standing::CalledOff, sequence: 3, url: None, ..event() };
        let file = invitation(Method::Cancel, &off, &invitee());
        expect![[r#"
            BEGIN:VCALENDAR
            VERSION:2.0
            PRODID:-//tongpan//joint teaching research//ZH
            CALSCALE:GREGORIAN
            METHOD:CANCEL
            BEGIN:VEVENT
            CLASS:PUBLIC
            DESCRIPTION:主题：单元整体教学，从读到写\n时间：2026年9
             月16日（星期三）14:20–17:00
            DTEND:20260916T090000Z
            DTSTAMP:20260901T000000Z
            DTSTART:20260916T062000Z
            LOCATION:城东小学 录播教室
            ORGANIZER;CN=联合教研:mailto:notice@example.com
            SEQUENCE:3
            STATUS:CANCELLED
            SUMMARY:语文联合教研：单元整体教学，从读到写
            TRANSP:TRANSPARENT
            UID:session_01@tongpan
            ATTENDEE;CN=演示李娜;ROLE=REQ-PARTICIPANT:mailto:li@example.com
            END:VEVENT
            END:VCALENDAR
        "#]]
        .assert_eq(&file.replace("\r\n", "\n"));
    }

    #[test]
    fn whoever_alone_need_not_come_is_told_nothing_of_the_status() {
        let without = Event { standing: Standing::WithoutReader, sequence: 3, ..event() };
        let file = invitation(Method::Cancel, &without, &invitee());
        assert!(file.contains("METHOD:CANCEL\r\n") && file.contains("TRANSP:TRANSPARENT\r\n"), "{file}");
        assert!(!file.contains("STATUS") && !file.contains("VALARM"), "{file}");
    }

    #[test]
    fn a_feed_names_no_attendee() {
        let file = feed("一实小教育集团, 2026", &[event(), Event { uid: "b@tongpan".to_owned(), ..event() }]);
        assert_eq!(file.matches("BEGIN:VEVENT").count(), 2);
        assert!(file.contains("METHOD:PUBLISH\r\n"));
        assert!(file.contains("X-WR-CALNAME:一实小教育集团\\, 2026\r\n"));
        assert!(!file.contains("ATTENDEE"));
    }

    #[test]
    fn what_people_type_begins_no_new_property() {
        let evil = "甲\r\nATTENDEE:mailto:eve@example.com\"";
        let event = Event {
            summary: evil.to_owned(),
            location: evil.to_owned(),
            url: Some(evil.to_owned()),
            organizer: person(evil, evil),
            ..event()
        };
        let invitee = Invitee { person: person(evil, evil), required: false };
        let file = invitation(Method::Request, &event, &invitee);
        assert_eq!(file.lines().filter(|line| line.starts_with("ATTENDEE")).count(), 1);
        assert!(!file.contains("\r\nATTENDEE:mailto:eve"));
    }

    #[test]
    fn lines_are_at_most_75_octets() {
        let long = Event { description: "教研".repeat(200), ..event() };
        let file = invitation(Method::Request, &long, &invitee());
        assert!(file.split("\r\n").all(|line| line.len() <= 75));
    }
}
