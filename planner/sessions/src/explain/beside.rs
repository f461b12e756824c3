//! One session beside the rest of a plan: what putting it anywhere would change.
//!
//! Only groupings that the session takes part in can change. Each is judged with the session and without it; the difference is what
//! the session brings, and what it brings elsewhere less what it brings here is the difference between two places.

use super::book::Book;
use crate::build::{Problem, distinct};
use crate::constraints::presenters_from_different_schools::must_be_new;
use crate::constraints::school_days::closing;
use crate::constraints::{Check, HostView, PresenterView, RoomDayView, Rules, SeriesView, SessionView};
use crate::evaluate::{Tally, people_of, score, visit};
use crate::problem::*;
use crate::score::{Level, Score};
use crate::week::{PersonWeek, Role, Visit, WeekBuffer};

/// Presenters tried for a slot before the others are looked at: enough to find somebody who can come.
const PRESENTERS_TRIED: usize = 8;

/// Hard rules that look at a session's time and host alone: what they forbid, no room and no presenter can mend.
const OF_THE_TIME: [&str; 5] = ["school_days", "hours", "window", "notice", "host_rule"];

/// A session beside the rest of a plan. Placements that are asked about may break any rule, but must be readable (see
/// [`Problem::unreadable`]).
pub struct Beside<'p> {
    pub(super) problem: &'p Problem,
    pub(super) rules: &'p Rules,
    pub(super) plan: &'p Assignment,
    pub(super) session: SessionIx,
    /// The score of the plan.
    pub(super) score: Score,
    /// What the session brings where it stands now, in units of each rule.
    pub(super) here: Vec<i64>,
    others: Others,
    /// The plan with the session where it is looked at.
    with: Assignment,
    buffers: Vec<WeekBuffer>,
}

/// The groupings of the plan without the session.
struct Others {
    plan: Assignment,
    /// By room and day.
    rooms: Vec<Vec<SessionIx>>,
    /// By person and week.
    weeks: Vec<Vec<Visit>>,
    presenters: Vec<Vec<SessionIx>>,
    hosts: Vec<Vec<SessionIx>>,
}

/// How far to look at a placement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Hard rules, nobody's week.
    Site,
    /// Hard rules, the weeks of those who must come: refuses most slots early.
    Frame,
    /// Hard rules, everybody.
    Hard,
    /// All rules, everybody.
    All,
}

impl<'p> Beside<'p> {
    /// Looks at a session of a plan; where it stands now, or that it does not, is what other places are compared with.
    ///
    /// # Panics
    /// As [`crate::evaluate`].
    pub fn new(
        problem: &'p Problem,
        rules: &'p Rules,
        plan: &'p Assignment,
        session: SessionIx,
    ) -> Beside<'p> {
        let others = Others::of(problem, plan, session);
        let with = others.plan.clone();
        let here = Vec::new();
        let score = score(problem, rules, plan);
        let buffers = Vec::new();
        let mut beside = Beside { problem, rules, plan, session, score, here, others, with, buffers };
        let mut book = Book::of_amounts(rules);
        beside.look(plan[session].as_ref(), 1, Depth::All, &mut book);
        beside.here = book.counts().to_vec();
        beside
    }

    /// Notes `times` what the session at a placement brings beside the rest.
    pub(super) fn look(&mut self, placement: Option<&Placement>, times: i64, depth: Depth, book: &mut Book) {
        let (problem, rules, session) = (self.problem, self.rules, self.session);
        self.with[session] = placement.cloned();
        let mut buffers = std::mem::take(&mut self.buffers);
        let weeks = self.weeks(placement, depth, &mut buffers);
        for (ix, rule) in rules.iter().enumerate() {
            if depth != Depth::All && rule.level != Level::Hard {
                continue;
            }
            match rule.check {
                Check::Session(check) => {
                    check(&SessionView { problem, session, placement }, &mut book.line(ix, times))
                }
                Check::Series(check) => {
                    let series = problem.sessions[session].series;
                    check(&SeriesView { problem, series, plan: &self.with }, &mut book.line(ix, times));
                    check(
                        &SeriesView { problem, series, plan: &self.others.plan },
                        &mut book.line(ix, -times),
                    );
                }
                Check::RoomDay(check) => {
                    self.in_room(placement, |view, sign| check(view, &mut book.line(ix, sign * times)))
                }
                Check::PersonWeek(check) => {
                    for (sign, week) in &weeks {
                        check(week, &mut book.line(ix, sign * times));
                    }
                }
                Check::Presenter(check) => {
                    self.presenting(placement, |view, sign| check(view, &mut book.line(ix, sign * times)))
                }
                Check::Host(check) => {
                    self.hosting(placement, |view, sign| check(view, &mut book.line(ix, sign * times)))
                }
            }
        }
        drop(weeks);
        self.buffers = buffers;
    }

    /// Shows the session's room on its day with the session (1) and without it (-1).
    fn in_room(&self, placement: Option<&Placement>, mut show: impl FnMut(&RoomDayView, i64)) {
        let (problem, session) = (self.problem, self.session);
        let Some((placement, room)) = placement.and_then(|placement| Some((placement, placement.room?)))
        else {
            return;
        };
        let day = problem.day_of(placement.start);
        let others = &self.others.rooms[room * problem.days.len() + day];
        let all = joined(others, session);
        show(&RoomDayView { problem, room, day, sessions: &all, plan: &self.with }, 1);
        if !others.is_empty() {
            show(&RoomDayView { problem, room, day, sessions: others, plan: &self.others.plan }, -1);
        }
    }

    /// Shows the term of each presenter with the session (1) and without it (-1).
    fn presenting(&self, placement: Option<&Placement>, mut show: impl FnMut(&PresenterView, i64)) {
        let problem = self.problem;
        for person in distinct(placement.map_or(&[], |placement| &placement.presenters)) {
            let others = &self.others.presenters[person];
            let all = joined(others, self.session);
            show(&PresenterView { problem, person, sessions: &all }, 1);
            show(&PresenterView { problem, person, sessions: others }, -1);
        }
    }

    /// Shows the host's term with the session (1) and without it (-1).
    fn hosting(&self, placement: Option<&Placement>, mut show: impl FnMut(&HostView, i64)) {
        let problem = self.problem;
        let Some(place) = placement.and_then(|placement| problem.place_of(self.session, placement)) else {
            return;
        };
        let others = &self.others.hosts[place];
        let all = joined(others, self.session);
        show(&HostView { problem, place, sessions: &all }, 1);
        show(&HostView { problem, place, sessions: others }, -1);
    }

    /// The weeks of the session's people, settled with the session (1) and without it (-1).
    fn weeks<'b>(
        &self,
        placement: Option<&Placement>,
        depth: Depth,
        buffers: &'b mut Vec<WeekBuffer>,
    ) -> Vec<(i64, PersonWeek<'b>)>
    where
        'p: 'b,
    {
        let Some(placement) = placement.filter(|_| depth != Depth::Site) else { return Vec::new() };
        let (problem, session) = (self.problem, self.session);
        let week = problem.week_of(problem.day_of(placement.start));
        let mut of = Vec::new();
        for (person, role) in people_of(problem, session, placement) {
            if depth == Depth::Frame && role != Role::Required {
                continue;
            }
            let others = &self.others.weeks[person * problem.weeks() + week];
            let own = visit(problem, session, placement, role);
            fill_buffer(buffers, of.len(), others, Some(own));
            of.push((1, person));
            if !others.is_empty() {
                fill_buffer(buffers, of.len(), others, None);
                of.push((-1, person));
            }
        }
        let settled = buffers.iter_mut().zip(of);
        settled.map(|(buffer, (sign, person))| (sign, buffer.settle(problem, person))).collect()
    }

    /// Whether a hard rule forbids a time or host, whoever comes and whatever the room.
    pub(super) fn is_out(&self, option: OptionIx, start: Minute) -> bool {
        let bare = Placement { start, option, room: None, presenters: Vec::new() };
        let (problem, session) = (self.problem, self.session);
        let view = SessionView { problem, session, placement: Some(&bare) };
        self.rules.iter().filter(|rule| OF_THE_TIME.contains(&rule.name)).any(|rule| {
            let Check::Session(check) = rule.check else { return false };
            let mut tally = Tally::default();
            check(&view, &mut tally);
            tally.0 > 0
        })
    }

    /// Whether what a book notes breaks a hard rule.
    pub(super) fn breaks(&self, counts: &[i64]) -> bool {
        self.rules.iter().zip(counts).any(|(rule, &count)| rule.level == Level::Hard && count > 0)
    }

    /// A whole placement at a start: the present presenters where they can come, else the best of those who could; the present
    /// room where it is free, else the smallest that will do. Where there is none, the one with the fewest obstacles.
    pub fn filled(&mut self, option: OptionIx, start: Minute) -> Placement {
        let bare = Placement { start, option, room: None, presenters: Vec::new() };
        let presenters = self.present_presenters(&bare).unwrap_or_else(|| self.presenters(&bare));
        self.housed(Placement { presenters, ..bare })
    }

    /// The placement in the best room of its host.
    fn housed(&mut self, mut placement: Placement) -> Placement {
        let (problem, session) = (self.problem, self.session);
        let Some(place) = problem.place_of(session, &placement) else { return placement };
        let present = self.plan[session].as_ref().and_then(|present| present.room);
        let present = present.filter(|&room| problem.rooms[room].place == place);
        let mut best = None;
        for room in present.into_iter().chain(problem.rooms_at(place).iter().copied()) {
            placement.room = Some(room);
            let mut book = Book::of_amounts(self.rules);
            self.look(Some(&placement), 1, Depth::Site, &mut book);
            let obstacles = book.counts().iter().filter(|&&count| count > 0).count();
            if best.is_none_or(|(least, _)| obstacles < least) {
                best = Some((obstacles, room));
            }
            if !self.breaks(book.counts()) {
                break;
            }
        }
        placement.room = best.map(|(_, room)| room);
        placement
    }

    fn present_presenters(&mut self, bare: &Placement) -> Option<Vec<PersonIx>> {
        let slots = &self.problem.sessions[self.session].options[bare.option].presenter_slots;
        let present = self.plan[self.session].as_ref()?.presenters.clone();
        let fit = present.len() == slots.len()
            && slots.iter().zip(&present).all(|(candidates, person)| candidates.contains(person));
        let day = self.problem.day_of(bare.start);
        let free = |person: &PersonIx| self.cost_of_presenting(*person, bare, day).hard == 0;
        (fit && present.iter().all(free)).then_some(present)
    }

    /// One person per slot, each the best beside those chosen before.
    fn presenters(&mut self, bare: &Placement) -> Vec<PersonIx> {
        let problem = self.problem;
        let slots = &problem.sessions[self.session].options[bare.option].presenter_slots;
        let mut chosen = Vec::with_capacity(slots.len());
        for candidates in slots {
            let stride = (candidates.len() / PRESENTERS_TRIED).max(1);
            let (rank, person) =
                self.best_presenter(bare, &chosen, candidates.iter().copied().step_by(stride));
            let person = match rank.hard {
                0 => person,
                _ => self.best_presenter(bare, &chosen, candidates.iter().copied()).1,
            };
            chosen.push(person);
        }
        chosen
    }

    fn best_presenter(
        &mut self,
        bare: &Placement,
        chosen: &[PersonIx],
        candidates: impl Iterator<Item = PersonIx>,
    ) -> (Score, PersonIx) {
        let problem = self.problem;
        let day = problem.day_of(bare.start);
        let slots = problem.sessions[self.session].options[bare.option].presenter_slots.len();
        let schools = chosen.iter().map(|&one| problem.base_on(one, day)).collect::<Vec<_>>();
        let schools = distinct(&schools);
        let wants_new = must_be_new(problem, self.session, schools.len(), slots - chosen.len());
        let ranked = candidates.map(|person| {
            let same_school = wants_new && schools.contains(&problem.base_on(person, day));
            let unfit = i64::from(chosen.contains(&person)) * 2 + i64::from(same_school);
            let cost = self.cost_of_presenting(person, bare, day);
            (cost + Score::of(Level::Hard, unfit), person)
        });
        // A slot always has a candidate.
        ranked.min_by_key(|(cost, _)| *cost).unwrap_or_default()
    }

    /// What it would add to a person's week and term to present.
    fn cost_of_presenting(&mut self, person: PersonIx, bare: &Placement, day: DayIx) -> Score {
        let (problem, session) = (self.problem, self.session);
        let others = &self.others.weeks[person * problem.weeks() + problem.week_of(day)];
        let own = visit(problem, session, bare, Role::Required);
        let (presented, all) =
            (&self.others.presenters[person], joined(&self.others.presenters[person], session));
        let closed = closing(problem, day, problem.base_on(person, day)).is_some();
        fill_buffer(&mut self.buffers, 0, others, Some(own));
        fill_buffer(&mut self.buffers, 1, others, None);
        let [with, without] = &mut self.buffers[..2] else { return Score::ZERO };
        let (with, without) = (with.settle(problem, person), without.settle(problem, person));
        let mut cost = Score::of(Level::Hard, i64::from(closed));
        for rule in self.rules.iter() {
            let (mut more, mut less) = (Tally::default(), Tally::default());
            match rule.check {
                Check::PersonWeek(check) => {
                    check(&with, &mut more);
                    if !others.is_empty() {
                        check(&without, &mut less);
                    }
                }
                Check::Presenter(check) => {
                    check(&PresenterView { problem, person, sessions: &all }, &mut more);
                    check(&PresenterView { problem, person, sessions: presented }, &mut less);
                }
                // The rest does not depend on who presents, or is judged with the whole placement.
                _ => continue,
            }
            cost += Score::of(rule.level, (more.0 - less.0) * problem.weight(rule));
        }
        cost
    }
}

impl Others {
    fn of(problem: &Problem, plan: &Assignment, session: SessionIx) -> Others {
        let mut others = Others {
            plan: plan.clone(),
            rooms: vec![Vec::new(); problem.rooms.len() * problem.days.len()],
            weeks: vec![Vec::new(); problem.people.len() * problem.weeks()],
            presenters: vec![Vec::new(); problem.people.len()],
            hosts: vec![Vec::new(); problem.places.len()],
        };
        others.plan[session] = None;
        for (other, placement) in plan.iter().enumerate().filter(|&(other, _)| other != session) {
            if let Some(placement) = placement {
                others.put(problem, other, placement);
            }
        }
        others
    }

    fn put(&mut self, problem: &Problem, session: SessionIx, placement: &Placement) {
        let day = problem.day_of(placement.start);
        if let Some(room) = placement.room {
            self.rooms[room * problem.days.len() + day].push(session);
        }
        if let Some(place) = problem.place_of(session, placement) {
            self.hosts[place].push(session);
        }
        for presenter in distinct(&placement.presenters) {
            self.presenters[presenter].push(session);
        }
        for (person, role) in people_of(problem, session, placement) {
            let week = person * problem.weeks() + problem.week_of(day);
            self.weeks[week].push(visit(problem, session, placement, role));
        }
    }
}

fn fill_buffer(buffers: &mut Vec<WeekBuffer>, ix: usize, others: &[Visit], own: Option<Visit>) {
    if buffers.len() <= ix {
        buffers.resize_with(ix + 1, WeekBuffer::default);
    }
    let visits = &mut buffers[ix].visits;
    visits.clear();
    visits.extend_from_slice(others);
    visits.extend(own);
}

/// The others and the session, ascending as in a whole plan: sentences name sessions in this order.
fn joined(others: &[SessionIx], session: SessionIx) -> Vec<SessionIx> {
    let mut all = others.to_vec();
    all.insert(others.partition_point(|&other| other < session), session);
    all
}
