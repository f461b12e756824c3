//! Mails as their readers see them.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use sea_orm::ActiveEnum;
use tongpan::entity::values::MessageKind;
use tongpan::mail::Sent;

/// What a test asks of a mail.
pub trait Readable {
    /// Headers and every part, decoded; identifiers that differ from run to run are cut.
    fn shown(&self) -> String;
    /// The same without HTML, and the calendar file once: for mails whose HTML is made as that of another.
    fn letter(&self) -> String;
    /// The plain text.
    fn text(&self) -> String;
    /// The calendar file.
    fn calendar(&self) -> String;
    /// A property of the calendar file.
    fn property(&self, name: &str) -> String;
    /// The kind of mail, as its Message-ID begins.
    fn kind(&self) -> &str;
}

impl Readable for Sent {
    fn shown(&self) -> String {
        shown(self, |_| true)
    }

    fn letter(&self) -> String {
        shown(self, |kind| !matches!(kind, "text/html" | "application/ics"))
    }

    fn text(&self) -> String {
        parsed(&self.eml).body_text(0).expect("a text").replace("\r\n", "\n")
    }

    fn calendar(&self) -> String {
        let message = parsed(&self.eml);
        let file = message.attachments().find(|part| part.attachment_name() == Some("invite.ics"));
        let file = file.expect("a calendar file");
        String::from_utf8(file.contents().to_vec()).expect("text")
    }

    fn property(&self, name: &str) -> String {
        let calendar = self.calendar().replace("\r\n ", "");
        let lines = calendar.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(key, _)| key.split(';').next() == Some(name));
        found.next().map(|(_, value)| value.to_owned()).unwrap_or_else(|| panic!("no {name} in {calendar}"))
    }

    fn kind(&self) -> &str {
        self.message_id.trim_start_matches('<').split('.').next().unwrap_or_default()
    }
}

/// Headers, and the parts of the kinds that are `wanted`.
fn shown(mail: &Sent, wanted: impl Fn(&str) -> bool) -> String {
    let (head, _) = mail.eml.split_once("\r\n\r\n").expect("headers and a body");
    let message = parsed(&mail.eml);
    let mut shown = String::new();
    for name in names(head) {
        let value = match name {
            "Subject" => message.subject().unwrap_or_default().to_owned(),
            _ => decoded(&unfolded(head, name)),
        };
        shown += &format!("{name}: {value}\n");
    }
    for part in &message.parts {
        let kind = part.content_type().expect("a content type");
        let name = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default());
        if !wanted(&name) {
            continue;
        }
        let file = part.attachment_name().map(|name| format!(" {name}")).unwrap_or_default();
        let method = kind.attribute("method").map(|method| format!(" method={method}")).unwrap_or_default();
        shown += &format!("\n── {name}{method}{file}\n{}", body(part).replace("\r\n", "\n"));
    }
    without_identifiers(&shown)
}

fn body(part: &MessagePart<'_>) -> String {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8(bytes.to_vec()).expect("text")
        }
        _ => String::new(),
    }
}

fn parsed(eml: &str) -> Message<'_> {
    MessageParser::default().parse(eml.as_bytes()).expect("a mail")
}

/// Names of the headers, in order.
fn names(head: &str) -> impl Iterator<Item = &str> {
    let lines = head.lines().filter(|line| !line.starts_with([' ', '\t']));
    lines.filter_map(|line| line.split_once(':')).map(|(name, _)| name)
}

fn unfolded(head: &str, name: &str) -> String {
    let head = head.replace("\r\n ", " ");
    let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    found.unwrap_or_default().to_owned()
}

/// Encoded words of an address header as people see them.
fn decoded(value: &str) -> String {
    if !value.contains("=?") {
        return value.to_owned();
    }
    let line = format!("To: {value}\r\n\r\n");
    let message = MessageParser::default().parse(line.as_bytes()).expect("a header");
    let addresses = message.to().expect("addresses").iter();
    let shown = addresses
        .map(|one| format!("{} <{}>", one.name().unwrap_or_default(), one.address().unwrap_or_default()));
    shown.collect::<Vec<_>>().join(", ")
}

/// Identifiers are new in every town: what follows `session_`, and the middle of a Message-ID.
pub fn without_identifiers(text: &str) -> String {
    let text = cut(text, "session_", |c| c.is_ascii_alphanumeric());
    let text = cut(&text, "/reply/", |c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let text = cut(&text, "/unsubscribe/", |c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let hash = |c: char| c.is_ascii_hexdigit();
    let kinds = MessageKind::ALL.iter().map(|kind| format!("{}.", kind.to_value()));
    kinds.fold(text, |text, kind| cut(&text, &kind, hash))
}

/// Replaces the run of characters behind each `marker` by `…`, when it is as long as an identifier.
fn cut(text: &str, marker: &str, belongs: impl Fn(char) -> bool) -> String {
    let mut pieces = text.split(marker);
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // Long lines of a calendar file are folded in the middle of an identifier.
        let joined = piece.replacen("\n ", "", 1);
        let run: String = joined.chars().take_while(|c| belongs(*c)).collect();
        whole += marker;
        if run.len() < 20 {
            whole += piece;
        } else {
            whole += "…";
            whole += if piece.starts_with(&run) { &piece[run.len()..] } else { &joined[run.len()..] };
        }
    }
    whole
}
