//! A synthetic county of 21 schools in five groups and 1,070 teachers, with something for every rule of a round to look at.

use rotation_planner::*;

/// Name, teachers, stage (0 kindergarten, 1 primary, 2 junior), strength, locale, group, and where it lies in kilometres.
type SchoolRow = (&'static str, usize, usize, i64, Locale, usize, (f64, f64));

const SCHOOLS: [SchoolRow; 21] = [
    ("县第一实验小学", 140, 1, 90, Locale::Urban, 0, (0.0, 0.0)),
    ("城东小学", 62, 1, 70, Locale::Urban, 0, (3.0, 0.5)),
    ("石桥镇中心小学", 38, 1, 55, Locale::Town, 0, (14.0, 6.0)),
    ("松坪镇中心小学", 32, 1, 50, Locale::Town, 0, (-12.0, 11.0)),
    ("县第二小学", 96, 1, 85, Locale::Urban, 1, (-1.0, 1.5)),
    ("云岭镇中心小学", 40, 1, 52, Locale::Town, 1, (8.0, -15.0)),
    ("沙河镇中心小学", 36, 1, 50, Locale::Town, 1, (-16.0, -5.0)),
    ("大塘乡中心小学", 24, 1, 40, Locale::Village, 1, (20.0, -12.0)),
    ("县第一初级中学", 118, 2, 88, Locale::Urban, 2, (1.0, -1.0)),
    ("石桥中学", 52, 2, 58, Locale::Town, 2, (14.5, 6.5)),
    ("松坪中学", 40, 2, 52, Locale::Town, 2, (-12.5, 11.0)),
    ("沙河中学", 44, 2, 54, Locale::Town, 2, (-16.0, -5.5)),
    ("县实验学校", 88, 2, 86, Locale::Urban, 3, (2.0, 2.0)),
    ("县民族初级中学", 76, 2, 75, Locale::Urban, 3, (-2.0, -1.0)),
    ("梅溪镇九年一贯制学校", 46, 2, 48, Locale::Town, 3, (5.0, 16.0)),
    ("云岭中学", 38, 2, 50, Locale::Town, 3, (8.5, -15.0)),
    ("大塘学校", 24, 2, 38, Locale::Village, 3, (20.0, -12.5)),
    ("县第一幼儿园", 38, 0, 80, Locale::Urban, 4, (0.5, 0.5)),
    ("石桥镇中心幼儿园", 14, 0, 50, Locale::Town, 4, (14.0, 6.2)),
    ("松坪镇中心幼儿园", 12, 0, 48, Locale::Town, 4, (-12.0, 11.2)),
    ("云岭镇中心幼儿园", 12, 0, 46, Locale::Town, 4, (8.0, -15.2)),
];

const STAGES: [&str; 3] = ["学前", "小学", "初中"];
const SUBJECTS: [&[&str]; 3] = [
    &["健康", "语言", "社会", "科学", "艺术"],
    &["语文", "数学", "英语", "科学", "体育与健康", "音乐", "美术", "信息科技"],
    &["语文", "数学", "英语", "物理", "化学", "历史", "地理", "生物学", "体育与健康", "音乐"],
];

/// How long a way takes at 30 km/h on roads 1.4 times as long as the air line.
fn minutes(from: (f64, f64), to: (f64, f64)) -> Minutes {
    (((from.0 - to.0).hypot(from.1 - to.1)) * 2.8).round() as Minutes
}

struct Rng(u64);

impl Rng {
    fn up_to(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % (most + 1)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.up_to(99) < percent
    }

    fn spread(&mut self, kilometres: f64) -> f64 {
        (self.up_to(2000) as f64 / 1000.0 - 1.0) * kilometres
    }
}

/// The county's round, with at least this percent of the eligible moving.
pub fn county(seed: u64, percent: u32) -> ProblemInput {
    let mut rng = Rng(seed);
    let mut input =
        ProblemInput { longest_commute: Some(60), unknown_increase: 45, ..ProblemInput::default() };
    let mut first_cell = Vec::new();
    for &(name, size, stage, strength, locale, ..) in &SCHOOLS {
        first_cell.push(input.cells.len());
        for subject in SUBJECTS[stage] {
            input.cells.push(Cell {
                school: input.schools.len(),
                stage: STAGES[stage].into(),
                subject: (*subject).into(),
                ..Cell::default()
            });
        }
        let size = size as u32;
        input.schools.push(School {
            name: name.into(),
            strength: Some(strength),
            locale,
            out_cap: Some((size * 15).div_ceil(100)),
            in_cap: Some((size * 20).div_ceil(100)),
        });
    }
    for (home, &(_, size, ..)) in SCHOOLS.iter().enumerate() {
        for _ in 0..size {
            let teacher = teacher(&mut rng, &first_cell, home, input.teachers.len());
            input.teachers.push(teacher);
        }
    }
    staff(&mut rng, &mut input);
    input.rates = rates(&input.teachers, percent);
    let linked: Vec<TeacherIx> =
        (0..input.teachers.len()).filter(|&ix| input.teachers[ix].volunteer).step_by(12).take(4).collect();
    input.links = vec![Link { teachers: linked[..2].to_vec(), kind: LinkKind::Together }];
    input
}

fn teacher(rng: &mut Rng, first_cell: &[CellIx], home: SchoolIx, number: usize) -> Teacher {
    let (_, _, stage, strength, _, group, place) = SCHOOLS[home];
    let subject = rng.up_to(SUBJECTS[stage].len() - 1).min(rng.up_to(SUBJECTS[stage].len() - 1));
    let lives = (place.0 + rng.spread(6.0), place.1 + rng.spread(6.0));
    let quality = (rng.up_to(3) as i64 + i64::from(rng.chance(strength as usize)) + 1).min(5);
    let years = rng.up_to(14);
    let eligible = years >= 6 && rng.chance(90);
    let volunteer = eligible && rng.chance(15);
    let mut moves = Vec::new();
    for (to, &(name, _, other_stage, other_strength, _, other_group, other_place)) in
        SCHOOLS.iter().enumerate()
    {
        if to == home || other_stage != stage || (other_group != group && !rng.chance(60)) {
            continue;
        }
        let upwards = other_strength > strength + 20 && !volunteer;
        let barred =
            upwards.then(|| Words::new(format!("{name}师资更强"), format!("{name} is the stronger school")));
        moves.push(Move {
            to,
            cell: Some(first_cell[to] + subject),
            leaves: POST,
            brings: POST,
            commute_before: (!rng.chance(3)).then(|| minutes(lives, place)),
            commute_after: (!rng.chance(3)).then(|| minutes(lives, other_place)),
            barred,
            ..Move::default()
        });
    }
    if volunteer {
        for rank in 1..=3 {
            let unranked: Vec<MoveIx> = (0..moves.len()).filter(|&ix| moves[ix].wish.is_none()).collect();
            if let Some(&choice) = unranked.get(rng.up_to(unranked.len().max(1) - 1)) {
                moves[choice].wish = Some(rank);
            }
        }
    }
    Teacher {
        name: format!("演示{number:04}"),
        home,
        cell: Some(first_cell[home] + subject),
        quality: Some(quality),
        backbone: quality >= 4 && rng.chance(60),
        eligible,
        ineligible: (!eligible).then(|| Words::new("任教未满6年", "fewer than six years at the school")),
        must_move: eligible
            && years >= 12
            && moves.iter().filter(|choice| is_easy(choice)).count() >= 2
            && rng.chance(8),
        volunteer,
        graduating: rng.chance(20),
        priority: years as i64,
        moves,
        ..Teacher::default()
    }
}

/// Whether a move is allowed and near.
fn is_easy(choice: &Move) -> bool {
    choice.barred.is_none() && choice.commute_after.is_some_and(|minutes| minutes <= 60)
}

/// Posts: filled as teachers are, needed as a plan of last year would have it.
fn staff(rng: &mut Rng, input: &mut ProblemInput) {
    for teacher in &input.teachers {
        if let Some(cell) = teacher.cell {
            input.cells[cell].present += POST;
        }
    }
    for cell in &mut input.cells {
        let strong = SCHOOLS[cell.school].3 > 65;
        let short = if strong { -(rng.up_to(1) as i64) } else { rng.up_to(2) as i64 - rng.up_to(1) as i64 };
        cell.needed = (cell.present + short * POST).max(0);
        cell.low = Some((cell.present.min(cell.needed) - POST).max(0));
        cell.high = Some(cell.present.max(cell.needed) + POST);
    }
}

fn rates(teachers: &[Teacher], percent: u32) -> Vec<Rate> {
    let who = |counts: fn(&Teacher) -> bool| -> Vec<TeacherIx> {
        (0..teachers.len()).filter(|&ix| teachers[ix].eligible && counts(&teachers[ix])).collect()
    };
    let (eligible, graduating) = (who(|_| true), who(|teacher| teacher.graduating));
    let rate = |zh: &str, en: &str, numerator: &[TeacherIx], denominator: Denominator, percent: u32| Rate {
        name: Words::new(zh, en),
        numerator: numerator.to_vec(),
        denominator,
        share: Share::percent(percent),
        ..Rate::default()
    };
    let people = |who: &[TeacherIx]| Denominator::People(who.len() as u32);
    let backbone = who(|teacher| teacher.backbone);
    vec![
        rate("交流比例", "share of movers", &eligible, people(&eligible), percent),
        Rate {
            bound: Bound::AtMost,
            rounding: Rounding::Down,
            ..rate(
                "交流比例上限",
                "greatest share of movers",
                &eligible,
                people(&eligible),
                percent.max(10) + 5,
            )
        },
        rate("骨干比例", "share of backbone", &backbone, Denominator::MoversAmong(eligible.clone()), 20),
        Rate {
            soft: Some(1),
            ..rate("毕业年级交流比例", "movers of graduating grades", &graduating, people(&graduating), 30)
        },
    ]
}
