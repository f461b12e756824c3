//! The daily digest: what was published, moved or cancelled and who declined since the day before at the same hour, to those who lead the
//! research of the group and the principals of the schools that it concerns. The audit log says what happened; what was undone in
//! between did not happen.

mod events;

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::Story;
use super::facts::Names;
use super::hour::DAILY;
use super::words::Words;
use crate::entity::values::DutyKind;
use crate::entity::{coordinator, duty, education_group, participant, research_session, teacher};
use crate::error::Result;
use crate::mail::hours;
use crate::mail::page::Rows;
use crate::people::roster::{Roster, holds};
use crate::rows::{id_column, in_district};
use crate::scope::Scope;

use events::{Event, Events, Place, What};

/// Lines of a kind; the rest is counted.
const LINES: usize = 12;

/// What changed within a day.
pub struct Daily {
    day: NaiveDate,
    zone: Tz,
    events: Vec<Event>,
    sessions: HashMap<Uuid, research_session::Model>,
    /// Schools that send somebody to a session, by session.
    schools: HashMap<Uuid, HashSet<Uuid>>,
    leads: HashSet<(Uuid, Uuid)>,
    heads: HashSet<(Uuid, Uuid)>,
    groups: HashMap<Uuid, String>,
    roster: Roster,
    names: Names,
}

impl Daily {
    /// Of a day, from half past five of the day before until half past five: a fixed number of statements.
    pub async fn load(scope: &Scope, day: NaiveDate) -> Result<Self> {
        let at = |day| hours::instant(scope.zone(), day, hours::time(DAILY));
        let events = Events::between(scope, at(day - Days::new(1)), at(day)).await?;
        let (district, reader) = (scope.district.id, scope.reader());
        let ids: HashSet<Uuid> = events.sessions();
        let sessions = in_district(district, research_session::Entity::find())
            .filter(id_column::<research_session::Entity>().is_in(ids.iter().copied()))
            .all(reader)
            .await?;
        let parts = in_district(district, participant::Entity::find())
            .filter(participant::Column::SessionId.is_in(ids))
            .filter(participant::Column::Excused.is_null())
            .all(reader)
            .await?;
        let mut coordinators = in_district(district, coordinator::Entity::find()).all(reader).await?;
        coordinators.retain(|row| holds(row.from_on, row.until_on, day));
        let mut principals = in_district(district, duty::Entity::find())
            .filter(duty::Column::Kind.eq(DutyKind::Principal))
            .all(reader)
            .await?;
        principals.retain(|row| holds(row.from_on, row.until_on, day));
        let people = parts.iter().map(|part| part.teacher_id);
        let people = people.chain(events.people());
        let people = people.chain(coordinators.iter().map(|row| row.teacher_id));
        let people: HashSet<Uuid> = people.chain(principals.iter().map(|row| row.teacher_id)).collect();
        let roster = Roster::of(scope, &people, day, day).await?;
        let mut schools: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
        for part in &parts {
            let school = roster.place(part.teacher_id, day);
            schools.entry(part.session_id).or_default().extend(school);
        }
        let groups = in_district(district, education_group::Entity::find()).all(reader).await?;
        let named = roster.schools().chain(events.schools()).collect::<Vec<_>>();
        let names = Names::load(scope, &sessions, named).await?;
        Ok(Self {
            day,
            zone: scope.zone(),
            events: events.0,
            sessions: sessions.into_iter().map(|row| (row.id, row)).collect(),
            schools,
            leads: coordinators.iter().map(|row| (row.teacher_id, row.group_id)).collect(),
            heads: principals.iter().map(|row| (row.teacher_id, row.school_id)).collect(),
            groups: groups.into_iter().map(|row| (row.id, row.name)).collect(),
            roster,
            names,
        })
    }

    /// Whoever has something to be told, by staff number.
    pub fn readers(&self) -> Vec<&teacher::Model> {
        let people: HashSet<Uuid> = self.leads.iter().chain(&self.heads).map(|(person, _)| *person).collect();
        let mut people: Vec<&teacher::Model> =
            people.iter().filter_map(|id| self.roster.teachers.get(id)).collect();
        people.retain(|person| self.of(person.id).next().is_some());
        people.sort_by(|a, b| a.number.cmp(&b.number));
        people
    }

    /// What concerns her: whatever happens in a group that she leads; what happens at her school, or to its people.
    fn of(&self, reader: Uuid) -> impl Iterator<Item = (&Event, &research_session::Model)> {
        let leads = move |group: Uuid| self.leads.contains(&(reader, group));
        let heads = move |school: Uuid| self.heads.contains(&(reader, school));
        self.events.iter().filter_map(move |event| {
            let session = self.sessions.get(&event.session)?;
            let places = [&event.before, &event.after].into_iter().flatten();
            let mut hosts = places.filter_map(|place| place.host);
            let concerned = match event.what {
                What::Declined { teacher, .. } => self.roster.place(teacher, self.day).is_some_and(heads),
                _ => {
                    hosts.any(heads)
                        || self.schools.get(&event.session).is_some_and(|all| all.iter().copied().any(heads))
                }
            };
            (leads(session.group_id) || concerned).then_some((event, session))
        })
    }

    /// What it tells her; `None` when nothing happened that concerns her.
    pub fn story(&self, reader: Uuid, words: Words) -> Option<Story> {
        let person = self.roster.teachers.get(&reader)?;
        let mut hers: Vec<_> = self.of(reader).collect();
        hers.sort_by_key(|(event, session)| (event.what.order(), event.at(), session.id));
        let mut rows = Rows::default();
        let mut counts = Vec::new();
        for chunk in hers.chunk_by(|(one, _), (other, _)| one.what.order() == other.what.order()) {
            let (what, count) = (&chunk[0].0.what, chunk.len());
            counts.push(what.count(count, words));
            for (event, session) in chunk.iter().take(LINES) {
                rows.add(what.label(words), self.line(event, session, words));
            }
            let more = count.saturating_sub(LINES);
            if more > 0 {
                let rest = words.0.either(|| format!("……另有{more}项"), || format!("… and {more} more"));
                rows.add(what.label(words), rest);
            }
        }
        if rows.0.is_empty() {
            return None;
        }
        let (date, counts) = (words.date(self.day), counts.join(words.comma()));
        Some(Story {
            to_name: person.name.clone(),
            subject: words.0.either(
                || format!("【当日变动】{date}：{counts}"),
                || format!("[Changes] {date}: {counts}"),
            ),
            opening: words.0.either(
                || format!("昨天17:30至今天17:30（{date}），与您有关的教研活动有下列变动。"),
                || format!("These sessions that concern you changed between 17:30 yesterday and 17:30 today ({date})."),
            ),
            rows,
            closing: words.0.pick(
                "应到的人员已分别收到通知，这里只作汇总，不必回复。",
                "Whoever takes part has been told already; this is a summary, and needs no answer.",
            ),
        })
    }

    fn line(&self, event: &Event, session: &research_session::Model, words: Words) -> String {
        let group = self.groups.get(&session.group_id).map_or("", String::as_str);
        let title = words.bracketed(&self.names.title(session), group);
        let place = |place: &Option<Place>| place.as_ref().map(|place| self.place(place, words));
        let (before, after) = (place(&event.before), place(&event.after));
        match &event.what {
            What::Published => joined(words, [Some(title), after]),
            What::Moved => {
                let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
                let change = words.0.either(
                    || format!("原{before}，改为{after}"),
                    || format!("was {before}, is now {after}"),
                );
                joined(words, [Some(title), Some(change)])
            }
            What::Cancelled { reason } | What::Undated { reason } => {
                let was = before.map(|at| words.0.either(|| format!("原定{at}"), || format!("was {at}")));
                let why = reason
                    .as_ref()
                    .map(|why| words.0.either(|| format!("原因：{why}"), || format!("because: {why}")));
                joined(words, [Some(title), was, why])
            }
            What::Declined { teacher, role, reason } => {
                let name = self.roster.teachers.get(teacher).map_or("", |person| person.name.as_str());
                let school = self.roster.place(*teacher, self.day).map_or("", |id| self.names.school(id));
                let who = words.bracketed(name, school);
                let what = words.0.either(
                    || format!("{who}不能参加{title}，角色：{}", words.role(*role)),
                    || format!("{who} cannot come to {title}, as {}", words.role(*role)),
                );
                let when = session.starts_at.map(|at| words.moment(at, self.zone));
                let why = reason
                    .as_ref()
                    .map(|why| words.0.either(|| format!("原因：{why}"), || format!("because: {why}")));
                joined(words, [Some(what), when, why])
            }
        }
    }

    fn place(&self, place: &Place, words: Words) -> String {
        let when = words.moment(place.starts_at, self.zone);
        format!("{when} {}", self.names.place(words, place.host, place.room))
    }
}

fn joined<const N: usize>(words: Words, parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(words.semicolon())
}
