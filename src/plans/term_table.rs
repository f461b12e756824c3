//! The term table 教研活动安排表, column by column as offices keep it (domain.md §2).

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::standing::{self, Standing, Which};
use super::store::Obstacle;
use crate::calendar::days::{TermCalendar, iso_weekday, weekday_zh};
use crate::entity::values::ParticipantRole;
use crate::entity::{education_group, research_session, room, school, subject, term};
use crate::error::{Error, Result};
use crate::id::Kind;
use crate::people::roster::Roster;
use crate::scope::Scope;
use crate::sessions::{PlannedPerson, grade_zh, title};

/// The columns, in the office's order.
pub const COLUMNS: [&str; 11] = [
    "周次",
    "日期",
    "节次",
    "学科/年级",
    "主题",
    "形式",
    "承办校",
    "授课教师",
    "主持人",
    "教研员",
    "参加学校及人数",
];

/// A term's sessions as a table.
#[derive(Debug, Clone)]
pub struct TermTable {
    /// Heading, e.g. 一实小教育集团 2026—2027学年第一学期教研活动安排表.
    pub title: String,
    /// Dated sessions, in the order of time.
    pub rows: Vec<TermRow>,
    /// Sessions without a date (待定).
    pub undated: Vec<Undated>,
}

/// One session of the table.
#[derive(Debug, Clone)]
pub struct TermRow {
    /// The session.
    pub session: research_session::Model,
    /// Its group.
    pub group: String,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Where, as people read it: school and room, with both ends of a lesson given from afar; or 线上.
    pub place: String,
    /// Expected people.
    pub attendance: usize,
    /// Excused people.
    pub excused: usize,
    /// Lessons that need a substitute.
    pub cover: usize,
    /// Whether a person pinned it in the plan.
    pub pinned: bool,
    /// The cells, by [`COLUMNS`].
    pub cells: [String; 11],
}

/// A session without a date, and why.
#[derive(Debug, Clone)]
pub struct Undated {
    /// The session.
    pub session: research_session::Model,
    /// Its group.
    pub group: String,
    /// Its name.
    pub name: String,
    /// What stands in the way, the heaviest first; empty when it was not looked for.
    pub obstacles: Vec<Obstacle>,
    /// Whether it is left without a date on purpose 待定.
    pub on_purpose: bool,
}

/// The table of a plan.
///
/// # Errors
/// `NotFound`.
pub async fn of_plan(scope: &Scope, plan_id: Uuid) -> Result<TermTable> {
    of(scope, Which::Plan(plan_id)).await
}

/// The table of a plan, or of what is published in a term.
///
/// # Errors
/// `NotFound`.
pub async fn of(scope: &Scope, which: Which) -> Result<TermTable> {
    let (term_id, standing) = standing::load(scope, which).await?;
    table(scope, term_id, standing).await
}

async fn table(scope: &Scope, term_id: Uuid, standing: Vec<Standing>) -> Result<TermTable> {
    let names = Names::load(scope, term_id, &standing).await?;
    let mut table = TermTable { title: names.heading(&standing), rows: Vec::new(), undated: Vec::new() };
    for standing in standing {
        match (standing.starts_at, standing.ends_at) {
            (Some(starts_at), Some(ends_at)) => {
                table.rows.push(names.row(scope, standing, starts_at, ends_at));
            }
            _ => table.undated.push(names.undated(standing)),
        }
    }
    table
        .rows
        .sort_by(|a, b| (a.starts_at, &a.group, a.session.id).cmp(&(b.starts_at, &b.group, b.session.id)));
    table.undated.sort_by(|a, b| (&a.group, &a.name).cmp(&(&b.group, &b.name)));
    Ok(table)
}

/// Names of everything that a table shows.
struct Names {
    calendar: TermCalendar,
    roster: Roster,
    groups: HashMap<Uuid, String>,
    schools: HashMap<Uuid, String>,
    rooms: HashMap<Uuid, room::Model>,
    subjects: HashMap<Uuid, String>,
}

impl Names {
    async fn load(scope: &Scope, term_id: Uuid, standing: &[Standing]) -> Result<Self> {
        let (district, reader) = (scope.district.id, scope.reader());
        let term = term::Entity::find_by_id(term_id)
            .filter(term::Column::DistrictId.eq(district))
            .one(reader)
            .await?
            .ok_or(Error::NotFound(Kind::Term))?;
        let groups = education_group::Entity::find()
            .filter(education_group::Column::DistrictId.eq(district))
            .all(reader)
            .await?;
        let (mut hosts, mut held_in) = (HashSet::new(), HashSet::new());
        for standing in standing {
            hosts.extend(standing.host);
            held_in.extend(standing.room.into_iter().chain(standing.second_room));
        }
        // A host may belong to another district: it is looked up by its identifier alone.
        let schools = school::Entity::find()
            .filter(
                Condition::any()
                    .add(school::Column::DistrictId.eq(district))
                    .add(school::Column::Id.is_in(hosts)),
            )
            .all(reader)
            .await?;
        let rooms = room::Entity::find().filter(room::Column::Id.is_in(held_in)).all(reader).await?;
        let subjects =
            subject::Entity::find().filter(subject::Column::DistrictId.eq(district)).all(reader).await?;
        Ok(Self {
            roster: Roster::load(scope, term.starts_on, term.ends_on).await?,
            calendar: TermCalendar::load(scope, term).await?,
            groups: groups.into_iter().map(|row| (row.id, row.name)).collect(),
            schools: schools.into_iter().map(|row| (row.id, row.name)).collect(),
            rooms: rooms.into_iter().map(|row| (row.id, row)).collect(),
            subjects: subjects.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    fn heading(&self, standing: &[Standing]) -> String {
        let mut groups: Vec<Uuid> = standing.iter().map(|row| row.session.group_id).collect();
        groups.sort_unstable();
        groups.dedup();
        let group = match &groups[..] {
            [group] => self.groups.get(group).map_or("", String::as_str),
            _ => "",
        };
        format!("{group}{}教研活动安排表", self.calendar.term.name)
    }

    fn group(&self, session: &research_session::Model) -> String {
        self.groups.get(&session.group_id).cloned().unwrap_or_default()
    }

    fn undated(&self, standing: Standing) -> Undated {
        let subject = standing.session.subject_id.and_then(|id| self.subjects.get(&id));
        Undated {
            name: title(&standing.session, subject.map(String::as_str)),
            group: self.group(&standing.session),
            obstacles: standing.obstacles,
            on_purpose: standing.on_purpose,
            session: standing.session,
        }
    }

    fn row(&self, scope: &Scope, standing: Standing, from: DateTime<Utc>, until: DateTime<Utc>) -> TermRow {
        let (start, end) = (from.with_timezone(&scope.zone()), until.with_timezone(&scope.zone()));
        let date = start.date_naive();
        let session = &standing.session;
        let half = if start.format("%H").to_string().as_str() < "12" { "上午" } else { "下午" };
        let host = standing.host.and_then(|id| self.schools.get(&id)).cloned();
        let expected: Vec<&PlannedPerson> =
            standing.people.iter().filter(|person| person.excused.is_none()).collect();
        let cells = [
            format!("第{}周", self.calendar.week(date)),
            format!("{}（{}）", date.format("%-m月%-d日"), weekday_zh(iso_weekday(date))),
            format!("{half}{}–{}", start.format("%H:%M"), end.format("%H:%M")),
            self.subject_and_grade(session),
            session.topic.clone(),
            session.form.zh().to_owned(),
            host.clone().unwrap_or_else(|| "线上".into()),
            self.people(&expected, ParticipantRole::Presenter, Some(date)),
            self.people(&expected, ParticipantRole::Chair, None),
            self.people(&expected, ParticipantRole::Researcher, None),
            self.schools_and_numbers(&expected, date),
        ];
        TermRow {
            group: self.group(session),
            starts_at: from,
            ends_at: until,
            place: self.place(&standing),
            attendance: expected.len(),
            excused: standing.people.len() - expected.len(),
            cover: expected.iter().map(|person| person.cover.len()).sum(),
            pinned: standing.pinned,
            cells,
            session: standing.session,
        }
    }

    /// School and room, with both ends of a lesson given from afar; or 线上.
    fn place(&self, standing: &Standing) -> String {
        let school = |id: Option<Uuid>| self.schools.get(&id?).map(String::as_str);
        let room = |id: Option<Uuid>| self.rooms.get(&id?);
        let Some(host) = school(standing.host) else { return "线上".to_owned() };
        let own = room(standing.room).map(|room| format!(" {}", room.name)).unwrap_or_default();
        let sender = room(standing.second_room).map(|room| {
            format!("（主讲端：{} {}）", school(Some(room.school_id)).unwrap_or_default(), room.name)
        });
        format!("{host}{own}{}", sender.unwrap_or_default())
    }

    fn subject_and_grade(&self, session: &research_session::Model) -> String {
        let subject = session.subject_id.and_then(|id| self.subjects.get(&id)).map_or("", String::as_str);
        let stage = session.stage.map_or("", |stage| stage.zh());
        match session.grade {
            Some(grade) => format!("{subject} {}", grade_zh(grade)),
            None => format!("{stage}{subject}"),
        }
    }

    fn people(
        &self,
        people: &[&PlannedPerson],
        role: ParticipantRole,
        with_school: Option<NaiveDate>,
    ) -> String {
        let of_role = people.iter().filter(|person| person.role == role);
        let names = of_role.filter_map(|person| {
            let name = &self.roster.teachers.get(&person.teacher)?.name;
            let school = with_school.and_then(|day| self.roster.place(person.teacher, day));
            Some(match school.and_then(|id| self.schools.get(&id)) {
                Some(school) => format!("{name}（{school}）"),
                None => name.clone(),
            })
        });
        names.collect::<Vec<_>>().join("、")
    }

    fn schools_and_numbers(&self, people: &[&PlannedPerson], day: NaiveDate) -> String {
        let mut numbers: HashMap<Uuid, usize> = HashMap::new();
        for person in people {
            if let Some(school) = self.roster.place(person.teacher, day) {
                *numbers.entry(school).or_default() += 1;
            }
        }
        let name = |id: &Uuid| self.schools.get(id).cloned().unwrap_or_default();
        let mut schools: Vec<(usize, String)> = numbers.iter().map(|(id, n)| (*n, name(id))).collect();
        schools.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let list: Vec<String> = schools.iter().map(|(n, school)| format!("{school}{n}人")).collect();
        format!("{}，共{}人", list.join("、"), people.len())
    }
}
