//! Dispatching: placements become postings, and what people do follows from their first day on.

use expect_test::expect;
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::entity::values::*;
use tongpan::entity::{duty, placement, posting};
use tongpan::people::roster::Roster;
use tongpan::rotations::dispatch::{self, ServiceChange};

use crate::harness::on_both;
use crate::rounds::{Round, refusal};
use crate::rows::day;
use crate::town::{WEST, small_town};

impl Round<'_> {
    /// Somebody is placed at a school for the days of the round.
    pub async fn stands_placed(
        &self,
        number: &str,
        school: &str,
        form: PlacementForm,
        weekdays: Option<&str>,
    ) -> placement::Model {
        let town = self.town;
        let (who, to) = (town.person(number).await, town.school_named(school).await);
        let home = Roster::load(&town.scope, self.now().await.starts_on, self.now().await.ends_on).await;
        let home = home
            .expect("the roster")
            .appointment(who.id, self.now().await.starts_on)
            .expect("a post")
            .school_id;
        town.insert(placement::Model {
            id: tongpan::id::new(),
            district_id: town.district_id(),
            round_id: self.id,
            teacher_id: who.id,
            from_school_id: home,
            to_school_id: to.id,
            form,
            from_on: self.now().await.starts_on,
            until_on: self.now().await.ends_on,
            state: PlacementState::Proposed,
            reason: Some("第1志愿".to_owned()),
            proposal_id: None,
            weekdays: weekdays.map(str::to_owned),
            version: 1,
        })
        .await
    }

    async fn posting_of(&self, placement: &placement::Model) -> posting::Model {
        let found = posting::Entity::find().filter(posting::Column::PlacementId.eq(placement.id));
        found.one(self.town.scope.reader()).await.expect("postings").expect("the posting")
    }

    async fn placement_now(&self, id: Uuid) -> placement::Model {
        placement::Entity::find_by_id(id)
            .one(self.town.scope.reader())
            .await
            .expect("rows")
            .expect("the placement")
    }
}

#[tokio::test]
async fn each_form_becomes_the_posting_that_it_means_and_lessons_without_a_teacher_are_listed() {
    on_both(async |town| {
        let round = town.at_dispatch().await;
        let exchange = round.stands_placed("T12", "石桥小学", PlacementForm::Exchange, None).await;
        let itinerant = round.stands_placed("T02", "河湾小学", PlacementForm::Itinerant, Some("35")).await;
        let leader = round.stands_placed("T03", "松坪小学", PlacementForm::Appointment, None).await;
        let secondment = round.stands_placed("T31", "城东小学", PlacementForm::Secondment, None).await;
        let done = dispatch::dispatch(&town.scope, round.id).await.expect("they are dispatched");
        assert_eq!(done.postings.len(), 4);

        let kept = async |row: &placement::Model| round.posting_of(row).await.home_post_kept;
        assert_eq!(
            (kept(&exchange).await, kept(&itinerant).await, kept(&leader).await, kept(&secondment).await),
            (false, true, false, true)
        );
        assert_eq!(round.posting_of(&itinerant).await.weekdays.as_deref(), Some("35"));
        let posting = round.posting_of(&exchange).await;
        assert_eq!((posting.from_on, posting.until_on), (exchange.from_on, Some(exchange.until_on)));
        let duties = duty::Entity::find().filter(duty::Column::TeacherId.eq(leader.teacher_id));
        let duties = duties.all(town.scope.reader()).await.expect("duties");
        assert_eq!(duties[0].until_on, exchange.from_on.pred_opt(), "who takes another office leaves hers");

        let mut lines = Vec::new();
        for lesson in &done.uncovered {
            lines.push(format!(
                "{} 星期{} 第{}节 自{}\n",
                lesson.class, lesson.weekday, lesson.period, lesson.from_on
            ));
        }
        lines.sort();
        expect![[r#"
            五年级（1）班 星期3 第1节 自2027-09-01
            五年级（1）班 星期3 第5节 自2027-09-01
            五年级（2）班 星期3 第2节 自2027-09-01
        "#]]
        .assert_eq(&lines.concat());
        expect![[r#"
            NOBODY_TO_DISPATCH
              没有待派遣的人
              nobody waits to be dispatched
        "#]]
        .assert_eq(&refusal(dispatch::dispatch(&town.scope, round.id).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn from_her_first_day_there_she_belongs_to_the_new_school_and_its_sessions_invite_her() {
    on_both(async |town| {
        let round = town.at_dispatch_in_2026().await;
        round.stands_placed("T12", "松坪小学", PlacementForm::Exchange, None).await;
        dispatch::dispatch(&town.scope, round.id).await.expect("she is dispatched");
        let (sun, home, away) = (
            town.person("T12").await,
            town.school_named("河湾小学").await,
            town.school_named("松坪小学").await,
        );
        let roster =
            Roster::load(&town.scope, day("2026-09-01"), day("2026-10-30")).await.expect("the roster");
        assert_eq!(roster.place(sun.id, day("2026-09-09")), Some(home.id), "the day before she is at home");
        assert_eq!(roster.place(sun.id, day("2026-09-10")), Some(away.id));

        let plan = town.solves(WEST).await;
        town.publishes(&plan).await;
        let sessions = town.dated().await;
        assert!(!sessions.is_empty());
        for session in sessions {
            let on = session.starts_at.expect("a date").date_naive();
            let invited = town.expected(session.id).await.iter().any(|who| who.id == sun.id);
            assert_eq!(
                invited,
                on >= day("2026-09-10"),
                "on {on} she works in the west from 10 September on"
            );
        }
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn service_ends_early_or_lasts_longer_only_with_a_reason_and_within_the_policy() {
    on_both(async |town| {
        let round = town.at_dispatch().await;
        let placed = round.stands_placed("T12", "石桥小学", PlacementForm::Exchange, None).await;
        let change = |row: &placement::Model, until: &str, reason: &str| ServiceChange {
            placement_id: row.id,
            expected_version: row.version,
            until_on: day(until),
            reason: reason.to_owned(),
        };
        expect![[r#"
            NOT_DISPATCHED
              还没有派遣，没有可以改动的服务期
              she was not dispatched: there is no service to change
        "#]]
        .assert_eq(&refusal(dispatch::recall(&town.scope, change(&placed, "2028-01-31", "生病")).await));
        dispatch::dispatch(&town.scope, round.id).await.expect("she is dispatched");
        let placed = round.placement_now(placed.id).await;
        expect![[r#"
            REASON_MISSING reason
              请写明原因
              please give the reason
        "#]]
        .assert_eq(&refusal(dispatch::recall(&town.scope, change(&placed, "2028-01-31", " ")).await));
        let longer =
            dispatch::extend(&town.scope, change(&placed, "2030-08-31", "工作需要")).await.expect("longer");
        assert_eq!(round.posting_of(&longer).await.until_on, Some(day("2030-08-31")));
        let back =
            dispatch::recall(&town.scope, change(&longer, "2028-01-31", "生病")).await.expect("she is back");
        assert_eq!(round.posting_of(&back).await.until_on, Some(day("2028-01-31")));
        town.worker().drains_outbox().await;
    })
    .await;
}

impl crate::harness::Harness {
    /// The round of the town at 派遣, with nobody placed yet.
    async fn at_dispatch(&self) -> Round<'_> {
        let round = self.opens_the_round_of_2027().await;
        self.stands_at_dispatch(&round).await;
        self.it_is("2027-08-20 09:00");
        round
    }

    /// A round whose people begin on 10 September 2026, in the town's term.
    async fn at_dispatch_in_2026(&self) -> Round<'_> {
        self.settles(&small_town()).await;
        let new = tongpan::rotations::NewRound {
            name: "2026年秋季补充交流".to_owned(),
            starts_on: day("2026-09-10"),
            ends_on: day("2028-08-31"),
            group_id: None,
            policy_id: None,
        };
        let row = tongpan::rotations::create_round(&self.scope, new).await.expect("a round");
        let round = Round { town: self, id: row.id };
        self.stands_at_dispatch(&round).await;
        round
    }

    async fn stands_at_dispatch(&self, round: &Round<'_>) {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
        let mut row = round.now().await.into_active_model();
        row.state = Set(RoundState::Dispatching);
        let txn = self.scope.begin().await.expect("a transaction");
        row.update(&*txn).await.expect("the round");
        txn.commit().await.expect("a commit");
    }
}
