//! What a problem is stated in: days, hours, schools, rooms, groups.

use std::collections::HashMap;

use chrono::NaiveDate;
use session_planner::{DAY, Day, Group, GroupIx, Hours, Minute, Place, PlaceIx, Room};
use uuid::Uuid;

use super::Builder;
use super::lessons::equipment_of;
use crate::entity::education_group;
use crate::entity::values::{MembershipRole, ResourceKind};
use crate::error::Bilingual;
use crate::plans::engagements;
use crate::plans::facts::Facts;

/// Times of the county's offices (domain.md "Times"); the afternoon begins after the noon break.
pub fn hours() -> Hours {
    let at = |hour: Minute, minute: Minute| hour * 60 + minute;
    Hours {
        step: 10,
        morning: (at(8, 0), at(12, 0)),
        afternoon: (at(13, 0), at(17, 30)),
        evening: (at(18, 30), at(20, 30)),
        travel_from: at(7, 30),
        travel_until: at(18, 30),
    }
}

/// Minutes of the longest half-day.
pub fn longest() -> Minute {
    let hours = hours();
    (hours.morning.1 - hours.morning.0).max(hours.afternoon.1 - hours.afternoon.0)
}

/// The planned groups, each with what it has set for itself or the district for all.
pub fn groups(facts: &Facts, places: &HashMap<Uuid, PlaceIx>) -> Vec<Group> {
    let group = |row: &education_group::Model| {
        let settings = facts.settings_of(row.id);
        let core = facts
            .memberships
            .iter()
            .filter(|membership| membership.group_id == row.id && membership.role == MembershipRole::Core);
        Group {
            name: row.name.clone(),
            core: core.filter_map(|membership| places.get(&membership.school_id).copied()).collect(),
            core_share: settings.core_share(),
            limits: settings.limits(),
            weights: settings.weights(),
        }
    };
    facts.groups.iter().map(group).collect()
}

/// The planned group that a school belongs to: as a core or member school before a partner.
pub fn group_of(facts: &Facts, school: Uuid) -> Option<GroupIx> {
    let of_school = facts.memberships.iter().filter(|row| row.school_id == school);
    let membership = of_school.min_by_key(|row| (row.role == MembershipRole::Partner, row.id))?;
    facts.groups.iter().position(|group| group.id == membership.group_id)
}

impl Builder<'_> {
    pub(super) fn days(&self) -> Vec<Day> {
        self.facts
            .calendar
            .dates()
            .map(|date| {
                let day = self.facts.calendar.day(date, None);
                let weekend = self.facts.calendar.is_free_weekend(date);
                let closed = day.closed.filter(|_| !weekend);
                let closed_places = self
                    .facts
                    .schools
                    .iter()
                    .enumerate()
                    .filter(|_| closed.is_none())
                    .filter_map(|(ix, school)| {
                        let own = self.shut(school.id, date)?;
                        Some((ix, (own.zh, own.en)))
                    })
                    .collect();
                let closed = closed.map(|text| (text.zh, text.en));
                Day { closed, closed_places, week: day.week, weekend }
            })
            .collect()
    }

    /// Why a school is not open on a day: it has a day of its own, or is not there.
    fn shut(&self, school: Uuid, date: NaiveDate) -> Option<Bilingual> {
        let exception = self.facts.calendar.has_exception(date, school);
        let own = || self.facts.calendar.day(date, Some(school)).closed;
        exception.then(own).flatten().or_else(|| self.facts.presence.shut(school, date).cloned())
    }

    pub(super) fn places(&self) -> Vec<Place> {
        let mut sizes: HashMap<Uuid, u32> = HashMap::new();
        for (_, post) in self.facts.roster.appointed(self.first_day) {
            *sizes.entry(post.school_id).or_default() += 1;
        }
        let schools = self.facts.schools.iter();
        let mut places: Vec<Place> = schools
            .map(|school| Place {
                name: school.name.clone(),
                size: sizes.get(&school.id).copied().unwrap_or(0),
                group: group_of(self.facts, school.id),
                ..Place::default()
            })
            .collect();
        self.count_turns(&mut places);
        places
    }

    /// Sessions of the problem take their rooms themselves.
    pub(super) fn rooms(&self, stated: &[Uuid]) -> Vec<Room> {
        self.facts
            .rooms
            .iter()
            .map(|row| {
                let booked = self
                    .facts
                    .bookings
                    .iter()
                    .filter(|b| b.resource == ResourceKind::Room && b.resource_id == row.id)
                    .filter(|b| !stated.contains(&b.session_id))
                    .map(|b| ((self.minute(b.starts_at), self.minute(b.ends_at)), b.session_id));
                let taken_by =
                    booked.clone().map(|(_, session)| engagements::booked_name(self.facts, session));
                let taken = booked.clone().map(|(time, _)| time).chain(self.closed(row.id)).collect();
                Room {
                    name: row.name.clone(),
                    place: self.place_ix.get(&row.school_id).copied().unwrap_or_default(),
                    capacity: u32::try_from(row.capacity).unwrap_or(0).max(1),
                    equipment: equipment_of(row),
                    taken_by: taken_by.collect(),
                    taken,
                }
            })
            .collect()
    }

    /// The days on which a room is closed, each from its first minute to its last.
    fn closed(&self, room: Uuid) -> impl Iterator<Item = (Minute, Minute)> + '_ {
        let closures = self.facts.closures.iter().filter(move |row| row.room_id == room);
        let days =
            closures.filter_map(|row| engagements::days_of_term(self.facts, row.from_on, row.until_on));
        days.flat_map(|(first, last)| first..=last)
            .map(|day| (day as Minute * DAY, (day as Minute + 1) * DAY - 1))
    }
}
