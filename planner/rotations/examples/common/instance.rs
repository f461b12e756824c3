//! Reads the plain-text rotation instances of the benchmark and states their rules.
//!
//! ```text
//! N K S                            teachers, schools, subjects
//! teachers                         one line per school
//! count low high                   one line per school and subject: headcount before, least and most after
//! school subject quality backbone eligible n  school1 cost1 …     one line per teacher: the moves she could make
//! ```

use std::str::FromStr;

use rotation_planner::*;

/// The problem of an instance: headcounts within their band, movers between ⌈10%⌉ and ⌊15%⌋ of the eligible (at least the former),
/// 骨干 at least 20% of the movers, out of one school at most ⌈15%⌉ of its teachers (at least one).
pub fn read(text: &str) -> Result<ProblemInput, String> {
    let mut numbers = Numbers { words: text.split_ascii_whitespace() };
    let (teachers, schools, subjects): (usize, usize, usize) =
        (numbers.next()?, numbers.next()?, numbers.next()?);
    let mut input = ProblemInput::default();
    for school in 0..schools {
        let size: u32 = numbers.next()?;
        let out_cap = Some((size * 15).div_ceil(100).max(1));
        input.schools.push(School { name: format!("S{school}"), out_cap, ..School::default() });
    }
    for cell in 0..schools * subjects {
        let (count, low, high): (Fifths, Fifths, Fifths) =
            (numbers.next()?, numbers.next()?, numbers.next()?);
        input.cells.push(Cell {
            school: cell / subjects,
            subject: format!("{}", cell % subjects),
            needed: low * POST,
            present: count * POST,
            low: Some(low * POST),
            high: Some(high * POST),
            ..Cell::default()
        });
    }
    for teacher in 0..teachers {
        input.teachers.push(read_teacher(&mut numbers, teacher, subjects)?);
    }
    input.rates = rates(&input.teachers);
    Ok(input)
}

fn read_teacher(numbers: &mut Numbers<'_>, number: usize, subjects: usize) -> Result<Teacher, String> {
    let (home, subject): (SchoolIx, usize) = (numbers.next()?, numbers.next()?);
    let quality: i64 = numbers.next()?;
    let (backbone, eligible): (u8, u8) = (numbers.next()?, numbers.next()?);
    let count: usize = numbers.next()?;
    let mut moves = Vec::with_capacity(count);
    for _ in 0..count {
        let (to, cost): (SchoolIx, i64) = (numbers.next()?, numbers.next()?);
        let cell = Some(to * subjects + subject);
        moves.push(Move { to, cell, leaves: POST, brings: POST, cost, ..Move::default() });
    }
    Ok(Teacher {
        name: format!("T{number}"),
        home,
        cell: Some(home * subjects + subject),
        quality: Some(quality),
        backbone: backbone == 1,
        eligible: eligible == 1,
        moves,
        ..Teacher::default()
    })
}

fn rates(teachers: &[Teacher]) -> Vec<Rate> {
    let who = |counts: fn(&Teacher) -> bool| -> Vec<TeacherIx> {
        (0..teachers.len()).filter(|&ix| counts(&teachers[ix])).collect()
    };
    let eligible = who(|teacher| teacher.eligible);
    let people = eligible.len() as u32;
    let least = Rate {
        name: Words::new("交流比例下限", "least share of movers"),
        numerator: eligible.clone(),
        denominator: Denominator::People(people),
        share: Share::percent(10),
        ..Rate::default()
    };
    let number = (least.wanted(i64::from(people)) as u32).max(people * 15 / 100);
    let most = Rate {
        name: Words::new("交流比例上限", "greatest share of movers"),
        share: Share { parts: number, of: people.max(1) },
        bound: Bound::AtMost,
        ..least.clone()
    };
    let backbone = Rate {
        name: Words::new("骨干比例", "share of backbone teachers"),
        numerator: who(|teacher| teacher.backbone),
        denominator: Denominator::MoversAmong(eligible),
        share: Share::percent(20),
        ..Rate::default()
    };
    vec![least, most, backbone]
}

struct Numbers<'a> {
    words: std::str::SplitAsciiWhitespace<'a>,
}

impl Numbers<'_> {
    fn next<T: FromStr>(&mut self) -> Result<T, String> {
        let word = self.words.next().ok_or("the instance ends too early")?;
        word.parse().map_err(|_| format!("{word} is not the number that should stand there"))
    }
}
