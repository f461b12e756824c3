//! Which mails a round causes, to whom, and when each is due. The caller enqueues them with its own writes.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entity::values::{DutyKind, MembershipRole, MessageKind, RoundState};
use crate::entity::{
    application, coordinator, duty, exemption, membership, objection, rotation_round, round_step, teacher,
};
use crate::error::Result;
use crate::mail::outbox::Draft;
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
    let local = day.and_time(NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default());
    let instant = scope.zone().from_local_datetime(&local).earliest();
    instant.map_or_else(|| Utc.from_utc_datetime(&local), |instant| instant.to_utc())
}

/// Who is in charge of a step today: the coordinators of the round's group, or of all groups; for 学校推荐 the principals too.
async fn in_charge(
    txn: &Txn,
    round: &rotation_round::Model,
    step: RoundState,
) -> Result<Vec<teacher::Model>> {
    let (district, today) = (txn.district_id(), txn.scope().today());
    let leading = rows::in_district(district, coordinator::Entity::find())
        .filter(coordinator::Column::FromOn.lte(today))
        .filter(coordinator::Column::UntilOn.is_null().or(coordinator::Column::UntilOn.gte(today)))
        .all(&**txn)
        .await?;
    let of_round = |row: &coordinator::Model| round.group_id.is_none_or(|group| row.group_id == group);
    let mut people: Vec<Uuid> =
        leading.iter().filter(|row| of_round(row)).map(|row| row.teacher_id).collect();
    if step == RoundState::Recommending {
        people.extend(principals(txn, round, today).await?);
    }
    let select = rows::in_district(district, teacher::Entity::find())
        .filter(teacher::Column::Id.is_in(people))
        .filter(teacher::Column::LeftOn.is_null().or(teacher::Column::LeftOn.gt(today)))
        .order_by_asc(teacher::Column::Number);
    Ok(select.all(&**txn).await?)
}

async fn principals(txn: &Txn, round: &rotation_round::Model, today: NaiveDate) -> Result<Vec<Uuid>> {
    let duties = rows::in_district(txn.district_id(), duty::Entity::find())
        .filter(duty::Column::Kind.eq(DutyKind::Principal))
        .filter(duty::Column::FromOn.lte(today))
        .filter(duty::Column::UntilOn.is_null().or(duty::Column::UntilOn.gte(today)))
        .all(&**txn)
        .await?;
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
