//! Many published sessions at once (QX-3 停课不停学): postponed by whole weeks, or held online at their time.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use session_planner::{Assignment, Minute, Placement, SessionIx};
use uuid::Uuid;

use super::facts::Facts;
use super::lifted::Lifted;
use super::parts::{PartChange, part_changes};
use super::placing::{Stand, no_programme};
use super::time;
use crate::entity::research_session;
use crate::entity::values::SessionState;
use crate::error::{Error, Result, UserError};
use crate::scope::{Scope, Txn};
use crate::sessions::effects::{self, Change, Held};
use crate::sessions::given;
use crate::sessions::letters::{Letters, PreviewedLetter, Rehearsal};

/// The most weeks to postpone by: a term has about twenty.
const WEEKS: u16 = 30;

/// What shall become of the sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkChange {
    /// So many weeks later: same weekday and time, same room where it is free, else the smallest that fits.
    Postpone(u16),
    /// Online at the same time, with this link; without room and way. What is online already only gets the link.
    MoveOnline(String),
}

/// Which sessions, and what shall become of them.
#[derive(Debug, Clone)]
pub struct BulkRequest {
    /// Of one group; `None`: of the whole district.
    pub group_id: Option<Uuid>,
    /// From this day on.
    pub from: NaiveDate,
    /// Until this day.
    pub until: NaiveDate,
    /// What shall become of them.
    pub change: BulkChange,
    /// Why, as told to people.
    pub reason: String,
    /// Leave those where they are that cannot be changed, and change the others.
    pub skip_impossible: bool,
}

/// What becomes of one session.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The session as it is.
    pub session: research_session::Model,
    /// Where it goes; `None`: it stays, because of `faults` or because it is so already.
    pub change: Option<Change>,
    /// Whose part in it changes.
    pub parts: Vec<PartChange>,
    /// The hard rules that it would break.
    pub faults: Vec<UserError>,
}

impl Outcome {
    /// Whether it is as it shall be already: nothing is written, and nobody told.
    pub fn is_so_already(&self) -> bool {
        self.change.is_none() && self.faults.is_empty()
    }
}

/// What a change of many sessions does, or would do.
#[derive(Debug, Clone)]
pub struct Bulk {
    /// Session by session, in the order of time.
    pub outcomes: Vec<Outcome>,
    /// Whether it was written.
    pub applied: bool,
}

impl Bulk {
    /// Sessions that can be changed.
    pub fn possible(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.change.is_some()).count()
    }

    /// Sessions that are as they shall be already.
    pub fn so_already(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.is_so_already()).count()
    }

    /// Why nothing is written though it was asked for; `None` when nothing stands in the way.
    pub fn refusal(&self, skip_impossible: bool) -> Option<UserError> {
        let impossible = self.outcomes.len() - self.possible() - self.so_already();
        let error = match (self.outcomes.len(), impossible) {
            (0, _) => UserError::new(
                "NO_SESSIONS",
                "这段时间没有今后要举行的已发布活动",
                "no published session that is still to come lies in these days",
            ),
            (_, 0) if self.possible() > 0 => return None,
            (_, impossible)
                if self.possible() == 0 && (impossible == 0 || skip_impossible) && self.so_already() > 0 =>
            {
                nothing_changes(self.so_already())
            }
            (all, impossible) if impossible == all => UserError::new(
                "NONE_POSSIBLE",
                format!("{all}次活动都不能这样调整，没有改动任何活动"),
                format!("none of the {all} sessions can be changed so, and none was"),
            ),
            _ if skip_impossible => return None,
            (all, impossible) => UserError::new(
                "NOT_ALL_POSSIBLE",
                format!(
                    "{all}次活动中有{impossible}次不能这样调整，没有改动任何活动；可跳过这些，只调整其余的"
                ),
                format!(
                    "{impossible} of {all} sessions cannot be changed so, and none was: skip these to change the others"
                ),
            ),
        };
        Some(error)
    }
}

fn nothing_changes(sessions: usize) -> UserError {
    UserError::new(
        "NOTHING_CHANGES",
        format!("{sessions}次活动已经在线上举行，链接也相同：没有改动，也没有通知任何人"),
        format!("{sessions} sessions are online with this link already: nothing was changed and nobody told"),
    )
}

/// What `request` would do. Writes nothing.
///
/// # Errors
/// `Rejected` when the request itself is faulty; what a session cannot do is told in its outcome.
pub async fn preview_bulk(scope: &Scope, request: &BulkRequest) -> Result<Bulk> {
    check(request)?;
    Ok(Bulk { outcomes: outcomes(scope, request).await?, applied: false })
}

/// Changes all sessions in one transaction and tells everybody once for each; or none, when one of them cannot be changed and
/// may not be skipped.
///
/// # Errors
/// As [`preview_bulk`]; `Stale` or `Rejected` when a session, a person or a room was taken meanwhile.
pub async fn apply_bulk(scope: &Scope, request: &BulkRequest) -> Result<Bulk> {
    let txn = scope.begin().await?;
    let bulk = carry_out(&txn, request).await?;
    if bulk.applied {
        txn.commit().await?;
    }
    Ok(bulk)
}

/// The letters that changing them would send to `teacher_id`. Nothing is kept, nothing is sent.
///
/// # Errors
/// As [`apply_bulk`]; `Rejected` also when one of them cannot be changed and may not be skipped.
pub async fn preview_letters(
    scope: &Scope,
    request: &BulkRequest,
    teacher_id: Uuid,
    letters: &Letters,
) -> Result<Vec<PreviewedLetter>> {
    let rehearsal = Rehearsal::begin(scope, letters).await?;
    let bulk = carry_out(rehearsal.txn(), request).await?;
    match bulk.refusal(request.skip_impossible) {
        Some(refusal) => Err(refusal.into()),
        None => rehearsal.letters_to(teacher_id).await,
    }
}

/// Does all of it, but for the commit; or nothing, and then it is not applied.
async fn carry_out(txn: &Txn, request: &BulkRequest) -> Result<Bulk> {
    check(request)?;
    effects::one_at_a_time(txn).await?;
    let bulk = Bulk { outcomes: outcomes(txn.scope(), request).await?, applied: false };
    if bulk.refusal(request.skip_impossible).is_some() {
        return Ok(bulk);
    }
    let changes: Vec<Change> = bulk.outcomes.iter().filter_map(|outcome| outcome.change.clone()).collect();
    let action = match request.change {
        BulkChange::Postpone(_) => "session.postpone",
        BulkChange::MoveOnline(_) => "session.move_online",
    };
    effects::apply(txn, action, &changes).await?;
    Ok(Bulk { applied: true, ..bulk })
}

fn check(request: &BulkRequest) -> Result<()> {
    let mut faults = Vec::new();
    if let Err(Error::Rejected(missing)) = given(&request.reason) {
        faults.extend(missing);
    }
    if request.until < request.from {
        faults.push(time::dates_reversed("until"));
    }
    match &request.change {
        BulkChange::Postpone(weeks) if !(1..=WEEKS).contains(weeks) => faults.push(
            UserError::new(
                "OUT_OF_RANGE",
                format!("可推迟1到{WEEKS}周"),
                format!("sessions can be postponed by 1 to {WEEKS} weeks"),
            )
            .at("weeks"),
        ),
        BulkChange::MoveOnline(link) if link.trim().is_empty() => faults.push(
            UserError::new(
                "LINK_MISSING",
                "请写明线上会议的链接或会议号：它会随通知发给每位参与人",
                "please give the link or number of the meeting: it goes to everybody invited",
            )
            .at("link"),
        ),
        _ => {}
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

async fn outcomes(scope: &Scope, request: &BulkRequest) -> Result<Vec<Outcome>> {
    let mut by_term: BTreeMap<Uuid, Vec<research_session::Model>> = BTreeMap::new();
    for row in concerned(scope, request).await? {
        by_term.entry(row.term_id).or_default().push(row);
    }
    let mut outcomes = Vec::new();
    for (term_id, rows) in by_term {
        let facts = Facts::load(scope, term_id, request.group_id).await?;
        outcomes.extend(of_term(scope, request, &facts, rows)?);
    }
    outcomes.sort_by_key(|outcome| (outcome.session.starts_at, outcome.session.id));
    Ok(outcomes)
}

/// Published sessions of those days that have not begun, in the order of time.
async fn concerned(scope: &Scope, request: &BulkRequest) -> Result<Vec<research_session::Model>> {
    use research_session::{Column, Entity};
    let mut select = Entity::find()
        .filter(Column::DistrictId.eq(scope.district.id))
        .filter(Column::State.eq(SessionState::Published))
        .filter(Column::StartsAt.gte(time::start_of(scope, request.from)))
        .filter(Column::StartsAt.lt(time::end_of(scope, request.until)))
        .filter(Column::StartsAt.gt(scope.now()));
    if let Some(group) = request.group_id {
        select = select.filter(Column::GroupId.eq(group));
    }
    Ok(select.order_by_asc(Column::StartsAt).order_by_asc(Column::Id).all(scope.reader()).await?)
}

/// Whoever cannot go stays where she stands and may be in the way of others: so these are looked at again, until all that are
/// still lifted can go.
fn of_term(
    scope: &Scope,
    request: &BulkRequest,
    facts: &Facts,
    rows: Vec<research_session::Model>,
) -> Result<Vec<Outcome>> {
    let link = match &request.change {
        BulkChange::Postpone(_) => None,
        BulkChange::MoveOnline(link) => Some(link.trim()),
    };
    let mut impossible: HashMap<Uuid, Vec<UserError>> = HashMap::new();
    let mut changes = loop {
        let stays = |row: &research_session::Model| {
            impossible.contains_key(&row.id) || (link.is_some() && is_online(row))
        };
        let going: Vec<_> = rows.iter().filter(|row| !stays(row)).collect();
        let lifted = Lifted::of(scope, facts.clone(), &going, link.is_some())?;
        let (placed, assignment, refused) = place(scope, request, &lifted, &going);
        if refused.is_empty() {
            break lifted.changes(&assignment, &placed, request.reason.trim());
        }
        impossible.extend(refused);
    };
    if let Some(link) = link {
        for change in &mut changes {
            change.held = Held::Online(link.to_owned());
        }
        let others = rows.iter().filter(|row| is_online(row) && row.online_url.as_deref() != Some(link));
        changes.extend(others.filter_map(|row| relinked(facts, row, link, request.reason.trim())));
    }
    let mut changes: HashMap<Uuid, Change> =
        changes.into_iter().map(|change| (change.before.id, change)).collect();
    let outcome = |session: research_session::Model| {
        let change = changes.remove(&session.id);
        Outcome {
            parts: change
                .as_ref()
                .map(|change| part_changes(&facts.told(session.id), &change.people))
                .unwrap_or_default(),
            faults: impossible.remove(&session.id).unwrap_or_default(),
            change,
            session,
        }
    };
    Ok(rows.into_iter().map(outcome).collect())
}

/// Whether a published session is held online.
fn is_online(row: &research_session::Model) -> bool {
    row.room_id.is_none()
}

/// A session that is online already, with another link: time and people are those it has. `None` for one without a date.
fn relinked(facts: &Facts, row: &research_session::Model, link: &str, reason: &str) -> Option<Change> {
    Some(Change {
        before: row.clone(),
        host_school_id: row.host_school_id,
        room_id: None,
        second_room_id: None,
        starts_at: row.starts_at?,
        ends_at: row.ends_at?,
        people: facts.told(row.id),
        reason: Some(reason.to_owned()),
        quiet: false,
        held: Held::Online(link.to_owned()),
    })
}

type Placed<'a> = Vec<(SessionIx, &'a research_session::Model)>;

/// Puts the lifted sessions where they shall go, one after the other; those that cannot are named with their faults.
fn place<'a>(
    scope: &Scope,
    request: &BulkRequest,
    lifted: &Lifted,
    going: &[&'a research_session::Model],
) -> (Placed<'a>, Assignment, HashMap<Uuid, Vec<UserError>>) {
    let (mut placed, mut refused) = (Vec::new(), HashMap::new());
    let mut assignment = lifted.standing();
    for row in going {
        let Some(ix) = lifted.session(row.id) else {
            refused.insert(row.id, faults_of(no_programme()));
            continue;
        };
        let found = match &request.change {
            BulkChange::Postpone(weeks) => postponed(scope, lifted, &mut assignment, ix, row, *weeks),
            BulkChange::MoveOnline(_) => online(lifted, &mut assignment, ix, row),
        };
        match found {
            Ok(()) => placed.push((ix, *row)),
            Err(faults) => {
                assignment[ix] = None;
                refused.insert(row.id, faults);
            }
        }
    }
    (placed, assignment, refused)
}

fn faults_of(error: Error) -> Vec<UserError> {
    match error {
        Error::Rejected(faults) => faults,
        other => vec![UserError::new(
            "CANNOT_HOST",
            other.to_string(),
            other.explain(crate::error::Language::English),
        )],
    }
}

/// The room it has, then the others from the smallest that fits; the faults are those of the first.
fn postponed(
    scope: &Scope,
    lifted: &Lifted,
    assignment: &mut Assignment,
    ix: SessionIx,
    row: &research_session::Model,
    weeks: u16,
) -> std::result::Result<(), Vec<UserError>> {
    let starts_at = row.starts_at.ok_or_else(Vec::new)?;
    let wish = Stand { starts_at: Some(later(scope, starts_at, weeks)), ..Stand::default() };
    let first = lifted.placement(ix, &wish, row).map_err(faults_of)?;
    let faults = try_at(lifted, assignment, ix, first.clone());
    if faults.is_empty() {
        return Ok(());
    }
    let others = if first.room.is_some() { lifted.rooms(ix, first.option) } else { Vec::new() };
    for room in others.into_iter().filter(|room| Some(*room) != first.room) {
        if try_at(lifted, assignment, ix, Placement { room: Some(room), ..first.clone() }).is_empty() {
            return Ok(());
        }
    }
    Err(faults)
}

fn try_at(lifted: &Lifted, assignment: &mut Assignment, ix: SessionIx, at: Placement) -> Vec<UserError> {
    assignment[ix] = Some(at);
    lifted.faults(assignment, ix)
}

/// The same time of day so many weeks later.
fn later(scope: &Scope, starts_at: DateTime<Utc>, weeks: u16) -> DateTime<Utc> {
    let local = starts_at.with_timezone(&scope.zone());
    let date = local.date_naive() + TimeDelta::days(7 * i64::from(weeks));
    time::instant(scope.zone(), date, (local.hour() * 60 + local.minute()) as Minute)
}

/// Date and time stay: what they break already, such as a day on which the schools are closed, is no obstacle.
fn online(
    lifted: &Lifted,
    assignment: &mut Assignment,
    ix: SessionIx,
    row: &research_session::Model,
) -> std::result::Result<(), Vec<UserError>> {
    let online = lifted.online(ix, row).map_err(faults_of)?;
    let mut was = assignment.clone();
    was[ix] = lifted.placement(ix, &Stand::default(), row).ok();
    assignment[ix] = Some(online);
    let faults = lifted.new_faults(&was, assignment, ix);
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}
