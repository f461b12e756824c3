//! Which stages a teacher of one stage can teach.

use crate::entity::values::Stage;

/// Whether a teacher, or a head, of one stage can serve in another: in her own, or in a lower one; kindergartens are for those who are
/// trained for them.
pub fn can_teach(own: Stage, other: Stage) -> bool {
    other == own || other < own && other != Stage::Kindergarten
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_go_to_their_own_stage_or_a_lower_one_and_to_kindergartens_only_from_there() {
        use Stage::{Junior, Kindergarten, Primary, Senior};
        let open =
            |own| Stage::ALL.iter().copied().filter(|other| can_teach(own, *other)).collect::<Vec<_>>();
        assert_eq!(open(Kindergarten), [Kindergarten]);
        assert_eq!(open(Primary), [Primary]);
        assert_eq!(open(Junior), [Primary, Junior]);
        assert_eq!(open(Senior), [Primary, Junior, Senior]);
    }
}
