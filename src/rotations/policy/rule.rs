//! The rules a policy may be made of: typed, so that what a policy says can be counted, solved and told.

use async_graphql::{Enum, InputObject, OneofObject, SimpleObject};
use serde::{Deserialize, Serialize};

use crate::entity::values::{
    DutyKind, ExemptionKind, HonourLevel, PlacementForm, RotationRuleKind, Sex, Stage,
};

/// A part of a whole, exactly as a policy says it: 10% is 10 of 100, a third 1 of 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "RotationShare", input_name = "RotationShareInput")]
pub struct Share {
    /// Above the line.
    pub parts: u32,
    /// Below the line, at least 1.
    pub whole: u32,
}

/// How a share of people becomes a number of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "RotationRounding")]
pub enum Rounding {
    /// 进一: any fraction counts as one more.
    Up,
    /// 舍去: fractions are dropped.
    Down,
    /// 四舍五入: a half and more counts as one more.
    Nearest,
}

impl Share {
    /// So many percent.
    pub const fn percent(parts: u32) -> Self {
        Self { parts, whole: 100 }
    }

    /// The number of people that this share of `count` is.
    pub fn of(self, count: u32, rounding: Rounding) -> u32 {
        let whole = u64::from(self.whole.max(1));
        let exact = u64::from(count) * u64::from(self.parts);
        let people = match rounding {
            Rounding::Up => exact.div_ceil(whole),
            Rounding::Down => exact / whole,
            Rounding::Nearest => (2 * exact + whole) / (2 * whole),
        };
        u32::try_from(people).unwrap_or(u32::MAX)
    }
}

/// 同校任教满年限: from how many full years at one school teachers must or may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "TenureRule", input_name = "TenureRuleInput")]
pub struct Tenure {
    /// Full years at one school, 1–40.
    pub years: u8,
    /// Whether she must move; else she may.
    pub must: bool,
}

/// 年龄上限: up to which full age teachers move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "AgeLimitRule", input_name = "AgeLimitRuleInput")]
pub struct AgeLimit {
    /// Of which sex; null: of both.
    pub sex: Option<Sex>,
    /// Oldest full age 周岁, 20–70.
    pub years: u8,
    /// Whether it also holds for leaders who move by their terms.
    pub leaders: bool,
}

/// 校长任期: after how many terms at one school leaders must or may move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "LeaderTermsRule", input_name = "LeaderTermsRuleInput")]
pub struct LeaderTerms {
    /// Holders of which duties.
    pub duties: Vec<DutyKind>,
    /// Full terms at one school, 1–6.
    pub terms: u8,
    /// Years of a term, 1–10.
    pub years_per_term: u8,
    /// Whether she must move; else she may.
    pub must: bool,
}

/// 距退休年限: only those who are further from retirement move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "RetirementRule", input_name = "RetirementRuleInput")]
pub struct Retirement {
    /// More than so many years before it, 1–20.
    pub more_than: u8,
    /// Age at which men retire.
    pub men: u8,
    /// Age at which women retire.
    pub women: u8,
}

/// 骨干认定: who counts as 骨干.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "HonourRule", input_name = "HonourRuleInput")]
pub struct Backbone {
    /// Holders of an honour of this level or a higher one.
    pub least: HonourLevel,
}

/// 学段: whose teachers take part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "StagesRule", input_name = "StagesRuleInput")]
pub struct Stages {
    /// The stages.
    pub stages: Vec<Stage>,
}

/// 毕业年级: which grades they are, and whether their teachers move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "GraduatingGradeRule", input_name = "GraduatingGradeRuleInput")]
pub struct Graduating {
    /// Grades, 1–12.
    pub grades: Vec<u8>,
    /// Whether teachers of these grades move.
    pub may_move: bool,
}

/// What an accepted ground does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "ExemptionEffect")]
pub enum ExemptionEffect {
    /// 免于交流.
    Exempt,
    /// 暂缓交流: for as long as the ground holds.
    Deferred,
}

/// 免于或暂缓交流: a ground on which one need not move, and how it is proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "ExemptionRule", input_name = "ExemptionRuleInput")]
pub struct ExemptionGround {
    /// The ground.
    pub kind: ExemptionKind,
    /// What it does.
    pub effect: ExemptionEffect,
    /// What paper proves it; null: what the office has on file.
    pub evidence: Option<String>,
    /// Whether the school must announce it 校内公示.
    pub announced: bool,
    /// Longest time it may last, in years, 1–10; null: as long as it is proven.
    pub longest_years: Option<u8>,
}

/// Which teachers of a group a share is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "RateQuality")]
pub enum Quality {
    /// All of them.
    Anyone,
    /// 骨干, as the policy recognises them.
    Backbone,
    /// 名师、高级、一级教师: 骨干, and holders of a first or higher title.
    Distinguished,
    /// Teachers of graduating grades.
    Graduating,
}

/// Whom a share is taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "RateBase")]
pub enum RateBase {
    /// 符合条件的教师: those who must and those who may move.
    Eligible,
    /// 应交流的教师: those who must move.
    MustMove,
    /// 交流教师: those who do move.
    Movers,
}

/// On which side of the share the movers must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "RateBound")]
pub enum Bound {
    /// 不低于.
    AtLeast,
    /// 不高于.
    AtMost,
}

/// 比例: how many of whom move, with numerator, denominator and rounding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "RateRule", input_name = "RateRuleInput")]
pub struct Rate {
    /// Numerator: which of those who move are counted.
    pub movers: Quality,
    /// Denominator: whom the share is taken of …
    pub base: RateBase,
    /// … and which of them.
    pub base_quality: Quality,
    /// The share.
    pub share: Share,
    /// Whether it is a floor or a ceiling.
    pub bound: Bound,
    /// How it becomes a number of people.
    pub rounding: Rounding,
    /// Only for these stages; empty: for all together.
    pub stages: Vec<Stage>,
}

/// 期限: for how long one moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "DurationRule", input_name = "DurationRuleInput")]
pub struct Duration {
    /// Years, or the fewest of them, 1–10.
    pub years: u8,
    /// Most years; null: any number from `years` on (不少于2年).
    pub most: Option<u8>,
    /// Whether it may be made longer.
    pub extendable: bool,
}

impl Duration {
    /// The years nearest to so many that the rule allows.
    pub fn nearest(self, years: i32) -> i32 {
        years.min(self.most.map_or(i32::MAX, i32::from)).max(i32::from(self.years))
    }
}

/// A purpose of moving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "RotationDirection")]
pub enum Direction {
    /// 优质校到薄弱校: from core schools to members.
    StrongToWeak,
    /// 城镇到乡村.
    TownToVillage,
    /// 同学段，或高学段到低学段.
    SameStageOrLower,
    /// 先余后缺: schools with too many of a subject give to those with too few before anybody is exchanged.
    SurplusFirst,
}

/// 流向: where people shall move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "DirectionRule", input_name = "DirectionRuleInput")]
pub struct Directions {
    /// The purposes, the first before the others.
    pub directions: Vec<Direction>,
}

/// 每校上限: how many may leave one school in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "SchoolCapRule", input_name = "SchoolCapRuleInput")]
pub struct SchoolCap {
    /// Share of its teachers.
    pub share: Share,
    /// How it becomes a number of people.
    pub rounding: Rounding,
    /// However small the school, so many may leave.
    pub at_least: u8,
}

/// 单程最长通勤: nobody is sent further from home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "LongestCommuteRule", input_name = "LongestCommuteRuleInput")]
pub struct LongestCommute {
    /// Minutes one way, 5–600.
    pub minutes: u16,
}

/// 形式: in which forms people move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "FormsRule", input_name = "FormsRuleInput")]
pub struct Forms {
    /// The forms.
    pub forms: Vec<PlacementForm>,
}

/// 计算日期: the day of the round's year by which years and ages are full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, SimpleObject, InputObject)]
#[graphql(name = "CountedOnRule", input_name = "CountedOnRuleInput")]
pub struct CountedOn {
    /// Month.
    pub month: u8,
    /// Day of the month.
    pub day: u8,
}

/// A rule of a policy: exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, OneofObject)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "RotationRuleInput")]
pub enum Rule {
    /// 同校任教满年限.
    MustMoveTenure(Tenure),
    /// 年龄上限.
    AgeLimit(AgeLimit),
    /// 校长任期.
    LeaderTerms(LeaderTerms),
    /// 距退休年限.
    YearsBeforeRetirement(Retirement),
    /// 骨干认定.
    Honour(Backbone),
    /// 学段.
    Stage(Stages),
    /// 毕业年级.
    GraduatingGrade(Graduating),
    /// 免于或暂缓交流.
    Exemption(ExemptionGround),
    /// 比例.
    Rate(Rate),
    /// 期限.
    Duration(Duration),
    /// 流向.
    Direction(Directions),
    /// 每校上限.
    SchoolCap(SchoolCap),
    /// 单程最长通勤.
    LongestCommute(LongestCommute),
    /// 形式.
    Forms(Forms),
    /// 计算日期.
    CountedOn(CountedOn),
}

impl Rule {
    /// What it is about.
    pub fn kind(&self) -> RotationRuleKind {
        match self {
            Self::MustMoveTenure(_) => RotationRuleKind::MustMoveTenure,
            Self::AgeLimit(_) => RotationRuleKind::AgeLimit,
            Self::LeaderTerms(_) => RotationRuleKind::LeaderTerms,
            Self::YearsBeforeRetirement(_) => RotationRuleKind::YearsBeforeRetirement,
            Self::Honour(_) => RotationRuleKind::Honour,
            Self::Stage(_) => RotationRuleKind::Stage,
            Self::GraduatingGrade(_) => RotationRuleKind::GraduatingGrade,
            Self::Exemption(_) => RotationRuleKind::Exemption,
            Self::Rate(_) => RotationRuleKind::Rate,
            Self::Duration(_) => RotationRuleKind::Duration,
            Self::Direction(_) => RotationRuleKind::Direction,
            Self::SchoolCap(_) => RotationRuleKind::SchoolCap,
            Self::LongestCommute(_) => RotationRuleKind::LongestCommute,
            Self::Forms(_) => RotationRuleKind::Forms,
            Self::CountedOn(_) => RotationRuleKind::CountedOn,
        }
    }

    /// Whether the two settle the same question, so that a policy may hold only one of them.
    pub fn settles_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::AgeLimit(one), Self::AgeLimit(other)) => {
                one.sex.is_none() || other.sex.is_none() || one.sex == other.sex
            }
            (Self::LeaderTerms(one), Self::LeaderTerms(other)) => {
                one.duties.iter().any(|duty| other.duties.contains(duty))
            }
            (Self::Exemption(one), Self::Exemption(other)) => one.kind == other.kind,
            (Self::Rate(one), Self::Rate(other)) => {
                (one.movers, one.bound, &one.stages) == (other.movers, other.bound, &other.stages)
            }
            (one, other) => one.kind() == other.kind(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_exact_and_rounds_as_it_is_told() {
        let tenth = Share::percent(10);
        assert_eq!(tenth.of(41, Rounding::Up), 5);
        assert_eq!(tenth.of(41, Rounding::Down), 4);
        assert_eq!(tenth.of(45, Rounding::Nearest), 5);
        assert_eq!(tenth.of(40, Rounding::Up), 4, "an exact share is not rounded");
        assert_eq!(Share { parts: 1, whole: 3 }.of(10, Rounding::Up), 4);
        assert_eq!(tenth.of(0, Rounding::Up), 0);
    }

    #[test]
    fn at_least_so_many_years_are_open_upwards() {
        let rule = |most| Duration { years: 2, most, extendable: false };
        assert_eq!([1, 2, 3].map(|asked| rule(None).nearest(asked)), [2, 2, 3]);
        assert_eq!([1, 2, 3].map(|asked| rule(Some(2)).nearest(asked)), [2, 2, 2]);
        assert_eq!([1, 3, 4].map(|asked| rule(Some(3)).nearest(asked)), [2, 3, 3]);
    }

    #[test]
    fn a_rule_reads_back_as_it_is_stored() {
        let rule = Rule::AgeLimit(AgeLimit { sex: Some(Sex::Female), years: 45, leaders: false });
        let stored = serde_json::to_value(&rule).expect("a value");
        assert_eq!(
            stored,
            serde_json::json!({ "age_limit": { "sex": "female", "years": 45, "leaders": false } })
        );
        assert_eq!(serde_json::from_value::<Rule>(stored).expect("a rule"), rule);
    }

    #[test]
    fn limits_of_both_sexes_settle_the_same_only_when_one_is_for_both() {
        let limit = |sex| Rule::AgeLimit(AgeLimit { sex, years: 50, leaders: false });
        assert!(!limit(Some(Sex::Male)).settles_the_same(&limit(Some(Sex::Female))));
        assert!(limit(None).settles_the_same(&limit(Some(Sex::Female))));
    }
}
