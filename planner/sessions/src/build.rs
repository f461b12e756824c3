//! A checked problem with the indexes that rules and search look things up in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use chrono::{Datelike, Days, NaiveDate};

use crate::constraints::Rule;
use crate::problem::*;
use crate::validate::{ProblemError, placement_errors, validate};
use crate::week::Role;

/// A problem that was checked and prepared. Reads like its [`ProblemInput`].
#[derive(Debug, Clone)]
pub struct Problem {
    input: ProblemInput,
    dates: Vec<NaiveDate>,
    /// (year, month) as one number and ISO weekday, by day: asked for at every step of the search.
    months: Vec<(i32, u8)>,
    weeks: usize,
    week_of: Vec<usize>,
    engaged: Vec<PersonDays>,
    away: Vec<Vec<(DayIx, PlaceIx)>>,
    /// By person, the days on which she is not there, ascending.
    absent: Vec<Vec<DayIx>>,
    options: Vec<Vec<Invited>>,
    rooms_at: Vec<Vec<RoomIx>>,
    series_sessions: Vec<Vec<SessionIx>>,
    series_turns: Vec<Vec<(PlaceIx, i64)>>,
    place_turns: Vec<i64>,
    published: Assignment,
    /// Lessons of each person that are covered already, by week.
    covered: Vec<Vec<u16>>,
    /// The group of each set of programmes that keep together.
    parallels: Vec<Option<GroupIx>>,
}

/// An engagement as the rules read it, with its number within the person's list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Engaged {
    pub(crate) start: Minute,
    pub(crate) end: Minute,
    pub(crate) place: Option<PlaceIx>,
    pub(crate) kind: EngagementKind,
    pub(crate) ix: usize,
}

/// One person's engagements, day by day, sorted by start.
#[derive(Debug, Clone)]
struct PersonDays {
    /// Where each day begins in `list`; one more entry than there are days.
    begins: Vec<usize>,
    list: Vec<Engaged>,
}

/// Who a way to hold a session brings together, without duplicates.
#[derive(Debug, Clone)]
pub(crate) struct Invited {
    /// Required people apart from presenters.
    pub(crate) required: Vec<PersonIx>,
    /// Audience on every day, by person; nobody from `required`.
    pub(crate) always: Vec<(PersonIx, Role)>,
    /// Schools whose people are asked to come, ascending.
    pub(crate) schools: Vec<PlaceIx>,
    /// Audience on days on which the person is there, and based at the place.
    sometimes: Vec<AudienceMember>,
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
        let (weeks, week_of) = number_weeks(&input.days);
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
        Problem {
            months: dates.iter().map(month).collect(),
            dates,
            weeks,
            engaged: input.people.iter().map(|person| person_days(person, input.days.len())).collect(),
            absent: input.people.iter().map(|person| absent_days(person, input.days.len())).collect(),
            away,
            options,
            rooms_at: rooms_at(&input),
            series_sessions: (0..input.series.len())
                .map(|series| {
                    (0..input.sessions.len()).filter(|&ix| input.sessions[ix].series == series).collect()
                })
                .collect(),
            series_turns: series_turns(&input),
            place_turns: place_turns(&input),
            published: vec![None; input.sessions.len()],
            covered: covered(&input, weeks, &week_of),
            parallels: parallels(&input),
            week_of,
            input,
        }
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
        let away = &self.away[person];
        match away.binary_search_by_key(&day, |&(on, _)| on) {
            Ok(found) => away[found].1,
            Err(_) => self.input.people[person].base,
        }
    }

    /// When a session ends that starts at `start`.
    pub fn end_of(&self, session: SessionIx, start: Minute) -> Minute {
        start + self.input.sessions[session].minutes
    }

    /// The host school of a placement; `None`: online.
    pub fn place_of(&self, session: SessionIx, placement: &Placement) -> Option<PlaceIx> {
        self.input.sessions[session].options[placement.option].place
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
        self.weeks
    }

    pub(crate) fn week_of(&self, day: DayIx) -> usize {
        self.week_of[day]
    }

    /// (year, month) as one number.
    pub(crate) fn month_of(&self, day: DayIx) -> i32 {
        self.months[day].0
    }

    /// ISO weekday, 1 = Monday.
    pub(crate) fn weekday_of(&self, day: DayIx) -> u8 {
        self.months[day].1
    }

    pub(crate) fn engaged_on(&self, person: PersonIx, day: DayIx) -> &[Engaged] {
        let days = &self.engaged[person];
        &days.list[days.begins[day]..days.begins[day + 1]]
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

    /// Whether somebody is there on a day, and based at the school for which she is invited.
    fn counts_on(&self, member: &AudienceMember, day: DayIx) -> bool {
        self.base_on(member.person, day) == member.place
            && self.absent[member.person].binary_search(&day).is_err()
    }

    /// How many people a placement brings together: required, presenters and audience, each once.
    pub(crate) fn headcount(&self, session: SessionIx, placement: &Placement) -> usize {
        let day = self.day_of(placement.start);
        let invited = self.invited(session, placement.option);
        let listed = invited.required.len() + self.audience_on(session, placement.option, day).count();
        let only_presenting = distinct(&placement.presenters)
            .into_iter()
            .filter(|&person| !invited.required.contains(&person))
            .filter(|&person| self.role_in_audience(session, placement.option, day, person).is_none())
            .count();
        listed + only_presenting
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

    /// The turns of hosting that fall to each school within a series by its size, in thousandths.
    pub(crate) fn series_turns(&self, series: SeriesIx) -> &[(PlaceIx, i64)] {
        &self.series_turns[series]
    }

    /// The turns of hosting that fall to a school over all series, in thousandths.
    pub(crate) fn place_turns(&self, place: PlaceIx) -> i64 {
        self.place_turns[place]
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
        self.covered[person].get(week).copied().unwrap_or(0)
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

fn role_of(member: &AudienceMember) -> Role {
    if member.optional { Role::Optional } else { Role::Audience }
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

fn number_weeks(days: &[Day]) -> (usize, Vec<usize>) {
    let numbers = days.iter().map(|day| day.week).collect::<BTreeSet<_>>();
    let dense = numbers.iter().enumerate().map(|(ix, &week)| (week, ix)).collect::<BTreeMap<_, _>>();
    (numbers.len(), days.iter().map(|day| dense[&day.week]).collect())
}

fn sorted_away(person: &Person) -> Vec<(DayIx, PlaceIx)> {
    let mut away = person.away.clone();
    away.sort_unstable();
    away.dedup_by_key(|&mut (day, _)| day);
    away
}

fn absent_days(person: &Person, days: usize) -> Vec<DayIx> {
    let absences = person.engagements.iter().filter(|engagement| engagement.kind == EngagementKind::Absence);
    let touched = absences.flat_map(|absence| {
        let first = absence.start.div_euclid(DAY).max(0) as usize;
        let last = (absence.end - 1).div_euclid(DAY);
        first..(last + 1).max(0) as usize
    });
    touched.filter(|&day| day < days).collect::<BTreeSet<_>>().into_iter().collect()
}

fn person_days(person: &Person, days: usize) -> PersonDays {
    let mut by_day = vec![Vec::new(); days];
    for (ix, engagement) in person.engagements.iter().enumerate() {
        let engaged = Engaged {
            start: engagement.start,
            end: engagement.end,
            place: engagement.place,
            kind: engagement.kind,
            ix,
        };
        let first = engagement.start.div_euclid(DAY).max(0) as usize;
        let last = (engagement.end - 1).div_euclid(DAY);
        let until = (last + 1).max(0) as usize;
        for of_day in by_day.iter_mut().take(until).skip(first) {
            of_day.push(engaged);
        }
    }
    let mut begins = vec![0];
    let mut list = Vec::with_capacity(person.engagements.len());
    for mut of_day in by_day {
        of_day.sort_unstable_by_key(|engaged| (engaged.start, engaged.ix));
        list.append(&mut of_day);
        begins.push(list.len());
    }
    PersonDays { begins, list }
}

fn invited(input: &ProblemInput, option: &HostOption) -> Invited {
    let required = distinct(&option.required);
    let mut always = Vec::new();
    let mut sometimes = Vec::new();
    let schools = option.audience.iter().map(|member| member.place);
    let schools = schools.chain(required.iter().map(|&person| input.people[person].base));
    let schools = schools.collect::<BTreeSet<_>>().into_iter().collect();
    for &member in &option.audience {
        if required.contains(&member.person) {
            continue;
        }
        let person = &input.people[member.person];
        if !person.away.is_empty() || is_ever_absent(person) {
            sometimes.push(member);
        } else if person.base == member.place {
            always.push((member.person, role_of(&member)));
        }
    }
    always.sort_unstable();
    // Whoever is listed twice counts once, as expected rather than welcome.
    always.dedup_by_key(|&mut (person, _)| person);
    sometimes.sort_unstable_by_key(|member| (member.person, member.place, member.optional));
    sometimes.dedup_by_key(|member| (member.person, member.place));
    Invited { required, always, schools, sometimes }
}

/// By person and week; empty for whom nothing is covered.
fn covered(input: &ProblemInput, weeks: usize, week_of: &[usize]) -> Vec<Vec<u16>> {
    let of_person = |person: &Person| {
        let mut covered = if person.covered.is_empty() { Vec::new() } else { vec![0; weeks] };
        for &day in &person.covered {
            covered[week_of[day]] += 1;
        }
        covered
    };
    input.people.iter().map(of_person).collect()
}

fn parallels(input: &ProblemInput) -> Vec<Option<GroupIx>> {
    let sets = input.series.iter().filter_map(|series| series.parallel).max().map_or(0, |last| last + 1);
    let owner = |set| {
        let mut owners = input.series.iter().filter(|series| series.parallel == Some(set)).map(|s| s.group);
        let first = owners.next().flatten();
        first.filter(|_| owners.all(|other| other == first))
    };
    (0..sets).map(owner).collect()
}

fn is_ever_absent(person: &Person) -> bool {
    person.engagements.iter().any(|engagement| engagement.kind == EngagementKind::Absence)
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

/// The share of each allowed host in one session, in thousandths of a turn, by size.
fn shares(input: &ProblemInput, session: &Session) -> Vec<(PlaceIx, i64)> {
    let hosts = session.options.iter().filter(|option| option.allowed).filter_map(|option| option.place);
    let hosts = hosts.collect::<BTreeSet<_>>();
    let size = |place: PlaceIx| i64::from(input.places[place].size.max(1));
    let total = hosts.iter().map(|&place| size(place)).sum::<i64>();
    hosts.iter().map(|&place| (place, 1_000 * size(place) / total)).collect()
}

fn series_turns(input: &ProblemInput) -> Vec<Vec<(PlaceIx, i64)>> {
    let mut turns = vec![BTreeMap::new(); input.series.len()];
    for session in &input.sessions {
        for (place, share) in shares(input, session) {
            *turns[session.series].entry(place).or_insert(0) += share;
        }
    }
    turns.into_iter().map(|series| series.into_iter().collect()).collect()
}

fn place_turns(input: &ProblemInput) -> Vec<i64> {
    let mut turns = vec![0; input.places.len()];
    for session in &input.sessions {
        for (place, share) in shares(input, session) {
            turns[place] += share;
        }
    }
    turns
}
