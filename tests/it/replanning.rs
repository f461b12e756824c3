//! Planning anew: what need not move does not, and everybody concerned is told what changes. Who stands in for whom: `standing_in`.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::calendar::edit::{self, DaySetting};
use tongpan::entity::values::{DayKind, MessageKind, PlanMode, PublicationChangeKind, SessionState};
use tongpan::entity::{participant, plan, research_session, school_day};
use tongpan::error::{Error, Language, Result};
use tongpan::plans::{self, Publication, SolveRequest};
use tongpan::sessions;

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
        assert!(told.contains("韩冰") && told.contains("已发布的“"), "{told}");
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
