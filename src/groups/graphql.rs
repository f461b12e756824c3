//! Districts, schools, groups and memberships as the API shows them.

mod changes;
mod group;
mod school;

use async_graphql::{Context, ID, InputObject, Object, Result};
use chrono::NaiveDate;
use sea_orm::EntityTrait;

use crate::entity::values::{Locale, Stage};
use crate::entity::{district, education_group, subject};
use crate::graphql::{
    Connected, Key, OrFault, Order, Page, by_id, day, ident, object_over, page, scope, weight,
};
use crate::groups;
use crate::id::Kind;
use crate::plans::graphql::PlanningSettings;
use crate::sessions::graphql::ReminderRules;

pub use changes::GroupsMutation;
pub use group::{EducationGroup, Membership};
pub use school::School;

object_over! {
    /// A district.
    District, district
}

/// A district 区县: the tenant; everything else belongs to one.
#[Object]
impl District {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::District.id(self.0.id).into()
    }

    /// Name, e.g. 澜川县.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Time zone (IANA), e.g. `Asia/Shanghai`.
    async fn zone(&self) -> &str {
        &self.0.zone
    }

    /// Whether it is the generated demo county.
    async fn demo(&self) -> bool {
        self.0.demo
    }

    /// Minutes for which mails wait after publishing, 0–60, so that it can be taken back meanwhile.
    async fn hold_minutes(&self) -> i32 {
        self.0.hold_minutes
    }

    /// Weights and limits that planning follows where a group sets none of its own.
    async fn planning_settings(&self, ctx: &Context<'_>) -> Result<PlanningSettings> {
        PlanningSettings::load(ctx, None).await
    }

    /// When people are reminded of sessions, where a group sets no rules of its own.
    async fn reminder_rules(&self, ctx: &Context<'_>) -> Result<ReminderRules> {
        ReminderRules::load(ctx, None).await
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

object_over! {
    /// A subject.
    Subject, subject
}

/// A subject 学科 taught or researched in the district.
#[Object]
impl Subject {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Subject.id(self.0.id).into()
    }

    /// Name, e.g. 语文.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Order in lists, from 0.
    async fn position(&self) -> i32 {
        self.0.position
    }
}

/// Which schools to list; what is left out does not matter.
#[derive(Debug, Default, InputObject)]
pub struct SchoolFilter {
    /// Part of the name or the number.
    search: Option<String>,
    /// Schools that belong to this group.
    group_id: Option<ID>,
    /// Schools that teach this stage.
    stage: Option<Stage>,
    /// Schools that lie there.
    locale: Option<Locale>,
}

impl SchoolFilter {
    fn read(self) -> crate::error::Result<groups::SchoolFilter> {
        let group_id = self.group_id.map(|id| ident(Kind::Group, &id, "filter.groupId")).transpose()?;
        Ok(groups::SchoolFilter { search: self.search, group_id, stage: self.stage, locale: self.locale })
    }
}

/// Reads districts, schools and groups.
#[derive(Default)]
pub struct GroupsQuery;

#[Object]
impl GroupsQuery {
    /// The district of the request.
    async fn district(&self, ctx: &Context<'_>) -> Result<District> {
        Ok(District(scope(ctx)?.district.clone()))
    }

    /// Groups 教育集团, by name.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<EducationGroup>> {
        let order = Order::by(education_group::Column::Name, |row: &education_group::Model| {
            Key::Text(row.name.clone())
        });
        page(ctx, education_group::Entity::find(), order, Page::new(first, after, last, before)).await
    }

    /// A group; null when there is none.
    async fn group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<EducationGroup>> {
        by_id(ctx, Kind::Group, &id).await
    }

    /// Schools that run, by number.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn schools(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones.", default)] filter: SchoolFilter,
        #[graphql(desc = "The day; today when left out.")] on: Option<NaiveDate>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<School>> {
        let filter = filter.read().or_fault(ctx)?;
        let order = Order::by(crate::entity::school::Column::Code, |row: &crate::entity::school::Model| {
            Key::Text(row.code.clone())
        });
        page(ctx, groups::schools(filter, day(ctx, on)?), order, Page::new(first, after, last, before)).await
    }

    /// A school; null when there is none.
    async fn school(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<School>> {
        by_id(ctx, Kind::School, &id).await
    }

    /// All subjects, in the order of lists.
    async fn subjects(&self, ctx: &Context<'_>) -> Result<Vec<Subject>> {
        let scope = scope(ctx)?;
        let subjects = groups::subjects(scope).await.or_fault(ctx)?;
        Ok(subjects.into_iter().map(Subject).collect())
    }
}
