//! The summary of who has not replied for the sessions of the next school days, to whoever leads the group's research.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::facts::{Names, SchoolDays, between, midnight};
use super::words::Words;
use super::{Story, next};
use crate::entity::values::{Reply, SessionState};
use crate::entity::{coordinator, participant, research_session, teacher};
use crate::error::Result;
use crate::mail::page::Rows;
use crate::people::roster::{Roster, holds};
use crate::rows::in_district;
use crate::scope::Scope;

/// School days that are looked ahead.
const AHEAD: usize = 3;
/// Days within which they are looked for; after a holiday the summary comes when school is near again.
const WITHIN: u64 = 14;
/// Names in a line; the console has them all.
const NAMES: usize = 40;

/// Who has not replied.
pub struct Unanswered {
    first: NaiveDate,
    last: NaiveDate,
    zone: Tz,
    sessions: Vec<research_session::Model>,
    /// By session.
    pending: HashMap<Uuid, Vec<Uuid>>,
    coordinators: Vec<coordinator::Model>,
    roster: Roster,
    names: Names,
}

impl Unanswered {
    /// On the morning of `day`: a fixed number of statements. On a day without lessons nobody is asked about anybody.
    pub async fn load(scope: &Scope, day: NaiveDate) -> Result<Self> {
        let days = SchoolDays::load(scope, day, day + Days::new(WITHIN)).await?;
        let ahead = day.iter_days().skip(1).take(WITHIN as usize).filter(|day| days.is_school_day(*day));
        let last = ahead.take(AHEAD).last().filter(|_| days.is_school_day(day)).unwrap_or(day);
        let (district, reader) = (scope.district.id, scope.reader());
        let select = || {
            between(scope, midnight(scope, next(day)), midnight(scope, next(last)))
                .filter(research_session::Column::State.eq(SessionState::Published))
        };
        let sessions = select().all(reader).await?;
        let ids = select().select_only().column(research_session::Column::Id).into_query();
        let parts = in_district(district, participant::Entity::find())
            .filter(participant::Column::SessionId.in_subquery(ids))
            .filter(participant::Column::Excused.is_null())
            .filter(participant::Column::Reply.eq(Reply::Pending))
            .all(reader)
            .await?;
        let mut coordinators = in_district(district, coordinator::Entity::find()).all(reader).await?;
        coordinators.retain(|row| holds(row.from_on, row.until_on, day));
        let people: HashSet<Uuid> = parts
            .iter()
            .map(|part| part.teacher_id)
            .chain(coordinators.iter().map(|row| row.teacher_id))
            .collect();
        let roster = Roster::of(scope, &people, day, last).await?;
        let names = Names::load(scope, &sessions, roster.schools()).await?;
        let mut pending: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for part in parts.iter().filter(|part| roster.teachers.contains_key(&part.teacher_id)) {
            pending.entry(part.session_id).or_default().push(part.teacher_id);
        }
        Ok(Self {
            first: next(day),
            last,
            zone: scope.zone(),
            sessions,
            pending,
            coordinators,
            roster,
            names,
        })
    }

    /// Those who lead a group for which somebody has not replied.
    pub fn readers(&self) -> Vec<&teacher::Model> {
        let mut seen = HashSet::new();
        let leaders = self.coordinators.iter().map(|row| row.teacher_id).filter(|id| seen.insert(*id));
        let asked = leaders.filter(|id| self.of(*id).next().is_some());
        asked.filter_map(|id| self.roster.teachers.get(&id)).collect()
    }

    /// The sessions of her groups for which somebody has not replied.
    fn of(&self, reader: Uuid) -> impl Iterator<Item = (&research_session::Model, &Vec<Uuid>)> {
        let leads = move |group: Uuid| {
            self.coordinators.iter().any(|row| (row.teacher_id, row.group_id) == (reader, group))
        };
        let hers = self.sessions.iter().filter(move |session| leads(session.group_id));
        hers.filter_map(|session| Some((session, self.pending.get(&session.id)?)))
    }

    /// What it tells whoever leads; `None` when everybody has replied.
    pub fn story(&self, reader: Uuid, words: Words) -> Option<Story> {
        let person = self.roster.teachers.get(&reader)?;
        let mut rows = Rows::default();
        let mut total = 0;
        for (session, people) in self.of(reader) {
            let starts_at = session.starts_at?;
            let day = starts_at.with_timezone(&self.zone).date_naive();
            let when = words.span(starts_at, None, self.zone);
            let place = self.names.place(words, session.host_school_id, session.room_id);
            let what = words.bracketed(&self.names.title(session), &place);
            let (count, names) = (people.len(), self.listed(people, day, words));
            let line = words.0.either(
                || format!("{when} {what}，{count}人未回复：{names}"),
                || format!("{when} {what}, {count} not answered: {names}"),
            );
            rows.add(words.weekday(day), line);
            total += count;
        }
        if rows.0.is_empty() {
            return None;
        }
        let sessions = rows.0.len();
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let span = match self.first == self.last {
            true => words.date(self.first),
            false => format!("{}—{}", words.date(self.first), words.date(self.last)),
        };
        Some(Story {
            to_name: person.name.clone(),
            subject: words.0.either(
                || format!("【未回复汇总】{span}：{sessions}次活动，{total}人次未回复"),
                || {
                    let (of, many) = (plural(sessions), plural(total));
                    format!("[Not answered] {span}: {sessions} session{of}, {total} invitation{many} not answered")
                },
            ),
            opening: words.0.either(
                || format!("今后三个上课日（{span}）的教研活动中，下列人员还没有回复能否参加。"),
                || format!("For the sessions of the next three school days ({span}) these people have not answered yet."),
            ),
            rows,
            closing: words.0.pick(
                "请通过工作群或电话提醒；标明“无邮箱”的收不到邀请邮件，请另行通知。活动照常进行，未回复不等于不参加。",
                "Please remind them. Those marked “no mail address” get no invitation: tell them in another way. The sessions take place all the same.",
            ),
        })
    }

    /// By school: names, and who cannot be reached by mail.
    fn listed(&self, people: &[Uuid], day: NaiveDate, words: Words) -> String {
        let mut named: Vec<(&str, &str, String)> = people
            .iter()
            .filter_map(|id| {
                let person = self.roster.teachers.get(id)?;
                let school = self.roster.place(*id, day).map_or("", |school| self.names.school(school));
                let note =
                    if person.email.is_none() { words.0.pick("无邮箱", "no mail address") } else { "" };
                Some((school, person.number.as_str(), words.bracketed(&person.name, note)))
            })
            .collect();
        named.sort();
        let more = named.len().saturating_sub(NAMES);
        named.truncate(NAMES);
        let mut schools: Vec<(&str, Vec<String>)> = Vec::new();
        for (school, _, name) in named {
            match schools.last_mut() {
                Some((last, names)) if *last == school => names.push(name),
                _ => schools.push((school, vec![name])),
            }
        }
        let of_school = |(school, names): (&str, Vec<String>)| match school {
            "" => names.join(words.comma()),
            school => format!("{school} {}", names.join(words.comma())),
        };
        let mut lines: Vec<String> = schools.into_iter().map(of_school).collect();
        if more > 0 {
            lines.push(words.0.either(|| format!("另有{more}人"), || format!("and {more} more")));
        }
        lines.join(words.semicolon())
    }
}
