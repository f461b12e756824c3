//! 排课 Gives the lessons of a section their times.
//!
//! Classes and teachers are the two sides of a bipartite graph, lessons its edges, the periods of the week colours: no
//! class and no teacher has two lessons at once if no two edges of one colour meet. Such a colouring always exists, and
//! exchanging two colours along a chain keeps it one. So every step below is free of clashes, and only wishes are weighed.

use super::assignment::Lesson;
use super::curriculum::{Stage, half_day};
use super::dice::Dice;
use super::people::Teacher;
use super::schools::Section;

const SLOTS: usize = 35;
type Week = [Option<usize>; SLOTS];

// What a wish weighs when it is not met.
const NOT_HERE: i32 = 1_000;
const HALF_DAY: i32 = 30;
const SAME_DAY: i32 = 8;
const GAP: i32 = 10;
const LONG_DAY: i32 = 3;
/// Lessons a teacher gives in a day without complaint.
const DAY: usize = 4;
const ROUNDS: usize = 12;
/// A chain longer than this moves so much that it is not worth weighing.
const LONGEST: usize = 24;

pub(super) struct Board<'a> {
    lessons: &'a [Lesson],
    slots: usize,
    periods: usize,
    slot_of: Vec<usize>,
    of_class: Vec<Week>,
    of_teacher: Vec<Week>,
    /// What each time costs a lesson by itself.
    price: Vec<[i32; SLOTS]>,
}

/// The time of every lesson, counted in periods from Monday's first.
pub(super) fn place(
    section: &Section,
    lessons: &[Lesson],
    teachers: &[Teacher],
    away: &[Option<usize>],
    dice: &mut Dice,
) -> Vec<usize> {
    let periods = section.stage.bells().len();
    let price = |lesson: &Lesson| prices(section.stage, lesson, teachers, away);
    let mut board = Board {
        lessons,
        slots: periods * 5,
        periods,
        slot_of: vec![usize::MAX; lessons.len()],
        of_class: vec![[None; SLOTS]; section.classes.len()],
        of_teacher: vec![[None; SLOTS]; teachers.len()],
        price: lessons.iter().map(price).collect(),
    };
    board.fill(dice);
    board.settle(dice);
    board.slot_of
}

fn prices(stage: Stage, lesson: &Lesson, teachers: &[Teacher], away: &[Option<usize>]) -> [i32; SLOTS] {
    let subjects = [Some(lesson.subject), lesson.turns_with, Some(teachers[lesson.teacher].subject)];
    let periods = stage.bells().len();
    std::array::from_fn(|slot| {
        let away_today = away[lesson.teacher] == Some(slot / periods);
        let here = lesson.visiting == away_today || away[lesson.teacher].is_none();
        let meets = subjects
            .iter()
            .flatten()
            .filter_map(|subject| half_day(stage, *subject))
            .any(|half| half.covers(stage, slot));
        i32::from(!here) * NOT_HERE + i32::from(meets) * HALF_DAY
    })
}

impl Board<'_> {
    /// Puts every lesson somewhere: visitors first, for they have one day.
    fn fill(&mut self, dice: &mut Dice) {
        let mut order: Vec<usize> = (0..self.lessons.len()).collect();
        dice.shuffle(&mut order);
        order.sort_by_key(|&lesson| !self.lessons[lesson].visiting);
        for lesson in order {
            let slot = self.best_common(lesson).unwrap_or_else(|| self.make_room(lesson));
            self.put(lesson, slot);
        }
    }

    fn best_common(&mut self, lesson: usize) -> Option<usize> {
        let Lesson { class, teacher, .. } = self.lessons[lesson];
        let free =
            |slot: &usize| self.of_class[class][*slot].is_none() && self.of_teacher[teacher][*slot].is_none();
        let common: Vec<usize> = (0..self.slots).filter(free).collect();
        let mut cost = |slot: usize| {
            self.put(lesson, slot);
            let cost = self.cost(&[lesson], [slot, slot]);
            self.lift(lesson);
            cost
        };
        common.into_iter().min_by_key(|&slot| cost(slot))
    }

    /// Frees for the teacher a time that the class has free, by exchanging it along a chain with a time she has free.
    fn make_room(&mut self, lesson: usize) -> usize {
        let Lesson { class, teacher, .. } = self.lessons[lesson];
        let wanted = (0..self.slots)
            .find(|&slot| self.of_class[class][slot].is_none())
            .expect("a class's week has room");
        let spare = (0..self.slots)
            .find(|&slot| self.of_teacher[teacher][slot].is_none())
            .expect("a teacher's week has room");
        let blocking = self.of_teacher[teacher][wanted].expect("otherwise the time were common");
        let chain = self.chain(blocking, spare, usize::MAX).expect("without a limit");
        self.exchange(&chain, wanted, spare);
        wanted
    }

    /// Moves what is badly placed as long as something gets better, in rounds.
    fn settle(&mut self, dice: &mut Dice) {
        for _ in 0..ROUNDS {
            let mut troubled: Vec<usize> =
                (0..self.lessons.len()).filter(|&lesson| self.trouble(lesson) > 0).collect();
            dice.shuffle(&mut troubled);
            for lesson in troubled {
                self.relocate(lesson, dice);
            }
        }
    }

    fn trouble(&self, lesson: usize) -> i32 {
        let slot = self.slot_of[lesson];
        self.cost(&[lesson], [slot, slot])
    }

    fn relocate(&mut self, lesson: usize, dice: &mut Dice) {
        let (from, slots) = (self.slot_of[lesson], self.slots);
        let first = dice.index(slots);
        let mut best: Option<(i32, usize)> = None;
        for slot in (0..slots).map(|turn| (turn + first) % slots).filter(|slot| *slot != from) {
            let Some(chain) = self.chain(lesson, slot, LONGEST) else { continue };
            let before = self.cost(&chain, [from, slot]);
            self.exchange(&chain, from, slot);
            let change = self.cost(&chain, [from, slot]) - before;
            self.exchange(&chain, from, slot);
            if best.is_none_or(|(least, _)| change < least) {
                best = Some((change, slot));
            }
        }
        if let Some((change, slot)) = best
            && (change < 0 || change == 0 && dice.chance(50))
        {
            let chain = self.chain(lesson, slot, LONGEST).expect("weighed above");
            self.exchange(&chain, from, slot);
        }
    }

    /// The lessons that must change places when this one moves to another time: none of the rest is touched.
    fn chain(&self, first: usize, other: usize, longest: usize) -> Option<Vec<usize>> {
        let here = self.slot_of[first];
        let mut chain = vec![first];
        let mut next = 0;
        while let Some(&lesson) = chain.get(next) {
            next += 1;
            let across = if self.slot_of[lesson] == here { other } else { here };
            let Lesson { class, teacher, .. } = self.lessons[lesson];
            for neighbour in
                [self.of_class[class][across], self.of_teacher[teacher][across]].into_iter().flatten()
            {
                if !chain.contains(&neighbour) {
                    chain.push(neighbour);
                }
            }
            if chain.len() > longest {
                return None;
            }
        }
        Some(chain)
    }

    fn exchange(&mut self, chain: &[usize], one: usize, two: usize) {
        let slots: Vec<usize> = chain.iter().map(|&lesson| one + two - self.slot_of[lesson]).collect();
        chain.iter().for_each(|&lesson| self.lift(lesson));
        chain.iter().zip(slots).for_each(|(&lesson, slot)| self.put(lesson, slot));
    }

    fn put(&mut self, lesson: usize, slot: usize) {
        let Lesson { class, teacher, .. } = self.lessons[lesson];
        self.slot_of[lesson] = slot;
        self.of_class[class][slot] = Some(lesson);
        self.of_teacher[teacher][slot] = Some(lesson);
    }

    fn lift(&mut self, lesson: usize) {
        let Lesson { class, teacher, .. } = self.lessons[lesson];
        self.of_class[class][self.slot_of[lesson]] = None;
        self.of_teacher[teacher][self.slot_of[lesson]] = None;
    }

    /// What these lessons, and the days of their classes and teachers around two times, cost.
    fn cost(&self, chain: &[usize], slots: [usize; 2]) -> i32 {
        let days = slots.map(|slot| slot / self.periods);
        let days = if days[0] == days[1] { &days[..1] } else { &days[..] };
        let mut cost = 0;
        for (at, &lesson) in chain.iter().enumerate() {
            let Lesson { class, teacher, .. } = self.lessons[lesson];
            cost += self.price[lesson][self.slot_of[lesson]];
            let new_class = chain[..at].iter().all(|&other| self.lessons[other].class != class);
            let new_teacher = chain[..at].iter().all(|&other| self.lessons[other].teacher != teacher);
            for &day in days {
                cost += if new_class { self.class_day(class, day) } else { 0 };
                cost += if new_teacher { self.teacher_day(teacher, day) } else { 0 };
            }
        }
        cost
    }

    fn day<'b>(&self, week: &'b Week, day: usize) -> &'b [Option<usize>] {
        &week[day * self.periods..(day + 1) * self.periods]
    }

    /// One subject too often on a day; an empty period before a later lesson.
    fn class_day(&self, class: usize, day: usize) -> i32 {
        let day = self.day(&self.of_class[class], day);
        let mut cost = 0;
        let mut seen = [0_u8; 32];
        let mut empty = 0;
        for period in day {
            let Some(lesson) = period else {
                empty += GAP;
                continue;
            };
            cost += std::mem::take(&mut empty);
            let lesson = &self.lessons[*lesson];
            seen[lesson.subject as usize] += 1;
            cost += i32::from(usize::from(seen[lesson.subject as usize]) > lesson.a_day) * SAME_DAY;
        }
        cost
    }

    fn teacher_day(&self, teacher: usize, day: usize) -> i32 {
        let lessons = self.day(&self.of_teacher[teacher], day).iter().flatten().count();
        lessons.saturating_sub(DAY) as i32 * LONG_DAY
    }
}
