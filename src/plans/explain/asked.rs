//! A plan that is asked about, laid out beside the rows as they are now, away from the threads that serve requests.

use session_planner::{Beside, OptionIx, Placement, Rules, SessionIx};
use uuid::Uuid;

use crate::entity::values::ParticipantRole;
use crate::entity::{plan, research_session};
use crate::error::{Bilingual, Error, Result};
use crate::plans::facts::Facts;
use crate::plans::placing::{self, Stand};
use crate::plans::reading::{Board, Stored, number, read};
use crate::plans::solve::build;
use crate::plans::statement::state;
use crate::scope::Scope;

/// A plan that is asked about, and perhaps a session of it.
pub(super) struct Asked {
    pub(super) plan: plan::Model,
    pub(super) board: Board,
    /// The session; 0 when the question is about the whole plan.
    pub(super) number: SessionIx,
    /// Sessions that cannot be read any more.
    pub(super) outdated: Vec<Bilingual>,
}

impl Asked {
    /// Asks about a plan.
    pub(super) async fn of_plan<T: Send + 'static>(
        scope: &Scope,
        plan_id: Uuid,
        ask: impl FnOnce(&Asked) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        Asked::about(scope, plan_id, None, ask).await
    }

    /// Asks about a session of a plan. It is free to go anywhere, whether published, pinned or left undated.
    pub(super) async fn of_session<T: Send + 'static>(
        scope: &Scope,
        plan_id: Uuid,
        session: Uuid,
        ask: impl FnOnce(&Asked) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        Asked::about(scope, plan_id, Some(session), ask).await
    }

    async fn about<T: Send + 'static>(
        scope: &Scope,
        plan_id: Uuid,
        session: Option<Uuid>,
        ask: impl FnOnce(&Asked) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let stored = Stored::load(scope, plan_id).await?;
        let facts = Facts::load(scope, stored.plan.term_id, stored.only_group()).await?;
        let scope = scope.clone();
        let work = move || ask(&Asked::lay(&scope, stored, facts, session)?);
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(Box::new(error)))?
    }

    fn lay(scope: &Scope, stored: Stored, mut facts: Facts, session: Option<Uuid>) -> Result<Asked> {
        let mut marks = stored.marks().as_things_are(&facts);
        let standing = session.and_then(|id| standing(&facts, id));
        if let Some(id) = session {
            marks.held.remove(&id);
            marks.pinned.remove(&id);
            facts.lift(id);
        }
        let statement = state(&facts, scope.zone(), scope.now());
        let problem = build(&statement)?;
        let mut reading = read(&problem, &statement, &stored.sessions);
        let mut number = 0;
        if let Some(id) = session {
            number = self::number(&facts, &statement, id)?;
            if let Some(stand) = standing
                && let Some(placement) = stands(&problem, &statement, number, &stand)
            {
                reading.gone.remove(&id);
                reading.placed.insert(id, placement);
            }
        }
        let outdated = statement.sessions.iter().filter_map(|id| reading.gone.get(id));
        let outdated = outdated.map(|error| error.message.clone()).collect();
        let board = Board::lay(statement, &reading.placed, &marks)?;
        // Sessions that are held are left out, so numbers may differ from before.
        if let Some(id) = session {
            number = board.number(id).unwrap_or(number);
        }
        Ok(Asked { plan: stored.plan, board, number, outdated })
    }

    /// The session beside the rest of the plan.
    pub(super) fn beside<'a>(&'a self, rules: &'a Rules) -> Beside<'a> {
        Beside::new(&self.board.problem, rules, &self.board.assignment, self.number)
    }

    /// The ways to hold the session that its programme allows.
    pub(super) fn allowed(&self) -> Vec<OptionIx> {
        let options = self.board.problem.sessions[self.number].options.iter().enumerate();
        options.filter(|(_, option)| option.allowed).map(|(ix, _)| ix).collect()
    }
}

/// Where a published session stands now, whatever the plan says.
fn standing(facts: &Facts, session: Uuid) -> Option<Stand> {
    let row: &research_session::Model = facts.sessions.iter().find(|row| row.id == session)?;
    let starts_at = Some(row.starts_at?);
    let told = facts.participants.get(&session).map_or(&[][..], Vec::as_slice);
    let presenting = told.iter().filter(|person| person.role == ParticipantRole::Presenter);
    let presenters = Some(presenting.map(|person| person.teacher_id).collect());
    Some(Stand {
        starts_at,
        host_school_id: row.host_school_id,
        room_id: row.room_id,
        second_room_id: row.second_room_id,
        presenters,
    })
}

fn stands(
    problem: &session_planner::Problem,
    statement: &crate::plans::statement::Statement,
    number: SessionIx,
    stand: &Stand,
) -> Option<Placement> {
    // Its host may not host any more: then it is shown as if it were not placed.
    let placement = placing::placement(statement, problem, number, &Stand::default(), stand).ok()?;
    placing::readable(problem, number, &placement).ok()?;
    Some(placement)
}
