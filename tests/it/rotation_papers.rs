//! The papers of a round, cell by cell.

use std::fs;

use expect_test::{expect, expect_file};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use tongpan::entity::values::*;
use tongpan::entity::{exemption, honour, recommendation, staffing, subject};
use tongpan::id::{self, Kind};
use tongpan::rotations::dispatch::{self, ServiceChange};
use tongpan::rotations::papers::{self, PaperKind};
use tongpan::scope::{Actor, Scope};
use tongpan::transfer;

use crate::commands::Office;
use crate::harness::{Harness, on_both};
use crate::rotation_certificates::sheets;
use crate::rounds::Round;
use crate::rows::day;
use crate::service::{Service, WANG, ZHAO, answers};

async fn shown(round: &Round<'_>, kind: PaperKind) -> String {
    let paper = papers::paper(&round.town.scope, &round.now().await, kind).await.expect("a paper");
    sheets(transfer::papers::workbook(&paper).expect("a workbook"))
}

/// A line of 学科余缺 more.
async fn staffs(round: &Round<'_>, school: &str, subject_name: &str, needed: i32, present: i32) {
    let town = round.town;
    let subject = subject::Entity::find().filter(subject::Column::Name.eq(subject_name));
    let subject = subject.one(town.scope.reader()).await.expect("subjects").expect("a subject");
    town.insert(staffing::Model {
        id: id::new(),
        district_id: town.district_id(),
        round_id: round.id,
        school_id: town.school_named(school).await.id,
        stage: Stage::Primary,
        subject_id: subject.id,
        needed,
        present,
        source: StaffingSource::Corrected,
        note: Some("=1+1 两人产假".to_owned()),
        version: 1,
    })
    .await;
}

/// A round that takes applications, in which three schools are staffed and two people have applied.
async fn applied(town: &Harness) -> Round<'_> {
    let round = town.takes_applications().await;
    staffs(&round, "城东小学", "数学", 2, 4).await;
    staffs(&round, "石桥小学", "数学", 3, 2).await;
    staffs(&round, "城东小学", "语文", 2, 2).await;
    round.applies("T02", &["石桥小学", "河湾小学"]).await;
    round.applies("T11", &["城东小学"]).await;
    let zhao = town.person("T11").await;
    town.insert(exemption::Model {
        id: id::new(),
        district_id: town.district_id(),
        round_id: round.id,
        teacher_id: zhao.id,
        kind: ExemptionKind::Nursing,
        evidence: "出生医学证明 2027-03".to_owned(),
        evidence_from_on: day("2027-03-02"),
        expires_on: Some(day("2028-03-01")),
        state: ExemptionState::Refused,
        decision_reason: Some("服务开始前已满期".to_owned()),
        decided_by: None,
        version: 2,
    })
    .await;
    town.insert(recommendation::Model {
        id: id::new(),
        district_id: town.district_id(),
        round_id: round.id,
        teacher_id: zhao.id,
        school_id: town.school_named("河湾小学").await.id,
        verdict: RecommendationVerdict::Reserved,
        reason: "毕业班数学仅此一人".to_owned(),
        version: 1,
    })
    .await;
    town.insert(honour::Model {
        id: id::new(),
        district_id: town.district_id(),
        teacher_id: zhao.id,
        level: HonourLevel::County,
        name: "县级骨干".to_owned(),
        awarded_on: None,
        expires_on: None,
    })
    .await;
    town.worker().drains_outbox().await;
    round
}

#[tokio::test]
async fn surplus_and_shortage_are_added_up_by_school_and_by_subject() {
    on_both(async |town| {
        let round = applied(town).await;
        expect_file!["expected/rotation_staffing.txt"].assert_eq(&shown(&round, PaperKind::Staffing).await);
    })
    .await;
}

#[tokio::test]
async fn an_application_is_a_form_for_each_applicant() {
    on_both(async |town| {
        let round = applied(town).await;
        expect_file!["expected/rotation_forms.txt"].assert_eq(&shown(&round, PaperKind::Applications).await);
    })
    .await;
}

#[tokio::test]
async fn posts_are_counted_with_who_wishes_for_them_and_who_was_placed() {
    on_both(async |town| {
        let round = applied(town).await;
        round.sends(&WANG).await;
        round.places(&ZHAO).await;
        expect_file!["expected/rotation_posts.txt"].assert_eq(&shown(&round, PaperKind::Posts).await);
    })
    .await;
}

#[tokio::test]
async fn the_name_list_is_of_the_proposal_until_people_are_placed() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        assert!(shown(&round, PaperKind::NameList).await.contains("（无）"));
        round.proposal(1, ProposalState::Publicised).await;
        let proposed = shown(&round, PaperKind::NameList).await;
        round.sends(&WANG).await;
        round.places(&ZHAO).await;
        let placed = shown(&round, PaperKind::NameList).await;
        expect_file!["expected/rotation_name_list.txt"].assert_eq(&format!("{proposed}\n{placed}"));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn the_feedback_is_about_those_on_support_or_secondment() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        round.sends(&ZHAO).await;
        round.sends(&WANG).await;
        round
            .sends(&Service {
                number: "T12", school: "石桥小学", form: PlacementForm::Secondment, ..ZHAO
            })
            .await;
        expect_file!["expected/rotation_feedback.txt"].assert_eq(&shown(&round, PaperKind::Feedback).await);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn the_api_gives_the_rows_of_a_paper_to_whoever_is_signed_in() {
    on_both(async |town| {
        let round = applied(town).await;
        let ask = "query($round: ID!, $kind: RotationPaperKind!) { rotationPaper(roundId: $round, kind: $kind) {
            name tables { name title headings rows sums notes } forms { name title fields { label value } } } }";
        let of = |kind: &str| json!({ "round": Kind::Round.id(round.id), "kind": kind });
        expect![[r#"{"data":{"rotationPaper":{"forms":[],"name":"岗位统计表","tables":[{"headings":["序号","接收学校","城乡","学段","学科","核定需求","现有人数","交流岗位数","第一志愿人数","志愿总人数","安排人数","其中骨干","尚缺"],"name":"岗位统计表","notes":["交流岗位数＝核定需求多于现有人数的部分；志愿按申报教师的学段、学科归入，学段不同的归入该校同一学科。","填报单位（盖章）：　　　　　　　　填报人：　　　　　　　　审核人：　　　　　　　　填报日期：2027年6月1日"],"rows":[["1","城东小学","城区","小学","数学","2","4","","1","1","","",""],["2","河湾小学","乡村","小学","数学","3","2","1","","1","","","1"],["3","石桥小学","镇区","小学","数学","3","2","1","1","1","","","1"]],"sums":["合计","","","","","8","8","2","2","3","0","0","2"],"title":"测试县2027年教师交流轮岗岗位统计表"}]}}}"#]].assert_eq(&answers(&town.scope, ask, of("POSTS")).await.to_string());
        let forms = answers(&town.scope, ask, of("APPLICATIONS")).await;
        assert_eq!(forms["data"]["rotationPaper"]["forms"][0]["name"], "T02 王芳");
        let nobody = Scope { actor: Actor::Nobody, ..town.scope.clone() };
        assert_eq!(answers(&nobody, ask, of("NAME_LIST")).await["data"]["rotationPaper"], json!(null));
    })
    .await;
}

#[test]
fn papers_and_certificates_are_written_from_the_terminal() {
    let office = Office::with_the_town();
    office.must(&["rotation", "open", "2027年教师交流轮岗", "--from", "2027-09-01", "--until", "2029-08-31"]);
    let mut told = String::new();
    for kind in ["学科余缺汇总表", "个人申请表", "岗位统计表", "花名册", "支教(挂职)教师信息反馈表"]
    {
        told.push_str(&office.must(&["rotation", "paper", kind, &format!("{kind}.xlsx")]));
    }
    told.push_str(&office.refuses(&["rotation", "paper", "名单", "名单.xlsx"]));
    told.push_str(&office.refuses(&["rotation", "paper", "花名册", "花名册.xlsx"]));
    told.push_str(&office.refuses(&["rotation", "certificate"]));
    told.push_str(&office.refuses(&["rotation", "certificate", "T11", "--xlsx", "证明.xlsx"]));
    told.push_str(&office.refuses(&["rotation", "certificate", "--check", "T11-20280831-00000000"]));
    told.push_str(&office.refuses(&["rotation", "assess", "T11", "中期检查", "称职"]));
    told.push_str(&office.must(&["rotation", "assessments", "--missing"]));
    expect![[r#"
        已写出 学科余缺汇总表.xlsx：学科余缺汇总表，目前没有内容可填。
        已写出 个人申请表.xlsx：个人申请表，目前没有内容可填。
        已写出 岗位统计表.xlsx：岗位统计表，目前没有内容可填。
        已写出 花名册.xlsx：花名册，目前没有内容可填。
        已写出 支教(挂职)教师信息反馈表.xlsx：支教（挂职）教师信息反馈表，目前没有内容可填。
        错误: 看不懂“名单”，可以写：学科余缺汇总表、个人申请表、岗位统计表、花名册、支教（挂职）教师信息反馈表
        错误: 花名册.xlsx 已存在，没有覆盖：请换一个文件名，或先移走它
        错误: “2027年教师交流轮岗”还没有派遣的人；请写明工号
        错误: 赵敏到 2026-09-01 为止没有在外校任教的记录；请核对姓名，或先登记派遣
        错误: 没有编号为 T11-20280831-00000000 的证明：编号有误，或所依据的派遣、课表、考核后来有改动；请重新开具
        错误: 赵敏不在“2027年教师交流轮岗”的安排中；请核对工号，或用 --round 指定批次
        没有待考核的人。
    "#]].assert_eq(&told);
    let written = fs::read(office.path("花名册.xlsx")).expect("the file");
    assert!(sheets(written).contains("（无）"));
    assert!(!office.path("证明.xlsx").exists());
}

#[tokio::test]
async fn who_is_called_back_early_is_told_in_the_list_of_names() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let proposal = round.proposal(1, ProposalState::Approved).await;
        let (placed, _) = round.sends(&ZHAO).await;
        let mut row = placed.into_active_model();
        row.proposal_id = Set(Some(proposal.id));
        let txn = town.scope.begin().await.expect("a transaction");
        let placed = row.update(&*txn).await.expect("the placement");
        txn.commit().await.expect("a commit");
        round.stands_at(RoundState::Serving).await;
        let change = ServiceChange {
            placement_id: placed.id,
            expected_version: placed.version,
            until_on: day("2028-01-31"),
            reason: "生病".to_owned(),
        };
        dispatch::recall(&town.scope, change).await.expect("she is back");
        let list = shown(&round, PaperKind::NameList).await;
        assert!(list.contains("2027.09.01 | 2028.01.31 | 5个月 | 已派遣 | 提前返回"), "{list}");
        town.worker().drains_outbox().await;
    })
    .await;
}
