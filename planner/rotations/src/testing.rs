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

/// Sixty teachers of eight schools, with costs at random, a rate of movers and caps: large enough to leave columns out.
pub(crate) fn crowd(seed: u64) -> ProblemInput {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
    let mut up_to = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % (most + 1)
    };
    let mut input = ProblemInput::default();
    for school in 0..8 {
        input.schools.push(School { name: format!("S{school}"), out_cap: Some(3), ..School::default() });
        let present = 8 * POST;
        let (low, high) = (Some(present - POST), Some(present + POST));
        input.cells.push(Cell { school, present, low, high, ..Cell::default() });
    }
    for number in 0..60 {
        let home = up_to(7) as usize;
        let mut moves = Vec::new();
        for to in (0..8).filter(|&to| to != home) {
            if up_to(9) < 6 {
                let cost = up_to(60) as i64 - 15;
                moves.push(Move { cost, ..goes(to, 10, 20, None) });
            }
        }
        input.teachers.push(teacher(&format!("T{number}"), home, up_to(4) as i64 + 1, moves));
    }
    let everybody: Vec<TeacherIx> = (0..60).collect();
    let movers = Rate { numerator: everybody.clone(), denominator: Denominator::People(60), ..rate(20) };
    let backbone = (0..60).filter(|&who| input.teachers[who].backbone).collect();
    let share = Rate { numerator: backbone, denominator: Denominator::MoversAmong(everybody), ..rate(45) };
    input.rates = vec![movers, share];
    input
}
