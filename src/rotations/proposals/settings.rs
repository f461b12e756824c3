//! What a proposal is searched with: everything that is not in the rows of its round. Kept with the proposal, so that it can be
//! made again and varied.

use async_graphql::Enum;
use rotation_planner::{Goal, Level};
use sea_orm::prelude::Uuid;
use serde::{Deserialize, Serialize};

use crate::entity::values::PlacementForm;
use crate::error::{Bilingual, Error, Result, UserError};
use crate::rotations::policy::Share;

/// Longest search, in seconds.
pub const MOST_SECONDS: u32 = 600;

/// What to keep small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "ProposalGoal")]
pub enum Aim {
    /// 空缺岗位: posts that are needed and not filled, in fifths of a post.
    Vacancies,
    /// 比例差额: people by which rates that may be missed are missed.
    Quotas,
    /// 通勤增加最多者: minutes by which the way gets longer for whom it gets longest.
    WorstCommute,
    /// 志愿满足最差者: the wish served worst.
    WorstWish,
    /// 流向与学校意见: moves that serve a direction of the policy not (1) or go against it (2), or that the school is opposed to (1).
    Direction,
    /// 志愿: how far movers are from their first wishes.
    Wishes,
    /// 通勤: minutes by which the ways of all movers get longer.
    Commute,
    /// 校际均衡: how far schools are from equal strength.
    Evenness,
    /// 任教久者先交流: of equals who are sent, those go who have been at their school longest.
    Seniority,
    /// 变动人数: people for whom it ends otherwise than in the proposal this one was made from.
    Changes,
}

impl Aim {
    /// All of them, in the order of a county.
    pub const ALL: [Self; 10] = [
        Self::Vacancies,
        Self::Quotas,
        Self::WorstCommute,
        Self::WorstWish,
        Self::Direction,
        Self::Wishes,
        Self::Commute,
        Self::Evenness,
        Self::Seniority,
        Self::Changes,
    ];

    /// Its name as people read it.
    pub fn words(self) -> Bilingual {
        match self {
            Self::Direction => Bilingual::new("流向与学校意见", "directions and what schools say"),
            other => {
                let words = other.goal().words();
                Bilingual::new(words.zh, words.en)
            }
        }
    }

    pub(super) fn goal(self) -> Goal {
        match self {
            Self::Vacancies => Goal::Vacancies,
            Self::Quotas => Goal::Quotas,
            Self::WorstCommute => Goal::WorstCommute,
            Self::WorstWish => Goal::WorstWish,
            Self::Direction => Goal::Cost,
            Self::Wishes => Goal::Wishes,
            Self::Commute => Goal::Commute,
            Self::Evenness => Goal::Evenness,
            Self::Seniority => Goal::Seniority,
            Self::Changes => Goal::Changes,
        }
    }
}

/// An aim with the weight it has beside others of its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// The aim.
    pub aim: Aim,
    /// Its weight, 1–1,000,000.
    pub weight: i64,
}

impl Weighed {
    /// An aim of weight 1.
    pub const fn one(aim: Aim) -> Self {
        Self { aim, weight: 1 }
    }
}

/// What the policy's directions (strong to weak, town to village) do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "DirectionForce")]
pub enum Force {
    /// 优先: a move against them counts against a proposal.
    #[default]
    Prefer,
    /// 必须: no move goes against them.
    Require,
}

/// Whom it protects to have applied: who is protected goes to one of her wishes or stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[graphql(name = "ApplicantProtection")]
pub enum Protection {
    /// 不必交流的: those who need not move, and offer to.
    #[default]
    NeedNot,
    /// 本轮不必的: those too who are due and are not all needed in this round.
    NotNow,
    /// 不保护: nobody. Whoever applied may be sent anywhere, like everybody else.
    Nobody,
}

/// Another share for a rate of the policy, to see what it would do. The policy stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// The rule's place in the policy, from 1.
    pub ordinal: i32,
    /// The share; `None`: as the policy has it.
    pub share: Option<Share>,
    /// Whether it may be missed, each missing person counting in [`Aim::Quotas`].
    pub soft: bool,
}

/// What the office decides about somebody beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// About whom.
    pub teacher_id: Uuid,
    /// What.
    pub fate: Fate,
    /// Why.
    pub reason: String,
}

/// What becomes of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// She stays.
    Stays,
    /// She moves, wherever is best.
    Moves,
    /// She moves to this school.
    MovesTo {
        /// The school.
        school_id: Uuid,
        /// In which form; `None`: as she asked, or as everybody.
        form: Option<PlacementForm>,
        /// ISO weekdays, for 走教; empty: as everybody.
        weekdays: Vec<u8>,
    },
}

/// What a proposal is searched with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Seconds that the search may take, 1–600.
    pub seconds: u32,
    /// What to keep small: a proposal that is better in an earlier level is better.
    pub levels: Vec<Vec<Weighed>>,
    /// Other shares than the policy's.
    pub quotas: Vec<Quota>,
    /// What was decided about people beforehand.
    pub decisions: Vec<Decision>,
    /// What the policy's directions do.
    pub directions: Force,
    /// Whether those who must move by their time at one school all do, whatever the rates ask.
    pub all_due: bool,
    /// Whether volunteers first exchange among themselves 自愿互换.
    pub exchange: bool,
    /// Which applicants go to one of their wishes or stay.
    #[serde(default)]
    pub protection: Protection,
    /// Minutes by which a way that is not known counts as longer.
    pub unknown_minutes: u16,
    /// ISO weekdays at the other school of those who ask for 走教.
    pub weekdays: Vec<u8>,
}

impl Default for Settings {
    fn default() -> Self {
        use Aim::{Commute, Direction, Evenness, Quotas, Seniority, Vacancies, Wishes, WorstCommute};
        let levels = [Vacancies, Quotas, WorstCommute, Direction, Wishes, Commute, Evenness, Seniority];
        Self {
            seconds: 30,
            levels: levels.iter().map(|aim| vec![Weighed::one(*aim)]).collect(),
            quotas: Vec::new(),
            decisions: Vec::new(),
            directions: Force::Prefer,
            all_due: false,
            exchange: true,
            protection: Protection::NeedNot,
            unknown_minutes: 60,
            weekdays: vec![3, 5],
        }
    }
}

impl Settings {
    /// The same with a decision, in place of an earlier one about the same person.
    #[must_use]
    pub fn deciding(mut self, decision: Decision) -> Self {
        self.decisions.retain(|known| known.teacher_id != decision.teacher_id);
        self.decisions.push(decision);
        self
    }

    /// The levels as the planner takes them.
    pub(super) fn planner_levels(&self) -> Vec<Level> {
        let level = |terms: &Vec<Weighed>| {
            Level::weighed(terms.iter().map(|term| (term.aim.goal(), term.weight)).collect::<Vec<_>>())
        };
        self.levels.iter().map(level).collect()
    }

    /// Requires numbers within limits.
    ///
    /// # Errors
    /// `Rejected` with every fault.
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        if !(1..=MOST_SECONDS).contains(&self.seconds) {
            let zh = format!("求解时限应在 1 到 {MOST_SECONDS} 秒之间");
            let en = format!("the search takes 1 to {MOST_SECONDS} seconds");
            faults.push(UserError::new("OUT_OF_RANGE", zh, en).at("seconds"));
        }
        faults.extend(self.level_fault());
        let sound = |days: &[u8]| days.iter().all(|day| (1..=7).contains(day));
        let decided = self.decisions.iter().all(|decision| match &decision.fate {
            Fate::MovesTo { weekdays, .. } => sound(weekdays),
            _ => true,
        });
        if self.weekdays.is_empty() || !sound(&self.weekdays) || !decided {
            let (zh, en) = ("走教的星期用 1 到 7 表示，至少一天", "weekdays are 1 to 7, one at least");
            faults.push(UserError::new("INVALID_WEEKDAY", zh, en).at("weekdays"));
        }
        for quota in self.quotas.iter().filter_map(|quota| quota.share) {
            if quota.parts > quota.whole || quota.whole == 0 {
                let zh = format!("比例 {}/{} 应在 0 到 1 之间，如 15/100", quota.parts, quota.whole);
                let en = format!("the share {}/{} must be from 0 to 1", quota.parts, quota.whole);
                faults.push(UserError::new("SHARE_OUT_OF_RANGE", zh, en).at("quotas"));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
    }

    fn level_fault(&self) -> Option<UserError> {
        let alone = |aim| matches!(aim, Aim::WorstCommute | Aim::WorstWish);
        let empty = self.levels.is_empty() || self.levels.iter().any(Vec::is_empty);
        let crowded =
            self.levels.iter().any(|level| level.len() > 1 && level.iter().any(|term| alone(term.aim)));
        let weights = self.levels.iter().flatten().all(|term| (1..=1_000_000).contains(&term.weight));
        let all: Vec<Aim> = self.levels.iter().flatten().map(|term| term.aim).collect();
        let twice = all.iter().enumerate().any(|(ix, aim)| all[..ix].contains(aim));
        let (zh, en) = if empty {
            ("请至少写一个目标", "name one aim at least")
        } else if twice {
            ("同一个目标只能写一次", "name each aim once")
        } else if crowded {
            (
                "“通勤增加最多者”“志愿满足最差者”要单独成为一级",
                "the worst commute and the worst wish stand alone in their levels",
            )
        } else if !weights {
            ("权重应在 1 到 1000000 之间", "weights are from 1 to 1000000")
        } else {
            return None;
        };
        Some(UserError::new("INVALID_LEVELS", zh, en).at("levels"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(settings: &Settings) -> Vec<Option<String>> {
        match settings.check() {
            Ok(()) => Vec::new(),
            Err(Error::Rejected(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
            Err(other) => panic!("no refusal: {other}"),
        }
    }

    #[test]
    fn the_usual_settings_are_sound() {
        assert_eq!(fields(&Settings::default()), []);
    }

    #[test]
    fn every_fault_is_told_at_its_place() {
        let worst = vec![Weighed::one(Aim::WorstCommute), Weighed::one(Aim::Wishes)];
        let quota = Quota { ordinal: 4, share: Some(Share { parts: 3, whole: 2 }), soft: false };
        let settings = Settings {
            seconds: 0,
            levels: vec![worst],
            weekdays: vec![8],
            quotas: vec![quota],
            ..Settings::default()
        };
        let told: Vec<String> = fields(&settings).into_iter().flatten().collect();
        assert_eq!(told, ["seconds", "levels", "weekdays", "quotas"]);
    }

    #[test]
    fn a_decision_takes_the_place_of_an_earlier_one() {
        let decision = |fate| Decision { teacher_id: Uuid::nil(), fate, reason: "家有病人".to_owned() };
        let settings = Settings::default().deciding(decision(Fate::Moves)).deciding(decision(Fate::Stays));
        assert_eq!(settings.decisions, [decision(Fate::Stays)]);
    }
}
