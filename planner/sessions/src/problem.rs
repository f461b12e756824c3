//! What is to be planned: days, places, rooms, people, series and their sessions.
//!
//! Everything is numbered from 0 in the order of its vector; `…Ix` types are those numbers. Instants are
//! [`Minute`]s, so that the engine compares integers only.

use std::sync::Arc;

use chrono::NaiveDate;

/// Minutes of local time since 00:00 of the problem's first day (`day * 1440 + minute of day`).
pub type Minute = i32;
/// Minutes of one day.
pub const DAY: Minute = 24 * 60;

/// Index into [`ProblemInput::days`].
pub type DayIx = usize;
/// Index into [`ProblemInput::places`].
pub type PlaceIx = usize;
/// Index into [`ProblemInput::rooms`].
pub type RoomIx = usize;
/// Index into [`ProblemInput::people`].
pub type PersonIx = usize;
/// Index into [`ProblemInput::series`].
pub type SeriesIx = usize;
/// Index into [`ProblemInput::sessions`].
pub type SessionIx = usize;
/// Index into [`Session::options`].
pub type OptionIx = usize;
/// Index into [`ProblemInput::groups`].
pub type GroupIx = usize;
/// Number of a set of programmes that are kept together, from 0 without gaps.
pub type ParallelIx = usize;

/// Number of the lessons of one subject, stage and grade.
pub type LessonsIx = usize;

/// A planning problem as the caller states it; `Problem::build` checks it and prepares it for search.
#[derive(Debug, Clone)]
pub struct ProblemInput {
    /// Date of day 0; a Monday is not required.
    pub first_day: NaiveDate,
    /// One entry per calendar day from `first_day` on, without gaps, weekends included.
    pub days: Vec<Day>,
    /// Schools.
    pub places: Vec<Place>,
    /// Education groups, with what each has set for itself. May be empty: then the defaults hold for everybody.
    pub groups: Vec<Group>,
    /// Rooms of the schools.
    pub rooms: Vec<Room>,
    /// Everybody who may come to a session, with what already fills her days.
    pub people: Vec<Person>,
    /// Programmes: sessions that belong together.
    pub series: Vec<Series>,
    /// The sessions to place.
    pub sessions: Vec<Session>,
    /// Minutes of travel, `travel[from][to]`, square over `places`, ≥ 0, 0 on the diagonal.
    pub travel: Vec<Vec<Minute>>,
    /// When sessions may run.
    pub hours: Hours,
    /// Limits for whoever and whatever belongs to no group.
    pub limits: Limits,
    /// `(rule name, weight)`: overrides of the rules' default weights, ≥ 0; 0 switches a soft rule off. A group's own come first.
    pub weights: Vec<(String, i64)>,
}

/// An education group (教育集团).
///
/// Whatever a rule looks at belongs to at most one group: a session or programme to the one that holds it, a person or school to its
/// own. That group's limits and weights count.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Name as people read it.
    pub name: String,
    /// Its core schools.
    pub core: Vec<PlaceIx>,
    /// Least and most percent of the group's sessions on site that its core schools host together, 0–100; `None`: no demand.
    pub core_share: Option<(u8, u8)>,
    /// Its limits.
    pub limits: Limits,
    /// Its weights, like [`ProblemInput::weights`].
    pub weights: Vec<(String, i64)>,
}

/// A calendar day of the term.
#[derive(Debug, Clone, Default)]
pub struct Day {
    /// Why nobody may be invited on this day (holiday, weekend, exam …), as a person reads it: `(zh, en)`. `None`: open.
    pub closed: Option<(String, String)>,
    /// Why single places are closed on this day, when the district is open.
    pub closed_places: Vec<(PlaceIx, (String, String))>,
    /// Number of the teaching week (第N周), from 1.
    pub week: u16,
    /// A free weekend day: open only to sessions that allow it ([`Session::allows_weekend`]); `closed` is for days closed to all.
    pub weekend: bool,
}

/// A school.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Name as people read it.
    pub name: String,
    /// Number of teachers, ≥ 0: hosting is balanced by it.
    pub size: u32,
    /// The group it belongs to.
    pub group: Option<GroupIx>,
    /// Turns of hosting taken in earlier terms beyond its share, in thousandths; negative: it owes some.
    pub turns_ahead: i64,
}

/// A room in which sessions are held.
#[derive(Debug, Clone)]
pub struct Room {
    /// Name as people read it.
    pub name: String,
    /// The school it stands in.
    pub place: PlaceIx,
    /// Seats, ≥ 1.
    pub capacity: u32,
    /// Equipment present, as names that sessions ask for.
    pub equipment: Vec<String>,
    /// When it is taken by sessions that this plan does not move: `(start, end)`.
    pub taken: Vec<(Minute, Minute)>,
    /// What takes it at each of those times, in their order, as people read it; may be shorter: then reasons do not say.
    pub taken_by: Vec<String>,
}

/// A teacher, leader or researcher.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Name as people read it.
    pub name: String,
    /// Where she starts and ends an ordinary day.
    pub base: PlaceIx,
    /// Days on which she is based elsewhere (itinerant days, postings).
    pub away: Vec<(DayIx, PlaceIx)>,
    /// What already fills her days; need not be sorted. Shared, as these are most of a problem and copies of it stand side by side.
    pub engagements: Arc<Vec<Engagement>>,
    /// The group she belongs to.
    pub group: Option<GroupIx>,
    /// Days of lessons that colleagues cover already, because of sessions outside this problem: one entry per lesson.
    pub covered: Vec<DayIx>,
    /// Whether she should take part in joint teaching research regularly, as teachers do: `meets_often` asks only for these.
    pub should_meet: bool,
}

/// Something a person already has to do.
#[derive(Debug, Clone)]
pub struct Engagement {
    /// When it starts.
    pub start: Minute,
    /// When it ends, > `start`.
    pub end: Minute,
    /// Where; `None`: online, or in two rooms at once.
    pub place: Option<PlaceIx>,
    /// The rooms at both ends, the receiving one first, of a session that is held in two; reasons name them.
    pub ends: Option<(RoomIx, RoomIx)>,
    /// What kind it is, which decides what a clash means.
    pub kind: EngagementKind,
    /// What it is, as a person reads it: "五年级（2）班 数学", "单元作业设计". Shared by the lessons of one timetable entry.
    pub label: Arc<str>,
}

/// What a clash with an engagement means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EngagementKind {
    /// A lesson: it can be covered by a colleague (调课), at a cost.
    Lesson,
    /// A lesson of a class that a session from afar may be given to, by the number of [`Session::receives`]; no other class of its school
    /// has one of that number then. Its teacher is at a session that is held inside it; for any other it is a lesson like all.
    Received(LessonsIx),
    /// Presence at a place (an itinerant day): a session elsewhere clashes, one at the same place or online does not.
    Presence,
    /// A session that this plan does not move: never to be overlapped, and there must be time to travel.
    Session,
    /// She is not there at all (ill, on leave): she can be required at nothing, and is invited to nothing on any day that it touches.
    Absence,
}

impl EngagementKind {
    /// Whether a colleague could cover it.
    pub fn is_lesson(self) -> bool {
        matches!(self, EngagementKind::Lesson | EngagementKind::Received(_))
    }
}

/// A programme: the rules that hold between its sessions.
#[derive(Debug, Clone, Default)]
pub struct Series {
    /// Name as people read it: "语文学科联合教研".
    pub name: String,
    /// Least number of days between the dates of two sessions (soft); 0: none.
    pub min_gap_days: u16,
    /// At most one session in a calendar month (hard).
    pub one_per_month: bool,
    /// The half-day kept free for the subject (soft).
    pub subject_half_day: Option<HalfDay>,
    /// Whether hosting goes round among the allowed hosts: each once before any twice, then balanced by size (soft).
    pub rotates_hosts: bool,
    /// The group that holds it.
    pub group: Option<GroupIx>,
    /// Programmes with the same number keep together: their sessions of one number share a half-day (soft).
    pub parallel: Option<ParallelIx>,
}

/// A fixed weekday half-day (教研日).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HalfDay {
    /// ISO weekday, 1 = Monday … 7 = Sunday.
    pub weekday: u8,
    /// Morning or afternoon.
    pub half: Half,
}

/// Half of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// Before noon.
    Morning,
    /// After noon.
    Afternoon,
}

/// A session to place.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// The programme it belongs to.
    pub series: SeriesIx,
    /// Number within the programme, from 1.
    pub ordinal: u16,
    /// Name as people read it: "语文学科联合教研 第2次".
    pub name: String,
    /// Length in minutes, 1 ..= the longest half-day of [`Hours`].
    pub minutes: Minute,
    /// It may not start before this minute: now plus the notice its people need. Pinned sessions are exempt.
    pub earliest: Minute,
    /// Days on which it may be held, with the reason a person reads when another day is asked for; `None`: any open day.
    pub window: Option<Window>,
    /// Equipment the room must have.
    pub equipment: Vec<String>,
    /// Presenters must come from at least so many different schools; 0 and 1: no demand.
    pub presenter_schools: u8,
    /// Ways to hold it: one per school of the group, or one with `place: None` for an online session. At least one is allowed.
    pub options: Vec<HostOption>,
    /// Where it stands and must stay (pinned by a person, or already past); `None`: the planner is free.
    pub pinned: Option<Placement>,
    /// Level of who holds it: 0 district (县), 1 group (集团), 2 school (校). Whoever is invited to two at once goes to the one with the
    /// lower number, and where not everything finds a time, that is placed rather.
    pub level: u8,
    /// Whether it may be held in the evening ([`Hours::evening`]).
    pub allows_evening: bool,
    /// Whether it may be held on free weekend days ([`Day::weekend`]).
    pub allows_weekend: bool,
    /// What it has to do with the lessons of its option ([`HostOption::lessons`]).
    pub lessons: LessonRule,
    /// The number of those lessons, of a session that is held inside one: the same for all programmes that are given to the same classes.
    pub receives: Option<LessonsIx>,
}

/// How a session stands to the lessons of those who receive it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LessonRule {
    /// Not at all.
    #[default]
    Free,
    /// It begins with one of the lessons and ends by its end (专递课堂, 同步课堂; hard). Its start need not lie on the grid of times.
    Inside,
    /// At least so many of the lessons lie wholly within it (送课下乡; soft).
    During(u8),
}

/// Days on which a session may be held.
#[derive(Debug, Clone)]
pub struct Window {
    /// First and last day of each stretch, both included, ascending.
    pub stretches: Vec<(DayIx, DayIx)>,
    /// The demand as a person reads it: `(zh, en)`, e.g. ("期中考试后2周内", "within two weeks after the mid-term exam").
    pub label: (String, String),
}

/// One way to hold a session: who hosts, and who comes because of it.
#[derive(Debug, Clone, Default)]
pub struct HostOption {
    /// Host school; `None`: online, without a room.
    pub place: Option<PlaceIx>,
    /// Whether the programme's host rule allows it. The search uses allowed options only; a person may choose another and is told.
    pub allowed: bool,
    /// Chair, researcher and others who must be there; presenters are not among them.
    pub required: Vec<PersonIx>,
    /// One entry per presenter, with who could be it (never empty).
    pub presenter_slots: Vec<Vec<PersonIx>>,
    /// Who is invited.
    pub audience: Vec<AudienceMember>,
    /// Start and end of each lesson over the whole term that [`Session::lessons`] is about, ascending: of the receiving class, or of
    /// the subject at the receiving school.
    pub lessons: Vec<(Minute, Minute)>,
    /// A room at the sending end that is taken as well (专递课堂, 同步课堂); then nobody travels: whoever is at neither end joins online.
    pub second_room: Option<RoomIx>,
    /// Least number of invited people of a school who can come, apart from clashes with other sessions of the plan.
    pub quotas: Vec<(PlaceIx, u16)>,
}

/// Somebody invited to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudienceMember {
    /// Who.
    pub person: PersonIx,
    /// The school for which she counts: she is invited on days on which she is based there.
    pub place: PlaceIx,
    /// Whether she may stay away: then her coming is welcome (soft), not expected (medium).
    pub optional: bool,
}

/// When sessions may run, in minutes of the day.
#[derive(Debug, Clone, Copy)]
pub struct Hours {
    /// Sessions start on multiples of this many minutes after midnight, ≥ 1.
    pub step: Minute,
    /// The morning: a session that starts in it ends in it.
    pub morning: (Minute, Minute),
    /// The afternoon, likewise.
    pub afternoon: (Minute, Minute),
    /// The evening, likewise, for sessions that allow it; empty when both are equal.
    pub evening: (Minute, Minute),
    /// Travel before this minute costs.
    pub travel_from: Minute,
    /// Travel after this minute costs.
    pub travel_until: Minute,
}

/// Limits that rules read. `None`: no limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Lessons of one person that may be covered in one week; one who would need more is excused.
    pub cover_per_week: u16,
    /// Sessions of one person in one week (soft above).
    pub sessions_per_week: Option<u16>,
    /// Sessions that one school hosts on one day (soft above).
    pub sessions_per_school_day: Option<u16>,
    /// Minutes of one person's travel to sessions over the planned days (soft above).
    pub travel_per_term: Option<Minute>,
    /// Everybody who should meet does so at least once in so many weeks, ≥ 1.
    pub weeks_between_meetings: Option<u16>,
    /// A way of at least so many minutes is far: people of one school then go on one day.
    pub far: Option<Minute>,
}

/// Where a session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// When it starts.
    pub start: Minute,
    /// Which way it is held.
    pub option: OptionIx,
    /// The room, exactly when the option has a place.
    pub room: Option<RoomIx>,
    /// One person per presenter slot of the option.
    pub presenters: Vec<PersonIx>,
}

/// A plan: where each session stands, by session; `None`: not placed.
pub type Assignment = Vec<Option<Placement>>;
