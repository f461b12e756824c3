//! Planning anew when somebody is ill or has left: who stands in for her, and who is told.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};
use tongpan::audit;
use tongpan::entity::values::{ParticipantRole, PublicationChangeKind};
use tongpan::entity::{participant, research_session, teacher};
use tongpan::people::absences::{self, NewAbsence};
use tongpan::plans;
use tongpan::transfer::table::RawTable;

use crate::harness::{Harness, on_both};
use crate::mails::Readable;
use crate::replanning::{all_published, kinds};
use crate::town::{EAST, small_town};

impl Harness {
    /// Who is away on the day of a session: the first who holds `role` in it.
    pub async fn falls_ill(
        &self,
        session: &research_session::Model,
        role: ParticipantRole,
    ) -> participant::Model {
        let ill = self.parts(session).await.into_iter().find(|part| part.role == role).expect("somebody");
        let day = session.starts_at.expect("a start").with_timezone(&self.scope.zone()).date_naive();
        let (from_on, until_on, reason) = (day, Some(day), "住院".to_owned());
        let absence = NewAbsence { teacher_id: ill.teacher_id, from_on, until_on, reason };
        absences::add(&self.scope, absence).await.expect("the absence is recorded");
        ill
    }

    /// Who is not employed any more on the day of a session: the first who holds `role` in it.
    async fn leaves(&self, session: &research_session::Model, role: ParticipantRole) -> Uuid {
        let leaving = self
            .parts(session)
            .await
            .into_iter()
            .find(|part| part.role == role)
            .expect("somebody")
            .teacher_id;
        let day = session.starts_at.expect("a start").with_timezone(&self.scope.zone()).date_naive();
        let before = teacher::Entity::find().filter(teacher::Column::Id.eq(leaving));
        let before = before.one(self.scope.reader()).await.expect("teachers").expect("the teacher");
        let after = teacher::Model { left_on: Some(day), version: before.version + 1, ..before.clone() };
        let txn = self.scope.begin().await.expect("a transaction");
        audit::update(&txn, "test.setup", &before, after).await.expect("she leaves");
        txn.commit().await.expect("a commit");
        leaving
    }
}

/// The town with a principal at each school who may host in the east: of another subject, who therefore presents nothing.
fn town_with_principals() -> Vec<RawTable> {
    let mut tables = small_town();
    let staff = tables.iter_mut().find(|table| table.sheet == "教师").expect("the staff");
    let principal = staff.rows.iter().find(|row| row[0] == "T03").expect("a principal").clone();
    for (number, name, school) in [("T13", "钱宁", "河湾小学"), ("T23", "蒋丽", "石桥小学")] {
        let mut row = principal.clone();
        for cell in &mut row {
            *cell = match cell.as_str() {
                "T03" => number.to_owned(),
                "陈刚" => name.to_owned(),
                "城东小学" => school.to_owned(),
                "chen@example.com" => format!("{}@example.com", number.to_lowercase()),
                other => other.to_owned(),
            };
        }
        staff.rows.push(row);
    }
    tables
}

/// The tables with three more researchers: one of another subject, one who also teaches, and one who does nothing else.
fn with_more_researchers(mut tables: Vec<RawTable>) -> Vec<RawTable> {
    let researchers = tables.iter_mut().find(|table| table.sheet == "教研员").expect("the researchers");
    for row in [
        "JY2|沈清|语文|小学|专职|城东教共体|城东小学|shen@example.com",
        "JY3|范平|数学|小学|兼职|城西教共体|城西小学|fan@example.com",
        "JY4|秦岚|数学|小学|专职|城西教共体|城西小学|qin@example.com",
    ] {
        researchers.rows.push(row.split('|').map(str::to_owned).collect());
    }
    tables
}

#[tokio::test]
async fn a_presenter_who_falls_ill_is_stood_in_for_and_the_session_stays() {
    on_both(async |town| {
        let before = all_published(town).await;
        // The other programme asks for the host's own teacher, and its schools have one.
        let before =
            before.iter().find(|session| session.topic == "分数的意义").expect("a session of two lessons");
        let ill = town.falls_ill(before, ParticipantRole::Presenter).await;
        let plan = town.replans(None).await.expect("a plan");
        let published = town.publishes(&plan).await;
        let [difference] = &published.differences[..] else { panic!("{:#?}", published.differences) };
        assert_eq!((difference.session, difference.kind), (before.id, PublicationChangeKind::Replaced));
        assert!(difference.leaving.contains(&ill.teacher_id));

        let now = town.now_of(before).await;
        assert_eq!(
            (now.starts_at, now.room_id, now.sequence),
            (before.starts_at, before.room_id, before.sequence + 1)
        );
        let parts = town.parts(&now).await;
        assert!(parts.iter().all(|part| part.teacher_id != ill.teacher_id), "she is not invited any more");
        let presenting = |parts: &[participant::Model]| {
            parts.iter().filter(|part| part.role == ParticipantRole::Presenter).count()
        };
        assert_eq!(presenting(&parts), 2);
        town.worker().drains_outbox().await;
        let hers = teacher::Entity::find().filter(teacher::Column::Id.eq(ill.teacher_id));
        let hers = hers.one(town.scope.reader()).await.expect("teachers").expect("the teacher");
        let mails = town.inbox(&hers.email.expect("an address"));
        assert_eq!(mails.last().map(|mail| mail.property("METHOD")).as_deref(), Some("CANCEL"));
    })
    .await;
}

#[tokio::test]
async fn a_chair_who_falls_ill_leaves_it_to_the_next_in_rank() {
    on_both(async |town| {
        town.settles(&town_with_principals()).await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        let before = town.dated().await.remove(0);
        let ill = town.falls_ill(&before, ParticipantRole::Chair).await;

        let plan = town.replans(Some(EAST)).await.expect("a plan");
        let published = town.publishes(&plan).await;
        let [difference] = &published.differences[..] else { panic!("{:#?}", published.differences) };
        assert_eq!(difference.kind, PublicationChangeKind::Replaced);
        let principals = [town.person("T13").await.id, town.person("T23").await.id];
        let after = difference.after.as_ref().expect("it stands");
        assert!(after.chairs.len() == 1 && principals.contains(&after.chairs[0]), "{after:?}");
        assert_eq!(difference.leaving, [ill.teacher_id]);
        assert_eq!(town.now_of(&before).await.starts_at, before.starts_at);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_chair_who_was_stood_in_for_chairs_again_on_a_day_on_which_she_is_there() {
    on_both(async |town| {
        town.settles(&town_with_principals()).await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        let before = town.dated().await.remove(0);
        let ill = town.falls_ill(&before, ParticipantRole::Chair).await;
        let chairs = async || -> Vec<_> {
            let parts = town.parts(&before).await.into_iter();
            parts.filter(|part| part.role == ParticipantRole::Chair).map(|part| part.teacher_id).collect()
        };
        // Published with somebody who stands in for her; then the day is lost altogether.
        let plan = town.replans(Some(EAST)).await.expect("a plan");
        town.publishes(&plan).await;
        assert_ne!(chairs().await, [ill.teacher_id]);
        town.closes_the_day_of(&before).await;
        let plan = town.replans(Some(EAST)).await.expect("a plan");
        assert_eq!(plan.hard, 0);
        let preview = plans::preview(&town.scope, plan.id).await.expect("a preview");
        let after = preview.differences[0].after.as_ref().expect("it stands");
        let host = before.host_school_id;
        assert_eq!((after.host_school_id, &after.chairs[..]), (host, &[ill.teacher_id][..]));
        town.publishes(&plan).await;
        assert_eq!(chairs().await, [ill.teacher_id]);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_researcher_who_falls_ill_is_stood_in_for_by_another_of_her_subject() {
    on_both(async |town| {
        town.settles(&with_more_researchers(small_town())).await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        let before = town.dated().await.remove(0);
        town.falls_ill(&before, ParticipantRole::Researcher).await;
        let plan = town.replans(Some(EAST)).await.expect("a plan");
        let published = town.publishes(&plan).await;
        assert_eq!(kinds(&published), [PublicationChangeKind::Replaced]);
        let parts = town.parts(&before).await;
        let researching: Vec<_> =
            parts.iter().filter(|part| part.role == ParticipantRole::Researcher).collect();
        assert_eq!(researching.len(), 1);
        assert_eq!(researching[0].teacher_id, town.person("JY4").await.id, "who does nothing else");
        assert_eq!(parts.iter().filter(|part| part.role == ParticipantRole::Chair).count(), 1);
        assert_eq!(town.now_of(&before).await.starts_at, before.starts_at);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn those_who_lead_and_leave_are_stood_in_for_like_those_who_are_ill() {
    on_both(async |town| {
        town.settles(&with_more_researchers(town_with_principals())).await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        let before = town.dated().await.remove(0);
        let chair = town.leaves(&before, ParticipantRole::Chair).await;
        let researcher = town.leaves(&before, ParticipantRole::Researcher).await;

        let plan = town.replans(Some(EAST)).await.expect("a plan");
        let published = town.publishes(&plan).await;
        let replaced = |kind: &PublicationChangeKind| *kind == PublicationChangeKind::Replaced;
        assert!(
            kinds(&published).iter().all(replaced),
            "what comes later is led by others as well, and stays"
        );
        let parts = town.parts(&before).await;
        let holders = |role: ParticipantRole| -> Vec<_> {
            parts.iter().filter(|part| part.role == role).map(|part| part.teacher_id).collect()
        };
        let principals = [town.person("T13").await.id, town.person("T23").await.id];
        let chairs = holders(ParticipantRole::Chair);
        assert!(chairs.len() == 1 && principals.contains(&chairs[0]), "{chairs:?}");
        assert_eq!(holders(ParticipantRole::Researcher), [town.person("JY4").await.id]);
        assert!(parts.iter().all(|part| ![chair, researcher].contains(&part.teacher_id)));
        assert_eq!(town.now_of(&before).await.starts_at, before.starts_at);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_only_listens_and_falls_ill_is_excused_without_a_letter_to_the_others() {
    on_both(async |town| {
        let before = all_published(town).await;
        let ill = town.falls_ill(&before[0], ParticipantRole::Attendee).await;
        let plan = town.replans(None).await.expect("a plan");
        let published = town.publishes(&plan).await;
        assert_eq!(kinds(&published), [PublicationChangeKind::Attendance]);
        assert_eq!(published.letters.len(), 1);
        let now = town.now_of(&before[0]).await;
        assert_eq!((now.sequence, now.starts_at), (before[0].sequence, before[0].starts_at));
        let part = town.parts(&now).await.into_iter().find(|part| part.teacher_id == ill.teacher_id);
        assert_eq!(part.and_then(|part| part.excused).as_deref(), Some("请假"));
        assert!(
            town.bookings()
                .await
                .iter()
                .all(|row| { row.resource_id != ill.teacher_id || row.session_id != before[0].id })
        );
        assert_eq!(town.worker().drains_outbox().await.sent, 1);
        let hers = teacher::Entity::find().filter(teacher::Column::Id.eq(ill.teacher_id));
        let hers = hers.one(town.scope.reader()).await.expect("teachers").expect("the teacher");
        let off = town.inbox(&hers.email.expect("an address")).pop().expect("a letter");
        let told = ["METHOD", "SEQUENCE"].map(|name| off.property(name));
        assert_eq!(told, ["CANCEL", "1"], "above her invitation's, though the others' stays");
    })
    .await;
}
