//! What is known of a teacher when a round is counted, and what each rule finds of it: structured, so that sentences are made when
//! they are read.

use async_graphql::Enum;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::entity::values::{DutyKind, ExemptionKind, HonourLevel, PlacementForm, Sex, Stage, Title};
use crate::rotations::policy::ExemptionEffect;

/// A length of time in full years and full months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Length {
    /// Full years.
    pub years: u8,
    /// Full months beyond them, 0–11.
    pub months: u8,
}

impl Length {
    /// From a day to a later one; nothing when it is not later.
    pub fn between(from: NaiveDate, to: NaiveDate) -> Self {
        let months = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32;
        let months = (months - i32::from(to.day() < from.day())).clamp(0, 255 * 12);
        Self { years: (months / 12) as u8, months: (months % 12) as u8 }
    }
}

/// A teacher as she is counted.
#[derive(Debug, Clone)]
pub struct Person {
    /// As on file.
    pub sex: Option<Sex>,
    /// First day of the month of birth.
    pub born_on: Option<NaiveDate>,
    /// Professional title.
    pub title: Option<Title>,
    /// Stage she teaches.
    pub stage: Stage,
    /// First day of her unbroken time at her school.
    pub since: NaiveDate,
    /// Duties at her school, each from a day.
    pub duties: Vec<(DutyKind, NaiveDate)>,
    /// Honours that count on the day.
    pub honours: Vec<Honour>,
    /// Grades she teaches, 1–12.
    pub grades: Vec<u8>,
    /// Where she serves full time instead of at her school, if she does.
    pub away: Option<Away>,
    /// Grounds that were accepted, with their last day.
    pub grounds: Vec<(ExemptionKind, Option<NaiveDate>)>,
    /// Grounds that the office's remark on the roster speaks of.
    pub remarks: Vec<ExemptionKind>,
}

/// An honour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Honour {
    /// Who awarded it.
    pub level: HonourLevel,
    /// As on the certificate.
    pub name: String,
}

/// A full-time posting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// In which form.
    pub form: PlacementForm,
    /// Name of the school.
    pub school: String,
    /// Last day, if it ends.
    pub until_on: Option<NaiveDate>,
}

/// Time in a leader's duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leading {
    /// The duty.
    pub duty: DutyKind,
    /// First day.
    pub since: NaiveDate,
    /// How long by the day of the count.
    pub length: Length,
}

/// What a candidacy keeps: the facts and what each rule found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The day years and ages were counted on.
    pub counted_on: NaiveDate,
    /// First day of her unbroken time at her school.
    pub since: NaiveDate,
    /// How long that is.
    pub tenure: Length,
    /// Full age; none: the date of birth is not on file.
    pub age: Option<u8>,
    /// Professional title.
    pub title: Option<Title>,
    /// Honours that count.
    pub honours: Vec<Honour>,
    /// The leader's duty that a rule looked at.
    pub leading: Option<Leading>,
    /// Grades she teaches.
    pub grades: Vec<u8>,
    /// Whether one of them is a graduating grade.
    pub graduating: bool,
    /// What each rule found, in the order of the rules, and what else decided.
    pub findings: Vec<Finding>,
}

/// What a finding does to a standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "FindingEffect")]
pub enum Effect {
    /// 应交流: she must move.
    Requires,
    /// 符合: the condition is met.
    Allows,
    /// 不符合: she is not eligible.
    Bars,
    /// 免于或暂缓.
    Excuses,
    /// 提示: decides nothing, and is worth a look.
    Notes,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's place in the policy, from 1; none: no rule of the policy.
    pub rule: Option<i32>,
    /// What it does.
    pub effect: Effect,
    /// What it is about, with its figures.
    pub what: What,
}

/// What a finding is about, with its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Time at one school against the years asked.
    Tenure {
        /// How long she is there.
        length: Length,
        /// Years asked.
        needed: u8,
    },
    /// Age against the oldest age.
    Age {
        /// Full age.
        age: u8,
        /// Oldest age.
        limit: u8,
    },
    /// Time in a duty against the terms asked.
    Terms {
        /// The duty.
        duty: DutyKind,
        /// How long she holds it.
        length: Length,
        /// Terms asked.
        terms: u8,
        /// Years of a term.
        years_per_term: u8,
    },
    /// Time to retirement against the years asked.
    Retirement {
        /// How long until she retires.
        left: Length,
        /// More than so many years are asked.
        more_than: u8,
    },
    /// Her stage takes no part.
    StageOutside {
        /// The stage.
        stage: Stage,
    },
    /// She teaches a graduating grade.
    Graduating {
        /// The grade.
        grade: u8,
    },
    /// A ground that was accepted.
    Exempted {
        /// The ground.
        kind: ExemptionKind,
        /// What it does.
        effect: ExemptionEffect,
        /// Last day.
        until_on: Option<NaiveDate>,
    },
    /// An honour that makes her 骨干.
    Honoured {
        /// The highest one.
        honour: Honour,
    },
    /// She serves elsewhere full time.
    ServesElsewhere {
        /// Where and until when.
        away: Away,
    },
    /// Her date of birth is not on file, and a rule asks for her age.
    BirthUnknown,
    /// Her sex is not on file, and a rule asks for it.
    SexUnknown,
    /// The roster's remark speaks of a ground that nobody has applied for.
    Remarked {
        /// The ground.
        kind: ExemptionKind,
    },
}

/// Why one is not eligible: the first of the findings that bar her, for tables whose columns add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "CandidacyReason")]
pub enum Reason {
    /// 任教年限未满.
    TenureShort,
    /// 任期未满: of leaders.
    TermsShort,
    /// 超过年龄.
    OverAge,
    /// 临近退休.
    NearRetirement,
    /// 学段不参加.
    StageOutside,
    /// 毕业年级.
    GraduatingGrade,
    /// 已在外交流.
    ServesElsewhere,
    /// 资料不全.
    DataMissing,
}

impl Reason {
    /// All reasons, in the order of columns.
    pub const ALL: [Self; 8] = [
        Self::TenureShort,
        Self::TermsShort,
        Self::OverAge,
        Self::NearRetirement,
        Self::StageOutside,
        Self::GraduatingGrade,
        Self::ServesElsewhere,
        Self::DataMissing,
    ];

    /// The word people read.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::TenureShort => "任教未满年限",
            Self::TermsShort => "任期未满",
            Self::OverAge => "超过年龄",
            Self::NearRetirement => "临近退休",
            Self::StageOutside => "学段不参加",
            Self::GraduatingGrade => "毕业年级",
            Self::ServesElsewhere => "已在外交流",
            Self::DataMissing => "资料不全",
        }
    }
}

impl Facts {
    /// Why she is not eligible; `None` when nothing bars her.
    pub fn reason(&self) -> Option<Reason> {
        let bars = self.findings.iter().filter(|finding| finding.effect == Effect::Bars);
        bars.filter_map(|finding| finding.what.reason()).next()
    }

    /// Whether the roster's remark needs looking into.
    pub fn is_remarked(&self) -> bool {
        self.findings.iter().any(|finding| matches!(finding.what, What::Remarked { .. }))
    }
}

impl What {
    fn reason(&self) -> Option<Reason> {
        Some(match self {
            Self::Tenure { .. } => Reason::TenureShort,
            Self::Terms { .. } => Reason::TermsShort,
            Self::Age { .. } => Reason::OverAge,
            Self::Retirement { .. } => Reason::NearRetirement,
            Self::StageOutside { .. } => Reason::StageOutside,
            Self::Graduating { .. } => Reason::GraduatingGrade,
            Self::ServesElsewhere { .. } => Reason::ServesElsewhere,
            Self::BirthUnknown | Self::SexUnknown => Reason::DataMissing,
            Self::Exempted { .. } | Self::Honoured { .. } | Self::Remarked { .. } => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_months_are_full_ones() {
        let length = |from: &str, to: &str| {
            let Length { years, months } =
                Length::between(from.parse().expect("a date"), to.parse().expect("a date"));
            (years, months)
        };
        assert_eq!(length("2020-09-01", "2026-09-01"), (6, 0));
        assert_eq!(length("2020-09-01", "2026-08-31"), (5, 11));
        assert_eq!(length("2020-09-15", "2026-10-14"), (6, 0));
        assert_eq!(length("2027-01-01", "2026-09-01"), (0, 0), "a later beginning is no time at all");
    }
}
