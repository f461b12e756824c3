//! A round takes its steps one after the other, each when what it needs is there.

use expect_test::expect;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tongpan::entity::values::*;
use tongpan::entity::{assessment, audit_entry, placement};
use tongpan::error::Error;
use tongpan::id;
use tongpan::rotations::exemptions::{self, Decision, NewExemption};
use tongpan::rotations::objections::{self, Answer, NewObjection};
use tongpan::rotations::steps::{self, Rescheduling};
use tongpan::rotations::{self, NewPlacement};

use crate::harness::on_both;
use crate::rounds::{Round, refusal};
use crate::rows::day;

#[tokio::test]
async fn a_new_round_has_the_days_of_a_countys_year_and_says_what_is_missing() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        let rows = steps::stored(town.scope.reader(), &round.now().await).await.expect("steps");
        let shown: String = rows
            .iter()
            .map(|row| format!("{} {} {} {:?}\n", row.step.zh(), row.from_on, row.due_on, row.working_days))
            .collect();
        expect![[""]].assert_eq(&shown);
        assert_eq!(rows[0].entered_on, Some(day("2027-05-04")));
        expect![[""]].assert_eq(&round.missing().await);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_round_goes_through_a_year_when_nothing_is_missing_before_any_step() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        expect![[""]].assert_eq(&refusal(round.forward().await));
        round.counts().await;
        round.enters("2027-06-01", RoundState::Applying).await;

        expect![[""]].assert_eq(&refusal(round.forward().await));
        round.applies("T11", &["城东小学"]).await;
        let asked = asks_for_exemption(&round).await;
        round.enters("2027-06-11", RoundState::Recommending).await;

        expect![[""]].assert_eq(&round.missing().await);
        expect![[""]].assert_eq(&refusal(round.forward().await));
        refuses_exemption(&round, asked).await;
        round.enters("2027-06-16", RoundState::Proposing).await;

        expect![[""]].assert_eq(&refusal(round.forward().await));
        round.proposal(1, ProposalState::Publicised).await;
        round.enters("2027-06-21", RoundState::Publicising).await;

        let objection = objects(&round).await;
        expect![[""]].assert_eq(&refusal(round.forward().await));
        let answer = Answer {
            objection_id: objection,
            expected_version: 1,
            upheld: false,
            answer: "名单符合办法第五条".to_owned(),
        };
        objections::answer(&town.scope, answer).await.expect("an answer");
        round.enters("2027-07-01", RoundState::Approving).await;

        expect![[""]].assert_eq(&refusal(round.forward().await));
        round.proposal_becomes(1, ProposalState::Approved).await;
        round.enters("2027-08-15", RoundState::Dispatching).await;

        expect![[""]].assert_eq(&refusal(round.forward().await));
        dispatches(&round).await;
        round.enters("2027-09-01", RoundState::Serving).await;

        expect![[""]].assert_eq(&refusal(round.forward().await));
        assesses(&round, AssessmentKind::MidTerm).await;
        round.enters("2029-06-01", RoundState::Assessing).await;

        expect![[""]].assert_eq(&refusal(round.forward().await));
        assesses(&round, AssessmentKind::Final).await;
        round.enters("2029-06-30", RoundState::Closed).await;
        assert_eq!(round.missing().await, "");
        expect![[""]].assert_eq(&refusal(round.forward().await));

        let taken = audit_entry::Entity::find()
            .filter(audit_entry::Column::Action.eq("rotation_round.step_forward"))
            .all(town.scope.reader())
            .await
            .expect("the log");
        assert_eq!(taken.len(), 9, "each step has its entry");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_round_goes_back_only_with_a_reason_and_only_before_anybody_is_dispatched() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        expect![[""]].assert_eq(&refusal(round.back("重新摸底").await));
        round.counts().await;
        round.enters("2027-06-01", RoundState::Applying).await;
        expect![[""]].assert_eq(&refusal(round.back("  ").await));

        town.it_is("2027-06-03 10:00");
        let back = round.back(" 漏了两所学校 ").await.expect("a step back");
        assert_eq!(back.state, RoundState::Counting);
        let step = round.step(RoundState::Counting).await;
        assert_eq!(
            (step.reason.as_deref(), step.entered_on),
            (Some("漏了两所学校"), Some(day("2027-06-03")))
        );

        round.enters("2027-06-04", RoundState::Applying).await;
        round.enters("2027-06-11", RoundState::Recommending).await;
        round.enters("2027-06-16", RoundState::Proposing).await;
        round.proposal(1, ProposalState::Publicised).await;
        round.enters("2027-06-21", RoundState::Publicising).await;
        round.enters("2027-07-01", RoundState::Approving).await;
        round.proposal_becomes(1, ProposalState::Approved).await;
        round.enters("2027-08-15", RoundState::Dispatching).await;
        expect![[""]].assert_eq(&refusal(round.back("想再改").await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn an_objection_that_is_upheld_asks_for_another_version_of_the_proposal() {
    on_both(async |town| {
        let round = publicised(town).await;
        let objection_id = objects(&round).await;
        let answer = Answer {
            objection_id,
            expected_version: 1,
            upheld: true,
            answer: "通勤时间算错，予以更正".to_owned(),
        };
        objections::answer(&town.scope, answer).await.expect("an answer");
        town.it_is("2027-07-01 09:00");
        expect![[""]].assert_eq(&round.missing().await);

        round.back("异议成立，另拟一版").await.expect("a step back");
        round.proposal_becomes(1, ProposalState::Superseded).await;
        round.proposal(2, ProposalState::Publicised).await;
        expect![[""]].assert_eq(&refusal(round.forward().await));
        let step = round.step(RoundState::Approving).await;
        let later = days(&step, "2027-07-09", "2027-07-31");
        steps::reschedule(&town.scope, later).await.expect("later approval");
        let step = round.step(RoundState::Publicising).await;
        steps::reschedule(&town.scope, days(&step, "2027-07-01", "2027-07-08")).await.expect("other days");
        round.enters("2027-07-01", RoundState::Publicising).await;
        round.enters("2027-07-09", RoundState::Approving).await;
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn days_of_steps_stay_in_order_and_a_proposal_is_public_for_five_working_days() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        let step = round.step(RoundState::Publicising).await;
        let change =
            async |from: &str, due: &str| steps::reschedule(&town.scope, days(&step, from, due)).await;
        expect![[""]].assert_eq(&refusal(change("2027-06-25", "2027-06-24").await));
        expect![[""]].assert_eq(&refusal(change("2027-06-15", "2027-06-30").await));
        expect![[""]].assert_eq(&refusal(change("2027-07-02", "2027-07-20").await));
        expect![[""]].assert_eq(&refusal(change("2027-06-24", "2027-06-29").await));
        let changed = change("2027-06-24", "2027-06-30").await.expect("other days");
        assert_eq!((changed.due_on, changed.version), (day("2027-06-30"), 2));
        let stale = change("2027-06-24", "2027-07-05").await;
        assert!(matches!(stale, Err(Error::Stale(_))), "{stale:?}");

        let three = Rescheduling { working_days: Some(3), ..days(&changed, "2027-06-24", "2027-06-28") };
        assert_eq!(steps::reschedule(&town.scope, three).await.expect("three days").working_days, Some(3));
        let applying = round.step(RoundState::Applying).await;
        let odd = Rescheduling { working_days: Some(3), ..days(&applying, "2027-06-01", "2027-06-10") };
        expect![[""]].assert_eq(&refusal(steps::reschedule(&town.scope, odd).await));

        round.counts().await;
        round.enters("2027-06-01", RoundState::Applying).await;
        let counting = round.step(RoundState::Counting).await;
        let over = days(&counting, "2027-05-01", "2027-06-30");
        expect![[""]].assert_eq(&refusal(steps::reschedule(&town.scope, over).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn who_looked_at_an_older_round_takes_no_step() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        round.counts().await;
        let seen = round.now().await.version;
        round.enters("2027-06-01", RoundState::Applying).await;
        let stale = steps::forward(&town.scope, round.id, seen).await;
        assert!(matches!(stale, Err(Error::Stale(_))), "{stale:?}");
        town.worker().drains_outbox().await;
    })
    .await;
}

fn days(step: &tongpan::entity::round_step::Model, from: &str, due: &str) -> Rescheduling {
    Rescheduling {
        step_id: step.id,
        expected_version: step.version,
        from_on: day(from),
        due_on: day(due),
        working_days: None,
        reason: None,
    }
}

/// A round whose proposal is public.
pub async fn publicised(town: &crate::harness::Harness) -> Round<'_> {
    let round = town.takes_applications().await;
    round.enters("2027-06-11", RoundState::Recommending).await;
    round.enters("2027-06-16", RoundState::Proposing).await;
    round.proposal(1, ProposalState::Publicised).await;
    round.enters("2027-06-21", RoundState::Publicising).await;
    round
}

async fn asks_for_exemption(round: &Round<'_>) -> sea_orm::prelude::Uuid {
    let new = NewExemption {
        round_id: round.id,
        teacher_id: round.town.person("T21").await.id,
        kind: ExemptionKind::Illness,
        evidence: "县医院诊断证明 2027-118".to_owned(),
        evidence_from_on: day("2027-05-20"),
        expires_on: None,
    };
    exemptions::submit(&round.town.scope, new).await.expect("an exemption").id
}

async fn refuses_exemption(round: &Round<'_>, exemption_id: sea_orm::prelude::Uuid) {
    let decision =
        Decision {
            exemption_id, expected_version: 1, accepted: false, reason: "未经校内公示".to_owned()
        };
    exemptions::decide(&round.town.scope, decision).await.expect("a decision");
}

async fn objects(round: &Round<'_>) -> sea_orm::prelude::Uuid {
    let new = NewObjection {
        round_id: round.id,
        teacher_id: Some(round.town.person("T11").await.id),
        raised_by: Some("T12".to_owned()),
        content: "赵敏的通勤时间不对".to_owned(),
    };
    objections::raise(&round.town.scope, new).await.expect("an objection").id
}

/// 赵敏 is sent to 城东小学, as the proposal says.
async fn dispatches(round: &Round<'_>) {
    let town = round.town;
    let new = NewPlacement {
        round_id: round.id,
        teacher_id: town.person("T11").await.id,
        to_school_id: town.school_named("城东小学").await.id,
        form: PlacementForm::Exchange,
        from_on: day("2027-09-01"),
        until_on: day("2029-08-31"),
        reason: None,
    };
    let proposed = rotations::propose(&town.scope, new).await.expect("a placement");
    rotations::approve(&town.scope, proposed.id, proposed.version).await.expect("a posting");
}

async fn assesses(round: &Round<'_>, kind: AssessmentKind) {
    let town = round.town;
    let placements = placement::Entity::find()
        .filter(placement::Column::RoundId.eq(round.id))
        .order_by_asc(placement::Column::Id)
        .all(town.scope.reader())
        .await
        .expect("placements");
    for placement in placements {
        town.insert(assessment::Model {
            id: id::new(),
            district_id: town.district_id(),
            placement_id: placement.id,
            kind,
            result: AssessmentResult::Competent,
            remark: None,
            assessed_on: town.scope.today(),
            version: 1,
        })
        .await;
    }
}
