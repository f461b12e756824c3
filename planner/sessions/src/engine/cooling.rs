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
}
