//! Where a session could stand: days, starts, rooms and presenters worth trying. Only a filter for speed: the rules decide.

use super::state::State;
use crate::build::Problem;
use crate::constraints::presenters_from_different_schools::must_be_new;
use crate::constraints::room_equipment::missing;
use crate::constraints::school_days::{closed_to, closing};
use crate::constraints::{presenters_share_load, subject_day, window};
use crate::evaluate::visit;
use crate::problem::*;
use crate::rng::Rng;
use crate::score::Score;
use crate::week::Role;

/// Presenters tried per slot in search; `why_unplaced` tries all.
const PRESENTERS_TRIED: usize = 8;

/// Days around an even spread among which the search looks first.
const NEAR: usize = 9;
/// About as many starts as a half-day has.
const STARTS_OF_HALF_DAY: usize = 12;

/// What one way to hold a session leaves open.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub(crate) option: OptionIx,
    /// Starts that no closed day, window, notice or hour forbids, ascending.
    pub(crate) starts: Vec<Minute>,
    /// Those of them on the programme's half-day.
    pub(crate) favoured: Vec<Minute>,
    /// Rooms with the equipment, smallest first.
    rooms: Vec<RoomIx>,
    /// The room at its other end.
    second: Option<RoomIx>,
    /// Fewest and most people who come, whatever the day and whoever presents; with a second room, the others may all be at that end.
    people: (usize, usize),
}

/// The allowed ways to hold a session.
pub(crate) fn ways(problem: &Problem, session: SessionIx) -> Vec<Way> {
    let options = problem.sessions[session].options.iter().enumerate().filter(|(_, option)| option.allowed);
    let ways = options.map(|(option, _)| way(problem, session, option));
    ways.filter(|way| !way.starts.is_empty()).collect()
}

fn way(problem: &Problem, session: SessionIx, option: OptionIx) -> Way {
    let days = (0..problem.days.len()).filter(|&day| is_open(problem, session, option, day));
    let starts = starts_on(problem, session, option, &days.collect::<Vec<_>>()).into_iter();
    let told = problem.published(session).map(|published| published.start);
    let in_time = |start: &Minute| *start >= problem.sessions[session].earliest || Some(*start) == told;
    let starts = starts.filter(in_time).collect::<Vec<_>>();
    let series = &problem.series[problem.sessions[session].series];
    let favoured = series.subject_half_day.map(|half_day| {
        starts.iter().copied().filter(|&start| subject_day::is_on(problem, half_day, start)).collect()
    });
    let listed = problem.invited(session, option);
    let held = &problem.sessions[session].options[option];
    let fewest = listed.required.len() + listed.always.len();
    let most =
        listed.required.len() + problem.ever_invited(session, option).count() + held.presenter_slots.len();
    Way {
        option,
        favoured: favoured.unwrap_or_default(),
        starts,
        rooms: rooms(problem, session, option),
        second: held.second_room,
        people: (if held.second_room.is_some() { 0 } else { fewest }, most),
    }
}

fn is_open(problem: &Problem, session: SessionIx, option: OptionIx, day: DayIx) -> bool {
    let open = closed_to(problem, session, day).is_none() && window::allows(problem, session, day);
    if !open || problem.days[day].closed_places.is_empty() {
        return open;
    }
    let host = problem.sessions[session].options[option].place;
    let required =
        problem.invited(session, option).required.iter().map(|&person| problem.base_on(person, day));
    host.into_iter().chain(required).all(|place| closing(problem, day, place).is_none())
}

/// Starts on some days, ascending, that the hours allow: on the grid of times, or with the lessons of an option that the session
/// keeps within ([`LessonRule::Inside`]).
pub(crate) fn starts_on(
    problem: &Problem,
    session: SessionIx,
    option: OptionIx,
    days: &[DayIx],
) -> Vec<Minute> {
    let stated = &problem.sessions[session];
    if stated.lessons != LessonRule::Inside {
        let of_day = starts_of_day(problem, session);
        let starts = days.iter().flat_map(|&day| of_day.iter().map(move |start| day as Minute * DAY + start));
        return starts.collect();
    }
    let lasts = |&&(start, end): &&(Minute, Minute)| problem.end_of(session, start) <= end;
    let of_hours = |&start: &Minute| {
        let from = start % DAY;
        halves(problem, session).any(|half| half.0 <= from && from + stated.minutes <= half.1)
    };
    let lessons = stated.options[option].lessons.iter().filter(lasts).map(|&(start, _)| start);
    let on_days = |start: &Minute| days.binary_search(&problem.day_of(*start)).is_ok();
    let mut starts = lessons.filter(on_days).filter(of_hours).collect::<Vec<_>>();
    // Classes that are taught side by side are one start.
    starts.dedup();
    starts
}

/// Starts within a day on the grid of times that the hours allow.
fn starts_of_day(problem: &Problem, session: SessionIx) -> Vec<Minute> {
    let (step, minutes) = (problem.hours.step, problem.sessions[session].minutes);
    let mut starts = Vec::new();
    for (from, to) in halves(problem, session) {
        let mut start = (from + step - 1) / step * step;
        while start + minutes <= to {
            starts.push(start);
            start += step;
        }
    }
    starts
}

/// The stretches of a day in which a session may run.
fn halves(problem: &Problem, session: SessionIx) -> impl Iterator<Item = (Minute, Minute)> {
    let hours = problem.hours;
    let evening = problem.sessions[session].allows_evening.then_some(hours.evening);
    [hours.morning, hours.afternoon].into_iter().chain(evening)
}

fn rooms(problem: &Problem, session: SessionIx, option: OptionIx) -> Vec<RoomIx> {
    let Some(place) = problem.sessions[session].options[option].place else {
        return Vec::new();
    };
    let rooms = problem.rooms_at(place).iter().copied();
    rooms.filter(|&room| missing(problem, session, room).next().is_none()).collect()
}

impl Way {
    /// A start: mostly on the programme's half-day, if it has one.
    pub(crate) fn any_start(&self, rng: &mut Rng) -> Minute {
        let favoured = !self.favoured.is_empty() && rng.percent(92);
        let starts = if favoured { &self.favoured } else { &self.starts };
        starts[rng.below(starts.len())]
    }

    /// A start around a day: mostly on the programme's half-day, if it has one.
    pub(crate) fn start_near(&self, rng: &mut Rng, day: DayIx) -> Minute {
        let favoured = !self.favoured.is_empty() && rng.percent(85);
        let starts = if favoured { &self.favoured } else { &self.starts };
        let from = (day + rng.below(2 * NEAR)).saturating_sub(NEAR) as Minute * DAY;
        let first = starts.partition_point(|&start| start < from);
        starts[(first + rng.below(STARTS_OF_HALF_DAY)).min(starts.len() - 1)]
    }

    /// A whole placement at a start: presenters who can come, then the smallest room that is free. `None`: there is none.
    pub(crate) fn placement(
        &self,
        state: &mut State,
        rng: &mut Rng,
        session: SessionIx,
        start: Minute,
    ) -> Option<Placement> {
        if self.second.is_some_and(|room| !is_free(state, room, session, start)) {
            return None;
        }
        let bare = Placement { start, option: self.option, room: None, presenters: Vec::new() };
        let presenters = presenters(state, rng, session, &bare)?;
        self.with_room(state, session, Placement { presenters, ..bare })
    }

    /// The placement in the smallest room that is free and fits.
    pub(crate) fn with_room(
        &self,
        state: &State,
        session: SessionIx,
        placement: Placement,
    ) -> Option<Placement> {
        if state.problem.place_of(session, &placement).is_none() {
            return Some(placement);
        }
        let mut rooms = self.rooms.iter().copied();
        let room = rooms.find(|&room| self.suits(state, session, room, &placement))?;
        Some(Placement { room: Some(room), ..placement })
    }

    /// A room at a placement's start: mostly its own, if that is free, else any that is; its own where none is.
    pub(crate) fn some_room(
        &self,
        state: &State,
        rng: &mut Rng,
        session: SessionIx,
        placement: &Placement,
    ) -> Option<RoomIx> {
        if self.rooms.is_empty() {
            return None;
        }
        let own = placement.room.filter(|&room| self.has_room(room));
        if own.is_some_and(|room| rng.percent(70) && self.suits(state, session, room, placement)) {
            return own;
        }
        let first = rng.below(self.rooms.len());
        let mut rooms = self.rooms[first..].iter().chain(&self.rooms[..first]).copied();
        rooms.find(|&room| self.suits(state, session, room, placement)).or(own).or(Some(self.rooms[first]))
    }

    /// Whether a room is free for a placement and has seats for everybody.
    fn suits(&self, state: &State, session: SessionIx, room: RoomIx, placement: &Placement) -> bool {
        let seats = state.problem.rooms[room].capacity as usize;
        seats >= self.people.0
            && (seats >= self.people.1 || seats >= state.problem.headcount(session, placement))
            && is_free(state, room, session, placement.start)
    }

    /// Whether a session may start then, as far as days, window, notice and hours go.
    pub(crate) fn starts_at(&self, start: Minute) -> bool {
        self.starts.binary_search(&start).is_ok()
    }

    /// Whether these are candidates for the presenters' slots.
    pub(crate) fn may_present(&self, problem: &Problem, session: SessionIx, presenters: &[PersonIx]) -> bool {
        let slots = &problem.sessions[session].options[self.option].presenter_slots;
        slots.len() == presenters.len()
            && slots.iter().zip(presenters).all(|(candidates, person)| candidates.contains(person))
    }

    /// Whether a room has what the session needs.
    pub(crate) fn has_room(&self, room: RoomIx) -> bool {
        self.rooms.contains(&room)
    }

    /// Another room, free or not.
    pub(crate) fn any_room(&self, rng: &mut Rng) -> Option<RoomIx> {
        rng.pick(&self.rooms)
    }
}

fn is_free(state: &State, room: RoomIx, session: SessionIx, start: Minute) -> bool {
    let problem = state.problem;
    let end = problem.end_of(session, start);
    let overlaps = |(from, to): (Minute, Minute)| start < to && from < end;
    let mut others = state.in_room(room, problem.day_of(start)).iter().filter(|&&other| other != session);
    let mut others_overlap = || {
        others.any(|&other| {
            let from = state.placement(other).map_or(start, |placement| placement.start);
            overlaps((from, problem.end_of(other, from)))
        })
    };
    !problem.rooms[room].taken.iter().any(|&taken| overlaps(taken)) && !others_overlap()
}

/// One person per slot, chosen greedily: who can come, from a new school while schools are still wanted, and who presents least.
pub(crate) fn presenters(
    state: &mut State,
    rng: &mut Rng,
    session: SessionIx,
    bare: &Placement,
) -> Option<Vec<PersonIx>> {
    let problem = state.problem;
    let slots = &problem.sessions[session].options[bare.option].presenter_slots;
    let mut chosen = Vec::with_capacity(slots.len());
    for candidates in slots {
        let tried = candidates.len().min(PRESENTERS_TRIED);
        let from = rng.below(candidates.len());
        let sample =
            (0..tried).map(|step| candidates[(from + step * step_over(candidates.len())) % candidates.len()]);
        let sample = sample.collect::<Vec<_>>();
        let best = best_presenter(state, session, bare, &chosen, &sample)
            .or_else(|| best_presenter(state, session, bare, &chosen, candidates))?;
        chosen.push(best);
    }
    Some(chosen)
}

/// A stride that visits different schools early in lists sorted by school.
fn step_over(candidates: usize) -> usize {
    (candidates / PRESENTERS_TRIED).max(1)
}

/// The best next presenter among candidates who can come; `None`: nobody can.
pub(crate) fn best_presenter(
    state: &mut State,
    session: SessionIx,
    bare: &Placement,
    chosen: &[PersonIx],
    candidates: &[PersonIx],
) -> Option<PersonIx> {
    let problem = state.problem;
    let day = problem.day_of(bare.start);
    let slots = problem.sessions[session].options[bare.option].presenter_slots.len();
    let schools =
        crate::build::distinct(&chosen.iter().map(|&one| problem.base_on(one, day)).collect::<Vec<_>>());
    let wants_new = must_be_new(problem, session, schools.len(), slots - chosen.len());
    let mut best: Option<((Score, usize), PersonIx)> = None;
    for &person in candidates {
        let base = problem.base_on(person, day);
        let unfit = chosen.contains(&person) || (wants_new && schools.contains(&base));
        if unfit || closing(problem, day, base).is_some() {
            continue;
        }
        let cost = state.cost_of_requiring(person, visit(problem, session, bare, Role::Required));
        if cost.hard > 0 {
            continue;
        }
        let load = state.presents(person);
        let rank = (
            cost + Score { soft: presenters_share_load::RULE.default_weight * load as i64, ..Score::ZERO },
            load,
        );
        if best.is_none_or(|(least, _)| rank < least) {
            best = Some((rank, person));
        }
    }
    best.map(|(_, person)| person)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Town, at};

    /// The starts of the town's one session on all days.
    fn starts(town: &Town) -> Vec<Minute> {
        let problem = town.build();
        starts_on(&problem, 0, 0, &(0..problem.days.len()).collect::<Vec<_>>())
    }

    #[test]
    fn a_session_within_a_lesson_starts_with_it_whatever_the_grid() {
        let mut town = Town::new();
        let session = &mut town.input.sessions[0];
        session.minutes = 40;
        session.lessons = LessonRule::Inside;
        let lesson = |day, from, until| (at(day, from), at(day, until));
        session.options[0].lessons = vec![
            lesson(0, "8:05", "8:45"),
            lesson(0, "8:05", "8:50"),
            lesson(0, "9:00", "9:30"),
            lesson(1, "11:35", "12:20"),
            lesson(2, "10:15", "10:55"),
        ];
        assert_eq!(
            starts(&town),
            [at(0, "8:05"), at(2, "10:15")],
            "not where it is too short, nor into noon"
        );
        let problem = town.build();
        assert_eq!(starts_on(&problem, 0, 0, &[1, 2]), [at(2, "10:15")]);
        let found = ways(&problem, 0);
        assert_eq!(found[0].starts, [at(0, "8:05"), at(2, "10:15")]);
        town.input.sessions[0].options[0].lessons.clear();
        assert!(ways(&town.build(), 0).is_empty(), "without a lesson there is no way to hold it");
    }

    #[test]
    fn other_sessions_start_on_the_grid() {
        let mut town = Town::new();
        town.input.sessions[0].lessons = LessonRule::During(1);
        town.input.sessions[0].options[0].lessons = vec![(at(0, "8:05"), at(0, "8:45"))];
        let of_day = starts(&town);
        assert_eq!(of_day[..2], [at(0, "8:00"), at(0, "8:10")]);
    }
}
