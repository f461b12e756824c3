//! A small county with at least one row in every table.

mod plans;
mod rotations;

use chrono::NaiveTime;
use sea_orm::prelude::Uuid;
use serde_json::json;
use tongpan::entity::values::*;
use tongpan::entity::*;
use tongpan::id;
use tongpan::mail::links::Links;

use crate::harness::{Harness, at};
use crate::rows::day;

/// What the rows of the other capabilities refer to.
struct Ground {
    core: school::Model,
    member: school::Model,
    group: education_group::Model,
    mathematics: subject::Model,
    li: teacher::Model,
    term: term::Model,
    hall: room::Model,
}

impl Harness {
    /// Writes at least one row into every table.
    pub async fn a_whole_county(&self) {
        let ground = self.ground().await;
        self.people(&ground).await;
        self.calendar(&ground).await;
        let session = self.sessions(&ground).await;
        self.plans(&ground, &session).await;
        self.rotations(&ground).await;
        self.calendars(&ground).await;
        self.ledgers(&ground, &session).await;
        Links::of(&self.scope, None).await.expect("a key to sign links with");
    }

    async fn ground(&self) -> Ground {
        let core = self.school("城东小学", Stage::Primary, Locale::Urban).await;
        let member = self.school("河湾小学", Stage::Primary, Locale::Rural).await;
        let mathematics = self.subject("数学").await;
        Ground {
            group: self.group("城东教共体", &core, &[&member]).await,
            li: self.teacher("李梅", &core, Stage::Primary, &mathematics).await,
            term: self.term("2026—2027学年第一学期", "2026-08-31", "2027-01-29").await,
            hall: self.room(&core, "报告厅", 120).await,
            core,
            member,
            mathematics,
        }
    }

    /// The two columns every row begins with.
    fn key(&self) -> (Uuid, Uuid) {
        (id::new(), self.district_id())
    }

    async fn people(&self, ground: &Ground) {
        let (teacher_id, school_id, group_id) = (ground.li.id, ground.core.id, ground.group.id);
        let (from_on, until_on) = (day("2025-09-01"), None);

        let (id, district_id) = self.key();
        self.insert(honour::Model {
            id,
            district_id,
            teacher_id,
            level: HonourLevel::County,
            name: "县级骨干教师".to_owned(),
            awarded_on: Some(day("2022-09-10")),
            expires_on: None,
        })
        .await;

        let (id, district_id) = self.key();
        let kind = DutyKind::LessonGroupLead;
        self.insert(duty::Model { id, district_id, teacher_id, school_id, kind, from_on, until_on }).await;

        let (id, district_id) = self.key();
        self.insert(posting::Model {
            id,
            district_id,
            teacher_id,
            school_id: ground.member.id,
            form: PlacementForm::Itinerant,
            weekdays: Some("2,4".to_owned()),
            home_post_kept: true,
            duty: None,
            placement_id: None,
            from_on,
            until_on,
            note: Some("乘 3 路公交".to_owned()),
            version: 1,
        })
        .await;

        let (id, district_id) = self.key();
        self.insert(researcher::Model {
            id,
            district_id,
            teacher_id,
            subject_area: "小学数学".to_owned(),
            stage: Stage::Primary,
            full_time: false,
            base_school_id: Some(school_id),
            group_id: Some(group_id),
            from_on,
            until_on,
            version: 1,
        })
        .await;

        let (id, district_id) = self.key();
        self.insert(coordinator::Model { id, district_id, group_id, teacher_id, from_on, until_on }).await;

        let (id, district_id) = self.key();
        self.insert(inspector::Model { id, district_id, group_id, teacher_id, from_on, until_on }).await;

        let (id, district_id) = self.key();
        let team = self
            .insert(team::Model {
                id,
                district_id,
                name: "李梅名师工作室".to_owned(),
                kind: TeamKind::Studio,
                subject_id: Some(ground.mathematics.id),
                stage: Some(Stage::Primary),
                version: 1,
            })
            .await;

        let (id, district_id) = self.key();
        let (team_id, role) = (team.id, TeamRole::Lead);
        self.insert(team_member::Model { id, district_id, team_id, teacher_id, role, from_on, until_on })
            .await;
    }

    async fn calendar(&self, ground: &Ground) {
        let (id, district_id) = self.key();
        self.insert(school_day::Model {
            id,
            district_id,
            day_on: day("2026-09-20"),
            school_id: None,
            kind: DayKind::MakeUp,
            timetable_weekday: Some(5),
            name: Some("国庆调休".to_owned()),
            version: 1,
        })
        .await;

        let (id, district_id) = self.key();
        self.insert(bell::Model {
            id,
            district_id,
            school_id: None,
            stage: Stage::Primary,
            period: 1,
            starts_at: NaiveTime::from_hms_opt(8, 20, 0).expect("a time"),
            ends_at: NaiveTime::from_hms_opt(9, 0, 0).expect("a time"),
            from_on: None,
            until_on: None,
        })
        .await;

        let (id, district_id) = self.key();
        let class = self
            .insert(school_class::Model {
                id,
                district_id,
                school_id: ground.core.id,
                name: "三（1）班".to_owned(),
                stage: Stage::Primary,
                grade: Some(3),
            })
            .await;

        let (id, district_id) = self.key();
        self.insert(lesson::Model {
            id,
            district_id,
            school_id: ground.core.id,
            class_id: class.id,
            teacher_id: ground.li.id,
            subject_id: ground.mathematics.id,
            weekday: 3,
            period: 1,
            parity: WeekParity::Odd,
            from_on: day("2026-08-31"),
            until_on: None,
        })
        .await;

        let (id, district_id) = self.key();
        self.insert(travel_time::Model {
            id,
            district_id,
            from_school_id: ground.core.id,
            to_school_id: ground.member.id,
            kilometres: Some(11.5),
            minutes: 25,
        })
        .await;

        let (recorded_by, recorded_at) = ("test".to_owned(), at("2026-09-10 08:00"));
        let (id, district_id) = self.key();
        self.insert(absence::Model {
            id,
            district_id,
            teacher_id: ground.li.id,
            from_on: day("2026-09-14"),
            until_on: Some(day("2026-09-18")),
            reason: "病假".to_owned(),
            recorded_by: recorded_by.clone(),
            recorded_at,
            version: 1,
        })
        .await;

        let (id, district_id) = self.key();
        self.insert(room_closure::Model {
            id,
            district_id,
            room_id: ground.hall.id,
            from_on: day("2026-09-14"),
            until_on: None,
            reason: "维修".to_owned(),
            recorded_by,
            recorded_at,
            version: 1,
        })
        .await;

        let (from, until) = ("2026-10-14 14:20", "2026-10-14 16:50");
        self.insert(self.booking(ResourceKind::Room, ground.hall.id, from, until)).await;
    }

    async fn sessions(&self, ground: &Ground) -> research_session::Model {
        let (id, district_id) = self.key();
        self.insert(programme::Model {
            id,
            district_id,
            term_id: ground.term.id,
            group_id: ground.group.id,
            stage: Some(Stage::Primary),
            subject_id: Some(ground.mathematics.id),
            grade: None,
            form: SessionForm::SameLesson,
            level: SessionLevel::Group,
            topic: "分数的初步认识".to_owned(),
            count: 4,
            minutes: 150,
            min_gap_days: 14,
            monthly: false,
            weeks_after_exam: None,
            not_before_on: Some(day("2026-09-14")),
            subject_weekday: Some(3),
            subject_half: Some(HalfOfDay::Afternoon),
            host_rule: HostRule::MembersInTurn,
            presenters_from: PresenterSource::Group,
            presenters: 2,
            presenter_schools: 2,
            researcher_id: Some(ground.li.id),
            audience: AudienceRule::Duties,
            audience_duties: json!([DutyKind::LessonGroupLead]),
            audience_researchers: true,
            mode: SessionMode::OnSite,
            equipment: json!([Equipment::Multimedia]),
            allows_evening: false,
            allows_weekend: true,
            keep_together: Some("周三教研".to_owned()),
            attendance_quota_percent: Some(80),
            optional_audience: false,
            version: 1,
        })
        .await;

        let session = self.session(&ground.term, &ground.group, "分数的初步认识").await;
        let (id, district_id) = self.key();
        self.insert(participant::Model {
            id,
            district_id,
            session_id: session.id,
            teacher_id: ground.li.id,
            role: ParticipantRole::Presenter,
            required: true,
            excused: None,
            cover: Some("三（1）班第6节".to_owned()),
            reply: Reply::Pending,
            replied_at: None,
            reply_reason: None,
            reply_way: None,
            version: 1,
        })
        .await;
        session
    }

    async fn calendars(&self, ground: &Ground) {
        let (id, district_id) = self.key();
        self.insert(calendar_feed::Model {
            id,
            district_id,
            owner: FeedOwner::Teacher,
            owner_id: ground.li.id,
            token_hash: vec![7; 32],
            created_at: self.scope.now(),
            created_by: "test".to_owned(),
            revoked_at: None,
        })
        .await;
    }

    async fn ledgers(&self, ground: &Ground, session: &research_session::Model) {
        let now = self.scope.now();
        let (id, district_id) = self.key();
        self.insert(message::Model {
            id,
            district_id,
            kind: MessageKind::Reminder,
            teacher_id: ground.li.id,
            address: "li@example.test".to_owned(),
            subject_id: session.id,
            subject_version: 0,
            lead_minutes: 1_440,
            state: MessageState::Pending,
            send_at: at("2026-10-13 14:20"),
            expires_at: at("2026-10-14 14:20"),
            owner: None,
            lease_until: None,
            attempts: 0,
            doubts: 0,
            failure: None,
            message_id: "<invitation@example.test>".to_owned(),
            tried_at: None,
            sent_at: None,
            created_at: now,
        })
        .await;

        let (id, district_id) = self.key();
        let category = MailCategory::WeeklyDigest;
        self.insert(mail_preference::Model {
            id,
            district_id,
            teacher_id: ground.li.id,
            category,
            wanted: false,
            changed_at: now,
        })
        .await;

        let (id, district_id) = self.key();
        self.insert(reminder_setting::Model {
            id,
            district_id,
            group_id: Some(ground.group.id),
            rules: Some(json!([{ "who": "everybody", "before": { "days": 1, "at": 480 } }])),
            quiet_from: Some(21 * 60),
            quiet_until: None,
            version: 1,
        })
        .await;

        let (id, district_id) = self.key();
        self.insert(import_run::Model {
            id,
            district_id,
            file_name: "全县数据.xlsx".to_owned(),
            sha256: "0".repeat(64),
            finished_at: now,
            actor: "test".to_owned(),
            created: 3,
            changed: 2,
            unchanged: 1,
            refused: 0,
        })
        .await;
    }
}
