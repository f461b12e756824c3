//! Applications: from draft to submitted to withdrawn, alone and linked, by the form and on paper.

use expect_test::expect;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tongpan::entity::values::*;
use tongpan::entity::{application, rotation_round, school};
use tongpan::error::Error;
use tongpan::rotations::applications::{self, Form};
use tongpan::transfer::import::ImportReport;
use tongpan::transfer::table::RawTable;

use crate::harness::{Harness, at, on_both};
use crate::rounds::{Round, refusal};
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
async fn an_application_is_drafted_handed_in_taken_back_and_handed_in_anew() {
    on_both(async |town| {
        let round = town.takes_applications().await;
        let li = town.as_person("T11").await;
        let draft = applications::save(&li, round.form("T11", &[]).await).await.expect("a draft");
        assert_eq!((draft.state, draft.submitted_at), (ApplicationState::Draft, None));
        let nothing = round.form("T11", &[]).await;
        expect![[""]].assert_eq(&refusal(applications::submit(&li, nothing).await));

        town.it_is("2027-06-02 10:00");
        let row = round.applies("T11", &["城东小学", "石桥小学"]).await;
        assert_eq!(
            (row.state, row.submitted_at),
            (ApplicationState::Submitted, Some(at("2027-06-02 10:00")))
        );
        assert_eq!(wished(town, &row).await, ["城东小学", "石桥小学"]);
        let again = round.form("T11", &["城东小学"]).await;
        expect![[""]].assert_eq(&refusal(applications::save(&li, again).await));
        let row = round.applies("T11", &["石桥小学", "城东小学", "城西小学"]).await;
        assert_eq!(wished(town, &row).await, ["石桥小学", "城东小学", "城西小学"]);

        let stale = applications::withdraw(&li, row.id, row.version - 1).await;
        assert!(matches!(stale, Err(Error::Stale(_))), "{stale:?}");
        let row = applications::withdraw(&li, row.id, row.version).await.expect("it is taken back");
        assert_eq!(row.state, ApplicationState::Withdrawn);
        expect![[""]].assert_eq(&refusal(applications::withdraw(&li, row.id, row.version).await));
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
        expect![[""]].assert_eq(&refusal(applications::submit(&town.scope, form).await));

        let mut unknown = round.form("T11", &["城东小学"]).await;
        unknown.wishes.push(tongpan::id::new());
        expect![[""]].assert_eq(&refusal(applications::submit(&town.scope, unknown).await));

        let researcher = round.form("JY1", &["城东小学"]).await;
        expect![[""]].assert_eq(&refusal(applications::submit(&town.scope, researcher).await));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn applications_are_taken_within_the_days_of_the_step_only() {
    on_both(async |town| {
        let round = town.opens_a_round().await;
        let early = round.form("T11", &["城东小学"]).await;
        expect![[""]].assert_eq(&refusal(applications::submit(&town.scope, early).await));
        round.counts().await;
        round.enters("2027-05-20", RoundState::Applying).await;
        let early = round.form("T11", &["城东小学"]).await;
        expect![[""]].assert_eq(&refusal(applications::submit(&town.scope, early).await));
        town.it_is("2027-06-10 23:59");
        let row = round.applies("T11", &["城东小学"]).await;
        town.it_is("2027-06-11 00:00");
        expect![[""]].assert_eq(&refusal(applications::withdraw(&town.scope, row.id, row.version).await));
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
        expect![[""]].assert_eq(&refusal(linked("T11", zhao.id, same, &["城东小学"]).await));
        linked("T11", sun.id, same, &["城东小学", "石桥小学"]).await.expect("the first may come alone");
        town.it_is("2027-06-11 09:00");
        expect![[""]].assert_eq(&round.missing().await);

        town.it_is("2027-06-03 09:00");
        let both = linked("T12", zhao.id, ApplicationLink::Both, &["城东小学"]).await;
        expect![[""]].assert_eq(&refusal(both));
        expect![[""]].assert_eq(&refusal(linked("T12", zhao.id, same, &["城西小学"]).await));
        linked("T12", zhao.id, same, &["石桥小学"]).await.expect("the second answers");
        let other = linked("T21", zhao.id, same, &["城东小学"]).await;
        expect![[""]].assert_eq(&refusal(other));
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
        expect![[""]].assert_eq(&told(&town.imports(&wishes(rows)).await));
        let rounds = rotation_round::Entity::find().all(town.scope.reader()).await.expect("rounds");
        assert_eq!(rounds.len(), 1);
        let round = Round { town, id: rounds[0].id };
        assert_eq!(round.step(RoundState::Applying).await.due_on.to_string(), "2027-06-10");
        let rows_of = stored(town).await;
        assert!(rows_of.iter().all(|row| row.state == ApplicationState::Submitted));
        assert_eq!((rows_of[1].form, rows_of[1].years), (PlacementForm::Support, 2));
        assert_eq!(wished(town, &rows_of[1]).await, ["城西小学", "石桥小学"]);

        let again = town.imports(&wishes(rows)).await;
        expect![[""]].assert_eq(&told(&again));
        assert!(!again.committed);
        let changed = "T11|赵敏|石桥小学|城东小学||交流轮岗|3年|孩子就读县城";
        expect![[""]].assert_eq(&told(&town.imports(&wishes(changed)).await));
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
        expect![[""]].assert_eq(&told(&report));
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
        expect![[""]].assert_eq(&told(&town.imports(&wishes(paper)).await));
        round.enters("2027-06-11", RoundState::Recommending).await;
        let unchanged = town.imports(&wishes(paper)).await;
        assert!(unchanged.faults.is_empty(), "what stands already stands");
        let late = "T12|孙强|城东小学|||交流轮岗|2年|离家近";
        expect![[""]].assert_eq(&told(&town.imports(&wishes(late)).await));
        let kept =
            application::Entity::find().filter(application::Column::State.eq(ApplicationState::Withdrawn));
        assert!(kept.one(town.scope.reader()).await.expect("applications").is_some());
        town.worker().drains_outbox().await;
    })
    .await;
}
