use super::*;
use crate::build::Problem;
use crate::testing::{rate, round};

/// The sentences about a round after one change.
fn faults(change: impl FnOnce(&mut ProblemInput)) -> Vec<String> {
    let mut input = round();
    change(&mut input);
    match Problem::build(input) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_sound_round_has_no_fault() {
    assert_eq!(faults(|_| {}), Vec::<String>::new());
}

#[test]
fn every_fault_is_told_at_once() {
    let found = faults(|input| {
        input.unknown_increase = -1;
        input.cells[0].low = Some(7);
        input.cells[0].high = Some(5);
        input.teachers[0].home = 9;
        input.teachers[1].quality = Some(5000);
        input.teachers[1].priority = i64::MIN;
        input.teachers[2].moves[0].to = 1;
        input.teachers[2].moves[0].cell = Some(1);
        input.teachers[3].eligible = false;
        input.teachers[3].must_move = true;
    });
    assert_eq!(
        found,
        [
            "An unknown way counts as -1 minutes longer; 0 to 1440 are possible.",
            "Posts 小学 数学 must keep more posts filled than they may.",
            "甲 names school number 9, but there are 3.",
            "The quality of 乙 is 5000; −1000 to 1000 are possible.",
            "The priority of 乙 is -9223372036854775808; −1000000 to 1000000 are possible.",
            "A move of 丙 goes to her own school.",
            "丁 has to move and may not.",
        ]
    );
}

#[test]
fn a_move_is_within_what_can_be() {
    let found = faults(|input| {
        let choice = &mut input.teachers[0].moves[0];
        choice.cell = Some(2);
        choice.leaves = 6;
        choice.weekdays = vec![1, 1];
        choice.commute_after = Some(2000);
        choice.wish = Some(0);
        choice.cost = i64::MIN + 1;
    });
    assert_eq!(
        found,
        [
            "A move of 甲 names posts number 2, which are at another school.",
            "A move of 甲 takes or brings more than a whole post, or less than none.",
            "A move of 甲 names a weekday twice, or one that does not exist.",
            "A move of 甲 has a way that is negative or longer than a day.",
            "A move of 甲 is wish number 0; 1 to 1000 are possible.",
            "A move of 甲 costs -9223372036854775807, which is beyond all bounds.",
        ]
    );
}

#[test]
fn one_rank_is_one_school() {
    let found = faults(|input| input.teachers[0].moves[1].wish = Some(1));
    assert_eq!(found, ["甲 gives one rank to several schools."]);
}

#[test]
fn what_was_decided_can_be_done() {
    let found = faults(|input| {
        input.teachers[0].pinned = Some(Pin::Moves(7));
        input.teachers[1].pinned = Some(Pin::Moves(0));
        input.teachers[1].moves[0].barred = Some(crate::words::Words::new("不行", "no"));
    });
    assert_eq!(
        found,
        [
            "What was decided about 甲 names move number 7, but she has 2.",
            "乙 is to make a move that she may not make.",
        ]
    );
}

#[test]
fn rates_and_links_name_each_teacher_once() {
    let found = faults(|input| {
        input.rates = vec![Rate {
            numerator: vec![0, 0, 8],
            share: Share { parts: 1, of: 0 },
            soft: Some(0),
            ..rate(10)
        }];
        input.links = vec![Link { teachers: vec![1], kind: LinkKind::Together }];
    });
    assert_eq!(
        found,
        [
            "The numerator of share of movers names teacher number 8, but there are 4.",
            "The numerator of share of movers names a teacher twice.",
            "The share of share of movers is 1/0, which is none.",
            "The weight of share of movers is 0; 1 to 1000000 are possible.",
            "A link holds fewer than two teachers.",
        ]
    );
}

#[test]
fn what_to_stay_close_to_fits_the_teachers() {
    let found = faults(|input| input.reference = Some(vec![None, Some(5), None, None]));
    assert_eq!(found, ["The proposal to stay close to does not fit the teachers and their moves."]);
}
