//! The rows of the rules.

use super::{ColIx, INF, Model};
use crate::problem::*;
use crate::rule::{Rule, relaxable};

type Entries = Vec<(ColIx, f64)>;

impl Model<'_> {
    pub(super) fn state_rules(&mut self) {
        let problem = self.problem;
        if self.elastic {
            for rule in relaxable(problem) {
                self.break_column(rule);
            }
        }
        for (rate, facts) in problem.rates.iter().enumerate() {
            match facts.soft {
                // What may be missed anyway is in no conflict.
                Some(_) if self.elastic => continue,
                Some(_) => self.break_column(Rule::Rate(rate)),
                None => {}
            }
            self.state_rate(rate, facts);
        }
        for (who, teacher) in problem.teachers.iter().enumerate() {
            self.state_teacher(who, teacher);
        }
        for (link, facts) in problem.links.iter().enumerate() {
            self.state_link(Rule::Link(link), facts);
        }
        self.state_caps();
        (0..problem.cells.len()).for_each(|cell| self.state_cell(cell));
        if self.elastic {
            self.state_longest_commute();
        }
    }

    /// Amounts are whole as the moves are, but for those of a share of movers, which has to be told.
    fn break_column(&mut self, rule: Rule) {
        let column = self.mip.column(0.0, INF, matches!(rule, Rule::Rate(_)));
        self.broken.insert(rule, column);
    }

    /// The column by which a rule is broken, times a factor.
    fn broken_by(&self, rule: Rule, factor: f64) -> Entries {
        self.broken.get(&rule).map(|&column| (column, factor)).into_iter().collect()
    }

    fn row(&mut self, lower: f64, upper: f64, entries: &Entries) {
        self.mip.row(lower, upper, entries.iter().copied());
    }

    fn movers(&self, who: &[TeacherIx], factor: f64) -> Entries {
        who.iter().flat_map(|&who| self.of_teacher[who].clone()).map(|column| (column, factor)).collect()
    }

    fn state_rate(&mut self, rate: RateIx, facts: &Rate) {
        let (parts, of, more) = facts.floor_form();
        let at_least = facts.bound == Bound::AtLeast;
        let sign = if at_least { 1.0 } else { -1.0 };
        let (entries, limit) = match &facts.denominator {
            Denominator::People(people) => {
                let mut entries = self.movers(&facts.numerator, 1.0);
                entries.extend(self.broken_by(Rule::Rate(rate), sign));
                (entries, facts.wanted(i64::from(*people)) as f64)
            }
            // ⌊(a·n + b) / d⌋ ≤ m exactly when a·n + b − (d − 1) ≤ d·m, and m ≤ ⌊…⌋ exactly when d·m ≤ a·n + b.
            Denominator::MoversAmong(below) => {
                let mut by_column = vec![0.0; self.moves.len()];
                for (column, factor) in self.movers(&facts.numerator, of as f64) {
                    by_column[column] += factor;
                }
                for (column, factor) in self.movers(below, -(parts as f64)) {
                    by_column[column] += factor;
                }
                let mut entries: Entries =
                    by_column.into_iter().enumerate().filter(|&(_, factor)| factor != 0.0).collect();
                entries.extend(self.broken_by(Rule::Rate(rate), sign * of as f64));
                (entries, if at_least { more - (of - 1) } else { more } as f64)
            }
        };
        if at_least {
            self.row(limit, INF, &entries);
        } else {
            self.row(-INF, limit, &entries);
        }
    }

    fn state_teacher(&mut self, who: TeacherIx, teacher: &Teacher) {
        let moves = self.movers(&[who], 1.0);
        if teacher.must_move {
            let mut entries = moves.clone();
            entries.extend(self.broken_by(Rule::MustMove(who), 1.0));
            self.row(1.0, INF, &entries);
        }
        if let Some(pin) = teacher.pinned {
            self.state_pin(who, pin, &moves);
        }
        if self.elastic && self.problem.is_protected(who) {
            let unwished = |&(column, _): &(ColIx, f64)| teacher.moves[self.moves[column].1].wish.is_none();
            let mut entries: Entries = moves.into_iter().filter(unwished).collect();
            entries.extend(self.broken_by(Rule::VolunteerNotWorse(who), -1.0));
            self.row(-INF, 0.0, &entries);
        }
    }

    fn state_pin(&mut self, who: TeacherIx, pin: Pin, moves: &Entries) {
        let only = |choice: MoveIx| -> Entries {
            moves.iter().copied().filter(|&(column, _)| self.moves[column].1 == choice).collect()
        };
        // Either at least one of these, or none of them.
        let (mut entries, at_least) = match pin {
            Pin::Stays => (moves.clone(), false),
            Pin::Moves(choice) => (only(choice), true),
            Pin::Not(None) => (moves.clone(), true),
            Pin::Not(Some(choice)) => (only(choice), false),
        };
        if at_least {
            entries.extend(self.broken_by(Rule::Pinned(who), 1.0));
            self.row(1.0, INF, &entries);
        } else if self.elastic {
            entries.extend(self.broken_by(Rule::Pinned(who), -1.0));
            self.row(-INF, 0.0, &entries);
        }
    }

    fn state_link(&mut self, rule: Rule, link: &Link) {
        let first = link.teachers[0];
        for &other in &link.teachers[1..] {
            match link.kind {
                LinkKind::Together => {
                    let difference = self.difference(first, other, |_| true);
                    self.state_equal(rule, difference);
                }
                LinkKind::SameSchool => {
                    for school in self.destinations(&[first, other]) {
                        let difference = self.difference(first, other, |choice| choice.to == school);
                        self.state_equal(rule, difference);
                    }
                }
            }
        }
    }

    fn destinations(&self, who: &[TeacherIx]) -> Vec<SchoolIx> {
        let columns = self.movers(who, 1.0);
        let to = |&(column, _): &(ColIx, f64)| self.facts(column).to;
        let mut schools: Vec<SchoolIx> = columns.iter().map(to).collect();
        schools.sort_unstable();
        schools.dedup();
        schools
    }

    pub(super) fn facts(&self, column: ColIx) -> &Move {
        let (who, choice) = self.moves[column];
        &self.problem.teachers[who].moves[choice]
    }

    fn difference(&self, first: TeacherIx, other: TeacherIx, counts: impl Fn(&Move) -> bool) -> Entries {
        let mut entries = self.movers(&[first], 1.0);
        entries.extend(self.movers(&[other], -1.0));
        entries.retain(|&(column, _)| counts(self.facts(column)));
        entries
    }

    fn state_equal(&mut self, rule: Rule, difference: Entries) {
        if !self.elastic {
            return self.row(0.0, 0.0, &difference);
        }
        for factor in [1.0, -1.0] {
            let mut entries = difference.clone();
            entries.extend(self.broken_by(rule, factor));
            let (lower, upper) = if factor > 0.0 { (0.0, INF) } else { (-INF, 0.0) };
            self.row(lower, upper, &entries);
        }
    }

    fn state_caps(&mut self) {
        let problem = self.problem;
        let schools = problem.schools.len();
        let (mut out, mut into) = (vec![Entries::new(); schools], vec![Entries::new(); schools]);
        for (column, &(who, choice)) in self.moves.iter().enumerate() {
            out[problem.teachers[who].home].push((column, 1.0));
            into[problem.teachers[who].moves[choice].to].push((column, 1.0));
        }
        for (school, (out, into)) in out.into_iter().zip(into).enumerate() {
            let facts = &problem.schools[school];
            self.state_cap(Rule::OutCap(school), facts.out_cap, out);
            self.state_cap(Rule::InCap(school), facts.in_cap, into);
        }
    }

    fn state_cap(&mut self, rule: Rule, cap: Option<u32>, mut entries: Entries) {
        let Some(cap) = cap else { return };
        entries.extend(self.broken_by(rule, -1.0));
        self.row(-INF, f64::from(cap), &entries);
    }

    fn state_cell(&mut self, cell: CellIx) {
        let facts = &self.problem.cells[cell];
        if facts.low.is_none() && facts.high.is_none() {
            return;
        }
        let change = |limit: Option<Fifths>| limit.map(|limit| (limit - facts.present) as f64);
        let (lower, upper) = (change(facts.low).unwrap_or(-INF), change(facts.high).unwrap_or(INF));
        let mut entries: Entries =
            self.flows[cell].iter().map(|&(column, fifths)| (column, fifths as f64)).collect();
        entries.extend(self.broken_by(Rule::CellLow(cell), 1.0));
        entries.extend(self.broken_by(Rule::CellHigh(cell), -1.0));
        self.row(lower, upper, &entries);
    }

    /// One column for all moves that are too long: as many minutes as the longest of them.
    fn state_longest_commute(&mut self) {
        let Some(longest) = self.problem.longest_commute else { return };
        for column in 0..self.moves.len() {
            let beyond = self.facts(column).commute_after.map_or(0, |after| after - longest);
            if beyond > 0 {
                let mut entries = vec![(column, -(beyond as f64))];
                entries.extend(self.broken_by(Rule::LongestCommute, 1.0));
                self.row(0.0, INF, &entries);
            }
        }
    }
}
