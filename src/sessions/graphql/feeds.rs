//! Calendars to subscribe to.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::access::may_see_personal;
use crate::entity::calendar_feed;
use crate::entity::values::FeedOwner;
use crate::error::UserError;
use crate::graphql::{Fault, ident, many, object_over, one, scope, settle, writer};
use crate::groups::graphql::{EducationGroup, School};
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::scope::{Actor, Scope};
use crate::sessions::feeds::{self, NewFeed};

object_over! {
    /// A calendar to subscribe to.
    CalendarFeed, calendar_feed
}

impl CalendarFeed {
    /// The calendars of a person, school or group, for whoever is signed in; to anybody else there are none.
    pub async fn of(ctx: &Context<'_>, owner_id: Uuid) -> Result<Vec<Self>> {
        if !may_see_personal(scope(ctx)?) {
            return Ok(Vec::new());
        }
        many(ctx, calendar_feed::Column::OwnerId, owner_id).await
    }

    async fn owned<T: crate::graphql::Over>(&self, ctx: &Context<'_>, owner: FeedOwner) -> Result<Option<T>> {
        if self.0.owner != owner {
            return Ok(None);
        }
        one(ctx, self.0.owner_id).await
    }
}

/// A calendar to subscribe to 日历订阅. Its address was shown when it was made, and is kept nowhere.
#[Object]
impl CalendarFeed {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::CalendarFeed.id(self.0.id).into()
    }

    /// Whose sessions it has.
    async fn owner(&self) -> FeedOwner {
        self.0.owner
    }

    /// The person whose own sessions it has; else null.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Option<Teacher>> {
        self.owned(ctx, FeedOwner::Teacher).await
    }

    /// The school whose sessions it has; else null.
    async fn school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        self.owned(ctx, FeedOwner::School).await
    }

    /// The group whose sessions it has; else null.
    async fn group(&self, ctx: &Context<'_>) -> Result<Option<EducationGroup>> {
        self.owned(ctx, FeedOwner::Group).await
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Since when its address leads nowhere; null: it is in force.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.revoked_at
    }
}

/// A calendar to make: name a person, a school or a group, or nobody for the viewer's own.
#[derive(Debug, InputObject)]
pub struct CalendarFeedCreateInput {
    /// The person whose own sessions it has.
    teacher_id: Option<ID>,
    /// The school whose sessions it has.
    school_id: Option<ID>,
    /// The group whose sessions it has.
    group_id: Option<ID>,
    /// A calendar that it replaces: its address leads nowhere from now on.
    replaces_id: Option<ID>,
}

/// A calendar that was made.
#[derive(SimpleObject)]
pub struct CalendarFeedCreatePayload {
    /// The calendar.
    feed: Option<CalendarFeed>,
    /// Path of its address below that of the service, e.g. `/calendar/….ics`. It is shown only now.
    path: Option<String>,
    /// What to mend; empty when it was made.
    user_errors: Vec<Fault>,
}

/// A calendar whose address shall lead nowhere.
#[derive(Debug, InputObject)]
pub struct CalendarFeedRevokeInput {
    /// The calendar.
    feed_id: ID,
}

/// What came of revoking a calendar.
#[derive(SimpleObject)]
pub struct CalendarFeedRevokePayload {
    /// The calendar as it now is.
    feed: Option<CalendarFeed>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Makes and revokes calendars.
#[derive(Default)]
pub struct FeedsMutation;

#[Object]
impl FeedsMutation {
    /// Makes a calendar to subscribe to. Whoever knows its address reads it.
    async fn calendar_feed_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and which one it replaces.")] input: CalendarFeedCreateInput,
    ) -> Result<CalendarFeedCreatePayload> {
        let scope = writer(ctx)?;
        let made = create(scope, input).await;
        let path = made.as_ref().ok().map(|made| made.path.clone());
        let (feed, user_errors) = settle(ctx, made.map(|made| made.feed), None).await?;
        Ok(CalendarFeedCreatePayload { feed, path, user_errors })
    }

    /// Lets a calendar's address lead nowhere.
    async fn calendar_feed_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: CalendarFeedRevokeInput,
    ) -> Result<CalendarFeedRevokePayload> {
        let scope = writer(ctx)?;
        let outcome = match ident(Kind::CalendarFeed, &input.feed_id, "feedId") {
            Ok(id) => feeds::revoke(scope, id).await,
            Err(error) => Err(error),
        };
        let (feed, user_errors) = settle(ctx, outcome, None).await?;
        Ok(CalendarFeedRevokePayload { feed, user_errors })
    }
}

async fn create(scope: &Scope, input: CalendarFeedCreateInput) -> crate::error::Result<feeds::Made> {
    let (owner, owner_id) = match (input.teacher_id, input.school_id, input.group_id) {
        (Some(id), None, None) => (FeedOwner::Teacher, ident(Kind::Teacher, &id, "teacherId")?),
        (None, Some(id), None) => (FeedOwner::School, ident(Kind::School, &id, "schoolId")?),
        (None, None, Some(id)) => (FeedOwner::Group, ident(Kind::Group, &id, "groupId")?),
        (None, None, None) => match scope.actor {
            Actor::Person { id, .. } => (FeedOwner::Teacher, id),
            Actor::Program(_) | Actor::Nobody => return Err(one_owner().into()),
        },
        _ => return Err(one_owner().into()),
    };
    let replaces = input.replaces_id.map(|id| ident(Kind::CalendarFeed, &id, "replacesId")).transpose()?;
    feeds::create(scope, NewFeed { owner, owner_id, replaces }).await
}

fn one_owner() -> UserError {
    UserError::new(
        "ONE_OWNER",
        "请写明教师、学校、教育集团中的一个",
        "name one of a teacher, a school and a group",
    )
}
