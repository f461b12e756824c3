//! A small town for tests: two schools of one size, half an hour apart, one room for ten, four weeks from Monday 7 September 2026,
//! weekends free. It has one session of two hours, hosted by the eastern school; statements apply to the latest session.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::constraints::{Rules, Violation};
use crate::evaluate::evaluate;
use crate::problem::*;
use crate::{Assignment, Problem};

/// A minute from a day and a time like "14:00".
pub(crate) fn at(day: DayIx, time: &str) -> Minute {
    let (hour, minute) = time.split_once(':').expect("a time like 14:00");
    let number = |text: &str| text.parse::<Minute>().expect("a number");
    day as Minute * DAY + number(hour) * 60 + number(minute)
}

pub(crate) struct Town {
    pub(crate) input: ProblemInput,
    pub(crate) east: PlaceIx,
    pub(crate) west: PlaceIx,
}

impl Town {
    pub(crate) fn new() -> Town {
        let day = |ix: usize| Day { weekend: ix % 7 >= 5, week: 2 + (ix / 7) as u16, ..Day::default() };
        let place = |name: &str| Place { name: name.into(), size: 40, ..Place::default() };
        let input = ProblemInput {
            first_day: NaiveDate::from_ymd_opt(2026, 9, 7).expect("a date"),
            days: (0..28).map(day).collect(),
            places: vec![place("城东小学"), place("西关小学")],
            groups: Vec::new(),
            rooms: Vec::new(),
            people: Vec::new(),
            series: Vec::new(),
            sessions: Vec::new(),
            travel: vec![vec![0, 30], vec![30, 0]],
            hours: Hours {
                step: 10,
                morning: (8 * 60, 12 * 60),
                afternoon: (13 * 60, 17 * 60 + 30),
                evening: (18 * 60 + 30, 20 * 60 + 30),
                travel_from: 7 * 60 + 30,
                travel_until: 18 * 60 + 30,
            },
            limits: Limits { cover_per_week: 2, ..Limits::default() },
            weights: Vec::new(),
        };
        let mut town = Town { input, east: 0, west: 1 };
        town.room("会议室", town.east, 10);
        town.session("语文联合教研 第1次");
        town
    }

    pub(crate) fn room(&mut self, name: &str, place: PlaceIx, capacity: u32) -> RoomIx {
        self.input.rooms.push(Room {
            name: name.into(),
            place,
            capacity,
            equipment: Vec::new(),
            taken: Vec::new(),
            taken_by: Vec::new(),
        });
        self.input.rooms.len() - 1
    }

    pub(crate) fn person(&mut self, name: &str, base: PlaceIx) -> PersonIx {
        self.input.people.push(Person { name: name.into(), base, ..Person::default() });
        self.input.people.len() - 1
    }

    /// Another session like the first, held by a school; in the series of its name's first word.
    pub(crate) fn session(&mut self, name: &str) {
        let programme = name.split(' ').next().unwrap_or(name);
        let series = self.input.series.iter().position(|series| series.name == programme);
        let series = series.unwrap_or_else(|| {
            self.input.series.push(Series { name: programme.into(), ..Series::default() });
            self.input.series.len() - 1
        });
        let before = self.input.sessions.iter().filter(|session| session.series == series).count();
        self.input.sessions.push(Session {
            series,
            ordinal: before as u16 + 1,
            name: name.into(),
            minutes: 120,
            level: 2,
            ..Session::default()
        });
        self.option(self.east);
    }

    /// Another way to hold the latest session.
    pub(crate) fn option(&mut self, place: PlaceIx) -> OptionIx {
        let options = &mut self.input.sessions.last_mut().expect("a session").options;
        options.push(HostOption { place: Some(place), allowed: true, ..HostOption::default() });
        options.len() - 1
    }

    fn last(&mut self) -> &mut Session {
        self.input.sessions.last_mut().expect("a session")
    }

    pub(crate) fn series_mut(&mut self) -> &mut Series {
        &mut self.input.series[0]
    }

    /// An education group that has everything that is stated so far.
    pub(crate) fn group(&mut self) -> &mut Group {
        let input = &mut self.input;
        let group = input.groups.len();
        input.places.iter_mut().for_each(|place| place.group = Some(group));
        input.people.iter_mut().for_each(|person| person.group = Some(group));
        input.series.iter_mut().for_each(|series| series.group = Some(group));
        let limits = input.limits;
        input.groups.push(Group { name: "一实小教育集团".into(), limits, ..Group::default() });
        &mut input.groups[group]
    }

    pub(crate) fn requires(&mut self, person: PersonIx) {
        self.last().options.iter_mut().for_each(|option| option.required.push(person));
    }

    pub(crate) fn presents(&mut self, candidates: &[PersonIx]) {
        self.last().options.iter_mut().for_each(|option| option.presenter_slots.push(candidates.to_vec()));
    }

    pub(crate) fn invites(&mut self, people: &[PersonIx]) {
        let members = people.iter().map(|&person| AudienceMember {
            person,
            place: self.input.people[person].base,
            optional: false,
        });
        let members = members.collect::<Vec<_>>();
        self.last().options.iter_mut().for_each(|option| option.audience.extend(&members));
    }

    pub(crate) fn window(&mut self, stretches: &[(DayIx, DayIx)]) {
        let label = ("月考后".to_owned(), "after the monthly exam".to_owned());
        self.last().window = Some(Window { stretches: stretches.to_vec(), label });
    }

    pub(crate) fn pin(&mut self, day: DayIx, time: &str) {
        let pinned = Placement { start: at(day, time), option: 0, room: Some(0), presenters: Vec::new() };
        self.last().pinned = Some(pinned);
    }

    /// Forty minutes of something.
    pub(crate) fn engage(
        &mut self,
        person: PersonIx,
        kind: EngagementKind,
        day: DayIx,
        time: &str,
        place: Option<PlaceIx>,
    ) {
        let start = at(day, time);
        let engagement =
            Engagement { start, end: start + 40, place, ends: None, kind, label: "公开课".into() };
        self.engagements(person).push(engagement);
    }

    /// What fills a person's days.
    pub(crate) fn engagements(&mut self, person: PersonIx) -> &mut Vec<Engagement> {
        Arc::make_mut(&mut self.input.people[person].engagements)
    }

    /// Not there from one day to another, both included.
    pub(crate) fn absent(&mut self, person: PersonIx, first: DayIx, last: DayIx) {
        let (start, end) = (at(first, "0:00"), at(last + 1, "0:00"));
        let (kind, label) = (EngagementKind::Absence, "请假".into());
        self.engagements(person).push(Engagement { start, end, place: None, ends: None, kind, label });
    }

    pub(crate) fn closes(&mut self, day: DayIx, place: PlaceIx) {
        let label = ("月考".to_owned(), "monthly exam".to_owned());
        self.input.days[day].closed_places.push((place, label));
    }

    pub(crate) fn build(&self) -> Problem {
        Problem::build(self.input.clone()).expect("a sound problem")
    }

    /// A plan, written session by session.
    pub(crate) fn plan(&self, write: impl FnOnce(Writing) -> Writing) -> Assignment {
        let mut plan = write(Writing { plan: Vec::new(), town: self }).plan;
        plan.resize(self.input.sessions.len(), None);
        plan
    }

    /// Judges a plan by one rule alone and compares the amount it finds.
    #[track_caller]
    pub(crate) fn expect(
        &self,
        rule: &str,
        count: i64,
        write: impl FnOnce(Writing) -> Writing,
    ) -> Vec<Violation> {
        let rules = Rules::standard().only(&[rule]);
        let found = evaluate(&self.build(), &rules, &self.plan(write)).rules.pop().expect("a rule");
        assert_eq!((found.name, found.count), (rule, count), "{:#?}", found.violations);
        found.violations
    }
}

pub(crate) struct Writing<'t> {
    plan: Assignment,
    town: &'t Town,
}

impl Writing<'_> {
    /// Places the next session in the first way and the first room.
    pub(crate) fn at(mut self, day: DayIx, time: &str) -> Self {
        let placement = Placement { start: at(day, time), option: 0, room: Some(0), presenters: Vec::new() };
        self.plan.push(Some(placement));
        self
    }

    pub(crate) fn then(self, day: DayIx, time: &str) -> Self {
        self.at(day, time)
    }

    fn last(&mut self) -> &mut Placement {
        self.plan.last_mut().and_then(Option::as_mut).expect("a placement")
    }

    pub(crate) fn held(mut self, option: OptionIx) -> Self {
        let session = self.plan.len() - 1;
        assert!(option < self.town.input.sessions[session].options.len());
        self.last().option = option;
        self
    }

    pub(crate) fn in_room(mut self, room: RoomIx) -> Self {
        self.last().room = Some(room);
        self
    }

    pub(crate) fn without_room(mut self) -> Self {
        self.last().room = None;
        self
    }

    pub(crate) fn by(mut self, presenters: &[PersonIx]) -> Self {
        self.last().presenters = presenters.to_vec();
        self
    }
}
