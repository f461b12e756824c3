//! Who is there on which day of the term: schools close, leave their group or join it, and people go and come.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::engagements::posting_on;
use super::facts::Facts;
use crate::entity::values::MembershipRole;
use crate::entity::{membership, school, teacher};
use crate::error::Bilingual;
use crate::people::roster::holds;

/// Days on which somebody does not work at any school of hers that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// Why, as people read it.
    pub why: Bilingual,
}

/// The schools that are not there on some days of the term, and the people who are nowhere on some.
#[derive(Debug, Clone, Default)]
pub struct Presence {
    schools: HashMap<Uuid, HashMap<NaiveDate, Bilingual>>,
    people: HashMap<Uuid, Vec<Gone>>,
}

impl Presence {
    /// Of the term of `facts`, by the memberships that count there.
    pub fn of(facts: &Facts) -> Self {
        let mut presence = Self::default();
        for school in &facts.schools {
            let dates = facts.calendar.dates();
            let shut: HashMap<NaiveDate, Bilingual> =
                dates.filter_map(|date| Some((date, absence(facts, school, date)?))).collect();
            if !shut.is_empty() {
                presence.schools.insert(school.id, shut);
            }
        }
        for teacher in facts.roster.teachers.values() {
            let gone = presence.stretches(facts, teacher);
            if !gone.is_empty() {
                presence.people.insert(teacher.id, gone);
            }
        }
        presence
    }

    /// Why a school is not there on a day.
    pub fn shut(&self, school: Uuid, date: NaiveDate) -> Option<&Bilingual> {
        self.schools.get(&school)?.get(&date)
    }

    /// The days on which somebody is not there, ascending.
    pub fn gone(&self, teacher: Uuid) -> &[Gone] {
        self.people.get(&teacher).map_or(&[], Vec::as_slice)
    }

    /// Why somebody is not there on a day.
    pub fn why_gone(&self, teacher: Uuid, date: NaiveDate) -> Option<&Bilingual> {
        let gone = self.gone(teacher).iter().find(|gone| holds(gone.from, Some(gone.until), date));
        gone.map(|gone| &gone.why)
    }

    fn stretches(&self, facts: &Facts, teacher: &teacher::Model) -> Vec<Gone> {
        if self.is_there_throughout(facts, teacher) {
            return Vec::new();
        }
        let mut stretches: Vec<Gone> = Vec::new();
        for date in facts.calendar.dates() {
            let Some(why) = self.why(facts, teacher, date) else { continue };
            match stretches.last_mut() {
                Some(last) if last.until.succ_opt() == Some(date) && last.why == why => last.until = date,
                _ => stretches.push(Gone { from: date, until: date, why }),
            }
        }
        stretches
    }

    /// Whether a look at each day can be spared, as for nearly everybody.
    fn is_there_throughout(&self, facts: &Facts, teacher: &teacher::Model) -> bool {
        let term = &facts.calendar.term;
        let (posts, postings) = (facts.roster.posts(teacher.id), facts.roster.postings(teacher.id));
        let mut schools =
            posts.iter().map(|row| row.school_id).chain(postings.iter().map(|row| row.school_id));
        let keeps_her_post = match posts {
            [] => true,
            [post] => {
                post.from_on <= term.starts_on && post.until_on.is_none_or(|until| until >= term.ends_on)
            }
            _ => false,
        };
        keeps_her_post
            && teacher.left_on.is_none()
            && !schools.any(|school| self.schools.contains_key(&school))
    }

    fn why(&self, facts: &Facts, teacher: &teacher::Model, date: NaiveDate) -> Option<Bilingual> {
        if teacher.left_on.is_some_and(|left_on| left_on <= date) {
            return Some(Bilingual::new("已离职", "not employed any more"));
        }
        let roster = &facts.roster;
        let posted = posting_on(facts, teacher.id, date).map(|posting| posting.school_id);
        let school = posted.or_else(|| roster.appointment(teacher.id, date).map(|post| post.school_id));
        match school {
            Some(school) => self.shut(school, date).cloned(),
            // Researchers have no post, and work all the same.
            None if roster.posts(teacher.id).is_empty() => None,
            None => Some(Bilingual::new("当天不在职", "has no post that day")),
        }
    }
}

/// Why a school is not there on `date`: it is closed, or belongs to none of the planned groups that it belongs to on other days.
fn absence(facts: &Facts, school: &school::Model, date: NaiveDate) -> Option<Bilingual> {
    if school.closed_on.is_some_and(|closed_on| closed_on <= date) {
        return Some(Bilingual::new("学校已停办", "the school is closed for good"));
    }
    let groups = facts.memberships.iter().filter(|row| row.school_id == school.id).map(|row| row.group_id);
    let mut groups = groups.peekable();
    groups.peek()?;
    let stays = |group: Uuid| {
        let mut stays = facts.stays.iter().filter(|row| (row.school_id, row.group_id) == (school.id, group));
        stays.any(|row| holds(row.joined_on, last_day(row), date))
    };
    if groups.any(stays) {
        return None;
    }
    Some(Bilingual::new("学校当天不在集团内", "the school does not belong to the group that day"))
}

/// The last day of a stay in a group.
pub fn last_day(row: &membership::Model) -> Option<NaiveDate> {
    row.left_on.and_then(|left| left.pred_opt())
}

/// Of all stays of schools in groups those that count for a plan made on `today`: each school once in each group, with the role it
/// has that day or next; of a school that changes its group only the one it belongs to that day or next.
pub fn counting(stays: &[membership::Model], today: NaiveDate) -> Vec<membership::Model> {
    let mut counting: Vec<membership::Model> = Vec::new();
    for row in stays {
        let same =
            |other: &&membership::Model| (other.school_id, other.group_id) == (row.school_id, row.group_id);
        let first = stays.iter().filter(same).min_by_key(|other| (distance(other, today), other.id));
        if first.is_some_and(|first| first.id == row.id) {
            counting.push(row.clone());
        }
    }
    let moved = |row: &membership::Model| {
        counting.iter().any(|other| {
            let instead = other.school_id == row.school_id && other.group_id != row.group_id;
            let both = [row, other].map(|row| row.role).iter().all(|role| *role != MembershipRole::Partner);
            instead && both && (distance(other, today), other.id) < (distance(row, today), row.id)
        })
    };
    let given_way: Vec<Uuid> = counting.iter().filter(|row| moved(row)).map(|row| row.id).collect();
    counting.retain(|row| !given_way.contains(&row.id));
    counting
}

/// How far a stay is from a day: it holds then, will, or did.
fn distance(row: &membership::Model, today: NaiveDate) -> (u8, i64) {
    match last_day(row) {
        _ if row.joined_on > today => (1, (row.joined_on - today).num_days()),
        Some(last) if last < today => (2, (today - last).num_days()),
        _ => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(school: u128, group: u128, from: (u32, u32), left: Option<(u32, u32)>) -> membership::Model {
        let day = |(month, day)| NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
        membership::Model {
            id: Uuid::from_u128(school * 100 + group * 10 + u128::from(from.0)),
            district_id: Uuid::nil(),
            group_id: Uuid::from_u128(group),
            school_id: Uuid::from_u128(school),
            role: MembershipRole::Member,
            joined_on: day(from),
            left_on: left.map(day),
            agreement_ends_on: None,
            version: 1,
        }
    }

    fn groups_on(stays: &[membership::Model], month: u32) -> Vec<u128> {
        let today = NaiveDate::from_ymd_opt(2026, month, 15).expect("a date");
        counting(stays, today).iter().map(|row| row.group_id.as_u128()).collect()
    }

    #[test]
    fn a_school_that_changes_its_group_counts_in_the_one_it_belongs_to_that_day() {
        let stays = [stay(1, 1, (1, 1), Some((10, 12))), stay(1, 2, (10, 12), None)];
        assert_eq!(groups_on(&stays, 9), [1]);
        assert_eq!(groups_on(&stays, 11), [2]);
    }

    #[test]
    fn a_partner_of_another_group_counts_in_both() {
        let partner = membership::Model { role: MembershipRole::Partner, ..stay(1, 2, (1, 1), None) };
        assert_eq!(groups_on(&[stay(1, 1, (1, 1), None), partner], 9), [1, 2]);
    }

    #[test]
    fn a_school_has_the_role_that_it_has_that_day_or_next() {
        let core = membership::Model { role: MembershipRole::Core, ..stay(1, 1, (10, 1), None) };
        let stays = [stay(1, 1, (1, 1), Some((10, 1))), core];
        let role = |month| {
            let today = NaiveDate::from_ymd_opt(2026, month, 15).expect("a date");
            counting(&stays, today).iter().map(|row| row.role).collect::<Vec<_>>()
        };
        assert_eq!(role(9), [MembershipRole::Member]);
        assert_eq!(role(11), [MembershipRole::Core]);
        assert_eq!(counting(&stays[1..], stays[0].joined_on).len(), 1, "it joins later");
    }
}
