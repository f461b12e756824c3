//! Simulated annealing (Kirkpatrick, Gelatt and Vecchi, 1983) in whole numbers, so that every machine makes the same choices.

use crate::rng::Rng;

/// Entries of the table of logarithms: chances are told apart to a thousandth.
const CHANCES: usize = 1024;
/// Binary places of a logarithm.
const PLACES: u32 = 12;

/// The part of a run in which the search is on, in thousandths; what remains is for the finish.
const SEARCH: u64 = 920;
/// How many times the temperature halves during the search, and again during the finish, in which the lower levels are put in order;
/// in 256ths.
const HALVINGS: (u64, u64) = (7 * 128, 6 * 256);

/// Steps of the first cooling of a run that has no known end; each one after takes twice as many.
const FIRST_CYCLE: u64 = 2_000_000;
/// Steps of a cooling for each session, where there is time for more than one: so many for few sessions, and the more the more
/// others each has to agree with.
const PER_COOLING: u64 = 100_000;
const FEW_SESSIONS: u64 = 50;
/// More coolings are too short to tell their parts apart by thousandths.
const MOST_COOLINGS: u64 = 10;
/// Thousandths of the time after which it is estimated how many steps it allows.
const ESTIMATED: u64 = 20;

/// A temperature that falls by the same factor in each equal part of the search, and faster in the finish.
#[derive(Debug)]
pub(super) struct Cooling {
    first: i64,
    now: i64,
    /// −ln of evenly spaced chances, as fractions of `1 << PLACES`.
    logarithms: Box<[i64]>,
}

impl Cooling {
    /// A run that begins at a temperature.
    pub(super) fn from(first: i64) -> Cooling {
        let logarithms = (0..CHANCES as u64).map(|ix| minus_ln(2 * ix + 1, 2 * CHANCES as u64));
        Cooling { first: first.max(1), now: first.max(1), logarithms: logarithms.collect() }
    }

    /// Sets the temperature for a part of the run that is over, in thousandths.
    pub(super) fn at(&mut self, thousandths: u64) {
        let search = thousandths.min(SEARCH) * HALVINGS.0 / SEARCH;
        let finish = thousandths.clamp(SEARCH, 1_000) - SEARCH;
        let fallen = search + finish * HALVINGS.1 / (1_000 - SEARCH);
        let (halvings, rest) = (fallen / 256, fallen % 256);
        // Between two halvings, a straight line is near enough to the curve.
        let whole = (self.first << 8) >> halvings;
        self.now = (whole * (512 - rest as i64) / 512) >> 8;
    }

    /// By how much the next move may make the plan worse.
    pub(super) fn slack(&self, rng: &mut Rng) -> i64 {
        (self.now * self.logarithms[rng.below(CHANCES)]) >> PLACES
    }
}

/// How far the present cooling of a run has come.
///
/// Longer cooling helps up to a point only; a run that has more time heats up again and keeps the best of several coolings.
#[derive(Debug)]
pub(super) struct Pace {
    /// Steps of the whole run, where they are known.
    steps: Option<u64>,
    sessions: u64,
    /// Coolings of the whole run, once it is known how many there is time for.
    coolings: Option<u64>,
    /// First step and length of the present cooling of a run without a known end.
    cycle: (u64, u64),
}

impl Pace {
    /// A run of so many steps, if that is known, over so many sessions that may move.
    pub(super) fn new(steps: Option<u64>, sessions: usize) -> Pace {
        let sessions = sessions.max(1) as u64;
        let coolings = steps.map(|steps| coolings(steps, sessions));
        Pace { steps, sessions, coolings, cycle: (0, FIRST_CYCLE) }
    }

    /// How much of the present cooling is over after so many steps, in thousandths; `used` tells how much of the caller's time is.
    pub(super) fn of_cooling(&mut self, step: u64, used: impl FnOnce() -> Option<u64>) -> u64 {
        let used = match self.steps {
            Some(steps) => Some(step * 1_000 / steps),
            None => used(),
        };
        let Some(used) = used else {
            return self.without_end(step);
        };
        if self.coolings.is_none() && used >= ESTIMATED {
            self.coolings = Some(coolings(step * 1_000 / used, self.sessions));
        }
        if used >= 1_000 { 1_000 } else { used * self.coolings.unwrap_or(1) % 1_000 }
    }

    fn without_end(&mut self, step: u64) -> u64 {
        if step >= self.cycle.0 + self.cycle.1 {
            self.cycle = (step, self.cycle.1 * 2);
        }
        (step - self.cycle.0) * 1_000 / self.cycle.1
    }
}

fn coolings(steps: u64, sessions: u64) -> u64 {
    let times = (sessions / FEW_SESSIONS).max(1);
    (steps / (sessions * times * PER_COOLING)).clamp(1, MOST_COOLINGS)
}

/// −ln(number / of), as a fraction of `1 << PLACES`.
fn minus_ln(number: u64, of: u64) -> i64 {
    const LN_2: u64 = 2_977_044_472; // × 2^32
    // log2 by squaring: each time the square passes 2, one more binary place is 1.
    let mut mantissa = (u128::from(of) << 64) / u128::from(number);
    let whole = 127 - mantissa.leading_zeros() - 64;
    mantissa >>= whole;
    let mut log = u64::from(whole) << 32;
    for place in (0..32).rev() {
        mantissa = (mantissa >> 32) * (mantissa >> 32);
        if mantissa >> 65 != 0 {
            mantissa >>= 1;
            log |= 1 << place;
        }
    }
    ((u128::from(log) * u128::from(LN_2)) >> (64 - PLACES)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_those_of_the_tables() {
        assert_eq!(minus_ln(1, 1), 0);
        assert_eq!(minus_ln(1, 2), 2_839);
        assert_eq!(minus_ln(1, 10), 9_431);
        assert_eq!(minus_ln(999, 1_000), 4);
    }

    #[test]
    fn the_temperature_falls_to_an_eleventh_and_then_to_almost_nothing() {
        let mut cooling = Cooling::from(1_600);
        let steps = [0, 263, 526, 789, 920, 1_000].map(|thousandths| {
            cooling.at(thousandths);
            cooling.now
        });
        assert_eq!(steps, [1_600, 800, 400, 200, 150, 2]);
    }

    #[test]
    fn a_run_with_time_for_two_coolings_heats_up_again_halfway() {
        let mut pace = Pace::new(Some(2 * 3 * PER_COOLING), 3);
        let parts = [0, 1, 3, 4, 6].map(|part| pace.of_cooling(part * PER_COOLING, || None));
        assert_eq!(parts, [0, 332, 0, 332, 1_000]);
    }

    #[test]
    fn a_run_that_only_knows_its_time_counts_its_coolings_when_it_knows_its_speed() {
        let mut pace = Pace::new(None, 1);
        let mut at = |step, used| pace.of_cooling(step, || Some(used));
        assert_eq!(at(3_000, 10), 10);
        assert_eq!([at(8_000, 20), at(200_000, 500), at(300_000, 750)], [80, 0, 0]);
        assert_eq!(at(400_000, 1_000), 1_000);
    }

    #[test]
    fn a_run_without_an_end_takes_twice_as_long_for_each_cooling() {
        let mut pace = Pace::new(None, 1);
        let parts = [0, 1, 2, 4, 6].map(|half| pace.of_cooling(half * FIRST_CYCLE / 2, || None));
        assert_eq!(parts, [0, 500, 0, 500, 0]);
    }
}
