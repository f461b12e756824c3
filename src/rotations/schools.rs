//! The schools of a round: which take part on its first day of service, and what each is in its group.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::entity::values::MembershipRole;
use crate::entity::{membership, rotation_round, school};
use crate::error::Result;
use crate::rows;

/// Which schools take part in a round: the core and the members of its group; without a group, all of the district. 联盟校 come
/// from outside and take part in none.
#[derive(Debug, Clone)]
pub struct TakingPart {
    /// What each school is on the first day of service: in the round's group, else in any, the closest to the core.
    pub roles: HashMap<Uuid, MembershipRole>,
    whole_district: bool,
    on: NaiveDate,
}

impl TakingPart {
    /// Reads who takes part in a round.
    pub async fn load(connection: &impl ConnectionTrait, round: &rotation_round::Model) -> Result<Self> {
        let mut select = rows::in_district(round.district_id, membership::Entity::find());
        if let Some(group) = round.group_id {
            select = select.filter(membership::Column::GroupId.eq(group));
        }
        let rows = select.all(connection).await?;
        Ok(Self::new(round, rows.iter()))
    }

    /// Who takes part in a round, from rows.
    pub fn new<'r>(
        round: &rotation_round::Model,
        memberships: impl Iterator<Item = &'r membership::Model>,
    ) -> Self {
        let on = round.starts_on;
        // A school does not belong any more on the day it left.
        let holds = |row: &&membership::Model| {
            round.group_id.is_none_or(|group| group == row.group_id)
                && row.joined_on <= on
                && row.left_on.is_none_or(|left| on < left)
        };
        let mut roles: HashMap<Uuid, MembershipRole> = HashMap::new();
        for row in memberships.filter(holds) {
            let role = roles.entry(row.school_id).or_insert(row.role);
            // Declared from the core outwards.
            *role = row.role.min(*role);
        }
        Self { roles, whole_district: round.group_id.is_none(), on }
    }

    /// Whether a school belongs to the round.
    pub fn includes(&self, school_id: Uuid) -> bool {
        match self.roles.get(&school_id) {
            Some(role) => *role != MembershipRole::Partner,
            None => self.whole_district,
        }
    }

    /// Whether a school belongs to the round and still runs when service begins.
    pub fn runs(&self, school: &school::Model) -> bool {
        self.includes(school.id) && school.closed_on.is_none_or(|closed| closed > self.on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::values::RoundState;
    use crate::id;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn round(group_id: Option<Uuid>) -> rotation_round::Model {
        rotation_round::Model {
            id: id::new(),
            district_id: Uuid::nil(),
            name: "2027年教师交流轮岗".to_owned(),
            starts_on: day("2027-09-01"),
            ends_on: day("2029-08-31"),
            state: RoundState::Counting,
            policy_id: None,
            group_id,
            version: 1,
        }
    }

    fn member(
        group_id: Uuid,
        school_id: Uuid,
        role: MembershipRole,
        left: Option<&str>,
    ) -> membership::Model {
        membership::Model {
            id: id::new(),
            district_id: Uuid::nil(),
            group_id,
            school_id,
            role,
            joined_on: day("2020-09-01"),
            left_on: left.map(day),
            agreement_ends_on: None,
            version: 1,
        }
    }

    #[test]
    fn a_group_has_its_core_and_members_until_the_day_they_leave() {
        let (group, other) = (id::new(), id::new());
        let [core, member_, left, later, partner, stranger] = [(); 6].map(|()| id::new());
        let rows = [
            member(group, core, MembershipRole::Core, None),
            member(group, member_, MembershipRole::Member, None),
            member(group, left, MembershipRole::Member, Some("2027-09-01")),
            member(group, later, MembershipRole::Member, Some("2027-09-02")),
            member(group, partner, MembershipRole::Partner, None),
            member(other, stranger, MembershipRole::Core, None),
        ];
        let taking_part = TakingPart::new(&round(Some(group)), rows.iter());
        let inside =
            [core, member_, left, later, partner, stranger].map(|school| taking_part.includes(school));
        assert_eq!(inside, [true, true, false, true, false, false]);
    }

    #[test]
    fn a_district_has_all_its_schools_each_as_close_to_a_core_as_it_is_anywhere() {
        let (one, other) = (id::new(), id::new());
        let [both, partner, alone] = [(); 3].map(|()| id::new());
        let rows = [
            member(one, both, MembershipRole::Member, None),
            member(other, both, MembershipRole::Core, None),
            member(one, both, MembershipRole::Partner, None),
            member(one, partner, MembershipRole::Partner, None),
        ];
        for rows in [rows.iter().collect::<Vec<_>>(), rows.iter().rev().collect()] {
            let taking_part = TakingPart::new(&round(None), rows.into_iter());
            assert_eq!(
                taking_part.roles.get(&both),
                Some(&MembershipRole::Core),
                "in whatever order rows come"
            );
            assert_eq!(
                [both, partner, alone].map(|school| taking_part.includes(school)),
                [true, false, true]
            );
        }
    }
}
