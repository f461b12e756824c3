//! A small town for tests: two schools in a group, a term, sessions and their people, in a database of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::audit;
use crate::clock::Clock;
use crate::database::Database;
use crate::entity::values::*;
use crate::entity::*;
use crate::error::Language;
use crate::graphql::Request;
use crate::id::{self, Kind};
use crate::schema::{self, ApiSchema};
use crate::scope::{Actor, Scope};

/// A town and what is needed to ask about it.
pub struct Town {
    /// Within the town's district, as its first teacher.
    pub scope: Scope,
    /// Both schools.
    pub schools: Vec<school::Model>,
    /// The group of both.
    pub group: education_group::Model,
    /// Ten people.
    pub teachers: Vec<teacher::Model>,
    /// The term.
    pub term: term::Model,
    schema: ApiSchema,
    statements: Arc<AtomicUsize>,
    _folder: TempDir,
}

/// A day of the year 2026.
pub fn on(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// Eight in the morning of the town's first school day.
pub fn morning() -> DateTime<Utc> {
    "2026-09-01T00:00:00Z".parse().unwrap()
}

impl Town {
    /// A town with so many published sessions, one each hour, with four people each.
    pub async fn with_sessions(count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("town.sqlite").display());
        let mut database = Database::open(&url).await.unwrap();
        let statements = Arc::new(AtomicUsize::new(0));
        let counter = statements.clone();
        database.observe_reads(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        let district = district::Model {
            id: id::new(),
            name: "测试县".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            demo: true,
            hold_minutes: 0,
            version: 1,
        };
        let scope = Scope {
            database,
            clock: Clock::fixed(morning()),
            district,
            actor: Actor::Program("test"),
            request_id: "request-1".to_owned(),
        };
        let mut town = Self::settle(scope, count).await;
        town.statements = statements;
        town._folder = folder;
        town
    }

    async fn settle(mut scope: Scope, count: usize) -> Self {
        let d = scope.district.id;
        let txn = scope.begin().await.unwrap();
        audit::insert(&txn, "test", scope.district.clone()).await.unwrap();
        let schools: Vec<_> =
            ["一小", "二小"].iter().enumerate().map(|(n, name)| school(d, n, name)).collect();
        let group = education_group::Model {
            id: id::new(),
            district_id: d,
            name: "一小教育集团".to_owned(),
            kind: GroupKind::EducationGroup,
            agreement_ends_on: None,
            version: 1,
        };
        let term = term::Model {
            id: id::new(),
            district_id: d,
            name: "2026—2027学年第一学期".to_owned(),
            starts_on: on(9, 1),
            ends_on: on(12, 31),
            version: 1,
        };
        let teachers: Vec<_> = (0..10).map(|n| teacher(d, n)).collect();
        let memberships = schools.iter().map(|school| membership(&group, school)).collect();
        let posts = teachers.iter().enumerate().map(|(n, teacher)| post(teacher, &schools[n % 2])).collect();
        let sessions: Vec<_> = (0..count).map(|n| session(&term, &group, &schools[n % 2], n)).collect();
        let parts = sessions.iter().enumerate().flat_map(|(n, session)| {
            let teachers = &teachers;
            (0..4).map(move |part| participant(session, &teachers[(n + part) % 10], part))
        });
        let parts = parts.collect();
        audit::insert_all(&txn, "test", schools.clone()).await.unwrap();
        audit::insert(&txn, "test", group.clone()).await.unwrap();
        audit::insert(&txn, "test", term.clone()).await.unwrap();
        audit::insert_all(&txn, "test", teachers.clone()).await.unwrap();
        audit::insert_all::<membership::Model>(&txn, "test", memberships).await.unwrap();
        audit::insert_all::<appointment::Model>(&txn, "test", posts).await.unwrap();
        audit::insert_all(&txn, "test", sessions).await.unwrap();
        audit::insert_all::<participant::Model>(&txn, "test", parts).await.unwrap();
        txn.commit().await.unwrap();
        scope.actor = Actor::Person { id: teachers[0].id, number: teachers[0].number.clone() };
        let schema = schema::build(true);
        let (statements, _folder) = (Arc::default(), tempfile::tempdir().unwrap());
        Self { scope, schools, group, teachers, term, schema, statements, _folder }
    }

    /// The whole answer to an operation, as whoever is signed in.
    pub async fn answer(&self, query: &str, variables: Value) -> Value {
        let request = Request::new(self.scope.clone(), Language::English);
        let operation = async_graphql::Request::new(query)
            .variables(async_graphql::Variables::from_json(variables))
            .data(request);
        serde_json::to_value(self.schema.execute(operation).await).unwrap()
    }

    /// The data of an operation that has no errors.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.answer(query, variables).await;
        assert_eq!(answer.get("errors"), None, "{query}");
        answer["data"].clone()
    }

    /// The payload of a mutation by its field, `selection` beside its user errors.
    pub async fn change(&self, field: &str, input: Value, selection: &str) -> Value {
        let mut name = field[..1].to_uppercase();
        name.push_str(&field[1..]);
        let query = format!(
            "mutation ($input: {name}Input!) {{ {field}(input: $input) {{ \
             {selection} userErrors {{ code field message currentVersion }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await[field].clone()
    }

    /// How many statements `query` takes.
    pub async fn statements(&self, query: &str) -> usize {
        let before = self.statements.load(Ordering::SeqCst);
        self.data(query, json!({})).await;
        self.statements.load(Ordering::SeqCst) - before
    }
}

fn school(district_id: Uuid, number: usize, name: &str) -> school::Model {
    school::Model {
        id: id::new(),
        district_id,
        code: format!("S{number:03}"),
        name: name.to_owned(),
        locale: Locale::Urban,
        longitude: None,
        latitude: None,
        classes: None,
        students: None,
        note: None,
        closed_on: None,
        merged_into_id: None,
        version: 1,
    }
}

fn membership(group: &education_group::Model, school: &school::Model) -> membership::Model {
    membership::Model {
        id: id::new(),
        district_id: group.district_id,
        group_id: group.id,
        school_id: school.id,
        role: if school.code == "S000" { MembershipRole::Core } else { MembershipRole::Member },
        joined_on: NaiveDate::from_ymd_opt(2023, 9, 1).unwrap(),
        left_on: None,
        agreement_ends_on: None,
        version: 1,
    }
}

fn teacher(district_id: Uuid, number: usize) -> teacher::Model {
    teacher::Model {
        id: id::new(),
        district_id,
        number: format!("T{number:03}"),
        name: format!("教师{number}"),
        sex: None,
        born_on: None,
        email: Some(format!("t{number}@example.com")),
        employer: "测试县教育局".to_owned(),
        title: None,
        residence: None,
        note: None,
        left_on: None,
        version: 1,
    }
}

fn post(teacher: &teacher::Model, school: &school::Model) -> appointment::Model {
    appointment::Model {
        id: id::new(),
        district_id: teacher.district_id,
        teacher_id: teacher.id,
        school_id: school.id,
        stage: Stage::Primary,
        subject_id: None,
        from_on: NaiveDate::from_ymd_opt(2020, 9, 1).unwrap(),
        until_on: None,
    }
}

fn session(
    term: &term::Model,
    group: &education_group::Model,
    host: &school::Model,
    number: usize,
) -> research_session::Model {
    let starts_at = morning() + TimeDelta::hours(number as i64 / 2);
    research_session::Model {
        id: id::new(),
        district_id: term.district_id,
        programme_id: None,
        term_id: term.id,
        group_id: group.id,
        ordinal: number as i32,
        form: SessionForm::OpenLesson,
        level: SessionLevel::Group,
        mode: SessionMode::OnSite,
        stage: Some(Stage::Primary),
        subject_id: None,
        grade: None,
        topic: format!("主题{number}"),
        minutes: 60,
        state: SessionState::Published,
        host_school_id: Some(host.id),
        room_id: None,
        second_room_id: None,
        starts_at: Some(starts_at).filter(|_| number % 10 != 9),
        ends_at: Some(starts_at + TimeDelta::hours(1)).filter(|_| number % 10 != 9),
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

fn participant(
    session: &research_session::Model,
    teacher: &teacher::Model,
    part: usize,
) -> participant::Model {
    participant::Model {
        id: id::new(),
        district_id: session.district_id,
        session_id: session.id,
        teacher_id: teacher.id,
        role: if part == 0 { ParticipantRole::Chair } else { ParticipantRole::Attendee },
        required: part == 0,
        excused: None,
        cover: None,
        reply: Reply::Pending,
        replied_at: None,
        reply_reason: None,
        reply_way: None,
        version: 1,
    }
}

/// The identifier of a school as the API writes it.
pub fn school_id(school: &school::Model) -> String {
    Kind::School.id(school.id)
}
