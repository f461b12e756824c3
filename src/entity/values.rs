//! The values that columns hold: each has its English name in the API, its stored word, and the Chinese word people read.

/// Declares an enumeration with, per value, the stored word, the Chinese word, and, where sentences name it, the English one.
macro_rules! values {
    ($(#[doc = $doc:literal])+ $name:ident {
        $($(#[doc = $item_doc:literal])+ $item:ident = $word:literal $zh:literal $en:literal,)+
    }) => {
        values! { $(#[doc = $doc])+ $name { $($(#[doc = $item_doc])+ $item = $word $zh,)+ } }

        impl $name {
            /// The word people read in English.
            pub const fn en(self) -> &'static str {
                match self { $($name::$item => $en,)+ }
            }
        }
    };
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $item_doc:literal])+ $item:ident = $word:literal $zh:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
        pub enum $name {
            $($(#[doc = $item_doc])+ #[sea_orm(string_value = $word)] #[serde(rename = $word)] $item,)+
        }

        impl $name {
            /// All values, in the order of declaration.
            pub const ALL: &'static [$name] = &[$($name::$item,)+];

            /// The word people read.
            pub const fn zh(self) -> &'static str {
                match self { $($name::$item => $zh,)+ }
            }

            /// The value with this Chinese word.
            pub fn from_zh(word: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|value| value.zh() == word)
            }
        }
    };
}

mod calendar;
mod mail;
mod plans;
mod rotations;
mod schools;
mod sessions;

pub use calendar::{DayKind, Equipment, HalfOfDay, ResourceKind, WeekParity};
pub use mail::{MailCategory, MessageKind, MessageState, ReminderAudience};
pub use plans::{PlanEditKind, PlanMode, PlanOrigin, PublicationChangeKind, RunState};
pub use rotations::{
    ApplicationLink, ApplicationState, AssessmentKind, AssessmentResult, CandidacyStanding, ExemptionKind,
    ExemptionState, ObjectionState, PlacementForm, PlacementState, PolicyPreset, ProposalState,
    RecommendationVerdict, RotationRuleKind, RoundState, StaffingSource,
};
pub use schools::{
    DutyKind, GroupKind, HonourLevel, Locale, MembershipRole, Sex, Stage, TeamKind, TeamRole, Title,
};
pub use sessions::{
    AudienceRule, FeedOwner, HostRule, ParticipantRole, PresenterSource, Reply, ReplyWay, SessionForm,
    SessionLevel, SessionMode, SessionState,
};
