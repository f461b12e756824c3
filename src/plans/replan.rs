//! Planning anew from what is published: the past and what is pinned stand, everything else may move and would rather not.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use session_planner::{Assignment, Placement, Problem, Rules, SessionIx, check, score};
use uuid::Uuid;

use super::facts::Facts;
use super::solve::build;
use super::statement::{Statement, state};
use crate::entity::values::{HostRule, ParticipantRole, SessionState};
use crate::entity::{plan_session, research_session};
use crate::error::{Bilingual, Error, Result, UserError};
use crate::scope::Scope;
use crate::sessions::{PlannedPerson, title};

/// The sessions that planning anew may move: published, still to come, not pinned.
pub fn movable(facts: &Facts, now: DateTime<Utc>) -> HashSet<Uuid> {
    let may_move = |row: &&research_session::Model| {
        row.state == SessionState::Published && !row.pinned && row.starts_at.is_some_and(|at| at > now)
    };
    facts.sessions.iter().filter(may_move).map(|row| row.id).collect()
}

/// Lets the sessions that planning anew may move be placed anew. What a person moved online for a day on which schools are closed
/// stands: no search would find it a place there, and on that day it is to be held.
///
/// # Errors
/// `Rejected` when nothing is published that is still to come, or the rows state no sound problem.
pub fn free(scope: &Scope, facts: &mut Facts, now: DateTime<Utc>) -> Result<()> {
    let mut movable = movable(facts, now);
    if movable.is_empty() {
        return Err(nothing_published());
    }
    let moved_online =
        |row: &&research_session::Model| movable.contains(&row.id) && was_moved_online(facts, row);
    let online: HashSet<Uuid> = facts.sessions.iter().filter(moved_online).map(|row| row.id).collect();
    if !online.is_empty() {
        for closed in on_closed_days(scope, facts.clone(), now, &online)? {
            movable.remove(&closed);
        }
    }
    facts.free(&movable);
    Ok(())
}

/// Whether a published session is held online though its programme is hosted by schools.
pub fn was_moved_online(facts: &Facts, row: &research_session::Model) -> bool {
    let programme = row.programme_id.and_then(|id| facts.programmes.get(&id));
    row.room_id.is_none() && programme.is_some_and(|programme| programme.host_rule != HostRule::Online)
}

/// Which of some published sessions stand on a day on which nothing may be arranged for them.
fn on_closed_days(
    scope: &Scope,
    mut facts: Facts,
    now: DateTime<Utc>,
    sessions: &HashSet<Uuid>,
) -> Result<HashSet<Uuid>> {
    facts.free(sessions);
    let statement = state(&facts, scope.zone(), now);
    let problem = build(&statement)?;
    let placed: Assignment =
        statement.sessions.iter().map(|id| statement.published.get(id).cloned()).collect();
    let broken = check(&problem, &Rules::standard().only(&["school_days"]), &placed);
    Ok(broken.iter().flat_map(|found| &found.sessions).map(|ix| statement.sessions[*ix]).collect())
}

/// The published sessions that a plan makes anew, and that are still as it knew them.
pub fn of_plan(facts: &Facts, rows: &[plan_session::Model]) -> HashSet<Uuid> {
    let known: HashMap<Uuid, i32> =
        rows.iter().filter_map(|row| Some((row.session_id, row.from_version?))).collect();
    let same = |row: &&research_session::Model| {
        row.state == SessionState::Published && known.get(&row.id) == Some(&row.version)
    };
    facts.sessions.iter().filter(same).map(|row| row.id).collect()
}

/// Requires that the published sessions a plan makes anew are still as it knew them, and that none it moves has begun.
///
/// # Errors
/// `Rejected`, naming each session.
pub fn still_as_known(scope: &Scope, facts: &Facts, rows: &[plan_session::Model]) -> Result<()> {
    let mut faults = Vec::new();
    for row in rows.iter().filter(|row| row.from_version.is_some()) {
        let Some(session) = facts.sessions.iter().find(|session| session.id == row.session_id) else {
            faults.push(outdated("一次活动", "a session", "已取消", "was cancelled"));
            continue;
        };
        let subject = session.subject_id.and_then(|id| facts.subjects.get(&id));
        let name = title(session, subject.map(|subject| subject.name.as_str()));
        if Some(session.version) != row.from_version {
            faults.push(outdated(&name, &name, "已有改动", "was changed"));
        } else if session.starts_at.is_some_and(|at| at <= scope.now()) && row.starts_at != session.starts_at
        {
            faults.push(outdated(&name, &name, "已经开始", "has begun"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

fn outdated(name_zh: &str, name_en: &str, zh: &str, en: &str) -> UserError {
    UserError::new(
        "PLAN_OUTDATED",
        format!("{name_zh}在这份方案之后{zh}，请重新排期"),
        format!("{name_en} {en} since this plan was made: plan again"),
    )
}

/// Nothing can be planned anew before something is published.
pub fn nothing_published() -> Error {
    UserError::new(
        "NOTHING_PUBLISHED",
        "还没有今后的已发布活动可重排：请先排期并发布",
        "no published session is still to come: plan and publish first",
    )
    .into()
}

/// Where the search starts: as published, with somebody to stand in for each presenter who is away that day, so that the session
/// need not move because of her.
pub fn start(facts: &Facts, statement: &Statement, problem: &Problem) -> HashMap<Uuid, Placement> {
    let mut placed = statement.published.clone();
    for (ix, id) in statement.sessions.iter().enumerate() {
        let Some(published) = statement.published.get(id) else { continue };
        let day = problem.date(problem.day_of(published.start));
        let away = |person: &usize| facts.is_away(statement.people[*person], day);
        if published.presenters.iter().any(away)
            && let Some(better) = stood_in(statement, problem, &placed, ix, published, &away)
        {
            placed.insert(*id, better);
        }
    }
    placed
}

/// The placement with another presenter in each slot of one who is away: whoever makes the best plan.
fn stood_in(
    statement: &Statement,
    problem: &Problem,
    placed: &HashMap<Uuid, Placement>,
    session: SessionIx,
    published: &Placement,
    away: &dyn Fn(&usize) -> bool,
) -> Option<Placement> {
    let rules = Rules::standard();
    let mut assignment: Vec<Option<Placement>> =
        statement.sessions.iter().map(|id| placed.get(id).cloned()).collect();
    let slots = &problem.sessions[session].options[published.option].presenter_slots;
    let mut now = published.clone();
    for (slot, candidates) in slots.iter().enumerate() {
        if !away(&now.presenters[slot]) {
            continue;
        }
        let there = candidates.iter().filter(|person| !away(person) && !now.presenters.contains(person));
        let tried = there.map(|person| {
            let mut tried = now.clone();
            tried.presenters[slot] = *person;
            assignment[session] = Some(tried.clone());
            (score(problem, &rules, &assignment), tried)
        });
        now = tried.min_by_key(|(score, _)| *score)?.1;
    }
    Some(now)
}

/// What a plan made anew does to the people of a published session that keeps its time and place.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Nothing.
    None,
    /// Some who were expected cannot come any more, or some belong to it now who did not before; the others need not be told.
    ComeAndGo(Vec<PlannedPerson>),
    /// Who presents, chairs or researches is another: everybody is told.
    Replaces(Vec<PlannedPerson>),
}

/// Compares who was told of a session with who would take part in it now. Whoever was excused stays so, and whoever was expected
/// stays expected unless the plan, an absence or another session that she is newly booked for (`taken`) takes her away; `gone` says why
/// somebody is not there any more. Whoever belongs to it only since people were told, because she was posted or joined a school, is
/// invited.
pub fn effect(
    told: &[PlannedPerson],
    as_published: &[PlannedPerson],
    now: &[PlannedPerson],
    taken: &dyn Fn(Uuid) -> bool,
    gone: &dyn Fn(Uuid) -> Option<Bilingual>,
) -> Effect {
    if named(told) != named(now) {
        return Effect::Replaces(now.to_vec());
    }
    let comes = |people: &[PlannedPerson], teacher: Uuid| {
        people.iter().any(|person| person.teacher == teacher && person.excused.is_none())
    };
    let mut people = told.to_vec();
    let mut changed = false;
    for person in people.iter_mut().filter(|person| person.excused.is_none()) {
        let stays = comes(now, person.teacher);
        let invited = now.iter().find(|other| other.teacher == person.teacher);
        let because_of_the_plan = comes(as_published, person.teacher) || taken(person.teacher);
        let gone = gone(person.teacher);
        if stays || (invited.is_some() && !because_of_the_plan && gone.is_none()) {
            continue;
        }
        let reason = invited.and_then(|other| other.excused.clone()).or(gone);
        person.excused = Some(reason.unwrap_or_else(|| Bilingual::new("请假", "on leave")));
        changed = true;
    }
    let knows = |person: &&PlannedPerson| told.iter().any(|one| one.teacher == person.teacher);
    let joins = now.iter().filter(|person| person.excused.is_none() && !knows(person));
    people.extend(joins.cloned());
    if changed || people.len() > told.len() { Effect::ComeAndGo(people) } else { Effect::None }
}

/// Whom the notice of a session names: everybody with a part of her own.
pub(super) fn named(people: &[PlannedPerson]) -> HashSet<(Uuid, ParticipantRole)> {
    let own = people.iter().filter(|one| one.excused.is_none() && one.role != ParticipantRole::Attendee);
    own.map(|person| (person.teacher, person.role)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u128, role: ParticipantRole, excused: bool) -> PlannedPerson {
        let teacher = Uuid::from_u128(number);
        let excused = excused.then(|| Bilingual::new("冲突", "a clash"));
        PlannedPerson {
            teacher,
            role,
            required: role != ParticipantRole::Attendee,
            excused,
            cover: Vec::new(),
        }
    }

    fn attendees(excused: [bool; 2]) -> Vec<PlannedPerson> {
        let mut people = vec![person(1, ParticipantRole::Presenter, false)];
        people.push(person(2, ParticipantRole::Attendee, excused[0]));
        people.push(person(3, ParticipantRole::Attendee, excused[1]));
        people
    }

    #[test]
    fn another_presenter_is_told_to_everybody() {
        let mut now = attendees([false, false]);
        now[0].teacher = Uuid::from_u128(9);
        let told = attendees([false, false]);
        assert_eq!(effect(&told, &told, &now, &|_| false, &|_| None), Effect::Replaces(now.clone()));
    }

    #[test]
    fn only_whom_the_plan_takes_away_is_excused_and_nobody_is_called_back() {
        let told = attendees([false, true]);
        let (before, now) = (attendees([false, true]), attendees([true, false]));
        assert_eq!(
            effect(&told, &before, &now, &|_| false, &|_| None),
            Effect::ComeAndGo(attendees([true, true]))
        );
        let drifted = attendees([true, true]);
        assert_eq!(effect(&told, &drifted, &now, &|_| false, &|_| None), Effect::None);
        assert_eq!(
            effect(&told, &drifted, &now, &|_| true, &|_| None),
            Effect::ComeAndGo(attendees([true, true]))
        );
    }

    #[test]
    fn whoever_belongs_to_it_since_is_invited() {
        let told = attendees([false, true]);
        let mut now = told.clone();
        now.push(person(4, ParticipantRole::Attendee, false));
        now.push(person(5, ParticipantRole::Attendee, true));
        let expected = now[..4].to_vec();
        assert_eq!(effect(&told, &now, &now, &|_| false, &|_| None), Effect::ComeAndGo(expected));
    }

    #[test]
    fn whoever_is_not_invited_any_more_is_on_leave() {
        let told = attendees([false, false]);
        let now: Vec<PlannedPerson> = told.iter().take(2).cloned().collect();
        let Effect::ComeAndGo(people) = effect(&told, &now, &now, &|_| false, &|_| None) else {
            panic!("nobody is excused")
        };
        assert_eq!(people[2].excused, Some(Bilingual::new("请假", "on leave")));
    }
}
