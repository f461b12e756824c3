//! Changes to programmes.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};

use crate::audit;
use crate::entity::values::{
    AudienceRule, DutyKind, Equipment, HalfOfDay, HostRule, PresenterSource, SessionLevel, SessionMode,
    SessionState,
};
use crate::entity::{programme, research_session, teacher};
use crate::error::{Error, Result, UserError};
use crate::id::{self, Kind};
use crate::rows;
use crate::scope::{Scope, Txn};

/// What to change of a programme; `None` leaves a value, `Some(None)` clears it.
#[derive(Debug)]
pub struct ProgrammeChange {
    /// The programme.
    pub programme_id: Uuid,
    /// The version the change was made from.
    pub expected_version: i32,
    /// Topic 主题.
    pub topic: Option<String>,
    /// Length of each session.
    pub minutes: Option<i32>,
    /// Least days between two dates.
    pub min_gap_days: Option<i32>,
    /// One in each calendar month.
    pub monthly: Option<bool>,
    /// Within so many weeks after the mid-term exam.
    pub weeks_after_exam: Option<Option<i32>>,
    /// Not before this day.
    pub not_before_on: Option<Option<NaiveDate>>,
    /// ISO weekday of the subject day 教研日.
    pub subject_weekday: Option<Option<i32>>,
    /// Half-day of the subject day.
    pub subject_half: Option<Option<HalfOfDay>>,
    /// Who may host.
    pub host_rule: Option<HostRule>,
    /// Where presenters come from.
    pub presenters_from: Option<PresenterSource>,
    /// Number of presenters.
    pub presenters: Option<i32>,
    /// Least number of schools they come from.
    pub presenter_schools: Option<i32>,
    /// The researcher in charge.
    pub researcher_id: Option<Option<Uuid>>,
    /// Who is invited.
    pub audience: Option<AudienceRule>,
    /// Duties invited.
    pub audience_duties: Option<Vec<DutyKind>>,
    /// Whether attached researchers are invited too.
    pub audience_researchers: Option<bool>,
    /// On site, online or mixed.
    pub mode: Option<SessionMode>,
    /// Equipment the room must have.
    pub equipment: Option<Vec<Equipment>>,
    /// County, group or school.
    pub level: Option<SessionLevel>,
    /// Whether its sessions may be held in the evening.
    pub allows_evening: Option<bool>,
    /// Whether its sessions may be held at weekends.
    pub allows_weekend: Option<bool>,
    /// Key of the programmes it keeps together with 同日开展.
    pub keep_together: Option<Option<String>>,
    /// Least percent of the invited of each school that is to come.
    pub attendance_quota_percent: Option<Option<i32>>,
    /// Whether the audience may stay away.
    pub optional_audience: Option<bool>,
}

/// Changes a programme, and with it those of its sessions that have no date yet.
///
/// # Errors
/// `Rejected` with every fault of the values; `Stale`.
pub async fn update(scope: &Scope, change: ProgrammeChange) -> Result<programme::Model> {
    let txn = scope.begin().await?;
    let before = rows::find::<programme::Entity>(&txn, Kind::Programme, change.programme_id).await?;
    rows::expect_version(&txn, before.id, before.version, change.expected_version).await?;
    if let Some(Some(researcher_id)) = change.researcher_id {
        rows::find::<teacher::Entity>(&txn, Kind::Teacher, researcher_id).await?;
    }
    let after = changed(&before, change)?;
    check(&after)?;
    let after = audit::update(&txn, "programme.update", &before, after).await?;
    follow(&txn, &after).await?;
    txn.commit().await?;
    Ok(after)
}

/// A session of a programme as it begins: without a date.
pub fn undated(district_id: Uuid, programme: &programme::Model, ordinal: i32) -> research_session::Model {
    research_session::Model {
        id: id::new(),
        district_id,
        programme_id: Some(programme.id),
        term_id: programme.term_id,
        group_id: programme.group_id,
        ordinal,
        form: programme.form,
        level: programme.level,
        mode: programme.mode,
        stage: programme.stage,
        subject_id: programme.subject_id,
        grade: programme.grade,
        topic: programme.topic.clone(),
        minutes: programme.minutes,
        state: SessionState::Undated,
        host_school_id: None,
        room_id: None,
        second_room_id: None,
        starts_at: None,
        ends_at: None,
        online_url: None,
        online_host_id: None,
        sequence: 0,
        reason: None,
        pinned: false,
        told_starts_at: None,
        told_ends_at: None,
        version: 1,
    }
}

/// Most sessions a programme may have.
const MOST_SESSIONS: i32 = 60;

/// Adds sessions to a programme, without dates until a plan that holds them is published.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` when the number is out of range.
pub async fn extend(
    scope: &Scope,
    programme_id: Uuid,
    expected_version: i32,
    sessions: i32,
) -> Result<programme::Model> {
    let txn = scope.begin().await?;
    let before = rows::find::<programme::Entity>(&txn, Kind::Programme, programme_id).await?;
    rows::expect_version(&txn, before.id, before.version, expected_version).await?;
    let stored = rows::in_district(txn.district_id(), research_session::Entity::find())
        .filter(research_session::Column::ProgrammeId.eq(before.id))
        .all(&*txn)
        .await?;
    let last = stored.iter().map(|session| session.ordinal).max().unwrap_or(0).max(before.count);
    if sessions < 1 || sessions > MOST_SESSIONS - last {
        let fault = UserError::new(
            "OUT_OF_RANGE",
            format!("至少增加1次，一个教研计划最多{MOST_SESSIONS}次"),
            format!("add at least one session; a programme has at most {MOST_SESSIONS}"),
        );
        return Err(fault.at("sessions").into());
    }
    let after = programme::Model { count: last + sessions, version: before.version + 1, ..before.clone() };
    let after = audit::update(&txn, "programme.extend", &before, after).await?;
    let added = (last + 1..=after.count).map(|ordinal| undated(txn.district_id(), &after, ordinal));
    audit::insert_all(&txn, "programme.extend", added.collect()).await?;
    txn.commit().await?;
    Ok(after)
}

fn changed(before: &programme::Model, change: ProgrammeChange) -> Result<programme::Model> {
    let mut after = before.clone();
    after.version += 1;
    after.topic = change.topic.map_or(after.topic, |topic| topic.trim().to_owned());
    after.minutes = change.minutes.unwrap_or(after.minutes);
    after.min_gap_days = change.min_gap_days.unwrap_or(after.min_gap_days);
    after.monthly = change.monthly.unwrap_or(after.monthly);
    after.weeks_after_exam = change.weeks_after_exam.unwrap_or(after.weeks_after_exam);
    after.not_before_on = change.not_before_on.unwrap_or(after.not_before_on);
    after.subject_weekday = change.subject_weekday.unwrap_or(after.subject_weekday);
    after.subject_half = change.subject_half.unwrap_or(after.subject_half);
    after.host_rule = change.host_rule.unwrap_or(after.host_rule);
    after.presenters_from = change.presenters_from.unwrap_or(after.presenters_from);
    after.presenters = change.presenters.unwrap_or(after.presenters);
    after.presenter_schools = change.presenter_schools.unwrap_or(after.presenter_schools);
    after.researcher_id = change.researcher_id.unwrap_or(after.researcher_id);
    after.audience = change.audience.unwrap_or(after.audience);
    after.audience_researchers = change.audience_researchers.unwrap_or(after.audience_researchers);
    after.mode = change.mode.unwrap_or(after.mode);
    after.level = change.level.unwrap_or(after.level);
    after.allows_evening = change.allows_evening.unwrap_or(after.allows_evening);
    after.allows_weekend = change.allows_weekend.unwrap_or(after.allows_weekend);
    if let Some(key) = change.keep_together {
        after.keep_together = key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
    }
    after.attendance_quota_percent =
        change.attendance_quota_percent.unwrap_or(after.attendance_quota_percent);
    after.optional_audience = change.optional_audience.unwrap_or(after.optional_audience);
    if let Some(duties) = change.audience_duties {
        after.audience_duties = serde_json::to_value(duties)?;
    }
    if let Some(equipment) = change.equipment {
        after.equipment = serde_json::to_value(equipment)?;
    }
    Ok(after)
}

fn check(programme: &programme::Model) -> Result<()> {
    let mut faults = Vec::new();
    let mut require = |holds: bool, field: &str, zh: &str, en: &str| {
        if !holds {
            faults.push(UserError::new("OUT_OF_RANGE", zh, en).at(field));
        }
    };
    require(!programme.topic.is_empty(), "topic", "请填写主题", "give it a topic");
    let length = (10..=600).contains(&programme.minutes);
    require(length, "minutes", "时长应为 10 到 600 分钟", "a session lasts 10 to 600 minutes");
    let gap = (0..=180).contains(&programme.min_gap_days);
    require(gap, "minGapDays", "间隔应为 0 到 180 天", "the gap is 0 to 180 days");
    let weekday = programme.subject_weekday.is_none_or(|day| (1..=7).contains(&day));
    require(weekday, "subjectWeekday", "星期用 1 到 7 表示", "weekdays are 1 to 7");
    let weeks = programme.weeks_after_exam.is_none_or(|weeks| (1..=20).contains(&weeks));
    require(weeks, "weeksAfterExam", "周数应为 1 到 20", "weeks are 1 to 20");
    let quota = programme.attendance_quota_percent.is_none_or(|percent| (1..=100).contains(&percent));
    require(quota, "attendanceQuotaPercent", "到会比例应为 1 到 100", "the percentage is 1 to 100");
    let presenters = (0..=20).contains(&programme.presenters);
    require(presenters, "presenters", "授课教师应为 0 到 20 人", "there are 0 to 20 presenters");
    let schools = (0..=programme.presenters.max(0)).contains(&programme.presenter_schools);
    let (zh, en) = (
        "授课教师来自的学校不能多于授课教师",
        "presenters come from no more schools than there are presenters",
    );
    require(schools, "presenterSchools", zh, en);
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

/// Sessions without a date take what they copy from their programme; a published one was promised as it is.
async fn follow(txn: &Txn, programme: &programme::Model) -> Result<()> {
    let undated = rows::in_district(txn.district_id(), research_session::Entity::find())
        .filter(research_session::Column::ProgrammeId.eq(programme.id))
        .filter(research_session::Column::State.eq(SessionState::Undated))
        .all(&**txn)
        .await?;
    for before in undated {
        let after = research_session::Model {
            topic: programme.topic.clone(),
            minutes: programme.minutes,
            mode: programme.mode,
            level: programme.level,
            version: before.version + 1,
            ..before.clone()
        };
        let copied = |row: &research_session::Model| (row.topic.clone(), row.minutes, row.mode, row.level);
        if copied(&after) != copied(&before) {
            audit::update(txn, "programme.update", &before, after).await?;
        }
    }
    Ok(())
}
