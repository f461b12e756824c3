//! What sessions outside the plan have taken of people's terms already, and in which weeks people teach.

use std::collections::BTreeSet;

use crate::problem::*;

/// A set of teaching weeks; see [`Weeks::teaching`].
pub(crate) type WeekSet = u128;
/// The most weeks a problem has: as many as a [`WeekSet`] holds.
pub(crate) const MOST_WEEKS: usize = u128::BITS as usize;

/// The weeks of a problem, numbered densely from 0 whatever their numbers in the term.
#[derive(Debug, Clone)]
pub(crate) struct Weeks {
    /// The week of each day.
    pub(crate) of_day: Vec<usize>,
    /// How many there are.
    pub(crate) count: usize,
    /// The numbers in the term of the weeks in which people teach: those with a day that is open to all.
    pub(crate) teaching: Vec<u16>,
    /// The place of each day's week among the teaching ones; in a week without teaching that of the next, or of the last.
    pub(crate) teaching_of_day: Vec<usize>,
}

impl Weeks {
    pub(crate) fn of(days: &[Day]) -> Weeks {
        let numbers = days.iter().map(|day| day.week).collect::<BTreeSet<_>>();
        let numbers = numbers.into_iter().collect::<Vec<_>>();
        let open = days.iter().filter(|day| day.closed.is_none() && !day.weekend).map(|day| day.week);
        let open = open.collect::<BTreeSet<_>>();
        let teaching = open.into_iter().collect::<Vec<_>>();
        let among = |week: u16| teaching.partition_point(|&other| other < week);
        let last = teaching.len().saturating_sub(1);
        Weeks {
            of_day: days.iter().map(|day| numbers.partition_point(|&other| other < day.week)).collect(),
            count: numbers.len(),
            teaching_of_day: days.iter().map(|day| among(day.week).min(last)).collect(),
            teaching,
        }
    }
}

/// What published sessions and promises outside the plan hold of one person's term.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prior {
    /// Lessons covered by week; empty when there are none.
    pub(crate) covered: Vec<u16>,
    /// Sessions by week; empty when there are none.
    pub(crate) sessions: Vec<u16>,
    /// Teaching weeks with a session.
    pub(crate) met: WeekSet,
    /// Days with a session at another school than where she is based that day, ascending.
    pub(crate) trips: Vec<DayIx>,
    /// Minutes of travel to them, there and back.
    pub(crate) travel: Minute,
}

impl Prior {
    /// `base` says where she is based on a day.
    pub(crate) fn of(
        input: &ProblemInput,
        weeks: &Weeks,
        person: &Person,
        base: impl Fn(DayIx) -> PlaceIx,
    ) -> Prior {
        let mut prior = Prior::default();
        for &day in &person.covered {
            count(&mut prior.covered, weeks, day);
        }
        let mut trips = BTreeSet::new();
        for engagement in person.engagements.iter() {
            let day = engagement.start.div_euclid(DAY);
            if engagement.kind != EngagementKind::Session || !(0..input.days.len() as Minute).contains(&day) {
                continue;
            }
            let day = day as DayIx;
            count(&mut prior.sessions, weeks, day);
            prior.met |= 1 << weeks.teaching_of_day[day];
            let base = base(day);
            if let Some(place) = engagement.place.filter(|&place| place != base) {
                prior.travel += input.travel[base][place] + input.travel[place][base];
                trips.insert(day);
            }
        }
        prior.trips = trips.into_iter().collect();
        prior
    }
}

fn count(by_week: &mut Vec<u16>, weeks: &Weeks, day: DayIx) {
    if by_week.is_empty() {
        by_week.resize(weeks.count, 0);
    }
    by_week[weeks.of_day[day]] += 1;
}
