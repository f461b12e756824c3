//! Why it ends for one candidate as it does, in full: what decided, what was open to her, and what the nearest alternative would
//! cost whom. That is searched for when somebody asks.

use rotation_planner as planner;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};

use super::making::{Leg, assignment};
use super::material::Material;
use super::reading::{self, Stored};
use super::reason::bar_words;
use super::roads::Basis;
use super::settings::Weighed;
use super::solving;
use super::statement::{Statement, bilingual, state, stored_form};
use super::told::told;
use crate::entity::rotation_round;
use crate::entity::values::PlacementForm;
use crate::error::{Bilingual, Error, Result, UserError};
use crate::id::Kind;
use crate::rotations::count;
use crate::rows;
use crate::scope::Scope;

/// Seconds the alternative may be searched for.
const SECONDS: u32 = 15;

/// A way to move that was thought of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The school.
    pub school_id: Uuid,
    /// The posts there; none where there are none.
    pub posts: Option<String>,
    /// In which form.
    pub form: PlacementForm,
    /// Which of her wishes it is.
    pub wish: Option<u32>,
    /// Her way, in minutes; none: unknown.
    pub minutes: Option<i64>,
    /// Why it was not possible at all; none: nothing kept her from it.
    pub barred: Option<Bilingual>,
}

/// The best that could be done if it did not end so for her.
#[derive(Debug, Clone, PartialEq)]
pub enum Alternative {
    /// There is another proposal.
    Possible {
        /// What becomes of her in it.
        outcome: Bilingual,
        /// Each level that differs: its aims, its value in the proposal, and in this one.
        levels: Vec<(Vec<Weighed>, String, String)>,
        /// Everybody else for whom it ends differently: who, what becomes of her in the proposal, and in this one.
        others: Vec<(Uuid, Bilingual, Bilingual)>,
        /// Whether nothing better is possible with another outcome for her.
        proven: bool,
    },
    /// The rules leave none: these are in its way.
    Impossible(Vec<Bilingual>),
}

/// Why it ends for a candidate as it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// Who.
    pub teacher_id: Uuid,
    /// Her school.
    pub from_school_id: Uuid,
    /// Where she goes; none: she stays.
    pub to: Option<Leg>,
    /// What the count found of her.
    pub findings: Vec<Bilingual>,
    /// What was seen when the proposal was made.
    pub reasons: Vec<Bilingual>,
    /// What decided, most decisive first.
    pub grounds: Vec<Bilingual>,
    /// Her way to her own school, in minutes; none: unknown.
    pub minutes_before: Option<i32>,
    /// Where her ways are counted from; none: she is no candidate.
    pub basis: Option<Basis>,
    /// Moves that were thought of, her wishes first.
    pub choices: Vec<Choice>,
    /// What another outcome would mean.
    pub alternative: Alternative,
}

/// Explains what a proposal says of a candidate, by the rows as they are now.
///
/// # Errors
/// `NotFound`; `Rejected` when she is no candidate of the proposal, when rows have changed so that it cannot be stated any more, or
/// when time was up.
pub async fn why(scope: &Scope, proposal_id: Uuid, teacher_id: Uuid) -> Result<Why> {
    let stored = Stored::load(scope, proposal_id).await?;
    let Some(row) = stored.moves.iter().find(|row| row.teacher_id == teacher_id) else {
        return Err(no_candidate(&stored).into());
    };
    let select = rows::in_district(scope.district.id, rotation_round::Entity::find());
    let round = select.filter(rotation_round::Column::Id.eq(stored.row.round_id)).one(scope.reader()).await?;
    let round = round.ok_or(Error::NotFound(Kind::Round))?;
    let material = Material::load(scope.reader(), &round).await?;
    let statement = state(&material, &stored.settings)?;
    let place = material.counted.iter().position(|one| one.row.teacher_id == teacher_id);
    let who = place.ok_or_else(|| no_candidate(&stored))?;
    let (assignment, lost) = assignment(&statement, &stored.moves)?;
    if !lost.is_empty() || assignment.len() != statement.problem.teachers.len() {
        return Err(changed(&stored).into());
    }
    let mut levels = stored.settings.planner_levels();
    // What it stays close to is another proposal's.
    levels.retain(|level| level.terms.iter().all(|(goal, _)| *goal != planner::Goal::Changes));
    let solution = planner::Solution { assignment: assignment.clone(), levels: Vec::new() };
    let explained = solving::explain(&statement.problem, levels.clone(), SECONDS, solution, who).await?;
    let one = &material.counted[who];
    let reasons = reading::reasons(row)?;
    Ok(Why {
        teacher_id,
        from_school_id: row.from_school_id,
        to: Leg::of(row),
        findings: one.facts.findings.iter().map(count::told).collect(),
        reasons: reasons.iter().map(told).collect(),
        grounds: explained
            .grounds
            .iter()
            // By whom it was decided, the reasons say.
            .filter(|ground| **ground != planner::Ground::Pinned)
            .map(|ground| bilingual(&planner::ground_words(&statement.problem, &levels, who, ground)))
            .collect(),
        minutes_before: row.commute_before,
        basis: statement.candidates[who].as_ref().map(|candidate| candidate.basis),
        choices: choices(&statement, who, &explained),
        alternative: alternative(&statement, &stored, who, explained.alternative),
    })
}

fn no_candidate(stored: &Stored) -> UserError {
    let number = stored.row.number;
    UserError::new(
        "NO_CANDIDATE",
        format!("该教师不是第{number}号方案的人选：摸底结果见 tongpan rotation count --show --school 学校"),
        format!(
            "she is no candidate of proposal {number}: see how she was counted with `tongpan rotation count --show --school SCHOOL`"
        ),
    )
    .at("teacherId")
}

fn changed(stored: &Stored) -> UserError {
    let number = stored.row.number;
    UserError::new(
        "ROWS_CHANGED",
        format!("第{number}号方案拟订之后情况有变，不能再据以说明：请重新拟订方案"),
        format!("rows have changed since proposal {number} was made: make it anew to have it explained"),
    )
}

fn choices(
    statement: &Statement<'_>,
    who: planner::TeacherIx,
    explained: &planner::Explanation,
) -> Vec<Choice> {
    let problem = &statement.problem;
    let choice = |(choice, bar): (&planner::Move, &Option<planner::Bar>)| Choice {
        school_id: statement.material.schools[choice.to].id,
        posts: choice.cell.map(|cell| planner::cell_name(problem, cell)),
        form: stored_form(choice.form),
        wish: choice.wish,
        minutes: choice.commute_after,
        barred: bar.as_ref().map(|bar| bar_words(bar, choice.commute_after)),
    };
    problem.teachers[who].moves.iter().zip(&explained.moves).map(choice).collect()
}

fn alternative(
    statement: &Statement<'_>,
    stored: &Stored,
    who: planner::TeacherIx,
    found: planner::Alternative,
) -> Alternative {
    let problem = &statement.problem;
    match found {
        planner::Alternative::Impossible(rules) => {
            let told = |rule: &planner::Rule| bilingual(&planner::rule_words(problem, *rule));
            Alternative::Impossible(rules.iter().map(told).collect())
        }
        planner::Alternative::Possible(other) => {
            let aims = stored
                .settings
                .levels
                .iter()
                .filter(|level| level.iter().all(|term| term.aim != super::settings::Aim::Changes));
            let levels = aims.zip(&other.levels).filter(|(_, (before, after))| before != after);
            let levels =
                levels.map(|(aims, (before, after))| (aims.clone(), before.to_string(), after.to_string()));
            let others = other.others.iter().map(|change| {
                let teacher = statement.material.counted[change.teacher].row.teacher_id;
                let outcome = |outcome| outcome_words(problem, change.teacher, outcome);
                (teacher, outcome(change.before), outcome(change.after))
            });
            Alternative::Possible {
                outcome: outcome_words(problem, who, other.outcome),
                levels: levels.collect(),
                others: others.collect(),
                proven: other.proven,
            }
        }
    }
}

fn outcome_words(
    problem: &planner::Problem,
    who: planner::TeacherIx,
    outcome: Option<planner::MoveIx>,
) -> Bilingual {
    let Some(choice) = outcome.and_then(|choice| problem.teachers[who].moves.get(choice)) else {
        return Bilingual::new("留任", "stays");
    };
    let school = &problem.schools[choice.to].name;
    match choice.wish {
        Some(rank) => {
            Bilingual::new(format!("到{school}（第{rank}志愿）"), format!("to {school} (wish {rank})"))
        }
        None => Bilingual::new(format!("到{school}"), format!("to {school}")),
    }
}
