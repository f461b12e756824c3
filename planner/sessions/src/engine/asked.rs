//! Who is asked to sessions in each week, as sets of people.

use super::pairs::bits;
use super::ways::Ways;
use crate::build::Problem;
use crate::pair::listed;
use crate::problem::{PersonIx, SessionIx};

/// Sets of people, one bit each, in rows of `words` words: who has something else in a week is found without looking at everybody.
#[derive(Debug)]
pub(super) struct Asked {
    words: usize,
    /// Who is listed on one day or another, by way.
    listed: Vec<u64>,
    /// Who has a visit, by week.
    once: Vec<u64>,
    /// Who has two or more, by week.
    twice: Vec<u64>,
    /// Who is asked to a session where it stands, by session.
    to: Vec<u64>,
}

impl Asked {
    pub(super) fn new(problem: &Problem, ways: &Ways) -> Asked {
        let words = problem.people.len().div_ceil(64);
        let listed =
            ways.each().flat_map(|(session, option)| bits(problem, listed(problem, session, option).1));
        let empty = |rows: usize| vec![0; rows * words];
        Asked {
            words,
            listed: listed.collect(),
            once: empty(problem.weeks()),
            twice: empty(problem.weeks()),
            to: empty(problem.sessions.len()),
        }
    }

    /// Takes note of whether a person is asked to a session, and to how many in its week.
    pub(super) fn note(
        &mut self,
        person: PersonIx,
        week: usize,
        session: SessionIx,
        comes: bool,
        visits: u16,
    ) {
        let (word, bit) = (person / 64, 1 << (person % 64));
        let set = |row: &mut [u64], is: bool| match is {
            true => row[word] |= bit,
            false => row[word] &= !bit,
        };
        let words = self.words;
        let row = |number: usize| number * words..(number + 1) * words;
        set(&mut self.once[row(week)], visits > 0);
        set(&mut self.twice[row(week)], visits > 1);
        set(&mut self.to[row(session)], comes);
    }

    /// Those listed in a way who are asked to something else in a week; `staying`: the session is in that week now.
    pub(super) fn elsewhere(
        &self,
        way: usize,
        week: usize,
        staying: Option<SessionIx>,
    ) -> impl Iterator<Item = PersonIx> {
        (0..self.words)
            .flat_map(move |word| Ones(self.busy(way, week, staying, word)).map(move |bit| word * 64 + bit))
    }

    fn busy(&self, way: usize, week: usize, staying: Option<SessionIx>, word: usize) -> u64 {
        let once = self.of(&self.once, week, word);
        let twice = || self.of(&self.twice, week, word);
        let busy = staying.map_or(once, |session| twice() | once & !self.of(&self.to, session, word));
        self.of(&self.listed, way, word) & busy
    }

    fn of(&self, rows: &[u64], row: usize, word: usize) -> u64 {
        rows[row * self.words + word]
    }
}

/// The places of the ones in a word, ascending.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let bit = self.0.trailing_zeros();
        self.0 &= self.0.wrapping_sub(1);
        (bit < 64).then_some(bit as usize)
    }
}
