//! One session beside the rest of a plan: what putting it anywhere would change.
//!
//! Only the sets it belongs to and its people's weeks and terms can change. Each is judged with the session and without it; the
//! difference is what the session brings, and what it brings elsewhere less what it brings here is the difference between two places.

use super::book::{Amount, Book};
use crate::build::{Problem, distinct};
use crate::constraints::presenters_from_different_schools::must_be_new;
use crate::constraints::school_days::closing;
use crate::constraints::{Check, PersonTerm, Rules, SessionView};
use crate::evaluate::{Tally, people_of, score, visit};
use crate::grouping::{Grouping, SetView};
use crate::pair::{PairView, near};
use crate::problem::*;
use crate::score::{Level, Score};
use crate::week::{PersonWeek, Role, Visit, WeekBuffer};

/// Presenters tried for a slot before the others are looked at: enough to find somebody who can come.
const PRESENTERS_TRIED: usize = 8;

/// Hard rules that look at a session's time and host alone: what they forbid, no room and no presenter can mend.
const OF_THE_TIME: [&str; 6] = ["school_days", "hours", "window", "notice", "host_rule", "within_lesson"];

/// A session beside the rest of a plan. Placements that are asked about may break any rule, but must be readable (see
/// [`Problem::unreadable`]).
pub struct Beside<'p> {
    pub(super) problem: &'p Problem,
    pub(super) rules: &'p Rules,
    pub(super) plan: &'p Assignment,
    pub(super) session: SessionIx,
    /// The score of the plan.
    pub(super) score: Score,
    /// What the session brings where it stands now, by rule.
    pub(super) here: Vec<Amount>,
    others: Others,
    /// The plan with the session where it is looked at.
    with: Assignment,
    buffers: Vec<WeekBuffer>,
}

/// The plan without the session, grouped as the rules look at it.
struct Others {
    plan: Assignment,
    /// By grouping in the order of [`Grouping::ALL`], then by set; ascending.
    sets: Vec<Vec<Vec<SessionIx>>>,
    /// By person and week.
    weeks: Vec<Vec<Visit>>,
    /// By person.
    terms: Vec<Vec<Visit>>,
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
        beside.here = book.amounts().to_vec();
        beside
    }

    /// The session that is looked at.
    pub fn session(&self) -> SessionIx {
        self.session
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
            let weight = |owner| problem.weight(rule, owner);
            match rule.check {
                Check::Session(check) => {
                    let mut line = book.line(ix, times, weight(problem.owner_of(session)));
                    check(&SessionView { problem, session, placement }, &mut line);
                }
                Check::Set(grouping, check) => self.sets(grouping, placement, |view, sign| {
                    let owner = grouping.owner(problem, view.set);
                    check(view, &mut book.line(ix, sign * times, weight(owner)));
                }),
                Check::Pair { within, check } => self.pairs(within, placement, |view| {
                    let owner = PairView::owner(problem, view.sessions);
                    check(view, &mut book.line(ix, times, weight(owner)));
                }),
                Check::PersonWeek(check) => {
                    for (sign, week) in &weeks {
                        let owner = problem.people[week.person].group;
                        check(week, &mut book.line(ix, sign * times, weight(owner)));
                    }
                }
                Check::PersonTerm(check) => self.terms(placement, depth, |view, sign| {
                    let owner = problem.people[view.person].group;
                    check(view, &mut book.line(ix, sign * times, weight(owner)));
                }),
            }
        }
        drop(weeks);
        self.buffers = buffers;
    }

    /// Shows the sets of the session with it (1) and without it (-1).
    fn sets(&self, grouping: Grouping, placement: Option<&Placement>, mut show: impl FnMut(&SetView, i64)) {
        let (problem, session) = (self.problem, self.session);
        let Some(placement) = placement else { return };
        grouping.each_set(problem, session, placement, |set| {
            let others = &self.others.sets[grouping as usize][set];
            let all = joined(others, session);
            show(&SetView { problem, set, sessions: &all, plan: &self.with }, 1);
            if !others.is_empty() {
                show(&SetView { problem, set, sessions: others, plan: &self.others.plan }, -1);
            }
        });
    }

    /// Shows the session beside each other one of its day that is near.
    fn pairs(&self, within: Minute, placement: Option<&Placement>, mut show: impl FnMut(&PairView)) {
        let Some(placement) = placement else { return };
        let others = self.others.plan.iter().enumerate();
        for (other, theirs) in others.filter_map(|(other, theirs)| Some((other, theirs.as_ref()?))) {
            let (one, other) = ((self.session, placement), (other, theirs));
            if let Some(view) = near(self.problem, within, one, other) {
                show(&view);
            }
        }
    }

    /// Shows the terms of the session's people with it (1) and without it (-1).
    fn terms(&self, placement: Option<&Placement>, depth: Depth, mut show: impl FnMut(&PersonTerm, i64)) {
        let (problem, session) = (self.problem, self.session);
        let mut all = Vec::new();
        for (person, role) in self.people(placement, depth) {
            let others = &self.others.terms[person];
            all.clone_from(others);
            all.extend(placement.map(|placement| visit(problem, session, placement, role).on_its_day()));
            show(&PersonTerm { problem, person, visits: &all }, 1);
            show(&PersonTerm { problem, person, visits: others }, -1);
        }
    }

    /// The people whom a placement brings together, as far as a depth looks at them.
    fn people(&self, placement: Option<&Placement>, depth: Depth) -> Vec<(PersonIx, Role)> {
        let placement = placement.filter(|_| depth != Depth::Site);
        let people = placement.map(|placement| people_of(self.problem, self.session, placement));
        let people = people.into_iter().flatten();
        people.filter(|&(_, role)| depth != Depth::Frame || role == Role::Required).collect()
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
        let Some(placement) = placement else { return Vec::new() };
        let (problem, session) = (self.problem, self.session);
        let week = problem.week_of(problem.day_of(placement.start));
        let mut of = Vec::new();
        for (person, role) in self.people(Some(placement), depth) {
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
    pub(super) fn breaks(&self, amounts: &[Amount]) -> bool {
        self.rules.iter().zip(amounts).any(|(rule, amount)| rule.level == Level::Hard && amount.count > 0)
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
            let obstacles = book.amounts().iter().filter(|amount| amount.count > 0).count();
            if best.is_none_or(|(least, _)| obstacles < least) {
                best = Some((obstacles, room));
            }
            if !self.breaks(book.amounts()) {
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
        self.with[session] = Some(bare.clone());
        let presented = &self.others.sets[Grouping::Presenter as usize][person];
        let all = joined(presented, session);
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
                Check::Set(Grouping::Presenter, check) => {
                    let view = |sessions, plan| SetView { problem, set: person, sessions, plan };
                    check(&view(&all, &self.with), &mut more);
                    if !presented.is_empty() {
                        check(&view(presented, &self.others.plan), &mut less);
                    }
                }
                // The rest does not depend on who presents, or is judged with the whole placement.
                _ => continue,
            }
            let weight = problem.weight(rule, problem.people[person].group);
            cost += Score::of(rule.level, (more.0 - less.0) * weight);
        }
        cost
    }
}

impl Others {
    fn of(problem: &Problem, plan: &Assignment, session: SessionIx) -> Others {
        let mut others = Others {
            plan: plan.clone(),
            sets: Grouping::ALL.iter().map(|grouping| vec![Vec::new(); grouping.sets(problem)]).collect(),
            weeks: vec![Vec::new(); problem.people.len() * problem.weeks()],
            terms: vec![Vec::new(); problem.people.len()],
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
        for grouping in Grouping::ALL {
            let sets = &mut self.sets[grouping as usize];
            grouping.each_set(problem, session, placement, |set| sets[set].push(session));
        }
        let week = problem.week_of(problem.day_of(placement.start));
        for (person, role) in people_of(problem, session, placement) {
            let part = visit(problem, session, placement, role);
            self.weeks[person * problem.weeks() + week].push(part);
            self.terms[person].push(part.on_its_day());
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
