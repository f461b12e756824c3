//! The one error of all operations, and the faults a user can mend.

use std::fmt;
use std::ops::RangeInclusive;

use crate::id::Kind;

/// What an operation returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation did not happen. Nothing was written.
#[derive(Debug)]
pub enum Error {
    /// The input or the state of things forbids it; the user can mend each of these.
    Rejected(Vec<UserError>),
    /// There is no such thing, or the viewer may not know of it.
    NotFound(Kind),
    /// Nobody is signed in.
    Unauthenticated,
    /// Somebody else was quicker: the row has another version, or the plan another parent.
    Stale(Conflict),
    /// A fault of ours or of the machine's; masked outside.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// Text in the two languages people may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The text in `language`.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// Language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// 中文, the default.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The one or the other.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    /// The one or the other, made when it is needed.
    pub fn either(self, zh: impl FnOnce() -> String, en: impl FnOnce() -> String) -> String {
        match self {
            Language::Chinese => zh(),
            Language::English => en(),
        }
    }

    /// Its name in HTML and headers (BCP 47).
    pub fn tag(self) -> &'static str {
        self.pick("zh-CN", "en")
    }
}

/// Something the user can mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserError {
    /// Stable code for programs, e.g. `ROOM_TOO_SMALL`.
    pub code: &'static str,
    /// Path of the input field it is about, e.g. `startsAt`.
    pub field: Option<String>,
    /// What is wrong and what to do.
    pub message: Bilingual,
}

impl UserError {
    /// A fault without a field.
    pub fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, field: None, message: Bilingual::new(zh, en) }
    }

    /// A number outside its bounds, both of which are allowed; `field` is its name, and the field it is about.
    pub fn out_of_range(field: &str, value: i64, bounds: &RangeInclusive<i64>) -> Self {
        let (least, most) = (bounds.start(), bounds.end());
        let error = Self::new(
            "OUT_OF_RANGE",
            format!("{field} 应在 {least} 到 {most} 之间，现为 {value}"),
            format!("{field} lies between {least} and {most}, and is {value}"),
        );
        error.at(field)
    }

    /// The same, about an input field.
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}

/// What a stale write ran into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What happened meanwhile: who changed it and when.
    pub message: Bilingual,
    /// The version that stands now, when it is a row.
    pub current_version: Option<i32>,
}

impl From<UserError> for Error {
    fn from(error: UserError) -> Self {
        Self::Rejected(vec![error])
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl Error {
    /// A fault of ours, in words for the log.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::Internal(message.into().into())
    }

    /// Whether the database refused a booking because somebody or a room is taken.
    pub fn is_double_booking(&self) -> bool {
        let Self::Internal(source) = self else { return false };
        source.downcast_ref::<sea_orm::DbErr>().is_some_and(crate::database::is_double_booking)
    }

    /// The error as a person at a terminal reads it, one fault per line.
    pub fn explain(&self, language: Language) -> String {
        match self {
            Self::Rejected(errors) => {
                errors.iter().map(|e| e.message.text(language)).collect::<Vec<_>>().join("\n")
            }
            Self::NotFound(kind) => match language {
                Language::Chinese => format!("没有找到这个{}", kind.zh()),
                Language::English => format!("there is no such {}", kind.prefix()),
            },
            Self::Unauthenticated => match language {
                Language::Chinese => "请先登录".to_owned(),
                Language::English => "please sign in first".to_owned(),
            },
            Self::Stale(conflict) => conflict.message.text(language).to_owned(),
            Self::Internal(source) => source.to_string(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.explain(Language::Chinese))
    }
}

impl std::error::Error for Error {}
