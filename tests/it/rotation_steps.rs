//! A round takes its steps one after the other, each when what it needs is there.

use expect_test::expect;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tongpan::entity::values::*;
use tongpan::entity::{assessment, audit_entry, placement};
use tongpan::error::Error;
use tongpan::id;
use tongpan::rotations::dispatch;
use tongpan::rotations::exemptions::{self, Decision, NewExemption};
use tongpan::rotations::objections::{self, Answer, NewObjection};
use tongpan::rotations::steps::{self, Rescheduling};

use crate::harness::on_both;
use crate::rounds::{Round, refusal};
use crate::rows::day;

#[tokio::test]
async fn a_new_round_has_the_days_of_a_countys_year_and_says_what_is_missing() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let rows = steps::stored(town.scope.reader(), &round.now().await).await.expect("steps");
        let shown: String = rows
            .iter()
            .map(|row| format!("{} {} {} {:?}\n", row.step.zh(), row.from_on, row.due_on, row.working_days))
            .collect();
        expect![[r#"
            摸底 2027-05-01 2027-05-31 None
            申报 2027-06-01 2027-06-10 None
            学校推荐 2027-06-11 2027-06-15 None
            拟订方案 2027-06-16 2027-06-20 None
            公示 2027-06-21 2027-06-30 Some(5)
            审批 2027-07-01 2027-07-31 None
            派遣 2027-08-15 2027-08-31 None
            在岗 2027-09-01 2029-05-31 None
            考核 2029-06-01 2029-06-30 None
        "#]]
        .assert_eq(&shown);
        assert_eq!(rows[0].entered_on, Some(day("2027-05-04")));
        expect![[r#"
            NO_POLICY 缺：还没有指定轮岗政策：请先选定本批次执行的政策
            NOT_COUNTED 缺：还没有摸底：请先用 tongpan rotation count 测算谁应交流、谁可交流
            NO_STAFFING 缺：还没有学科余缺：请先摸底，或导入“学科余缺”表
        "#]]
        .assert_eq(&round.missing().await);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_round_goes_through_a_year_when_nothing_is_missing_before_any_step() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        expect![[r#"
            NO_POLICY
              还没有指定轮岗政策：请先选定本批次执行的政策
              the round follows no policy yet: choose one
            NOT_COUNTED
              还没有摸底：请先用 tongpan rotation count 测算谁应交流、谁可交流
              nobody has been counted yet: run `tongpan rotation count` first
            NO_STAFFING
              还没有学科余缺：请先摸底，或导入“学科余缺”表
              surplus and shortage of the schools are not known yet: count first, or import the sheet 学科余缺
        "#]].assert_eq(&refusal(round.forward().await));
        round.counts().await;
        round.enters("2027-06-01", RoundState::Applying).await;

        expect![[r#"
            STEP_NOT_OVER
              申报到 2027-06-10 才结束：请等到次日；确需提前结束，请先调整这一步的日期
              the step of applications lasts until 2027-06-10: wait for the day after, or change its days first
        "#]].assert_eq(&refusal(round.forward().await));
        round.applies("T11", &["城东小学"]).await;
        let asked = asks_for_exemption(&round).await;
        round.enters("2027-06-11", RoundState::Recommending).await;

        expect![[r#"
            EXEMPTIONS_UNDECIDED 缺：1件免轮申请还没有审定（周洁）：请逐件同意或不同意，并写明理由
            RECOMMENDATIONS_MISSING 注意：1位申报人还没有学校意见（赵敏）
        "#]].assert_eq(&round.missing().await);
        expect![[r#"
            EXEMPTIONS_UNDECIDED
              1件免轮申请还没有审定（周洁）：请逐件同意或不同意，并写明理由
              exemptions that are not decided: 1 (周洁); accept or refuse each, with a reason
        "#]].assert_eq(&refusal(round.forward().await));
        refuses_exemption(&round, asked).await;
        round.enters("2027-06-16", RoundState::Proposing).await;

        expect![[r#"
            NO_PUBLIC_PROPOSAL
              还没有可公示的方案：请先拟订方案，并选定一个公示
              no proposal has been made public: make proposals, and choose the one to be public
        "#]].assert_eq(&refusal(round.forward().await));
        round.proposal(1, ProposalState::Publicised).await;
        round.enters("2027-06-21", RoundState::Publicising).await;

        let objection = objects(&round).await;
        expect![[r#"
            OBJECTIONS_OPEN
              1件异议还没有答复：请逐件写明成立或不成立及理由
              objections that are not answered: 1; uphold or reject each, with an answer
            STEP_NOT_OVER
              公示到 2027-06-30 才结束：请等到次日；确需提前结束，请先调整这一步的日期
              the step of publication lasts until 2027-06-30: wait for the day after, or change its days first
        "#]].assert_eq(&refusal(round.forward().await));
        let answer = Answer {
            objection_id: objection,
            expected_version: 1,
            upheld: false,
            answer: "名单符合办法第五条".to_owned(),
        };
        objections::answer(&town.scope, answer).await.expect("an answer");
        round.enters("2027-07-01", RoundState::Approving).await;

        expect![[r#"
            NO_APPROVED_PROPOSAL
              公示的方案还没有批准：请先审批
              the public proposal is not approved yet: approve it first
        "#]].assert_eq(&refusal(round.forward().await));
        round.proposal_becomes(1, ProposalState::Approved).await;
        round.enters("2027-08-15", RoundState::Dispatching).await;

        expect![[r#"
            NOT_DISPATCHED
              1人还没有派遣（赵敏）：请批准各人的派遣，或撤回并写明理由
              people who are not dispatched: 1 (赵敏); approve their placements, or withdraw them with a reason
        "#]].assert_eq(&refusal(round.forward().await));
        dispatches(&round).await;
        round.enters("2027-09-01", RoundState::Serving).await;

        expect![[r#"
            ASSESSMENTS_MISSING
              1人还没有中期检查（赵敏）：请先登记中期检查的结果
              people without a mid-term check: 1 (赵敏); record its result first
            STEP_NOT_OVER
              在岗到 2029-05-31 才结束：请等到次日；确需提前结束，请先调整这一步的日期
              the step of service lasts until 2029-05-31: wait for the day after, or change its days first
        "#]].assert_eq(&refusal(round.forward().await));
        assesses(&round, AssessmentKind::MidTerm).await;
        round.enters("2029-06-01", RoundState::Assessing).await;

        expect![[r#"
            ASSESSMENTS_MISSING
              1人还没有期满考核（赵敏）：请先登记期满考核的结果
              people without a final assessment: 1 (赵敏); record its result first
        "#]].assert_eq(&refusal(round.forward().await));
        assesses(&round, AssessmentKind::Final).await;
        round.enters("2029-06-30", RoundState::Closed).await;
        assert_eq!(round.missing().await, "");
        expect![[r#"
            ROUND_CLOSED
              “2027年教师交流轮岗”已经结束
              "2027年教师交流轮岗" is closed
        "#]].assert_eq(&refusal(round.forward().await));

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
        let round = town.opens_the_round_of_2027().await;
        expect![[r#"
            WRONG_STEP
              “2027年教师交流轮岗”现在的步骤是“摸底”，不能退回上一步；这要在“申报”或“学校推荐”或“拟订方案”或“公示”或“审批”进行
              "2027年教师交流轮岗" is at the step of the count: going back a step belongs to that of applications or school recommendations or the proposal or publication or approval
        "#]].assert_eq(&refusal(round.back("重新摸底").await));
        round.counts().await;
        round.enters("2027-06-01", RoundState::Applying).await;
        expect![[r#"
            REASON_MISSING reason
              请写明原因
              please give the reason
        "#]].assert_eq(&refusal(round.back("  ").await));

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
        expect![[r#"
            WRONG_STEP
              “2027年教师交流轮岗”现在的步骤是“派遣”，不能退回上一步；这要在“申报”或“学校推荐”或“拟订方案”或“公示”或“审批”进行
              "2027年教师交流轮岗" is at the step of dispatch: going back a step belongs to that of applications or school recommendations or the proposal or publication or approval
        "#]].assert_eq(&refusal(round.back("想再改").await));
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
        expect![[r#"
            OBJECTIONS_UNHEEDED 缺：1件异议已认定成立，公示的方案对所涉的人却没有改：请退回“拟订方案”，写明理由另拟一号再公示
        "#]].assert_eq(&round.missing().await);

        round.back("异议成立，另拟一版").await.expect("a step back");
        round.proposal_becomes(1, ProposalState::Superseded).await;
        round.proposal_to(2, ProposalState::Publicised, "石桥小学").await;
        expect![[r#"
            PUBLICITY_TOO_SHORT
              公示的日期到 2027-06-30 已经过去，公示不得少于5个工作日：请把公示延长到 2027-07-07 或以后
              the days of publication ended on 2027-06-30, and a proposal is public for 5 working days at least: let the step last until 2027-07-07 or longer
        "#]].assert_eq(&refusal(round.forward().await));
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
async fn a_new_proposal_that_says_the_same_of_her_does_not_heed_the_objection() {
    on_both(async |town| {
        let round = publicised(town).await;
        let objection_id = objects(&round).await;
        let answer =
            Answer { objection_id, expected_version: 1, upheld: true, answer: "予以更正".to_owned() };
        objections::answer(&town.scope, answer).await.expect("an answer");
        round.back("异议成立，另拟一号").await.expect("a step back");
        round.proposal_becomes(1, ProposalState::Superseded).await;
        round.proposal(2, ProposalState::Publicised).await;
        round.enters("2027-06-21", RoundState::Publicising).await;
        let missing = round.missing().await;
        assert!(missing.starts_with("OBJECTIONS_UNHEEDED 缺：1件异议已认定成立"), "{missing}");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn days_that_people_rely_on_change_only_for_a_reason() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let silently = |step: &tongpan::entity::round_step::Model, from: &str, due: &str| Rescheduling {
            reason: Some(" ".to_owned()),
            ..days(step, from, due)
        };
        let step = round.step(RoundState::Applying).await;
        let change = silently(&step, "2027-06-01", "2027-06-11");
        steps::reschedule(&town.scope, change)
            .await
            .expect("nobody knows the days before the round is counted");
        let step = round.step(RoundState::Counting).await;
        expect![[r#"
            REASON_MISSING reason
              摸底的日期已经告知大家，改期请写明原因
              people rely on the days of the count: say why they change
        "#]]
        .assert_eq(&refusal(
            steps::reschedule(&town.scope, silently(&step, "2027-05-01", "2027-05-30")).await,
        ));
        round.counts().await;
        round.enters("2027-06-01", RoundState::Applying).await;
        let step = round.step(RoundState::Approving).await;
        expect![[r#"
            REASON_MISSING reason
              审批的日期已经告知大家，改期请写明原因
              people rely on the days of approval: say why they change
        "#]]
        .assert_eq(&refusal(
            steps::reschedule(&town.scope, silently(&step, "2027-07-02", "2027-07-31")).await,
        ));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn days_of_steps_stay_in_order_and_a_proposal_is_public_for_five_working_days() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let step = round.step(RoundState::Publicising).await;
        let change =
            async |from: &str, due: &str| steps::reschedule(&town.scope, days(&step, from, due)).await;
        expect![[r#"
            ENDS_BEFORE_IT_BEGINS dueOn
              结束日期不能早于开始日期
              it would end before it begins
        "#]].assert_eq(&refusal(change("2027-06-25", "2027-06-24").await));
        expect![[r#"
            STEPS_OUT_OF_ORDER fromOn
              公示的开始日期不能早于拟订方案的开始日期 2027-06-16；请先调整拟订方案
              the step of publication may not begin before 2027-06-16, when the step of the proposal begins: change that step first
        "#]].assert_eq(&refusal(change("2027-06-15", "2027-06-30").await));
        expect![[r#"
            STEPS_OUT_OF_ORDER fromOn
              公示的开始日期不能晚于审批的开始日期 2027-07-01；请先调整审批
              the step of publication may not begin after 2027-07-01, when the step of approval begins: change that step first
        "#]].assert_eq(&refusal(change("2027-07-02", "2027-07-20").await));
        expect![[r#"
            PUBLICITY_TOO_SHORT dueOn
              公示不得少于5个工作日，2027-06-24 至 2027-06-29 只有4个：请把公示延长到 2027-06-30 或以后
              a proposal is public for 5 working days at least, and 2027-06-24 to 2027-06-29 has 4: let the step last until 2027-06-30 or longer
        "#]].assert_eq(&refusal(change("2027-06-24", "2027-06-29").await));
        let changed = change("2027-06-24", "2027-06-30").await.expect("other days");
        assert_eq!((changed.due_on, changed.version), (day("2027-06-30"), 2));
        let stale = change("2027-06-24", "2027-07-05").await;
        assert!(matches!(stale, Err(Error::Stale(_))), "{stale:?}");

        let three = Rescheduling { working_days: Some(3), ..days(&changed, "2027-06-24", "2027-06-28") };
        assert_eq!(steps::reschedule(&town.scope, three).await.expect("three days").working_days, Some(3));
        let applying = round.step(RoundState::Applying).await;
        let odd = Rescheduling { working_days: Some(3), ..days(&applying, "2027-06-01", "2027-06-10") };
        expect![[r#"
            INVALID_WORKING_DAYS workingDays
              只有公示有最少工作日
              only the step PUBLICISING has a least number of working days
        "#]].assert_eq(&refusal(steps::reschedule(&town.scope, odd).await));

        round.counts().await;
        round.enters("2027-06-01", RoundState::Applying).await;
        let counting = round.step(RoundState::Counting).await;
        let over = days(&counting, "2027-05-01", "2027-06-30");
        expect![[r#"
            STEP_OVER step
              摸底这一步已经过去，日期不能再改
              the step of the count is over: its days cannot change any more
        "#]].assert_eq(&refusal(steps::reschedule(&town.scope, over).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn who_looked_at_an_older_round_takes_no_step() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
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
        reason: Some("安排有变".to_owned()),
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
    let decision = Decision {
        exemption_id,
        expected_version: 1,
        accepted: false,
        announced: false,
        reason: "未经校内公示".to_owned(),
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
    round.stands_placed("T11", "城东小学", PlacementForm::Exchange, None).await;
    dispatch::dispatch(&round.town.scope, round.id).await.expect("a posting");
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
