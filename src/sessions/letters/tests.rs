mod wording;

use super::*;
use crate::audit;
use crate::entity::values::{
    GroupKind, Locale, ParticipantRole, PlacementForm, Reply, SessionForm, SessionLevel, SessionMode, Stage,
};
use crate::entity::{
    appointment, coordinator, education_group, posting, room, school, subject, teacher, term,
};
use crate::mail::outbox::{self, Draft};
use crate::mail::testing::{Town, memory, office};
use crate::mail::{Sent, Settings, Worker};
use crate::sessions::reminders::{Addressee, Moment, Occasion};
use chrono::{NaiveDate, TimeZone};
use expect_test::{ExpectFile, expect, expect_file};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use std::sync::Arc;
use uuid::Uuid;

const SESSION: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0042);
const LI: Uuid = Uuid::from_u128(1);
const WANG: Uuid = Uuid::from_u128(2);
const ZHAO: Uuid = Uuid::from_u128(3);
const CHEN: Uuid = Uuid::from_u128(4);
const EAST: Uuid = Uuid::from_u128(11);
const CENTRAL: Uuid = Uuid::from_u128(12);
const GROUP: Uuid = Uuid::from_u128(21);
const TERM: Uuid = Uuid::from_u128(22);
const CHINESE: Uuid = Uuid::from_u128(23);
const ROOM: Uuid = Uuid::from_u128(24);

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 9, day, hour, minute, 0).unwrap()
}

fn session(district_id: Uuid) -> research_session::Model {
    research_session::Model {
        id: SESSION,
        district_id,
        programme_id: None,
        term_id: TERM,
        group_id: GROUP,
        ordinal: 1,
        form: SessionForm::SameLesson,
        level: SessionLevel::Group,
        mode: SessionMode::OnSite,
        stage: Some(Stage::Primary),
        subject_id: Some(CHINESE),
        grade: Some(3),
        topic: "单元整体教学：从读到写".to_owned(),
        minutes: 160,
        state: SessionState::Published,
        host_school_id: Some(EAST),
        room_id: Some(ROOM),
        second_room_id: None,
        starts_at: Some(at(16, 6, 20)),
        ends_at: Some(at(16, 9, 0)),
        online_url: None,
        online_host_id: None,
        sequence: 0,
        reason: None,
        pinned: false,
        told_starts_at: None,
        told_ends_at: None,
        version: 1,
    }
}

/// A published session of four people: 王芳 leads, 李娜 and 赵敏 teach, 陈静 is the researcher.
async fn county() -> Town {
    let town = Town::new().await;
    let district_id = town.scope.district.id;
    let txn = town.scope.begin().await.unwrap();
    let place = |id, name: &str| school::Model {
        id,
        district_id,
        code: name.to_owned(),
        name: name.to_owned(),
        locale: Locale::Town,
        longitude: None,
        latitude: None,
        classes: None,
        students: None,
        note: None,
        closed_on: None,
        merged_into_id: None,
        version: 1,
    };
    audit::insert_all(&txn, "test", vec![place(EAST, "城东小学"), place(CENTRAL, "县第一实验小学")])
        .await
        .unwrap();
    let group = education_group::Model {
        id: GROUP,
        district_id,
        name: "一实小教育集团".to_owned(),
        kind: GroupKind::EducationGroup,
        agreement_ends_on: None,
        version: 1,
    };
    audit::insert(&txn, "test", group).await.unwrap();
    let (starts_on, ends_on) = (day(9, 1), day(12, 31));
    let term = term::Model { id: TERM, district_id, name: "秋".to_owned(), starts_on, ends_on, version: 1 };
    audit::insert(&txn, "test", term).await.unwrap();
    let subject = subject::Model { id: CHINESE, district_id, name: "语文".to_owned(), position: 0 };
    audit::insert(&txn, "test", subject).await.unwrap();
    let room = room::Model {
        id: ROOM,
        district_id,
        school_id: EAST,
        name: "录播教室".to_owned(),
        capacity: 40,
        equipment: serde_json::json!([]),
        version: 1,
    };
    audit::insert(&txn, "test", room).await.unwrap();
    let person = |id: Uuid, name: &str, email: &str| teacher::Model {
        id,
        district_id,
        number: email.to_owned(),
        name: name.to_owned(),
        sex: None,
        born_on: None,
        email: Some(format!("{email}@example.com")),
        employer: "澜川县".to_owned(),
        title: None,
        residence: None,
        note: None,
        left_on: None,
        version: 1,
    };
    let people = vec![
        person(LI, "演示李娜", "li"),
        person(WANG, "演示王芳", "wang"),
        person(ZHAO, "演示赵敏", "zhao"),
        person(CHEN, "演示陈静", "chen"),
    ];
    audit::insert_all(&txn, "test", people).await.unwrap();
    let post = |teacher_id: Uuid, school_id| appointment::Model {
        id: Uuid::from_u128(0x100 + teacher_id.as_u128()),
        district_id,
        teacher_id,
        school_id,
        stage: Stage::Primary,
        subject_id: Some(CHINESE),
        from_on: day(1, 1),
        until_on: None,
    };
    let posts = vec![post(LI, CENTRAL), post(WANG, CENTRAL), post(ZHAO, CENTRAL)];
    audit::insert_all(&txn, "test", posts).await.unwrap();
    let itinerant = posting::Model {
        id: Uuid::from_u128(0x200),
        district_id,
        teacher_id: ZHAO,
        school_id: EAST,
        form: PlacementForm::Itinerant,
        weekdays: Some("3".to_owned()),
        home_post_kept: true,
        duty: None,
        placement_id: None,
        from_on: day(9, 1),
        until_on: None,
        note: None,
        version: 1,
    };
    audit::insert(&txn, "test", itinerant).await.unwrap();
    let lead = coordinator::Model {
        id: Uuid::from_u128(0x300),
        district_id,
        group_id: GROUP,
        teacher_id: WANG,
        from_on: day(1, 1),
        until_on: None,
    };
    audit::insert(&txn, "test", lead).await.unwrap();
    audit::insert(&txn, "test", session(district_id)).await.unwrap();
    let part = |teacher_id: Uuid, role, cover: Option<&str>| participant::Model {
        id: part_id(teacher_id),
        district_id,
        session_id: SESSION,
        teacher_id,
        role,
        required: true,
        excused: None,
        cover: cover.map(str::to_owned),
        reply: Reply::Pending,
        replied_at: None,
        reply_reason: None,
        reply_way: None,
        version: 1,
    };
    let parts = vec![
        part(LI, ParticipantRole::Presenter, Some("三（2）班 第6节 语文")),
        part(WANG, ParticipantRole::Chair, None),
        part(ZHAO, ParticipantRole::Presenter, None),
        part(CHEN, ParticipantRole::Researcher, None),
    ];
    audit::insert_all(&txn, "test", parts).await.unwrap();
    txn.commit().await.unwrap();
    town
}

fn part_id(teacher_id: Uuid) -> Uuid {
    Uuid::from_u128(0x400 + teacher_id.as_u128())
}

fn li() -> Addressee {
    Addressee { teacher_id: LI, address: "li@example.com".to_owned() }
}

fn occasion(sequence: i32) -> Occasion {
    let mut session = session(Uuid::nil());
    session.sequence = sequence;
    Occasion::of(&session).unwrap()
}

/// Changes the session as an operation would.
async fn change(town: &Town, change: impl FnOnce(&mut research_session::ActiveModel)) {
    let mut row = session(town.scope.district.id).into_active_model();
    change(&mut row);
    let txn = town.scope.begin().await.unwrap();
    row.update(&*txn).await.unwrap();
    txn.commit().await.unwrap();
}

/// What the worker sends of `drafts`, and how many it drops as stale.
async fn delivered(town: &Town, drafts: Vec<Draft>) -> (Vec<Sent>, u64) {
    let txn = town.scope.begin().await.unwrap();
    outbox::enqueue(&txn, drafts).await.unwrap();
    txn.commit().await.unwrap();
    let (transport, inbox) = memory();
    let settings: Settings = office(transport);
    let letters = Letters::new(settings.from.clone(), None, Language::Chinese);
    let tally = Worker::new(town.scope.clone(), Arc::new(letters), settings).once().await.unwrap();
    let sent = inbox.lock().unwrap().clone();
    (sent, tally.stale)
}

/// The letter to 李娜 that `draft` would become.
async fn letter(town: &Town, draft: Draft) -> Option<Letter> {
    let message = message::Model {
        id: Uuid::nil(),
        district_id: town.scope.district.id,
        kind: draft.kind,
        teacher_id: draft.teacher_id,
        address: draft.address,
        subject_id: draft.subject_id,
        subject_version: draft.subject_version,
        lead_minutes: draft.lead_minutes,
        state: crate::entity::values::MessageState::Claimed,
        send_at: draft.send_at,
        expires_at: draft.expires_at,
        owner: None,
        lease_until: None,
        attempts: 0,
        doubts: 0,
        failure: None,
        message_id: String::new(),
        tried_at: None,
        sent_at: None,
        created_at: at(1, 0, 0),
    };
    let letters = Letters::new(office(memory().0).from, None, Language::Chinese);
    match letters.render(&town.scope, &[message]).await.unwrap().remove(0) {
        Rendered::Letter(letter) => Some(*letter),
        Rendered::Stale => None,
    }
}

fn shows(expected: ExpectFile, text: &str) {
    expected.assert_eq(&text.replace("\r\n", "\n"));
}

fn invitation(sequence: i32) -> Draft {
    occasion(sequence).invites(&li(), &[], at(1, 0, 0), TimeDelta::zero()).remove(0)
}

fn update(sequence: i32) -> Draft {
    occasion(sequence).updates(&li(), &[], at(2, 0, 0), TimeDelta::zero()).remove(0)
}

fn reminder() -> Draft {
    let occasion = occasion(0);
    let at = occasion.starts_at - TimeDelta::days(1);
    occasion.reminds(&li(), Moment { lead_minutes: 1440, at })
}

#[tokio::test]
async fn an_invitation_tells_every_fact() {
    let letter = letter(&county().await, invitation(0)).await.unwrap();
    assert_eq!(letter.subject, "【教研邀请】9月16日 语文 单元整体教学：从读到写 第1次（城东小学）");
    assert_eq!(letter.reply_to.unwrap().address, "wang@example.com");
    shows(expect_file!["expected/invitation.txt"], &letter.text);
    shows(expect_file!["expected/invitation.html"], &letter.html);
    let calendar = letter.calendar.unwrap();
    assert_eq!(calendar.method, "REQUEST");
    shows(expect_file!["expected/invitation.ics"], &calendar.ics);
}

#[tokio::test]
async fn an_invitation_goes_out_as_one_mail() {
    let (sent, stale) = delivered(&county().await, vec![invitation(0)]).await;
    assert_eq!((sent.len(), stale), (1, 0));
    shows(expect_file!["expected/invitation.eml"], &sent[0].eml);
}

#[tokio::test]
async fn an_update_carries_the_same_uid_and_a_higher_sequence() {
    let town = county().await;
    change(&town, |row| {
        row.sequence = Set(1);
        row.starts_at = Set(Some(at(23, 6, 20)));
        row.ends_at = Set(Some(at(23, 9, 0)));
        row.reason = Set(Some("承办校当天有质量监测".to_owned()));
    })
    .await;
    let letter = letter(&town, update(1)).await.unwrap();
    assert_eq!(letter.subject, "【教研变更】9月23日 语文 单元整体教学：从读到写 第1次（城东小学）");
    shows(expect_file!["expected/update.txt"], &letter.text);
    let ics = letter.calendar.unwrap().ics;
    assert!(ics.contains(&format!("UID:{}@tongpan\r\n", Kind::Session.id(SESSION))));
    assert!(ics.contains("SEQUENCE:1\r\n") && ics.contains("METHOD:REQUEST\r\n"));
}

#[tokio::test]
async fn a_cancellation_takes_the_entry_out_of_the_calendar() {
    let town = county().await;
    change(&town, |row| {
        row.sequence = Set(1);
        row.state = Set(SessionState::Cancelled);
        row.reason = Set(Some("台风停课".to_owned()));
    })
    .await;
    let letter = letter(&town, occasion(1).cancels(&li(), at(2, 0, 0))).await.unwrap();
    assert_eq!(letter.subject, "【教研取消】9月16日 语文 单元整体教学：从读到写 第1次（城东小学）");
    shows(expect_file!["expected/cancellation.txt"], &letter.text);
    let ics = letter.calendar.unwrap().ics;
    assert!(ics.contains("METHOD:CANCEL\r\n") && ics.contains("STATUS:CANCELLED\r\n"));
    assert!(ics.contains(&format!("UID:{}@tongpan\r\n", Kind::Session.id(SESSION))));
}

#[tokio::test]
async fn a_reminder_says_how_many_days_are_left() {
    let town = county().await;
    town.scope.clock.set(at(15, 6, 20));
    let letter = letter(&town, reminder()).await.unwrap();
    assert_eq!(letter.subject, "【教研提醒】明天（9月16日）语文 单元整体教学：从读到写 第1次（城东小学）");
    assert_eq!(letter.calendar, None);
    shows(expect_file!["expected/reminder.txt"], &letter.text);
}

#[tokio::test]
async fn a_person_taken_off_the_list_is_told_that_the_session_goes_on_without_her() {
    let town = county().await;
    let txn = town.scope.begin().await.unwrap();
    participant::Entity::delete_by_id(part_id(LI)).exec(&*txn).await.unwrap();
    txn.commit().await.unwrap();
    let cancellation = letter(&town, occasion(0).cancels(&li(), at(2, 0, 0))).await.unwrap();
    assert!(cancellation.text.contains("您不再需要参加下列教研活动"));
    assert!(letter(&town, invitation(0)).await.is_none());
    assert!(letter(&town, update(0)).await.is_none());
    assert!(letter(&town, reminder()).await.is_none());
}

#[tokio::test]
async fn a_person_taken_off_the_list_is_told_even_when_the_session_moves_again() {
    let town = county().await;
    let txn = town.scope.begin().await.unwrap();
    participant::Entity::delete_by_id(part_id(LI)).exec(&*txn).await.unwrap();
    txn.commit().await.unwrap();
    change(&town, |row| row.sequence = Set(2)).await;
    assert!(letter(&town, occasion(1).cancels(&li(), at(2, 0, 0))).await.is_some());
}

#[tokio::test]
async fn an_excused_person_is_neither_invited_nor_reminded() {
    let town = county().await;
    let txn = town.scope.begin().await.unwrap();
    let excused = participant::ActiveModel {
        id: Set(part_id(LI)),
        excused: Set(Some("外出培训".to_owned())),
        ..Default::default()
    };
    excused.update(&*txn).await.unwrap();
    txn.commit().await.unwrap();
    assert!(letter(&town, invitation(0)).await.is_none());
    assert!(letter(&town, reminder()).await.is_none());
    assert!(letter(&town, update(0)).await.is_some());
}

#[tokio::test]
async fn what_was_overtaken_is_not_sent() {
    let town = county().await;
    change(&town, |row| row.sequence = Set(1)).await;
    let drafts = vec![invitation(0), invitation(1), reminder()];
    town.scope.clock.set(at(15, 6, 20));
    let (sent, stale) = delivered(&town, drafts).await;
    assert_eq!((sent.len(), stale), (1, 2));
    change(&town, |row| {
        row.sequence = Set(1);
        row.state = Set(SessionState::Cancelled);
    })
    .await;
    assert!(letter(&town, invitation(1)).await.is_none());
    change(&town, |row| row.state = Set(SessionState::Undated)).await;
    assert!(letter(&town, invitation(0)).await.is_none());
}

#[tokio::test]
async fn a_cancellation_of_what_takes_place_with_her_is_not_sent() {
    assert!(letter(&county().await, occasion(0).cancels(&li(), at(2, 0, 0))).await.is_none());
}

#[tokio::test]
async fn a_reminder_after_the_start_is_not_sent() {
    let town = county().await;
    town.scope.clock.set(at(16, 6, 20));
    assert!(letter(&town, reminder()).await.is_none());
}
