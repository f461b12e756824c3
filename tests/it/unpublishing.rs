//! Taking a publication back while its mails still wait: everything stands as before, and nobody hears of it.

use chrono::TimeDelta;
use sea_orm::EntityTrait;
use tongpan::entity::values::{MessageState, SessionState};
use tongpan::entity::{booking, message, participant, plan, published_plan, research_session};
use tongpan::error::{Error, Language};
use tongpan::groups;
use tongpan::plans;

use crate::harness::{Harness, on_both};
use crate::replanning::all_published;
use crate::town::{EAST, small_town};

impl Harness {
    /// The town, whose mails wait two minutes after publishing.
    async fn with_a_hold(&self) -> Harness {
        let district = groups::set_hold(&self.scope, self.scope.district.version, 2).await.expect("a hold");
        self.in_district(district)
    }

    fn passes(&self, time: TimeDelta) {
        self.scope.clock.set(self.scope.now() + time);
    }

    async fn refuses_to_unpublish(&self, plan: &plan::Model) -> String {
        match plans::unpublish(&self.scope, plan.id).await {
            Err(Error::Rejected(faults)) => faults[0].code.to_owned(),
            other => panic!("{other:?}"),
        }
    }

    /// Sessions, people, rooms and plans in force, but for versions, which rise.
    async fn standing(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        let reader = self.scope.reader();
        let mut sessions = research_session::Entity::find().all(reader).await.expect("sessions");
        sessions.iter_mut().for_each(|row| row.version = 0);
        let mut parts = participant::Entity::find().all(reader).await.expect("participants");
        let mut bookings = booking::Entity::find().all(reader).await.expect("bookings");
        let mut in_force = published_plan::Entity::find().all(reader).await.expect("plans in force");
        sessions.sort_by_key(|row| row.id);
        parts.sort_by_key(|row| row.id);
        bookings.sort_by_key(|row| row.id);
        in_force.sort_by_key(|row| row.id);
        (sessions, parts, bookings, in_force)
    }

    async fn waiting(&self) -> usize {
        let rows = message::Entity::find().all(self.scope.reader()).await.expect("messages");
        rows.iter().filter(|row| row.state == MessageState::Pending).count()
    }
}

#[tokio::test]
async fn a_first_publication_taken_back_in_time_leaves_no_trace_and_sends_nothing() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let town = &town.with_a_hold().await;
        let before = town.standing().await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        assert_eq!(town.worker().drains_outbox().await.sent, 0, "the mails wait");
        town.passes(TimeDelta::seconds(119));

        let draft = plans::unpublish(&town.scope, plan.id).await.expect("it is taken back");
        assert_eq!(draft.published_at, None);
        assert_eq!(town.standing().await, before);
        town.passes(TimeDelta::days(200));
        assert_eq!(town.worker().drains_outbox().await.sent, 0);
        assert_eq!(town.sent().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_back_can_be_published_again_and_everybody_is_told_then() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let town = &town.with_a_hold().await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        let waiting = town.waiting().await;
        plans::unpublish(&town.scope, plan.id).await.expect("it is taken back");
        assert_eq!(town.waiting().await, 0);
        plans::publish(&town.scope, plan.id).await.expect("it is published again");
        assert_eq!(town.waiting().await, waiting);
        town.passes(TimeDelta::minutes(2));
        let mut invited = 0;
        for session in town.dated().await {
            invited += town.expected(session.id).await.len();
        }
        assert_eq!(town.worker().drains_outbox().await.sent, invited as u64);
    })
    .await;
}

#[tokio::test]
async fn a_plan_made_anew_and_taken_back_leaves_the_one_before_in_force_with_its_reminders() {
    on_both(async |town| {
        let before = all_published(town).await;
        let town = &town.with_a_hold().await;
        let (standing, waiting) = (town.standing().await, town.waiting().await);
        town.closes_the_day_of(&before[0]).await;
        let plan = town.replans(None).await.expect("a plan");
        town.publishes(&plan).await;
        assert_ne!(town.standing().await, standing);
        plans::unpublish(&town.scope, plan.id).await.expect("it is taken back");
        assert_eq!(town.standing().await, standing);
        assert_eq!(town.waiting().await, waiting, "the reminders wait again");
    })
    .await;
}

#[tokio::test]
async fn once_the_mails_go_out_or_something_changed_it_cannot_be_taken_back() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let town = &town.with_a_hold().await;
        let plan = town.solves(EAST).await;
        assert_eq!(town.refuses_to_unpublish(&plan).await, "PLAN_NOT_PUBLISHED");
        town.publishes(&plan).await;
        let session = town.dated().await.remove(0);
        let cancelled =
            tongpan::sessions::cancel(&town.scope, session.id, session.version, "台风".to_owned()).await;
        assert_eq!(cancelled.expect("it is cancelled").state, SessionState::Cancelled);
        assert_eq!(town.refuses_to_unpublish(&plan).await, "SESSION_CHANGED_SINCE");
        town.passes(TimeDelta::minutes(2));
        assert_eq!(town.refuses_to_unpublish(&plan).await, "UNPUBLISH_TOO_LATE");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_hold_is_some_minutes_and_no_day() {
    on_both(async |town| {
        let refused = groups::set_hold(&town.scope, town.scope.district.version, 61).await.unwrap_err();
        assert_eq!(refused.explain(Language::Chinese), "发布后暂缓发信的分钟数应为0至60，现为61");
    })
    .await;
}
