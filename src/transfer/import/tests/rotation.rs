//! 轮岗政策 and 学科余缺.

use super::*;
use crate::entity::values::{RoundState, StaffingSource};
use crate::entity::{rotation_policy, rotation_round, rotation_rule, round_step, staffing};

const ROTATION: &str = "
轮岗政策
条目|数值|说明
同校任教满年限|6年|须交流
交流比例|≥10%|占符合条件教师总数
骨干占比|≥20%|占交流教师总数；县级及以上骨干
期限|2年|可延长；备注：县教体局文件

学科余缺
学校|学段|学科|核定需求|现有人数|余缺
城关小学|小学|语文|2|1|-1
河口小学|小学|数学|1|1|
";

/// The county with its sheets of rotation.
fn county() -> Tables {
    let mut tables = Tables::county();
    tables.0.retain(|table| table.sheet != "轮岗政策");
    tables.0.extend(sheets(ROTATION));
    tables
}

impl Office {
    async fn with_rotation() -> Self {
        let office = Office::open().await.at("2026-05-10");
        let report = office.imports(county()).await;
        assert_eq!(faults(&report), Vec::<String>::new());
        office
    }

    async fn rounds(&self) -> Vec<rotation_round::Model> {
        self.all::<rotation_round::Entity>(rotation_round::Column::DistrictId).await
    }

    async fn policies(&self) -> Vec<rotation_policy::Model> {
        let mut policies = self.all::<rotation_policy::Entity>(rotation_policy::Column::DistrictId).await;
        policies.sort_by_key(|policy| policy.from_on);
        policies
    }

    async fn rules_of(&self, policy: &rotation_policy::Model) -> Vec<rotation_rule::Model> {
        let mut rules = self.all::<rotation_rule::Entity>(rotation_rule::Column::DistrictId).await;
        rules.retain(|rule| rule.policy_id == policy.id);
        rules.sort_by_key(|rule| rule.ordinal);
        rules
    }

    async fn numbers(&self) -> Vec<(i32, i32, StaffingSource)> {
        let rows = self.all::<staffing::Entity>(staffing::Column::DistrictId).await;
        rows.iter().map(|row| (row.needed, row.present, row.source)).collect()
    }

    async fn moves_the_round_to(&self, state: RoundState) {
        let before = self.rounds().await.remove(0);
        let txn = self.scope.begin().await.unwrap();
        let after = rotation_round::Model { state, ..before.clone() };
        crate::audit::update(&txn, "test", &before, after).await.unwrap();
        txn.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_sheets_open_the_years_round_with_its_steps_and_policy() {
    let office = Office::with_rotation().await;
    let [round] = &office.rounds().await[..] else { panic!("one round") };
    assert_eq!((round.name.as_str(), round.state), ("2026年教师交流轮岗", RoundState::Counting));
    assert_eq!((round.starts_on, round.ends_on), (day("2026-09-01"), day("2028-08-31")), "for two years");
    assert_eq!(office.all::<round_step::Entity>(round_step::Column::DistrictId).await.len(), 9);
    let [policy] = &office.policies().await[..] else { panic!("one policy") };
    assert_eq!((policy.name.as_str(), policy.from_on), ("澜川县教师交流轮岗办法", day("2026-05-10")));
    assert_eq!(round.policy_id, Some(policy.id));
    let rules = office.rules_of(policy).await;
    assert_eq!(rules.len(), 5, "the share of 骨干 says two things");
    assert_eq!(rules[4].note.as_deref(), Some("县教体局文件"));
    assert_eq!(office.numbers().await, [(2, 1, StaffingSource::Imported), (1, 1, StaffingSource::Imported)]);
}

#[tokio::test]
async fn the_same_sheets_again_change_nothing() {
    let office = Office::with_rotation().await.at("2026-05-20");
    let report = office.imports(county()).await;
    assert_eq!((faults(&report), lines(&report), report.committed), (vec![], vec![], false));
    assert_eq!((counts(&report, "轮岗政策").unchanged, counts(&report, "学科余缺").unchanged), (4, 2));
}

#[tokio::test]
async fn a_changed_rule_ends_the_policy_and_begins_another_which_the_count_follows() {
    let office = Office::with_rotation().await.at("2026-05-20");
    let report = office.imports(county().set("轮岗政策", 2, "数值", "9年")).await;
    assert_eq!(
        lines(&report),
        [
            "轮岗政策 同校任教满年限 数值：在同一所学校任教满6年的教师应当交流 → 在同一所学校任教满9年的教师应当交流"
        ]
    );
    let [old, new] = &office.policies().await[..] else { panic!("two policies") };
    assert_eq!((old.until_on, new.from_on), (Some(day("2026-05-19")), day("2026-05-20")));
    assert_eq!(office.rules_of(old).await.len(), 5, "what ended is not overwritten");
    assert_eq!(office.rules_of(new).await.len(), 5);
    assert_eq!(office.rounds().await[0].policy_id, Some(new.id));
}

#[tokio::test]
async fn a_rule_changed_on_its_first_day_is_replaced() {
    let office = Office::with_rotation().await;
    assert!(office.imports(county().set("轮岗政策", 2, "数值", "9年")).await.committed);
    let [policy] = &office.policies().await[..] else { panic!("one policy") };
    assert_eq!((policy.version, office.rules_of(policy).await.len()), (2, 5));
}

#[tokio::test]
async fn a_text_that_no_rule_expresses_stops_the_whole_sheet_and_says_what_may_be_written() {
    let office = Office::open().await.at("2026-05-10");
    let report = office.imports(county().set("轮岗政策", 2, "说明", "须交流；体育教师除外")).await;
    assert_eq!(
        faults(&report),
        [
            "轮岗政策 第2行 “说明” = “须交流；体育教师除外”：“体育教师除外”没有规定能表达；“同校任教满年限”的说明可写：须交流、可交流；不填为须交流；只作说明、不作规定的，请写成“备注：……”",
            "轮岗政策：各条规定合在一起才算数：有问题的行改正之前，整张表都不导入",
        ]
    );
    assert!(office.policies().await.is_empty());
    assert_eq!(counts(&report, "轮岗政策").refused, 4);
}

#[tokio::test]
async fn an_office_that_skips_bad_rows_gets_the_other_rules_and_is_told() {
    let office = Office::open().await.at("2026-05-10");
    let report = office.imports_skipping(county().set("轮岗政策", 2, "说明", "须交流；体育教师除外")).await;
    assert_eq!(faults(&report).len(), 1, "{:?}", faults(&report));
    assert!(notices(&report).contains("轮岗政策：有1条看不懂，没有导入，摸底时不起作用；请改正后再导入"));
    assert_eq!(counts(&report, "轮岗政策").refused, 1);
    let [policy] = &office.policies().await[..] else { panic!("one policy") };
    assert_eq!(office.rules_of(policy).await.len(), 4);
    assert_eq!(office.numbers().await.len(), 2, "the other sheet is imported");
}

#[tokio::test]
async fn rules_that_need_each_other_are_refused_together() {
    let office = Office::open().await;
    let report = office.imports(county().set("轮岗政策", 4, "说明", "占交流教师总数")).await;
    assert_eq!(
        faults(&report)[0],
        "轮岗政策 第4行 “数值” = “≥20%”：有骨干教师的比例，却没有规定哪一级称号算骨干：请补上“骨干认定”，如 县级及以上"
    );
    assert!(!report.committed);
}

#[tokio::test]
async fn rules_that_the_sheet_leaves_out_stay_and_are_reported() {
    let office = Office::with_rotation().await.at("2026-05-20");
    let report = office.imports(county().without_row("轮岗政策", 2)).await;
    assert!(!report.committed);
    assert!(
        notices(&report)
            .contains("轮岗政策：数据库中有1条本表没有列出，保持不变：在同一所学校任教满6年的教师应当交流")
    );
}

#[tokio::test]
async fn who_is_there_is_the_rosters_to_say() {
    let office = Office::open().await;
    let tables = county().set("学科余缺", 2, "现有人数", "3").set("学科余缺", 2, "余缺", "1");
    let report = office.imports(tables).await;
    assert!(notices(&report).contains(
        "学科余缺：现有人数有1处与名册不同，以名册为准：城关小学小学语文（表3，名册1）；要按表中的数，请更正并写明理由"
    ));
    assert_eq!(office.numbers().await[0], (2, 1, StaffingSource::Imported));
}

#[tokio::test]
async fn when_the_count_has_closed_nothing_of_it_changes() {
    let office = Office::with_rotation().await.at("2026-06-05");
    office.moves_the_round_to(RoundState::Applying).await;
    assert_eq!(
        faults(&office.imports(county()).await),
        Vec::<String>::new(),
        "the same sheets are no change"
    );
    let changed = county().set("轮岗政策", 2, "数值", "9年").set("学科余缺", 3, "核定需求", "2");
    let report = office.imports(changed).await;
    assert_eq!(
        faults(&report),
        [
            "轮岗政策 第2行 “数值” = “9年”：“2026年教师交流轮岗”已到“申报”，摸底的依据和结果不再改动；确需更改，请先退回到“摸底”",
            "学科余缺 第3行 “核定需求” = “2”：“2026年教师交流轮岗”已到“申报”，摸底的依据和结果不再改动；确需更改，请先退回到“摸底”",
        ]
    );
}

#[tokio::test]
async fn a_dispatched_round_takes_its_sheets_as_they_were_and_no_change() {
    let office = Office::with_rotation().await.at("2026-08-28");
    office.moves_the_round_to(RoundState::Dispatching).await;
    let report = office.imports(county()).await;
    assert_eq!(faults(&report), Vec::<String>::new(), "the same workbook is no change");
    assert_eq!(counts(&report, "轮岗政策").unchanged, 4);
    assert_eq!(counts(&report, "学科余缺").unchanged, 2);

    let report = office.imports(county().set("轮岗政策", 2, "数值", "9年")).await;
    assert_eq!(
        faults(&report),
        [
            "轮岗政策 第2行 “数值” = “9年”：“2026年教师交流轮岗”已到“派遣”，摸底的依据和结果不再改动；已经派遣，不能退回，请在下一批次办理（tongpan rotation open 新建）"
        ]
    );
    assert_eq!(counts(&report, "轮岗政策").unchanged, 3);
}
