//! Who attends what in one person's week.
//!
//! The settled reading: in order of priority (sessions at which she is required, then the others by level and start) a person attends unless a
//! session overlaps, or leaves no time to travel from or to, another one she attends or something else she must not miss; or unless,
//! as audience, it would push her covered lessons above the week's limit. Whoever is required attends in any case: then the clash is
//! a violation, not an excuse. Travel is compared within a calendar day.

use crate::build::Problem;
use crate::engaged::Engaged;
use crate::problem::{DAY, DayIx, EngagementKind, Minute, OptionIx, PersonIx, PlaceIx, SessionIx};
use crate::text::{Reason, clock};

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
    /// Which way the session is held; short, since weeks are full of visits.
    pub(crate) option: u32,
    /// Why she does not attend.
    pub(crate) excuse: Option<Excuse>,
}

impl Visit {
    pub(crate) fn attends(&self) -> bool {
        self.excuse.is_none()
    }

    /// Where it is, as people read it.
    fn site(&self, problem: &Problem) -> Reason {
        problem.site_text(self.session, self.option as OptionIx)
    }

    /// The visit as a person's term shows it: without its time of day, so that a session may move within its day without anybody
    /// looking at terms again.
    pub(crate) fn on_its_day(self) -> Visit {
        let midnight = self.day as Minute * DAY;
        Visit { start: midnight, end: midnight, ..self }
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

impl With {
    /// “语文学科联合教研 第2次”, 14:00—16:00已发布的“数学学科联合教研 第1次”, “走教 城东小学”.
    pub(crate) fn text(self, problem: &Problem, person: PersonIx) -> Reason {
        let ix = match self {
            With::Session(session) => {
                let name = problem.session_text(session);
                return Reason::new(name.clone(), name);
            }
            With::Engagement(ix) => ix,
        };
        let engagement = &problem.people[person].engagements[ix];
        let label = format!("“{}”", engagement.label);
        if engagement.kind != EngagementKind::Session {
            return Reason::new(label.clone(), label);
        }
        let (from, to) = (clock(engagement.start), clock(engagement.end));
        Reason::new(format!("{from}—{to}已发布的{label}"), format!("{label}, published for {from}–{to},"))
    }
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

impl<'a> PersonWeek<'a> {
    /// Calls `found` with each clash of a session at which she is required: with another such one, told with the later of the two in the
    /// order of priority, or with something else that she must not miss.
    pub(crate) fn each_clash(&self, mut found: impl FnMut(&'a Visit, With, Clash)) {
        // Required visits come first.
        let required = self.visits.iter().take_while(|visit| visit.role == Role::Required).count();
        for (ix, visit) in self.visits[..required].iter().enumerate() {
            for other in self.visits[..ix].iter().filter(|other| other.day == visit.day) {
                if let Some(clash) = clash(self.problem, visit, &spans(other)) {
                    found(visit, With::Session(other.session), clash);
                }
            }
            for (ix, clash) in clashes_with_engagements(self.problem, self.person, visit) {
                found(visit, With::Engagement(ix), clash);
            }
        }
    }

    /// Where something is that she clashes with, as people read it, and when it starts.
    pub(crate) fn whereabouts(&self, with: With) -> (Reason, Minute) {
        let problem = self.problem;
        match with {
            With::Session(session) => {
                let visit = self.visits.iter().find(|visit| visit.session == session);
                visit.map_or((problem.place_text(None), 0), |visit| (visit.site(problem), visit.start))
            }
            With::Engagement(ix) => {
                let engagement = &problem.people[self.person].engagements[ix];
                let site = match engagement.ends {
                    Some(ends) => problem.ends_text(ends),
                    None => problem.place_text(engagement.place),
                };
                (site, engagement.start)
            }
        }
    }

    /// Where a visit of hers is, as people read it.
    pub(crate) fn site(&self, visit: &Visit) -> Reason {
        visit.site(self.problem)
    }
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
            if !is_missed(problem, visit, &engaged) {
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
fn clashes_with_engagements<'a>(
    problem: &'a Problem,
    person: PersonIx,
    visit: &'a Visit,
) -> impl Iterator<Item = (usize, Clash)> + 'a {
    problem.engaged_on(person, visit.day).filter_map(move |engaged| {
        let matters = match engaged.kind {
            EngagementKind::Lesson | EngagementKind::Received(_) => false,
            EngagementKind::Session | EngagementKind::Absence => true,
            EngagementKind::Presence => visit.place.is_some() && visit.place != engaged.place,
        };
        let found = if matters { clash(problem, visit, &span(&engaged)) } else { None };
        found.map(|found| (engaged.ix, found))
    })
}

/// Whether somebody could come to a session if the plan held nothing else.
pub(crate) fn can_come_alone(problem: &Problem, person: PersonIx, visit: &Visit) -> bool {
    if clashes_with_engagements(problem, person, visit).next().is_some() {
        return false;
    }
    let needed = usize::from(lessons_hit(problem, person, visit));
    let promised = usize::from(problem.covered_in(person, problem.week_of(visit.day)));
    let allowed = usize::from(problem.limits_of(problem.people[person].group).cover_per_week);
    needed == 0 || needed + promised <= allowed
}

/// How many of her lessons somebody would miss for a visit.
pub(crate) fn lessons_hit(problem: &Problem, person: PersonIx, visit: &Visit) -> u16 {
    problem.engaged_on(person, visit.day).filter(|engaged| is_missed(problem, visit, engaged)).count() as u16
}

/// Whether somebody misses a lesson of hers for a visit. Whoever teaches the class that a session is given to is at it.
fn is_missed(problem: &Problem, visit: &Visit, engaged: &Engaged) -> bool {
    let given_to_it = |number| {
        let session = &problem.sessions[visit.session];
        let inside = engaged.start <= visit.start && visit.end <= engaged.end;
        inside
            && session.receives == Some(number)
            && session.options[visit.option as usize].place == engaged.place
    };
    match engaged.kind {
        EngagementKind::Lesson => clash(problem, visit, &span(engaged)).is_some(),
        EngagementKind::Received(number) => {
            clash(problem, visit, &span(engaged)).is_some() && !given_to_it(number)
        }
        _ => false,
    }
}

/// A stretch of time at a place.
struct Span {
    start: Minute,
    end: Minute,
    place: Option<PlaceIx>,
}

fn span(engaged: &Engaged) -> Span {
    Span { start: engaged.start, end: engaged.end, place: engaged.place }
}

fn spans(visit: &Visit) -> Span {
    Span { start: visit.start, end: visit.end, place: visit.place }
}

/// How a visit and something else cannot both be attended.
fn clash(problem: &Problem, visit: &Visit, other: &Span) -> Option<Clash> {
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

#[cfg(test)]
mod tests;
