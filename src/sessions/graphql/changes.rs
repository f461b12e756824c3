//! Changes to programmes and sessions.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::entity::values::{
    AudienceRule, DutyKind, Equipment, HalfOfDay, HostRule, PresenterSource, SessionLevel, SessionMode,
};
use crate::entity::{programme, research_session};
use crate::graphql::{Fault, ident, settle, writer};
use crate::id::Kind;
use crate::scope::Scope;
use crate::sessions::graphql::{Programme, ResearchSession};
use crate::sessions::{self, programmes};

/// A session to cancel.
#[derive(Debug, InputObject)]
pub struct SessionCancelInput {
    /// The session.
    pub session_id: ID,
    /// The version the change was made from.
    pub expected_version: i32,
    /// Why, as told to people.
    pub reason: String,
}

/// A published session to pin, or to let move again.
#[derive(Debug, InputObject)]
pub struct SessionPinInput {
    /// The session.
    session_id: ID,
    /// The version that was looked at.
    expected_version: i32,
}

/// Sessions to add to a programme.
#[derive(Debug, InputObject)]
pub struct ProgrammeExtendInput {
    /// The programme.
    programme_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// How many more, ≥ 1.
    #[graphql(default = 1)]
    sessions: i32,
}

/// What came of a change to a session.
#[derive(SimpleObject)]
pub struct SessionPayload {
    /// The session as it now is.
    pub session: Option<ResearchSession>,
    /// What to mend; empty when it was done.
    pub user_errors: Vec<Fault>,
}

/// What to change of a programme; what is left out stays, null clears it. How many sessions it has is set by the
/// import, and by `programmeExtend`.
#[derive(Debug, InputObject)]
pub struct ProgrammeUpdateInput {
    /// The programme.
    programme_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// Topic 主题.
    topic: Option<String>,
    /// Length of each session.
    minutes: Option<i32>,
    /// Least days between two dates (soft); 0: none.
    min_gap_days: Option<i32>,
    /// One in each calendar month (hard).
    monthly: Option<bool>,
    /// Within so many weeks after the mid-term exam (hard).
    weeks_after_exam: MaybeUndefined<i32>,
    /// Not before this day (hard).
    not_before_on: MaybeUndefined<NaiveDate>,
    /// ISO weekday of the subject day 教研日 (soft).
    subject_weekday: MaybeUndefined<i32>,
    /// Half-day of the subject day.
    subject_half: MaybeUndefined<HalfOfDay>,
    /// Who may host.
    host_rule: Option<HostRule>,
    /// Where presenters come from.
    presenters_from: Option<PresenterSource>,
    /// Number of presenters, ≥ 0.
    presenters: Option<i32>,
    /// Least number of schools they come from.
    presenter_schools: Option<i32>,
    /// The researcher in charge.
    researcher_id: MaybeUndefined<ID>,
    /// Who is invited.
    audience: Option<AudienceRule>,
    /// Duties invited, when the audience is by duty; the whole list.
    audience_duties: Option<Vec<DutyKind>>,
    /// Whether attached researchers are invited too.
    audience_researchers: Option<bool>,
    /// On site, online or mixed.
    mode: Option<SessionMode>,
    /// Equipment the room must have; the whole list.
    equipment: Option<Vec<Equipment>>,
    /// County, group or school.
    level: Option<SessionLevel>,
    /// Whether its sessions may be held in the evening 可晚间.
    allows_evening: Option<bool>,
    /// Whether its sessions may be held at weekends 可周末.
    allows_weekend: Option<bool>,
    /// Programmes of the group with the same key hold their sessions of one number on one half-day 同日开展 (soft).
    keep_together: MaybeUndefined<String>,
    /// Least percent of the invited of each school that is to come 到会比例, 1–100 (medium).
    attendance_quota_percent: MaybeUndefined<i32>,
    /// Whether the audience may stay away 自愿参加.
    optional_audience: Option<bool>,
}

/// What came of a change to a programme.
#[derive(SimpleObject)]
pub struct ProgrammePayload {
    /// The programme as it now is.
    programme: Option<Programme>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Changes programmes and sessions.
#[derive(Default)]
pub struct SessionsMutation;

#[Object]
impl SessionsMutation {
    /// Cancels a published session and tells everybody.
    async fn session_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and why.")] input: SessionCancelInput,
    ) -> Result<SessionPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Session.parse(&input.session_id);
        let (session, user_errors) = settle(ctx, cancel(scope, input).await, row).await?;
        Ok(SessionPayload { session, user_errors })
    }

    /// Pins a published session: planning anew leaves it where it stands.
    async fn session_pin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: SessionPinInput,
    ) -> Result<SessionPayload> {
        pinned(ctx, input, true).await
    }

    /// Lets planning anew move a session again.
    async fn session_unpin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: SessionPinInput,
    ) -> Result<SessionPayload> {
        pinned(ctx, input, false).await
    }

    /// Adds sessions to a programme, without dates until a plan that holds them is published.
    async fn programme_extend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and by how many.")] input: ProgrammeExtendInput,
    ) -> Result<ProgrammePayload> {
        let scope = writer(ctx)?;
        let row = Kind::Programme.parse(&input.programme_id);
        let (programme, user_errors) = settle(ctx, extend(scope, input).await, row).await?;
        Ok(ProgrammePayload { programme, user_errors })
    }

    /// Changes a programme, and with it those of its sessions that have no date yet.
    async fn programme_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: ProgrammeUpdateInput,
    ) -> Result<ProgrammePayload> {
        let scope = writer(ctx)?;
        let row = Kind::Programme.parse(&input.programme_id);
        let (programme, user_errors) = settle(ctx, update_programme(scope, input).await, row).await?;
        Ok(ProgrammePayload { programme, user_errors })
    }
}

async fn pinned(ctx: &Context<'_>, input: SessionPinInput, pinned: bool) -> Result<SessionPayload> {
    let scope = writer(ctx)?;
    let row = Kind::Session.parse(&input.session_id);
    let outcome = match ident(Kind::Session, &input.session_id, "sessionId") {
        Ok(id) => sessions::set_pinned(scope, id, input.expected_version, pinned).await,
        Err(error) => Err(error),
    };
    let (session, user_errors) = settle(ctx, outcome, row).await?;
    Ok(SessionPayload { session, user_errors })
}

async fn extend(scope: &Scope, input: ProgrammeExtendInput) -> crate::error::Result<programme::Model> {
    let id = ident(Kind::Programme, &input.programme_id, "programmeId")?;
    programmes::extend(scope, id, input.expected_version, input.sessions).await
}

async fn cancel(scope: &Scope, input: SessionCancelInput) -> crate::error::Result<research_session::Model> {
    let id = ident(Kind::Session, &input.session_id, "sessionId")?;
    sessions::cancel(scope, id, input.expected_version, input.reason).await
}

async fn update_programme(
    scope: &Scope,
    input: ProgrammeUpdateInput,
) -> crate::error::Result<programme::Model> {
    let researcher: Option<Option<ID>> = input.researcher_id.into();
    let researcher_id = match researcher {
        Some(Some(id)) => Some(Some(ident(Kind::Teacher, &id, "researcherId")?)),
        Some(None) => Some(None),
        None => None,
    };
    let change = programmes::ProgrammeChange {
        programme_id: ident(Kind::Programme, &input.programme_id, "programmeId")?,
        expected_version: input.expected_version,
        topic: input.topic,
        minutes: input.minutes,
        min_gap_days: input.min_gap_days,
        monthly: input.monthly,
        weeks_after_exam: input.weeks_after_exam.into(),
        not_before_on: input.not_before_on.into(),
        subject_weekday: input.subject_weekday.into(),
        subject_half: input.subject_half.into(),
        host_rule: input.host_rule,
        presenters_from: input.presenters_from,
        presenters: input.presenters,
        presenter_schools: input.presenter_schools,
        researcher_id,
        audience: input.audience,
        audience_duties: input.audience_duties,
        audience_researchers: input.audience_researchers,
        mode: input.mode,
        equipment: input.equipment,
        level: input.level,
        allows_evening: input.allows_evening,
        allows_weekend: input.allows_weekend,
        keep_together: input.keep_together.into(),
        attendance_quota_percent: input.attendance_quota_percent.into(),
        optional_audience: input.optional_audience,
    };
    programmes::update(scope, change).await
}
