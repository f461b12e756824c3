//! A county of the size that the planner is made for: 21 schools in five groups, about 1,080 people with full timetables,
//! 143 days, 195 sessions, and something for each rule to look at. Written from numbers alone, so it is the same everywhere.

use chrono::NaiveDate;
use session_planner::*;

const SCHOOLS: [&[u32]; 5] =
    [&[140, 62, 38, 32], &[96, 40, 36, 24], &[118, 52, 40, 44], &[88, 76, 46, 38, 24], &[38, 14, 12, 12]];
const SUBJECTS: [&str; 8] = ["语文", "数学", "英语", "科学", "体育", "音乐", "美术", "道德与法治"];
/// Cumulative percentages of teachers by subject.
const SHARES: [usize; 8] = [26, 50, 68, 76, 84, 90, 95, 100];
const PERIODS: [Minute; 7] = [500, 550, 610, 660, 840, 890, 940];
const DAYS: usize = 143;
const SESSIONS_OF_GROUP: usize = 39;

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

struct Teacher {
    group: usize,
    subject: usize,
    base: PlaceIx,
    person: PersonIx,
}

pub fn county() -> ProblemInput {
    let mut dice = Dice(2026);
    let (places, group_of) = places();
    let (mut people, teachers) = people(&mut dice, &group_of, &places);
    let researchers = (0..10).map(|ix| person(&mut people, format!("教研员{ix}"), 0)).collect::<Vec<_>>();
    let (series, sessions) = sessions(&mut dice, &group_of, &teachers, &researchers, &people);
    ProblemInput {
        first_day: NaiveDate::from_ymd_opt(2026, 8, 31).expect("a date"),
        days: (0..DAYS).map(day).collect(),
        rooms: rooms(&places),
        groups: groups(&group_of),
        travel: travel(&group_of),
        places,
        people,
        series,
        sessions,
        hours: Hours {
            step: 10,
            morning: (480, 720),
            afternoon: (780, 1_050),
            evening: (0, 0),
            travel_from: 450,
            travel_until: 1_110,
        },
        limits: Limits { cover_per_week: 2, ..Limits::default() },
        weights: Vec::new(),
    }
}

fn day(ix: usize) -> Day {
    let closed = match ix {
        _ if ix % 7 >= 5 => Some(("周末", "weekend")),
        25..=27 => Some(("中秋节", "Mid-Autumn Festival")),
        31..=37 => Some(("国庆节", "National Day")),
        123 => Some(("元旦", "New Year")),
        _ => None,
    };
    Day { closed: closed.map(|(zh, en)| (zh.into(), en.into())), week: 1 + (ix / 7) as u16, ..Day::default() }
}

fn groups(group_of: &[usize]) -> Vec<Group> {
    let group = |number: usize| Group {
        name: format!("集团{number}"),
        core: group_of.iter().position(|&group| group == number).into_iter().collect(),
        core_share: Some((25, 60)),
        limits: Limits {
            cover_per_week: 2,
            sessions_per_week: Some(2),
            sessions_per_school_day: Some(2),
            travel_per_term: Some(400),
            weeks_between_meetings: Some(6),
            far: Some(30),
        },
        weights: Vec::new(),
    };
    (0..SCHOOLS.len()).map(group).collect()
}

fn places() -> (Vec<Place>, Vec<usize>) {
    let all =
        SCHOOLS.iter().enumerate().flat_map(|(group, sizes)| sizes.iter().map(move |&size| (group, size)));
    let place = |(ix, (group, size))| {
        let turns_ahead = (ix as i64 % 3 - 1) * 400;
        let name = format!("第{ix}小学");
        (Place { name, size, group: Some(group), turns_ahead }, group)
    };
    all.enumerate().map(place).unzip()
}

fn rooms(places: &[Place]) -> Vec<Room> {
    let mut rooms = Vec::new();
    for (place, school) in places.iter().enumerate() {
        let large = school.size + 60;
        for (name, capacity) in [("报告厅", large), ("会议室", 50), ("录播教室", 45)] {
            if name == "会议室" && school.size < 30 {
                continue;
            }
            let records = name == "录播教室" || (name == "报告厅" && school.size > 45);
            let equipment = if records { vec!["录播".to_owned()] } else { Vec::new() };
            rooms.push(Room {
                name: name.into(),
                place,
                capacity,
                equipment,
                taken: Vec::new(),
                taken_by: Vec::new(),
            });
        }
    }
    rooms
}

fn travel(group_of: &[usize]) -> Vec<Vec<Minute>> {
    let minutes = |from: usize, to: usize| match () {
        () if from == to => 0,
        () if group_of[from] == group_of[to] => 15 + ((from * 7 + to * 7) % 25) as Minute,
        () => 30 + ((from * 5 + to * 5) % 30) as Minute,
    };
    (0..group_of.len()).map(|from| (0..group_of.len()).map(|to| minutes(from, to)).collect()).collect()
}

fn person(people: &mut Vec<Person>, name: String, base: PlaceIx) -> PersonIx {
    people.push(Person { name, base, ..Person::default() });
    people.len() - 1
}

fn people(dice: &mut Dice, group_of: &[usize], places: &[Place]) -> (Vec<Person>, Vec<Teacher>) {
    let mut people = Vec::new();
    let mut teachers = Vec::new();
    for (base, school) in places.iter().enumerate() {
        for ix in 0..school.size as usize {
            let percent = (ix * 37) % 100;
            let subject = SHARES.iter().position(|&share| percent < share).unwrap_or(0);
            let person = person(&mut people, format!("教师{base}-{ix}"), base);
            people[person].engagements = timetable(dice, base, subject).into();
            people[person].group = Some(group_of[base]);
            people[person].should_meet = true;
            teachers.push(Teacher { group: group_of[base], subject, base, person });
        }
    }
    (people, teachers)
}

fn subject_half_day(subject: usize) -> HalfDay {
    HalfDay { weekday: 1 + (subject % 5) as u8, half: Half::Afternoon }
}

/// Fourteen lessons a week, few of them on the subject's half-day.
fn timetable(dice: &mut Dice, base: PlaceIx, subject: usize) -> Vec<Engagement> {
    let mut week = Vec::new();
    while week.len() < 14 {
        let (weekday, period) = (dice.below(5), dice.below(7));
        let free = subject_half_day(subject);
        let kept_free = usize::from(free.weekday) == weekday + 1 && period >= 4 && dice.below(20) != 0;
        if !kept_free && !week.contains(&(weekday, period)) {
            week.push((weekday, period));
        }
    }
    let lesson = |number: usize, (weekday, period): (usize, usize)| {
        let start = (number * 7 + weekday) as Minute * DAY + PERIODS[period];
        let label = SUBJECTS[subject].into();
        Engagement {
            start,
            end: start + 40,
            place: Some(base),
            ends: None,
            kind: EngagementKind::Lesson,
            label,
        }
    };
    let lessons = (0..DAYS / 7).flat_map(|number| week.iter().map(move |&at| (number, at)));
    let lessons = lessons.map(|(number, at)| lesson(number, at));
    lessons.filter(|lesson| day((lesson.start / DAY) as usize).closed.is_none()).collect()
}

fn sessions(
    dice: &mut Dice,
    group_of: &[usize],
    teachers: &[Teacher],
    researchers: &[PersonIx],
    people: &[Person],
) -> (Vec<Series>, Vec<Session>) {
    let (mut all_series, mut sessions) = (Vec::new(), Vec::new());
    for group in 0..SCHOOLS.len() {
        let mut left = SESSIONS_OF_GROUP;
        for (subject, name) in SUBJECTS.iter().enumerate() {
            let count = left.min(if subject < 7 { 5 } else { 4 });
            left -= count;
            all_series.push(Series {
                name: format!("集团{group}{name}联合教研"),
                min_gap_days: 14,
                one_per_month: subject == 3,
                subject_half_day: Some(subject_half_day(subject)),
                rotates_hosts: true,
                group: Some(group),
                // 音乐 and 美术 keep together.
                parallel: (5..7).contains(&subject).then_some(group),
            });
            let invited = teachers.iter().filter(|one| one.group == group && one.subject == subject);
            let invited = invited.collect::<Vec<_>>();
            for ordinal in 1..=count {
                let researcher = researchers[subject % researchers.len()];
                let mut options = options(group, group_of, &invited, researcher);
                // The last of each programme is a lesson taken to a school (送课下乡), which those who will may watch.
                let brings_a_lesson = ordinal == count;
                if brings_a_lesson {
                    options.iter_mut().for_each(|option| bring_a_lesson(option, &invited, people));
                }
                sessions.push(Session {
                    series: all_series.len() - 1,
                    ordinal: ordinal as u16,
                    name: format!("集团{group}{name}联合教研 第{ordinal}次"),
                    minutes: 120 + 20 * dice.below(3) as Minute,
                    earliest: 3 * DAY,
                    presenter_schools: presenter_schools(&invited) as u8,
                    options,
                    level: u8::from(ordinal > 1),
                    equipment: if ordinal == 2 { vec!["录播".to_owned()] } else { Vec::new() },
                    lessons: if brings_a_lesson { LessonRule::During(1) } else { LessonRule::Free },
                    ..Session::default()
                });
            }
        }
    }
    (all_series, sessions)
}

/// Two schools present, where two have a teacher of the subject.
fn presenter_schools(invited: &[&Teacher]) -> usize {
    if invited.iter().any(|one| one.base != invited[0].base) { 2 } else { 1 }
}

/// The lessons of the subject at the host; guests only.
fn bring_a_lesson(option: &mut HostOption, invited: &[&Teacher], people: &[Person]) {
    option.audience.iter_mut().for_each(|member| member.optional = true);
    let at_host = invited.iter().filter(|one| Some(one.base) == option.place);
    let lessons = at_host.flat_map(|one| people[one.person].engagements.iter());
    option.lessons = lessons.map(|lesson| (lesson.start, lesson.end)).collect();
    option.lessons.sort_unstable();
    option.lessons.dedup();
}

fn options(group: usize, group_of: &[usize], invited: &[&Teacher], researcher: PersonIx) -> Vec<HostOption> {
    let hosts = (0..group_of.len()).filter(|&place| group_of[place] == group);
    let option = |place: PlaceIx| {
        let chair = invited.iter().find(|one| one.base == place).or(invited.first()).map(|one| one.person);
        HostOption {
            place: Some(place),
            allowed: true,
            required: chair.into_iter().chain([researcher]).collect(),
            presenter_slots: vec![invited.iter().map(|one| one.person).collect(); presenter_schools(invited)],
            audience: invited
                .iter()
                .map(|one| AudienceMember { person: one.person, place: one.base, optional: false })
                .collect(),
            quotas: invited.first().map(|one| (one.base, 1)).into_iter().collect(),
            ..HostOption::default()
        }
    };
    hosts.map(option).collect()
}
