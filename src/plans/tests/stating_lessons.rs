//! What the planner is told of lessons that are brought to a school, or given to one from afar.

use chrono::NaiveDate;
use sea_orm::prelude::{DateTimeUtc, Uuid};
use session_planner::{DAY, EngagementKind, LessonRule, Minute, ProblemInput};

use super::stating::stated;
use super::*;
use crate::calendar::closures::{self, NewClosure};
use crate::plans::bulk::{BulkChange, BulkRequest};
use crate::plans::facts::Facts;
use crate::plans::statement::state;
use crate::plans::{Reschedule, apply_bulk, prepare, reschedule};

/// The town over its whole term. The second school has mathematics on Wednesdays from 9:05 and, in odd weeks, on Fridays from 10:10;
/// everybody teaches it; the twentieth of September is a Sunday that runs Wednesday's timetable.
async fn schooled() -> (Town, subject::Model) {
    let (town, _) = town().await;
    let district_id = town.scope.district.id;
    let mathematics = subject::Model { id: id::new(), district_id, name: "数学".to_owned(), position: 0 };
    let class = school_class::Model {
        id: id::new(),
        district_id,
        school_id: town.schools[1].id,
        name: "三年级（1）班".to_owned(),
        stage: Stage::Primary,
        grade: Some(3),
    };
    let bell = |period, starts: &str, ends: &str| bell::Model {
        id: id::new(),
        district_id,
        school_id: None,
        stage: Stage::Primary,
        period,
        starts_at: starts.parse().unwrap(),
        ends_at: ends.parse().unwrap(),
        from_on: None,
        until_on: None,
    };
    let lesson = |weekday, period, parity| lesson::Model {
        id: id::new(),
        district_id,
        school_id: class.school_id,
        class_id: class.id,
        teacher_id: town.teachers[1].id,
        subject_id: mathematics.id,
        weekday,
        period,
        parity,
        from_on: on(9, 1),
        until_on: None,
    };
    let stage = |school: &school::Model| school_stage::Model {
        id: id::new(),
        district_id,
        school_id: school.id,
        stage: Stage::Primary,
    };
    let make_up = school_day::Model {
        id: id::new(),
        district_id,
        day_on: on(9, 20),
        school_id: None,
        kind: DayKind::MakeUp,
        timetable_weekday: Some(3),
        name: None,
        version: 1,
    };
    let posts = appointment::Entity::find().all(town.scope.reader()).await.unwrap();
    let txn = town.scope.begin().await.unwrap();
    audit::insert_all(&txn, "test", town.schools.iter().map(stage).collect::<Vec<_>>()).await.unwrap();
    audit::insert(&txn, "test", mathematics.clone()).await.unwrap();
    audit::insert(&txn, "test", class.clone()).await.unwrap();
    let bells = vec![bell(1, "09:05:00", "09:45:00"), bell(2, "10:10:00", "10:50:00")];
    audit::insert_all(&txn, "test", bells).await.unwrap();
    let lessons = vec![lesson(3, 1, WeekParity::Every), lesson(5, 2, WeekParity::Odd)];
    audit::insert_all(&txn, "test", lessons).await.unwrap();
    audit::insert(&txn, "test", make_up).await.unwrap();
    for before in &posts {
        let after = appointment::Model { subject_id: Some(mathematics.id), ..before.clone() };
        audit::update(&txn, "test", before, after).await.unwrap();
    }
    txn.commit().await.unwrap();
    (town, mathematics)
}

/// A programme of one session whose lessons the second school receives from the first.
fn given(town: &Town, subject: &subject::Model, form: SessionForm) -> programme::Model {
    programme::Model {
        form,
        topic: "百分数".to_owned(),
        stage: Some(Stage::Primary),
        subject_id: Some(subject.id),
        minutes: 40,
        host_rule: HostRule::MembersInTurn,
        presenters_from: PresenterSource::Core,
        presenters: 1,
        audience: AudienceRule::HostSubjectTeachers,
        ..programme(town, &town.term, 1)
    }
}

/// A further room of a school, with equipment.
async fn room(town: &Town, school: usize, name: &str, equipment: Equipment) -> Uuid {
    let room = room::Model {
        id: id::new(),
        district_id: town.scope.district.id,
        school_id: town.schools[school].id,
        name: name.to_owned(),
        capacity: 20,
        equipment: json!([equipment]),
        version: 1,
    };
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", room.clone()).await.unwrap();
    txn.commit().await.unwrap();
    room.id
}

/// The town with a room at either end, and a published session of a lesson from afar.
async fn sent(studios: &[&str]) -> (Town, Vec<Uuid>, research_session::Model) {
    let (town, mathematics) = schooled().await;
    let receiving = room(&town, 1, "听讲教室", Equipment::SyncReceiver).await;
    let mut rooms = vec![receiving];
    for studio in studios {
        rooms.push(room(&town, 0, studio, Equipment::SyncSender).await);
    }
    add(&town, &given(&town, &mathematics, SessionForm::SyncClass)).await;
    let plan = planned(&town, &town.term).await.unwrap();
    let row = sessions_of(&town, &plan).await.remove(0);
    assert!(row.starts_at.is_some(), "{}", row.obstacles);
    assert_eq!((row.host_school_id, row.room_id), (Some(town.schools[1].id), Some(receiving)));
    publish(&town.scope, plan.id).await.unwrap();
    let session = session_of(&town).await;
    assert_eq!(session.second_room_id, row.second_room_id);
    (town, rooms, session)
}

async fn session_of(town: &Town) -> research_session::Model {
    research_session::Entity::find().one(town.scope.reader()).await.unwrap().expect("a session")
}

/// The day and local time of an instant.
fn local(town: &Town, at: DateTimeUtc) -> (NaiveDate, String) {
    let local = at.with_timezone(&town.scope.zone());
    (local.date_naive(), local.format("%H:%M").to_string())
}

#[tokio::test]
async fn lessons_brought_to_a_school_know_on_which_days_it_has_them() {
    let (town, mathematics) = schooled().await;
    let two = programme::Model { presenters: 2, ..given(&town, &mathematics, SessionForm::Outreach) };
    add(&town, &two).await;
    let session = stated(&town, &town.term).await.input.sessions.remove(0);
    assert_eq!(session.lessons, LessonRule::During(2), "one for each presenter");
    let of = |place| session.options.iter().find(|option| option.place == Some(place)).unwrap();
    assert!(of(0).lessons.is_empty() && of(1).second_room.is_none());
    let day = |minute: Minute| town.term.starts_on + chrono::Days::new((minute / DAY) as u64);
    let days: Vec<NaiveDate> = of(1).lessons.iter().map(|(start, _)| day(*start)).collect();
    let until_national_day: Vec<NaiveDate> = days.into_iter().filter(|day| *day < on(10, 8)).collect();
    // Fridays of weeks 1 and 3; the twenty-fifth of September and the seventh of October are holidays.
    let expected = [2, 4, 9, 16, 18, 20, 23, 30].map(|day| on(9, day));
    assert_eq!(until_national_day, expected);
    assert_eq!(of(1).lessons[0], (DAY + 9 * 60 + 5, DAY + 9 * 60 + 45));
}

#[tokio::test]
async fn lessons_brought_across_subjects_follow_no_timetable() {
    let (town, mathematics) = schooled().await;
    let all = programme::Model {
        subject_id: None,
        audience: AudienceRule::SubjectTeachers,
        ..given(&town, &mathematics, SessionForm::Outreach)
    };
    add(&town, &all).await;
    let session = stated(&town, &town.term).await.input.sessions.remove(0);
    assert_eq!(session.lessons, LessonRule::Free);
}

#[tokio::test]
async fn a_lesson_from_afar_begins_with_the_bell_and_books_a_room_at_either_end() {
    let (town, rooms, session) = sent(&["录播教室"]).await;
    let (day, time) = local(&town, session.starts_at.unwrap());
    assert!(["09:05", "10:10"].contains(&time.as_str()), "{day} {time}");
    assert_eq!(session.second_room_id, Some(rooms[1]));
    let taken = booking::Entity::find()
        .filter(booking::Column::Resource.eq(ResourceKind::Room))
        .all(town.scope.reader())
        .await
        .unwrap();
    let mut taken: Vec<Uuid> = taken.iter().map(|row| row.resource_id).collect();
    taken.sort_unstable();
    assert_eq!(taken, rooms);

    let shown = town
        .data(
            "{ sessions { nodes { room { name } secondRoom { name school { name } } \
             participants { role teacher { homeSchool { name } } } } } }",
            json!({}),
        )
        .await["sessions"]["nodes"][0]
        .clone();
    assert_eq!(shown["room"]["name"], "听讲教室");
    assert_eq!(shown["secondRoom"], json!({ "name": "录播教室", "school": { "name": "一小" } }));
    let participants = shown["participants"].as_array().unwrap();
    let from = |role: &str| -> Vec<&str> {
        let of_role = participants.iter().filter(|one| one["role"] == role);
        of_role.map(|one| one["teacher"]["homeSchool"]["name"].as_str().unwrap()).collect()
    };
    assert_eq!(from("PRESENTER"), ["一小"]);
    assert_eq!(from("ATTENDEE"), ["二小"; 5]);
}

#[tokio::test]
async fn a_published_lesson_from_afar_holds_both_rooms_against_other_plans() {
    let (town, rooms, session) = sent(&["录播教室"]).await;
    let statement = stated(&town, &town.term).await;
    let number = |id: &Uuid| statement.rooms.iter().position(|other| other == id).unwrap();
    let pinned = &statement.input.sessions[0];
    let placement = pinned.pinned.clone().expect("it stands");
    assert_eq!(placement.room, Some(number(&rooms[0])));
    assert_eq!(pinned.options[placement.option].second_room, Some(number(&rooms[1])));
    assert!(statement.input.rooms.iter().all(|room| room.taken.is_empty()), "it takes its rooms itself");

    let mut others = Facts::load(&town.scope, town.term.id, Some(town.group.id)).await.unwrap();
    others.sessions.clear();
    let input = state(&others, town.scope.zone(), town.scope.now()).input;
    let at = |instant: Option<DateTimeUtc>| statement.minute(instant.unwrap());
    for room in &rooms {
        assert_eq!(input.rooms[number(room)].taken, [(at(session.starts_at), at(session.ends_at))]);
    }
    let engagements = input.people.iter().flat_map(|person| person.engagements.iter());
    let standing: Vec<_> = engagements.filter(|one| one.kind == EngagementKind::Session).collect();
    assert!(standing.len() >= 6 && standing.iter().all(|one| one.place.is_none()), "nobody travels to it");
    let ends = Some((number(&rooms[0]), number(&rooms[1])));
    assert!(
        standing.iter().all(|one| one.ends == ends && &*one.label == "数学 百分数 第1次"),
        "{standing:?}"
    );
    assert_eq!(input.rooms[number(&rooms[0])].taken_by, ["数学 百分数 第1次"]);
}

/// The lessons that a session is given inside of, by the number of whoever teaches them.
fn receiving(input: &ProblemInput) -> Vec<(usize, usize)> {
    let mut receiving = Vec::new();
    for (person, stated) in input.people.iter().enumerate() {
        let lessons = stated.engagements.iter();
        let count = lessons.filter(|one| one.kind == EngagementKind::Received(0)).count();
        receiving.extend((count > 0).then_some((person, count)));
    }
    receiving
}

#[tokio::test]
async fn whoever_teaches_the_class_that_a_lesson_from_afar_is_given_to_needs_no_cover() {
    let (town, ..) = sent(&["录播教室"]).await;
    let teacher = town.teachers[1].id;
    let parts = participant::Entity::find().filter(participant::Column::TeacherId.eq(teacher));
    let part = parts.one(town.scope.reader()).await.unwrap().expect("her part");
    assert_eq!((part.excused, part.cover), (None, None));
}

#[tokio::test]
async fn of_two_classes_at_once_nobody_knows_which_one_a_lesson_from_afar_is_given_to() {
    let (town, mathematics) = schooled().await;
    room(&town, 1, "听讲教室", Equipment::SyncReceiver).await;
    room(&town, 0, "录播教室", Equipment::SyncSender).await;
    add(&town, &given(&town, &mathematics, SessionForm::SyncClass)).await;
    let statement = stated(&town, &town.term).await;
    assert_eq!(statement.input.sessions[0].receives, Some(0));
    let teacher = statement.people.iter().position(|id| *id == town.teachers[1].id).unwrap();
    let [(person, alone)] = receiving(&statement.input)[..] else { panic!("one teacher") };
    assert_eq!(person, teacher);

    let only = lesson::Entity::find().filter(lesson::Column::Weekday.eq(3));
    let only = only.one(town.scope.reader()).await.unwrap().expect("a lesson on Wednesdays");
    let class = school_class::Entity::find().one(town.scope.reader()).await.unwrap().expect("the class");
    let class = school_class::Model { id: id::new(), name: "三年级（2）班".to_owned(), ..class };
    let beside = lesson::Model { id: id::new(), class_id: class.id, teacher_id: town.teachers[3].id, ..only };
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", class).await.unwrap();
    audit::insert(&txn, "test", beside).await.unwrap();
    txn.commit().await.unwrap();
    let [(person, fridays)] = receiving(&stated(&town, &town.term).await.input)[..] else {
        panic!("one teacher")
    };
    assert!(person == teacher && (1..alone).contains(&fridays), "{fridays} of {alone}");
}

#[tokio::test]
async fn each_room_that_can_send_is_a_way_of_its_own() {
    let (town, mathematics) = schooled().await;
    room(&town, 1, "听讲教室", Equipment::SyncReceiver).await;
    for studio in ["甲教室", "乙教室"] {
        room(&town, 0, studio, Equipment::SyncSender).await;
    }
    add(&town, &given(&town, &mathematics, SessionForm::DedicatedClass)).await;
    let input = stated(&town, &town.term).await.input;
    assert_eq!(input.sessions[0].lessons, LessonRule::Inside);
    let ends = input.sessions[0].options.iter().map(|option| {
        let studio = option.second_room.map(|room| input.rooms[room].name.as_str());
        (option.place, studio)
    });
    let mut ends: Vec<_> = ends.collect();
    ends.sort_unstable();
    assert_eq!(ends, [(Some(1), Some("乙教室")), (Some(1), Some("甲教室"))]);
    let home = |person: &usize| input.people[*person].base;
    let presenters =
        input.sessions[0].options.iter().flat_map(|option| option.presenter_slots.iter().flatten());
    assert!(presenters.map(home).all(|place| place == 0), "whoever presents is where it is sent from");
}

#[tokio::test]
async fn when_the_sending_room_is_lost_the_lesson_is_sent_from_another_and_keeps_its_time() {
    let (town, rooms, session) = sent(&["甲教室", "乙教室"]).await;
    let lost = session.second_room_id.unwrap();
    let (day, _) = local(&town, session.starts_at.unwrap());
    let closure =
        NewClosure { room_id: lost, from_on: day, until_on: Some(day), reason: "检修".to_owned() };
    closures::close(&town.scope, closure).await.unwrap();
    let again = SolveRequest { mode: PlanMode::Replan, ..request(&town, &town.term) };
    let solved = solve(&town.scope, &again, Arc::new(|_| ControlFlow::Continue(()))).await.unwrap();
    let prepared = prepare::prepare(&town.scope, solved.plan.id, None).await.unwrap();
    let [change] = &prepared.changes[..] else { panic!("{:?}", prepared.changes.len()) };
    assert_eq!(Some(change.starts_at), session.starts_at);
    assert_eq!((change.host_school_id, change.room_id), (session.host_school_id, session.room_id));
    let other = rooms[1..].iter().copied().find(|room| *room != lost);
    assert_eq!(change.second_room_id, other);
    publish(&town.scope, solved.plan.id).await.unwrap();
    let moved = session_of(&town).await;
    assert_eq!((moved.second_room_id, moved.sequence), (other, session.sequence + 1), "people are told");
}

#[tokio::test]
async fn planning_anew_lets_a_lesson_from_afar_stand_as_it_is() {
    let (town, ..) = sent(&["甲教室", "乙教室"]).await;
    let again = SolveRequest { mode: PlanMode::Replan, ..request(&town, &town.term) };
    let solved = solve(&town.scope, &again, Arc::new(|_| ControlFlow::Continue(()))).await.unwrap();
    let prepared = prepare::prepare(&town.scope, solved.plan.id, None).await.unwrap();
    assert_eq!((prepared.changes.len(), prepared.withdrawals.len(), prepared.standing), (0, 0, 1));
}

#[tokio::test]
async fn a_lesson_from_afar_moved_by_hand_goes_to_another_lesson_only() {
    let (town, rooms, session) = sent(&["录播教室"]).await;
    let wish = |at: &str| Reschedule {
        session_id: session.id,
        expected_version: session.version,
        starts_at: at.parse().unwrap(),
        host_school_id: None,
        room_id: None,
        reason: "改期".to_owned(),
    };
    let refused = reschedule(&town.scope, wish("2026-11-04T01:10:00Z")).await;
    let Err(Error::Rejected(faults)) = refused else { panic!("{refused:?}") };
    assert!(faults[0].message.zh.contains("听课班级这时没有可用的课"), "{faults:?}");
    let moved = reschedule(&town.scope, wish("2026-11-04T01:05:00Z")).await.unwrap();
    assert_eq!((moved.room_id, moved.second_room_id), (Some(rooms[0]), Some(rooms[1])));
}

#[tokio::test]
async fn a_lesson_from_afar_that_is_held_online_needs_no_room_at_either_end() {
    let (town, _, session) = sent(&["录播教室"]).await;
    let (day, _) = local(&town, session.starts_at.unwrap());
    let change = BulkChange::MoveOnline("腾讯会议 123-456".to_owned());
    let reason = "停课".to_owned();
    let request =
        BulkRequest { group_id: None, from: day, until: day, change, reason, skip_impossible: false };
    assert!(apply_bulk(&town.scope, &request).await.unwrap().applied);
    let moved = session_of(&town).await;
    assert_eq!((moved.starts_at, moved.room_id, moved.second_room_id), (session.starts_at, None, None));
    let rooms = booking::Entity::find().filter(booking::Column::Resource.eq(ResourceKind::Room));
    assert!(rooms.all(town.scope.reader()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_session_that_was_published_otherwise_stands_when_its_programme_becomes_one_from_afar() {
    let (town, mathematics) = schooled().await;
    let before = given(&town, &mathematics, SessionForm::OpenLesson);
    add(&town, &before).await;
    publish(&town.scope, planned(&town, &town.term).await.unwrap().id).await.unwrap();
    let published = session_of(&town).await;
    let txn = town.scope.begin().await.unwrap();
    let after = programme::Model { form: SessionForm::SyncClass, ..before.clone() };
    audit::update(&txn, "test", &before, after).await.unwrap();
    txn.commit().await.unwrap();
    for mode in [PlanMode::Fill, PlanMode::Replan] {
        let again = SolveRequest { mode, ..request(&town, &town.term) };
        let solved = solve(&town.scope, &again, Arc::new(|_| ControlFlow::Continue(()))).await.unwrap();
        assert_eq!(solved.plan.hard, 0);
        assert_eq!(sessions_of(&town, &solved.plan).await[0].starts_at, published.starts_at);
    }
}

#[tokio::test]
async fn what_cannot_be_stated_says_which_programme_what_it_says_and_what_to_do() {
    let (town, mathematics) = schooled().await;
    let afar = || given(&town, &mathematics, SessionForm::DedicatedClass);
    let science =
        subject::Model { id: id::new(), name: "科学".to_owned(), position: 1, ..mathematics.clone() };
    let txn = town.scope.begin().await.unwrap();
    audit::insert(&txn, "test", science.clone()).await.unwrap();
    txn.commit().await.unwrap();
    let no_subject = programme::Model { subject_id: None, audience: AudienceRule::SubjectTeachers, ..afar() };
    let cases = [
        (afar(), "请在“场地”表为听课学校登记“同步课堂听讲端”"),
        (no_subject, "没有填写学科"),
        (programme::Model { host_rule: HostRule::Online, ..afar() }, "承办写“线上”"),
        (
            programme::Model { presenters_from: PresenterSource::Nobody, presenters: 0, ..afar() },
            "没有填写授课要求",
        ),
        (programme::Model { presenters_from: PresenterSource::Host, ..afar() }, "承办校是听课的一方"),
        (programme::Model { presenter_schools: 2, ..afar() }, "至少2所学校授课"),
    ];
    for (programme, says) in cases {
        told(&town, programme, says).await;
    }
    room(&town, 1, "听讲教室", Equipment::SyncReceiver).await;
    told(&town, afar(), "“同步课堂主讲端”").await;
    room(&town, 0, "录播教室", Equipment::SyncSender).await;
    told(&town, programme::Model { minutes: 60, ..afar() }, "每次60分钟，超过听课班级一节课的40分钟").await;
    told(&town, programme::Model { grade: Some(4), ..afar() }, "没有这门课").await;
    add(&town, &afar()).await;
    let statement = stated(&town, &town.term).await;
    assert_eq!(statement.sessions.len(), 1, "with everything at its place it can be held");
}

/// States a programme alone and looks at why its session cannot be held; then forgets it.
async fn told(town: &Town, programme: programme::Model, says: &str) {
    add(town, &programme).await;
    let statement = stated(town, &town.term).await;
    let [(session, reason)] = &statement.unholdable[..] else { panic!("{says}: {:?}", statement.unholdable) };
    assert!(reason.zh.starts_with("“百分数”（专递课堂）") && reason.zh.contains(says), "{}", reason.zh);
    assert!(reason.en.starts_with("“百分数”"), "{}", reason.en);
    let rows = research_session::Entity::find().all(town.scope.reader()).await.unwrap();
    let txn = town.scope.begin().await.unwrap();
    for before in rows.iter().filter(|row| row.id == *session) {
        let off = research_session::Model { state: SessionState::Cancelled, ..before.clone() };
        audit::update(&txn, "test", before, off).await.unwrap();
    }
    txn.commit().await.unwrap();
}
