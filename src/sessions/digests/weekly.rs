//! The weekly digest: somebody's sessions of the coming week, and the days on which she teaches at another school 走教.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::Story;
use super::facts::{Names, SchoolDays, between, midnight, week};
use super::words::Words;
use crate::entity::values::{Reply, SessionState};
use crate::entity::{participant, posting, research_session, teacher};
use crate::error::Result;
use crate::mail::page::Rows;
use crate::people::away::touching;
use crate::rows::{id_column, in_district};
use crate::scope::Scope;

/// What a week brings to whom.
pub struct Weekly {
    monday: NaiveDate,
    today: NaiveDate,
    zone: Tz,
    sessions: Vec<research_session::Model>,
    parts: HashMap<Uuid, Vec<participant::Model>>,
    postings: HashMap<Uuid, Vec<posting::Model>>,
    people: Vec<teacher::Model>,
    names: Names,
    days: SchoolDays,
}

impl Weekly {
    /// Of the week that begins on `monday`; of `readers` only, or of everybody: ten statements.
    pub async fn load(scope: &Scope, monday: NaiveDate, readers: Option<&HashSet<Uuid>>) -> Result<Self> {
        let (district, reader) = (scope.district.id, scope.reader());
        let (last, after) = (monday + Days::new(6), monday + Days::new(7));
        let select = || {
            between(scope, midnight(scope, monday), midnight(scope, after))
                .filter(research_session::Column::State.eq(SessionState::Published))
        };
        let sessions = select().all(reader).await?;
        let ids = select().select_only().column(research_session::Column::Id).into_query();
        let mut parts = in_district(district, participant::Entity::find())
            .filter(participant::Column::SessionId.in_subquery(ids))
            .filter(participant::Column::Excused.is_null())
            .filter(participant::Column::Reply.ne(Reply::Declined));
        let mut postings = in_district(district, touching::<posting::Entity>(Some(monday), Some(last)))
            .filter(posting::Column::Weekdays.is_not_null());
        if let Some(readers) = readers {
            parts = parts.filter(participant::Column::TeacherId.is_in(readers.iter().copied()));
            postings = postings.filter(posting::Column::TeacherId.is_in(readers.iter().copied()));
        }
        let (parts, postings) = (parts.all(reader).await?, postings.all(reader).await?);
        let concerned =
            parts.iter().map(|row| row.teacher_id).chain(postings.iter().map(|row| row.teacher_id));
        let concerned: HashSet<Uuid> = concerned.collect();
        let people = in_district(district, teacher::Entity::find())
            .filter(teacher::Column::Email.is_not_null())
            .filter(teacher::Column::LeftOn.is_null().or(teacher::Column::LeftOn.gt(monday)));
        let mut people = match readers {
            Some(_) => people.filter(id_column::<teacher::Entity>().is_in(concerned.iter().copied())),
            None => people,
        }
        .all(reader)
        .await?;
        people.retain(|person| concerned.contains(&person.id));
        let names = Names::load(scope, &sessions, postings.iter().map(|row| row.school_id)).await?;
        Ok(Self {
            monday,
            today: scope.today(),
            zone: scope.zone(),
            sessions,
            parts: grouped(parts, |row| row.teacher_id),
            postings: grouped(postings, |row| row.teacher_id),
            people,
            names,
            days: SchoolDays::load(scope, monday, last).await?,
        })
    }

    /// Whoever has something in that week.
    pub fn readers(&self) -> Vec<&teacher::Model> {
        let busy = |person: &&teacher::Model| {
            self.parts.contains_key(&person.id) || self.away(person.id).next().is_some()
        };
        self.people.iter().filter(busy).collect()
    }

    /// Her week; `None` when it is empty.
    pub fn story(&self, reader: Uuid, words: Words) -> Option<Story> {
        let person = self.people.iter().find(|person| person.id == reader)?;
        let mut rows = Rows::default();
        let hers: HashMap<Uuid, &participant::Model> =
            self.parts.get(&reader).into_iter().flatten().map(|part| (part.session_id, part)).collect();
        let mut count = 0;
        for session in &self.sessions {
            let (Some(part), Some(starts_at)) = (hers.get(&session.id), session.starts_at) else { continue };
            let day = starts_at.with_timezone(&self.zone).date_naive();
            rows.add(words.weekday(day), self.line(session, part, words)?);
            count += 1;
        }
        for (posting, days) in self.away(reader) {
            rows.add(words.0.pick("走教", "Away"), self.away_line(posting, &days, words));
        }
        if rows.0.is_empty() {
            return None;
        }
        let span = self.span(words);
        let which = match self.today < self.monday {
            true => words.0.pick("下周", "next week"),
            false => words.0.pick("本周", "this week"),
        };
        let sessions = match count {
            0 => words.0.pick("走教安排", "your days at another school").to_owned(),
            1 => words.0.either(|| "1次教研活动".to_owned(), || "1 session".to_owned()),
            _ => words.0.either(|| format!("{count}次教研活动"), || format!("{count} sessions")),
        };
        Some(Story {
            to_name: person.name.clone(),
            subject: words.0.either(
                || format!("【一周安排】{span}：{sessions}"),
                || format!("[Your week] {span}: {sessions}"),
            ),
            opening: words.0.either(
                || format!("{which}（{span}）您的安排如下。"),
                || format!("This is what {which} ({span}) brings you."),
            ),
            rows,
            closing: words.0.pick(
                "以后如有改期或取消，会另行通知，以最近的通知为准。不能参加的，请尽快回复相应的邀请邮件说明原因。",
                "You will be told if anything changes; the latest mail counts. If you cannot come, please answer the invitation soon.",
            ),
        })
    }

    fn line(
        &self,
        session: &research_session::Model,
        part: &participant::Model,
        words: Words,
    ) -> Option<String> {
        let when = words.span(session.starts_at?, session.ends_at, self.zone);
        let place = self.names.place(words, session.host_school_id, session.room_id);
        let mut facts = vec![format!("{when} {}", self.names.title(session)), place];
        facts.extend(session.online_url.clone());
        let role = words.role(part.role);
        facts.push(words.0.either(|| format!("我的角色：{role}"), || format!("my part: {role}")));
        if part.reply == Reply::Pending {
            facts.push(words.0.pick("还没有回复能否参加", "not answered yet").to_owned());
        }
        Some(facts.join(words.semicolon()))
    }

    /// Her itinerant postings with the days of the week on which she goes: those on which the weekday's timetable runs there.
    fn away(&self, teacher_id: Uuid) -> impl Iterator<Item = (&posting::Model, Vec<NaiveDate>)> {
        let postings = self.postings.get(&teacher_id).into_iter().flatten();
        postings.filter_map(|posting| {
            let goes = |day: &NaiveDate| {
                let held = posting.from_on <= *day && posting.until_on.is_none_or(|until| *day <= until);
                let plan = self.days.day(*day, Some(posting.school_id)).filter(|_| held);
                let runs = plan.and_then(|plan| plan.timetable_weekday);
                runs.is_some_and(|weekday| {
                    posting.weekdays.as_ref().is_some_and(|days| days.contains(&weekday.to_string()))
                })
            };
            let days: Vec<NaiveDate> = week(self.monday).filter(goes).collect();
            (!days.is_empty()).then_some((posting, days))
        })
    }

    fn away_line(&self, posting: &posting::Model, days: &[NaiveDate], words: Words) -> String {
        let days: Vec<String> =
            days.iter().map(|day| words.bracketed(words.weekday(*day), &words.date(*day))).collect();
        let days = days.join(words.comma());
        let school = self.names.school(posting.school_id);
        let note = posting.note.as_deref().unwrap_or_default();
        let place = words.bracketed(school, note);
        words.0.either(|| format!("{days}到{place}"), || format!("{days} at {place}"))
    }

    fn span(&self, words: Words) -> String {
        format!("{}—{}", words.date(self.monday), words.date(self.monday + Days::new(6)))
    }
}

fn grouped<R>(rows: Vec<R>, key: impl Fn(&R) -> Uuid) -> HashMap<Uuid, Vec<R>> {
    let mut groups: HashMap<Uuid, Vec<R>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
