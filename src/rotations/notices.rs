//! Which mails a round causes, to whom, and when each is due. The caller enqueues them with its own writes.

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::proposals::reading;
use crate::entity::values::{DutyKind, MembershipRole, MessageKind, ProposalState, RoundState};
use crate::entity::{
    application, coordinator, duty, exemption, membership, message, objection, placement, posting,
    rotation_proposal, rotation_round, round_step, teacher,
};
use crate::error::Result;
use crate::mail::hours;
use crate::mail::outbox::Draft;
use crate::people::away::touching;
use crate::rows;
use crate::scope::{Scope, Txn};

/// Minutes before the morning of a step's last day at which those in charge are reminded: a week, a day; and a day after
/// it, when the step is still not done.
pub const LEADS: [i32; 3] = [7 * DAY, DAY, -DAY];
const DAY: i32 = 24 * 60;

/// How long what somebody is told of herself is worth sending.
const WORTH: TimeDelta = TimeDelta::days(14);

/// To those in charge: the step is open.
pub async fn step_opened(
    txn: &Txn,
    round: &rotation_round::Model,
    step: &round_step::Model,
) -> Result<Vec<Draft>> {
    let now = txn.scope().now();
    let ends = morning(txn.scope(), step.due_on + Days::new(1));
    let people = in_charge(txn, round, step.step).await?;
    let drafts = people.iter().filter_map(|person| {
        draft(MessageKind::StepOpened, person, (step.id, step.version), now, std::cmp::max(ends, now + WORTH))
    });
    Ok(drafts.collect())
}

/// To those in charge: the step shall be done by then, or should have been.
pub async fn step_due(
    txn: &Txn,
    round: &rotation_round::Model,
    step: &round_step::Model,
) -> Result<Vec<Draft>> {
    let now = txn.scope().now();
    let due = morning(txn.scope(), step.due_on);
    let people = in_charge(txn, round, step.step).await?;
    let mut drafts = Vec::new();
    for lead in LEADS {
        let send_at = due - TimeDelta::minutes(i64::from(lead));
        if send_at <= now {
            continue;
        }
        let worth = if lead > 0 { due + TimeDelta::days(1) } else { send_at + WORTH };
        let subject = (step.id, step.version);
        let reminders = people
            .iter()
            .filter_map(|person| draft(MessageKind::StepDue, person, subject, send_at, worth))
            .map(|draft| Draft { lead_minutes: lead, ..draft });
        drafts.extend(reminders);
    }
    Ok(drafts)
}

/// To the applicant: her application has arrived.
pub fn application_received(
    txn: &Txn,
    application: &application::Model,
    teacher: &teacher::Model,
) -> Vec<Draft> {
    personal(txn, MessageKind::ApplicationReceived, teacher, (application.id, application.version))
}

/// To whoever asked: her exemption is decided.
pub fn exemption_decided(txn: &Txn, exemption: &exemption::Model, teacher: &teacher::Model) -> Vec<Draft> {
    personal(txn, MessageKind::ExemptionDecided, teacher, (exemption.id, exemption.version))
}

/// To whoever raised it: her objection is answered.
pub fn objection_answered(txn: &Txn, objection: &objection::Model, raiser: &teacher::Model) -> Vec<Draft> {
    personal(txn, MessageKind::ObjectionAnswered, raiser, (objection.id, objection.version))
}

/// To everybody whom the proposal that is public now sends elsewhere, and to whoever was told so of an earlier one and is not any more.
pub async fn proposal_published(
    txn: &Txn,
    round: &rotation_round::Model,
    step: &round_step::Model,
) -> Result<Vec<Draft>> {
    let Some(proposal) = reading::in_state(&**txn, round, ProposalState::Publicised).await? else {
        return Ok(Vec::new());
    };
    let moves = reading::moves(&**txn, &proposal).await?;
    let chosen = moves.iter().filter(|row| row.to_school_id.is_some()).map(|row| row.teacher_id);
    let people = chosen.chain(told_of_proposals(txn, round).await?).collect();
    let (now, ends) = (txn.scope().now(), morning(txn.scope(), step.due_on + Days::new(1)));
    let about = (proposal.id, step.version);
    let people = working(txn, people).await?;
    let drafts = people.iter().filter_map(|person| {
        draft(MessageKind::ProposalPublished, person, about, now, std::cmp::max(ends, now))
    });
    Ok(drafts.collect())
}

/// Who was told of a proposal of the round before.
async fn told_of_proposals(txn: &Txn, round: &rotation_round::Model) -> Result<Vec<Uuid>> {
    let proposals = rows::in_district(txn.district_id(), rotation_proposal::Entity::find())
        .select_only()
        .column(rotation_proposal::Column::Id)
        .filter(rotation_proposal::Column::RoundId.eq(round.id));
    let told = rows::in_district(txn.district_id(), message::Entity::find())
        .select_only()
        .column(message::Column::TeacherId)
        .distinct()
        .filter(message::Column::Kind.eq(MessageKind::ProposalPublished))
        .filter(message::Column::SubjectId.in_subquery(proposals.into_query()));
    Ok(told.into_tuple().all(&**txn).await?)
}

/// To whoever is sent to her post.
pub async fn dispatched(
    txn: &Txn,
    round: &rotation_round::Model,
    postings: &[posting::Model],
) -> Result<Vec<Draft>> {
    let people = working(txn, postings.iter().map(|row| row.teacher_id).collect()).await?;
    let (now, ends) = (txn.scope().now(), worth_until(txn.scope(), round.starts_on));
    let drafts = postings.iter().filter_map(|row| {
        let person = people.iter().find(|person| person.id == row.teacher_id)?;
        draft(MessageKind::Dispatched, person, (row.id, row.version), now, ends)
    });
    Ok(drafts.collect())
}

/// To the principals of the schools that somebody comes to or leaves: one letter each, with all of them.
pub async fn school_dispatched(
    txn: &Txn,
    round: &rotation_round::Model,
    placements: impl Iterator<Item = &placement::Model>,
) -> Result<Vec<Draft>> {
    let schools = placements.flat_map(|row| [row.from_school_id, row.to_school_id]).collect();
    let people = working(txn, leading(txn, schools).await?).await?;
    let (now, ends) = (txn.scope().now(), worth_until(txn.scope(), round.starts_on));
    let about = (round.id, round.version);
    let drafts =
        people.iter().filter_map(|person| draft(MessageKind::SchoolDispatched, person, about, now, ends));
    Ok(drafts.collect())
}

/// To her whose placement was taken back; once she was dispatched, to the principals of both schools as well.
pub async fn placement_withdrawn(
    txn: &Txn,
    placement: &placement::Model,
    dispatched: bool,
) -> Result<Vec<Draft>> {
    let mut people = match dispatched {
        true => leading(txn, HashSet::from([placement.from_school_id, placement.to_school_id])).await?,
        false => HashSet::new(),
    };
    people.insert(placement.teacher_id);
    let (now, about) = (txn.scope().now(), (placement.id, placement.version));
    let people = working(txn, people).await?;
    let drafts = people
        .iter()
        .filter_map(|person| draft(MessageKind::PlacementWithdrawn, person, about, now, now + WORTH));
    Ok(drafts.collect())
}

/// To her whose service lasts until another day, and to the principals of both schools.
pub async fn service_changed(
    txn: &Txn,
    placement: &placement::Model,
    posting: &posting::Model,
) -> Result<Vec<Draft>> {
    let mut people = leading(txn, HashSet::from([placement.from_school_id, placement.to_school_id])).await?;
    people.insert(posting.teacher_id);
    let now = txn.scope().now();
    let about = (posting.id, posting.version);
    let people = working(txn, people).await?;
    let drafts = people
        .iter()
        .filter_map(|person| draft(MessageKind::ServiceChanged, person, about, now, now + WORTH));
    Ok(drafts.collect())
}

/// What somebody is told before her first day is worth sending until then, and for a while at least.
fn worth_until(scope: &Scope, first_day: NaiveDate) -> DateTime<Utc> {
    std::cmp::max(morning(scope, first_day), scope.now() + WORTH)
}

/// Those of some people who still work here.
async fn working(txn: &Txn, people: HashSet<Uuid>) -> Result<Vec<teacher::Model>> {
    let today = txn.scope().today();
    let select = rows::in_district(txn.district_id(), teacher::Entity::find())
        .filter(teacher::Column::Id.is_in(people))
        .filter(teacher::Column::LeftOn.is_null().or(teacher::Column::LeftOn.gt(today)))
        .order_by_asc(teacher::Column::Number);
    Ok(select.all(&**txn).await?)
}

/// Who leads one of some schools today.
async fn leading(txn: &Txn, schools: HashSet<Uuid>) -> Result<HashSet<Uuid>> {
    let duties = principals(txn).await?;
    Ok(duties.iter().filter(|row| schools.contains(&row.school_id)).map(|row| row.teacher_id).collect())
}

fn personal(txn: &Txn, kind: MessageKind, to: &teacher::Model, subject: (Uuid, i32)) -> Vec<Draft> {
    let now = txn.scope().now();
    draft(kind, to, subject, now, now + WORTH).into_iter().collect()
}

/// A message; none to somebody without an address.
pub(super) fn draft(
    kind: MessageKind,
    to: &teacher::Model,
    (subject_id, subject_version): (Uuid, i32),
    send_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Option<Draft> {
    Some(Draft {
        kind,
        teacher_id: to.id,
        address: to.email.clone()?,
        subject_id,
        subject_version,
        lead_minutes: 0,
        send_at,
        expires_at,
    })
}

/// Eight in the morning of a day.
pub(super) fn morning(scope: &Scope, day: NaiveDate) -> DateTime<Utc> {
    // No quiet hours reach into it: see `mail::hours`.
    hours::instant(scope.zone(), day, hours::time(8 * 60))
}

/// Who is in charge of a step: the coordinators of the round's group, or of all groups, also those who are named to lead from a later
/// day on, as a new year's are while the round is prepared; for 学校推荐 the principals too.
async fn in_charge(
    txn: &Txn,
    round: &rotation_round::Model,
    step: RoundState,
) -> Result<Vec<teacher::Model>> {
    let (district, today) = (txn.district_id(), txn.scope().today());
    let leading =
        rows::in_district(district, touching::<coordinator::Entity>(Some(today), None)).all(&**txn).await?;
    let of_round = |row: &coordinator::Model| round.group_id.is_none_or(|group| row.group_id == group);
    let mut people: HashSet<Uuid> =
        leading.iter().filter(|row| of_round(row)).map(|row| row.teacher_id).collect();
    if step == RoundState::Recommending {
        people.extend(principals_of_round(txn, round).await?);
    }
    working(txn, people).await
}

async fn principals_of_round(txn: &Txn, round: &rotation_round::Model) -> Result<Vec<Uuid>> {
    let (duties, today) = (principals(txn).await?, txn.scope().today());
    let Some(group) = round.group_id else {
        return Ok(duties.into_iter().map(|row| row.teacher_id).collect());
    };
    let members = rows::in_district(txn.district_id(), membership::Entity::find())
        .filter(membership::Column::GroupId.eq(group))
        .filter(membership::Column::Role.ne(MembershipRole::Partner))
        .filter(membership::Column::LeftOn.is_null().or(membership::Column::LeftOn.gt(today)))
        .all(&**txn)
        .await?;
    let of_group = |row: &duty::Model| members.iter().any(|member| member.school_id == row.school_id);
    Ok(duties.iter().filter(|row| of_group(row)).map(|row| row.teacher_id).collect())
}

/// Everybody who leads a school today.
async fn principals(txn: &Txn) -> Result<Vec<duty::Model>> {
    let today = txn.scope().today();
    let select = rows::in_district(txn.district_id(), touching::<duty::Entity>(Some(today), Some(today)))
        .filter(duty::Column::Kind.eq(DutyKind::Principal));
    Ok(select.all(&**txn).await?)
}
