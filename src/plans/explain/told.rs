//! The planner's answers in rows and dates.

use chrono::{DateTime, NaiveDate, Utc};
use session_planner::{Beside, Effect, Level, Placement, RuleChange, Rules, Score, SessionIx};
use uuid::Uuid;

use crate::error::Bilingual;
use crate::plans::reading::Board;

/// Something a rule finds in a plan, or that a change brings or takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is, with people, place and time.
    pub sentence: Bilingual,
    /// Units of it, in the rule's unit.
    pub amount: i64,
    /// Its weighted penalty; negative where a change takes it away.
    pub penalty: i64,
    /// The sessions concerned.
    pub sessions: Vec<Uuid>,
    /// The people concerned.
    pub people: Vec<Uuid>,
    /// The school concerned.
    pub school: Option<Uuid>,
    /// The day concerned.
    pub on: Option<NaiveDate>,
}

/// What a change does to a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDifference {
    /// The rule's name.
    pub name: &'static str,
    /// Its level.
    pub level: Level,
    /// What it demands.
    pub sentence: Bilingual,
    /// Units more; negative: fewer.
    pub count: i64,
    /// Penalty more; negative: less, which is better.
    pub penalty: i64,
    /// What appears and what disappears, the heaviest first.
    pub findings: Vec<Finding>,
}

/// Where a session stands or could stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Host school; `None`: online.
    pub host_school_id: Option<Uuid>,
    /// Room.
    pub room_id: Option<Uuid>,
    /// The room at the sending end of a lesson given from afar.
    pub second_room_id: Option<Uuid>,
    /// Who presents.
    pub presenters: Vec<Uuid>,
}

/// A place for a session, and what its standing there would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Where.
    pub spot: Spot,
    /// Whether it breaks no hard rule.
    pub possible: bool,
    /// The score of the plan with the session there.
    pub score: Score,
    /// That score less the present one: negative is better.
    pub change: Score,
    /// The same by rule, with reasons.
    pub rules: Vec<RuleDifference>,
}

/// A placement in rows and instants.
pub fn spot(board: &Board, session: SessionIx, placement: &Placement) -> Spot {
    let statement = &board.statement;
    Spot {
        starts_at: statement.instant(placement.start),
        ends_at: statement.instant(board.problem.end_of(session, placement.start)),
        host_school_id: board.problem.place_of(session, placement).map(|place| statement.places[place]),
        room_id: placement.room.map(|room| statement.rooms[room]),
        second_room_id: statement.second_room(session, placement),
        presenters: placement.presenters.iter().map(|person| statement.people[*person]).collect(),
    }
}

/// A slot with its reasons.
pub(super) fn slot(board: &Board, beside: &mut Beside, slot: &session_planner::Slot) -> Slot {
    let effects = beside.effects(&slot.placement);
    Slot {
        spot: spot(board, beside.session(), &slot.placement),
        possible: slot.possible,
        score: slot.score,
        change: slot.change,
        rules: differences(board, &slot.rules, &effects),
    }
}

/// A violation in rows and dates.
fn finding(board: &Board, effect: &Effect) -> Finding {
    let (statement, violation) = (&board.statement, &effect.violation);
    Finding {
        sentence: Bilingual::new(&violation.reason.zh, &violation.reason.en),
        amount: violation.amount,
        penalty: effect.penalty,
        sessions: violation.sessions.iter().map(|session| statement.sessions[*session]).collect(),
        people: violation.people.iter().map(|person| statement.people[*person]).collect(),
        school: violation.place.map(|place| statement.places[place]),
        on: violation.day.map(|day| board.problem.date(day)),
    }
}

/// What one rule finds.
pub(super) fn findings_of(board: &Board, rule: &str, effects: &[Effect]) -> Vec<Finding> {
    effects.iter().filter(|effect| effect.rule == rule).map(|effect| finding(board, effect)).collect()
}

/// What differs, rule by rule in the order of the rules; also rules in which one thing goes and another of the same weight comes.
/// Without `changes` a rule's units and penalty are the sums over its effects.
pub fn differences(board: &Board, changes: &[RuleChange], effects: &[Effect]) -> Vec<RuleDifference> {
    let rules = Rules::standard();
    let difference = |rule: &session_planner::Rule| {
        let own: Vec<&Effect> = effects.iter().filter(|effect| effect.rule == rule.name).collect();
        let change = changes.iter().find(|change| change.rule == rule.name);
        if own.is_empty() && change.is_none() {
            return None;
        }
        let signed = own.iter().map(|effect| effect.violation.amount * effect.penalty.signum());
        let penalties = own.iter().map(|effect| effect.penalty);
        let (count, penalty) =
            change.map_or((signed.sum(), penalties.sum()), |change| (change.count, change.penalty));
        Some(RuleDifference {
            name: rule.name,
            level: rule.level,
            sentence: Bilingual::new(rule.sentence.0, rule.sentence.1),
            count,
            penalty,
            findings: own.into_iter().map(|effect| finding(board, effect)).collect(),
        })
    };
    rules.iter().filter_map(difference).collect()
}
