//! Rows with sensible defaults: a test names only what it is about.

use chrono::NaiveDate;
use sea_orm::{ActiveModelBehavior, EntityTrait, IntoActiveModel, PrimaryKeyTrait, prelude::Uuid};
use serde_json::json;
use tongpan::audit::{self, Audited};
use tongpan::entity::values::*;
use tongpan::entity::*;
use tongpan::id;

use crate::harness::{Harness, at};

/// A day: `2026-09-01`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

impl Harness {
    /// Writes a row as operations do, and finds it again as it was written.
    pub async fn insert<M>(&self, row: M) -> M
    where
        M: Audited + Clone + PartialEq + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel> + Sync,
        M::Entity: EntityTrait<Model = M>,
        <M::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
        <M::Entity as EntityTrait>::PrimaryKey: PrimaryKeyTrait<ValueType = Uuid>,
    {
        let txn = self.scope.begin().await.expect("a transaction");
        let row = audit::insert(&txn, "test.setup", row).await.expect("the row is taken");
        txn.commit().await.expect("a commit");
        let found =
            M::Entity::find_by_id(row.row_id()).one(self.scope.reader()).await.expect("the row reads");
        assert_eq!(found.as_ref(), Some(&row));
        row
    }

    pub fn district_id(&self) -> Uuid {
        self.scope.district.id
    }

    pub async fn subject(&self, name: &str) -> subject::Model {
        self.insert(subject::Model {
            id: id::new(),
            district_id: self.district_id(),
            name: name.to_owned(),
            position: 1,
        })
        .await
    }

    /// A school with one stage.
    pub async fn school(&self, name: &str, stage: Stage, locale: Locale) -> school::Model {
        let school = self
            .insert(school::Model {
                id: id::new(),
                district_id: self.district_id(),
                code: format!("S{:02}", self.next_number()),
                name: name.to_owned(),
                locale,
                longitude: Some(119.83),
                latitude: Some(34.12),
                classes: Some(12),
                students: Some(540),
                note: None,
                closed_on: None,
                merged_into_id: None,
                version: 1,
            })
            .await;
        self.insert(school_stage::Model {
            id: id::new(),
            district_id: self.district_id(),
            school_id: school.id,
            stage,
        })
        .await;
        school
    }

    /// A group that exists since the first of August 2024.
    pub async fn group(
        &self,
        name: &str,
        core: &school::Model,
        members: &[&school::Model],
    ) -> education_group::Model {
        let group = self
            .insert(education_group::Model {
                id: id::new(),
                district_id: self.district_id(),
                name: name.to_owned(),
                kind: GroupKind::Community,
                agreement_ends_on: None,
                version: 1,
            })
            .await;
        self.membership(&group, core, MembershipRole::Core).await;
        for member in members {
            self.membership(&group, member, MembershipRole::Member).await;
        }
        group
    }

    async fn membership(&self, group: &education_group::Model, school: &school::Model, role: MembershipRole) {
        self.insert(membership::Model {
            id: id::new(),
            district_id: self.district_id(),
            group_id: group.id,
            school_id: school.id,
            role,
            joined_on: day("2024-08-01"),
            left_on: None,
            agreement_ends_on: None,
            version: 1,
        })
        .await;
    }

    /// A teacher of `subject` whose post is at `school` since 2018.
    pub async fn teacher(
        &self,
        name: &str,
        school: &school::Model,
        stage: Stage,
        subject: &subject::Model,
    ) -> teacher::Model {
        let number = format!("T{:04}", self.next_number());
        let teacher = self
            .insert(teacher::Model {
                id: id::new(),
                district_id: self.district_id(),
                name: name.to_owned(),
                sex: Some(Sex::Female),
                born_on: Some(day("1988-03-05")),
                email: Some(format!("{number}@example.test")),
                number,
                employer: "测试县教育局".to_owned(),
                title: Some(Title::First),
                residence: None,
                note: None,
                left_on: None,
                version: 1,
            })
            .await;
        self.insert(appointment::Model {
            id: id::new(),
            district_id: self.district_id(),
            teacher_id: teacher.id,
            school_id: school.id,
            stage,
            subject_id: Some(subject.id),
            from_on: day("2018-09-01"),
            until_on: None,
        })
        .await;
        teacher
    }

    /// A room with a projector.
    pub async fn room(&self, school: &school::Model, name: &str, capacity: i32) -> room::Model {
        self.insert(room::Model {
            id: id::new(),
            district_id: self.district_id(),
            school_id: school.id,
            name: name.to_owned(),
            capacity,
            equipment: json!([Equipment::Multimedia]),
            version: 1,
        })
        .await
    }

    pub async fn term(&self, name: &str, starts_on: &str, ends_on: &str) -> term::Model {
        self.insert(term::Model {
            id: id::new(),
            district_id: self.district_id(),
            name: name.to_owned(),
            starts_on: day(starts_on),
            ends_on: day(ends_on),
            version: 1,
        })
        .await
    }

    /// A session of two hours and a half, on site, without a date yet.
    pub async fn session(
        &self,
        term: &term::Model,
        group: &education_group::Model,
        topic: &str,
    ) -> research_session::Model {
        self.insert(research_session::Model {
            id: id::new(),
            district_id: self.district_id(),
            programme_id: None,
            term_id: term.id,
            group_id: group.id,
            ordinal: 1,
            form: SessionForm::SameLesson,
            level: SessionLevel::Group,
            mode: SessionMode::OnSite,
            stage: Some(Stage::Primary),
            subject_id: None,
            grade: None,
            topic: topic.to_owned(),
            minutes: 150,
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
        })
        .await
    }

    /// A booking by a session of its own, not yet written.
    pub fn booking(
        &self,
        resource: ResourceKind,
        resource_id: Uuid,
        from: &str,
        until: &str,
    ) -> booking::Model {
        booking::Model {
            id: id::new(),
            district_id: self.district_id(),
            resource,
            resource_id,
            session_id: id::new(),
            starts_at: at(from),
            ends_at: at(until),
        }
    }
}
