//! What people answer to an invitation, and whom an answer concerns.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::effects;
use crate::entity::values::{MessageKind, ParticipantRole, Reply, ReplyWay, SessionState};
use crate::entity::{coordinator, participant, research_session};
use crate::error::{Error, Result, UserError};
use crate::id::Kind;
use crate::mail::outbox::{self, Draft};
use crate::scope::{Scope, Txn};
use crate::{audit, rows};

/// Longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// An answer to an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The session.
    pub session_id: Uuid,
    /// Who was invited.
    pub teacher_id: Uuid,
    /// What she answers.
    pub reply: Reply,
    /// Why, or what else she says.
    pub reason: Option<String>,
    /// In which way the answer came.
    pub way: ReplyWay,
    /// What she answered to, and when; `None`: to things as they are, now.
    pub asked: Option<Asked>,
}

/// To which telling of a session somebody answers, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// SEQUENCE of the invitation.
    pub sequence: i32,
    /// When the answer was given.
    pub at: DateTime<Utc>,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Her part in the session as it now is.
    pub participant: participant::Model,
    /// Whether the answer says something new.
    pub changed: bool,
}

/// Records an answer. One that says what is known already changes nothing. When somebody declines without whom the session cannot do,
/// those who lead the group's research are told in the same transaction.
///
/// # Errors
/// `NotFound` without such a session; `Rejected` when it is over, cancelled or without a date, when she is not invited, when the answer
/// is none or the reason too long, and, where `asked` is known, when it is to an invitation that no longer holds
/// (`REPLY_OUTDATED`) or older than what she answered since (`REPLY_OLDER`).
pub async fn reply(scope: &Scope, answer: Answer) -> Result<Recorded> {
    let reason = tidy(answer.reason.as_deref())?;
    let txn = scope.begin().await?;
    // Moving and cancelling hold the session too: an answer is to what it was, or to what it is then.
    let lock = LockType::NoKeyUpdate;
    let session =
        rows::hold::<research_session::Entity>(&txn, Kind::Session, answer.session_id, lock).await?;
    still_asks(scope, &session)?;
    let before = part(&txn, &answer).await?;
    expected(&before)?;
    given(answer.reply)?;
    let now = scope.now();
    // A clock that is fast must not make later answers look older.
    let at = answer.asked.map_or(now, |asked| asked.at.min(now));
    if let Some(asked) = answer.asked {
        in_order(&session, &before, asked.sequence, at)?;
    }
    // A calendar program that repeats the answer does not take back what she wrote beside it.
    let silent = answer.way == ReplyWay::Calendar && reason.is_none();
    if before.reply == answer.reply && (silent || before.reply_reason == reason) {
        return Ok(Recorded { participant: before, changed: false });
    }
    let after = participant::Model {
        reply: answer.reply,
        replied_at: Some(at),
        reply_reason: reason,
        reply_way: Some(answer.way),
        version: before.version + 1,
        ..before.clone()
    };
    let after = audit::update(&txn, "session.reply", &before, after).await?;
    if after.reply == Reply::Declined && is_needed(&after) {
        tell_coordinators(&txn, &session, &after).await?;
    }
    txn.commit().await?;
    Ok(Recorded { participant: after, changed: true })
}

/// Whether the session cannot well do without her.
pub fn is_needed(part: &participant::Model) -> bool {
    part.required || matches!(part.role, ParticipantRole::Chair | ParticipantRole::Presenter)
}

/// Whether a session still asks for answers.
///
/// # Errors
/// `Rejected`, saying why it does not.
pub fn still_asks(scope: &Scope, session: &research_session::Model) -> Result<()> {
    let over = session.ends_at.is_some_and(|ends_at| ends_at <= scope.now());
    let error = match session.state {
        SessionState::Published if !over => return Ok(()),
        SessionState::Published | SessionState::Held => UserError::new(
            "SESSION_OVER",
            "这次活动已经结束，不能再回复；如有情况需要说明，请联系集团教研负责人",
            "the session is over and takes no more answers; if there is something to say, write to the coordinator",
        ),
        SessionState::Cancelled => UserError::new(
            "SESSION_CANCELLED",
            "这次活动已经取消，不必回复，也不必前往",
            "the session is cancelled: there is nothing to answer, and nobody need come",
        ),
        SessionState::Undated => UserError::new(
            "SESSION_UNDATED",
            "这次活动的时间待定，现在不必回复；时间定下后会再次邀请您",
            "the session has no date now: there is nothing to answer until you are invited again",
        ),
    };
    Err(error.into())
}

/// Her part; held with the session.
async fn part(txn: &Txn, answer: &Answer) -> Result<participant::Model> {
    let found = participant::Entity::find()
        .filter(participant::Column::DistrictId.eq(txn.district_id()))
        .filter(participant::Column::SessionId.eq(answer.session_id))
        .filter(participant::Column::TeacherId.eq(answer.teacher_id))
        .one(&**txn)
        .await?;
    found.ok_or_else(|| not_invited().into())
}

/// The refusal of whoever is not on the list.
pub fn not_invited() -> UserError {
    UserError::new(
        "NOT_INVITED",
        "参加名单上没有您（名单可能已经调整），不必回复；有疑问请联系集团教研负责人",
        "you are not on the list of this session (it may have changed), so there is nothing to answer; ask the coordinator",
    )
}

/// Whether she is expected.
///
/// # Errors
/// `Rejected` when she is excused.
pub fn expected(part: &participant::Model) -> Result<()> {
    let Some(why) = &part.excused else { return Ok(()) };
    let error = UserError::new(
        "EXCUSED",
        format!("您不必参加这次活动（{why}），不用回复；如能参加，请告诉集团教研负责人"),
        format!(
            "you are excused from this session ({why}) and need not answer; if you can come, tell the coordinator"
        ),
    );
    Err(error.into())
}

fn given(reply: Reply) -> Result<()> {
    if reply != Reply::Pending {
        return Ok(());
    }
    let error = UserError::new(
        "REPLY_MISSING",
        "请选择：参加、待定或请假",
        "please choose one: accept, tentative or decline",
    );
    Err(error.at("reply").into())
}

/// Calendar programs answer late, and in any order.
fn in_order(
    session: &research_session::Model,
    before: &participant::Model,
    sequence: i32,
    at: DateTime<Utc>,
) -> Result<()> {
    if sequence < session.sequence {
        let error = UserError::new(
            "REPLY_OUTDATED",
            "活动在此之后已有变更，这次回复没有记录；请看过现在的安排再回复",
            "the session has changed since, and this answer was not recorded: please look at it as it is now and answer again",
        );
        return Err(error.into());
    }
    if before.replied_at.is_some_and(|replied_at| at < replied_at) {
        let error = UserError::new(
            "REPLY_OLDER",
            "此后已有更新的回复，这一封没有记录",
            "there is a later answer, so this one was not recorded",
        );
        return Err(error.into());
    }
    Ok(())
}

/// A reason as it is kept: line breaks stay, other control characters do not.
///
/// # Errors
/// `Rejected` when it is too long.
fn tidy(reason: Option<&str>) -> Result<Option<String>> {
    let text = reason.unwrap_or_default().replace("\r\n", "\n");
    let text: String = text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    let text = text.trim();
    let length = text.chars().count();
    if length > LONGEST_REASON {
        let error = UserError::new(
            "REASON_TOO_LONG",
            format!("原因最多{LONGEST_REASON}字，现为{length}字，请缩短"),
            format!("the reason may have {LONGEST_REASON} characters and has {length}: please shorten it"),
        );
        return Err(error.at("reason").into());
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Everybody who leads the group's research today is told, but for whoever declines; nobody leading it today, whoever does on the day.
async fn tell_coordinators(
    txn: &Txn,
    session: &research_session::Model,
    part: &participant::Model,
) -> Result<()> {
    let Some((starts_at, ends_at)) = session.starts_at.zip(session.ends_at) else { return Ok(()) };
    let scope = txn.scope();
    let day = starts_at.with_timezone(&scope.zone()).date_naive();
    let rows = coordinators(&**txn, scope, session.group_id).await?;
    let leading = |day: NaiveDate| -> Vec<Uuid> {
        let holds = |row: &&coordinator::Model| {
            row.from_on <= day && row.until_on.is_none_or(|until_on| day <= until_on)
        };
        rows.iter().filter(holds).map(|row| row.teacher_id).collect()
    };
    let today = leading(scope.today());
    let people = if today.is_empty() { leading(day) } else { today };
    let people = people.into_iter().filter(|id| *id != part.teacher_id).collect();
    let addresses = effects::addresses_of(&**txn, scope.district.id, &people).await?;
    let mut addresses: Vec<(Uuid, String)> = addresses.into_iter().collect();
    addresses.sort_unstable();
    let draft = |(teacher_id, address)| Draft {
        kind: MessageKind::SessionDeclined,
        teacher_id,
        address,
        subject_id: part.id,
        subject_version: part.version,
        lead_minutes: 0,
        send_at: scope.now(),
        expires_at: ends_at,
    };
    outbox::enqueue(txn, addresses.into_iter().map(draft).collect()).await?;
    Ok(())
}

async fn coordinators(
    connection: &impl ConnectionTrait,
    scope: &Scope,
    group_id: Uuid,
) -> Result<Vec<coordinator::Model>> {
    let rows = coordinator::Entity::find()
        .filter(coordinator::Column::DistrictId.eq(scope.district.id))
        .filter(coordinator::Column::GroupId.eq(group_id));
    Ok(rows.all(connection).await?)
}

/// How many of those who are expected answered what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// 参加.
    pub accepted: usize,
    /// 请假.
    pub declined: usize,
    /// 待定.
    pub tentative: usize,
    /// 未回复.
    pub pending: usize,
}

/// Counts the answers of those who are expected.
pub fn count<'a>(parts: impl IntoIterator<Item = &'a participant::Model>) -> Count {
    let mut count = Count::default();
    for part in parts.into_iter().filter(|part| part.excused.is_none()) {
        match part.reply {
            Reply::Accepted => count.accepted += 1,
            Reply::Declined => count.declined += 1,
            Reply::Tentative => count.tentative += 1,
            Reply::Pending => count.pending += 1,
        }
    }
    count
}

/// The parts of a session, those first who are needed most; within a role by staff row.
///
/// # Errors
/// `Internal` when the database does not answer.
pub async fn of_session(scope: &Scope, session_id: Uuid) -> Result<Vec<participant::Model>> {
    let mut parts = participant::Entity::find()
        .filter(participant::Column::DistrictId.eq(scope.district.id))
        .filter(participant::Column::SessionId.eq(session_id))
        .all(scope.reader())
        .await
        .map_err(Error::from)?;
    parts.sort_by_key(|part| (part.role, part.teacher_id));
    Ok(parts)
}
