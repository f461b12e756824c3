//! Judging a whole plan: every grouping, every rule. The search judges the same groupings one by one.

use std::collections::BTreeMap;

use crate::build::Problem;
use crate::constraints::{Check, PersonTerm, Rule, Rules, SessionView, Sink, Violation};
use crate::grouping::{Grouping, SetView};
use crate::pair::{PairView, near};
use crate::problem::{Assignment, GroupIx, Minute, PersonIx, Placement, SessionIx};
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
    /// Its weight in this problem for what belongs to no group; a group may weigh it otherwise.
    pub weight: i64,
    /// The sum of amounts, each weighted as its group says.
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
        let mut penalty = 0;
        plan.judge(rule, &mut |owner, look| {
            let before = found.count;
            look(&mut found);
            penalty += (found.count - before) * problem.weight(rule, owner);
        });
        evaluation.score += Score::of(rule.level, penalty);
        evaluation.rules.push(RuleScore {
            name: rule.name,
            level: rule.level,
            weight: problem.weight(rule, None),
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
        plan.judge(rule, &mut |owner, look| {
            let mut tally = Tally::default();
            look(&mut tally);
            if tally.0 != 0 {
                score += Score::of(rule.level, tally.0 * problem.weight(rule, owner));
            }
        });
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
        plan.judge(rule, &mut |_, look| look(&mut found));
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

/// A whole plan, grouped as the rules look at it. Members of a set are in ascending order.
pub(crate) struct Groupings<'a> {
    problem: &'a Problem,
    plan: &'a [Option<Placement>],
    /// (person, week, her visits), where there are any.
    weeks: Vec<(PersonIx, Vec<Visit>)>,
    /// The visits of each person.
    terms: Vec<Vec<Visit>>,
}

/// Has a rule look at one thing, which belongs to a group.
type Look<'l> = &'l mut dyn FnMut(Option<GroupIx>, &dyn Fn(&mut dyn Sink));

impl<'a> Groupings<'a> {
    pub(crate) fn of(problem: &'a Problem, plan: &'a Assignment) -> Groupings<'a> {
        assert_eq!(plan.len(), problem.sessions.len(), "a plan has one entry per session");
        let mut weeks = vec![Vec::new(); problem.people.len() * problem.weeks()];
        let mut terms = vec![Vec::new(); problem.people.len()];
        for (session, placement) in placed(plan) {
            let day = problem.day_of(placement.start);
            for (person, role) in people_of(problem, session, placement) {
                let part = visit(problem, session, placement, role);
                weeks[person * problem.weeks() + problem.week_of(day)].push(part);
                terms[person].push(part.on_its_day());
            }
        }
        let weeks = weeks.into_iter().enumerate().filter(|(_, visits)| !visits.is_empty());
        let weeks = weeks.map(|(ix, visits)| (ix / problem.weeks(), visits)).collect();
        Groupings { problem, plan, weeks, terms }
    }

    /// Has a rule look at everything it judges.
    pub(crate) fn judge(&self, rule: &Rule, look: Look) {
        let (problem, plan) = (self.problem, self.plan);
        match rule.check {
            Check::Session(check) => {
                for (session, placement) in plan.iter().enumerate() {
                    let view = SessionView { problem, session, placement: placement.as_ref() };
                    look(problem.owner_of(session), &|sink| check(&view, sink));
                }
            }
            Check::Set(grouping, check) => {
                for (set, sessions) in self.sets(grouping) {
                    let view = SetView { problem, set, sessions: &sessions, plan };
                    look(grouping.owner(problem, set), &|sink| check(&view, sink));
                }
            }
            Check::Pair { within, check } => {
                self.each_pair(within, |view| {
                    look(PairView::owner(problem, view.sessions), &|sink| check(view, sink));
                });
            }
            Check::PersonWeek(check) => {
                self.each_week(|week| look(problem.people[week.person].group, &|sink| check(week, sink)));
            }
            Check::PersonTerm(check) => {
                for (person, visits) in self.terms.iter().enumerate() {
                    let view = PersonTerm { problem, person, visits };
                    look(problem.people[person].group, &|sink| check(&view, sink));
                }
            }
        }
    }

    /// The sets that are not empty.
    fn sets(&self, grouping: Grouping) -> BTreeMap<usize, Vec<SessionIx>> {
        let mut sets: BTreeMap<usize, Vec<SessionIx>> = BTreeMap::new();
        for (session, placement) in placed(self.plan) {
            grouping.each_set(self.problem, session, placement, |set| {
                sets.entry(set).or_default().push(session);
            });
        }
        sets
    }

    /// Each two sessions with at most so many minutes between them.
    fn each_pair(&self, within: Minute, mut look: impl FnMut(&PairView)) {
        for one in placed(self.plan) {
            for other in placed(self.plan).filter(|other| one.0 < other.0) {
                if let Some(view) = near(self.problem, within, one, other) {
                    look(&view);
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
    let audience = audience.filter(|(person, _)| !placement.presenters.contains(person));
    required.map(|person| (person, Role::Required)).chain(audience)
}

/// A part in a session, not yet settled.
pub(crate) fn visit(problem: &Problem, session: SessionIx, placement: &Placement, role: Role) -> Visit {
    Visit {
        session,
        role,
        start: placement.start,
        end: problem.end_of(session, placement.start),
        day: problem.day_of(placement.start),
        place: problem.gathers_at(session, placement),
        option: placement.option as u32,
        excuse: None,
    }
}
