//! Who attends what in one person's week.
//!
//! The settled reading: in order of priority (sessions at which she is required, then the others by level and start) a person attends unless a
//! session overlaps, or leaves no time to travel from or to, another one she attends or something else she must not miss; or unless,
//! as audience, it would push her covered lessons above the week's limit. Whoever is required attends in any case: then the clash is
//! a violation, not an excuse. Travel is compared within a calendar day.

use crate::build::Problem;
use crate::engaged::Engaged;
use crate::problem::{DAY, DayIx, EngagementKind, Minute, PersonIx, PlaceIx, SessionIx};

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
    /// “语文学科联合教研 第2次”, “五年级（2）班 数学”.
    pub(crate) fn text(self, problem: &Problem, person: PersonIx) -> String {
        match self {
            With::Session(session) => problem.session_text(session),
            With::Engagement(ix) => format!("“{}”", problem.people[person].engagements[ix].label),
        }
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

    /// Where and when something is that she clashes with.
    pub(crate) fn whereabouts(&self, with: With) -> (Option<PlaceIx>, Minute) {
        match with {
            With::Session(session) => {
                let visit = self.visits.iter().find(|visit| visit.session == session);
                visit.map_or((None, 0), |visit| (visit.place, visit.start))
            }
            With::Engagement(ix) => {
                let engagement = &self.problem.people[self.person].engagements[ix];
                (engagement.place, engagement.start)
            }
        }
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
            if engaged.kind != EngagementKind::Lesson || clash(problem, visit, &span(&engaged)).is_none() {
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
            EngagementKind::Lesson => false,
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
    let needed = lessons_hit(problem, person, visit);
    let promised = usize::from(problem.covered_in(person, problem.week_of(visit.day)));
    let allowed = usize::from(problem.limits_of(problem.people[person].group).cover_per_week);
    needed == 0 || needed + promised <= allowed
}

/// How many of her lessons somebody would miss for a visit.
pub(crate) fn lessons_hit(problem: &Problem, person: PersonIx, visit: &Visit) -> usize {
    let engaged = problem.engaged_on(person, visit.day);
    let lessons = engaged.filter(|engaged| engaged.kind == EngagementKind::Lesson);
    lessons.filter(|lesson| clash(problem, visit, &span(lesson)).is_some()).count()
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
mod tests {
    use super::*;
    use crate::testing::{Town, at};

    /// The session that a guest of two overlapping sessions of these levels puts first.
    fn preferred(first: u8, second: u8, times: [&str; 2]) -> SessionIx {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.session("数学联合教研 第1次");
        town.invites(&[guest]);
        town.input.sessions[0].level = first;
        town.input.sessions[1].level = second;
        let plan = town.plan(|plan| plan.at(0, times[0]).then(0, times[1]));
        let attended = crate::attendance(&town.build(), &plan);
        let sessions = (0..2).filter(|&session| attended[session].attending == [guest]);
        let sessions = sessions.collect::<Vec<_>>();
        assert_eq!(sessions.len(), 1);
        sessions[0]
    }

    #[test]
    fn the_district_comes_before_a_group_and_a_group_before_a_school() {
        let later_first = ["15:00", "14:00"];
        assert_eq!(preferred(0, 1, later_first), 0);
        assert_eq!(preferred(1, 2, later_first), 0);
        assert_eq!(preferred(2, 0, ["14:00", "15:00"]), 1);
        assert_eq!(preferred(1, 1, later_first), 1);
    }

    #[test]
    fn an_optional_part_gives_way_to_an_expected_one_of_the_same_level() {
        let mut town = Town::new();
        let guest = town.person("王一", town.east);
        town.invites(&[guest]);
        town.input.sessions[0].options[0].audience[0].optional = true;
        town.session("数学联合教研 第1次");
        town.invites(&[guest]);
        let plan = town.plan(|plan| plan.at(0, "14:00").then(0, "15:00"));
        let found = crate::attendance(&town.build(), &plan);
        assert_eq!((found[0].excused.len(), &found[1].attending), (1, &vec![guest]));
    }

    #[test]
    fn an_online_session_takes_its_time_and_no_way() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.west);
        town.requires(chair);
        town.input.sessions[0].options[0].place = None;
        town.engage(chair, EngagementKind::Session, 0, "9:20", Some(town.west));
        town.expect("people_not_double_booked", 1, |plan| plan.at(0, "8:00").without_room());
        town.expect("people_not_double_booked", 0, |plan| plan.at(0, "10:00").without_room());
        town.expect("travel_time", 0, |plan| plan.at(0, "10:00").without_room());
        town.expect("little_travel", 0, |plan| plan.at(0, "10:00").without_room());
    }

    #[test]
    fn a_session_with_two_ends_takes_nobodys_way() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.west);
        town.requires(chair);
        let room = town.room("录播教室", town.west, 10);
        town.engage(chair, EngagementKind::Session, 0, "10:00", Some(town.west));
        town.expect("travel_time", 1, |plan| plan.at(0, "8:00"));
        town.input.sessions[0].options[0].second_room = Some(room);
        town.expect("travel_time", 0, |plan| plan.at(0, "8:00"));
        town.expect("little_travel", 0, |plan| plan.at(0, "8:00"));
    }

    #[test]
    fn whoever_is_busy_or_has_too_many_lessons_cannot_come_even_if_nothing_else_is_planned() {
        let mut town = Town::new();
        let [busy, teaching, free] = ["王一", "王二", "王三"].map(|name| town.person(name, town.east));
        town.engage(busy, EngagementKind::Presence, 0, "14:00", Some(town.west));
        for time in ["14:00", "14:50"] {
            town.engage(teaching, EngagementKind::Lesson, 0, time, Some(town.east));
        }
        let part = Visit {
            session: 0,
            role: Role::Audience,
            start: at(0, "14:00"),
            end: at(0, "16:00"),
            day: 0,
            place: Some(town.east),
            excuse: None,
        };
        let can_come = |town: &Town| {
            let problem = town.build();
            [busy, teaching, free].map(|person| can_come_alone(&problem, person, &part))
        };
        assert_eq!(can_come(&town), [false, true, true]);
        town.input.people[teaching].covered = vec![4];
        town.input.people[free].covered = vec![4, 4, 4];
        assert_eq!(can_come(&town), [false, false, true]);
    }
}
