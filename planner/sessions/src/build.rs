//! A checked problem with the indexes that rules and search look things up in.

use std::ops::Deref;

use chrono::{Datelike, Days, NaiveDate};

use crate::constraints::Rule;
use crate::engaged::{Engaged, PeoplesDays};
use crate::evaluate::people_of;
use crate::even::even_days;
use crate::grouping::owners_of_parallels;
use crate::invited::{Invited, invited, role_of};
use crate::prior::{Prior, WeekSet, Weeks};
use crate::problem::*;
use crate::turns;
use crate::validate::{ProblemError, placement_errors, validate};
use crate::week::Role;

/// A problem that was checked and prepared. Reads like its [`ProblemInput`].
#[derive(Debug, Clone)]
pub struct Problem {
    input: ProblemInput,
    dates: Vec<NaiveDate>,
    /// (year, month) as one number and ISO weekday, by day: asked for at every step of the search.
    months: Vec<(i32, u8)>,
    weeks: Weeks,
    engaged: PeoplesDays,
    away: Vec<Vec<(DayIx, PlaceIx)>>,
    options: Vec<Vec<Invited>>,
    rooms_at: Vec<Vec<RoomIx>>,
    series_sessions: Vec<Vec<SessionIx>>,
    series_turns: Vec<Vec<(PlaceIx, i64)>>,
    place_turns: Vec<i64>,
    /// From when to when each school is there.
    stays: Vec<turns::Stay>,
    published: Assignment,
    /// What each person's term holds already.
    prior: Vec<Prior>,
    /// Where each session would stand in an even spread.
    even: Vec<Option<DayIx>>,
    /// The group of each set of programmes that keep together.
    parallels: Vec<Option<GroupIx>>,
}

impl Deref for Problem {
    type Target = ProblemInput;
    fn deref(&self) -> &ProblemInput {
        &self.input
    }
}

impl Problem {
    /// Checks and prepares a problem.
    ///
    /// # Errors
    /// Everything that is wrong, at once, each with a sentence that names the thing.
    pub fn build(input: ProblemInput) -> Result<Problem, Vec<ProblemError>> {
        let errors = validate(&input);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Problem::prepare(input))
    }

    /// Names the published plan that this problem replans: the rule `published_kept` makes each departure from it cost, so that
    /// the plan changes as little as it can.
    ///
    /// # Errors
    /// Placements that do not fit this problem (numbers out of range), all at once.
    pub fn replanning(mut self, published: Assignment) -> Result<Problem, Vec<ProblemError>> {
        let errors = placement_errors(&self.input, &published);
        if !errors.is_empty() {
            return Err(errors);
        }
        self.published = published;
        self.published.resize(self.input.sessions.len(), None);
        Ok(self)
    }

    /// The problem as it was stated.
    pub fn input(&self) -> &ProblemInput {
        &self.input
    }

    /// What keeps a plan from being judged at all: numbers out of range, starts outside the planned days. Empty: it can be judged.
    pub fn unreadable(&self, plan: &Assignment) -> Vec<ProblemError> {
        placement_errors(&self.input, plan)
    }

    fn prepare(input: ProblemInput) -> Problem {
        let weeks = Weeks::of(&input.days);
        let away = input.people.iter().map(sorted_away).collect::<Vec<_>>();
        let options = input
            .sessions
            .iter()
            .map(|session| session.options.iter().map(|option| invited(&input, option)).collect())
            .collect();
        let dates =
            (0..input.days.len()).map(|day| input.first_day + Days::new(day as u64)).collect::<Vec<_>>();
        let month = |date: &NaiveDate| {
            (date.year() * 12 + date.month0() as i32, date.weekday().number_from_monday() as u8)
        };
        let prior = |(person, away): (&Person, &Vec<_>)| {
            Prior::of(&input, &weeks, person, |day| base_on(person, away, day))
        };
        let prior = input.people.iter().zip(&away).map(prior).collect();
        let series_sessions = (0..input.series.len())
            .map(|series| {
                (0..input.sessions.len()).filter(|&ix| input.sessions[ix].series == series).collect()
            })
            .collect::<Vec<Vec<SessionIx>>>();
        let stays = turns::stays(&input);
        let problem = Problem {
            months: dates.iter().map(month).collect(),
            dates,
            weeks,
            engaged: PeoplesDays::of(&input),
            away,
            options,
            rooms_at: rooms_at(&input),
            series_turns: turns::within_series(&input, &stays, &series_sessions),
            series_sessions,
            place_turns: turns::over_term(&input, &stays),
            stays,
            published: vec![None; input.sessions.len()],
            prior,
            even: Vec::new(),
            parallels: owners_of_parallels(&input),
            input,
        };
        Problem { even: even_days(&problem), ..problem }
    }

    /// The date of a day.
    pub fn date(&self, day: DayIx) -> NaiveDate {
        self.dates[day]
    }

    /// The day a minute falls on.
    pub fn day_of(&self, minute: Minute) -> DayIx {
        (minute / DAY) as DayIx
    }

    /// Where a person starts a day.
    pub fn base_on(&self, person: PersonIx, day: DayIx) -> PlaceIx {
        base_on(&self.input.people[person], &self.away[person], day)
    }

    /// When a session ends that starts at `start`.
    pub fn end_of(&self, session: SessionIx, start: Minute) -> Minute {
        start + self.input.sessions[session].minutes
    }

    /// The host school of a placement; `None`: online.
    pub fn place_of(&self, session: SessionIx, placement: &Placement) -> Option<PlaceIx> {
        self.input.sessions[session].options[placement.option].place
    }

    /// Where people come together for a placement; `None`: online, as those at the two ends of a session with a second room are.
    pub(crate) fn gathers_at(&self, session: SessionIx, placement: &Placement) -> Option<PlaceIx> {
        let option = &self.input.sessions[session].options[placement.option];
        option.place.filter(|_| option.second_room.is_none())
    }

    /// Minutes between two places; none to or from an online session.
    pub(crate) fn travel_between(&self, from: Option<PlaceIx>, to: Option<PlaceIx>) -> Minute {
        match (from, to) {
            (Some(from), Some(to)) => self.input.travel[from][to],
            _ => 0,
        }
    }

    /// How many weeks there are; weeks are numbered densely from 0, whatever their numbers in the term.
    pub(crate) fn weeks(&self) -> usize {
        self.weeks.count
    }

    pub(crate) fn week_of(&self, day: DayIx) -> usize {
        self.weeks.of_day[day]
    }

    /// The numbers in the term of the weeks in which people teach.
    pub(crate) fn teaching_weeks(&self) -> &[u16] {
        &self.weeks.teaching
    }

    /// The teaching week of a day, as a set.
    pub(crate) fn teaching_week_of(&self, day: DayIx) -> WeekSet {
        1 << self.weeks.teaching_of_day[day]
    }

    /// The half-day on which a start lies; `None`: in the evening.
    pub(crate) fn half_of(&self, start: Minute) -> Option<Half> {
        let of_day = start % DAY;
        match () {
            () if of_day < self.input.hours.morning.1 => Some(Half::Morning),
            () if of_day < self.input.hours.afternoon.1 => Some(Half::Afternoon),
            () => None,
        }
    }

    /// (year, month) as one number.
    pub(crate) fn month_of(&self, day: DayIx) -> i32 {
        self.months[day].0
    }

    /// ISO weekday, 1 = Monday.
    pub(crate) fn weekday_of(&self, day: DayIx) -> u8 {
        self.months[day].1
    }

    pub(crate) fn engaged_on(&self, person: PersonIx, day: DayIx) -> impl Iterator<Item = Engaged> + '_ {
        self.engaged.on(person, day)
    }

    /// The number of what fills a person's day: days with the same number are filled in the same way.
    pub(crate) fn list_of_day(&self, person: PersonIx, day: DayIx) -> u32 {
        self.engaged.list_of(person, day)
    }

    pub(crate) fn invited(&self, session: SessionIx, option: OptionIx) -> &Invited {
        &self.options[session][option]
    }

    /// The audience of a way to hold a session on a day, without required people; presenters may be among them.
    pub(crate) fn audience_on(
        &self,
        session: SessionIx,
        option: OptionIx,
        day: DayIx,
    ) -> impl Iterator<Item = (PersonIx, Role)> + '_ {
        let invited = &self.options[session][option];
        let today = invited.sometimes.iter().filter(move |member| self.counts_on(member, day));
        invited.always.iter().copied().chain(today.map(|member| (member.person, role_of(member))))
    }

    /// Everybody who is in the audience of a way to hold a session on one day or another, apart from required people.
    pub(crate) fn ever_invited(
        &self,
        session: SessionIx,
        option: OptionIx,
    ) -> impl Iterator<Item = PersonIx> + '_ {
        let invited = &self.options[session][option];
        let always = invited.always.iter().map(|&(person, _)| person);
        always.chain(invited.sometimes.iter().map(|member| member.person))
    }

    /// Whether somebody is there on a day, and based at the school for which she is invited.
    fn counts_on(&self, member: &AudienceMember, day: DayIx) -> bool {
        self.base_on(member.person, day) == member.place
            && self.engaged_on(member.person, day).all(|one| one.kind != EngagementKind::Absence)
    }

    /// How many people a placement brings to its room: required, presenters and audience, each once. Of a session with a second room, those
    /// who are based at the host; others follow from where they are.
    pub(crate) fn headcount(&self, session: SessionIx, placement: &Placement) -> usize {
        let day = self.day_of(placement.start);
        let option = &self.input.sessions[session].options[placement.option];
        if let Some(place) = option.place.filter(|_| option.second_room.is_some()) {
            return self.headcount_at(session, placement, place);
        }
        let invited = self.invited(session, placement.option);
        let listed = invited.required.len() + self.audience_on(session, placement.option, day).count();
        let only_presenting = distinct(&placement.presenters)
            .into_iter()
            .filter(|&person| !invited.required.contains(&person))
            .filter(|&person| self.role_in_audience(session, placement.option, day, person).is_none())
            .count();
        listed + only_presenting
    }

    /// How many of them are based at a school on the day.
    pub(crate) fn headcount_at(&self, session: SessionIx, placement: &Placement, place: PlaceIx) -> usize {
        let day = self.day_of(placement.start);
        people_of(self, session, placement).filter(|&(person, _)| self.base_on(person, day) == place).count()
    }

    /// The part of a person in the audience of a way to hold a session on a day.
    pub(crate) fn role_in_audience(
        &self,
        session: SessionIx,
        option: OptionIx,
        day: DayIx,
        person: PersonIx,
    ) -> Option<Role> {
        let invited = self.invited(session, option);
        if let Ok(found) = invited.always.binary_search_by_key(&person, |&(other, _)| other) {
            return Some(invited.always[found].1);
        }
        let today = |member: &&AudienceMember| member.person == person && self.counts_on(member, day);
        invited.sometimes.iter().find(today).map(role_of)
    }

    /// Required people and presenters of a placement, each once.
    pub(crate) fn required_with_presenters(
        &self,
        session: SessionIx,
        placement: &Placement,
    ) -> Vec<PersonIx> {
        let mut people = self.invited(session, placement.option).required.clone();
        for &presenter in &placement.presenters {
            if !people.contains(&presenter) {
                people.push(presenter);
            }
        }
        people
    }

    /// The rooms of a school, smallest first.
    pub(crate) fn rooms_at(&self, place: PlaceIx) -> &[RoomIx] {
        &self.rooms_at[place]
    }

    /// The sessions of a series, ascending.
    pub(crate) fn series_sessions(&self, series: SeriesIx) -> &[SessionIx] {
        &self.series_sessions[series]
    }

    /// The most turns of hosting that each school should take within a series, by school.
    pub(crate) fn series_turns(&self, series: SeriesIx) -> &[(PlaceIx, i64)] {
        &self.series_turns[series]
    }

    /// The turns of hosting that fall to a school over all series, less those it took in advance; in thousandths.
    pub(crate) fn place_turns(&self, place: PlaceIx) -> i64 {
        self.place_turns[place]
    }

    /// Whether a school is there on a day: not before it joins, nor after it has left.
    pub(crate) fn is_there(&self, place: PlaceIx, day: DayIx) -> bool {
        self.stays[place].covers(day)
    }

    /// Where a session stood in the plan that is being replanned.
    pub(crate) fn published(&self, session: SessionIx) -> Option<&Placement> {
        self.published[session].as_ref()
    }

    /// The weight of a rule for what belongs to a group, or to none: the group's own, else the problem's, else the default.
    pub fn weight(&self, rule: &Rule, owner: Option<GroupIx>) -> i64 {
        let own = owner.map_or(&[][..], |group| &self.input.groups[group].weights);
        let stated = own.iter().rev().chain(self.input.weights.iter().rev());
        let named = stated.into_iter().find(|(name, _)| name == rule.name);
        named.map_or(rule.default_weight, |(_, weight)| *weight)
    }

    /// The group that holds a session.
    pub(crate) fn owner_of(&self, session: SessionIx) -> Option<GroupIx> {
        self.input.series[self.input.sessions[session].series].group
    }

    /// The limits for somebody or something that belongs to a group, or to none.
    pub(crate) fn limits_of(&self, owner: Option<GroupIx>) -> &Limits {
        owner.map_or(&self.input.limits, |group| &self.input.groups[group].limits)
    }

    /// Lessons of a person that are covered in a week already, because of sessions outside this problem.
    pub(crate) fn covered_in(&self, person: PersonIx, week: usize) -> u16 {
        self.prior[person].covered.get(week).copied().unwrap_or(0)
    }

    /// Sessions of a person in a week that are no sessions of this problem.
    pub(crate) fn sessions_in(&self, person: PersonIx, week: usize) -> u16 {
        self.prior[person].sessions.get(week).copied().unwrap_or(0)
    }

    /// What a person's term holds already.
    pub(crate) fn prior(&self, person: PersonIx) -> &Prior {
        &self.prior[person]
    }

    /// The day on which a session would be, were the free sessions of its programme spread evenly; `None`: no matter which.
    pub(crate) fn even_day(&self, session: SessionIx) -> Option<DayIx> {
        self.even[session]
    }

    /// How many sets of programmes keep together.
    pub(crate) fn parallels(&self) -> usize {
        self.parallels.len()
    }

    /// The group of a set of programmes that keep together; `None` when they belong to several.
    pub(crate) fn owner_of_parallel(&self, parallel: ParallelIx) -> Option<GroupIx> {
        self.parallels[parallel]
    }
}

/// Each item once, in the order of first appearance.
pub(crate) fn distinct(people: &[PersonIx]) -> Vec<PersonIx> {
    let mut once = Vec::with_capacity(people.len());
    for &person in people {
        if !once.contains(&person) {
            once.push(person);
        }
    }
    once
}

fn base_on(person: &Person, away: &[(DayIx, PlaceIx)], day: DayIx) -> PlaceIx {
    match away.binary_search_by_key(&day, |&(on, _)| on) {
        Ok(found) => away[found].1,
        Err(_) => person.base,
    }
}

fn sorted_away(person: &Person) -> Vec<(DayIx, PlaceIx)> {
    let mut away = person.away.clone();
    away.sort_unstable();
    away.dedup_by_key(|&mut (day, _)| day);
    away
}

fn rooms_at(input: &ProblemInput) -> Vec<Vec<RoomIx>> {
    let mut rooms_at = vec![Vec::new(); input.places.len()];
    for (ix, room) in input.rooms.iter().enumerate() {
        rooms_at[room.place].push(ix);
    }
    for rooms in &mut rooms_at {
        rooms.sort_by_key(|&ix| (input.rooms[ix].capacity, ix));
    }
    rooms_at
}
