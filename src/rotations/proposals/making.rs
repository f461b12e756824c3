//! Making a proposal: state the problem, search, check, store. Nothing is written before everything is known, and then in one
//! transaction: a process that ends on the way leaves nothing behind.

use std::collections::HashMap;
use std::time::Instant;

use rotation_planner as planner;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, prelude::Uuid};

use super::material::Material;
use super::outcome::Outcome;
use super::reading::Stored;
use super::reason::{self, Reason};
use super::settings::{Aim, Settings, Weighed};
use super::solving::{Found, Impossible, Stop, causes, search};
use super::statement::{Statement, state, stored_form};
use crate::audit;
use crate::entity::values::{PlacementForm, ProposalState, Stage};
use crate::entity::{proposal_move, rotation_proposal, rotation_round};
use crate::error::{Error, Result, UserError};
use crate::id::{self, Kind};
use crate::rotations::permits::{self, RotationAction};
use crate::rows;
use crate::scope::{Scope, Txn};

/// A proposal to make.
#[derive(Debug, Clone)]
pub struct Request {
    /// The round.
    pub round_id: Uuid,
    /// The proposal it is made from, to which it stays as close as its levels allow.
    pub parent_id: Option<Uuid>,
    /// Why it is made; must be said once a proposal is public.
    pub reason: Option<String>,
    /// What it is searched with.
    pub settings: Settings,
}

/// Where somebody goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// Receiving school.
    pub school_id: Uuid,
    /// In which form.
    pub form: PlacementForm,
    /// Which of her wishes it is.
    pub wish: Option<i32>,
    /// Her way, in minutes.
    pub minutes: Option<i32>,
}

impl Leg {
    /// Of a stored move; none: she stays.
    pub fn of(row: &proposal_move::Model) -> Option<Self> {
        let school_id = row.to_school_id?;
        Some(Self { school_id, form: row.form, wish: row.wish_rank, minutes: row.commute_after })
    }
}

/// A proposal that was worked out, and not yet stored.
#[derive(Debug, Clone)]
pub struct Worked {
    /// What came of it.
    pub outcome: Outcome,
    /// Every candidate, by staff number.
    pub moves: Vec<proposal_move::Model>,
    settings: Settings,
}

/// What came of a request.
#[derive(Debug, Clone)]
pub enum Made<T> {
    /// What was asked for.
    Done(T),
    /// No proposal keeps all rules.
    Impossible(Impossible),
}

/// Works a proposal out and stores it under the next number.
///
/// # Errors
/// `NotFound`; `Rejected` outside of the step 拟订方案, when the settings are out of range or decide what cannot be, without a reason
/// once a proposal is public, or when nothing was found in time.
pub async fn propose(scope: &Scope, request: Request, stop: Stop) -> Result<Made<rotation_proposal::Model>> {
    let round = round(scope, request.round_id).await?;
    permits::check(scope, &round, RotationAction::Propose)?;
    reasoned(scope, &round, request.reason.as_deref()).await?;
    match work_out(scope, &round, &request, stop).await? {
        Made::Done(worked) => Ok(Made::Done(store(scope, request, worked).await?)),
        Made::Impossible(why) => Ok(Made::Impossible(why)),
    }
}

/// Works a proposal out and stores nothing.
///
/// # Errors
/// As [`propose`], in any step.
pub async fn what_if(scope: &Scope, request: &Request, stop: Stop) -> Result<Made<Worked>> {
    let round = round(scope, request.round_id).await?;
    work_out(scope, &round, request, stop).await
}

async fn round(scope: &Scope, round_id: Uuid) -> Result<rotation_round::Model> {
    let select = rows::in_district(scope.district.id, rotation_round::Entity::find());
    let found = select.filter(rotation_round::Column::Id.eq(round_id)).one(scope.reader()).await?;
    found.ok_or(Error::NotFound(Kind::Round))
}

/// Once a proposal is public, another needs a reason: nobody is moved silently.
async fn reasoned(scope: &Scope, round: &rotation_round::Model, reason: Option<&str>) -> Result<()> {
    if reason.is_some_and(|reason| !reason.trim().is_empty()) {
        return Ok(());
    }
    let public = super::reading::in_state(scope.reader(), round, ProposalState::Publicised).await?;
    let Some(public) = public else { return Ok(()) };
    let number = public.number;
    Err(UserError::new(
        "REASON_MISSING",
        format!("第{number}号方案已经公示，另拟方案须写明理由"),
        format!("proposal {number} is public: say why another is made"),
    )
    .at("reason")
    .into())
}

async fn work_out(
    scope: &Scope,
    round: &rotation_round::Model,
    request: &Request,
    stop: Stop,
) -> Result<Made<Worked>> {
    let material = Material::load(scope.reader(), round).await?;
    let parent = match request.parent_id {
        Some(parent_id) => Some(Stored::load(scope, parent_id).await?),
        None => None,
    };
    if parent.as_ref().is_some_and(|parent| parent.row.round_id != round.id) {
        return Err(Error::NotFound(Kind::Proposal));
    }
    let begun = Instant::now();
    let mut settings = request.settings.clone();
    let mut tried = attempt(&material, settings.clone(), parent.as_ref(), &stop).await?;
    // The exchange is settled before all else. Where the other rules leave no room for it, it is given up, and that is said.
    let dropped = matches!(tried.found, Found::Nothing) && !tried.statement.circles.is_empty();
    if dropped {
        settings.exchange = false;
        tried = attempt(&material, settings, parent.as_ref(), &stop).await?;
    }
    let Attempt { statement, settings, found } = tried;
    match found {
        Found::Nothing => {
            let spent = begun.elapsed().as_secs_f64();
            Ok(Made::Impossible(causes(&statement.problem, settings.seconds, spent, stop).await?))
        }
        Found::Solution(solution, seconds) => {
            sound(&statement, &solution)?;
            let outcome = Outcome::of(&statement, &settings.levels, &solution, seconds);
            let outcome = Outcome { exchange_dropped: dropped, ..outcome };
            let moves = moves(&statement, &settings, &solution)?;
            Ok(Made::Done(Worked { outcome, moves, settings }))
        }
    }
}

/// A problem as it was stated, with what came of it.
struct Attempt<'m> {
    statement: Statement<'m>,
    settings: Settings,
    found: Found,
}

/// States the problem with these settings, close to a parent, and searches.
async fn attempt<'m>(
    material: &'m Material,
    mut settings: Settings,
    parent: Option<&Stored>,
    stop: &Stop,
) -> Result<Attempt<'m>> {
    let mut statement = state(material, &settings)?;
    let mut start = None;
    if let Some(parent) = parent {
        let (assignment, _) = assignment(&statement, &parent.moves)?;
        stay_close(&mut statement, &mut settings, &assignment)?;
        start = Some(assignment);
    }
    let levels = settings.planner_levels();
    let found = search(&statement.problem, levels, settings.seconds, start, Stop::clone(stop)).await?;
    Ok(Attempt { statement, settings, found })
}

/// Adds the parent as what to stay close to, when all else is equal.
fn stay_close(
    statement: &mut Statement<'_>,
    settings: &mut Settings,
    parent: &planner::Assignment,
) -> Result<()> {
    let mut input = statement.problem.input().clone();
    input.reference = Some(parent.clone());
    statement.problem = planner::Problem::build(input).map_err(super::statement::unsound)?;
    let named = settings.levels.iter().flatten().any(|term| term.aim == Aim::Changes);
    if !named {
        settings.levels.push(vec![Weighed::one(Aim::Changes)]);
    }
    Ok(())
}

/// The checker shares nothing with the search.
fn sound(statement: &Statement<'_>, solution: &planner::Solution) -> Result<()> {
    let breaches = planner::check(&statement.problem, &solution.assignment);
    match breaches {
        Ok(breaches) if breaches.is_empty() => Ok(()),
        other => Err(Error::internal(format!("a proposal that was found breaks rules: {other:?}"))),
    }
}

/// Stored moves as outcomes of the problem, and who of them has no such move any more.
pub(super) fn assignment(
    statement: &Statement<'_>,
    moves: &[proposal_move::Model],
) -> Result<(planner::Assignment, Vec<Uuid>)> {
    let mut goes: HashMap<Uuid, (Uuid, &proposal_move::Model, Option<Stage>)> = HashMap::new();
    for row in moves {
        let Some(to) = row.to_school_id else { continue };
        let lower = super::reading::reasons(row)?.into_iter().find_map(|reason| match reason {
            Reason::LowerStage { stage } => Some(stage),
            _ => None,
        });
        goes.insert(row.teacher_id, (to, row, lower));
    }
    let mut lost = Vec::new();
    let mut assignment = Vec::with_capacity(statement.problem.teachers.len());
    for (one, teacher) in statement.material.counted.iter().zip(&statement.problem.teachers) {
        let Some((to, row, lower)) = goes.get(&one.row.teacher_id) else {
            assignment.push(None);
            continue;
        };
        let found = teacher.moves.iter().position(|choice| {
            let stage = choice.cell.and_then(|cell| statement.posts.stage(cell));
            let staged = stage.is_none_or(|stage| stage == lower.unwrap_or(one.row.stage));
            statement.material.schools[choice.to].id == *to && stored_form(choice.form) == row.form && staged
        });
        if found.is_none() {
            lost.push(row.teacher_id);
        }
        assignment.push(found);
    }
    Ok((assignment, lost))
}

/// The rows of all candidates.
fn moves(
    statement: &Statement<'_>,
    settings: &Settings,
    solution: &planner::Solution,
) -> Result<Vec<proposal_move::Model>> {
    let assignment = &solution.assignment;
    let reasons = reason::all(statement, settings, solution);
    let mut rows = Vec::new();
    for (who, reasons) in reasons.into_iter().enumerate() {
        let Some(reasons) = reasons else { continue };
        let one = &statement.material.counted[who];
        let candidate = statement.candidates[who].as_ref();
        let chosen = assignment[who].map(|choice| &statement.problem.teachers[who].moves[choice]);
        let round = &statement.material.round;
        let (from_on, until_on) =
            candidate.map_or((round.starts_on, round.ends_on), |candidate| candidate.span);
        rows.push(proposal_move::Model {
            id: id::new(),
            district_id: round.district_id,
            proposal_id: Uuid::nil(),
            teacher_id: one.row.teacher_id,
            from_school_id: one.row.school_id,
            to_school_id: chosen.map(|chosen| statement.material.schools[chosen.to].id),
            form: chosen.map_or(PlacementForm::Exchange, |chosen| stored_form(chosen.form)),
            from_on,
            until_on,
            weekdays: chosen.and_then(|chosen| digits(&chosen.weekdays)),
            wish_rank: chosen.and_then(|chosen| chosen.wish).and_then(|rank| i32::try_from(rank).ok()),
            commute_before: candidate.and_then(|candidate| candidate.commute).and_then(minutes),
            commute_after: chosen.and_then(|chosen| chosen.commute_after).and_then(minutes),
            reasons: serde_json::to_value(reasons)?,
        });
    }
    Ok(rows)
}

fn minutes(way: i64) -> Option<i32> {
    i32::try_from(way).ok()
}

/// Weekdays as rows keep them; none for every day.
fn digits(weekdays: &[u8]) -> Option<String> {
    (!weekdays.is_empty()).then(|| weekdays.iter().map(ToString::to_string).collect())
}

async fn store(scope: &Scope, request: Request, worked: Worked) -> Result<rotation_proposal::Model> {
    let txn = scope.begin().await?;
    let round = rows::hold::<rotation_round::Entity>(&txn, Kind::Round, request.round_id, LockType::Update);
    let round = round.await?;
    permits::check(scope, &round, RotationAction::Propose)?;
    let row = rotation_proposal::Model {
        id: id::new(),
        district_id: txn.district_id(),
        round_id: round.id,
        number: next_number(&txn, &round).await?,
        parent_id: request.parent_id,
        reason: request.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
        state: ProposalState::Draft,
        settings: serde_json::to_value(&worked.settings)?,
        outcome: serde_json::to_value(&worked.outcome)?,
        created_at: scope.now(),
    };
    let row = audit::insert(&txn, "rotation_proposal.make", row).await?;
    let proposal_id = row.id;
    let moves = worked.moves.into_iter().map(|row| proposal_move::Model { proposal_id, ..row }).collect();
    audit::insert_parts(&txn, moves).await?;
    txn.commit().await?;
    Ok(row)
}

async fn next_number(txn: &Txn, round: &rotation_round::Model) -> Result<i32> {
    let last = rows::in_district(txn.district_id(), rotation_proposal::Entity::find())
        .filter(rotation_proposal::Column::RoundId.eq(round.id))
        .order_by_desc(rotation_proposal::Column::Number)
        .one(&**txn)
        .await?;
    Ok(last.map_or(1, |last| last.number + 1))
}
