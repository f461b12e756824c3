//! Who attends what in one person's week.
//!
//! The settled reading: in order of priority (sessions at which she is required, then the others by level and start) a person attends unless a
//! session overlaps, or leaves no time to travel from or to, another one she attends or something else she must not miss; or unless,
//! as audience, it would push her covered lessons above the week's limit. Whoever is required attends in any case: then the clash is
//! a violation, not an excuse. Travel is compared within a calendar day.

use crate::build::{Engaged, Problem};
use crate::problem::{DayIx, EngagementKind, Minute, PersonIx, PlaceIx, SessionIx};

/// Why somebody is at a session. Ordered by priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Chair, researcher, presenter: nothing works without her.
    Required,
    /// Invited.
    Audience,
    /// Welcome.
    Optional,
}

/// One person's part in one placed session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    pub(crate) session: SessionIx,
    pub(crate) role: Role,
    pub(crate) start: Minute,
    pub(crate) end: Minute,
    pub(crate) day: DayIx,
    pub(crate) place: Option<PlaceIx>,
    /// Why she does not attend.
    pub(crate) excuse: Option<Excuse>,
}

impl Visit {
    pub(crate) fn attends(&self) -> bool {
        self.excuse.is_none()
    }
}

/// What a session clashes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum With {
    /// Another session of the plan.
    Session(SessionIx),
    /// An engagement, by its number in the person's list.
    Engagement(usize),
}

/// How two times clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    /// They overlap.
    Overlap,
    /// Between them there are `gap` minutes for `travel` minutes of way.
    TooFar { gap: Minute, travel: Minute },
}

/// Why somebody who is invited does not attend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excuse {
    Clash(With, Clash),
    /// So many of her lessons would have to be covered in the week.
    CoverLimit(usize),
}

/// A lesson that a colleague has to cover because of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cover {
    pub(crate) session: SessionIx,
    pub(crate) engagement: usize,
}

/// One person's week, settled.
#[derive(Debug)]
pub struct PersonWeek<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) person: PersonIx,
    /// In order of priority.
    pub(crate) visits: &'a [Visit],
    /// Each lesson once.
    pub(crate) covers: &'a [Cover],
}

/// Room for settling one week after the other without allocating.
#[derive(Debug, Default)]
pub(crate) struct WeekBuffer {
    pub(crate) visits: Vec<Visit>,
    covers: Vec<Cover>,
}

impl WeekBuffer {
    /// Settles the week that `self.visits` states.
    pub(crate) fn settle<'a>(&'a mut self, problem: &'a Problem, person: PersonIx) -> PersonWeek<'a> {
        self.covers.clear();
        self.visits.sort_unstable_by_key(|visit| priority(problem, visit));
        for ix in 0..self.visits.len() {
            self.visits[ix].excuse = None;
            let visit = self.visits[ix];
            let excuse = match visit.role {
                Role::Required => None,
                Role::Audience | Role::Optional => clash_of(problem, person, &visit, &self.visits[..ix]),
            };
            self.visits[ix].excuse = excuse;
            if excuse.is_none() {
                self.visits[ix].excuse = self.cover(problem, person, &visit);
            }
        }
        PersonWeek { problem, person, visits: &self.visits, covers: &self.covers }
    }

    /// Notes the lessons a visit costs, or why they are too many.
    fn cover(&mut self, problem: &Problem, person: PersonIx, visit: &Visit) -> Option<Excuse> {
        let before = self.covers.len();
        for engaged in problem.engaged_on(person, visit.day) {
            if engaged.kind != EngagementKind::Lesson || clash(problem, visit, &span(engaged)).is_none() {
                continue;
            }
            if self.covers.iter().all(|cover| cover.engagement != engaged.ix) {
                self.covers.push(Cover { session: visit.session, engagement: engaged.ix });
            }
        }
        let promised = problem.covered_in(person, problem.week_of(visit.day));
        let needed = self.covers.len() + usize::from(promised);
        let allowed = usize::from(problem.limits_of(problem.people[person].group).cover_per_week);
        if visit.role == Role::Required || self.covers.len() == before || needed <= allowed {
            return None;
        }
        self.covers.truncate(before);
        Some(Excuse::CoverLimit(needed))
    }
}

/// Who must be there comes first, then the higher level (县 before 集团 before 校), then the earlier session.
fn priority(problem: &Problem, visit: &Visit) -> (bool, u8, Role, Minute, SessionIx) {
    let level = problem.sessions[visit.session].level;
    (visit.role != Role::Required, level, visit.role, visit.start, visit.session)
}

fn clash_of(problem: &Problem, person: PersonIx, visit: &Visit, earlier: &[Visit]) -> Option<Excuse> {
    let attended = earlier.iter().filter(|other| other.attends() && other.day == visit.day);
    for other in attended {
        if let Some(found) = clash(problem, visit, &spans(other)) {
            return Some(Excuse::Clash(With::Session(other.session), found));
        }
    }
    clashes_with_engagements(problem, person, visit)
        .next()
        .map(|(ix, found)| Excuse::Clash(With::Engagement(ix), found))
}

/// The engagements that are never missed for a session, and how a visit clashes with them.
pub(crate) fn clashes_with_engagements<'a>(
    problem: &'a Problem,
    person: PersonIx,
    visit: &'a Visit,
) -> impl Iterator<Item = (usize, Clash)> + 'a {
    problem.engaged_on(person, visit.day).iter().filter_map(move |engaged| {
        let matters = match engaged.kind {
            EngagementKind::Lesson => false,
            EngagementKind::Session | EngagementKind::Absence => true,
            EngagementKind::Presence => visit.place.is_some() && visit.place != engaged.place,
        };
        let found = if matters { clash(problem, visit, &span(engaged)) } else { None };
        found.map(|found| (engaged.ix, found))
    })
}

/// A stretch of time at a place.
pub(crate) struct Span {
    start: Minute,
    end: Minute,
    place: Option<PlaceIx>,
}

fn span(engaged: &Engaged) -> Span {
    Span { start: engaged.start, end: engaged.end, place: engaged.place }
}

pub(crate) fn spans(visit: &Visit) -> Span {
    Span { start: visit.start, end: visit.end, place: visit.place }
}

/// How a visit and something else cannot both be attended.
pub(crate) fn clash(problem: &Problem, visit: &Visit, other: &Span) -> Option<Clash> {
    if visit.start < other.end && other.start < visit.end {
        return Some(Clash::Overlap);
    }
    let (gap, travel) = if visit.end <= other.start {
        (other.start - visit.end, problem.travel_between(visit.place, other.place))
    } else {
        (visit.start - other.end, problem.travel_between(other.place, visit.place))
    };
    (gap < travel).then_some(Clash::TooFar { gap, travel })
}
