//! Who chairs and researches a published session that is placed anew: as people were told while it keeps its day, and on another
//! day whoever ordinarily would.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use session_planner::{Placement, Rules, SessionIx, score};
use uuid::Uuid;

use super::facts::Facts;
use super::invite::Invitations;
use super::reading::{Board, Marks};
use super::statement::{Statement, state};
use crate::entity::values::ParticipantRole;
use crate::entity::{participant, plan_session};
use crate::error::Result;
use crate::scope::Scope;
use crate::sessions::PlannedPerson;

/// Those who lead the freed sessions in a plan, as its rows name them; left out are sessions that it moves to another school or lets
/// another send, where the programme says who leads, and those of which somebody is away on that day by now.
pub fn of_plan(scope: &Scope, facts: &Facts, rows: &[plan_session::Model]) -> HashMap<Uuid, Vec<Uuid>> {
    let mut leading = HashMap::new();
    for row in rows {
        let Some((told, starts_at)) = facts.freed.get(&row.session_id).zip(row.starts_at) else { continue };
        let day = starts_at.with_timezone(&scope.zone()).date_naive();
        let people: Vec<PlannedPerson> = serde_json::from_value(row.people.clone()).unwrap_or_default();
        let leaders: Vec<Uuid> = people
            .iter()
            .filter(|one| one.required && one.excused.is_none() && one.role != ParticipantRole::Presenter)
            .map(|one| one.teacher)
            .collect();
        let away = leaders.iter().any(|leader| facts.is_away(*leader, day));
        let stays = (told.host_school_id, told.second_room_id) == (row.host_school_id, row.second_room_id);
        if stays && !away {
            leading.insert(row.session_id, leaders);
        }
    }
    leading
}

/// Gives sessions that a search moved to another day back to those who ordinarily lead them, where that breaks no hard rule: who stood
/// in for them on the old day need not on the new one.
///
/// # Errors
/// `Rejected` when the rows state no sound problem.
pub fn anew(
    scope: &Scope,
    facts: &mut Facts,
    as_of: DateTime<Utc>,
    board: Board,
    marks: &Marks,
) -> Result<Board> {
    let wished = wished(facts, &board);
    give_back(scope, facts, as_of, board, marks, &wished)
}

/// Has the sessions led as wished: all of them where that breaks no hard rule, which is looked at once, else half by half.
fn give_back(
    scope: &Scope,
    facts: &mut Facts,
    as_of: DateTime<Utc>,
    board: Board,
    marks: &Marks,
    wished: &[(Uuid, Vec<Uuid>)],
) -> Result<Board> {
    if wished.is_empty() {
        return Ok(board);
    }
    let before = facts.leading.clone();
    facts.leading.extend(wished.iter().cloned());
    let tried = restated(scope, facts, as_of, &board, marks)?;
    if let Some(better) = tried.filter(|tried| hard(tried) <= hard(&board)) {
        return Ok(better);
    }
    facts.leading = before;
    if wished.len() == 1 {
        return Ok(board);
    }
    let (first, second) = wished.split_at(wished.len() / 2);
    let board = give_back(scope, facts, as_of, board, marks, first)?;
    give_back(scope, facts, as_of, board, marks, second)
}

/// The moved sessions that others would ordinarily lead than those who do, with them.
fn wished(facts: &Facts, board: &Board) -> Vec<(Uuid, Vec<Uuid>)> {
    let moved = board.assignment.iter().enumerate().filter_map(|(ix, placement)| {
        let (session, placement) = (board.statement.sessions[ix], placement.as_ref()?);
        let published = board.statement.published.get(&session)?;
        let day = board.problem.day_of(placement.start);
        let elsewhere = day != board.problem.day_of(published.start);
        (elsewhere && placement.option == published.option).then_some((
            ix,
            board.problem.date(day),
            placement,
        ))
    });
    let wished = moved.filter_map(|(ix, day, placement)| {
        let leaders = ordinarily(facts, board, ix, day, placement)?;
        let now = &board.problem.sessions[ix].options[placement.option].required;
        let now: Vec<Uuid> = now.iter().map(|person| board.statement.people[*person]).collect();
        let same = now.len() == leaders.len() && leaders.iter().all(|leader| now.contains(leader));
        (!same).then_some((board.statement.sessions[ix], leaders))
    });
    wished.collect()
}

/// Who leads a session on a day: for each part that people were told of the one who ordinarily has it and is there.
fn ordinarily(
    facts: &Facts,
    board: &Board,
    session: SessionIx,
    day: NaiveDate,
    placement: &Placement,
) -> Option<Vec<Uuid>> {
    let id = board.statement.sessions[session];
    let told = facts.freed.get(&id)?;
    let invitations = Invitations::new(facts, facts.programmes.get(&told.programme_id?)?);
    let host = board.problem.place_of(session, placement).map(|place| board.statement.places[place]);
    let school = host.or(told.online_host_id);
    let mut busy: Vec<Uuid> =
        placement.presenters.iter().map(|person| board.statement.people[*person]).collect();
    let mut leaders = Vec::new();
    for part in facts.participants.get(&id)?.iter().filter(|part| leads(part)) {
        let found = match part.role {
            ParticipantRole::Chair => invitations.chair_on(school, day, &busy),
            ParticipantRole::Researcher => invitations.researcher_on(day, &busy),
            _ => None,
        };
        let leader = found.unwrap_or(part.teacher_id);
        busy.push(leader);
        leaders.push(leader);
    }
    Some(leaders)
}

/// Whether somebody leads a session, as people were told: it does not take place without her, and she does not present.
pub fn leads(part: &participant::Model) -> bool {
    part.required && part.excused.is_none() && part.role != ParticipantRole::Presenter
}

/// The same plan beside the problem as it is stated now; `None` when it cannot be read there.
fn restated(
    scope: &Scope,
    facts: &Facts,
    as_of: DateTime<Utc>,
    board: &Board,
    marks: &Marks,
) -> Result<Option<Board>> {
    let statement = state(facts, scope.zone(), as_of);
    let mut placed = HashMap::new();
    for (id, placement) in board.statement.sessions.iter().zip(&board.assignment) {
        let Some(placement) = placement else { continue };
        let Some(presenters) = renumbered(&board.statement, &statement, &placement.presenters) else {
            return Ok(None);
        };
        placed.insert(*id, Placement { presenters, ..placement.clone() });
    }
    Board::lay(statement, &placed, marks).map(Some)
}

/// People's numbers in another statement of the same rows.
fn renumbered(from: &Statement, to: &Statement, people: &[usize]) -> Option<Vec<usize>> {
    let number = |person: &usize| to.people.iter().position(|other| *other == from.people[*person]);
    people.iter().map(number).collect()
}

fn hard(board: &Board) -> i64 {
    score(&board.problem, &Rules::standard(), &board.assignment).hard
}
