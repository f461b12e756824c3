//! Mails that gather: the week ahead, the changes of a day, who has not replied. Each once, and none when there is nothing to tell.

use expect_test::expect_file;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::entity::values::{PlacementForm, Reply};
use tongpan::entity::{participant, posting, research_session};
use tongpan::error::Language;
use tongpan::{audit, id, sessions};

use crate::harness::{Harness, on_both};
use crate::mails::Readable;
use crate::rows::day;
use crate::town::{EAST, WEST, small_town};

/// What a worker who looks for digests sends at a time: the letters of one kind, and to whom.
async fn gathered(town: &Harness, at: &str, kind: &str) -> Vec<(String, String)> {
    gathered_in(town, at, kind, Language::Chinese).await
}

async fn gathered_in(town: &Harness, at: &str, kind: &str, language: Language) -> Vec<(String, String)> {
    town.it_is(at);
    let before = town.sent().len();
    town.gathering_worker(language).drains_outbox().await;
    let sent = town.sent().split_off(before);
    let mut letters: Vec<_> =
        sent.iter().filter(|mail| mail.kind() == kind).map(|mail| (mail.to.clone(), mail.letter())).collect();
    letters.sort();
    letters
}

fn readers(letters: &[(String, String)]) -> Vec<&str> {
    letters.iter().map(|(to, _)| to.split('@').next().unwrap_or_default()).collect()
}

fn letters(letters: &[(String, String)]) -> String {
    letters.iter().map(|(_, letter)| letter.as_str()).collect::<Vec<_>>().join("\n\n══════\n\n")
}

async fn publishes(town: &Harness, group: &str) {
    let plan = town.solves(group).await;
    town.publishes(&plan).await;
}

/// The town, whose west meets on Wednesday, the fourteenth of October.
async fn meets_in_october(town: &Harness) -> research_session::Model {
    town.settles(&small_town()).await;
    publishes(town, WEST).await;
    let session = town.dated().await.remove(0);
    let moved = town.moves(&session, "2026-10-14 14:00").await.expect("the session is moved");
    town.worker().drains_outbox().await;
    moved
}

/// 孙强 teaches at 石桥小学 on Wednesdays and Thursdays.
async fn travels(town: &Harness) {
    let stone = tongpan::entity::school::Entity::find()
        .filter(tongpan::entity::school::Column::Name.eq("石桥小学"))
        .one(town.scope.reader())
        .await
        .expect("schools")
        .expect("a school");
    town.insert(posting::Model {
        id: id::new(),
        district_id: town.district_id(),
        teacher_id: town.person("T12").await.id,
        school_id: stone.id,
        form: PlacementForm::Itinerant,
        weekdays: Some("34".to_owned()),
        home_post_kept: true,
        duty: None,
        placement_id: None,
        from_on: day("2026-09-01"),
        until_on: None,
        note: Some("乘3路公交".to_owned()),
        version: 1,
    })
    .await;
}

/// Somebody answers an invitation.
async fn answers(town: &Harness, number: &str, session: &research_session::Model, reply: Reply) {
    let found = participant::Entity::find()
        .filter(participant::Column::SessionId.eq(session.id))
        .filter(participant::Column::TeacherId.eq(town.person(number).await.id));
    let before = found.one(town.scope.reader()).await.expect("participants").expect("a part");
    let txn = town.scope.begin().await.expect("a transaction");
    let after = participant::Model { reply, ..before.clone() };
    audit::update(&txn, "session.reply", &before, after).await.expect("an answer");
    txn.commit().await.expect("a commit");
}

#[tokio::test]
async fn on_sunday_evening_everybody_is_told_her_week_with_the_days_at_another_school() {
    on_both(async |town| {
        meets_in_october(town).await;
        travels(town).await;
        assert_eq!(gathered(town, "2026-10-11 18:59", "weekly_digest").await, []);
        let sent = gathered(town, "2026-10-11 19:00", "weekly_digest").await;
        assert_eq!(readers(&sent), ["chu", "feng", "han", "sun", "wei", "zheng"]);
        let shown: Vec<_> =
            sent.into_iter().filter(|(to, _)| to.starts_with("zheng") || to.starts_with("sun")).collect();
        expect_file!["expected/weekly_digest.txt"].assert_eq(&letters(&shown));
        assert_eq!(gathered(town, "2026-10-12 09:00", "weekly_digest").await, [], "once");
    })
    .await;
}

#[tokio::test]
async fn holidays_and_make_up_days_count_and_an_empty_week_brings_no_mail() {
    on_both(async |town| {
        meets_in_october(town).await;
        travels(town).await;
        // Wednesday is a holiday, and its lessons are on Saturday.
        let sent = gathered(town, "2026-10-04 19:00", "weekly_digest").await;
        assert_eq!(readers(&sent), ["sun"]);
        assert!(
            sent[0].1.contains("走教：周四（10月8日）、周六（10月10日）到石桥小学（乘3路公交）"),
            "{}",
            sent[0].1
        );
        // Nothing at all, after the term.
        assert_eq!(gathered(town, "2026-11-08 19:00", "weekly_digest").await, []);
    })
    .await;
}

#[tokio::test]
async fn a_weekly_digest_that_is_late_is_sent_until_monday_noon() {
    on_both(async |town| {
        let session = meets_in_october(town).await;
        answers(town, "T41", &session, Reply::Declined).await;
        let sent = gathered_in(town, "2026-10-12 11:59", "weekly_digest", Language::English).await;
        assert_eq!(readers(&sent), ["feng", "han", "wei", "zheng"], "who does not come has an empty week");
        expect_file!["expected/weekly_digest_en.txt"].assert_eq(&sent[3].1);
    })
    .await;
    on_both(async |town| {
        meets_in_october(town).await;
        assert_eq!(gathered(town, "2026-10-12 12:00", "weekly_digest").await, []);
    })
    .await;
}

#[tokio::test]
async fn the_changes_of_a_day_go_in_one_mail_to_whoever_leads_the_group_or_a_school() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        publishes(town, EAST).await;
        publishes(town, WEST).await;
        let sent = gathered(town, "2026-09-01 17:30", "daily_digest").await;
        assert_eq!(readers(&sent), ["chen", "feng", "wang"]);
        expect_file!["expected/daily_digest_published.txt"].assert_eq(&sent[2].1);

        town.it_is("2026-09-01 19:00");
        let dated = town.dated().await;
        let east = town.group_named(EAST).await.id;
        let of_east: Vec<_> = dated.iter().filter(|session| session.group_id == east).collect();
        answers(town, "T11", of_east[0], Reply::Declined).await;
        town.it_is("2026-09-02 09:00");
        let moved = town.moves(of_east[1], "2026-10-21 14:00").await.expect("the session is moved");
        let scope = town.coordinator().await;
        let west = dated.iter().find(|session| session.group_id != east).expect("the west's");
        sessions::cancel(&scope, west.id, west.version, "台风停课".to_owned()).await.expect("it is off");
        let sent = gathered(town, "2026-09-02 17:31", "daily_digest").await;
        assert_eq!(readers(&sent), ["chen", "feng", "wang"]);
        expect_file!["expected/daily_digest.txt"].assert_eq(&letters(&sent));
        let english = gathered_in(town, "2026-09-02 18:00", "daily_digest", Language::English).await;
        assert_eq!(english, [], "once");

        // There and back is no change.
        town.it_is("2026-09-03 09:00");
        let there = town.moves(&moved, "2026-10-22 14:00").await.expect("the session is moved");
        town.moves(&there, "2026-10-21 14:00").await.expect("the session is moved back");
        assert_eq!(gathered(town, "2026-09-03 17:30", "daily_digest").await, []);
        assert_eq!(gathered(town, "2026-09-04 17:30", "daily_digest").await, [], "a day without changes");
    })
    .await;
}

#[tokio::test]
async fn whoever_leads_a_group_is_told_in_the_morning_who_has_not_replied() {
    on_both(async |town| {
        let session = meets_in_october(town).await;
        assert_eq!(gathered(town, "2026-10-08 08:00", "reply_summary").await, [], "four school days before");
        assert_eq!(gathered(town, "2026-10-11 08:00", "reply_summary").await, [], "on a Sunday");
        answers(town, "T31", &session, Reply::Accepted).await;
        let sent = gathered(town, "2026-10-12 08:00", "reply_summary").await;
        assert_eq!(readers(&sent), ["feng"]);
        expect_file!["expected/reply_summary.txt"].assert_eq(&sent[0].1);
        let sent = gathered_in(town, "2026-10-13 16:59", "reply_summary", Language::English).await;
        expect_file!["expected/reply_summary_en.txt"].assert_eq(&letters(&sent));
        assert_eq!(gathered(town, "2026-10-14 08:00", "reply_summary").await, [], "today is too late to ask");
    })
    .await;
    on_both(async |town| {
        let session = meets_in_october(town).await;
        for person in town.expected(session.id).await {
            answers(town, &person.number, &session, Reply::Accepted).await;
        }
        assert_eq!(gathered(town, "2026-10-12 08:00", "reply_summary").await, [], "everybody has replied");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_workers_look_each_digest_is_sent_once() {
    on_both(async |town| {
        meets_in_october(town).await;
        town.it_is("2026-10-11 19:00");
        let (one, other) = (town.another_process().await, town.another_process().await);
        let workers = [
            town.gathering_worker_in(&one, Language::Chinese),
            town.gathering_worker_in(&other, Language::Chinese),
            town.gathering_worker(Language::Chinese),
        ];
        let [first, second, third] = &workers;
        tokio::join!(first.drains_outbox(), second.drains_outbox(), third.drains_outbox());
        let weekly = town.sent().into_iter().filter(|mail| mail.kind() == "weekly_digest").count();
        assert_eq!(weekly, 5);
    })
    .await;
}
