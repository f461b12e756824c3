//! The rules as the search uses them: one thing they look at after the other, amounts only.

use crate::build::Problem;
use crate::constraints::{Check, PersonTerm, Rules, SessionView, Sink};
use crate::evaluate::Tally;
use crate::grouping::{Grouping, SetView};
use crate::pair::PairView;
use crate::problem::{GroupIx, Minute};
use crate::score::{Level, Score};
use crate::week::PersonWeek;

/// The rules sorted by what they look at, with their weights in each education group.
#[derive(Default)]
pub(crate) struct Scoring {
    sessions: Vec<Term<OfSession>>,
    /// By grouping, in the order of [`Grouping::ALL`].
    sets: [Vec<Term<OfSet>>; Grouping::ALL.len()],
    /// With the most minutes between two sessions.
    pairs: Vec<(Minute, Term<OfPair>)>,
    person_weeks: Vec<Term<OfPersonWeek>>,
    person_terms: Vec<Term<OfPersonTerm>>,
}

type OfSession = fn(&SessionView, &mut dyn Sink);
type OfSet = fn(&SetView, &mut dyn Sink);
type OfPair = fn(&PairView, &mut dyn Sink);
type OfPersonWeek = fn(&PersonWeek, &mut dyn Sink);
type OfPersonTerm = fn(&PersonTerm, &mut dyn Sink);

struct Term<Check> {
    level: Level,
    /// For what belongs to no group, then by group.
    weights: Box<[i64]>,
    check: Check,
}

/// The weighted sum of what the terms find in something that belongs to `owner`.
fn sum<Check: Copy>(
    terms: &[Term<Check>],
    owner: Option<GroupIx>,
    look: impl Fn(Check, &mut dyn Sink),
) -> Score {
    let mut score = Score::ZERO;
    for term in terms {
        term.add(&mut score, owner, &look);
    }
    score
}

impl<Check: Copy> Term<Check> {
    fn add(&self, score: &mut Score, owner: Option<GroupIx>, look: impl Fn(Check, &mut dyn Sink)) {
        let mut tally = Tally::default();
        look(self.check, &mut tally);
        if tally.0 != 0 {
            *score += Score::of(self.level, tally.0 * self.weights[owner.map_or(0, |group| group + 1)]);
        }
    }
}

impl Scoring {
    pub(crate) fn new(problem: &Problem, rules: &Rules) -> Scoring {
        let mut scoring = Scoring::default();
        for rule in rules.iter() {
            let level = rule.level;
            let owners = std::iter::once(None).chain((0..problem.groups.len()).map(Some));
            let weights = owners.map(|owner| problem.weight(rule, owner)).collect::<Box<[i64]>>();
            if weights.iter().all(|&weight| weight == 0) {
                continue;
            }
            match rule.check {
                Check::Session(check) => scoring.sessions.push(Term { level, weights, check }),
                Check::Set(grouping, check) => {
                    scoring.sets[grouping as usize].push(Term { level, weights, check })
                }
                Check::Pair { within, check } => {
                    scoring.pairs.push((within, Term { level, weights, check }));
                }
                Check::PersonWeek(check) => scoring.person_weeks.push(Term { level, weights, check }),
                Check::PersonTerm(check) => scoring.person_terms.push(Term { level, weights, check }),
            }
        }
        scoring
    }

    /// The penalty of one session by itself.
    pub(crate) fn session(&self, view: &SessionView) -> Score {
        let owner = view.problem.owner_of(view.session);
        sum(&self.sessions, owner, |check, sink| check(view, sink))
    }

    /// The penalty of one set.
    pub(crate) fn set(&self, grouping: Grouping, view: &SetView) -> Score {
        let terms = &self.sets[grouping as usize];
        if terms.is_empty() || view.sessions.is_empty() {
            return Score::ZERO;
        }
        sum(terms, grouping.owner(view.problem, view.set), |check, sink| check(view, sink))
    }

    /// The penalty of two sessions that belong to a group, or to none.
    pub(crate) fn pair(&self, view: &PairView, owner: Option<GroupIx>) -> Score {
        let gap = view.gap();
        let mut score = Score::ZERO;
        for (_, term) in self.pairs.iter().filter(|(within, _)| gap <= *within) {
            term.add(&mut score, owner, |check, sink| check(view, sink));
        }
        score
    }

    /// Minutes between two sessions beyond which no rule looks at the two; `None`: no rule looks at two sessions.
    pub(crate) fn within(&self) -> Option<Minute> {
        self.pairs.iter().map(|&(within, _)| within).max()
    }

    /// Whether any rule looks at sets of this grouping.
    pub(crate) fn looks_at(&self, grouping: Grouping) -> bool {
        !self.sets[grouping as usize].is_empty()
    }

    /// Whether any rule looks at people's weeks.
    pub(crate) fn looks_at_weeks(&self) -> bool {
        !self.person_weeks.is_empty()
    }

    /// Whether any rule looks at people's terms.
    pub(crate) fn looks_at_terms(&self) -> bool {
        !self.person_terms.is_empty()
    }

    /// The penalty of one person's week.
    pub(crate) fn person_week(&self, view: &PersonWeek) -> Score {
        let owner = view.problem.people[view.person].group;
        sum(&self.person_weeks, owner, |check, sink| check(view, sink))
    }

    /// The penalty of one person's term.
    pub(crate) fn person_term(&self, view: &PersonTerm) -> Score {
        let owner = view.problem.people[view.person].group;
        sum(&self.person_terms, owner, |check, sink| check(view, sink))
    }
}
