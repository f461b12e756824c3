//! Exemptions and their papers, what schools say, objections and their answers; who is told what.

use expect_test::{expect, expect_file};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::entity::exemption;
use tongpan::entity::values::*;
use tongpan::error::{Error, Language};
use tongpan::mail::Sent;
use tongpan::rotations::exemptions::{self, Decision, NewExemption};
use tongpan::rotations::objections::{self, Answer, NewObjection};
use tongpan::rotations::recommendations::{self, Opinion};

use crate::harness::{Harness, on_both};
use crate::mails::Readable;
use crate::rotation_steps::publicised;
use crate::rounds::{Round, refusal};
use crate::rows::day;

async fn asks(round: &Round<'_>, number: &str, kind: ExemptionKind) -> NewExemption {
    NewExemption {
        round_id: round.id,
        teacher_id: round.town.person(number).await.id,
        kind,
        evidence: "县医院证明 2027-031".to_owned(),
        evidence_from_on: day("2027-05-20"),
        expires_on: None,
    }
}

#[tokio::test]
async fn an_exemption_names_its_paper_and_counts_as_long_as_its_kind_may() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        let nothing =
            NewExemption { evidence: " ".to_owned(), ..asks(&round, "T11", ExemptionKind::Illness).await };
        let nothing = NewExemption { evidence_from_on: day("2027-06-02"), ..nothing };
        expect![[r#"
            EVIDENCE_MISSING evidence
              病假须有县级以上医院的诊断证明，并经校内公示：请写明材料名称和编号
              illness needs a certificate of a county hospital or a higher one, made public at the school: say which paper, and its number
            EVIDENCE_TO_COME evidenceFromOn
              证明的日期不能晚于今天
              the paper cannot be of a day to come
        "#]].assert_eq(&refusal(exemptions::submit(&town.scope, nothing).await));
        let long = asks(&round, "T11", ExemptionKind::FeatureCourse).await;
        let long = NewExemption { expires_on: Some(day("2030-05-20")), ..long };
        expect![[r#"
            EXPIRES_TOO_LATE expiresOn
              特色课程带头人最迟到 2030-05-19 为止，请改正到期日
              lead of a feature course counts until 2030-05-19 at the latest: correct the day
        "#]].assert_eq(&refusal(exemptions::submit(&town.scope, long).await));
        let over = asks(&round, "T11", ExemptionKind::Nursing).await;
        let over = NewExemption { expires_on: Some(day("2027-08-01")), ..over };
        expect![[r#"
            EXPIRES_BEFORE_SERVICE expiresOn
              到 2027-08-01 为止，早于本批次开始服务的 2027-09-01，不影响本次交流，不必申请
              it ends on 2027-08-01, before service begins on 2027-09-01: it does not concern this round
        "#]].assert_eq(&refusal(exemptions::submit(&town.scope, over).await));
        let before = asks(&round, "T11", ExemptionKind::Nursing).await;
        let before = NewExemption { expires_on: Some(day("2027-05-19")), ..before };
        expect![[r#"
            ENDS_BEFORE_IT_BEGINS expiresOn
              结束日期不能早于开始日期
              it would end before it begins
        "#]].assert_eq(&refusal(exemptions::submit(&town.scope, before).await));

        let hardship = asks(&round, "T11", ExemptionKind::Hardship).await;
        expect![[r#"
            GROUND_NOT_IN_POLICY kind
              “2027年教师交流轮岗”执行的政策没有“特殊困难”这一事由；有：孕期、哺乳期、病假、特色课程带头人
              the policy of "2027年教师交流轮岗" knows no exemption for hardship; it knows: pregnancy, nursing, illness, lead of a feature course
        "#]].assert_eq(&refusal(exemptions::submit(&town.scope, hardship).await));

        let nursing = asks(&round, "T11", ExemptionKind::Nursing).await;
        let row = exemptions::submit(&town.scope, nursing).await.expect("an exemption");
        assert_eq!(row.expires_on, Some(day("2028-05-19")), "a year at most");
        let again = asks(&round, "T11", ExemptionKind::Nursing).await;
        expect![[r#"
            ALREADY_ASKED kind
              赵敏以“哺乳期”提出的申请已提交，不必重复申请
              赵敏 has asked for nursing already, and it is handed in
        "#]].assert_eq(&refusal(exemptions::submit(&town.scope, again).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn an_exemption_is_decided_with_a_reason_or_otherwise_and_before_a_proposal_is_made() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        let new = asks(&round, "T11", ExemptionKind::Pregnancy).await;
        let row = exemptions::submit(&town.scope, new).await.expect("an exemption");
        let decision = |accepted, reason: &str, version| Decision {
            exemption_id: row.id,
            expected_version: version,
            accepted,
            announced: false,
            reason: reason.to_owned(),
        };
        expect![[r#"
            REASON_MISSING reason
              请写明原因
              please give the reason
        "#]].assert_eq(&refusal(exemptions::decide(&town.scope, decision(true, "", 1)).await));
        let office = town.as_person("T03").await;
        let decided = exemptions::decide(&office, decision(true, "符合规定", 1)).await.expect("a decision");
        assert_eq!((decided.state, decided.decided_by.as_deref()), (ExemptionState::Accepted, Some("T03")));
        expect![[r#"
            ALREADY_DECIDED
              这件申请的结果已经是“已同意”
              it is accepted already
        "#]].assert_eq(&refusal(exemptions::decide(&town.scope, decision(true, "再审", 2)).await));
        let mended = exemptions::decide(&office, decision(false, "有误", 2)).await.expect("another decision");
        assert_eq!((mended.state, mended.version), (ExemptionState::Refused, 3));

        round.enters("2027-06-11", RoundState::Recommending).await;
        round.enters("2027-06-16", RoundState::Proposing).await;
        let late = asks(&round, "T12", ExemptionKind::Illness).await;
        expect![[r#"
            WRONG_STEP
              “2027年教师交流轮岗”现在的步骤是“拟订方案”，不能申请免于或暂缓交流；这要在“摸底”或“申报”或“学校推荐”进行，确需办理请先退回
              "2027年教师交流轮岗" is at the step of the proposal: asking for an exemption belongs to that of the count or applications or school recommendations: go back first if it must be done
        "#]].assert_eq(&refusal(exemptions::submit(&town.scope, late).await));
        let kept = exemption::Entity::find().filter(exemption::Column::RoundId.eq(round.id));
        assert_eq!(kept.all(town.scope.reader()).await.expect("exemptions").len(), 1);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_ground_that_is_made_public_is_accepted_only_once_it_was() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        let row = exemptions::submit(&town.scope, asks(&round, "T11", ExemptionKind::Illness).await).await;
        let row = row.expect("an exemption");
        let accepts = |announced| {
            let reason = "材料齐全".to_owned();
            let decision =
                Decision { exemption_id: row.id, expected_version: 1, accepted: true, announced, reason };
            exemptions::decide(&town.scope, decision)
        };
        expect![[r#"
            NOT_ANNOUNCED announced
              “病假”须经校内公示才能同意：请学校公示后，确认已经公示再审定
              illness is accepted only after it was made public at the school: let the school do so, then confirm it
        "#]].assert_eq(&refusal(accepts(false).await));
        let decided = accepts(true).await.expect("a decision");
        assert_eq!(decided.state, ExemptionState::Accepted);
        assert_eq!(decided.decision_reason.as_deref(), Some("材料齐全（已经校内公示）"));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_ground_for_women_is_none_for_a_man_and_one_that_lasts_counts_in_the_next_round_too() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        let his = asks(&round, "T12", ExemptionKind::Nursing).await;
        expect![[r#"
            GROUND_NOT_HERS kind
              孙强登记为男，不能以“哺乳期”申请；请核对姓名和事由
              孙强 is on file as a man, for whom nursing is no ground: check name and ground
        "#]]
        .assert_eq(&refusal(exemptions::submit(&town.scope, his).await));
        for kind in [ExemptionKind::FeatureCourse, ExemptionKind::Nursing] {
            let new = asks(&round, "T11", kind).await;
            let row = exemptions::submit(&town.scope, new).await.expect("an exemption");
            let decision = Decision {
                exemption_id: row.id,
                expected_version: 1,
                accepted: true,
                announced: true,
                reason: "材料齐全".to_owned(),
            };
            exemptions::decide(&town.scope, decision).await.expect("a decision");
        }
        let next = tongpan::rotations::NewRound {
            name: "2028年教师交流轮岗".to_owned(),
            starts_on: day("2028-09-01"),
            ends_on: day("2030-08-31"),
            group_id: None,
            policy_id: None,
        };
        let next = tongpan::rotations::create_round(&town.scope, next).await.expect("a round");
        let kinds = async |of: &tongpan::entity::rotation_round::Model| {
            let held = exemptions::in_force(of).all(town.scope.reader()).await.expect("exemptions");
            held.into_iter().map(|row| row.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&round.now().await).await, [ExemptionKind::FeatureCourse, ExemptionKind::Nursing]);
        assert_eq!(kinds(&next).await, [ExemptionKind::FeatureCourse], "nursing ends before service begins");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn two_officers_who_decide_at_once_do_not_both_decide() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        for (at, number) in ["T11", "T21"].into_iter().enumerate() {
            let new = asks(&round, number, ExemptionKind::Pregnancy).await;
            let row = exemptions::submit(&town.scope, new).await.expect("an exemption");
            let decides = |accepted| {
                let reason = "材料已核".to_owned();
                let (exemption_id, announced) = (row.id, false);
                let decision = Decision { exemption_id, expected_version: 1, accepted, announced, reason };
                exemptions::decide(&town.scope, decision)
            };
            let both = tokio::join!(decides(true), decides(false));
            assert!(both.0.is_ok() != both.1.is_ok(), "{at}: {both:?}");
            let late = both.0.err().or(both.1.err()).expect("the one who was late");
            assert!(matches!(late, Error::Stale(_)), "{late:?}");
        }
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_school_says_what_it_thinks_of_those_whom_the_round_is_about() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        round.applies("T12", &["城东小学"]).await;
        let opinion = async |number: &str, verdict, reason: &str, expected_version| Opinion {
            round_id: round.id,
            teacher_id: town.person(number).await.id,
            verdict,
            reason: reason.to_owned(),
            expected_version,
        };
        let (yes, no) = (RecommendationVerdict::Recommended, RecommendationVerdict::Opposed);
        let early = recommendations::set(&town.scope, opinion("T12", yes, "", None).await).await;
        expect![[r#"
            WRONG_STEP
              “2027年教师交流轮岗”现在的步骤是“申报”，不能填写学校推荐意见；这要在“学校推荐”进行，请到那一步再办
              "2027年教师交流轮岗" is at the step of applications: recommending belongs to that of school recommendations: wait for that step
        "#]]
        .assert_eq(&refusal(early));
        round.enters("2027-06-11", RoundState::Recommending).await;

        let applicant = recommendations::set(&town.scope, opinion("T12", yes, "", None).await).await;
        assert_eq!(applicant.expect("an opinion").school_id, town.school_named("河湾小学").await.id);
        recommendations::set(&town.scope, opinion("T11", yes, "", None).await)
            .await
            .expect("who was counted");
        let silent = recommendations::set(&town.scope, opinion("T12", no, " ", Some(1)).await).await;
        expect![[r#"
            REASON_MISSING reason
              学校意见为“不同意”的，请写明理由
              say why the verdict is "opposed"
        "#]]
        .assert_eq(&refusal(silent));
        let second = recommendations::set(&town.scope, opinion("T12", no, "毕业班", Some(1)).await).await;
        assert_eq!(second.expect("a second opinion").verdict, no);
        let stranger = recommendations::set(&town.scope, opinion("T31", yes, "", None).await).await;
        expect![[r#"
            NOT_CONCERNED teacherId
              郑红没有申报，也不在“2027年教师交流轮岗”的摸底名单中，不需要学校意见；请核对姓名
              郑红 neither applies nor was counted in "2027年教师交流轮岗": check who is meant
        "#]]
        .assert_eq(&refusal(stranger));
        town.worker().drains_outbox().await;
    })
    .await;
}

fn objection(round: &Round<'_>, by: Option<&str>, content: &str) -> NewObjection {
    NewObjection {
        round_id: round.id,
        teacher_id: None,
        raised_by: by.map(str::to_owned),
        content: content.to_owned(),
    }
}

#[tokio::test]
async fn objections_are_raised_while_a_proposal_is_public_and_answered_once() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        let early = objections::raise(&town.scope, objection(&round, Some("家长"), "不公平")).await;
        expect![[r#"
            WRONG_STEP
              “2027年教师交流轮岗”现在的步骤是“申报”，不能提出异议；这要在“公示”进行，请到那一步再办
              "2027年教师交流轮岗" is at the step of applications: objecting belongs to that of publication: wait for that step
        "#]].assert_eq(&refusal(early));
        round.enters("2027-06-11", RoundState::Recommending).await;
        round.enters("2027-06-16", RoundState::Proposing).await;
        let proposal = round.proposal(1, ProposalState::Publicised).await;
        round.enters("2027-06-21", RoundState::Publicising).await;

        let silent = objections::raise(&town.scope, objection(&round, Some("家长"), " ")).await;
        expect![[r#"
            CONTENT_MISSING content
              请写明异议的内容
              please say what you object to
        "#]].assert_eq(&refusal(silent));
        let nobody = objections::raise(&town.scope, objection(&round, None, "不公平")).await;
        expect![[r#"
            RAISER_MISSING raisedBy
              请写明提出异议的人：工号或姓名
              say who raises it: a staff number, or a name
        "#]].assert_eq(&refusal(nobody));
        let sun = town.as_person("T12").await;
        let raised =
            objections::raise(&sun, objection(&round, None, " 名额太少 ")).await.expect("an objection");
        assert_eq!((raised.raised_by.as_str(), raised.content.as_str()), ("T12", "名额太少"));
        assert_eq!(raised.proposal_id, Some(proposal.id));

        let answer = |text: &str, version| Answer {
            objection_id: raised.id,
            expected_version: version,
            upheld: false,
            answer: text.to_owned(),
        };
        expect![[r#"
            ANSWER_MISSING answer
              请写明答复的内容和理由
              please say what is answered, and why
        "#]].assert_eq(&refusal(objections::answer(&town.scope, answer("", 1)).await));
        objections::answer(&town.scope, answer("名额按办法核定", 1)).await.expect("an answer");
        expect![[r#"
            ALREADY_ANSWERED
              这件异议已经答复（不成立）；有新的情况请另提异议
              it is answered already (rejected): if there is something new, raise another
        "#]].assert_eq(&refusal(objections::answer(&town.scope, answer("再答", 2)).await));
        town.it_is("2027-07-01 08:00");
        let late = objections::raise(&sun, objection(&round, None, "还是太少")).await;
        expect![[r#"
            OUTSIDE_STEP
              公示的时间是 2027-06-21 至 2027-06-30，今天 2027-07-01 不在其中；确需办理，请教育局先调整这一步的日期
              the days of publication are 2027-06-21 to 2027-06-30, and today is 2027-07-01: ask the office to change them first
        "#]].assert_eq(&refusal(late));
        town.worker().drains_outbox().await;
    })
    .await;
}

/// The mails of a kind as people read them, one below the other.
fn letters(town: &Harness, kind: &str) -> String {
    let of_kind = |mail: &Sent| mail.kind() == kind;
    let shown: Vec<String> =
        town.sent().iter().filter(|mail| of_kind(mail)).map(|mail| mail.letter()).collect();
    shown.join("\n\n══════\n\n")
}

/// Everything a round tells, once in each language.
async fn tells_everything(town: &Harness, language: Language) {
    let round = town.takes_applications().await;
    round.applies("T11", &["城东小学", "石桥小学"]).await;
    let new = asks(&round, "T21", ExemptionKind::Pregnancy).await;
    let row = exemptions::submit(&town.scope, new).await.expect("an exemption");
    let decision = Decision {
        exemption_id: row.id,
        expected_version: 1,
        accepted: true,
        announced: false,
        reason: "符合规定".to_owned(),
    };
    exemptions::decide(&town.scope, decision).await.expect("a decision");
    town.worker_writing(language).drains_outbox().await;
    for morning in ["2027-06-03 08:00", "2027-06-09 08:00", "2027-06-11 08:00"] {
        town.it_is(morning);
        town.worker_writing(language).drains_outbox().await;
    }
    round.enters("2027-06-11", RoundState::Recommending).await;
    town.it_is("2027-06-12 08:30");
    round.back("漏收两份申报").await.expect("a step back");
    let step = round.step(RoundState::Applying).await;
    let change = tongpan::rotations::steps::Rescheduling {
        step_id: step.id,
        expected_version: step.version,
        from_on: day("2027-06-01"),
        due_on: day("2027-06-20"),
        working_days: None,
        reason: Some("漏收两份申报".to_owned()),
    };
    let refused = tongpan::rotations::steps::reschedule(&town.scope, change).await;
    refused.expect("more days for applications");
    town.worker_writing(language).drains_outbox().await;
}

/// An objection that is answered, told in `language`.
async fn answers(town: &Harness, language: Language) {
    let round = publicised(town).await;
    let raised = objections::raise(&town.scope, objection(&round, Some("T12"), "名额太少")).await;
    let objection_id = raised.expect("an objection").id;
    let answer =
        Answer {
            objection_id, expected_version: 1, upheld: false, answer: "名额按办法核定".to_owned()
        };
    objections::answer(&town.scope, answer).await.expect("an answer");
    town.worker_writing(language).drains_outbox().await;
}

const KINDS: [&str; 4] = ["step_opened", "step_due", "application_received", "exemption_decided"];

#[tokio::test]
async fn those_in_charge_and_those_concerned_are_told_in_chinese() {
    on_both(async |town| {
        tells_everything(town, Language::Chinese).await;
        let shown = KINDS.map(|kind| letters(town, kind)).join("\n\n══════\n\n");
        expect_file!["expected/rotation_letters.txt"].assert_eq(&shown);
    })
    .await;
    on_both(async |town| {
        answers(town, Language::Chinese).await;
        expect_file!["expected/rotation_answer.txt"].assert_eq(&letters(town, "objection_answered"));
    })
    .await;
}

#[tokio::test]
async fn those_in_charge_and_those_concerned_are_told_in_english() {
    on_both(async |town| {
        tells_everything(town, Language::English).await;
        let shown = KINDS.map(|kind| letters(town, kind)).join("\n\n══════\n\n");
        expect_file!["expected/rotation_letters_en.txt"].assert_eq(&shown);
    })
    .await;
    on_both(async |town| {
        answers(town, Language::English).await;
        expect_file!["expected/rotation_answer_en.txt"].assert_eq(&letters(town, "objection_answered"));
    })
    .await;
}
