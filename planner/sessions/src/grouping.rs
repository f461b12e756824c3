//! Sets of sessions that a rule looks at together.

use std::ops::Deref;

use crate::build::Problem;
use crate::problem::*;

/// What brings sessions together in a set. A session is in a set only while it is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// The sessions of one programme.
    Series,
    /// The sessions of programmes that keep together.
    Parallel,
    /// The sessions of one education group.
    Group,
    /// The sessions in one room on one day.
    RoomDay,
    /// The sessions that one school hosts.
    Host,
    /// The sessions that one school hosts on one day.
    HostDay,
    /// The sessions elsewhere to which one school's people are asked, in one week.
    SchoolWeek,
    /// The sessions in which one person presents.
    Presenter,
}

impl Grouping {
    /// Every grouping.
    pub const ALL: [Grouping; 8] = [
        Grouping::Series,
        Grouping::Parallel,
        Grouping::Group,
        Grouping::RoomDay,
        Grouping::Host,
        Grouping::HostDay,
        Grouping::SchoolWeek,
        Grouping::Presenter,
    ];

    /// How many sets there are; they are numbered from 0.
    pub(crate) fn sets(self, problem: &Problem) -> usize {
        match self {
            Grouping::Series => problem.series.len(),
            Grouping::Parallel => problem.parallels(),
            Grouping::Group => problem.groups.len(),
            Grouping::RoomDay => problem.rooms.len() * problem.days.len(),
            Grouping::Host => problem.places.len(),
            Grouping::HostDay => problem.places.len() * problem.days.len(),
            Grouping::SchoolWeek => problem.places.len() * problem.weeks(),
            Grouping::Presenter => problem.people.len(),
        }
    }

    /// Calls `found` with each set that a placement puts a session in, each once.
    pub(crate) fn each_set(
        self,
        problem: &Problem,
        session: SessionIx,
        placement: &Placement,
        mut found: impl FnMut(usize),
    ) {
        let series = problem.sessions[session].series;
        let day = problem.day_of(placement.start);
        let option = &problem.sessions[session].options[placement.option];
        match self {
            Grouping::Series => found(series),
            Grouping::Parallel => problem.series[series].parallel.into_iter().for_each(found),
            Grouping::Group => problem.series[series].group.into_iter().for_each(found),
            Grouping::RoomDay => {
                let second = option.second_room.filter(|&room| placement.room != Some(room));
                let rooms = placement.room.into_iter().chain(second);
                rooms.for_each(|room| found(room * problem.days.len() + day));
            }
            Grouping::Host => option.place.into_iter().for_each(found),
            Grouping::HostDay => {
                option.place.into_iter().for_each(|place| found(place * problem.days.len() + day))
            }
            Grouping::SchoolWeek => {
                let schools = problem.invited(session, placement.option).schools.iter();
                let host = problem.gathers_at(session, placement);
                let guests = schools.filter(|&&school| host.is_some_and(|host| host != school));
                guests.for_each(|&school| found(school * problem.weeks() + problem.week_of(day)));
            }
            Grouping::Presenter => {
                for (ix, person) in placement.presenters.iter().enumerate() {
                    if !placement.presenters[..ix].contains(person) {
                        found(*person);
                    }
                }
            }
        }
    }

    /// The education group to which a set belongs.
    pub(crate) fn owner(self, problem: &Problem, set: usize) -> Option<GroupIx> {
        let place = |place: PlaceIx| problem.places[place].group;
        match self {
            Grouping::Series => problem.series[set].group,
            Grouping::Parallel => problem.owner_of_parallel(set),
            Grouping::Group => Some(set),
            Grouping::RoomDay => place(problem.rooms[set / problem.days.len()].place),
            Grouping::Host => place(set),
            Grouping::HostDay => place(set / problem.days.len()),
            Grouping::SchoolWeek => place(set / problem.weeks()),
            Grouping::Presenter => problem.people[set].group,
        }
    }
}

/// The group of each set of programmes that keep together; `None` when they belong to several.
pub(crate) fn owners_of_parallels(input: &ProblemInput) -> Vec<Option<GroupIx>> {
    let sets = input.series.iter().filter_map(|series| series.parallel).max().map_or(0, |last| last + 1);
    let owner = |set| {
        let mut owners = input.series.iter().filter(|series| series.parallel == Some(set)).map(|s| s.group);
        let first = owners.next().flatten();
        first.filter(|_| owners.all(|other| other == first))
    };
    (0..sets).map(owner).collect()
}

/// A set of placed sessions, in no order; never empty.
pub struct SetView<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Number of the set within its grouping.
    pub set: usize,
    /// Its sessions, all placed.
    pub sessions: &'a [SessionIx],
    /// The plan.
    pub plan: &'a [Option<Placement>],
}

impl<'a> SetView<'a> {
    /// The day of a [`Grouping::RoomDay`] or [`Grouping::HostDay`].
    pub fn day(&self) -> DayIx {
        self.set % self.problem.days.len()
    }

    /// The room of a [`Grouping::RoomDay`], the school of a [`Grouping::HostDay`].
    pub fn resource(&self) -> usize {
        self.set / self.problem.days.len()
    }

    /// The school of a [`Grouping::SchoolWeek`].
    pub fn guest_school(&self) -> PlaceIx {
        self.set / self.problem.weeks()
    }

    /// Its sessions with where they stand.
    pub fn placed(&self) -> impl Iterator<Item = (SessionIx, &'a Placement)> + Clone + '_ {
        let sessions = self.sessions.iter();
        sessions.filter_map(|&session| self.plan[session].as_ref().map(|placement| (session, placement)))
    }

    /// Its sessions with the start of each, by start.
    pub fn by_start(&self) -> ByStart {
        let mut sorted = ByStart { few: [(0, 0); FEW], count: 0, many: Vec::new() };
        self.placed().for_each(|(session, placement)| sorted.push((placement.start, session)));
        let count = sorted.count;
        match sorted.many.is_empty() {
            true => sorted.few[..count].sort_unstable(),
            false => sorted.many.sort_unstable(),
        }
        sorted
    }

    /// Start and end of one of its sessions.
    pub fn span(&self, session: SessionIx) -> (Minute, Minute) {
        let start = self.plan[session].as_ref().map_or(0, |placement| placement.start);
        (start, self.problem.end_of(session, start))
    }
}

/// As many sessions as most programmes have.
const FEW: usize = 12;

/// Sessions with the start of each, by start; a few of them take no allocation, since the search asks at every move.
pub struct ByStart {
    few: [(Minute, SessionIx); FEW],
    count: usize,
    /// All of them, when there are more than a few.
    many: Vec<(Minute, SessionIx)>,
}

impl ByStart {
    fn push(&mut self, session: (Minute, SessionIx)) {
        if self.count < FEW {
            self.few[self.count] = session;
        } else {
            if self.many.is_empty() {
                self.many.extend(self.few);
            }
            self.many.push(session);
        }
        self.count += 1;
    }
}

impl Deref for ByStart {
    type Target = [(Minute, SessionIx)];
    fn deref(&self) -> &Self::Target {
        if self.many.is_empty() { &self.few[..self.count] } else { &self.many }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Town, at};

    #[test]
    fn few_sessions_and_many_are_sorted_by_start() {
        for count in [1, 2, FEW, FEW + 1, FEW + 5] {
            let mut town = Town::new();
            (1..count).for_each(|number| town.session(&format!("语文联合教研 第{}次", number + 1)));
            let problem = town.build();
            let days = (0..count).map(|session| session * 5 % count).collect::<Vec<_>>();
            let plan = town.plan(|plan| days.iter().fold(plan, |plan, &day| plan.at(day, "14:00")));
            let sessions = (0..count).collect::<Vec<_>>();
            let view = SetView { problem: &problem, set: 0, sessions: &sessions, plan: &plan };
            let mut expected =
                (0..count).map(|session| (at(days[session], "14:00"), session)).collect::<Vec<_>>();
            expected.sort_unstable();
            assert_eq!(view.by_start()[..], expected[..]);
        }
    }
}
