//! Rules of reminding: a group sets its own, what waits is written anew, nobody is reminded twice, and nonsense is refused.

use expect_test::expect;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tongpan::entity::message;
use tongpan::entity::values::{MessageKind, MessageState, ReminderAudience};
use tongpan::error::{Error, Language};
use tongpan::mail::hours::QuietHours;
use tongpan::plans;
use tongpan::sessions::reminders::{Before, Rule};
use tongpan::sessions::reminding::{self, RulesChange};

use crate::commands::Office;
use crate::harness::{Harness, on_both};
use crate::town::{WEST, small_town};

fn days(who: ReminderAudience, days: i32, at: i32) -> Rule {
    Rule { who, before: Before::Days { days, at } }
}

fn hours(hours: i32) -> Rule {
    Rule { who: ReminderAudience::Everybody, before: Before::Hours { hours } }
}

/// The west has published; its session is on the fourteenth of October at 14:00.
async fn published_west(town: &Harness) {
    town.settles(&small_town()).await;
    let plan = town.solves(WEST).await;
    town.publishes(&plan).await;
    let session = town.dated().await.remove(0);
    town.moves(&session, "2026-10-14 14:00").await.expect("the session is moved");
    town.worker().drains_outbox().await;
}

/// Reminders in a state: when, and how many.
async fn reminders(town: &Harness, state: MessageState) -> Vec<String> {
    let rows = message::Entity::find()
        .filter(message::Column::Kind.eq(MessageKind::Reminder))
        .filter(message::Column::State.eq(state))
        .filter(message::Column::SubjectVersion.eq(1))
        .order_by_asc(message::Column::SendAt);
    let rows = rows.all(town.scope.reader()).await.expect("messages");
    let zone = town.scope.zone();
    let due = |row: &message::Model| row.send_at.with_timezone(&zone).format("%m-%d %H:%M").to_string();
    rows.chunk_by(|one, other| one.send_at == other.send_at)
        .map(|rows| format!("{} ×{}", due(&rows[0]), rows.len()))
        .collect()
}

async fn pending(town: &Harness) -> Vec<String> {
    reminders(town, MessageState::Pending).await
}

async fn sets(town: &Harness, group: Option<&str>, rules: Option<Vec<Rule>>) -> Result<(), Error> {
    let group_id = match group {
        Some(name) => Some(town.group_named(name).await.id),
        None => None,
    };
    let rows = reminding::load(&town.scope).await.expect("settings");
    let expected_version = reminding::ReminderRules::of(&rows, group_id).expect("rules").version;
    let change = RulesChange { group_id, expected_version, rules, quiet: None };
    reminding::set(&town.scope, change).await.map(|_| ())
}

#[tokio::test]
async fn a_group_sets_rules_of_its_own_and_what_waits_is_written_anew_there_and_back() {
    on_both(async |town| {
        published_west(town).await;
        let standard = ["10-07 08:00 ×2", "10-13 08:00 ×5", "10-14 12:00 ×5"];
        assert_eq!(pending(town).await, standard);

        let own = vec![days(ReminderAudience::Everybody, 3, 18 * 60), hours(3)];
        sets(town, Some(WEST), Some(own)).await.expect("the rules are set");
        assert_eq!(pending(town).await, ["10-11 18:00 ×5", "10-14 11:00 ×5"]);
        // The district's rules do not reach a group with its own.
        sets(town, None, Some(vec![hours(5)])).await.expect("the rules are set");
        assert_eq!(pending(town).await, ["10-11 18:00 ×5", "10-14 11:00 ×5"]);
        sets(town, Some(WEST), None).await.expect("the rules are taken back");
        assert_eq!(pending(town).await, ["10-14 09:00 ×5"]);
        // What was void becomes true again: no earlier row swallows it.
        sets(town, None, None).await.expect("the rules are taken back");
        assert_eq!(pending(town).await, standard);
        sets(town, None, Some(Vec::new())).await.expect("nobody is reminded");
        assert_eq!(pending(town).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn who_was_reminded_a_day_before_is_not_reminded_again_when_the_hour_changes() {
    on_both(async |town| {
        published_west(town).await;
        town.it_is("2026-10-13 08:00");
        assert_eq!(town.worker().drains_outbox().await.sent, 5 + 2, "and those of the week before");
        let later = vec![days(ReminderAudience::Everybody, 1, 19 * 60), hours(2)];
        sets(town, None, Some(later)).await.expect("the rules are set");
        assert_eq!(pending(town).await, ["10-14 12:00 ×5"]);
    })
    .await;
}

#[tokio::test]
async fn publishing_and_its_preview_count_with_the_rules() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        sets(town, Some(WEST), Some(vec![hours(4)])).await.expect("the rules are set");
        let plan = town.solves(WEST).await;
        let preview = plans::preview(&town.scope, plan.id).await.expect("a preview");
        let counts: Vec<_> =
            preview.mails.iter().map(|count| (count.kind, count.lead_minutes, count.mails)).collect();
        assert_eq!(counts, [(MessageKind::Invitation, 0, 5), (MessageKind::Reminder, 240, 5)]);
        town.publishes(&plan).await;
        let written = message::Entity::find().all(town.scope.reader()).await.expect("messages");
        assert_eq!(written.len(), 10);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn rules_that_contradict_each_other_or_nobody_can_mean_are_refused() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let (all, leading) = (ReminderAudience::Everybody, ReminderAudience::Leading);
        let mut refusals = String::new();
        for rules in [
            vec![days(all, 1, 480), days(all, 1, 600)],
            vec![days(leading, 7, 480), days(all, 7, 480)],
            vec![days(all, 0, 480), hours(24), days(all, 90, 480)],
            vec![days(all, 1, 22 * 60)],
        ] {
            let error = sets(town, None, Some(rules)).await.expect_err("a refusal");
            refusals +=
                &format!("{}\n{}\n", error.explain(Language::Chinese), error.explain(Language::English));
        }
        for quiet in [QuietHours { from: 18 * 60, until: 7 * 60 }, QuietHours { from: 600, until: 600 }] {
            let change = RulesChange { quiet: Some(quiet), ..RulesChange::default() };
            let error = reminding::set(&town.scope, change).await.expect_err("a refusal");
            refusals += &format!("{}\n", error.explain(Language::Chinese));
        }
        expect![[r#"
            “全体参加人员：提前1天，当天08:00”与“全体参加人员：提前1天，当天10:00”是同一天或同一时刻的提醒：请只保留一条
            “everybody: 1 day before, at 08:00” and “everybody: 1 day before, at 10:00” remind on the same day or hour: keep one of them
            “授课、主备与主持的人：提前7天，当天08:00”与“全体参加人员：提前7天，当天08:00”是同一天或同一时刻的提醒：全体已包括授课与主持的人，请只保留一条
            “presenters, lead preparers and chairs: 7 days before, at 08:00” and “everybody: 7 days before, at 08:00” remind on the same day or hour: everybody includes those who lead: keep one of them
            daysBefore 应在 1 到 60 之间，现为 0
            hoursBefore 应在 1 到 23 之间，现为 24
            daysBefore 应在 1 到 60 之间，现为 90
            daysBefore lies between 1 and 60, and is 0
            hoursBefore lies between 1 and 23, and is 24
            daysBefore lies between 1 and 60, and is 90
            “全体参加人员：提前1天，当天22:00”落在免打扰时段21:30—07:00内：请改时刻或免打扰时段
            “everybody: 1 day before, at 22:00” lies in the quiet hours of 21:30–07:00: change the one or the other
            免打扰时段18:00—07:00不合适：应在20:00以后开始、次日08:00以前结束，白天的邮件才能按时发出
            免打扰时段10:00—10:00不合适：应在20:00以后开始、次日08:00以前结束，白天的邮件才能按时发出
        "#]].assert_eq(&refusals);
        assert_eq!(reminding::load(&town.scope).await.expect("settings"), [], "nothing is written");
    })
    .await;
}

#[tokio::test]
async fn of_two_who_set_rules_the_second_looks_again() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        sets(town, None, Some(vec![hours(4)])).await.expect("the rules are set");
        let late = reminding::set(&town.scope, RulesChange::default()).await;
        let Err(Error::Stale(conflict)) = late else { panic!("an old version was taken: {late:?}") };
        assert_eq!(conflict.current_version, Some(1));
    })
    .await;
}

#[test]
fn the_command_shows_and_sets_them() {
    let office = Office::with_the_town();
    let mut shown = office.must(&["settings", "reminders"]);
    shown += &office.must(&[
        "settings",
        "reminders",
        "--group",
        "城西",
        "全体=1天@19:00",
        "全体=3小时",
        "--quiet",
        "22:00-06:30",
    ]);
    shown += &office.must(&["settings", "reminders", "--group", "城西", "--default"]);
    shown += &office.must(&["mail", "preferences", "T41", "提醒=不收"]);
    expect![[r#"
        测试县的提醒规则（沿用全县或默认）：
          授课、主备与主持的人：提前7天，当天08:00
          全体参加人员：提前1天，当天08:00
          全体参加人员：开始前2小时
        免打扰（沿用全县或默认）：21:30—07:00
        城西教共体的提醒规则（自己设定）：
          全体参加人员：提前1天，当天19:00
          全体参加人员：开始前3小时
        免打扰（自己设定）：22:00—06:30
        城西教共体的提醒规则（沿用全县或默认）：
          授课、主备与主持的人：提前7天，当天08:00
          全体参加人员：提前1天，当天08:00
          全体参加人员：开始前2小时
        免打扰（沿用全县或默认）：21:30—07:00
        褚云（T41）的邮件：
         类别         收不收   内容                                                            
        ───────────────────────────────────────────────────────────────────────────────────────
         提醒         不收     教研活动前的提醒；轮岗步骤、报到、届满和协议到期的提醒          
         一周安排     收       星期日晚上：下一周的教研活动和走教安排                          
         当日变动     收       每天17:30：本集团或本校教研活动的发布、变更、取消和不能参加的人 
         未回复汇总   收       上课日早上8点：今后三个上课日的活动还没有回复的人               
    "#]]
    .assert_eq(&shown);
}
