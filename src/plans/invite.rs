//! Who comes to a session: hosts, chair, presenters and audience by the programme's rules (domain.md "Settled readings").

use std::collections::HashSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::engagements::days_of_term;
use super::facts::Facts;
use crate::entity::values::{
    AudienceRule, DutyKind, HonourLevel, HostRule, Locale, MembershipRole, PresenterSource, Stage,
};
use crate::entity::{appointment, programme, research_session, researcher, school, teacher};
use crate::people::roster::{coordinator_of, holds};

/// Presenters offered per school: the most honoured first, so that the search chooses among good ones.
const PRESENTERS_PER_SCHOOL: usize = 8;
/// Subject of programmes that mean every kindergarten teacher.
const CARE_AND_EDUCATION: &str = "保教";

/// A way to hold a session, in rows.
pub struct Host {
    /// The host school; `None`: online.
    pub school: Option<Uuid>,
    /// Whether the programme's host rule allows it.
    pub allowed: bool,
    /// Who leads it.
    pub chair: Option<Uuid>,
    /// Candidates for each presenter.
    pub presenters: Vec<Vec<Uuid>>,
    /// Who is invited, and the school for which each counts.
    pub audience: Vec<(Uuid, Uuid)>,
}

/// Reads the rules of one programme.
pub struct Invitations<'a> {
    facts: &'a Facts,
    programme: &'a programme::Model,
    /// Schools of the group that have the programme's stage.
    schools: Vec<(&'a school::Model, MembershipRole)>,
    /// Teachers of the programme's stage and subject with a post at those schools within the term, by staff number.
    teachers: Vec<(&'a teacher::Model, &'a appointment::Model)>,
    day: NaiveDate,
}

impl<'a> Invitations<'a> {
    /// The rules of `programme`; duties as they are on the day of planning.
    pub fn new(facts: &'a Facts, programme: &'a programme::Model) -> Self {
        let day = facts.today;
        let schools: Vec<_> = facts
            .memberships
            .iter()
            .filter(|row| row.group_id == programme.group_id)
            .filter_map(|row| Some((facts.schools.iter().find(|s| s.id == row.school_id)?, row.role)))
            .filter(|(school, _)| programme.stage.is_none_or(|stage| has_stage(facts, school.id, stage)))
            .collect();
        let mut invitations = Self { facts, programme, schools, teachers: Vec::new(), day };
        invitations.teachers = facts
            .roster
            .posted()
            .into_iter()
            .filter(|(_, post)| invitations.is_member(post.school_id) && invitations.teaches(post))
            .filter(|(teacher, _)| !facts.roster.on_leave(teacher.id))
            .collect();
        invitations
    }

    fn is_member(&self, school: Uuid) -> bool {
        self.schools.iter().any(|(member, _)| member.id == school)
    }

    fn teaches(&self, post: &appointment::Model) -> bool {
        if self.programme.stage.is_some_and(|stage| stage != post.stage) {
            return false;
        }
        let Some(subject) = self.programme.subject_id else { return true };
        let everybody = post.stage == Stage::Kindergarten
            && self.facts.subjects.get(&subject).is_some_and(|row| row.name == CARE_AND_EDUCATION);
        everybody || post.subject_id == Some(subject)
    }

    /// The ways to hold `session`: one per school with a room, or a single online one; where presenters are to be found.
    pub fn hosts(&self, session: &research_session::Model) -> Vec<Host> {
        let mut hosts = if self.programme.host_rule == HostRule::Online {
            let chair = self.lead_school().and_then(|school| self.chair(school));
            vec![self.host(session, None, true, chair)]
        } else {
            self.schools
                .iter()
                .filter(|(school, _)| self.facts.rooms.iter().any(|room| room.school_id == school.id))
                .map(|(school, role)| {
                    self.host(session, Some(school.id), self.may_host(school, *role), self.chair(school.id))
                })
                .collect()
        };
        hosts.retain(|host| host.presenters.iter().all(|candidates| !candidates.is_empty()));
        hosts
    }

    fn host(
        &self,
        session: &research_session::Model,
        school: Option<Uuid>,
        allowed: bool,
        chair: Option<Uuid>,
    ) -> Host {
        let presenters = self.presenters(school, chair);
        Host { school, allowed, chair, presenters, audience: self.audience(session, school) }
    }

    fn may_host(&self, school: &school::Model, role: MembershipRole) -> bool {
        match self.programme.host_rule {
            HostRule::MembersInTurn => role == MembershipRole::Member,
            HostRule::TownAndRuralMembers => role == MembershipRole::Member && school.locale != Locale::Urban,
            HostRule::CoreSchools => role == MembershipRole::Core,
            HostRule::AllInTurn => role != MembershipRole::Partner,
            HostRule::Online => false,
        }
    }

    /// Who leads it at `school`, or online, when it is held on `day`: of those who would, the first who is there and not `busy` with another part.
    pub fn chair_on(&self, school: Option<Uuid>, day: NaiveDate, busy: &[Uuid]) -> Option<Uuid> {
        let school = school.or_else(|| self.lead_school())?;
        let free = |teacher| !busy.contains(&teacher) && !self.facts.is_away(teacher, day);
        self.chair_among(school, free)
    }

    /// The programme's researcher when she is there on `day` and not `busy` with another part; else another of its subject and stage:
    /// who is attached to the group before the others, and who does nothing else before those who also teach.
    pub fn researcher_on(&self, day: NaiveDate, busy: &[Uuid]) -> Option<Uuid> {
        let roster = &self.facts.roster;
        let may = |teacher: &Uuid| {
            !busy.contains(teacher) && !self.facts.is_away(*teacher, day) && !roster.on_leave(*teacher)
        };
        if let Some(own) = self.programme.researcher_id.filter(may) {
            return Some(own);
        }
        let subject = &self.facts.subjects.get(&self.programme.subject_id?)?.name;
        let others = roster.researchers.iter().filter(|row| {
            // One researcher may have several subjects: 科学与综合.
            let fits = row.subject_area.contains(subject.as_str())
                && self.programme.stage.is_none_or(|stage| stage == row.stage);
            fits && holds(row.from_on, row.until_on, day) && may(&row.teacher_id)
        });
        let rank = |row: &&researcher::Model| {
            let number = roster.teachers.get(&row.teacher_id).map(|teacher| teacher.number.clone());
            (row.group_id != Some(self.programme.group_id), !row.full_time, number)
        };
        others.min_by_key(rank).map(|row| row.teacher_id)
    }

    /// Who leads it at `school` on a day not known yet: whoever is away for most of what is left of the term leaves it to another.
    fn chair(&self, school: Uuid) -> Option<Uuid> {
        self.chair_among(school, |teacher| !self.is_mostly_away(teacher))
            .or_else(|| self.chair_among(school, |_| true))
    }

    /// The core school, which leads what is held online.
    fn lead_school(&self) -> Option<Uuid> {
        let lead = self.schools.iter().find(|(_, role)| *role == MembershipRole::Core);
        lead.map(|(school, _)| school.id)
    }

    fn is_mostly_away(&self, teacher: Uuid) -> bool {
        let absences = self.facts.roster.absences(teacher).iter().map(|row| (row.from_on, row.until_on));
        let gone = self.facts.presence.gone(teacher).iter().map(|gone| (gone.from, Some(gone.until)));
        let to_come = |(from, until): (NaiveDate, Option<NaiveDate>)| (from.max(self.day), until);
        let stretches = absences.chain(gone).map(to_come);
        let days = stretches.filter_map(|(from, until)| days_of_term(self.facts, from, until));
        let away: usize = days.map(|(first, last)| last + 1 - first).sum();
        2 * away > self.facts.calendar.dates().filter(|date| *date >= self.day).count()
    }

    /// Of a subject: the host's lead of it, else a leader of the host. Across subjects: the group's coordinator, else the host's principal.
    fn chair_among(&self, school: Uuid, may: impl Fn(Uuid) -> bool) -> Option<Uuid> {
        let roster = &self.facts.roster;
        let holder = |kind, lead_of| {
            roster
                .holders(school, kind, lead_of, self.day)
                .into_iter()
                .find(|teacher| !roster.is_spared(*teacher) && may(*teacher))
        };
        if let (Some(subject), Some(stage)) = (self.programme.subject_id, self.programme.stage) {
            return holder(DutyKind::LessonGroupLead, Some((stage, subject)))
                .or_else(|| holder(DutyKind::CareDirector, None))
                .or_else(|| holder(DutyKind::TeachingDirector, None))
                .or_else(|| holder(DutyKind::VicePrincipal, None))
                .or_else(|| holder(DutyKind::Principal, None));
        }
        let coordinator = coordinator_of(&roster.coordinators, self.programme.group_id, self.day)
            .filter(|row| !roster.is_spared(row.teacher_id) && may(row.teacher_id));
        coordinator.map(|row| row.teacher_id).or_else(|| holder(DutyKind::Principal, None))
    }

    fn presenters(&self, host: Option<Uuid>, chair: Option<Uuid>) -> Vec<Vec<Uuid>> {
        let schools: Vec<Uuid> = match self.programme.presenters_from {
            PresenterSource::Nobody => return Vec::new(),
            PresenterSource::Group => self.schools.iter().map(|(school, _)| school.id).collect(),
            PresenterSource::Host => host.into_iter().collect(),
            PresenterSource::Core => self
                .schools
                .iter()
                .filter(|(_, role)| *role == MembershipRole::Core)
                .map(|(school, _)| school.id)
                .collect(),
        };
        let mut candidates: Vec<Uuid> =
            schools.iter().flat_map(|school| self.best_presenters(*school)).collect();
        if candidates.len() > usize::try_from(self.programme.presenters).unwrap_or(0) {
            candidates.retain(|candidate| Some(*candidate) != chair);
        }
        let count = usize::try_from(self.programme.presenters).unwrap_or(0);
        vec![candidates; count]
    }

    fn best_presenters(&self, school: Uuid) -> Vec<Uuid> {
        let roster = &self.facts.roster;
        let mut teachers: Vec<_> = self
            .teachers
            .iter()
            .filter(|(teacher, post)| post.school_id == school && !roster.is_spared(teacher.id))
            .filter(|(_, post)| post.until_on.is_none_or(|until| until >= self.day))
            .filter(|(teacher, _)| !self.is_mostly_away(teacher.id))
            .map(|(teacher, _)| *teacher)
            .collect();
        teachers.dedup_by_key(|teacher| teacher.id);
        // A stable sort: equals stay in the order of their staff numbers.
        teachers.sort_by_key(|teacher| {
            let honour: Option<HonourLevel> = roster.honour(teacher.id);
            (std::cmp::Reverse(honour), teacher.title.is_none(), teacher.title)
        });
        teachers.iter().take(PRESENTERS_PER_SCHOOL).map(|teacher| teacher.id).collect()
    }

    fn audience(&self, session: &research_session::Model, host: Option<Uuid>) -> Vec<(Uuid, Uuid)> {
        let mut members = match self.programme.audience {
            AudienceRule::Duties => return self.by_duty(),
            AudienceRule::GradeSubjectTeachers => return self.teachers_of_grade(),
            _ => self.members(),
        };
        match self.programme.audience {
            AudienceRule::SubjectTeachers | AudienceRule::Duties | AudienceRule::GradeSubjectTeachers => {}
            AudienceRule::HostSubjectTeachers => members.retain(|(_, school)| Some(*school) == host),
            AudienceRule::HalfInTurn => members = self.half_in_turn(session.ordinal, &members),
        }
        members
    }

    /// Teachers with the school for which each counts: her own, and one she is posted to on the days she works there.
    fn members(&self) -> Vec<(Uuid, Uuid)> {
        let mut members: Vec<(Uuid, Uuid)> =
            self.teachers.iter().map(|(teacher, post)| (teacher.id, post.school_id)).collect();
        let roster = &self.facts.roster;
        for (teacher, post) in roster.posted() {
            if !self.teaches(post) || roster.on_leave(teacher.id) {
                continue;
            }
            for posting in roster.postings(teacher.id).iter().filter(|p| self.is_member(p.school_id)) {
                members.push((teacher.id, posting.school_id));
            }
        }
        each_once(&mut members);
        members
    }

    /// Whoever teaches the subject in the grade, by the timetable: in a small school it need not be her own subject.
    fn teachers_of_grade(&self) -> Vec<(Uuid, Uuid)> {
        let facts = self.facts;
        let of_grade =
            |class: Uuid| facts.classes.get(&class).is_some_and(|row| row.grade == self.programme.grade);
        let mut members: Vec<(&str, Uuid, Uuid)> = facts
            .lessons
            .iter()
            .filter(|lesson| {
                Some(lesson.subject_id) == self.programme.subject_id && of_grade(lesson.class_id)
            })
            .filter(|lesson| self.is_member(lesson.school_id) && !facts.roster.on_leave(lesson.teacher_id))
            .filter_map(|lesson| {
                let teacher = facts.roster.teachers.get(&lesson.teacher_id)?;
                Some((teacher.number.as_str(), teacher.id, lesson.school_id))
            })
            .collect();
        members.sort_unstable();
        members.dedup();
        members.into_iter().map(|(_, teacher, school)| (teacher, school)).collect()
    }

    /// 各校半数教师，轮流参加: every second teacher of each school, the others at the next session.
    fn half_in_turn(&self, ordinal: i32, members: &[(Uuid, Uuid)]) -> Vec<(Uuid, Uuid)> {
        let turn = usize::from(ordinal % 2 == 0);
        let mut half = Vec::new();
        for (school, _) in &self.schools {
            let of_school = members.iter().filter(|(_, counts_for)| *counts_for == school.id);
            half.extend(of_school.enumerate().filter(|(n, _)| n % 2 == turn).map(|(_, member)| *member));
        }
        half
    }

    fn by_duty(&self) -> Vec<(Uuid, Uuid)> {
        let kinds: Vec<DutyKind> =
            serde_json::from_value(self.programme.audience_duties.clone()).unwrap_or_default();
        let roster = &self.facts.roster;
        let mut members: Vec<(Uuid, Uuid)> = Vec::new();
        for (school, _) in &self.schools {
            for kind in &kinds {
                let holders = roster.holders(school.id, *kind, None, self.day);
                members.extend(
                    holders.into_iter().filter(|t| self.has_stage(*kind, *t)).map(|t| (t, school.id)),
                );
            }
        }
        if self.programme.audience_researchers {
            let attached = roster.researchers.iter().filter(|r| r.group_id == Some(self.programme.group_id));
            members.extend(attached.filter_map(|r| Some((r.teacher_id, r.base_school_id?))));
        }
        members.retain(|(teacher, _)| !roster.on_leave(*teacher));
        each_once(&mut members);
        members
    }

    /// A subject's lead is invited for her own stage; leaders of the school for every stage it has.
    fn has_stage(&self, kind: DutyKind, teacher: Uuid) -> bool {
        let Some(stage) = self.programme.stage else { return true };
        kind != DutyKind::LessonGroupLead
            || self.facts.roster.appointment(teacher, self.day).is_some_and(|post| post.stage == stage)
    }
}

/// Keeps the first of equals.
fn each_once(members: &mut Vec<(Uuid, Uuid)>) {
    let mut seen = HashSet::new();
    members.retain(|member| seen.insert(*member));
}

fn has_stage(facts: &Facts, school: Uuid, stage: Stage) -> bool {
    facts.stages.get(&school).is_some_and(|stages| stages.contains(&stage))
}
