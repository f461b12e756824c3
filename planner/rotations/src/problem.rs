//! What is to be decided: schools, posts, teachers and the moves each could make, and the rules that bind them.
//!
//! Everything is numbered from 0 in the order of its vector; `…Ix` types are those numbers. All quantities are integers, so that
//! values compare exactly.

use crate::words::Words;

/// Index into [`ProblemInput::schools`].
pub type SchoolIx = usize;
/// Index into [`ProblemInput::cells`].
pub type CellIx = usize;
/// Index into [`ProblemInput::teachers`].
pub type TeacherIx = usize;
/// Index into [`Teacher::moves`].
pub type MoveIx = usize;
/// Index into [`ProblemInput::rates`].
pub type RateIx = usize;
/// Index into [`ProblemInput::links`].
pub type LinkIx = usize;

/// Posts in fifths: one weekday of a full post is 1.
pub type Fifths = i64;
/// One full post in [`Fifths`].
pub const POST: Fifths = 5;
/// Minutes of one way between home and school.
pub type Minutes = i64;

/// A rotation problem as the caller states it; `Problem::build` checks it and prepares it for solving.
#[derive(Debug, Clone, Default)]
pub struct ProblemInput {
    /// Schools.
    pub schools: Vec<School>,
    /// Posts: one entry per school, stage and subject that anybody leaves or enters.
    pub cells: Vec<Cell>,
    /// Everybody who is counted: candidates, and those whose quality counts for the evenness of strength.
    pub teachers: Vec<Teacher>,
    /// Rates to keep.
    pub rates: Vec<Rate>,
    /// Moves that hang together.
    pub links: Vec<Link>,
    /// Moves with a longer way to the new school are not allowed; `None`: no limit. An unknown way is allowed.
    pub longest_commute: Option<Minutes>,
    /// By how many minutes a way that is not known counts as longer, ≥ 0.
    pub unknown_increase: Minutes,
    /// What being a volunteer means for those who need not move.
    pub volunteers: VolunteerRule,
    /// A proposal to stay close to, for [`Goal::Changes`](crate::Goal::Changes): one entry per teacher. `None`: nothing to stay close to.
    pub reference: Option<Assignment>,
}

/// What being a volunteer means for a teacher who volunteers and need not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VolunteerRule {
    /// She is moved to a school of her wishes or not at all: never worse off than by staying, by her own ranking. A teacher who
    /// could be moved against her will protects herself by volunteering, so the caller should ask for several wishes.
    #[default]
    Protected,
    /// Like everybody else: any of her moves may be chosen.
    LikeOthers,
}

/// A school.
#[derive(Debug, Clone, Default)]
pub struct School {
    /// Name as people read it.
    pub name: String,
    /// How strong it is: higher is stronger. `None`: unknown. Read by the aggregates only; directions are stated by
    /// [`Move::barred`].
    pub strength: Option<i64>,
    /// Where it lies. Read by the aggregates only.
    pub locale: Locale,
    /// Most teachers who may leave; `None`: no limit.
    pub out_cap: Option<u32>,
    /// Most teachers who may come; `None`: no limit.
    pub in_cap: Option<u32>,
}

/// Where a school lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Locale {
    /// 城区.
    Urban,
    /// 乡镇.
    #[default]
    Town,
    /// 村.
    Village,
}

/// The posts of one school, stage and subject.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// The school.
    pub school: SchoolIx,
    /// Stage as people read it: "小学".
    pub stage: String,
    /// Subject as people read it: "数学"; empty for posts without one.
    pub subject: String,
    /// Posts needed, ≥ 0.
    pub needed: Fifths,
    /// Posts filled before the round, ≥ 0.
    pub present: Fifths,
    /// Least posts filled after the round; `None`: no limit.
    pub low: Option<Fifths>,
    /// Most posts filled after the round, ≥ `low`; `None`: no limit.
    pub high: Option<Fifths>,
}

/// Somebody who works at one of the schools.
#[derive(Debug, Clone, Default)]
pub struct Teacher {
    /// Name as people read it.
    pub name: String,
    /// The school whose post she holds.
    pub home: SchoolIx,
    /// Her posts, a cell of `home`; `None`: none that are counted (a principal).
    pub cell: Option<CellIx>,
    /// Teaching quality, higher is better, −1000 ..= 1000; `None`: unknown, and she does not count for the evenness of strength.
    pub quality: Option<i64>,
    /// Whether she counts as 骨干.
    pub backbone: bool,
    /// Whether she may move at all.
    pub eligible: bool,
    /// Why she may not, as a person reads it; only when not `eligible`.
    pub ineligible: Option<Words>,
    /// Whether she has to move in this round.
    pub must_move: bool,
    /// Whether she asked to move: see [`ProblemInput::volunteers`], [`exchange`](crate::exchange) and
    /// [`Goal::Wishes`](crate::Goal::Wishes).
    pub volunteer: bool,
    /// Whether she teaches a graduating grade. Read by the aggregates only; rates name their members.
    pub graduating: bool,
    /// Who goes first (years at the school, for instance): the higher, among volunteers of one school in the exchange, and among equals
    /// who are sent ([`Goal::Seniority`](crate::Goal::Seniority)). −1,000,000 ..= 1,000,000.
    pub priority: i64,
    /// What she could do other than stay, in the caller's order; of equals the earlier is preferred.
    pub moves: Vec<Move>,
    /// Decided beforehand: by a person, or by the exchange.
    pub pinned: Option<Pin>,
}

/// One way for a teacher to move.
#[derive(Debug, Clone, Default)]
pub struct Move {
    /// The school she goes to, not her own.
    pub to: SchoolIx,
    /// The posts she fills there, a cell of `to`; `None`: none that are counted.
    pub cell: Option<CellIx>,
    /// How.
    pub form: Form,
    /// ISO weekdays (1 = Monday … 7 = Sunday) at the other school, for 走教; empty: all.
    pub weekdays: Vec<u8>,
    /// How much of her post leaves her own cell, 0 ..= 5; 0 where the cell counts her as before (a leader who keeps her duty, 挂职).
    pub leaves: Fifths,
    /// How much the other cell gains, 0 ..= 5.
    pub brings: Fifths,
    /// Her way to her own school; `None`: unknown.
    pub commute_before: Option<Minutes>,
    /// Her way to the other school; `None`: unknown.
    pub commute_after: Option<Minutes>,
    /// Which of her wishes this is, from 1; `None`: none of them.
    pub wish: Option<u32>,
    /// What it costs by the caller's own measure, for [`Goal::Cost`](crate::Goal::Cost); may be negative.
    pub cost: i64,
    /// Why this move is not allowed although it was thought of (direction, stage …), as a person reads it. `None`: allowed.
    pub barred: Option<Words>,
}

/// How a teacher moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Form {
    /// 交流.
    #[default]
    Exchange,
    /// 支教.
    Support,
    /// 走教.
    Itinerant,
    /// 挂职.
    Secondment,
    /// 任职.
    Appointment,
}

/// What was decided about a teacher beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pin {
    /// She stays.
    Stays,
    /// She makes this move.
    Moves(MoveIx),
    /// She does anything but this.
    Not(Option<MoveIx>),
}

/// A share of some teachers that has to move.
#[derive(Debug, Clone, Default)]
pub struct Rate {
    /// Name as people read it: ("交流比例", "share of movers").
    pub name: Words,
    /// Who is counted above the line when she moves; each once.
    pub numerator: Vec<TeacherIx>,
    /// What stands below it.
    pub denominator: Denominator,
    /// The share.
    pub share: Share,
    /// Whether it is a least or a most.
    pub bound: Bound,
    /// How the share of the denominator becomes a number of people.
    pub rounding: Rounding,
    /// `None`: hard. `Some(weight ≥ 1)`: each person short of it costs so much in [`Goal::Quotas`](crate::Goal::Quotas).
    pub soft: Option<u32>,
}

/// What a rate is a share of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denominator {
    /// So many people, whoever moves.
    People(u32),
    /// Those of these teachers who move; each once.
    MoversAmong(Vec<TeacherIx>),
}

impl Default for Denominator {
    fn default() -> Denominator {
        Denominator::People(0)
    }
}

/// `parts / of`, exactly: 15% is 15/100, a third is 1/3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Above the line, ≤ 1,000,000.
    pub parts: u32,
    /// Below the line, 1 ..= 1,000,000.
    pub of: u32,
}

impl Default for Share {
    fn default() -> Share {
        Share { parts: 0, of: 100 }
    }
}

impl Share {
    /// So many percent.
    pub fn percent(percent: u32) -> Share {
        Share { parts: percent, of: 100 }
    }
}

/// Which side of a rate is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Bound {
    /// At least (不低于).
    #[default]
    AtLeast,
    /// At most (不超过).
    AtMost,
}

/// How a share of people becomes a number of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Rounding {
    /// To the next whole number above.
    #[default]
    Up,
    /// To the next whole number below.
    Down,
    /// To the nearest whole number, a half up.
    Half,
}

/// Moves of several teachers that hang together (夫妻, 结对).
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Who; at least two, each once.
    pub teachers: Vec<TeacherIx>,
    /// How.
    pub kind: LinkKind,
}

/// How linked teachers move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum LinkKind {
    /// All of them or none.
    #[default]
    Together,
    /// All of them or none, and to the same school.
    SameSchool,
}

/// What becomes of each teacher: `None` stays, `Some` makes that move.
pub type Assignment = Vec<Option<MoveIx>>;
