//! Two sessions that are near each other in time.

use std::collections::BTreeSet;

use crate::build::Problem;
use crate::problem::{GroupIx, Minute, OptionIx, PersonIx, Placement, SessionIx};

/// Two placed sessions of which one starts at most so many minutes after the other ends, overlapping ones included.
///
/// What a rule finds may depend on nothing else than what stands here, the numbers of the two aside, and of two that start at once
/// it must not matter which is the first: a search remembers it for all pairs that look the same.
#[derive(Debug, Clone, Copy)]
pub struct PairView {
    /// Which sessions, to be named: the one that starts first, or has the lower number, comes first.
    pub sessions: [SessionIx; 2],
    /// How long they take.
    pub minutes: [Minute; 2],
    /// Minutes from the start of the first to the start of the second, ≥ 0.
    pub apart: Minute,
    /// Whether they are in one room.
    pub same_room: bool,
    /// Who is in both.
    pub common: Common,
    /// Length of a grain of time ([`crate::Hours::step`]).
    pub step: Minute,
}

/// How many people two ways to hold sessions have in common. Presenters are left out; whoever changes her school from day to day
/// counts on every day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Common {
    /// Required by both.
    pub required: u16,
    /// In both, required or invited.
    pub at_all: u16,
}

impl PairView {
    /// Two sessions with their starts.
    pub(crate) fn new(
        problem: &Problem,
        one: (SessionIx, Minute),
        other: (SessionIx, Minute),
        same_room: bool,
        common: Common,
    ) -> PairView {
        let in_order = (one.1, one.0) <= (other.1, other.0);
        let [first, second] = if in_order { [one, other] } else { [other, one] };
        PairView {
            sessions: [first.0, second.0],
            minutes: [first.0, second.0].map(|session| problem.sessions[session].minutes),
            apart: second.1 - first.1,
            same_room,
            common,
            step: problem.hours.step,
        }
    }

    /// The education group to which two sessions belong, if it is one.
    pub(crate) fn owner(problem: &Problem, [one, other]: [SessionIx; 2]) -> Option<GroupIx> {
        problem.owner_of(one).filter(|_| problem.owner_of(one) == problem.owner_of(other))
    }

    /// Minutes from the end of the first to the start of the second; negative when the second starts before.
    pub fn pause(&self) -> Minute {
        self.apart - self.minutes[0]
    }

    /// Minutes between the two, whichever ends first; negative when they overlap.
    pub(crate) fn gap(&self) -> Minute {
        self.apart - self.minutes[0].min(self.apart + self.minutes[1])
    }

    /// Minutes during which both run, ≥ 0.
    pub fn overlap(&self) -> Minute {
        (-self.gap()).max(0)
    }
}

/// Two sessions as a rule looks at them, if at most so many minutes lie between them.
pub(crate) fn near(
    problem: &Problem,
    within: Minute,
    one: (SessionIx, &Placement),
    other: (SessionIx, &Placement),
) -> Option<PairView> {
    let same_room = one.1.room.is_some() && one.1.room == other.1.room;
    let starts = [(one.0, one.1.start), (other.0, other.1.start)];
    let bare = PairView::new(problem, starts[0], starts[1], same_room, Common::default());
    if one.0 == other.0 || bare.gap() > within {
        return None;
    }
    Some(PairView { common: common(problem, (one.0, one.1.option), (other.0, other.1.option)), ..bare })
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
