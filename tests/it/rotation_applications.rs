//! Applications: from draft to submitted to withdrawn, alone and linked, by the form and on paper.

use expect_test::expect;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tongpan::entity::values::*;
use tongpan::entity::{application, rotation_round, school};
use tongpan::error::Error;
use tongpan::rotations::applications::{self, Form};
use tongpan::rotations::exemptions::{self, Decision, NewExemption};
use tongpan::transfer::import::ImportReport;
use tongpan::transfer::table::RawTable;

use crate::harness::{Harness, at, on_both};
use crate::rounds::{Round, refusal};
use crate::rows::day;
use crate::town::{sheet, small_town};

async fn stored(town: &Harness) -> Vec<application::Model> {
    let all = application::Entity::find().order_by_asc(application::Column::Id);
    all.all(town.scope.reader()).await.expect("applications")
}

/// Names of the schools of an application, the most wished one first.
async fn wished(town: &Harness, row: &application::Model) -> Vec<String> {
    let mut names = Vec::new();
    for wish in applications::wishes_of(town.scope.reader(), row).await.expect("wishes") {
        let schools = school::Entity::find_by_id(wish.school_id);
        let school = schools.one(town.scope.reader()).await.expect("schools").expect("a school");
        names.push(school.name);
    }
    names
}

#[tokio::test]
async fn who_was_counted_out_or_is_exempt_is_refused_with_the_reason() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        round.counts_out("T12", "借调在县教研室").await;
        let form = round.form("T12", &["城东小学"]).await;
        expect![[r#"
            COUNTED_OUT teacherId
              摸底时孙强为“不符合条件”（借调在县教研室），不能申报；结果有误的，请教育局退回摸底更正
              孙强 was counted as not eligible (借调在县教研室) and cannot apply: if that is wrong, let the office go back to the count and correct it
        "#]]
        .assert_eq(&refusal(applications::submit(&town.scope, form).await));

        let asked = NewExemption {
            round_id: round.id,
            teacher_id: town.person("T11").await.id,
            kind: ExemptionKind::Pregnancy,
            evidence: "孕检证明 31".to_owned(),
            evidence_from_on: day("2027-05-20"),
            expires_on: None,
        };
        let asked = exemptions::submit(&town.scope, asked).await.expect("an exemption");
        let (exemption_id, reason) = (asked.id, "符合规定".to_owned());
        let decision =
            Decision { exemption_id, expected_version: 1, accepted: true, announced: false, reason };
        exemptions::decide(&town.scope, decision).await.expect("a decision");
        let form = round.form("T11", &["城东小学"]).await;
        expect![[r#"
            EXEMPTED teacherId
              赵敏以“孕期”免于或暂缓本次交流的申请已同意，不能再申报；情况有变请联系教育局
              赵敏 is exempt from the round (pregnancy) and cannot apply: if things have changed, ask the office
        "#]]
        .assert_eq(&refusal(applications::submit(&town.scope, form).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn who_applied_on_paper_and_was_counted_out_is_named_before_the_next_step() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        round.applies("T12", &["城东小学"]).await;
        round.counts_out("T12", "借调在县教研室").await;
        let missing = round.missing().await;
        assert!(
            missing
                .contains("APPLICANTS_COUNTED_OUT 注意：1位申报人摸底时不在可以交流之列，申报不计入（孙强）"),
            "{missing}"
        );
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn an_application_is_drafted_handed_in_taken_back_and_handed_in_anew() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        let li = town.as_person("T11").await;
        let draft = applications::save(&li, round.form("T11", &[]).await).await.expect("a draft");
        assert_eq!((draft.state, draft.submitted_at), (ApplicationState::Draft, None));
        let nothing = round.form("T11", &[]).await;
        expect![[r#"
            WISHES_MISSING schoolIds
              请至少填一所志愿学校
              name one school at least
        "#]]
        .assert_eq(&refusal(applications::submit(&li, nothing).await));

        town.it_is("2027-06-02 10:00");
        let row = round.applies("T11", &["城东小学", "石桥小学"]).await;
        assert_eq!(
            (row.state, row.submitted_at),
            (ApplicationState::Submitted, Some(at("2027-06-02 10:00")))
        );
        assert_eq!(wished(town, &row).await, ["城东小学", "石桥小学"]);
        let again = round.form("T11", &["城东小学"]).await;
        expect![[r#"
            ALREADY_SUBMITTED
              申报已经提交：要修改，请改好后重新提交，或先撤回
              the application is handed in: hand it in anew with the changes, or withdraw it first
        "#]]
        .assert_eq(&refusal(applications::save(&li, again).await));
        let row = round.applies("T11", &["石桥小学", "城东小学", "城西小学"]).await;
        assert_eq!(wished(town, &row).await, ["石桥小学", "城东小学", "城西小学"]);

        let stale = applications::withdraw(&li, row.id, row.version - 1).await;
        assert!(matches!(stale, Err(Error::Stale(_))), "{stale:?}");
        let row = applications::withdraw(&li, row.id, row.version).await.expect("it is taken back");
        assert_eq!(row.state, ApplicationState::Withdrawn);
        expect![[r#"
            ALREADY_WITHDRAWN
              申报已经撤回
              the application was withdrawn already
        "#]]
        .assert_eq(&refusal(applications::withdraw(&li, row.id, row.version).await));
        let row = round.applies("T11", &["城东小学"]).await;
        assert_eq!((row.state, stored(town).await.len()), (ApplicationState::Submitted, 1));
        town.worker().drains_outbox().await;
        let told: Vec<String> = town.inbox("zhao@").iter().map(|mail| mail.message_id.clone()).collect();
        assert_eq!(told.len(), 1, "only what stands is told: {told:?}");
    })
    .await;
}

#[tokio::test]
async fn everything_wrong_with_an_application_is_told_at_once() {
    on_both(async |town| {
        town.settles(&[sheet(
            "学校",
            "学校编码|学校名称|办学类型|城乡
             S9|城东中学|初级中学|城区
             S8|城东幼儿园|幼儿园|城区",
        )])
        .await;
        let round = town.takes_applications().await;
        let wishes = ["河湾小学", "城东小学", "城东小学", "城东中学", "城东幼儿园", "城西小学"];
        let form = Form { years: 11, form: PlacementForm::Secondment, ..round.form("T11", &wishes).await };
        expect![[r#"
            INVALID_YEARS years
              期限请填 1 到 10 年
              a term of duty has 1 to 10 years
            FORM_NOT_IN_POLICY form
              本批次的政策没有“挂职”这种形式；可以选：交流、支教
              the policy of the round does not know secondment; choose one of: exchange, support
            TOO_MANY_WISHES schoolIds
              志愿学校最多5所
              there are 5 wishes at most
            WISHED_HOME schoolIds.0
              河湾小学就是本人的编制学校，请另选
              河湾小学 is her own school: choose another
            WISHED_TWICE schoolIds.2
              城东小学填了两次，请另选或留空
              城东小学 is named twice: choose another, or none
            STAGE_NOT_TAUGHT schoolIds.3
              城东中学没有小学，请另选
              城东中学 does not teach her stage (primary): choose another
            STAGE_NOT_TAUGHT schoolIds.4
              城东幼儿园没有小学，请另选
              城东幼儿园 does not teach her stage (primary): choose another
        "#]]
        .assert_eq(&refusal(applications::submit(&town.scope, form).await));

        let mut unknown = round.form("T11", &["城东小学"]).await;
        unknown.wishes.push(tongpan::id::new());
        expect![[r#"
            UNKNOWN_SCHOOL schoolIds.1
              没有这所学校，请另选
              there is no such school: choose another
        "#]]
        .assert_eq(&refusal(applications::submit(&town.scope, unknown).await));

        let researcher = round.form("JY1", &["城东小学"]).await;
        expect![[r#"
            NO_HOME_SCHOOL teacherId
              韩冰在 2027-09-01 没有编制所在学校
              韩冰 has no home school on 2027-09-01
        "#]]
        .assert_eq(&refusal(applications::submit(&town.scope, researcher).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn applications_are_taken_within_the_days_of_the_step_only() {
    on_both(async |town| {
        let round = town.opens_the_round_of_2027().await;
        let early = round.form("T11", &["城东小学"]).await;
        expect![[r#"
            WRONG_STEP
              “2027年教师交流轮岗”现在的步骤是“摸底”，不能申报；这要在“申报”进行，请到那一步再办
              "2027年教师交流轮岗" is at the step of the count: applying belongs to that of applications: wait for that step
        "#]].assert_eq(&refusal(applications::submit(&town.scope, early).await));
        round.counts().await;
        round.enters("2027-05-20", RoundState::Applying).await;
        let early = round.form("T11", &["城东小学"]).await;
        expect![[r#"
            OUTSIDE_STEP
              申报的时间是 2027-06-01 至 2027-06-10，今天 2027-05-20 不在其中；确需办理，请教育局先调整这一步的日期
              the days of applications are 2027-06-01 to 2027-06-10, and today is 2027-05-20: ask the office to change them first
        "#]].assert_eq(&refusal(applications::submit(&town.scope, early).await));
        town.it_is("2027-06-10 23:59");
        let row = round.applies("T11", &["城东小学"]).await;
        town.it_is("2027-06-11 00:00");
        expect![[r#"
            OUTSIDE_STEP
              申报的时间是 2027-06-01 至 2027-06-10，今天 2027-06-11 不在其中；确需办理，请教育局先调整这一步的日期
              the days of applications are 2027-06-01 to 2027-06-10, and today is 2027-06-11: ask the office to change them first
        "#]].assert_eq(&refusal(applications::withdraw(&town.scope, row.id, row.version).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn linked_applications_name_each_other_or_the_round_waits() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        let (zhao, sun) = (town.person("T11").await, town.person("T12").await);
        let linked = async |number: &str, partner, link, schools: &[&str]| {
            let form = round.form(number, schools).await;
            applications::submit(&town.scope, Form { link: Some((partner, link)), ..form }).await
        };
        let same = ApplicationLink::SameSchool;
        expect![[r#"
            LINKED_TO_HERSELF partnerId
              联动的对方不能是本人
              nobody is linked to herself
        "#]]
        .assert_eq(&refusal(linked("T11", zhao.id, same, &["城东小学"]).await));
        linked("T11", sun.id, same, &["城东小学", "石桥小学"]).await.expect("the first may come alone");
        town.it_is("2027-06-11 09:00");
        expect![[r#"
            LINK_NOT_MUTUAL 缺：1份联动申报对方没有同样申报（赵敏）：请双方互填对方并提交，或取消联动
        "#]]
        .assert_eq(&round.missing().await);

        town.it_is("2027-06-03 09:00");
        let both = linked("T12", zhao.id, ApplicationLink::Both, &["城东小学"]).await;
        expect![[r#"
            LINK_NOT_MUTUAL partnerId
              赵敏填的是“同校”：双方的联动方式要一致
              赵敏 asked for "same school": both must ask for the same
        "#]]
        .assert_eq(&refusal(both));
        expect![[r#"
            LINK_NOT_MUTUAL partnerId
              与赵敏要求同校，双方的志愿却没有同一所学校
              same school is asked for with 赵敏, but no school is wished by both
        "#]]
        .assert_eq(&refusal(linked("T12", zhao.id, same, &["城西小学"]).await));
        linked("T12", zhao.id, same, &["石桥小学"]).await.expect("the second answers");
        let other = linked("T21", zhao.id, same, &["城东小学"]).await;
        expect![[r#"
            LINK_NOT_MUTUAL partnerId
              赵敏的申报填的是与他人联动，不是与周洁：请双方商定后再提交
              the application of 赵敏 is linked to somebody else, not to 周洁: let it be changed first
        "#]]
        .assert_eq(&refusal(other));
        round.enters("2027-06-11", RoundState::Recommending).await;
        town.worker().drains_outbox().await;
    })
    .await;
}

/// The sheet 轮岗志愿 with these rows.
fn wishes(rows: &str) -> [RawTable; 1] {
    [sheet("轮岗志愿", &format!("工号|姓名|志愿一|志愿二|志愿三|形式|期限|说明\n{rows}"))]
}

fn told(report: &ImportReport) -> String {
    let counts = report.sheets.iter().filter(|told| told.sheet == "轮岗志愿").map(|told| {
        format!(
            "新增{} 修改{} 不变{} 有误{} 未列{}\n",
            told.created, told.changed, told.unchanged, told.refused, told.missing
        )
    });
    let changes = report.changes.iter().map(|change| format!("{change}\n"));
    let faults = report.faults.iter().map(|fault| format!("{fault}\n"));
    let notices = report.notices.iter().map(ToString::to_string).filter(|notice| notice.starts_with("轮岗"));
    counts.chain(changes).chain(faults).chain(notices.map(|notice| notice + "\n")).collect()
}

#[tokio::test]
async fn wishes_on_paper_belong_to_the_open_round_and_come_once() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        town.it_is("2027-05-20 09:00");
        let rows =
            "T11|赵敏|城东小学|石桥小学||交流轮岗|2年|孩子就读县城\nT12|孙强|城西小学||石桥小学|支教||";
        expect![[r#"
            新增2 修改0 不变0 有误0 未列0
            轮岗志愿：没有正在进行的批次，已新建“2027年教师交流轮岗”，各步日期按惯例，可以修改
        "#]]
        .assert_eq(&told(&town.imports(&wishes(rows)).await));
        let rounds = rotation_round::Entity::find().all(town.scope.reader()).await.expect("rounds");
        assert_eq!(rounds.len(), 1);
        let round = Round { town, id: rounds[0].id };
        assert_eq!(round.step(RoundState::Applying).await.due_on.to_string(), "2027-06-10");
        let rows_of = stored(town).await;
        assert!(rows_of.iter().all(|row| row.state == ApplicationState::Submitted));
        assert_eq!((rows_of[1].form, rows_of[1].years), (PlacementForm::Support, 1));
        assert_eq!(wished(town, &rows_of[1]).await, ["城西小学", "石桥小学"]);

        let again = town.imports(&wishes(rows)).await;
        expect![[r#"
            新增0 修改0 不变2 有误0 未列0
        "#]]
        .assert_eq(&told(&again));
        assert!(!again.committed);
        let changed = "T11|赵敏|石桥小学|城东小学||交流轮岗|3年|孩子就读县城";
        expect![[r#"
            新增0 修改1 不变0 有误0 未列1
            轮岗志愿 赵敏 期限：2 → 3
            轮岗志愿 赵敏 志愿一：城东小学 → 石桥小学
            轮岗志愿 赵敏 志愿二：石桥小学 → 城东小学
            轮岗志愿：数据库中有1条本表没有列出，保持不变：孙强
        "#]]
        .assert_eq(&told(&town.imports(&wishes(changed)).await));
        assert_eq!(wished(town, &stored(town).await[0]).await, ["石桥小学", "城东小学"]);
    })
    .await;
}

#[tokio::test]
async fn wishes_that_cannot_be_are_faults_with_row_and_mend() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        town.it_is("2027-05-20 09:00");
        let rows = "\
            T11|赵敏|河湾小学|城东小学|城东小学|交流轮岗|2年|
            T99|某人|城东小学|||交流轮岗|2年|
            T12|孙刚|城东小学|||交流轮岗|2年|
            T21|周洁|城东小校|||借调|两三年|
            JY1|韩冰|城东小学|||交流轮岗|2年|";
        let report = town.imports(&wishes(rows)).await;
        expect![[r#"
            新增0 修改0 不变0 有误5 未列0
            轮岗志愿 第5行 “形式” = “借调”：只能填：交流轮岗、支教、走教、挂职、任职
            轮岗志愿 第5行 “期限” = “两三年”：应为年数，请写成如 3年
            轮岗志愿 第2行 “志愿一” = “河湾小学”：河湾小学就是本人的编制学校，请另选
            轮岗志愿 第2行 “志愿三” = “城东小学”：城东小学填了两次，请另选或留空
            轮岗志愿 第3行 “工号” = “T99”：没有这个工号，请改正，或先在相应的表中补上
            轮岗志愿 第4行 “姓名” = “孙刚”：工号 T12 是“孙强”，不是“孙刚”，请核对工号和姓名
            轮岗志愿 第6行 “工号” = “JY1”：此人在 2027-09-01 没有“2027年教师交流轮岗”所含学校的编制，请核对
            轮岗志愿：没有正在进行的批次，已新建“2027年教师交流轮岗”，各步日期按惯例，可以修改
        "#]]
        .assert_eq(&told(&report));
        assert!(!report.committed);
        assert_eq!(stored(town).await, []);
    })
    .await;
}

#[tokio::test]
async fn wishes_on_paper_come_too_late_after_the_step_and_do_not_revive_what_was_withdrawn() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        let row = round.applies("T11", &["城东小学"]).await;
        applications::withdraw(&town.scope, row.id, row.version).await.expect("it is taken back");
        round.applies("T12", &["石桥小学"]).await;
        let paper = "T11|赵敏|城东小学|||交流轮岗|2年|离家近\nT12|孙强|石桥小学|||交流轮岗|2年|离家近";
        expect![[r#"
            新增0 修改0 不变2 有误0 未列0
            轮岗志愿：赵敏的申报已经撤回，本表的志愿没有导入；确要申报，请重新提交
        "#]]
        .assert_eq(&told(&town.imports(&wishes(paper)).await));
        round.enters("2027-06-11", RoundState::Recommending).await;
        let unchanged = town.imports(&wishes(paper)).await;
        assert!(unchanged.faults.is_empty(), "what stands already stands");
        let late = "T12|孙强|城东小学|||交流轮岗|2年|离家近";
        expect![[r#"
            新增0 修改0 不变0 有误1 未列0
            轮岗志愿 第2行：“2027年教师交流轮岗”已到“学校推荐”，志愿不能再改；确需更改，请先退回到“申报”
        "#]]
        .assert_eq(&told(&town.imports(&wishes(late)).await));
        let kept =
            application::Entity::find().filter(application::Column::State.eq(ApplicationState::Withdrawn));
        assert!(kept.one(town.scope.reader()).await.expect("applications").is_some());
        town.worker().drains_outbox().await;
    })
    .await;
}
