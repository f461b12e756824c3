//! What figures, sentences and explanations say of a small round, by hand.

use crate::testing::{rate, round};
use crate::*;

fn build(change: impl FnOnce(&mut ProblemInput)) -> Problem {
    let mut input = round();
    change(&mut input);
    Problem::build(input).expect("a sound round")
}

fn value(problem: &Problem, goal: Goal, assignment: &[Option<MoveIx>]) -> String {
    evaluate(problem, &[Level::of(goal)], &assignment.to_vec())[0].to_string()
}

const STAY: [Option<MoveIx>; 4] = [None; 4];
/// 甲 to 石桥, 乙 to 大塘.
const TWO: [Option<MoveIx>; 4] = [Some(0), Some(1), None, None];

#[test]
fn each_goal_counts_what_it_says() {
    let problem = build(|input| {
        input.teachers[2].volunteer = true;
        input.rates = vec![Rate { soft: Some(3), ..rate(75) }];
        input.reference = Some(vec![None, Some(0), None, None]);
        input.teachers[0].moves[0].cost = 7;
    });
    let goals = [
        Goal::Vacancies,
        Goal::Quotas,
        Goal::WorstCommute,
        Goal::WorstWish,
        Goal::Wishes,
        Goal::Commute,
        Goal::Cost,
        Goal::Changes,
    ];
    let values =
        |assignment: &[Option<MoveIx>]| goals.map(|goal| value(&problem, goal, assignment)).join(" ");
    // Five fifths are vacant at 石桥, three movers are missing, 丙 regrets to stay.
    assert_eq!(values(&STAY), "5 9 0 0 2 0 0 1");
    // Now ten at 实验校; ways are 20 and 30 longer; 甲 has her first and 乙 her second wish.
    assert_eq!(values(&TWO), "10 3 30 1 3 50 7 2");
}

#[test]
fn to_have_applied_makes_nobody_the_cheaper_one_to_send_elsewhere() {
    let asked = |volunteer| {
        build(|input| {
            for teacher in &mut input.teachers {
                teacher.volunteer = volunteer;
            }
        })
    };
    let (applied, silent) = (asked(true), asked(false));
    let beyond =
        |problem: &Problem, who, choice| problem.regret(who, Some(choice)) - problem.regret(who, None);
    for (who, teacher) in applied.teachers.iter().enumerate() {
        for (choice, _) in teacher.moves.iter().enumerate().filter(|(_, choice)| choice.wish.is_none()) {
            assert_eq!(beyond(&applied, who, choice), beyond(&silent, who, choice), "{}", teacher.name);
        }
    }
    assert!(beyond(&applied, 0, 0) < beyond(&applied, 0, 1), "a wish goes before what is none");
}

#[test]
fn of_equals_who_are_sent_those_go_who_have_been_there_longest() {
    let alike = |first: i64, second: i64| {
        build(|input| {
            let teacher = Teacher { backbone: false, ..input.teachers[1].clone() };
            let with = |name: &str, priority| Teacher { name: name.into(), priority, ..teacher.clone() };
            input.teachers = vec![with("甲", first), with("乙", second)];
            input.rates =
                vec![Rate { numerator: vec![0, 1], denominator: Denominator::People(2), ..rate(50) }];
        })
    };
    let mut levels = standard_levels();
    levels.push(Level::of(Goal::Seniority));
    let options = SolveOptions { levels, ..SolveOptions::default() };
    let sent = |problem: &Problem| {
        let solution = solve(problem, &options).expect("solved");
        (0..2).filter(|who| solution.assignment[*who].is_some()).collect::<Vec<_>>()
    };
    assert_eq!(sent(&alike(9, 7)), [0]);
    assert_eq!(sent(&alike(7, 9)), [1]);
}

#[test]
fn evenness_is_what_schools_differ_from_the_mean() {
    let problem = build(|_| {});
    // Mean 3: the strong school has 2 + 0 above it, the others 1 below each.
    assert_eq!(value(&problem, Goal::Evenness, &STAY), "4");
    // 甲 to 石桥 leaves 0, 1 and −1.
    assert_eq!(value(&problem, Goal::Evenness, &[Some(0), None, None, None]), "2");
    let partly =
        build(|input| (input.teachers[0].moves[0].leaves, input.teachers[0].moves[0].brings) = (1, 1));
    // A fifth of her: 1.6, −0.6, −1.
    assert_eq!(value(&partly, Goal::Evenness, &[Some(0), None, None, None]), "3.200");
}

#[test]
fn an_unknown_way_counts_as_the_caller_says() {
    let problem = build(|input| input.teachers[0].moves[0].commute_after = None);
    assert_eq!(problem.increase(0, 0), 45);
    assert_eq!(problem.increase(2, 0), 0, "a way that gets shorter");
}

#[test]
fn rates_round_as_they_are_told() {
    let wanted = |share, rounding, people| Rate { share, rounding, ..rate(10) }.wanted(people);
    let third = Share { parts: 1, of: 3 };
    assert_eq!(
        [Rounding::Up, Rounding::Down, Rounding::Half].map(|rounding| wanted(third, rounding, 10)),
        [4, 3, 3]
    );
    assert_eq!(wanted(Share::percent(15), Rounding::Half, 10), 2, "a half goes up");
    assert_eq!(wanted(Share::percent(10), Rounding::Up, 40), 4, "no rounding of what is whole");
}

#[test]
fn the_checker_names_every_broken_rule_and_by_how_much() {
    let problem = build(|input| {
        input.rates = vec![rate(75)];
        input.schools[0].out_cap = Some(1);
        input.schools[2].in_cap = Some(0);
        input.cells[0].low = Some(5);
        input.cells[2].high = Some(7);
        input.longest_commute = Some(35);
        input.teachers[3].must_move = true;
        input.teachers[0].pinned = Some(Pin::Stays);
        input.links = vec![Link { teachers: vec![0, 1], kind: LinkKind::SameSchool }];
    });
    let breaches = check(&problem, &TWO.to_vec()).expect("readable");
    let expected = [
        (Rule::MustMove(3), 1),
        (Rule::Pinned(0), 1),
        (Rule::Link(0), 1),
        (Rule::Rate(0), 1),
        (Rule::OutCap(0), 1),
        (Rule::InCap(2), 1),
        (Rule::CellLow(0), 5),
        (Rule::CellHigh(2), 3),
        (Rule::LongestCommute, 5),
    ];
    assert_eq!(breaches, expected.map(|(rule, by)| Breach { rule, by }));
    assert_eq!(check(&problem, &vec![None]), Err(Unreadable::Length(1)));
    assert_eq!(check(&problem, &vec![Some(2), None, None, None]), Err(Unreadable::NoMove(0, 2)));
}

#[test]
fn a_volunteer_is_not_moved_where_she_did_not_ask_to_go() {
    let problem = build(|input| input.teachers[0].volunteer = true);
    assert_eq!(problem.bar(0, 0), None);
    assert_eq!(problem.bar(0, 1), Some(Bar::NotWished));
    let breaches = check(&problem, &vec![Some(1), None, None, None]).expect("readable");
    assert_eq!(breaches, [Breach { rule: Rule::VolunteerNotWorse(0), by: 1 }]);
    let like_others = build(|input| {
        input.teachers[0].volunteer = true;
        input.volunteers = VolunteerRule::LikeOthers;
    });
    assert_eq!(like_others.bar(0, 1), None);
}

#[test]
fn quotas_that_cannot_be_kept_are_named_with_the_ways_out() {
    let problem = build(|input| {
        input.rates = vec![rate(75)];
        input.schools.iter_mut().for_each(|school| school.out_cap = Some(0));
        input.schools[0].out_cap = Some(1);
        input.schools[1].out_cap = Some(1);
    });
    let conflict = conflict(&problem, &SolveOptions::default()).expect("solved").expect("a conflict");
    assert!(conflict.smallest);
    let words =
        |words: Vec<Words>| words.into_iter().map(|words| words.zh + " / " + &words.en).collect::<Vec<_>>();
    assert_eq!(
        words(conflict.words(&problem)),
        [
            "交流比例不低于75%（4人中3人） / share of movers at least 75% (3 of 4 people)",
            "实验校交流出去不超过1人 / at most 1 teachers leave 实验校",
            "大塘校交流出去不超过0人 / at most 0 teachers leave 大塘校",
        ]
    );
    let ways: Vec<_> = conflict.relaxations.iter().map(|way| (way.kind, way.cost)).collect();
    assert_eq!(ways, [(Some(RuleKind::Rate), 10), (Some(RuleKind::SchoolCap), 10)]);
    assert_eq!(
        words(conflict.relaxations[0].words(&problem)),
        [
            "将“交流比例”的最低人数由3人调整为2人（4人的50.0%） / lower the least of share of movers from 3 to 2 people (50.0% of 4)"
        ]
    );
}

#[test]
fn a_teacher_reads_what_decided() {
    let problem = build(|input| {
        input.teachers[3].eligible = false;
        input.teachers[3].ineligible = Some(Words::new("任教未满6年", "fewer than six years"));
        input.cells[0].low = Some(POST);
    });
    let options = SolveOptions::default();
    let solution = solve(&problem, &options).expect("solved");
    // No move leaves fewer posts vacant than staying does, unless 甲 or 乙 leaves one behind: nobody moves without need.
    assert_eq!(solution.assignment, STAY);
    let explained = |who| {
        let explanation = explain(&problem, &options, &solution, who).expect("explained");
        let words =
            explanation.grounds.iter().map(|ground| ground_words(&problem, &options.levels, who, ground).zh);
        words.collect::<Vec<_>>()
    };
    assert_eq!(explained(3), ["不符合交流条件：任教未满6年"]);
    assert_eq!(explained(0), ["另作安排，全县的“通勤增加最多者”会变差"]);
}

#[test]
fn a_vacancy_that_nobody_else_can_fill_is_why_she_goes() {
    let problem = build(|input| {
        input.cells[0].needed = POST;
        input.teachers[1].moves.truncate(0);
        input.teachers[3].moves.truncate(0);
    });
    let options = SolveOptions::default();
    let solution = solve(&problem, &options).expect("solved");
    assert_eq!(solution.assignment, [Some(0), None, None, None]);
    let explanation = explain(&problem, &options, &solution, 0).expect("explained");
    assert_eq!(explanation.grounds, [Ground::Wish(1), Ground::NobodyElse(1)]);
    let Alternative::Possible(other) = explanation.alternative else { panic!("she could stay") };
    assert_eq!((other.outcome, other.others), (None, Vec::new()));
}

#[test]
fn who_cannot_do_otherwise_reads_which_rules_leave_no_choice() {
    let problem = build(|input| {
        input.rates = vec![rate(25)];
        input.teachers[1..].iter_mut().for_each(|teacher| teacher.moves.clear());
    });
    let options = SolveOptions::default();
    let solution = solve(&problem, &options).expect("solved");
    let stays = Pin::Stays;
    let explanation = explain(&problem, &options, &solution, 0).expect("explained");
    assert!(matches!(explanation.alternative, Alternative::Possible(_)), "she could go to 大塘");
    let other = alternative(&problem, &options, &solution.assignment, 0, stays).expect("answered");
    assert_eq!(other, Alternative::Impossible(vec![Rule::Rate(0)]));
}

#[test]
fn a_report_has_its_denominators() {
    let problem = build(|input| {
        input.rates = vec![rate(50)];
        input.teachers[3].eligible = false;
        input.teachers[0].volunteer = true;
    });
    let report = report(&problem, &TWO.to_vec());
    let part = |above, below| Part { above, below };
    assert_eq!(
        (report.movers, report.backbone, report.volunteers, report.to_weaker),
        (part(2, 3), part(1, 2), part(1, 1), part(2, 2))
    );
    assert_eq!(report.rates, [RateReport { part: part(2, 4), wanted: 2, holds: true }]);
    assert_eq!(report.movers.percent().map(|percent| format!("{percent:.1}")), Some("66.7".into()));
    let strong = &report.schools[0];
    assert_eq!((strong.teachers, strong.out, strong.into, strong.backbone_out), (2, 2, 0, 1));
    assert_eq!((strong.quality_before, strong.quality_after), (Some(4.0), None));
    assert_eq!(report.schools[1].quality_after, Some(3.5));
    assert_eq!(report.cells[1], CellReport { needed: 10, before: 5, after: 10 });
    let ways: Vec<_> = report.commutes.iter().map(|band| (band.before, band.after)).collect();
    assert_eq!(ways, [(2, 0), (0, 1), (0, 1), (0, 0), (0, 0), (0, 0), (0, 0)]);
    assert_eq!(report.wishes.into_iter().collect::<Vec<_>>(), [(Some(1), 1), (Some(2), 1)]);
}

#[test]
fn two_proposals_compare_level_by_level_and_teacher_by_teacher() {
    let problem = build(|_| {});
    let other = vec![Some(0), None, Some(0), None];
    let comparison = compare(&problem, &[Level::of(Goal::Commute)], &TWO.to_vec(), &other);
    assert_eq!(comparison.levels.iter().map(|(a, b)| format!("{a} {b}")).collect::<Vec<_>>(), ["50 20"]);
    let change = |teacher, before, after| Change { teacher, before, after };
    assert_eq!(comparison.changes, [change(1, Some(1), None), change(2, None, Some(0))]);
}

#[test]
fn levels_that_make_no_sense_are_refused() {
    let problem = build(|_| {});
    for terms in [
        vec![(Goal::WorstCommute, 1), (Goal::Cost, 1)],
        vec![(Goal::Cost, 1), (Goal::Cost, 2)],
        vec![(Goal::Cost, 0)],
    ] {
        let options = SolveOptions { levels: vec![Level::weighed(terms)], ..SolveOptions::default() };
        assert_eq!(solve(&problem, &options), Err(Unsolved::Levels));
    }
}

#[test]
fn stopping_at_once_gives_nothing_but_what_it_began_from() {
    let problem = build(|input| input.rates = vec![rate(50)]);
    let stop = || true;
    let stopped = SolveOptions { stop: Some(&stop), ..SolveOptions::default() };
    assert_eq!(solve(&problem, &stopped), Err(Unsolved::Stopped));
    let start = TWO.to_vec();
    let solution = solve(&problem, &SolveOptions { start: Some(&start), ..stopped }).expect("the start");
    assert_eq!(solution.assignment, TWO);
    assert!(!solution.is_proven());
    assert!(solution.levels.iter().all(|level| level.bound <= level.value.value()));
}

#[test]
fn without_anybody_to_move_the_proposal_is_that_nobody_does() {
    let problem = build(|input| input.teachers.iter_mut().for_each(|teacher| teacher.moves.clear()));
    let solution = solve(&problem, &SolveOptions::default()).expect("solved");
    assert_eq!(solution.assignment, STAY);
    assert!(solution.is_proven());
}
