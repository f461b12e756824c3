//! Published sessions in the problem: those that stand, and those that may be placed anew and would rather not.

use chrono::NaiveDate;
use session_planner::{
    AudienceMember, DAY, HostOption, LessonRule, Minute, PersonIx, PlaceIx, Placement, RoomIx, Session,
};
use uuid::Uuid;

use super::super::engagements;
use super::super::invite::Invitations;
use super::super::leading::leads;
use super::Builder;
use super::term::longest;
use crate::entity::values::{AudienceRule, ParticipantRole};
use crate::entity::{participant, research_session};

impl Builder<'_> {
    /// Where a published session stands; `None` when it does not, or not within the term.
    pub(super) fn standing(&self, row: &research_session::Model) -> Option<Standing> {
        let start = self.minute(row.starts_at?);
        let days = Minute::try_from(self.facts.calendar.dates().count()).unwrap_or(Minute::MAX / DAY);
        let number = |room: Option<Uuid>| self.room_ix.get(&room?).copied();
        let (room, second) = (number(row.room_id), number(row.second_room_id));
        let site = room.and_then(|room| Some((*self.place_ix.get(&self.facts.rooms[room].school_id)?, room)));
        (0..days * DAY).contains(&start).then_some(Standing { start, site, second })
    }

    /// What people were told of a session that may be placed anew; `None` when its room or its day is no more.
    pub(super) fn told<'r>(&self, row: &'r research_session::Model) -> Option<Told<'r>> {
        let standing = self.standing(row)?;
        if row.room_id.is_some() && standing.site.is_none() {
            return None;
        }
        let day = row.starts_at?.with_timezone(&self.zone).date_naive();
        Some(Told { row, standing, day })
    }

    /// Puts what people were told in place of what the programme would say today of holding it at the same school: what need
    /// not change shall not. Whoever chairs it and is away that day is stood in for. Returns where it stands.
    pub(super) fn as_told(
        &mut self,
        told: &Told<'_>,
        invitations: &Invitations<'_>,
        options: &mut Vec<HostOption>,
    ) -> Placement {
        let place = told.standing.site.map(|(place, _)| place);
        let second = told.standing.second;
        let known = options.iter().position(|option| (option.place, option.second_room) == (place, second));
        let hosted = known.or_else(|| self.hosted_before(told.row, options));
        let today = hosted.map(|option| options[option].clone()).unwrap_or_default();
        let lessons = options.iter().find(|option| option.place == place.or(today.place));
        let mut lessons = lessons.map(|option| option.lessons.clone()).unwrap_or_default();
        if place.is_none() {
            // What was moved online keeps its time, also where the class has no lesson because its school is closed.
            lessons.push((told.standing.start, told.standing.start + told.row.minutes));
            lessons.sort_unstable();
        }
        let parts = self.facts.participants.get(&told.row.id).map_or(&[][..], Vec::as_slice);
        let (slots, presenters) = self.presenters_told(parts, &today);
        let required = self.required_told(told, parts, invitations, &presenters);
        let candidate = |person: &PersonIx| today.audience.iter().any(|member| member.person == *person);
        let mut audience = Vec::new();
        for part in parts.iter().filter(|part| !is_needed(part)) {
            audience.extend(self.person(part.teacher_id));
        }
        audience.extend(presenters.iter().copied().filter(candidate));
        let mut audience: Vec<AudienceMember> =
            audience.into_iter().flat_map(|person| self.expected(person, told.day, &today)).collect();
        audience.extend(self.newcomers(told.row, parts, &today));
        let option = HostOption {
            place,
            allowed: true,
            required,
            presenter_slots: slots,
            audience,
            second_room: second,
            lessons,
            ..today
        };
        let number = known.unwrap_or(options.len());
        match known {
            Some(known) => options[known] = option,
            None => options.push(option),
        }
        let room = told.standing.site.map(|(_, room)| room);
        Placement { start: told.standing.start, option: number, room, presenters }
    }

    /// Somebody who was told to come: for the schools for which she would be invited today, so that a posting elsewhere takes her away;
    /// who would not be invited today keeps coming from wherever she works.
    fn expected(&self, person: PersonIx, day: NaiveDate, today: &HostOption) -> Vec<AudienceMember> {
        let of_her = today.audience.iter().filter(|member| member.person == person);
        let known: Vec<AudienceMember> =
            of_her.map(|member| AudienceMember { optional: false, ..*member }).collect();
        if !known.is_empty() {
            return known;
        }
        let place = self.base_on(self.people[person], day).unwrap_or_default();
        vec![AudienceMember { person, place, optional: false }]
    }

    /// Whoever would be invited today and was not known of when people were told: posted or appointed since. Of a programme that half
    /// of the teachers come to in turn, the halves stay as they are.
    fn newcomers(
        &self,
        row: &research_session::Model,
        parts: &[participant::Model],
        today: &HostOption,
    ) -> Vec<AudienceMember> {
        let programme = row.programme_id.and_then(|id| self.facts.programmes.get(&id));
        if programme.is_none_or(|programme| programme.audience == AudienceRule::HalfInTurn) {
            return Vec::new();
        }
        let knows =
            |member: &&AudienceMember| parts.iter().any(|part| part.teacher_id == self.people[member.person]);
        today.audience.iter().filter(|member| !knows(member)).copied().collect()
    }

    /// The way to hold a session that was moved online at the school that was to host it: of several the one with the same presenters.
    fn hosted_before(&self, row: &research_session::Model, options: &[HostOption]) -> Option<usize> {
        let host = self.place_ix.get(&row.online_host_id?).copied();
        let parts = self.facts.participants.get(&row.id).map_or(&[][..], Vec::as_slice);
        let presents =
            |part: &&participant::Model| part.role == ParticipantRole::Presenter && part.excused.is_none();
        let unfit = |option: &usize| {
            let is_candidate = |part: &participant::Model| {
                let mut candidates = options[*option].presenter_slots.iter().flatten();
                candidates.any(|person| self.people[*person] == part.teacher_id)
            };
            !parts.iter().filter(presents).all(is_candidate)
        };
        (0..options.len()).filter(|option| options[*option].place == host).min_by_key(unfit)
    }

    /// Who presents as told, each with those who could instead. Whoever works here no more leaves her part to the first of them.
    fn presenters_told(
        &mut self,
        parts: &[participant::Model],
        today: &HostOption,
    ) -> (Vec<Vec<PersonIx>>, Vec<PersonIx>) {
        let others = today.presenter_slots.first().cloned().unwrap_or_default();
        let (mut slots, mut presenters) = (Vec::new(), Vec::new());
        for part in
            parts.iter().filter(|part| part.role == ParticipantRole::Presenter && part.excused.is_none())
        {
            let own = self.person(part.teacher_id);
            let mut slot: Vec<PersonIx> = own.into_iter().collect();
            slot.extend(others.iter().copied().filter(|other| own != Some(*other)));
            let first = slot.iter().copied().find(|person| !presenters.contains(person));
            presenters.extend(first);
            if first.is_some() {
                slots.push(slot);
            }
        }
        (slots, presenters)
    }

    fn required_told(
        &mut self,
        told: &Told<'_>,
        parts: &[participant::Model],
        invitations: &Invitations<'_>,
        presenters: &[PersonIx],
    ) -> Vec<PersonIx> {
        if let Some(leaders) = self.facts.leading.get(&told.row.id) {
            return leaders.iter().filter_map(|leader| self.person(*leader)).collect();
        }
        let mut required = Vec::new();
        for part in parts.iter().filter(|part| leads(part)) {
            let away = self.facts.is_away(part.teacher_id, told.day);
            let busy = presenters.iter().chain(&required).map(|&one| self.people[one]).collect::<Vec<_>>();
            let deputy = match part.role {
                ParticipantRole::Chair if away => {
                    let school = told.row.room_id.and(told.row.host_school_id).or(told.row.online_host_id);
                    invitations.chair_on(school, told.day, &busy)
                }
                ParticipantRole::Researcher if away => invitations.researcher_on(told.day, &busy),
                _ => None,
            };
            // Without anybody to stand in, the session waits for her.
            let person =
                deputy.and_then(|deputy| self.person(deputy)).or_else(|| self.person(part.teacher_id));
            required.extend(person.filter(|person| !required.contains(person)));
        }
        required
    }

    /// Where she works on a day, in numbers.
    fn base_on(&self, teacher: Uuid, day: NaiveDate) -> Option<PlaceIx> {
        let posting = engagements::posting_on(self.facts, teacher, day).map(|posting| posting.school_id);
        let post = self.facts.roster.appointment(teacher, day).map(|post| post.school_id);
        let place = posting.or(post).and_then(|school| self.place_ix.get(&school).copied());
        place.or_else(|| self.base(teacher))
    }
}

/// What people were told of a session: it, where it stands, and the day.
pub(super) struct Told<'r> {
    row: &'r research_session::Model,
    standing: Standing,
    day: NaiveDate,
}

fn is_needed(part: &participant::Model) -> bool {
    part.required && part.excused.is_none()
}

/// Where a session stands: since when, and at which place and room; online without. `second` is the room at its sending end.
pub(super) struct Standing {
    start: Minute,
    site: Option<(PlaceIx, RoomIx)>,
    second: Option<RoomIx>,
}

/// Pins a session as people were told of it. Whatever its programme would say today, those who were told are booked
/// (see `engagements`), so that here it brings together nobody: it takes its rooms, its turn of hosting and its date.
pub(super) fn pinned(session: Session, standing: &Standing) -> Session {
    let nobody =
        |(place, second_room), allowed| HostOption { place, allowed, second_room, ..HostOption::default() };
    let ends = |option: &HostOption| (option.place, option.second_room);
    let mut options: Vec<HostOption> =
        session.options.iter().map(|option| nobody(ends(option), option.allowed)).collect();
    let stands = (standing.site.map(|(place, _)| place), standing.second);
    let option = options.iter().position(|option| ends(option) == stands).unwrap_or(options.len());
    if option == options.len() {
        options.push(nobody(stands, true));
    }
    options[option].allowed = true;
    let room = standing.site.map(|(_, room)| room);
    Session {
        minutes: session.minutes.clamp(1, longest()),
        presenter_schools: 0,
        lessons: LessonRule::Free,
        options,
        pinned: Some(Placement { start: standing.start, option, room, presenters: Vec::new() }),
        ..session
    }
}
