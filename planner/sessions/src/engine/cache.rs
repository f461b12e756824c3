//! Scores that were worked out once and are asked for again and again.

use crate::score::Score;

/// A direct-mapped table under 64-bit keys: a new score takes the place of whatever stood there. The whole key is compared, so a
/// wrong answer would need two things asked for to share all 64 bits.
#[derive(Debug)]
pub(super) struct Cache {
    mask: usize,
    entries: Box<[Entry]>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    /// 0: empty.
    key: u64,
    hard: i32,
    medium: i32,
    soft: i64,
}

impl Cache {
    /// A table of about so many entries of 24 bytes.
    pub(super) fn new(entries: usize) -> Cache {
        let size = entries.next_power_of_two();
        Cache { mask: size - 1, entries: vec![Entry::default(); size].into_boxed_slice() }
    }

    /// What stands under a key, if it is still there.
    pub(super) fn get(&self, key: u64) -> Option<Score> {
        let entry = &self.entries[key as usize & self.mask];
        (entry.key == key && key != 0).then(|| Score {
            hard: i64::from(entry.hard),
            medium: i64::from(entry.medium),
            soft: entry.soft,
        })
    }

    /// Keeps a score, unless it is too large to be kept.
    pub(super) fn put(&mut self, key: u64, score: Score) {
        let (Ok(hard), Ok(medium)) = (i32::try_from(score.hard), i32::try_from(score.medium)) else {
            return;
        };
        self.entries[key as usize & self.mask] = Entry { key, hard, medium, soft: score.soft };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_found_under_its_key_until_another_takes_its_place() {
        let mut cache = Cache::new(4);
        let score = Score { hard: 1, medium: 2, soft: 3 };
        cache.put(5, score);
        assert_eq!(cache.get(5), Some(score));
        assert_eq!(cache.get(9), None);
        cache.put(9, Score::ZERO);
        assert_eq!((cache.get(5), cache.get(9)), (None, Some(Score::ZERO)));
        assert_eq!(cache.get(0), None);
    }
}
