//! What is known of people, with its dates.

use async_graphql::{Context, ID, Object, Result};
use chrono::NaiveDate;

use crate::entity::values::{DutyKind, HonourLevel, PlacementForm, Stage, TeamKind, TeamRole};
use crate::entity::{
    appointment, coordinator, duty, honour, inspector, posting, researcher, team, team_member,
};
use crate::graphql::{dated, object_over, one, the};
use crate::groups::graphql::{EducationGroup, School, Subject};
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::rotations::graphql::Placement;

object_over! {
    /// A post.
    Appointment, appointment, dated
}

/// The post 编制 of a teacher: her home school, stage and subject, with dates.
#[Object]
impl Appointment {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Appointment.id(self.0.id).into()
    }

    /// The teacher.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Her home school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// Stage she teaches.
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Subject she teaches.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<Subject>> {
        one(ctx, self.0.subject_id).await
    }

    /// First day at this school 到校时间.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }
}

object_over! {
    /// Work at another school.
    Posting, posting, dated
}

/// Work at another school than the home school 派遣: full time, or on fixed weekdays (走教).
#[Object]
impl Posting {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Posting.id(self.0.id).into()
    }

    /// The teacher.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Where she works.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// In which form.
    async fn form(&self) -> PlacementForm {
        self.0.form
    }

    /// ISO weekdays, 1–7; empty: every day.
    async fn weekdays(&self) -> Vec<u32> {
        self.0.weekdays.iter().flat_map(|days| days.chars()).filter_map(|day| day.to_digit(10)).collect()
    }

    /// Whether she keeps her post at home (挂职, 走教).
    async fn home_post_kept(&self) -> bool {
        self.0.home_post_kept
    }

    /// A duty she holds there.
    async fn duty(&self) -> Option<DutyKind> {
        self.0.duty
    }

    /// The placement that became this posting.
    async fn placement(&self, ctx: &Context<'_>) -> Result<Option<Placement>> {
        one(ctx, self.0.placement_id).await
    }

    /// First day.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }

    /// Bus card, 周转房 and the like, for the traveller.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

object_over! {
    /// A duty.
    Duty, duty, dated
}

/// A duty 职务 at a school: 校长, 教导主任, 备课组长 …, with dates.
#[Object]
impl Duty {
    /// The teacher.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Where she holds it.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }

    /// Which duty.
    async fn kind(&self) -> DutyKind {
        self.0.kind
    }

    /// First day.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }
}

object_over! {
    /// An honour.
    Honour, honour
}

/// An honour 荣誉称号: 骨干, 学科带头人 and the like, with its level.
#[Object]
impl Honour {
    /// The teacher.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Who awarded it.
    async fn level(&self) -> HonourLevel {
        self.0.level
    }

    /// As on the certificate, e.g. 县级骨干.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// When it was awarded, if known.
    async fn awarded_on(&self) -> Option<NaiveDate> {
        self.0.awarded_on
    }

    /// Last day it counts, if it ends.
    async fn expires_on(&self) -> Option<NaiveDate> {
        self.0.expires_on
    }
}

object_over! {
    /// A team.
    Team, team
}

/// A studio 名师工作室 or expert team across groups.
#[Object]
impl Team {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Team.id(self.0.id).into()
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Studio or expert team.
    async fn kind(&self) -> TeamKind {
        self.0.kind
    }

    /// Subject.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<Subject>> {
        one(ctx, self.0.subject_id).await
    }

    /// Stage.
    async fn stage(&self) -> Option<Stage> {
        self.0.stage
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Who belongs to it, the lead first.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "The whole history, whatever the day.", default)] all: bool,
    ) -> Result<Vec<TeamMember>> {
        let mut members: Vec<TeamMember> =
            dated(ctx, team_member::Column::TeamId, self.0.id, on, all).await?;
        members.sort_by_key(|member| member.0.role);
        Ok(members)
    }
}

object_over! {
    /// A part in a team.
    TeamMember, team_member, dated
}

/// A teacher's part in a team, with dates.
#[Object]
impl TeamMember {
    /// The team.
    async fn team(&self, ctx: &Context<'_>) -> Result<Team> {
        the(ctx, self.0.team_id).await
    }

    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Lead or member.
    async fn role(&self) -> TeamRole {
        self.0.role
    }

    /// First day.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }
}

object_over! {
    /// A researcher.
    Researcher, researcher, dated
}

/// A teaching researcher 教研员: her subjects and the group she is attached to 包连.
#[Object]
impl Researcher {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Researcher.id(self.0.id).into()
    }

    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// Subject or area, e.g. 语文, 科学与综合.
    async fn subject_area(&self) -> &str {
        &self.0.subject_area
    }

    /// Stage.
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// 专职 or 兼职: whether it is all she does.
    async fn full_time(&self) -> bool {
        self.0.full_time
    }

    /// Where she starts her day 驻地学校.
    async fn base_school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.base_school_id).await
    }

    /// The group she is attached to.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<EducationGroup>> {
        one(ctx, self.0.group_id).await
    }

    /// First day.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

object_over! {
    /// A coordinator.
    Coordinator, coordinator, dated
}

/// Who leads the research of a group 集团教研负责人, with dates.
#[Object]
impl Coordinator {
    /// The group.
    async fn group(&self, ctx: &Context<'_>) -> Result<EducationGroup> {
        the(ctx, self.0.group_id).await
    }

    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// First day.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }
}

object_over! {
    /// An inspector.
    Inspector, inspector, dated
}

/// A responsible inspector 责任督学 of a group, with dates.
#[Object]
impl Inspector {
    /// The group in charge.
    async fn group(&self, ctx: &Context<'_>) -> Result<EducationGroup> {
        the(ctx, self.0.group_id).await
    }

    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// First day.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on
    }

    /// Last day.
    async fn until_on(&self) -> Option<NaiveDate> {
        self.0.until_on
    }
}
