//! Who comes, who is excused and whose lessons are covered.

use crate::build::Problem;
use crate::constraints::audience_present;
use crate::evaluate::Groupings;
use crate::problem::{Assignment, PersonIx};
use crate::text::Reason;

/// Who comes to a session and what it takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attendance {
    /// Required people and the audience that can come, ascending.
    pub attending: Vec<PersonIx>,
    /// Audience that cannot come, with the reason, ascending.
    pub excused: Vec<(PersonIx, Reason)>,
    /// Lessons that a colleague has to cover (调课): the person and the number within her engagements. A lesson that several sessions
    /// touch is listed with the one she puts first.
    pub cover: Vec<(PersonIx, usize)>,
}

/// Attendance of every session, by session; empty for sessions without a place in the plan.
///
/// # Panics
/// As [`crate::evaluate`].
pub fn attendance(problem: &Problem, plan: &Assignment) -> Vec<Attendance> {
    let mut attendance = vec![Attendance::default(); problem.sessions.len()];
    Groupings::of(problem, plan).each_week(|week| {
        for visit in week.visits {
            let session = &mut attendance[visit.session];
            match visit.excuse {
                None => session.attending.push(week.person),
                Some(excuse) => {
                    let reason = audience_present::reason(problem, week.person, visit, excuse);
                    session.excused.push((week.person, reason));
                }
            }
        }
        for cover in week.covers {
            attendance[cover.session].cover.push((week.person, cover.engagement));
        }
    });
    attendance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::EngagementKind;
    use crate::testing::Town;

    #[test]
    fn everybody_is_listed_once_with_what_her_coming_takes() {
        let mut town = Town::new();
        let chair = town.person("周然诗", town.west);
        let guest = town.person("王一", town.east);
        let busy = town.person("李二", town.east);
        town.requires(chair);
        town.invites(&[chair, guest, busy]);
        town.engage(guest, EngagementKind::Lesson, 0, "14:00", Some(town.east));
        town.engage(busy, EngagementKind::Session, 0, "14:00", None);
        let plan = town.plan(|plan| plan.at(0, "14:00"));
        let found = attendance(&town.build(), &plan);
        assert_eq!(found[0].attending, [chair, guest]);
        assert_eq!(found[0].cover, [(guest, 0)]);
        assert_eq!(found[0].excused[0].0, busy);
        assert_eq!(
            found[0].excused[0].1.en,
            "Mon 7 Sep 14:00: 李二 cannot attend “语文联合教研 第1次”: “公开课”, published for 14:00–14:40, is at the same time"
        );
    }
}
