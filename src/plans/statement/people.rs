//! Who may come to sessions, and what fills their days already.

use std::collections::{HashMap, HashSet};

use session_planner::{DayIx, Person, PlaceIx};
use uuid::Uuid;

use super::Builder;
use super::term::group_of;
use crate::entity::values::{MembershipRole, Stage};
use crate::plans::engagements;
use crate::plans::facts::Facts;
use crate::sessions::PlannedPerson;

impl Builder<'_> {
    /// The number of a person; `None` when she works nowhere we know of.
    pub(super) fn person(&mut self, teacher: Uuid) -> Option<usize> {
        if let Some(ix) = self.person_ix.get(&teacher) {
            return Some(*ix);
        }
        self.base(teacher)?;
        self.people.push(teacher);
        self.person_ix.insert(teacher, self.people.len() - 1);
        Some(self.people.len() - 1)
    }

    /// Where somebody without a school or base (a researcher of the county) is taken to start: a core school.
    fn core_school(&self) -> Option<Uuid> {
        let core = self.facts.memberships.iter().find(|row| row.role == MembershipRole::Core);
        core.map(|row| row.school_id)
    }

    /// Where she starts an ordinary day of the term; whoever joins within it, of the days from then on.
    pub(super) fn base(&self, teacher: Uuid) -> Option<PlaceIx> {
        let roster = &self.facts.roster;
        let day = self.first_day;
        let home = roster.appointment(teacher, day).or_else(|| roster.posts(teacher).first());
        let home = home.map(|post| post.school_id);
        let place = home.or_else(|| roster.place(teacher, day)).or_else(|| self.core_school())?;
        self.place_ix.get(&place).copied()
    }

    /// Makes everybody part of the problem who should meet regularly, also those whom no programme invites: a plan says whom it
    /// leaves out.
    pub(super) fn everybody_who_should_meet(&mut self) {
        self.should_meet = should_meet(self.facts);
        for (teacher, _) in self.facts.roster.appointed(self.first_day) {
            if self.should_meet.contains(&teacher.id) {
                self.person(teacher.id);
            }
        }
    }

    pub(super) fn people(&self) -> Vec<Person> {
        let mut engagements = engagements::of_everybody(
            self.facts,
            &self.person_ix,
            &self.place_ix,
            (self.zone, self.first_day),
            &self.timetable,
            &self.receiving(),
        );
        let mut covered = self.covered();
        self.people
            .iter()
            .enumerate()
            .map(|(ix, id)| Person {
                name: self.facts.roster.teachers.get(id).map(|row| row.name.clone()).unwrap_or_default(),
                base: self.base(*id).unwrap_or_default(),
                away: self.away(*id),
                engagements: std::mem::take(&mut engagements[ix]).into(),
                group: self.base(*id).and_then(|place| group_of(self.facts, self.facts.schools[place].id)),
                covered: covered.remove(id).unwrap_or_default(),
                should_meet: self.should_meet.contains(id),
            })
            .collect()
    }

    /// Days of lessons that colleagues give already because of published sessions, by person; one entry per lesson.
    fn covered(&self) -> HashMap<Uuid, Vec<DayIx>> {
        let days = self.facts.calendar.dates().count();
        let standing: HashMap<Uuid, DayIx> = self
            .facts
            .bookings
            .iter()
            .filter_map(|row| {
                let day =
                    DayIx::try_from(self.minute(row.starts_at).div_euclid(session_planner::DAY)).ok()?;
                (day < days).then_some((row.session_id, day))
            })
            .collect();
        let mut covered: HashMap<Uuid, Vec<DayIx>> = HashMap::new();
        for (session, people) in &self.facts.participants {
            let Some(day) = standing.get(session) else { continue };
            for row in people.iter().filter(|row| row.cover.is_some()) {
                let lessons = PlannedPerson::from(row.clone()).cover.len();
                covered.entry(row.teacher_id).or_default().extend(std::iter::repeat_n(*day, lessons));
            }
        }
        covered.values_mut().for_each(|days| days.sort_unstable());
        covered
    }

    /// Days on which she works elsewhere than where she begins the term: itinerant days follow the timetable that runs, and a post at
    /// another school may begin within the term.
    fn away(&self, teacher: Uuid) -> Vec<(DayIx, PlaceIx)> {
        let roster = &self.facts.roster;
        let stays = roster.posts(teacher).len() < 2;
        if stays && roster.postings(teacher).is_empty() {
            return Vec::new();
        }
        let base = self.base(teacher);
        let mut away = Vec::new();
        for (ix, date) in self.facts.calendar.dates().enumerate() {
            let posted = engagements::posting_on(self.facts, teacher, date);
            let post = roster.appointment(teacher, date).filter(|_| !stays);
            let school = posted.map(|posting| posting.school_id).or(post.map(|post| post.school_id));
            let place = school.and_then(|school| self.place_ix.get(&school).copied());
            let elsewhere = place.filter(|place| posted.is_some() || Some(*place) != base);
            away.extend(elsewhere.map(|place| (ix, place)));
        }
        away
    }
}

/// Teachers at the groups' core and member schools who are there for the whole term and not on leave; whoever has neither a subject,
/// nor a kindergarten's children, nor lessons is no teacher.
fn should_meet(facts: &Facts) -> HashSet<Uuid> {
    let ours: HashSet<Uuid> = facts
        .memberships
        .iter()
        .filter(|row| row.role != MembershipRole::Partner)
        .map(|row| row.school_id)
        .collect();
    let teaching: HashSet<Uuid> = facts.lessons.iter().map(|lesson| lesson.teacher_id).collect();
    let posts = facts.roster.appointed(facts.calendar.term.starts_on);
    let teachers = posts.into_iter().filter(|(teacher, post)| {
        let teaches = post.subject_id.is_some() || post.stage == Stage::Kindergarten;
        ours.contains(&post.school_id) && (teaches || teaching.contains(&teacher.id))
    });
    let there = |teacher: &Uuid| !facts.roster.on_leave(*teacher) && facts.presence.gone(*teacher).is_empty();
    teachers.map(|(teacher, _)| teacher.id).filter(there).collect()
}
