//! Policies of rotation and the count of a round.

use std::collections::HashSet;

use expect_test::{expect, expect_file};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::demo;
use tongpan::entity::values::*;
use tongpan::entity::*;
use tongpan::error::{Error, Result};
use tongpan::id;
use tongpan::rotations::count::{
    self, CandidacyCorrection, CountOptions, Facts, StaffingCorrection, Summary, told,
};
use tongpan::rotations::policy::{
    self, NewPolicy, NotedRule, Origin, Policy, PolicyChange, Rule, Tenure, sentence,
};
use tongpan::rotations::{NewRound, create_round};
use tongpan::transfer::table::RawTable;

use crate::commands::Office;
use crate::harness::{Harness, at, on_both};
use crate::rows::day;
use crate::town::{sheet, small_town};

fn code<T>(outcome: Result<T>) -> &'static str {
    match outcome {
        Ok(_) => "done",
        Err(Error::Rejected(faults)) => faults[0].code,
        Err(Error::Stale(_)) => "STALE",
        Err(Error::NotFound(_)) => "NOT_FOUND",
        Err(other) => panic!("{other}"),
    }
}

fn years(years: u8) -> Vec<NotedRule> {
    vec![(Rule::MustMoveTenure(Tenure { years, must: true }), None)]
}

fn new(from: &str, origin: Origin) -> NewPolicy {
    NewPolicy { name: "测试县办法".to_owned(), group_id: None, from_on: day(from), origin }
}

impl Harness {
    async fn puts_in_force(&self, from: &str, rules: Vec<NotedRule>) -> Policy {
        policy::create(&self.scope, new(from, Origin::Rules(rules))).await.expect("a policy")
    }

    async fn changes(&self, policy: &Policy, from: &str, rules: Vec<NotedRule>) -> Result<Policy> {
        let change = PolicyChange {
            policy_id: policy.row.id,
            expected_version: policy.row.version,
            from_on: day(from),
            name: None,
            origin: Origin::Rules(rules),
        };
        policy::update(&self.scope, change).await
    }

    async fn opens_the_years_round(&self) -> rotation_round::Model {
        let new = NewRound {
            name: "2026年教师交流轮岗".to_owned(),
            starts_on: day("2026-09-01"),
            ends_on: day("2028-08-31"),
            group_id: None,
            policy_id: None,
        };
        let round = create_round(&self.scope, new).await.expect("a round");
        // Those in charge are told that it counts, which is of no interest here.
        self.worker().drains_outbox().await;
        round
    }

    async fn counts_the_round(&self, round: &rotation_round::Model) -> Summary {
        let counted =
            count::run(&self.scope, round.id, &CountOptions::default()).await.expect("the round is counted");
        count::summary(&self.scope, &counted.round).await.expect("figures")
    }

    async fn candidacy(&self, number: &str) -> candidacy::Model {
        let person = self.person(number).await;
        let select = candidacy::Entity::find().filter(candidacy::Column::TeacherId.eq(person.id));
        select.one(self.scope.reader()).await.expect("candidacies").expect("a candidacy")
    }

    async fn the_round(&self) -> rotation_round::Model {
        rotation_round::Entity::find().one(self.scope.reader()).await.expect("rounds").expect("a round")
    }
}

#[tokio::test]
async fn a_policy_made_from_a_preset_keeps_its_rules_and_their_notes() {
    on_both(async |town| {
        for (month, preset) in (1..).zip(PolicyPreset::ALL) {
            let (first, last) = (format!("2026-{month:02}-01"), day(&format!("2026-{month:02}-28")));
            let made = policy::create(&town.scope, new(&first, Origin::Preset(*preset))).await;
            let made = made.expect("a policy");
            let stored =
                policy::load(town.scope.reader(), town.district_id(), made.row.id).await.expect("a policy");
            assert_eq!(stored, made);
            assert_eq!((stored.row.preset, stored.rules), (Some(*preset), policy::preset_rules(*preset)));
            let ended = policy::end(&town.scope, made.row.id, 1, last).await.expect("it ends");
            assert_eq!((ended.until_on, ended.version), (Some(last), 2));
        }
        let all = policy::list(&town.scope).await.expect("policies");
        assert_eq!(all.len(), PolicyPreset::ALL.len(), "what ended is history");
    })
    .await;
}

#[tokio::test]
async fn two_policies_of_one_scope_are_never_in_force_together() {
    on_both(async |town| {
        let first = town.puts_in_force("2026-05-01", years(6)).await;
        let again = || new("2026-06-01", Origin::Rules(years(9)));
        assert_eq!(code(policy::create(&town.scope, again()).await), "POLICY_IN_FORCE");
        let core = town.school("城东小学", Stage::Primary, Locale::Urban).await;
        let group = town.group("城东教共体", &core, &[]).await;
        let own = NewPolicy { group_id: Some(group.id), ..again() };
        let own = policy::create(&town.scope, own).await.expect("a group has its own").row;

        let rows = rotation_policy::Entity::find().all(town.scope.reader()).await.expect("policies");
        let holds = |group, on: &str| policy::in_force(&rows, group, day(on)).map(|row| row.id);
        assert_eq!(holds(None, "2026-06-01"), Some(first.row.id));
        assert_eq!(holds(Some(group.id), "2026-06-01"), Some(own.id));
        assert_eq!(holds(Some(group.id), "2026-05-15"), Some(first.row.id), "before its own begins");
        assert_eq!(holds(None, "2026-04-30"), None);

        policy::end(&town.scope, first.row.id, 1, day("2026-05-31")).await.expect("it ends");
        assert_eq!(code(policy::create(&town.scope, again()).await), "done");
        assert_eq!(code(policy::end(&town.scope, first.row.id, 2, day("2026-06-30")).await), "POLICY_ENDED");
        let unknown = NewPolicy { group_id: Some(id::new()), ..again() };
        assert_eq!(code(policy::create(&town.scope, unknown).await), "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn changing_a_policy_ends_it_and_only_a_round_that_still_counts_follows() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let first = town.puts_in_force("2026-05-01", years(6)).await;
        let round = town.opens_the_years_round().await;
        town.counts_the_round(&round).await;
        assert_eq!(town.the_round().await.policy_id, Some(first.row.id));

        let second = town.changes(&first, "2026-05-20", years(9)).await.expect("another policy");
        assert_ne!(second.row.id, first.row.id);
        assert_eq!(town.the_round().await.policy_id, Some(second.row.id));
        assert_eq!(code(town.changes(&first, "2026-05-21", years(8)).await), "STALE");
        let old = policy::load(town.scope.reader(), town.district_id(), first.row.id).await.expect("history");
        assert_eq!((old.row.until_on, &old.rules), (Some(day("2026-05-19")), &first.rules));

        let mended = town.changes(&second, "2026-05-20", years(8)).await.expect("mended on its first day");
        assert_eq!((mended.row.id, mended.row.version), (second.row.id, 2));

        let txn = town.scope.begin().await.expect("a transaction");
        let before = town.the_round().await;
        let applying = rotation_round::Model { state: RoundState::Applying, ..before.clone() };
        tongpan::audit::update(&txn, "test", &before, applying).await.expect("an update");
        txn.commit().await.expect("a commit");
        assert_eq!(code(town.changes(&mended, "2026-05-20", years(7)).await), "POLICY_IN_USE");
        assert_eq!(code(town.changes(&mended, "2026-04-20", years(7)).await), "OUTSIDE_POLICY");
        let third = town.changes(&mended, "2026-06-10", years(7)).await.expect("a later policy");
        assert_ne!(town.the_round().await.policy_id, Some(third.row.id), "what was counted stands");
        assert_eq!(code(count::run(&town.scope, before.id, &CountOptions::default()).await), "WRONG_STEP");
    })
    .await;
}

#[tokio::test]
async fn a_round_is_counted_by_one_at_a_time() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        town.puts_in_force("2026-05-01", years(6)).await;
        let round = town.opens_the_years_round().await;
        let options = CountOptions::default();
        let count = || count::run(&town.scope, round.id, &options);
        let (first, second) = tokio::join!(count(), count());
        let changed = [first.expect("a count").changed, second.expect("the other").changed];
        assert!(changed.contains(&0), "the second finds everybody as the first has left them: {changed:?}");
    })
    .await;
}

#[tokio::test]
async fn a_round_without_a_policy_in_force_is_not_counted() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let round = town.opens_the_years_round().await;
        assert_eq!(code(count::run(&town.scope, round.id, &CountOptions::default()).await), "NO_POLICY");
    })
    .await;
}

#[tokio::test]
async fn counting_again_writes_nothing_new_and_keeps_what_the_office_corrected() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        town.puts_in_force("2026-05-01", years(6)).await;
        let round = town.opens_the_years_round().await;
        let first = town.counts_the_round(&round).await;
        let again = count::run(&town.scope, round.id, &CountOptions::default()).await.expect("counted again");
        assert_eq!((again.candidacies, again.changed), (first.total.teachers as usize, 0));

        let li = town.candidacy("T01").await;
        assert_eq!(li.standing, CandidacyStanding::MustMove);
        let correction = |standing, version, reason: &str| CandidacyCorrection {
            candidacy_id: li.id,
            expected_version: version,
            standing,
            reason: reason.to_owned(),
        };
        let kept = Some(CandidacyStanding::MayMove);
        let without = count::correct_candidacy(&town.scope, correction(kept, 1, " ")).await;
        assert_eq!(code(without), "REASON_MISSING");
        let corrected = count::correct_candidacy(&town.scope, correction(kept, 1, "到校时间有误")).await;
        assert_eq!(corrected.expect("a correction").standing, CandidacyStanding::MayMove);
        assert_eq!(code(count::correct_candidacy(&town.scope, correction(kept, 1, "再改")).await), "STALE");
        town.counts_the_round(&round).await;
        let li = town.candidacy("T01").await;
        assert_eq!(
            (li.standing, li.correction.as_deref()),
            (CandidacyStanding::MayMove, Some("到校时间有误"))
        );
        let back = count::correct_candidacy(&town.scope, correction(None, li.version, "核实无误")).await;
        let back = back.expect("taken back");
        assert_eq!((back.standing, back.correction), (CandidacyStanding::MustMove, None));
    })
    .await;
}

#[tokio::test]
async fn who_leaves_is_no_longer_counted_and_who_is_excused_is_deferred() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let preset = new("2026-05-01", Origin::Preset(PolicyPreset::Anhui));
        policy::create(&town.scope, preset).await.expect("a policy");
        let round = town.opens_the_years_round().await;
        let before = town.counts_the_round(&round).await.total;

        let (li, wang) = (town.person("T01").await, town.person("T02").await);
        town.insert(exemption::Model {
            id: id::new(),
            district_id: town.district_id(),
            round_id: round.id,
            teacher_id: li.id,
            kind: ExemptionKind::Illness,
            evidence: "县医院诊断证明".to_owned(),
            evidence_from_on: day("2026-05-02"),
            expires_on: Some(day("2026-12-31")),
            state: ExemptionState::Accepted,
            decision_reason: None,
            decided_by: None,
            version: 1,
        })
        .await;
        let txn = town.scope.begin().await.expect("a transaction");
        let left = teacher::Model { left_on: Some(day("2026-08-31")), ..wang.clone() };
        tongpan::audit::update(&txn, "test", &wang, left).await.expect("an update");
        txn.commit().await.expect("a commit");
        let after = town.counts_the_round(&round).await.total;
        assert_eq!((before.deferred, after.deferred), (0, 1));
        assert_eq!(after.teachers, before.teachers - 1);
        let facts: Facts = serde_json::from_value(town.candidacy("T01").await.facts).expect("facts");
        let sentences: Vec<String> = facts.findings.iter().map(|finding| told(finding).zh).collect();
        assert!(sentences.contains(&"病假（至2026-12-31），暂缓交流".to_owned()), "{sentences:?}");
    })
    .await;
}

#[tokio::test]
async fn a_round_of_a_group_counts_its_schools_only() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        town.puts_in_force("2026-05-01", years(6)).await;
        let east = town.group_named(crate::town::EAST).await;
        let txn = town.scope.begin().await.expect("a transaction");
        let opening = tongpan::rotations::NewOpening {
            group_id: Some(east.id),
            ..tongpan::rotations::NewOpening::yearly(day("2026-05-01"), 2)
        };
        let round = tongpan::rotations::open_round(&txn, opening).await.expect("a round");
        txn.commit().await.expect("a commit");
        town.worker().drains_outbox().await;
        let summary = town.counts_the_round(&round).await;
        let mut names = HashSet::new();
        for school in &summary.schools {
            let found = school::Entity::find_by_id(school.school_id).one(town.scope.reader()).await;
            names.insert(found.expect("schools").expect("a school").name);
        }
        assert_eq!(names, HashSet::from(["城东小学", "河湾小学", "石桥小学"].map(str::to_owned)));
    })
    .await;
}

#[tokio::test]
async fn needs_are_worked_out_from_timetables_and_corrected_with_a_reason() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        town.puts_in_force("2026-05-01", years(6)).await;
        let round = town.opens_the_years_round().await;
        town.counts_the_round(&round).await;
        let rows = count::staffing_rows(town.scope.reader(), &round).await.expect("rows");
        assert!(!rows.is_empty() && rows.iter().all(|row| row.source == StaffingSource::Computed));
        let row = &rows[0];
        let correction = |version, needed| StaffingCorrection {
            round_id: round.id,
            school_id: row.school_id,
            stage: row.stage,
            subject_id: row.subject_id,
            expected_version: version,
            needed,
            present: row.present,
            reason: "新增两个班".to_owned(),
        };
        assert_eq!(code(count::correct_staffing(&town.scope, correction(1, -1)).await), "OUT_OF_RANGE");
        assert_eq!(code(count::correct_staffing(&town.scope, correction(0, 7)).await), "STALE");
        let corrected = count::correct_staffing(&town.scope, correction(1, 7)).await.expect("a correction");
        assert_eq!((corrected.needed, corrected.source), (7, StaffingSource::Corrected));
        town.counts_the_round(&round).await;
        let rows = count::staffing_rows(town.scope.reader(), &round).await.expect("rows");
        assert!(rows.contains(&corrected), "counting again leaves it");
        let entries = audit_entry::Entity::find().filter(audit_entry::Column::EntityId.eq(corrected.id));
        let actions =
            entries.all(town.scope.reader()).await.expect("entries").into_iter().map(|row| row.action);
        assert_eq!(
            actions.collect::<HashSet<_>>(),
            HashSet::from(["staffing.count", "staffing.correct"].map(str::to_owned))
        );
    })
    .await;
}

#[tokio::test]
async fn the_countys_round_is_counted_as_its_rules_say() {
    // Who may move depends on no timetable, and the office says what is needed.
    let tables: Vec<RawTable> = demo::tables(1)
        .into_iter()
        .filter(|table| !["课表", "教研计划", "走教"].contains(&table.sheet.as_str()))
        .collect();
    on_both(async |town| {
        town.scope.clock.set(at("2026-08-24 08:00"));
        town.settles(&tables).await;
        let round = town.the_round().await;
        let summary = town.counts_the_round(&round).await;
        let rules: Vec<String> =
            summary.policy.iter().flat_map(Policy::bare).map(|rule| sentence(rule).zh).collect();
        assert_eq!(rules.len(), 12, "{rules:#?}");
        expect![[r#"
            教师1070 应交流468 可交流0 暂缓0 不符合602 符合条件的骨干83 备注待核3
            任教未满年限521
            任期未满5
            超过年龄76
            规定4：468人中47人
            规定5：47人中10人
        "#]]
        .assert_eq(&figures(&summary));

        let wishing = tables.iter().find(|table| table.sheet == "轮岗志愿").expect("wishes");
        for row in &wishing.rows {
            let standing = town.candidacy(&row[0]).await.standing;
            assert_eq!(standing, CandidacyStanding::MustMove, "{} asks to move", row[0]);
        }
        let rows = count::staffing_rows(town.scope.reader(), &round).await.expect("rows");
        let given = tables.iter().find(|table| table.sheet == "学科余缺").expect("needs");
        let sum = |column: usize| -> i32 {
            given.rows.iter().map(|row| row[column].parse::<i32>().expect("a number")).sum()
        };
        assert_eq!(rows.len(), given.rows.len());
        assert_eq!(rows.iter().map(|row| row.needed).sum::<i32>(), sum(3));
        assert_eq!(
            rows.iter().map(|row| row.present).sum::<i32>(),
            sum(4),
            "the roster has who the office has"
        );
    })
    .await;
}

fn figures(summary: &Summary) -> String {
    let total = &summary.total;
    let mut told = format!(
        "教师{} 应交流{} 可交流{} 暂缓{} 不符合{} 符合条件的骨干{} 备注待核{}\n",
        total.teachers,
        total.must,
        total.may,
        total.deferred,
        total.not_eligible,
        total.backbone_eligible,
        total.remarked
    );
    for (reason, people) in &total.reasons {
        told.push_str(&format!("{}{people}\n", reason.zh()));
    }
    for rate in &summary.rates {
        told.push_str(&format!("规定{}：{}人中{}人\n", rate.ordinal, rate.denominator, rate.required));
    }
    told
}

/// The small town with sheets of rotation.
fn town_that_rotates() -> Vec<RawTable> {
    let mut tables = small_town();
    tables.push(sheet(
        "轮岗政策",
        "条目|数值|说明
         同校任教满年限|6年|须交流
         交流比例|≥10%|占符合条件教师总数
         骨干占比|≥20%|占交流教师总数；县级及以上骨干
         期限|2年|可延长",
    ));
    tables.push(sheet(
        "学科余缺",
        "学校|学段|学科|核定需求|现有人数
         城东小学|小学|数学|3|3
         河湾小学|小学|数学|3|2
         松坪小学|小学|数学|1|2",
    ));
    tables
}

#[test]
fn an_office_hangs_up_what_the_count_prints() {
    let may = [("TONGPAN_AS_OF", "2026-05-10")];
    let office = Office::new();
    office.writes("town.xlsx", &town_that_rotates());
    office.must_with(&["import", "town.xlsx", "--district", "测试县"], &may);
    let printed = office.must_with(&["rotation", "count"], &may);
    expect_file!["expected/count.txt"].assert_eq(&printed);
    let people = office.must_with(&["rotation", "count", "--show", "--school", "城东"], &may);
    expect_file!["expected/count_school.txt"].assert_eq(&people);
    let policy = office.must_with(&["rotation", "policy", "show"], &may);
    expect![[r#"
        测试县教师交流轮岗办法（测试县，2026-05-10 起有效）
           1. 在同一所学校任教满6年的教师应当交流
           2. 交流的教师不低于符合条件的教师总数的10%（不足1人的进为1人）
           3. 交流的骨干教师不低于交流的教师总数的20%（不足1人的进为1人）
           4. 县级及以上荣誉称号的教师计为骨干
           5. 交流期限2年，可延长
    "#]]
    .assert_eq(&policy);
    let set =
        office.must_with(&["rotation", "policy", "set", "同校任教满年限=9年", "--from", "2026-05-12"], &may);
    assert!(set.contains("任教满9年"), "{set}");
    let refused = office.runs(&["rotation", "policy", "set", "津贴=300元"], &may);
    assert!(!refused.succeeded && refused.err.contains("没有对应的规定"), "{refused:?}");
}
