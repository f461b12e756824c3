//! Two sessions that are near each other in time.

use std::collections::BTreeSet;

use crate::build::Problem;
use crate::problem::{GroupIx, Minute, OptionIx, PersonIx, Placement, SessionIx};

/// Two placed sessions of which one starts at most so many minutes after the other ends, overlapping ones included.
pub struct PairView<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Which sessions: the one that starts first, or has the lower number, comes first.
    pub sessions: [SessionIx; 2],
    /// Where they stand.
    pub placements: [&'a Placement; 2],
    /// Who is in both.
    pub common: Common,
}

/// How many people two ways to hold sessions have in common. Presenters are left out; whoever changes her school from day to day
/// counts on every day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Common {
    /// Required by both.
    pub required: u16,
    /// In both, required or invited.
    pub at_all: u16,
}

impl<'a> PairView<'a> {
    pub(crate) fn new(
        problem: &'a Problem,
        one: (SessionIx, &'a Placement),
        other: (SessionIx, &'a Placement),
        common: Common,
    ) -> PairView<'a> {
        let in_order = (one.1.start, one.0) <= (other.1.start, other.0);
        let [first, second] = if in_order { [one, other] } else { [other, one] };
        PairView { problem, sessions: [first.0, second.0], placements: [first.1, second.1], common }
    }

    /// The education group to which two sessions belong, if it is one.
    pub(crate) fn owner(problem: &Problem, [one, other]: [SessionIx; 2]) -> Option<GroupIx> {
        problem.owner_of(one).filter(|_| problem.owner_of(one) == problem.owner_of(other))
    }

    /// When the first ends.
    pub fn first_ends(&self) -> Minute {
        self.problem.end_of(self.sessions[0], self.placements[0].start)
    }

    /// When the second ends.
    pub fn second_ends(&self) -> Minute {
        self.problem.end_of(self.sessions[1], self.placements[1].start)
    }

    /// Minutes during which both run, ≥ 0.
    pub fn overlap(&self) -> Minute {
        (self.first_ends().min(self.second_ends()) - self.placements[1].start).max(0)
    }
}

/// Minutes between two stretches of time; negative when they overlap.
pub(crate) fn gap(one: (Minute, Minute), other: (Minute, Minute)) -> Minute {
    one.0.max(other.0) - one.1.min(other.1)
}

/// Two sessions as a rule looks at them, if at most so many minutes lie between them.
pub(crate) fn near<'a>(
    problem: &'a Problem,
    within: Minute,
    one: (SessionIx, &'a Placement),
    other: (SessionIx, &'a Placement),
) -> Option<PairView<'a>> {
    let span = |(session, placement): (SessionIx, &Placement)| {
        (placement.start, problem.end_of(session, placement.start))
    };
    if one.0 == other.0 || gap(span(one), span(other)) > within {
        return None;
    }
    let common = common(problem, (one.0, one.1.option), (other.0, other.1.option));
    Some(PairView::new(problem, one, other, common))
}

/// Who is listed in a way to hold a session: the required, and everybody.
pub(crate) fn listed(
    problem: &Problem,
    session: SessionIx,
    option: OptionIx,
) -> (BTreeSet<PersonIx>, BTreeSet<PersonIx>) {
    let required = problem.invited(session, option).required.iter().copied().collect::<BTreeSet<_>>();
    let audience = problem.ever_invited(session, option);
    (required.clone(), audience.chain(required).collect())
}

/// Counts who is listed in both of two ways.
pub(crate) fn common(problem: &Problem, one: (SessionIx, OptionIx), other: (SessionIx, OptionIx)) -> Common {
    let (required, all) = listed(problem, one.0, one.1);
    let (theirs, all_theirs) = listed(problem, other.0, other.1);
    Common {
        required: required.intersection(&theirs).count() as u16,
        at_all: all.intersection(&all_theirs).count() as u16,
    }
}
