//! Whoever is welcome can come.

use super::audience_present::excused;
use super::{Check, Rule, Sink};
use crate::score::Level;
use crate::week::{PersonWeek, Role};

/// Unit: a person who would be welcome at a session and cannot come. More than an hour and a half of way with a covered lesson, which
/// her staying away saves: nobody is kept away by a clash to spare her the way.
pub(crate) const RULE: Rule = Rule {
    name: "guests_present",
    sentence: ("自愿参加的人员尽量都能到场。", "As many as possible of those who are welcome can come."),
    level: Level::Soft,
    default_weight: 20,
    check: Check::PersonWeek(check),
};

fn check(week: &PersonWeek, sink: &mut dyn Sink) {
    excused(week, Role::Optional, sink);
}

#[cfg(test)]
mod tests {
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    #[test]
    fn a_welcome_person_who_is_busy_breaks_it_and_an_expected_one_does_not() {
        let mut town = Town::new();
        let (guest, expected) = (town.person("王一", town.east), town.person("李二", town.east));
        town.invites(&[guest, expected]);
        town.input.sessions[0].options[0].audience[0].optional = true;
        for person in [guest, expected] {
            town.engage(person, EngagementKind::Session, 0, "14:00", None);
        }
        let found = town.expect("guests_present", 1, |plan| plan.at(0, "14:00"));
        assert_eq!(
            found[0].reason.zh,
            "9月7日（周一）14:00 王一不能参加“语文联合教研 第1次”：同时有14:00—14:40已发布的“公开课”"
        );
        town.expect("guests_present", 0, |plan| plan.at(1, "14:00"));
        town.expect("audience_present", 1, |plan| plan.at(0, "14:00"));
    }
}
