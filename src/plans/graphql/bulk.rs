//! Postponing many sessions, or moving them online.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::graphql::Room;
use crate::entity::values::{ParticipantRole, SessionMode};
use crate::error::Error;
use crate::graphql::{Fault, OrFault, ident, one, request, settle, writer};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::plans::bulk::{self, Bulk, BulkChange, BulkRequest, Outcome};
use crate::plans::parts::PartChange;
use crate::sessions::graphql::ResearchSession;

/// Sessions to postpone.
#[derive(Debug, InputObject)]
pub struct SessionsPostponeInput {
    /// Of one group; left out: of the whole district.
    group_id: Option<ID>,
    /// From this day on.
    from: NaiveDate,
    /// Until this day.
    until: NaiveDate,
    /// By so many weeks, 1 to 30: same weekday and time, same room where it is free, else the smallest that fits.
    weeks: i32,
    /// Why, as told to people.
    reason: String,
    /// Only tell what would happen.
    #[graphql(default = true)]
    dry_run: bool,
    /// Leave those where they are that cannot be postponed.
    #[graphql(default)]
    skip_impossible: bool,
}

/// Sessions to hold online.
#[derive(Debug, InputObject)]
pub struct SessionsMoveOnlineInput {
    /// Of one group; left out: of the whole district.
    group_id: Option<ID>,
    /// From this day on.
    from: NaiveDate,
    /// Until this day.
    until: NaiveDate,
    /// Link or number of the meeting, as told to people.
    link: String,
    /// Why, as told to people.
    reason: String,
    /// Only tell what would happen.
    #[graphql(default = true)]
    dry_run: bool,
    /// Leave those as they are that cannot be held online.
    #[graphql(default)]
    skip_impossible: bool,
}

/// What a change of many sessions does to one of them.
pub struct SessionOutcome(Outcome);

/// What a change of many sessions does to one of them, or would do.
#[Object]
impl SessionOutcome {
    /// The session as it now is.
    async fn session(&self, ctx: &Context<'_>) -> Result<Option<ResearchSession>> {
        one(ctx, self.0.session.id).await
    }

    /// Whether it can be changed so, or is so already.
    async fn possible(&self) -> bool {
        self.0.faults.is_empty()
    }

    /// Whether it is so already, online with this link: then nothing changes and nobody is told.
    async fn unchanged(&self) -> bool {
        self.0.is_so_already()
    }

    /// Whose part in it changes, whoever joins or leaves it among them.
    async fn part_changes(&self) -> Vec<SessionPartChange> {
        self.0.parts.iter().map(|change| SessionPartChange(*change)).collect()
    }

    /// Its new start; null when it does not change.
    async fn starts_at(&self) -> Option<DateTime<Utc>> {
        self.0.change.as_ref().map(|change| change.starts_at)
    }

    /// Its new host school; null when it is online or does not change.
    async fn host_school(&self, ctx: &Context<'_>) -> Result<Option<School>> {
        one(ctx, self.0.change.as_ref().and_then(|change| change.host_school_id)).await
    }

    /// Its new room; null when it is online or does not change.
    async fn room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        one(ctx, self.0.change.as_ref().and_then(|change| change.room_id)).await
    }

    /// Its new room at the sending end, when it is a lesson given from afar; else null.
    async fn second_room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        one(ctx, self.0.change.as_ref().and_then(|change| change.second_room_id)).await
    }

    /// How it will be held; null when it does not change.
    async fn mode(&self) -> Option<SessionMode> {
        self.0.change.as_ref().map(|change| change.after().mode)
    }

    /// The hard rules that it would break.
    async fn faults(&self, ctx: &Context<'_>) -> Result<Vec<Fault>> {
        let language = request(ctx)?.language;
        Ok(self.0.faults.iter().map(|fault| Fault::new(fault, language)).collect())
    }
}

/// Somebody whose part in a session changes.
pub struct SessionPartChange(PartChange);

/// Somebody whose part in a session changes.
#[Object]
impl SessionPartChange {
    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Option<Teacher>> {
        one(ctx, self.0.teacher).await
    }

    /// Her part as people were told; null: she was not expected.
    async fn before(&self) -> Option<ParticipantRole> {
        self.0.before
    }

    /// Her part now; null: she is not expected any more.
    async fn after(&self) -> Option<ParticipantRole> {
        self.0.after
    }
}

/// What came of changing many sessions.
#[derive(SimpleObject)]
pub struct SessionsPayload {
    /// Session by session, in the order of time.
    outcomes: Vec<SessionOutcome>,
    /// Whether it was done: false after a dry run or a refusal.
    applied: bool,
    /// What to mend; empty when it was done or only asked for.
    user_errors: Vec<Fault>,
}

/// Changes many sessions at once.
#[derive(Default)]
pub struct BulkMutation;

#[Object]
impl BulkMutation {
    /// Postpones the published sessions of some days by whole weeks and tells everybody once for each; a dry run unless asked for
    /// otherwise.
    async fn sessions_postpone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones, by how much, and why.")] input: SessionsPostponeInput,
    ) -> Result<SessionsPayload> {
        let dry_run = input.dry_run;
        payload(ctx, &postponing(input).or_fault(ctx)?, dry_run).await
    }

    /// Holds the published sessions of some days online at their time (停课不停学) and tells everybody once for each; what is online
    /// already only gets the link. A dry run unless asked for otherwise.
    async fn sessions_move_online(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which ones, where to meet, and why.")] input: SessionsMoveOnlineInput,
    ) -> Result<SessionsPayload> {
        let dry_run = input.dry_run;
        payload(ctx, &moving_online(input).or_fault(ctx)?, dry_run).await
    }
}

/// What it asks for.
pub(super) fn postponing(input: SessionsPostponeInput) -> crate::error::Result<BulkRequest> {
    Ok(BulkRequest {
        group_id: group(input.group_id)?,
        from: input.from,
        until: input.until,
        // Of no number of weeks that is none the operation says what may be written.
        change: BulkChange::Postpone(u16::try_from(input.weeks).unwrap_or(0)),
        reason: input.reason,
        skip_impossible: input.skip_impossible,
    })
}

/// What it asks for.
pub(super) fn moving_online(input: SessionsMoveOnlineInput) -> crate::error::Result<BulkRequest> {
    Ok(BulkRequest {
        group_id: group(input.group_id)?,
        from: input.from,
        until: input.until,
        change: BulkChange::MoveOnline(input.link),
        reason: input.reason,
        skip_impossible: input.skip_impossible,
    })
}

fn group(id: Option<ID>) -> crate::error::Result<Option<uuid::Uuid>> {
    id.map(|id| ident(Kind::Group, &id, "groupId")).transpose()
}

async fn payload(ctx: &Context<'_>, request: &BulkRequest, dry_run: bool) -> Result<SessionsPayload> {
    let scope = writer(ctx)?;
    let done = match dry_run {
        true => bulk::preview_bulk(scope, request).await,
        false => bulk::apply_bulk(scope, request).await,
    };
    let (bulk, outcome) = match done {
        Ok(bulk) if dry_run || bulk.applied => (Some(bulk), None),
        Ok(bulk) => {
            let refusal = bulk.refusal(request.skip_impossible).map(Error::from);
            (Some(bulk), refusal)
        }
        Err(error) => (None, Some(error)),
    };
    let user_errors = match outcome {
        Some(error) => settle::<ResearchSession>(ctx, Err::<ResearchSession, _>(error), None).await?.1,
        None => Vec::new(),
    };
    let Bulk { outcomes, applied } = bulk.unwrap_or(Bulk { outcomes: Vec::new(), applied: false });
    Ok(SessionsPayload { outcomes: outcomes.into_iter().map(SessionOutcome).collect(), applied, user_errors })
}
