//! Planning anew: what need not move does not, and everybody concerned is told what changes.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};
use tongpan::audit;
use tongpan::calendar::edit::{self, DaySetting};
use tongpan::entity::values::{
    DayKind, MessageKind, ParticipantRole, PlanMode, PublicationChangeKind, SessionState,
};
use tongpan::entity::{participant, plan, research_session, school_day, teacher};
use tongpan::error::{Error, Language, Result};
use tongpan::people::absences::{self, NewAbsence};
use tongpan::plans::{self, Publication, SolveRequest};
use tongpan::sessions;
use tongpan::transfer::table::RawTable;

use crate::harness::{Harness, on_both};
use crate::mails::Readable;
use crate::town::{EAST, LONG_SESSIONS, ONE_OPEN_DAY, WEST, small_town, town_with, unwatched};

impl Harness {
    /// Plans anew from what is published.
    pub async fn replans(&self, group: Option<&str>) -> Result<plan::Model> {
        let request = SolveRequest { mode: PlanMode::Replan, ..self.request(group).await };
        Ok(plans::solve(&self.scope, &request, unwatched()).await?.plan)
    }

    /// Makes the day of a session a holiday.
    pub async fn closes_the_day_of(&self, session: &research_session::Model) -> school_day::Model {
        let starts_at = session.starts_at.expect("a start");
        let setting = DaySetting {
            day_on: starts_at.with_timezone(&self.scope.zone()).date_naive(),
            school_id: None,
            kind: DayKind::Holiday,
            timetable_weekday: None,
            name: Some("台风停课".to_owned()),
            expected_version: None,
        };
        edit::set_day(&self.scope, setting).await.expect("the day is closed")
    }

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

    pub async fn parts(&self, session: &research_session::Model) -> Vec<participant::Model> {
        let parts = participant::Entity::find().filter(participant::Column::SessionId.eq(session.id));
        parts.all(self.scope.reader()).await.expect("participants")
    }

    pub async fn now_of(&self, session: &research_session::Model) -> research_session::Model {
        let found = research_session::Entity::find().filter(research_session::Column::Id.eq(session.id));
        found.one(self.scope.reader()).await.expect("sessions").expect("the session")
    }
}

pub fn kinds(publication: &Publication) -> Vec<PublicationChangeKind> {
    publication.differences.iter().map(|one| one.kind).collect()
}

fn mails(publication: &Publication, kind: MessageKind) -> usize {
    publication.mails.iter().filter(|count| count.kind == kind).map(|count| count.mails).sum()
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

pub async fn all_published(town: &Harness) -> Vec<research_session::Model> {
    town.settles(&small_town()).await;
    let request = town.request(None).await;
    let plan = plans::solve(&town.scope, &request, unwatched()).await.expect("a plan").plan;
    town.publishes(&plan).await;
    town.worker().drains_outbox().await;
    town.dated().await
}

#[tokio::test]
async fn a_cancelled_day_moves_the_sessions_of_that_day_and_no_other() {
    on_both(async |town| {
        let before = all_published(town).await;
        let closed = town.closes_the_day_of(&before[0]).await.day_on;
        let plan = town.replans(None).await.expect("a plan");
        assert_eq!(plan.hard, 0);
        let preview = plans::preview(&town.scope, plan.id).await.expect("a preview");
        let on_that_day = |session: &&research_session::Model| {
            session.starts_at.map(|at| at.with_timezone(&town.scope.zone()).date_naive()) == Some(closed)
        };
        let moved = before.iter().filter(on_that_day).count();
        assert_eq!(kinds(&preview), vec![PublicationChangeKind::Moved; moved]);
        assert_eq!(preview.standing, before.len() - moved);
        assert_eq!(town.dated().await, before, "a preview writes nothing");

        let published = town.publishes(&plan).await;
        assert_eq!(published.differences, preview.differences);
        for session in &before {
            let now = town.now_of(session).await;
            match on_that_day(&session) {
                true => assert_eq!((now.sequence, now.starts_at == session.starts_at), (1, false)),
                false => assert_eq!(&now, session),
            }
        }
        assert!(mails(&published, MessageKind::Update) > 0);
        let sent = town.worker().drains_outbox().await.sent;
        let told = published.letters.iter().filter(|mail| mail.kind != MessageKind::Reminder).count();
        assert_eq!(sent, told as u64);
    })
    .await;
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
        assert_eq!(kinds(&published), [PublicationChangeKind::Excused]);
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

#[tokio::test]
async fn a_pinned_session_stands_whatever_happens_to_its_day() {
    on_both(async |town| {
        let before = all_published(town).await;
        let pinned = sessions::set_pinned(&town.scope, before[0].id, before[0].version, true);
        let pinned = pinned.await.expect("it is pinned");
        town.closes_the_day_of(&pinned).await;
        let plan = town.replans(None).await.expect("a plan");
        let published = town.publishes(&plan).await;
        assert!(published.differences.iter().all(|one| one.session != pinned.id));
        assert_eq!(town.now_of(&pinned).await, pinned);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_session_without_another_day_loses_its_date_and_gets_it_back() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        town.worker().drains_outbox().await;
        let before = town.dated().await.remove(0);
        let everybody = town.expected(before.id).await.len();
        let day = town.closes_the_day_of(&before).await;

        let plan = town.replans(Some(EAST)).await.expect("a plan");
        let withdrawn = town.publishes(&plan).await;
        assert_eq!(kinds(&withdrawn), [PublicationChangeKind::Withdrawn]);
        assert_eq!(mails(&withdrawn, MessageKind::Cancellation), everybody);
        let now = town.now_of(&before).await;
        assert_eq!(
            (now.state, now.starts_at, now.told_starts_at),
            (SessionState::Undated, None, before.starts_at)
        );
        assert_eq!(town.bookings().await, []);
        assert_eq!(town.worker().drains_outbox().await.sent, everybody as u64);
        let letter = town.inbox("li@").last().expect("a letter").letter();
        assert!(letter.contains("待定，确定后另行通知") && letter.contains("9月16日"), "{letter}");

        edit::remove_day(&town.scope, day.id, day.version).await.expect("the day is open again");
        let again = town.solves(EAST).await;
        town.publishes(&again).await;
        let now = town.now_of(&before).await;
        assert_eq!((now.state, now.sequence, now.told_starts_at), (SessionState::Published, 2, None));
        assert_eq!(town.worker().drains_outbox().await.sent, everybody as u64);
    })
    .await;
}

#[tokio::test]
async fn one_group_is_planned_anew_without_touching_the_others() {
    on_both(async |town| {
        let before = town.published_east().await;
        let west = town.solves(WEST).await;
        town.publishes(&west).await;
        town.worker().drains_outbox().await;
        let western = town.dated().await.into_iter().find(|row| before.iter().all(|east| east.id != row.id));
        town.closes_the_day_of(&western.expect("the session of the west")).await;
        let plan = town.replans(Some(WEST)).await.expect("a plan");
        town.publishes(&plan).await;
        for session in &before {
            assert_eq!(&town.now_of(session).await, session);
        }
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn of_two_plans_made_side_by_side_the_second_may_not_promise_whom_the_first_has() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let (east, west) = (town.solves(EAST).await, town.solves(WEST).await);
        town.publishes(&east).await;
        let refused = plans::publish(&town.coordinator().await, west.id).await.expect_err("she is taken");
        let told = refused.explain(Language::Chinese);
        assert!(told.contains("韩冰") && told.contains("已发布的教研活动"), "{told}");
        assert_eq!(town.dated().await.len(), 1);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_plan_made_anew_is_refused_once_a_session_was_moved_by_hand() {
    on_both(async |town| {
        let before = all_published(town).await;
        town.closes_the_day_of(&before[0]).await;
        let plan = town.replans(None).await.expect("a plan");
        let last = before.last().expect("a session");
        town.moves(last, "2026-10-21 14:00").await.expect("it is moved");
        let refused = plans::preview(&town.scope, plan.id).await.expect_err("it is outdated");
        let Error::Rejected(faults) = &refused else { panic!("{refused:?}") };
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["PLAN_OUTDATED"]);
        assert!(refused.explain(Language::Chinese).ends_with("在这份方案之后已有改动，请重新排期"));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn nothing_can_be_planned_anew_before_something_is_published() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let refused = town.replans(None).await.expect_err("nothing is published");
        assert!(refused.explain(Language::Chinese).contains("请先排期并发布"));
    })
    .await;
}
