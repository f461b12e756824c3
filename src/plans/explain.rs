//! Why a plan is as it is: what is wrong with it, why a session stands where it does and not elsewhere, what would free a place for
//! one that has none. By the rules of the search, beside the rows as they are now. Writes nothing.

mod asked;
mod told;

use chrono::{DateTime, NaiveDate, Utc};
use session_planner::{
    DayIx, Level, OptionIx, Placement, Rules, Score, SlotFilter, evaluate, findings, why_unplaced,
};
use uuid::Uuid;

use super::placing;
use super::store;
use crate::entity::plan;
use crate::error::{Bilingual, Error, Result};
use crate::id::Kind;
use crate::scope::Scope;
use asked::Asked;

pub use told::{Finding, RuleDifference, Slot, Spot};
pub(super) use told::{differences, spot};

/// What is wrong with a plan, as things are now.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// The plan.
    pub plan: plan::Model,
    /// Its score now.
    pub score: Score,
    /// Each rule's share, with what it finds.
    pub rules: Vec<RuleFindings>,
    /// Sessions whose host, room or presenters are gone since; they count as not placed.
    pub outdated: Vec<Bilingual>,
}

/// A rule's share of a score, with what it finds.
#[derive(Debug, Clone)]
pub struct RuleFindings {
    /// The rule's name.
    pub name: &'static str,
    /// Its level.
    pub level: Level,
    /// What it demands.
    pub sentence: Bilingual,
    /// Penalty per unit, where a group does not weigh it otherwise.
    pub weight: i64,
    /// Units found.
    pub count: i64,
    /// Their penalty.
    pub penalty: i64,
    /// What it finds, the heaviest first.
    pub findings: Vec<Finding>,
}

/// Judges a plan beside the rows as they are now.
///
/// # Errors
/// `NotFound`; `Rejected` when the rows state no sound problem.
pub async fn analyze(scope: &Scope, plan_id: Uuid) -> Result<Analysis> {
    Asked::of_plan(scope, plan_id, |asked| {
        let (problem, plan) = (&asked.board.problem, &asked.board.assignment);
        let rules = Rules::standard();
        let (judged, found) = (evaluate(problem, &rules, plan), findings(problem, &rules, plan));
        let shares = rules.iter().zip(&judged.rules).map(|(rule, share)| RuleFindings {
            name: rule.name,
            level: rule.level,
            sentence: Bilingual::new(rule.sentence.0, rule.sentence.1),
            weight: share.weight,
            count: share.count,
            penalty: share.penalty,
            findings: told::findings_of(&asked.board, rule.name, &found),
        });
        let (score, rules) = (judged.score, shares.collect());
        Ok(Analysis { score, rules, outdated: asked.outdated.clone(), plan: asked.plan.clone() })
    })
    .await
}

/// Which slots of a session to show.
#[derive(Debug, Clone, Default)]
pub struct SlotsWanted {
    /// Only on this day.
    pub day: Option<NaiveDate>,
    /// Only with this host.
    pub host_school_id: Option<Uuid>,
    /// Also those that break hard rules.
    pub impossible: bool,
    /// How many of the best to leave out.
    pub offset: usize,
    /// How many to show.
    pub first: usize,
}

/// Slots of a session, best first.
#[derive(Debug, Clone)]
pub struct Slots {
    /// How many there are.
    pub total: usize,
    /// How many of them break no hard rule.
    pub possible: usize,
    /// Those that are shown.
    pub shown: Vec<Slot>,
}

/// Where else a session could stand beside the rest of a plan, best first, each with what it would change.
///
/// # Errors
/// `NotFound`; `Rejected` when the day lies outside the term, the school cannot host it, or nobody can hold the session.
pub async fn slots(scope: &Scope, plan_id: Uuid, session_id: Uuid, wanted: SlotsWanted) -> Result<Slots> {
    Asked::of_session(scope, plan_id, session_id, move |asked| {
        let filter = SlotFilter {
            day: wanted.day.map(|day| day_of(asked, day)).transpose()?,
            option: wanted.host_school_id.map(|host| option_of(asked, host)).transpose()?,
            impossible: wanted.impossible,
        };
        let rules = Rules::standard();
        let mut beside = asked.beside(&rules);
        let slots = beside.slots(&filter);
        let possible = slots.iter().filter(|slot| slot.possible).count();
        let shown = slots.iter().skip(wanted.offset).take(wanted.first);
        let shown = shown.map(|slot| told::slot(&asked.board, &mut beside, slot)).collect();
        Ok(Slots { total: slots.len(), possible, shown })
    })
    .await
}

/// What would happen if a session stood there: the rules it would break, and what would get worse or better.
///
/// `host_school_id` left out: the present host, else the one with which the plan would be best.
///
/// # Errors
/// As [`slots`].
pub async fn why_not(
    scope: &Scope,
    plan_id: Uuid,
    session_id: Uuid,
    starts_at: DateTime<Utc>,
    host_school_id: Option<Uuid>,
) -> Result<Slot> {
    Asked::of_session(scope, plan_id, session_id, move |asked| {
        let number = asked.number;
        let start = asked.board.statement.minute(starts_at);
        let present = asked.board.assignment[number].as_ref().map(|placement| placement.option);
        let options = match host_school_id {
            Some(host) => vec![option_of(asked, host)?],
            None => present.map_or_else(|| asked.allowed(), |option| vec![option]),
        };
        let rules = Rules::standard();
        let mut beside = asked.beside(&rules);
        let mut slots = Vec::new();
        for option in options {
            let bare = Placement { start, option, room: None, presenters: Vec::new() };
            placing::readable(&asked.board.problem, number, &bare)?;
            let placement = beside.filled(option, start);
            slots.push(beside.slot(placement));
        }
        let best = slots.into_iter().min_by_key(|slot| slot.score);
        let best = best.ok_or_else(|| Error::internal("a session has no way to be held"))?;
        Ok(told::slot(&asked.board, &mut beside, &best))
    })
    .await
}

/// Why a session stands where a plan has it.
#[derive(Debug, Clone)]
pub struct WhyHere {
    /// Where.
    pub spot: Spot,
    /// How many slots there are.
    pub of: usize,
    /// How many of them would give a better plan, and one.
    pub rank: usize,
    /// What its standing there costs and spares, by rule.
    pub rules: Vec<RuleDifference>,
    /// The best slot of each other day, best first.
    pub alternatives: Vec<Slot>,
}

/// Why a session stands where a plan has it, with so many alternatives; `None` when it is not placed.
///
/// # Errors
/// As [`slots`].
pub async fn why_here(
    scope: &Scope,
    plan_id: Uuid,
    session_id: Uuid,
    alternatives: usize,
) -> Result<Option<WhyHere>> {
    Asked::of_session(scope, plan_id, session_id, move |asked| {
        let (board, rules) = (&asked.board, Rules::standard());
        let mut beside = asked.beside(&rules);
        let Some(why) = beside.why_here(alternatives) else { return Ok(None) };
        Ok(Some(WhyHere {
            spot: spot(board, asked.number, &why.placement),
            of: why.of,
            rank: why.rank,
            rules: differences(board, &[], &why.effects),
            alternatives: why.alternatives.iter().map(|slot| told::slot(board, &mut beside, slot)).collect(),
        }))
    })
    .await
}

/// What stands in the way of a session, and what would free a place for it.
#[derive(Debug, Clone)]
pub struct Obstacles {
    /// How many slots break no hard rule: then nothing stands in the way, and the session was only not placed.
    pub free: usize,
    /// The best free slot of each of some days, the best first.
    pub best: Vec<Slot>,
    /// How many slots each hard rule forbids, most first.
    pub rules: Vec<store::Obstacle>,
    /// The smallest sets of things whose giving way would free a slot, those that ask least first. Empty when a slot is free.
    pub freeing: Vec<Freeing>,
}

/// Things that together would free a slot.
#[derive(Debug, Clone)]
pub struct Freeing {
    /// What has to give way, and the slot, as a sentence.
    pub sentence: Bilingual,
    /// How many things have to give way.
    pub things: usize,
    /// The slot.
    pub spot: Spot,
    /// How many slots it would open.
    pub opens: usize,
    /// What the score would change by, what is waived aside.
    pub change: Score,
    /// Sessions that give way, with where each could go; `None`: nowhere.
    pub rehoming: Vec<(Uuid, Option<Spot>)>,
}

/// What stands in the way of a session, and the `first` cheapest ways to free a place for it; where slots are free, the best of as many
/// days.
///
/// # Errors
/// As [`slots`].
pub async fn obstacles(scope: &Scope, plan_id: Uuid, session_id: Uuid, first: usize) -> Result<Obstacles> {
    Asked::of_session(scope, plan_id, session_id, move |asked| {
        let (board, number, rules) = (&asked.board, asked.number, Rules::standard());
        let found = why_unplaced(&board.problem, &rules, &board.assignment, number);
        let mut beside = asked.beside(&rules);
        let (free, best) = beside.free(first);
        let best = best.iter().map(|slot| told::slot(board, &mut beside, slot)).collect();
        let ways = beside.freeing(first);
        let freeing = ways.iter().map(|way| Freeing {
            sentence: Bilingual::new(&way.reason.zh, &way.reason.en),
            things: way.relaxations.len(),
            spot: spot(board, number, &way.slot),
            opens: way.opens,
            change: way.change,
            rehoming: way
                .rehoming
                .iter()
                .map(|one| {
                    let to = one.to.as_ref().map(|to| spot(board, one.session, to));
                    (board.statement.sessions[one.session], to)
                })
                .collect(),
        });
        let rules = found.iter().map(store::obstacle).collect();
        Ok(Obstacles { free, best, rules, freeing: freeing.collect() })
    })
    .await
}

fn day_of(asked: &Asked, on: NaiveDate) -> Result<DayIx> {
    let (first, last) = placing::term_of(&asked.board.problem);
    placing::in_the_term((first, last), on).map_err(|error| error.at("day"))?;
    usize::try_from((on - first).num_days()).map_err(|error| Error::Internal(Box::new(error)))
}

/// The way to hold the session at a school.
fn option_of(asked: &Asked, host: Uuid) -> Result<OptionIx> {
    let statement = &asked.board.statement;
    let place = statement.places.iter().position(|id| *id == host).ok_or(Error::NotFound(Kind::School))?;
    let options = &asked.board.problem.sessions[asked.number].options;
    options.iter().position(|option| option.place == Some(place)).ok_or_else(placing::cannot_host)
}
