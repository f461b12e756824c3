//! Everything that the papers of a round are written from, read by a fixed number of statements.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::PaperKind;
use crate::calendar::days::date_zh;
use crate::entity::values::{
    ApplicationState, AssessmentKind, AssessmentResult, PlacementForm, PlacementState, ProposalState, Stage,
};
use crate::entity::{
    application, application_wish, appointment, assessment, candidacy, exemption, honour, lesson, placement,
    posting, proposal_move, recommendation, rotation_proposal, rotation_round, school, staffing, subject,
    teacher,
};
use crate::error::Result;
use crate::people::roster::holds;
use crate::rows::in_district;
use crate::scope::Scope;

/// Who goes where: a placement, or before there are any a move of the proposal that is public.
#[derive(Debug, Clone)]
pub struct Move {
    /// The placement; none: it is proposed only.
    pub placement_id: Option<Uuid>,
    /// Who.
    pub teacher_id: Uuid,
    /// Her own school.
    pub from: Uuid,
    /// Where she goes.
    pub to: Uuid,
    /// In which form.
    pub form: PlacementForm,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// Last day as it was approved, before anybody made it longer or shorter.
    pub approved_until_on: NaiveDate,
    /// Weekdays as digits; none: every day.
    pub weekdays: Option<String>,
    /// Where it stands, as people read it.
    pub standing: &'static str,
}

/// The rows of a round, and of everybody in it.
pub struct Book {
    /// The round.
    pub round: rotation_round::Model,
    /// Today.
    pub today: NaiveDate,
    /// Name of the district.
    pub district: String,
    /// 学科余缺, by school, stage and subject.
    pub staffing: Vec<staffing::Model>,
    /// Applications that were handed in, by staff number.
    pub applications: Vec<application::Model>,
    /// Moves, by own school and staff number.
    pub moves: Vec<Move>,
    /// What the moves come from, as people read it.
    pub source: String,
    /// Lessons of those who move.
    pub lessons: Vec<lesson::Model>,
    wishes: HashMap<Uuid, Vec<application_wish::Model>>,
    candidacies: HashMap<Uuid, candidacy::Model>,
    exemptions: HashMap<Uuid, Vec<exemption::Model>>,
    recommendations: HashMap<Uuid, recommendation::Model>,
    assessments: HashMap<(Uuid, AssessmentKind), assessment::Model>,
    postings: HashMap<Uuid, posting::Model>,
    teachers: HashMap<Uuid, teacher::Model>,
    appointments: Vec<appointment::Model>,
    honours: Vec<honour::Model>,
    schools: HashMap<Uuid, school::Model>,
    subjects: HashMap<Uuid, subject::Model>,
}

impl Book {
    /// Reads it.
    pub async fn load(scope: &Scope, round: &rotation_round::Model) -> Result<Self> {
        let (district, reader) = (scope.district.id, scope.reader());
        let staffing = in_district(district, staffing::Entity::find())
            .filter(staffing::Column::RoundId.eq(round.id))
            .all(reader)
            .await?;
        let applications = in_district(district, application::Entity::find())
            .filter(application::Column::RoundId.eq(round.id))
            .filter(application::Column::State.eq(ApplicationState::Submitted))
            .all(reader)
            .await?;
        let wishes = in_district(district, application_wish::Entity::find())
            .filter(application_wish::Column::ApplicationId.is_in(applications.iter().map(|row| row.id)))
            .order_by_asc(application_wish::Column::Rank)
            .all(reader)
            .await?;
        let candidacies = in_district(district, candidacy::Entity::find())
            .filter(candidacy::Column::RoundId.eq(round.id))
            .all(reader)
            .await?;
        let exemptions = in_district(district, exemption::Entity::find())
            .filter(exemption::Column::RoundId.eq(round.id))
            .order_by_asc(exemption::Column::Id)
            .all(reader)
            .await?;
        let recommendations = in_district(district, recommendation::Entity::find())
            .filter(recommendation::Column::RoundId.eq(round.id))
            .all(reader)
            .await?;
        let (moves, source) = moves(scope, round).await?;
        let placed = || moves.iter().filter_map(|row| row.placement_id);
        let assessments = in_district(district, assessment::Entity::find())
            .filter(assessment::Column::PlacementId.is_in(placed()))
            .all(reader)
            .await?;
        let postings = in_district(district, posting::Entity::find())
            .filter(posting::Column::PlacementId.is_in(placed()))
            .all(reader)
            .await?;
        let moving: HashSet<Uuid> = moves.iter().map(|row| row.teacher_id).collect();
        let lessons = in_district(district, lesson::Entity::find())
            .filter(lesson::Column::TeacherId.is_in(moving.iter().copied()))
            .all(reader)
            .await?;
        let partners = applications.iter().filter_map(|row| row.partner_id);
        let applying = applications.iter().map(|row| row.teacher_id).chain(partners);
        let people: HashSet<Uuid> = moving.into_iter().chain(applying).collect();
        let people = || people.iter().copied();
        let teachers = in_district(district, teacher::Entity::find())
            .filter(teacher::Column::Id.is_in(people()))
            .all(reader)
            .await?;
        let appointments = in_district(district, appointment::Entity::find())
            .filter(appointment::Column::TeacherId.is_in(people()))
            .order_by_asc(appointment::Column::FromOn)
            .all(reader)
            .await?;
        let honours = in_district(district, honour::Entity::find())
            .filter(honour::Column::TeacherId.is_in(people()))
            .order_by_asc(honour::Column::Id)
            .all(reader)
            .await?;
        let schools = in_district(district, school::Entity::find()).all(reader).await?;
        let subjects = in_district(district, subject::Entity::find()).all(reader).await?;
        let mut book = Self {
            round: round.clone(),
            today: scope.today(),
            district: scope.district.name.clone(),
            staffing,
            applications,
            moves,
            source,
            lessons,
            wishes: grouped(wishes, |row| row.application_id),
            candidacies: candidacies.into_iter().map(|row| (row.teacher_id, row)).collect(),
            exemptions: grouped(exemptions, |row| row.teacher_id),
            recommendations: recommendations.into_iter().map(|row| (row.teacher_id, row)).collect(),
            assessments: assessments.into_iter().map(|row| ((row.placement_id, row.kind), row)).collect(),
            postings: postings.into_iter().filter_map(|row| Some((row.placement_id?, row))).collect(),
            teachers: teachers.into_iter().map(|row| (row.id, row)).collect(),
            appointments,
            honours,
            schools: schools.into_iter().map(|row| (row.id, row)).collect(),
            subjects: subjects.into_iter().map(|row| (row.id, row)).collect(),
        };
        book.put_in_order();
        Ok(book)
    }

    fn put_in_order(&mut self) {
        let mut staffing = std::mem::take(&mut self.staffing);
        staffing.sort_by_key(|row| (self.code(row.school_id), row.stage, self.position(row.subject_id)));
        self.staffing = staffing;
        let mut applications = std::mem::take(&mut self.applications);
        applications.sort_by_key(|row| self.number(row.teacher_id));
        self.applications = applications;
        let mut moves = std::mem::take(&mut self.moves);
        moves.sort_by_key(|row| (self.code(row.from), self.number(row.teacher_id)));
        self.moves = moves;
    }

    /// The heading of a paper.
    pub fn title(&self, kind: PaperKind) -> String {
        let (district, round) = (&self.district, &self.round.name);
        let district = if round.starts_with(district.as_str()) { "" } else { district };
        format!("{district}{round}{}", kind.zh())
    }

    /// Where whoever fills in a paper signs.
    pub fn signature(&self) -> String {
        let gap = "　".repeat(8);
        format!("填报单位（盖章）：{gap}填报人：{gap}审核人：{gap}填报日期：{}", date_zh(self.today))
    }

    /// Somebody.
    pub fn teacher(&self, id: Uuid) -> Option<&teacher::Model> {
        self.teachers.get(&id)
    }

    /// A school.
    pub fn school(&self, id: Uuid) -> Option<&school::Model> {
        self.schools.get(&id)
    }

    /// Name of a school.
    pub fn school_name(&self, id: Uuid) -> &str {
        self.schools.get(&id).map_or("", |row| &row.name)
    }

    /// 城乡 of a school.
    pub fn locale(&self, id: Uuid) -> &'static str {
        self.schools.get(&id).map_or("", |row| row.locale.zh())
    }

    /// Name of a subject.
    pub fn subject(&self, id: Option<Uuid>) -> &str {
        id.and_then(|id| self.subjects.get(&id)).map_or("", |row| &row.name)
    }

    /// Where a subject stands in lists.
    pub fn position(&self, id: Uuid) -> i32 {
        self.subjects.get(&id).map_or(i32::MAX, |row| row.position)
    }

    fn code(&self, school: Uuid) -> String {
        self.schools.get(&school).map(|row| row.code.clone()).unwrap_or_default()
    }

    fn number(&self, teacher: Uuid) -> String {
        self.teachers.get(&teacher).map(|row| row.number.clone()).unwrap_or_default()
    }

    /// Her post on a day, else the last one before.
    pub fn post(&self, teacher: Uuid, on: NaiveDate) -> Option<&appointment::Model> {
        let mut own = self.appointments.iter().filter(|row| row.teacher_id == teacher);
        let then = own.clone().find(|row| holds(row.from_on, row.until_on, on));
        then.or_else(|| own.rfind(|row| row.from_on <= on))
    }

    /// The stage and subject she is counted with: as the round counted her, else those of her post.
    pub fn teaches(&self, teacher: Uuid) -> (Option<Stage>, Option<Uuid>) {
        if let Some(row) = self.candidacies.get(&teacher) {
            return (Some(row.stage), row.subject_id);
        }
        let post = self.post(teacher, self.round.starts_on);
        (post.map(|row| row.stage), post.and_then(|row| row.subject_id))
    }

    /// How the round counted her.
    pub fn candidacy(&self, teacher: Uuid) -> Option<&candidacy::Model> {
        self.candidacies.get(&teacher)
    }

    /// Whether she counts as 骨干 under the policy.
    pub fn is_backbone(&self, teacher: Uuid) -> bool {
        self.candidacies.get(&teacher).is_some_and(|row| row.backbone)
    }

    /// Her honours that count when the service begins.
    pub fn honours(&self, teacher: Uuid) -> String {
        let own = self.honours.iter().filter(|row| row.teacher_id == teacher);
        let kept = own.filter(|row| row.expires_on.is_none_or(|last| self.round.starts_on <= last));
        kept.map(|row| row.name.as_str()).collect::<Vec<_>>().join("、")
    }

    /// Schools that an application wishes for, the most wished one first.
    pub fn wishes(&self, application: Uuid) -> &[application_wish::Model] {
        self.wishes.get(&application).map_or(&[], Vec::as_slice)
    }

    /// Exemptions she asked for, the first one first.
    pub fn exemptions(&self, teacher: Uuid) -> &[exemption::Model] {
        self.exemptions.get(&teacher).map_or(&[], Vec::as_slice)
    }

    /// What her school says of her.
    pub fn recommendation(&self, teacher: Uuid) -> Option<&recommendation::Model> {
        self.recommendations.get(&teacher)
    }

    /// The posting that a placement became.
    pub fn posting(&self, placement: Option<Uuid>) -> Option<&posting::Model> {
        self.postings.get(&placement?)
    }

    /// How a placement was assessed.
    pub fn result(&self, placement: Option<Uuid>, kind: AssessmentKind) -> &'static str {
        let found = placement.and_then(|id| self.assessments.get(&(id, kind)));
        found.map_or("", |row| AssessmentResult::zh(row.result))
    }
}

/// Placements that were not taken back; before there are any the moves of the newest proposal that is public or approved.
async fn moves(scope: &Scope, round: &rotation_round::Model) -> Result<(Vec<Move>, String)> {
    let (district, reader) = (scope.district.id, scope.reader());
    let placements = in_district(district, placement::Entity::find())
        .filter(placement::Column::RoundId.eq(round.id))
        .filter(placement::Column::State.ne(PlacementState::Withdrawn))
        .all(reader)
        .await?;
    if !placements.is_empty() {
        let approved = approved_days(scope, &placements).await?;
        let placed = |row: placement::Model| {
            let key = (row.proposal_id.unwrap_or_default(), row.teacher_id);
            let until = approved.get(&key).copied().unwrap_or(row.until_on);
            placed(row, until)
        };
        return Ok((placements.into_iter().map(placed).collect(), String::new()));
    }
    let proposal = in_district(district, rotation_proposal::Entity::find())
        .filter(rotation_proposal::Column::RoundId.eq(round.id))
        .filter(rotation_proposal::Column::State.is_in([ProposalState::Publicised, ProposalState::Approved]))
        .order_by_desc(rotation_proposal::Column::Number)
        .one(reader)
        .await?;
    let Some(proposal) = proposal else { return Ok((Vec::new(), String::new())) };
    let moves = in_district(district, proposal_move::Entity::find())
        .filter(proposal_move::Column::ProposalId.eq(proposal.id))
        .filter(proposal_move::Column::ToSchoolId.is_not_null())
        .all(reader)
        .await?;
    let source = format!("按第{}号方案（{}），尚未派遣。", proposal.number, proposal.state.zh());
    Ok((moves.into_iter().filter_map(proposed).collect(), source))
}

/// The last days that proposals gave to those who were placed, by proposal and teacher.
async fn approved_days(
    scope: &Scope,
    placements: &[placement::Model],
) -> Result<HashMap<(Uuid, Uuid), NaiveDate>> {
    let proposals: HashSet<Uuid> = placements.iter().filter_map(|row| row.proposal_id).collect();
    let moves = in_district(scope.district.id, proposal_move::Entity::find())
        .filter(proposal_move::Column::ProposalId.is_in(proposals))
        .all(scope.reader())
        .await?;
    Ok(moves.into_iter().map(|row| ((row.proposal_id, row.teacher_id), row.until_on)).collect())
}

fn placed(row: placement::Model, approved_until_on: NaiveDate) -> Move {
    Move {
        placement_id: Some(row.id),
        teacher_id: row.teacher_id,
        from: row.from_school_id,
        to: row.to_school_id,
        form: row.form,
        from_on: row.from_on,
        until_on: row.until_on,
        approved_until_on,
        weekdays: row.weekdays,
        standing: row.state.zh(),
    }
}

fn proposed(row: proposal_move::Model) -> Option<Move> {
    Some(Move {
        placement_id: None,
        teacher_id: row.teacher_id,
        from: row.from_school_id,
        to: row.to_school_id?,
        form: row.form,
        from_on: row.from_on,
        until_on: row.until_on,
        approved_until_on: row.until_on,
        weekdays: row.weekdays,
        // Not approved yet, so nobody waits to be dispatched.
        standing: "拟派",
    })
}

fn grouped<M>(rows: Vec<M>, key: impl Fn(&M) -> Uuid) -> HashMap<Uuid, Vec<M>> {
    let mut map: HashMap<Uuid, Vec<M>> = HashMap::new();
    for row in rows {
        map.entry(key(&row)).or_default().push(row);
    }
    map
}

/// A month as papers write it, e.g. 1985.07.
pub fn month_zh(day: NaiveDate) -> String {
    day.format("%Y.%m").to_string()
}

/// A day as narrow columns write it, e.g. 2027.09.01.
pub fn day_zh(day: NaiveDate) -> String {
    day.format("%Y.%m.%d").to_string()
}
