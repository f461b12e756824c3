//! Dispatching: placements become postings, and what people do follows from their first day on.

use expect_test::expect;
use sea_orm::prelude::Uuid;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use tongpan::entity::values::*;
use tongpan::entity::{candidacy, duty, message, placement, posting};
use tongpan::people::roster::Roster;
use tongpan::rotations::dispatch::{self, ServiceChange};

use crate::harness::on_both;
use crate::rounds::{Round, facts, refusal};
use crate::rows::day;
use crate::town::{EAST, WEST, small_town};

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

    /// She was counted as one who leads her school.
    async fn counted_as_head(&self, placed: &placement::Model) {
        let town = self.town;
        let facts = facts(Some(DutyKind::Principal));
        town.insert(candidacy::Model {
            id: tongpan::id::new(),
            district_id: town.district_id(),
            round_id: self.id,
            teacher_id: placed.teacher_id,
            school_id: placed.from_school_id,
            stage: Stage::Primary,
            subject_id: None,
            standing: CandidacyStanding::MustMove,
            backbone: false,
            facts: serde_json::to_value(facts).expect("JSON"),
            correction: None,
            computed_at: town.scope.now(),
            version: 1,
        })
        .await;
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
        let round = town.at_dispatch_in_2026("2026-09-10").await;
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
async fn planning_anew_takes_her_out_of_published_sessions_of_her_old_school_and_invites_her_to_those_of_the_new_one()
 {
    on_both(async |town| {
        let round = town.at_dispatch_in_2026("2026-09-02").await;
        for group in [EAST, WEST] {
            let plan = town.solves(group).await;
            town.publishes(&plan).await;
        }
        let sun = town.person("T12").await;
        let expected = async || {
            let mut days = Vec::new();
            for session in town.dated().await {
                let on = session.starts_at.expect("a date").date_naive();
                if town.expected(session.id).await.iter().any(|who| who.id == sun.id) {
                    days.push((session.group_id, on));
                }
            }
            days
        };
        let (east, west) = (town.group_named(EAST).await.id, town.group_named(WEST).await.id);
        let before = expected().await;
        assert!(before.iter().any(|(_, on)| *on >= day("2026-09-02")), "{before:?}");
        assert!(before.iter().all(|(group, _)| *group == east));
        round.stands_placed("T12", "松坪小学", PlacementForm::Exchange, None).await;
        dispatch::dispatch(&town.scope, round.id).await.expect("she is dispatched");
        let plan = town.replans(None).await.expect("a plan");
        town.publishes(&plan).await;
        let after = expected().await;
        assert!(after.iter().any(|(group, _)| *group == west), "{after:?}");
        let right = |(group, on): &(Uuid, chrono::NaiveDate)| (*group == west) == (*on >= day("2026-09-02"));
        assert!(after.iter().all(right), "{after:?}");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_head_who_moves_leads_the_school_she_comes_to_and_is_at_home_again_when_that_is_taken_back() {
    on_both(async |town| {
        let round = town.at_dispatch().await;
        let placed = round.stands_placed("T03", "松坪小学", PlacementForm::Exchange, None).await;
        round.counted_as_head(&placed).await;
        dispatch::dispatch(&town.scope, round.id).await.expect("she is dispatched");
        let duties = async || {
            let held = duty::Entity::find().filter(duty::Column::TeacherId.eq(placed.teacher_id));
            let mut held = held.all(town.scope.reader()).await.expect("duties");
            held.sort_by_key(|row| row.from_on);
            held.into_iter().map(|row| (row.school_id, row.kind, row.until_on)).collect::<Vec<_>>()
        };
        let (home, away) = (placed.from_school_id, placed.to_school_id);
        let head = DutyKind::Principal;
        let moved = [(home, head, placed.from_on.pred_opt()), (away, head, Some(placed.until_on))];
        assert_eq!(duties().await, moved);
        assert_eq!(round.posting_of(&placed).await.duty, Some(head));
        for now in ["2027-08-20 10:00", "2027-09-02 10:00"] {
            town.it_is(now);
            let report = town.imports(&small_town()[2..3]).await;
            assert!(report.faults.is_empty() && !report.committed, "nothing changes");
            assert_eq!(duties().await, moved, "the staff list of her own school still names it, {now}");
        }
        town.it_is("2027-08-20 11:00");

        let version = round.placement_now(placed.id).await.version;
        dispatch::withdraw(&town.scope, placed.id, version, "另有任用").await.expect("she stays");
        assert_eq!(duties().await, [(home, head, None)]);
        let gone = posting::Entity::find().filter(posting::Column::PlacementId.eq(placed.id));
        assert!(gone.one(town.scope.reader()).await.expect("postings").is_none());
        let kinds = message::Entity::find().filter(message::Column::TeacherId.eq(placed.teacher_id));
        let kinds = kinds.order_by_asc(message::Column::CreatedAt).order_by_asc(message::Column::Kind);
        let kinds = kinds.all(town.scope.reader()).await.expect("messages");
        let kinds: Vec<MessageKind> = kinds.into_iter().map(|row| row.kind).collect();
        for kind in [MessageKind::Dispatched, MessageKind::SchoolDispatched, MessageKind::PlacementWithdrawn]
        {
            assert!(kinds.contains(&kind), "{kind:?} in {kinds:?}");
        }
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn who_has_left_by_then_is_not_dispatched_and_who_has_begun_is_not_taken_back() {
    on_both(async |town| {
        let round = town.at_dispatch().await;
        let placed = round.stands_placed("T12", "石桥小学", PlacementForm::Exchange, None).await;
        town.works_until("T12", Some("2027-08-01")).await;
        expect![[r#"
            HAS_LEFT
              孙强自 2027-08-01 起已离职，不能派往石桥小学：请撤回这项安排并写明原因
              孙强 has left by 2027-08-01 and cannot go to 石桥小学: withdraw the placement with a reason
        "#]]
        .assert_eq(&refusal(dispatch::dispatch(&town.scope, round.id).await));
        town.works_until("T12", None).await;
        dispatch::dispatch(&town.scope, round.id).await.expect("she is dispatched");
        town.it_is("2027-09-01 09:00");
        let version = round.placement_now(placed.id).await.version;
        expect![[r#"
            SERVICE_HAS_BEGUN
              交流自 2027-09-01 起已经开始，不能撤回；要提前结束，请提前结束这次交流
              her service has begun on 2027-09-01: end it before its time instead
        "#]]
        .assert_eq(&refusal(dispatch::withdraw(&town.scope, placed.id, version, "生病").await));
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
    /// Somebody leaves the profession on a day, or never.
    async fn works_until(&self, number: &str, on: Option<&str>) {
        let mut row = self.person(number).await.into_active_model();
        row.left_on = Set(on.map(day));
        let txn = self.scope.begin().await.expect("a transaction");
        row.update(&*txn).await.expect("the teacher");
        txn.commit().await.expect("a commit");
    }

    /// The round of the town at 派遣, with nobody placed yet.
    async fn at_dispatch(&self) -> Round<'_> {
        let round = self.opens_the_round_of_2027().await;
        self.stands_at_dispatch(&round).await;
        self.it_is("2027-08-20 09:00");
        round
    }

    /// A round whose people begin in the autumn of 2026, in the town's term.
    async fn at_dispatch_in_2026(&self, starts_on: &str) -> Round<'_> {
        self.settles(&small_town()).await;
        let new = tongpan::rotations::NewRound {
            name: "2026年秋季补充交流".to_owned(),
            starts_on: day(starts_on),
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
        let mut row = round.now().await.into_active_model();
        row.state = Set(RoundState::Dispatching);
        let txn = self.scope.begin().await.expect("a transaction");
        row.update(&*txn).await.expect("the round");
        txn.commit().await.expect("a commit");
    }
}
