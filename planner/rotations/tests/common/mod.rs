//! Tiny random problems, and every assignment of one.
#![allow(dead_code, reason = "each test binary uses its own part")]

use rotation_planner::*;

/// SplitMix64: the same numbers on every machine.
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 ..= `most`.
    pub fn up_to(&mut self, most: u64) -> u64 {
        self.next() % (most + 1)
    }

    /// True in so many of 100 cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    pub fn number(&mut self, from: i64, to: i64) -> i64 {
        from + self.up_to((to - from) as u64) as i64
    }

    pub fn option<T>(&mut self, percent: u64, value: impl FnOnce(&mut Rng) -> T) -> Option<T> {
        if self.chance(percent) { Some(value(self)) } else { None }
    }
}

const SUBJECTS: usize = 2;

/// A problem with three or four schools, two subjects, up to six teachers and something of every rule.
pub fn tiny(seed: u64) -> Problem {
    let mut rng = Rng(seed);
    let schools = 3 + rng.up_to(1) as usize;
    let mut input = ProblemInput {
        unknown_increase: rng.number(0, 30),
        longest_commute: rng.option(40, |rng| rng.number(20, 60)),
        volunteers: if rng.chance(60) { VolunteerRule::Protected } else { VolunteerRule::LikeOthers },
        ..ProblemInput::default()
    };
    for school in 0..schools {
        input.schools.push(School {
            name: format!("S{school}"),
            out_cap: rng.option(40, |rng| rng.up_to(2) as u32),
            in_cap: rng.option(30, |rng| rng.up_to(2) as u32),
            ..School::default()
        });
    }
    for cell in 0..schools * SUBJECTS {
        let present = rng.number(0, 3) * POST;
        input.cells.push(Cell {
            school: cell / SUBJECTS,
            subject: format!("{}", cell % SUBJECTS),
            present,
            needed: (present + rng.number(-5, 5)).max(0),
            low: rng.option(30, |rng| (present - rng.number(0, 5)).max(0)),
            high: rng.option(30, |rng| present + rng.number(0, 7)),
            ..Cell::default()
        });
    }
    let teachers = 3 + rng.up_to(3) as usize;
    for number in 0..teachers {
        let teacher = teacher(&mut rng, number, schools);
        input.teachers.push(teacher);
    }
    for _ in 0..rng.up_to(3) {
        let rate = rate(&mut rng, teachers);
        input.rates.push(rate);
    }
    if rng.chance(30) {
        let first = rng.up_to(teachers as u64 - 2) as usize;
        let kind = if rng.chance(50) { LinkKind::Together } else { LinkKind::SameSchool };
        input.links.push(Link { teachers: vec![first, first + 1], kind });
    }
    let outcomes: Assignment = input.teachers.iter().map(|teacher| outcome(&mut rng, teacher)).collect();
    input.reference = rng.option(50, |_| outcomes);
    Problem::build(input).expect("a sound problem")
}

fn outcome(rng: &mut Rng, teacher: &Teacher) -> Option<MoveIx> {
    if teacher.moves.is_empty() || rng.chance(50) {
        return None;
    }
    Some(rng.up_to(teacher.moves.len() as u64 - 1) as usize)
}

fn teacher(rng: &mut Rng, number: usize, schools: usize) -> Teacher {
    let home = rng.up_to(schools as u64 - 1) as usize;
    let subject = rng.up_to(SUBJECTS as u64 - 1) as usize;
    let mut teacher = Teacher {
        name: format!("T{number}"),
        home,
        cell: rng.option(90, |_| home * SUBJECTS + subject),
        quality: rng.option(90, |rng| rng.number(1, 5)),
        backbone: rng.chance(40),
        eligible: rng.chance(90),
        volunteer: rng.chance(40),
        priority: rng.number(0, 3),
        ..Teacher::default()
    };
    teacher.must_move = teacher.eligible && rng.chance(15);
    let mut ranks = 0;
    for to in (0..schools).filter(|&to| to != home) {
        if rng.chance(75) {
            let whole = rng.chance(75);
            let part = |rng: &mut Rng| if whole { POST } else { rng.number(0, POST) };
            let wish = rng.option(40, |_| {
                ranks += 1;
                ranks
            });
            teacher.moves.push(Move {
                to,
                cell: rng.option(90, |_| to * SUBJECTS + subject),
                leaves: part(rng),
                brings: part(rng),
                commute_before: rng.option(90, |rng| rng.number(0, 40)),
                commute_after: rng.option(90, |rng| rng.number(0, 70)),
                wish,
                cost: rng.number(-20, 30),
                barred: rng.option(8, |_| Words::new("不行", "no")),
                ..Move::default()
            });
        }
    }
    teacher.pinned = rng.option(10, |_| Pin::Stays);
    let allowed = |choice: &usize| teacher.eligible && teacher.moves[*choice].barred.is_none();
    if let Some(choice) = (0..teacher.moves.len()).find(allowed) {
        let pins = [Pin::Moves(choice), Pin::Not(Some(choice)), Pin::Not(None)];
        teacher.pinned = teacher.pinned.or(rng.option(12, |rng| pins[rng.up_to(2) as usize]));
    }
    teacher
}

fn rate(rng: &mut Rng, teachers: usize) -> Rate {
    let numerator: Vec<TeacherIx> = (0..teachers).filter(|_| rng.chance(70)).collect();
    let denominator = if rng.chance(50) {
        Denominator::People(rng.number(0, teachers as i64) as u32)
    } else {
        Denominator::MoversAmong((0..teachers).filter(|_| rng.chance(80)).collect())
    };
    Rate {
        name: Words::new("比例", "rate"),
        numerator,
        denominator,
        share: Share { parts: rng.number(0, 7) as u32, of: rng.number(5, 9) as u32 },
        bound: if rng.chance(60) { Bound::AtLeast } else { Bound::AtMost },
        rounding: [Rounding::Up, Rounding::Down, Rounding::Half][rng.up_to(2) as usize],
        soft: rng.option(35, |rng| rng.number(1, 3) as u32),
    }
}

/// Every assignment in which nobody moves who may not, with what it breaks.
pub fn everything(problem: &Problem) -> Vec<(Assignment, Vec<Breach>)> {
    let mut all: Vec<Assignment> = vec![Vec::new()];
    for teacher in &problem.teachers {
        let outcomes: Vec<Option<MoveIx>> =
            std::iter::once(None).chain((0..teacher.moves.len()).map(Some)).collect();
        let longer = |so_far: &Assignment, outcome: Option<MoveIx>| {
            let mut longer = so_far.clone();
            longer.push(outcome);
            longer
        };
        all = all
            .iter()
            .flat_map(|so_far| outcomes.iter().map(|&outcome| longer(so_far, outcome)).collect::<Vec<_>>())
            .collect();
    }
    let judged = all.into_iter().map(|assignment| {
        let breaches = check(problem, &assignment).expect("a readable assignment");
        (assignment, breaches)
    });
    judged
        .filter(|(_, breaches)| breaches.iter().all(|breach| breach.rule.kind() != RuleKind::Allowed))
        .collect()
}

/// The lowest values, level by level, among assignments that break nothing.
pub fn best(
    problem: &Problem,
    levels: &[Level],
    everything: &[(Assignment, Vec<Breach>)],
) -> Option<Vec<Measure>> {
    let sound = everything.iter().filter(|(_, breaches)| breaches.is_empty());
    sound.map(|(assignment, _)| evaluate(problem, levels, assignment)).min()
}

/// Levels in a random order, some weighed against each other.
pub fn levels(seed: u64) -> Vec<Level> {
    let mut rng = Rng(seed ^ 0x1234_5678);
    let mut sums = vec![
        Goal::Vacancies,
        Goal::Quotas,
        Goal::Wishes,
        Goal::Commute,
        Goal::Evenness,
        Goal::Cost,
        Goal::Changes,
    ];
    let mut levels = Vec::new();
    for worst in [Goal::WorstCommute, Goal::WorstWish] {
        if rng.chance(60) {
            levels.push(Level::of(worst));
        }
    }
    while !sums.is_empty() && levels.len() < 6 {
        let goal = sums.swap_remove(rng.up_to(sums.len() as u64 - 1) as usize);
        let mut terms = vec![(goal, rng.number(1, 20))];
        if !sums.is_empty() && rng.chance(30) {
            let other = sums.swap_remove(rng.up_to(sums.len() as u64 - 1) as usize);
            terms.push((other, rng.number(1, 20)));
        }
        let place = rng.up_to(levels.len() as u64) as usize;
        levels.insert(place, Level::weighed(terms));
    }
    levels
}
