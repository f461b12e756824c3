//! Calendars to subscribe to: a person's sessions, a school's or a group's. Whoever knows the address reads the calendar; its secret part
//! is shown once, and only its hash is kept.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::database::Database;
use crate::entity::values::{FeedOwner, SessionState};
use crate::entity::{
    appointment, calendar_feed, district, education_group, participant, posting, research_session, school,
    teacher,
};
use crate::error::{Error, Result};
use crate::id::{self, Kind};
use crate::mail::links;
use crate::people::roster::Roster;
use crate::scope::{Scope, Txn};
use crate::{audit, rows};

/// How long ago a session may have ended that is still shown.
const PAST: TimeDelta = TimeDelta::days(180);
/// The same of one that was called off.
const CALLED_OFF: TimeDelta = TimeDelta::days(30);

/// A calendar to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewFeed {
    /// Whose sessions it has.
    pub owner: FeedOwner,
    /// The person, school or group.
    pub owner_id: Uuid,
    /// One whose address shall lead nowhere from now on.
    pub replaces: Option<Uuid>,
}

/// A calendar that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its row.
    pub feed: calendar_feed::Model,
    /// Path of its address below that of the service. It is kept nowhere.
    pub path: String,
}

/// Makes a calendar to subscribe to.
///
/// # Errors
/// `NotFound` without such a person, school, group, or calendar to replace.
pub async fn create(scope: &Scope, new: NewFeed) -> Result<Made> {
    let txn = scope.begin().await?;
    must_exist(&txn, new.owner, new.owner_id).await?;
    if let Some(old) = new.replaces {
        end(&txn, old).await?;
    }
    let token = BASE64URL_NOPAD.encode(&links::random()?);
    let feed = calendar_feed::Model {
        id: id::new(),
        district_id: scope.district.id,
        owner: new.owner,
        owner_id: new.owner_id,
        token_hash: hash(&token),
        created_at: scope.now(),
        created_by: scope.actor.name().to_owned(),
        revoked_at: None,
    };
    let feed = audit::insert(&txn, "feed.create", feed).await?;
    txn.commit().await?;
    Ok(Made { feed, path: format!("/calendar/{token}.ics") })
}

/// Lets a calendar's address lead nowhere. What is revoked already stays so.
///
/// # Errors
/// `NotFound`.
pub async fn revoke(scope: &Scope, id: Uuid) -> Result<calendar_feed::Model> {
    let txn = scope.begin().await?;
    let feed = end(&txn, id).await?;
    txn.commit().await?;
    Ok(feed)
}

async fn end(txn: &Txn, id: Uuid) -> Result<calendar_feed::Model> {
    let feed = rows::find::<calendar_feed::Entity>(txn, Kind::CalendarFeed, id).await?;
    if feed.revoked_at.is_some() {
        return Ok(feed);
    }
    let ended = calendar_feed::Model { revoked_at: Some(txn.scope().now()), ..feed.clone() };
    audit::update(txn, "feed.revoke", &feed, ended).await
}

async fn must_exist(txn: &Txn, owner: FeedOwner, id: Uuid) -> Result<()> {
    match owner {
        FeedOwner::Teacher => rows::find::<teacher::Entity>(txn, Kind::Teacher, id).await.map(drop),
        FeedOwner::School => rows::find::<school::Entity>(txn, Kind::School, id).await.map(drop),
        FeedOwner::Group => rows::find::<education_group::Entity>(txn, Kind::Group, id).await.map(drop),
    }
}

/// All calendars of the district, oldest first; those that are revoked too.
pub async fn all(scope: &Scope) -> Result<Vec<calendar_feed::Model>> {
    let feeds = calendar_feed::Entity::find()
        .filter(calendar_feed::Column::DistrictId.eq(scope.district.id))
        .order_by_asc(calendar_feed::Column::Id);
    Ok(feeds.all(scope.reader()).await?)
}

/// The calendar with a secret, and its district; `None` when there is none or it is revoked.
pub async fn by_token(
    database: &Database,
    token: &str,
) -> Result<Option<(district::Model, calendar_feed::Model)>> {
    let feed = calendar_feed::Entity::find()
        .filter(calendar_feed::Column::TokenHash.eq(hash(token)))
        .filter(calendar_feed::Column::RevokedAt.is_null())
        .one(database.reader())
        .await?;
    let Some(feed) = feed else { return Ok(None) };
    let district = district::Entity::find_by_id(feed.district_id).one(database.reader()).await?;
    Ok(district.map(|district| (district, feed)))
}

/// Only its hash is compared, and by the database's index: there is nothing to learn from how long that takes.
fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// What people call whose calendar it is.
pub async fn names(scope: &Scope, feeds: &[calendar_feed::Model]) -> Result<HashMap<Uuid, String>> {
    let of =
        |owner: FeedOwner| feeds.iter().filter(move |feed| feed.owner == owner).map(|feed| feed.owner_id);
    let reader = scope.reader();
    let mut names = HashMap::new();
    let teachers = teacher::Entity::find().filter(teacher::Column::Id.is_in(of(FeedOwner::Teacher)));
    names.extend(teachers.all(reader).await?.into_iter().map(|row| (row.id, row.name)));
    let schools = school::Entity::find().filter(school::Column::Id.is_in(of(FeedOwner::School)));
    names.extend(schools.all(reader).await?.into_iter().map(|row| (row.id, row.name)));
    let groups = education_group::Entity::find();
    let groups = groups.filter(education_group::Column::Id.is_in(of(FeedOwner::Group)));
    names.extend(groups.all(reader).await?.into_iter().map(|row| (row.id, row.name)));
    Ok(names)
}

/// The sessions of a calendar, by start: those to come and of the last half year, called off ones of the last thirty days.
pub async fn sessions(scope: &Scope, feed: &calendar_feed::Model) -> Result<Vec<research_session::Model>> {
    use research_session::Column;
    let now = scope.now();
    let recent = |state: SessionState, column: Column, since: DateTime<Utc>| {
        Condition::all().add(Column::State.eq(state)).add(column.gt(since))
    };
    let shown = Condition::any()
        .add(recent(SessionState::Published, Column::EndsAt, now - PAST))
        .add(recent(SessionState::Held, Column::EndsAt, now - PAST))
        .add(recent(SessionState::Cancelled, Column::EndsAt, now - CALLED_OFF))
        .add(recent(SessionState::Undated, Column::ToldEndsAt, now - CALLED_OFF));
    let mut select =
        research_session::Entity::find().filter(Column::DistrictId.eq(scope.district.id)).filter(shown);
    select = match feed.owner {
        FeedOwner::Teacher => select.filter(Column::Id.in_subquery(parts_of([feed.owner_id]))),
        FeedOwner::Group => select.filter(Column::GroupId.eq(feed.owner_id)),
        FeedOwner::School => {
            let people = people_of(scope, feed.owner_id).await?;
            let hosts = Condition::any()
                .add(Column::HostSchoolId.eq(feed.owner_id))
                .add(Column::OnlineHostId.eq(feed.owner_id))
                .add(Column::Id.in_subquery(parts_of(people)));
            select.filter(hosts)
        }
    };
    let mut found = select.all(scope.reader()).await?;
    if feed.owner == FeedOwner::School {
        keep_those_it_sends_people_to(scope, feed.owner_id, &mut found).await?;
    }
    found.sort_by_key(|session| (session.starts_at.or(session.told_starts_at), session.id));
    Ok(found)
}

/// Sessions that expect any of `people`.
fn parts_of(people: impl IntoIterator<Item = Uuid>) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(participant::Column::SessionId)
        .from(participant::Entity)
        .and_where(participant::Column::TeacherId.is_in(people))
        .and_where(participant::Column::Excused.is_null())
        .to_owned()
}

/// Everybody who ever had a post or a posting at a school.
async fn people_of(scope: &Scope, school_id: Uuid) -> Result<HashSet<Uuid>> {
    let posts = appointment::Entity::find()
        .filter(appointment::Column::DistrictId.eq(scope.district.id))
        .filter(appointment::Column::SchoolId.eq(school_id))
        .all(scope.reader())
        .await?;
    let postings = posting::Entity::find()
        .filter(posting::Column::DistrictId.eq(scope.district.id))
        .filter(posting::Column::SchoolId.eq(school_id))
        .all(scope.reader())
        .await?;
    Ok(posts
        .into_iter()
        .map(|row| row.teacher_id)
        .chain(postings.into_iter().map(|row| row.teacher_id))
        .collect())
}

/// Posts end and people move: whose a session is depends on where its people work on its day.
async fn keep_those_it_sends_people_to(
    scope: &Scope,
    school_id: Uuid,
    sessions: &mut Vec<research_session::Model>,
) -> Result<()> {
    let zone = scope.zone();
    let day = |session: &research_session::Model| {
        session.starts_at.or(session.told_starts_at).map(|at| at.with_timezone(&zone).date_naive())
    };
    let parts = participant::Entity::find()
        .filter(participant::Column::DistrictId.eq(scope.district.id))
        .filter(participant::Column::SessionId.is_in(sessions.iter().map(|session| session.id)))
        .filter(participant::Column::Excused.is_null())
        .all(scope.reader())
        .await?;
    let days: Vec<_> = sessions.iter().filter_map(day).collect();
    let (first, last) = match (days.iter().min(), days.iter().max()) {
        (Some(first), Some(last)) => (*first, *last),
        _ => return Ok(()),
    };
    let people: HashSet<Uuid> = parts.iter().map(|part| part.teacher_id).collect();
    let roster = Roster::of(scope, &people, first, last).await?;
    let mut by_session: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    parts.iter().for_each(|part| by_session.entry(part.session_id).or_default().push(part.teacher_id));
    sessions.retain(|session| {
        let hosted = [session.host_school_id, session.online_host_id].contains(&Some(school_id));
        let sends = |day| {
            let people = by_session.get(&session.id).map_or(&[][..], Vec::as_slice);
            people.iter().any(|teacher| roster.place(*teacher, day) == Some(school_id))
        };
        hosted || day(session).is_some_and(sends)
    });
    Ok(())
}

/// The calendar of a feed that is in force, as a file. `organizer` is who sends the office's mail.
///
/// # Errors
/// `Internal` when whose it is has gone: the schema does not let that happen.
pub async fn calendar(
    scope: &Scope,
    feed: &calendar_feed::Model,
    organizer: &crate::mail::Contact,
    language: crate::error::Language,
) -> Result<String> {
    let names = names(scope, std::slice::from_ref(feed)).await?;
    let name = names.get(&feed.owner_id).ok_or_else(|| Error::internal("the owner of a calendar is gone"))?;
    let sessions = sessions(scope, feed).await?;
    let reader = (feed.owner == FeedOwner::Teacher).then_some(feed.owner_id);
    super::letters::calendar(scope, name, &sessions, reader, organizer, language).await
}
