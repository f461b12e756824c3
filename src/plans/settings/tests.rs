//! Who may set what, and what then holds.

use serde_json::json;
use session_planner::Rules;

use super::{Limit, Settings, SettingsChange, Source, load, update};
use crate::error::{Error, UserError};
use crate::graphql::testing::Town;
use crate::id::Kind;
use crate::plans::facts::Facts;
use crate::plans::statement::state;

fn rejected(error: Error) -> Vec<UserError> {
    match error {
        Error::Rejected(faults) => faults,
        other => panic!("not refused: {other}"),
    }
}

async fn holds(town: &Town, of_group: bool) -> Settings {
    let rows = load(&town.scope).await.unwrap();
    Settings::of(&rows, of_group.then_some(town.group.id)).unwrap()
}

#[tokio::test]
async fn a_groups_setting_goes_before_the_districts_and_that_before_the_default() {
    let town = Town::with_sessions(0).await;
    let spacing = Rules::standard().get("spacing").copied().unwrap();
    let plain = holds(&town, true).await;
    assert_eq!((plain.version, plain.weight(&spacing).source), (0, Source::Default));
    assert_eq!(plain.limit(Limit::CoverPerWeek).value, 4);

    let weights = vec![("spacing".to_owned(), Some(30))];
    let limits = vec![(Limit::CoverPerWeek, Some(3))];
    let of_district = SettingsChange { weights, limits, ..SettingsChange::default() };
    update(&town.scope, of_district).await.unwrap();
    let of_group = SettingsChange {
        group_id: Some(town.group.id),
        weights: vec![("spacing".to_owned(), Some(0))],
        ..SettingsChange::default()
    };
    update(&town.scope, of_group.clone()).await.unwrap();

    let (district, group) = (holds(&town, false).await, holds(&town, true).await);
    let weight = |settings: &Settings| (settings.weight(&spacing).value, settings.weight(&spacing).source);
    assert_eq!((weight(&district), weight(&group)), ((30, Source::District), (0, Source::Group)));
    let cover = group.limit(Limit::CoverPerWeek);
    assert_eq!((cover.value, cover.source, cover.default), (3, Source::District, 4));

    let taken_back =
        SettingsChange { expected_version: 1, weights: vec![("spacing".to_owned(), None)], ..of_group };
    update(&town.scope, taken_back).await.unwrap();
    assert_eq!(weight(&holds(&town, true).await), (30, Source::District));
}

#[tokio::test]
async fn the_planner_is_given_what_each_group_set() {
    let town = Town::with_sessions(0).await;
    let change = SettingsChange {
        group_id: Some(town.group.id),
        weights: vec![("subject_day".to_owned(), Some(7))],
        limits: vec![
            (Limit::CoverPerWeek, Some(1)),
            (Limit::SessionsPerWeek, Some(0)),
            (Limit::CoreHostingLeast, Some(20)),
        ],
        ..SettingsChange::default()
    };
    update(&town.scope, change).await.unwrap();
    let facts = Facts::load(&town.scope, town.term.id, None).await.unwrap();
    let input = state(&facts, town.scope.zone(), town.scope.now()).input;
    let [group] = &input.groups[..] else { panic!("{:?}", input.groups) };
    assert_eq!((group.core_share, group.core.len()), (Some((20, 100)), 1));
    assert_eq!((group.limits.cover_per_week, group.limits.sessions_per_week), (1, None));
    assert_eq!(group.weights, [("subject_day".to_owned(), 7)]);
    assert_eq!((input.limits.cover_per_week, input.weights.len()), (4, 0));
    assert!(input.places.iter().all(|place| place.group == Some(0)));
}

#[tokio::test]
async fn every_fault_of_a_change_is_named_with_its_place() {
    let town = Town::with_sessions(0).await;
    let weights = [
        ("spacing", 20),
        ("politeness", 1),
        ("hours", 1),
        ("sessions_placed", 0),
        ("in_order", -1),
        ("spacing", 30),
    ];
    let change = SettingsChange {
        weights: weights.iter().map(|(name, weight)| ((*name).to_owned(), Some(*weight))).collect(),
        limits: vec![(Limit::CoreHostingMost, Some(101)), (Limit::CoreHostingMost, None)],
        ..SettingsChange::default()
    };
    let faults = rejected(update(&town.scope, change).await.unwrap_err());
    let found: Vec<_> = faults.iter().map(|fault| (fault.code, fault.field.as_deref().unwrap())).collect();
    assert_eq!(
        found,
        [
            ("UNKNOWN_RULE", "weights.1.rule"),
            ("HARD_RULE", "weights.2.rule"),
            ("OUT_OF_RANGE", "weights.3.weight"),
            ("OUT_OF_RANGE", "weights.4.weight"),
            ("SETTING_TWICE", "weights.5.rule"),
            ("OUT_OF_RANGE", "limits.0.value"),
            ("SETTING_TWICE", "limits.1.limit"),
        ]
    );
    assert_eq!(load(&town.scope).await.unwrap(), []);
}

#[tokio::test]
async fn the_least_share_of_core_schools_never_passes_the_greatest_of_any_group() {
    let town = Town::with_sessions(0).await;
    let limit = |group_id, limits| SettingsChange { group_id, limits, ..SettingsChange::default() };
    let of_group = limit(Some(town.group.id), vec![(Limit::CoreHostingMost, Some(30))]);
    update(&town.scope, of_group).await.unwrap();
    let faults = rejected(
        update(&town.scope, limit(None, vec![(Limit::CoreHostingLeast, Some(40))])).await.unwrap_err(),
    );
    assert_eq!(faults[0].code, "SHARES_CROSS");
    assert_eq!(
        faults[0].message.zh,
        "核心校承办比例的下限40%将高于上限30%（连同各集团自己的设置），请一并调整"
    );
    update(&town.scope, limit(None, vec![(Limit::CoreHostingLeast, Some(30))])).await.unwrap();
}

const SHOWN: &str = "planningSettings { version group { name } \
    weights { rule { name level sentence } weight source } limits { limit value default source } }";

#[tokio::test]
async fn settings_are_changed_over_the_api_and_a_slower_hand_is_told() {
    let town = Town::with_sessions(0).await;
    let group = Kind::Group.id(town.group.id);
    let input = json!({
        "groupId": group,
        "expectedVersion": 0,
        "weights": [{ "rule": "little_travel", "weight": 3 }],
        "limits": [{ "limit": "NOTICE_HOURS", "value": 24 }],
    });
    let made = town.change("planningSettingsUpdate", input.clone(), SHOWN).await;
    assert_eq!(made["userErrors"], json!([]));
    let settings = &made["planningSettings"];
    assert_eq!((&settings["version"], &settings["group"]["name"]), (&json!(1), &json!("一小教育集团")));
    let of = |list: &str, is: &dyn Fn(&serde_json::Value) -> bool| {
        settings[list].as_array().unwrap().iter().find(|entry| is(entry)).cloned().unwrap()
    };
    let travel = of("weights", &|entry| entry["rule"]["name"] == "little_travel");
    assert_eq!((&travel["weight"], &travel["source"]), (&json!(3), &json!("GROUP")));
    assert_eq!(travel["rule"]["level"], "SOFT");
    let notice = of("limits", &|entry| entry["limit"] == "NOTICE_HOURS");
    assert_eq!((&notice["value"], &notice["default"]), (&json!(24), &json!(12)));

    let late = town.change("planningSettingsUpdate", input, SHOWN).await;
    assert_eq!(late["userErrors"][0]["code"], "STALE");
    assert_eq!(late["userErrors"][0]["currentVersion"], 1);
    assert_eq!(late["planningSettings"]["version"], 1);

    let asked = town
        .data("{ planningRules { name level defaultWeight sentence } groups { nodes { planningSettings { version } } } }", json!({}))
        .await;
    let rules = asked["planningRules"].as_array().unwrap();
    assert_eq!(rules.len(), Rules::standard().iter().count());
    assert_eq!((&rules[0]["name"], &rules[0]["level"]), (&json!("school_days"), &json!("HARD")));
    assert_eq!(asked["groups"]["nodes"][0]["planningSettings"]["version"], 1);
}
