//! The look that all letters share: a salutation, what it is about, facts line by line, a closing, a signature.

use askama::Template;

use super::{Contact, Letter};
use crate::error::{Error, Language, Result};

/// Longest address that is shown as it is, in HTML.
const LONGEST_LINK: usize = 72;

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub label: &'static str,
    /// The fact.
    pub value: String,
}

impl Row {
    /// Whether it is an address to follow; any other scheme stays text.
    fn is_link(&self) -> bool {
        self.value.starts_with("https://") || self.value.starts_with("http://")
    }
}

/// Facts in order; what is not known is left out.
#[derive(Debug, Default)]
pub struct Rows(pub Vec<Row>);

impl Rows {
    /// Adds a fact, unless there is nothing to say.
    pub fn add(&mut self, label: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !value.trim().is_empty() {
            self.0.push(Row { label, value });
        }
    }
}

/// A letter's words before they are set.
#[derive(Debug, Clone)]
pub struct Page {
    /// In which language it is written.
    pub language: Language,
    /// Subject line.
    pub subject: String,
    /// Name of the reader.
    pub to_name: String,
    /// What it is about.
    pub opening: String,
    /// Every fact.
    pub rows: Vec<Row>,
    /// What to do.
    pub closing: String,
    /// Who writes.
    pub signature: String,
    /// The day of writing.
    pub written_on: String,
}

#[derive(Template)]
#[template(path = "mail/page.txt")]
struct Text<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "mail/page.html")]
struct Html<'a> {
    page: &'a Page,
}

impl Page {
    /// The plain text.
    pub fn text(&self) -> Result<String> {
        Text { page: self }.render().map_err(words)
    }

    /// The same as HTML.
    pub fn html(&self) -> Result<String> {
        Html { page: self }.render().map_err(words)
    }

    /// A letter without a calendar entry, to be answered to `reply_to`.
    pub fn letter(self, reply_to: Option<Contact>) -> Result<Letter> {
        Ok(Letter {
            text: self.text()?,
            html: self.html()?,
            to_name: self.to_name,
            subject: self.subject,
            calendar: None,
            reply_to,
            unsubscribe: None,
        })
    }

    /// What is to be read where a link stands: a long one says nothing.
    fn link_text<'a>(&self, row: &'a Row) -> &'a str {
        match self.language {
            _ if row.value.len() <= LONGEST_LINK => &row.value,
            Language::Chinese => "点此打开",
            Language::English => "Open the page",
        }
    }

    fn salutation(&self) -> String {
        match self.language {
            Language::Chinese => format!("{}老师：", self.to_name),
            Language::English => format!("Dear {},", self.to_name),
        }
    }

    fn greeting(&self) -> &'static str {
        match self.language {
            Language::Chinese => "您好！",
            Language::English => "",
        }
    }

    /// What stands between a label and its fact.
    fn colon(&self) -> &'static str {
        self.language.pick("：", ": ")
    }

    fn tag(&self) -> &'static str {
        self.language.tag()
    }
}

/// Where the HTML of a letter ends, as its template has it.
const HTML_END: &str = "</div>\n</body>";

/// Adds to a letter how its reader does without its kind: not every mail program shows the header that says so.
pub fn add_way_out(letter: &mut Letter, url: &str, language: Language) {
    let ask = match language {
        Language::Chinese => "不想再收到这类邮件，请打开：",
        Language::English => "To get no more mails of this kind, open: ",
    };
    letter.text = format!("{}\n\n{ask}{url}\n", letter.text.trim_end());
    // The address is of letters, digits and the signs of a link: nothing to escape.
    let way_out = format!(
        "<p style=\"margin:24px 0 0;font-size:13px;color:#57606a\">{ask}<a href=\"{url}\" style=\"color:#0550ae\">{url}</a></p>\n"
    );
    letter.html = letter.html.replacen(HTML_END, &format!("{way_out}{HTML_END}"), 1);
}

/// What keeps a template from being filled is a fault of ours.
pub fn words(error: askama::Error) -> Error {
    Error::Internal(Box::new(error))
}
