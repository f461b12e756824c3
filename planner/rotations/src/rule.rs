//! The rules a proposal must keep, as things that can be named, broken by an amount, and relaxed.

use crate::build::Problem;
use crate::problem::*;
use crate::words::Words;

/// A hard rule, as it is named in conflicts, relaxations, breaches and explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A teacher who may not move stays, and nobody makes a barred move. Never relaxed.
    Allowed(TeacherIx),
    /// She has to move. Broken by 1.
    MustMove(TeacherIx),
    /// What was decided about her beforehand stands. Broken by 1.
    Pinned(TeacherIx),
    /// A volunteer moves to one of her wishes or not at all ([`VolunteerRule::Protected`]). Broken by 1.
    VolunteerNotWorse(TeacherIx),
    /// Linked teachers move as they asked. Broken by 1.
    Link(LinkIx),
    /// A rate. Broken by so many people of its numerator.
    Rate(RateIx),
    /// Most teachers who leave a school. Broken by so many people.
    OutCap(SchoolIx),
    /// Most teachers who come to a school. Broken by so many people.
    InCap(SchoolIx),
    /// Least posts filled in a cell. Broken by so many fifths.
    CellLow(CellIx),
    /// Most posts filled in a cell. Broken by so many fifths.
    CellHigh(CellIx),
    /// The longest way. Broken by so many minutes, of the one with the longest.
    LongestCommute,
}

/// What kind of rule it is: relaxations are sought by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleKind {
    /// [`Rule::Allowed`].
    Allowed,
    /// [`Rule::MustMove`].
    MustMove,
    /// [`Rule::Pinned`].
    Pinned,
    /// [`Rule::VolunteerNotWorse`].
    VolunteerNotWorse,
    /// [`Rule::Link`].
    Link,
    /// [`Rule::Rate`].
    Rate,
    /// [`Rule::OutCap`] and [`Rule::InCap`].
    SchoolCap,
    /// [`Rule::CellLow`] and [`Rule::CellHigh`].
    Cell,
    /// [`Rule::LongestCommute`].
    LongestCommute,
}

impl Rule {
    /// Its kind.
    pub fn kind(self) -> RuleKind {
        match self {
            Rule::Allowed(_) => RuleKind::Allowed,
            Rule::MustMove(_) => RuleKind::MustMove,
            Rule::Pinned(_) => RuleKind::Pinned,
            Rule::VolunteerNotWorse(_) => RuleKind::VolunteerNotWorse,
            Rule::Link(_) => RuleKind::Link,
            Rule::Rate(_) => RuleKind::Rate,
            Rule::OutCap(_) | Rule::InCap(_) => RuleKind::SchoolCap,
            Rule::CellLow(_) | Rule::CellHigh(_) => RuleKind::Cell,
            Rule::LongestCommute => RuleKind::LongestCommute,
        }
    }
}

/// The rules of a problem that can be relaxed, in the order in which they are named.
pub(crate) fn relaxable(problem: &Problem) -> Vec<Rule> {
    let mut rules = Vec::new();
    let teachers = || problem.teachers.iter().enumerate();
    rules.extend((0..problem.rates.len()).filter(|&rate| problem.rates[rate].soft.is_none()).map(Rule::Rate));
    for (school, facts) in problem.schools.iter().enumerate() {
        rules.extend(facts.out_cap.map(|_| Rule::OutCap(school)));
        rules.extend(facts.in_cap.map(|_| Rule::InCap(school)));
    }
    for (cell, facts) in problem.cells.iter().enumerate() {
        rules.extend(facts.low.map(|_| Rule::CellLow(cell)));
        rules.extend(facts.high.map(|_| Rule::CellHigh(cell)));
    }
    rules.extend(problem.longest_commute.map(|_| Rule::LongestCommute));
    rules.extend((0..problem.links.len()).map(Rule::Link));
    rules.extend(teachers().filter(|(_, teacher)| teacher.pinned.is_some()).map(|(ix, _)| Rule::Pinned(ix)));
    rules.extend(teachers().filter(|(_, teacher)| teacher.must_move).map(|(ix, _)| Rule::MustMove(ix)));
    rules.extend(
        (0..problem.teachers.len()).filter(|&ix| problem.is_protected(ix)).map(Rule::VolunteerNotWorse),
    );
    rules
}

/// The rule as a sentence that says what it asks, with its numbers.
pub fn rule_words(problem: &Problem, rule: Rule) -> Words {
    match rule {
        Rule::Allowed(teacher) => {
            let name = &problem.teachers[teacher].name;
            Words::new(
                format!("{name}只能按政策允许的去向交流"),
                format!("{name} moves only where the policy allows it"),
            )
        }
        Rule::MustMove(teacher) => {
            let name = &problem.teachers[teacher].name;
            Words::new(format!("{name}本轮必须交流"), format!("{name} has to move in this round"))
        }
        Rule::Pinned(teacher) => pin_words(problem, teacher),
        Rule::VolunteerNotWorse(teacher) => {
            let name = &problem.teachers[teacher].name;
            Words::new(
                format!("{name}自愿申报，只能去其志愿学校或留任"),
                format!("{name} volunteered: she goes to one of her wishes or stays"),
            )
        }
        Rule::Link(link) => link_words(problem, link),
        Rule::Rate(rate) => rate_words(problem, rate),
        Rule::OutCap(school) => {
            let (name, cap) = (&problem.schools[school].name, problem.schools[school].out_cap.unwrap_or(0));
            Words::new(format!("{name}交流出去不超过{cap}人"), format!("at most {cap} teachers leave {name}"))
        }
        Rule::InCap(school) => {
            let (name, cap) = (&problem.schools[school].name, problem.schools[school].in_cap.unwrap_or(0));
            Words::new(format!("{name}接收不超过{cap}人"), format!("at most {cap} teachers come to {name}"))
        }
        Rule::CellLow(cell) => {
            let (name, posts) = (cell_name(problem, cell), posts(problem.cells[cell].low.unwrap_or(0)));
            Words::new(
                format!("{name}交流后不少于{posts}人"),
                format!("{name} keeps at least {posts} posts filled"),
            )
        }
        Rule::CellHigh(cell) => {
            let (name, posts) = (cell_name(problem, cell), posts(problem.cells[cell].high.unwrap_or(0)));
            Words::new(
                format!("{name}交流后不超过{posts}人"),
                format!("{name} has at most {posts} posts filled"),
            )
        }
        Rule::LongestCommute => {
            let limit = problem.longest_commute.unwrap_or(0);
            Words::new(
                format!("单程通勤不超过{limit}分钟"),
                format!("nobody's way to the new school takes more than {limit} minutes"),
            )
        }
    }
}

/// What relaxing a rule by so much means, as a sentence. `by` is in the unit of the rule, ≥ 1.
pub fn relaxation_words(problem: &Problem, rule: Rule, by: i64) -> Words {
    match rule {
        Rule::Rate(rate) => relaxed_rate(problem, rate, by),
        Rule::OutCap(school) => {
            let (name, cap) =
                (&problem.schools[school].name, i64::from(problem.schools[school].out_cap.unwrap_or(0)));
            Words::new(
                format!("{name}交流出去上限由{cap}人放宽到{}人", cap + by),
                format!("let {} instead of {cap} teachers leave {name}", cap + by),
            )
        }
        Rule::InCap(school) => {
            let (name, cap) =
                (&problem.schools[school].name, i64::from(problem.schools[school].in_cap.unwrap_or(0)));
            Words::new(
                format!("{name}接收上限由{cap}人放宽到{}人", cap + by),
                format!("let {} instead of {cap} teachers come to {name}", cap + by),
            )
        }
        Rule::CellLow(cell) => {
            let (name, low) = (cell_name(problem, cell), problem.cells[cell].low.unwrap_or(0));
            let (old, new) = (posts(low), posts(low - by));
            Words::new(
                format!("{name}交流后下限由{old}人降到{new}人"),
                format!("lower the least posts of {name} from {old} to {new}"),
            )
        }
        Rule::CellHigh(cell) => {
            let (name, high) = (cell_name(problem, cell), problem.cells[cell].high.unwrap_or(0));
            let (old, new) = (posts(high), posts(high + by));
            Words::new(
                format!("{name}交流后上限由{old}人提到{new}人"),
                format!("raise the most posts of {name} from {old} to {new}"),
            )
        }
        Rule::LongestCommute => {
            let limit = problem.longest_commute.unwrap_or(0);
            Words::new(
                format!("单程通勤上限由{limit}分钟放宽到{}分钟", limit + by),
                format!("raise the longest way from {limit} to {} minutes", limit + by),
            )
        }
        Rule::MustMove(teacher) => {
            let name = &problem.teachers[teacher].name;
            Words::new(
                format!("{name}本轮暂缓交流，预先安排留任"),
                format!("defer {name} in this round: decide beforehand that {name} stays"),
            )
        }
        Rule::Pinned(teacher) => {
            let name = &problem.teachers[teacher].name;
            Words::new(format!("取消对{name}的预先安排"), format!("give up what was decided about {name}"))
        }
        Rule::VolunteerNotWorse(teacher) => {
            let name = &problem.teachers[teacher].name;
            Words::new(
                format!("{name}可以安排到志愿以外的学校"),
                format!("let {name} be moved to a school she did not ask for"),
            )
        }
        Rule::Link(link) => {
            let names = link_names(problem, link);
            Words::new(
                format!("{}不再要求一起安排", names.zh),
                format!("no longer keep {} together", names.en),
            )
        }
        Rule::Allowed(_) => rule_words(problem, rule),
    }
}

/// "城东小学小学数学", the posts as people read them.
pub fn cell_name(problem: &Problem, cell: CellIx) -> String {
    let facts = &problem.cells[cell];
    format!("{}{}{}", problem.schools[facts.school].name, facts.stage, facts.subject)
}

/// Fifths as posts: "3", "2.4".
pub fn posts(fifths: Fifths) -> String {
    let (sign, amount) = (if fifths < 0 { "-" } else { "" }, fifths.abs());
    match amount % POST {
        0 => format!("{sign}{}", amount / POST),
        rest => format!("{sign}{}.{}", amount / POST, rest * 2),
    }
}

fn pin_words(problem: &Problem, teacher: TeacherIx) -> Words {
    let facts = &problem.teachers[teacher];
    let name = &facts.name;
    let school = |choice: MoveIx| &problem.schools[facts.moves[choice].to].name;
    match facts.pinned {
        Some(Pin::Moves(choice)) => Words::new(
            format!("{name}已定交流到{}", school(choice)),
            format!("it is settled that {name} goes to {}", school(choice)),
        ),
        Some(Pin::Not(Some(choice))) => Words::new(
            format!("{name}已定不到{}", school(choice)),
            format!("it is settled that {name} does not go to {}", school(choice)),
        ),
        Some(Pin::Not(None)) => {
            Words::new(format!("{name}已定不留任"), format!("it is settled that {name} does not stay"))
        }
        Some(Pin::Stays) | None => {
            Words::new(format!("{name}已定留任"), format!("it is settled that {name} stays"))
        }
    }
}

fn link_names(problem: &Problem, link: LinkIx) -> Words {
    let names: Vec<&str> =
        problem.links[link].teachers.iter().map(|&teacher| problem.teachers[teacher].name.as_str()).collect();
    Words::new(names.join("、"), names.join(", "))
}

fn link_words(problem: &Problem, link: LinkIx) -> Words {
    let names = link_names(problem, link);
    match problem.links[link].kind {
        LinkKind::Together => Words::new(
            format!("{}要么一起交流，要么都不交流", names.zh),
            format!("{} move together or not at all", names.en),
        ),
        LinkKind::SameSchool => Words::new(
            format!("{}要么交流到同一所学校，要么都不交流", names.zh),
            format!("{} move to one school or not at all", names.en),
        ),
    }
}

/// "10%", "33.3%（1/3）": percent where it is short, else the fraction too.
pub(crate) fn share_text(share: Share) -> String {
    let (parts, of) = (u64::from(share.parts), u64::from(share.of.max(1)));
    if (parts * 100).is_multiple_of(of) {
        return format!("{}%", parts * 100 / of);
    }
    let tenths = (parts * 2000 + of) / (2 * of);
    format!("{}.{}%（{parts}/{of}）", tenths / 10, tenths % 10)
}

fn rate_words(problem: &Problem, rate: RateIx) -> Words {
    let facts = &problem.rates[rate];
    let share = share_text(facts.share);
    let (zh, en) = match facts.bound {
        Bound::AtLeast => ("不低于", "at least"),
        Bound::AtMost => ("不超过", "at most"),
    };
    let count = match facts.denominator {
        Denominator::People(people) => {
            let wanted = facts.wanted(i64::from(people));
            Words::new(format!("（{people}人中{wanted}人）"), format!(" ({wanted} of {people} people)"))
        }
        Denominator::MoversAmong(_) => Words::default(),
    };
    Words::new(
        format!("{}{zh}{share}{}", facts.name.zh, count.zh),
        format!("{} {en} {share}{}", facts.name.en, count.en),
    )
}

fn relaxed_rate(problem: &Problem, rate: RateIx, by: i64) -> Words {
    let facts = &problem.rates[rate];
    let change = match facts.denominator {
        Denominator::People(people) => {
            let wanted = facts.wanted(i64::from(people));
            let new = if facts.bound == Bound::AtLeast { wanted - by } else { wanted + by };
            let percent = new as f64 * 100.0 / f64::from(people.max(1));
            Words::new(
                format!("由{wanted}人调整为{new}人（{people}人的{percent:.1}%）"),
                format!("from {wanted} to {new} people ({percent:.1}% of {people})"),
            )
        }
        Denominator::MoversAmong(_) => Words::new(format!("放宽{by}人"), format!("by {by} people")),
    };
    let (limit, verb) = match facts.bound {
        Bound::AtLeast => ("最低人数", "lower the least"),
        Bound::AtMost => ("最高人数", "raise the most"),
    };
    Words::new(
        format!("将“{}”的{limit}{}", facts.name.zh, change.zh),
        format!("{verb} of {} {}", facts.name.en, change.en),
    )
}
