//! Judging a whole plan: every grouping, every rule. The search judges the same groupings one by one.

use crate::build::Problem;
use crate::constraints::{
    Check, HostView, PresenterView, RoomDayView, Rule, Rules, SeriesView, SessionView, Sink, Violation,
};
use crate::problem::{Assignment, PersonIx, Placement, SessionIx};
use crate::score::{Level, Score};
use crate::week::{PersonWeek, Role, Visit, WeekBuffer};

/// A plan, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The sum over the rules.
    pub score: Score,
    /// Each rule's part, in the order of the rules.
    pub rules: Vec<RuleScore>,
}

/// What one rule finds in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleScore {
    /// The rule's name.
    pub name: &'static str,
    /// Its level.
    pub level: Level,
    /// Its weight in this problem.
    pub weight: i64,
    /// `count * weight`.
    pub penalty: i64,
    /// The sum of the violations' amounts, in the rule's unit.
    pub count: i64,
    /// What it finds, with reasons.
    pub violations: Vec<Violation>,
}

/// Judges a plan, with reasons. Placements may break any rule, but must name options, rooms and people that exist, and start
/// within the planned days; see [`Problem::unreadable`] to be told first.
///
/// # Panics
/// If a placement does not.
pub fn evaluate(problem: &Problem, rules: &Rules, plan: &Assignment) -> Evaluation {
    let plan = Groupings::of(problem, plan);
    let mut evaluation = Evaluation { score: Score::ZERO, rules: Vec::new() };
    for rule in rules.iter() {
        let mut found = Collect::default();
        plan.judge(rule, &mut found);
        let weight = problem.weight(rule);
        let penalty = found.count * weight;
        evaluation.score += Score::of(rule.level, penalty);
        evaluation.rules.push(RuleScore {
            name: rule.name,
            level: rule.level,
            weight,
            penalty,
            count: found.count,
            violations: found.violations,
        });
    }
    evaluation
}

/// Judges a plan without reasons: the same score as [`evaluate`], sooner.
///
/// # Panics
/// As [`evaluate`].
pub fn score(problem: &Problem, rules: &Rules, plan: &Assignment) -> Score {
    let plan = Groupings::of(problem, plan);
    let mut score = Score::ZERO;
    for rule in rules.iter() {
        let mut tally = Tally::default();
        plan.judge(rule, &mut tally);
        score += Score::of(rule.level, tally.0 * problem.weight(rule));
    }
    score
}

/// What breaks the hard rules: the independent check before publishing.
///
/// # Panics
/// As [`evaluate`].
pub fn check(problem: &Problem, rules: &Rules, plan: &Assignment) -> Vec<Violation> {
    let plan = Groupings::of(problem, plan);
    let mut found = Collect::default();
    for rule in rules.iter().filter(|rule| rule.level == Level::Hard) {
        plan.judge(rule, &mut found);
    }
    found.violations
}

/// Adds up amounts.
#[derive(Debug, Default)]
pub(crate) struct Tally(pub(crate) i64);

impl Sink for Tally {
    fn add(&mut self, amount: i64, _: &dyn Fn() -> Violation) {
        self.0 += amount;
    }
}

/// Keeps violations.
#[derive(Debug, Default)]
pub(crate) struct Collect {
    count: i64,
    pub(crate) violations: Vec<Violation>,
}

impl Sink for Collect {
    fn add(&mut self, amount: i64, violation: &dyn Fn() -> Violation) {
        self.count += amount;
        self.violations.push(Violation { amount, ..violation() });
    }
}

/// A whole plan, grouped as the rules look at it. Members of a grouping are in ascending order.
pub(crate) struct Groupings<'a> {
    problem: &'a Problem,
    plan: &'a [Option<Placement>],
    /// (room, day, its sessions), where there are any.
    room_days: Vec<(usize, usize, Vec<SessionIx>)>,
    /// (person, week, her visits), where there are any.
    weeks: Vec<(PersonIx, Vec<Visit>)>,
    presenters: Vec<Vec<SessionIx>>,
    hosts: Vec<Vec<SessionIx>>,
}

impl<'a> Groupings<'a> {
    pub(crate) fn of(problem: &'a Problem, plan: &'a Assignment) -> Groupings<'a> {
        assert_eq!(plan.len(), problem.sessions.len(), "a plan has one entry per session");
        let mut rooms = vec![Vec::new(); problem.rooms.len() * problem.days.len()];
        let mut weeks = vec![Vec::new(); problem.people.len() * problem.weeks()];
        let mut presenters = vec![Vec::new(); problem.people.len()];
        let mut hosts = vec![Vec::new(); problem.places.len()];
        for (session, placement) in placed(plan) {
            let day = problem.day_of(placement.start);
            if let Some(room) = placement.room {
                rooms[room * problem.days.len() + day].push(session);
            }
            if let Some(place) = problem.place_of(session, placement) {
                hosts[place].push(session);
            }
            for presenter in crate::build::distinct(&placement.presenters) {
                presenters[presenter].push(session);
            }
            for (person, role) in people_of(problem, session, placement) {
                let week = person * problem.weeks() + problem.week_of(day);
                weeks[week].push(visit(problem, session, placement, role));
            }
        }
        let filled = |(_, sessions): &(usize, Vec<SessionIx>)| !sessions.is_empty();
        Groupings {
            problem,
            plan,
            room_days: rooms
                .into_iter()
                .enumerate()
                .filter(filled)
                .map(|(ix, sessions)| (ix / problem.days.len(), ix % problem.days.len(), sessions))
                .collect(),
            weeks: weeks
                .into_iter()
                .enumerate()
                .filter(|(_, visits)| !visits.is_empty())
                .map(|(ix, visits)| (ix / problem.weeks(), visits))
                .collect(),
            presenters,
            hosts,
        }
    }

    fn judge(&self, rule: &Rule, sink: &mut dyn Sink) {
        let (problem, plan) = (self.problem, self.plan);
        match rule.check {
            Check::Session(check) => {
                for (session, placement) in plan.iter().enumerate() {
                    check(&SessionView { problem, session, placement: placement.as_ref() }, sink);
                }
            }
            Check::Series(check) => {
                for series in 0..problem.series.len() {
                    check(&SeriesView { problem, series, plan }, sink);
                }
            }
            Check::RoomDay(check) => {
                for (room, day, sessions) in &self.room_days {
                    check(&RoomDayView { problem, room: *room, day: *day, sessions, plan }, sink);
                }
            }
            Check::PersonWeek(check) => self.each_week(|week| check(week, sink)),
            Check::Presenter(check) => {
                for (person, sessions) in self.presenters.iter().enumerate() {
                    check(&PresenterView { problem, person, sessions }, sink);
                }
            }
            Check::Host(check) => {
                for (place, sessions) in self.hosts.iter().enumerate() {
                    check(&HostView { problem, place, sessions }, sink);
                }
            }
        }
    }

    /// Settles every person's weeks, by person and week.
    pub(crate) fn each_week(&self, mut look: impl FnMut(&PersonWeek)) {
        let mut buffer = WeekBuffer::default();
        for (person, visits) in &self.weeks {
            buffer.visits.clear();
            buffer.visits.extend_from_slice(visits);
            look(&buffer.settle(self.problem, *person));
        }
    }
}

fn placed(plan: &[Option<Placement>]) -> impl Iterator<Item = (SessionIx, &Placement)> {
    plan.iter()
        .enumerate()
        .filter_map(|(session, placement)| placement.as_ref().map(|placement| (session, placement)))
}

/// Everybody whom a placement brings together, each once, with her part.
pub(crate) fn people_of<'a>(
    problem: &'a Problem,
    session: SessionIx,
    placement: &'a Placement,
) -> impl Iterator<Item = (PersonIx, Role)> + 'a {
    let required = problem.required_with_presenters(session, placement).into_iter();
    let day = problem.day_of(placement.start);
    let audience = problem.audience_on(session, placement.option, day);
    let audience = audience.filter(|person| !placement.presenters.contains(person));
    required.map(|person| (person, Role::Required)).chain(audience.map(|person| (person, Role::Audience)))
}

/// A part in a session, not yet settled.
pub(crate) fn visit(problem: &Problem, session: SessionIx, placement: &Placement, role: Role) -> Visit {
    Visit {
        session,
        role,
        start: placement.start,
        end: problem.end_of(session, placement.start),
        day: problem.day_of(placement.start),
        place: problem.place_of(session, placement),
        excuse: None,
    }
}
