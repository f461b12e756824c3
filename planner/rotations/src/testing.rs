//! A small round that tests change one thing of.

use crate::problem::*;
use crate::words::Words;

/// Three schools with one cell each, and four teachers: 甲 and 乙 of the strong school, 丙 of the weak one, 丁 of the village's.
pub(crate) fn round() -> ProblemInput {
    let school = |name: &str, strength, locale| School {
        name: name.into(),
        strength: Some(strength),
        locale,
        ..School::default()
    };
    let cell = |school, needed: Fifths, present: Fifths| Cell {
        school,
        stage: "小学".into(),
        subject: "数学".into(),
        needed: needed * POST,
        present: present * POST,
        ..Cell::default()
    };
    ProblemInput {
        schools: vec![
            school("实验校", 90, Locale::Urban),
            school("石桥校", 50, Locale::Town),
            school("大塘校", 40, Locale::Village),
        ],
        cells: vec![cell(0, 2, 2), cell(1, 2, 1), cell(2, 1, 1)],
        teachers: vec![
            teacher("甲", 0, 5, vec![goes(1, 10, 30, Some(1)), goes(2, 10, 50, None)]),
            teacher("乙", 0, 3, vec![goes(1, 10, 25, None), goes(2, 10, 40, Some(2))]),
            teacher("丙", 1, 2, vec![goes(0, 20, 15, Some(1)), goes(2, 20, 45, None)]),
            teacher("丁", 2, 2, vec![goes(0, 30, 10, None), goes(1, 30, 20, None)]),
        ],
        unknown_increase: 45,
        ..ProblemInput::default()
    }
}

fn teacher(name: &str, home: SchoolIx, quality: i64, moves: Vec<Move>) -> Teacher {
    Teacher {
        name: name.into(),
        home,
        cell: Some(home),
        quality: Some(quality),
        backbone: quality >= 4,
        eligible: true,
        moves,
        ..Teacher::default()
    }
}

fn goes(to: SchoolIx, before: Minutes, after: Minutes, wish: Option<u32>) -> Move {
    Move {
        to,
        cell: Some(to),
        leaves: POST,
        brings: POST,
        commute_before: Some(before),
        commute_after: Some(after),
        wish,
        ..Move::default()
    }
}

/// So many percent of everybody, at least.
pub(crate) fn rate(percent: u32) -> Rate {
    Rate {
        name: Words::new("交流比例", "share of movers"),
        numerator: vec![0, 1, 2, 3],
        denominator: Denominator::People(4),
        share: Share::percent(percent),
        ..Rate::default()
    }
}
