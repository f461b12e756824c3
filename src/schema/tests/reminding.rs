//! When people are reminded, and which mails they want, through the API.

use serde_json::json;

use super::changes::codes;
use crate::graphql::testing::Town;
use crate::id::Kind;

const RULES: &str =
    "reminderRules { rules { sentence } ownRules quietFrom quietUntil ownQuietHours version }";

#[tokio::test]
async fn rules_are_set_for_a_group_and_shown_with_where_they_come_from() {
    let town = Town::with_sessions(2).await;
    let group = Kind::Group.id(town.group.id);
    let input = json!({ "groupId": group, "expectedVersion": 0, "rules": [
        { "audience": "LEADING", "daysBefore": 3, "at": "18:30:00" }, { "audience": "EVERYBODY", "hoursBefore": 1 }] });
    let set = town.change("reminderRulesSet", input.clone(), RULES).await;
    let sentences = [
        "presenters, lead preparers and chairs: 3 days before, at 18:30",
        "everybody: 1 hour before the start",
    ];
    let rules: Vec<_> = sentences.iter().map(|sentence| json!({ "sentence": sentence })).collect();
    let quiet = ("21:30:00", "07:00:00");
    assert_eq!(
        set["reminderRules"],
        json!({ "rules": rules, "ownRules": true, "quietFrom": quiet.0, "quietUntil": quiet.1, "ownQuietHours": false, "version": 1 })
    );
    let stale = town.change("reminderRulesSet", input, RULES).await;
    assert_eq!((codes(&stale), &stale["reminderRules"]["version"]), (vec!["STALE"], &json!(1)));
    let district = town
        .data("{ district { reminderRules { ownRules rules { daysBefore hoursBefore } } } }", json!({}))
        .await;
    assert_eq!(district["district"]["reminderRules"]["rules"].as_array().map(Vec::len), Some(3));
    let unclear = json!({ "expectedVersion": 0, "rules": [{ "audience": "EVERYBODY", "daysBefore": 1, "hoursBefore": 1 }] });
    assert_eq!(codes(&town.change("reminderRulesSet", unclear, RULES).await), ["REMINDER_UNCLEAR"]);
    let absurd = json!({ "expectedVersion": 0, "rules": [{ "audience": "EVERYBODY", "daysBefore": 400 }] });
    assert_eq!(codes(&town.change("reminderRulesSet", absurd, RULES).await), ["OUT_OF_RANGE"]);
}

#[tokio::test]
async fn whoever_is_signed_in_says_which_mails_she_wants() {
    let town = Town::with_sessions(1).await;
    let input = json!({ "preferences": [{ "category": "WEEKLY_DIGEST", "wanted": false }] });
    let set = town.change("mailPreferencesSet", input, "mailPreferences { category wanted }").await;
    assert_eq!(set["mailPreferences"][1], json!({ "category": "WEEKLY_DIGEST", "wanted": false }));
    let viewer = town.data("{ viewer { mailPreferences { category wanted } } }", json!({})).await;
    assert_eq!(viewer["viewer"]["mailPreferences"], set["mailPreferences"]);
    let both = json!({ "preferences": [
        { "category": "REMINDERS", "wanted": false }, { "category": "REMINDERS", "wanted": true }] });
    let both = town.change("mailPreferencesSet", both, "mailPreferences { category }").await;
    assert_eq!(codes(&both), ["PREFERENCE_TWICE"]);
}
