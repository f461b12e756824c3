//! What decided about a teacher, as things that can be named.

use super::{Alternative, Other};
use crate::build::{Bar, Problem};
use crate::evaluate::{counted, filled, moves};
use crate::goal::{Goal, Level};
use crate::problem::*;
use crate::rule::{Rule, cell_name, rule_words};
use crate::words::Words;

/// Something that decided about a teacher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// She may not move.
    NotEligible(Option<Words>),
    /// No move is open to her.
    NoMove,
    /// She has to move.
    MustMove,
    /// It was decided beforehand.
    Pinned,
    /// Her only move that is allowed.
    OnlyMove(MoveIx),
    /// It ends alike for those she is linked with.
    Linked(LinkIx),
    /// She goes to her wish of this rank.
    Wish(u32),
    /// Otherwise these rules could not hold together.
    Rules(Vec<Rule>),
    /// Otherwise posts of this cell would stay vacant: nobody else can fill them without leaving others vacant.
    NobodyElse(CellIx),
    /// Otherwise the first level that gets worse would be this one, by its position.
    Level(usize),
    /// Otherwise nothing would get worse in any level: another outcome is as good.
    AsGood,
    /// This rule concerns her and stands at its limit.
    AtLimit(Rule),
}

pub(super) fn of(
    problem: &Problem,
    levels: &[Level],
    assignment: &Assignment,
    teacher: TeacherIx,
    bars: &[Option<Bar>],
    alternative: &Alternative,
) -> Vec<Ground> {
    let facts = &problem.teachers[teacher];
    if !facts.eligible {
        return vec![Ground::NotEligible(facts.ineligible.clone())];
    }
    let mut grounds = Vec::new();
    let open: Vec<MoveIx> = (0..bars.len()).filter(|&choice| bars[choice].is_none()).collect();
    grounds.extend(open.is_empty().then_some(Ground::NoMove));
    grounds.extend(facts.pinned.map(|_| Ground::Pinned));
    grounds.extend(facts.must_move.then_some(Ground::MustMove));
    let outcome = assignment[teacher];
    let only = outcome.filter(|&choice| open == [choice]);
    grounds.extend(only.map(Ground::OnlyMove));
    grounds.extend(outcome.and_then(|choice| facts.moves[choice].wish).map(Ground::Wish));
    let links = problem.links.iter().enumerate().filter(|(_, link)| link.teachers.contains(&teacher));
    grounds.extend(links.map(|(link, _)| Ground::Linked(link)));
    match alternative {
        Alternative::Impossible(rules) if rules.is_empty() => {}
        Alternative::Impossible(rules) => grounds.push(Ground::Rules(rules.clone())),
        Alternative::Possible(other) => grounds.push(worse(problem, levels, assignment, other)),
    }
    grounds.extend(at_limit(problem, assignment, teacher).into_iter().map(Ground::AtLimit));
    grounds
}

/// What the alternative is worse in.
fn worse(problem: &Problem, levels: &[Level], assignment: &Assignment, other: &Other) -> Ground {
    let Some(worse) = other.levels.iter().position(|(before, after)| after > before) else {
        return Ground::AsGood;
    };
    if levels[worse].terms.iter().all(|&(goal, _)| goal != Goal::Vacancies) {
        return Ground::Level(worse);
    }
    let (before, after) = (filled(problem, assignment), filled(problem, &other.assignment));
    let emptier = |cell: &CellIx| after[*cell] < before[*cell] && after[*cell] < problem.cells[*cell].needed;
    (0..problem.cells.len()).find(emptier).map_or(Ground::Level(worse), Ground::NobodyElse)
}

/// Rules that stand at their limit and concern her: of her home, her destination and her wishes, and rates that count her.
fn at_limit(problem: &Problem, assignment: &Assignment, teacher: TeacherIx) -> Vec<Rule> {
    let facts = &problem.teachers[teacher];
    let filled = filled(problem, assignment);
    let mut rules = rates_at_limit(problem, assignment, teacher);
    let out = moves(assignment).filter(|&(who, _)| problem.teachers[who].home == facts.home).count();
    let stays = assignment[teacher].is_none();
    let is = |cap: Option<u32>, count: usize| cap.is_some_and(|cap| count >= cap as usize);
    if stays && is(problem.schools[facts.home].out_cap, out) {
        rules.push(Rule::OutCap(facts.home));
    }
    if let Some(cell) = facts.cell.filter(|&cell| stays && problem.cells[cell].low == Some(filled[cell])) {
        rules.push(Rule::CellLow(cell));
    }
    // Schools that she asked for and does not go to.
    for wished in facts.moves.iter().enumerate().filter(|(choice, _)| assignment[teacher] != Some(*choice)) {
        let (_, wished) = wished;
        if wished.wish.is_none() {
            continue;
        }
        let into =
            moves(assignment).filter(|&(who, choice)| problem.teachers[who].moves[choice].to == wished.to);
        if is(problem.schools[wished.to].in_cap, into.count()) {
            rules.push(Rule::InCap(wished.to));
        }
        rules.extend(
            wished.cell.filter(|&cell| problem.cells[cell].high == Some(filled[cell])).map(Rule::CellHigh),
        );
    }
    // Posts that she fills and that would else be too few.
    if let Some(cell) = assignment[teacher].and_then(|choice| facts.moves[choice].cell) {
        rules.extend((problem.cells[cell].low == Some(filled[cell])).then_some(Rule::CellLow(cell)));
    }
    rules.sort_unstable();
    rules.dedup();
    rules
}

fn rates_at_limit(problem: &Problem, assignment: &Assignment, teacher: TeacherIx) -> Vec<Rule> {
    let binds = |rate: &Rate| {
        let (above, below) = counted(rate, assignment);
        let moves = assignment[teacher].is_some();
        let side = if rate.bound == Bound::AtLeast { moves } else { !moves };
        side && rate.numerator.contains(&teacher) && above == rate.wanted(below)
    };
    let rates = problem.rates.iter().enumerate();
    rates.filter(|(_, rate)| binds(rate)).map(|(rate, _)| Rule::Rate(rate)).collect()
}

/// The ground as a sentence about her. `levels` are those of the options.
pub fn ground_words(problem: &Problem, levels: &[Level], teacher: TeacherIx, ground: &Ground) -> Words {
    let facts = &problem.teachers[teacher];
    match ground {
        Ground::NotEligible(Some(why)) => {
            Words::new(format!("不符合交流条件：{}", why.zh), format!("may not move: {}", why.en))
        }
        Ground::NotEligible(None) => Words::new("不符合交流条件", "may not move"),
        Ground::NoMove => Words::new("没有可去的学校", "no school is open to her"),
        Ground::MustMove => Words::new("按政策本轮必须交流", "has to move in this round"),
        Ground::Pinned => Words::new("此前已经确定", "was decided beforehand"),
        Ground::OnlyMove(choice) => {
            let school = &problem.schools[facts.moves[*choice].to].name;
            Words::new(format!("可去的学校只有{school}"), format!("{school} is the only school open to her"))
        }
        Ground::Linked(link) => rule_words(problem, Rule::Link(*link)),
        Ground::Wish(rank) => Words::new(format!("符合其第{rank}志愿"), format!("is her wish number {rank}")),
        Ground::Rules(rules) => {
            let words: Vec<Words> = rules.iter().map(|&rule| rule_words(problem, rule)).collect();
            let join = |of: fn(&Words) -> &str, by: &str| words.iter().map(of).collect::<Vec<_>>().join(by);
            Words::new(
                format!("否则下列要求不能同时满足：{}", join(|words| &words.zh, "；")),
                format!("otherwise these cannot hold together: {}", join(|words| &words.en, "; ")),
            )
        }
        Ground::NobodyElse(cell) => {
            let name = cell_name(problem, *cell);
            Words::new(
                format!("{name}的空缺没有其他人可以补上"),
                format!("nobody else can fill the vacancy at {name}"),
            )
        }
        Ground::Level(level) => {
            let name = levels.get(*level).map(Level::words).unwrap_or_default();
            Words::new(
                format!("另作安排，全县的“{}”会变差", name.zh),
                format!("any other outcome makes this worse for the county: {}", name.en),
            )
        }
        Ground::AsGood => Words::new(
            "另作安排，各项指标同样好，按固定次序取其一",
            "another outcome is as good in every respect; a fixed order decided",
        ),
        Ground::AtLimit(rule) => {
            let words = rule_words(problem, *rule);
            Words::new(format!("已到限度：{}", words.zh), format!("at its limit: {}", words.en))
        }
    }
}
