//! What the planner is told of schools and people that close, leave, join or change within the term.

use chrono::NaiveDate;
use sea_orm::prelude::Uuid;
use session_planner::{
    AudienceMember, DAY, DayIx, EngagementKind, Placement, Problem, ProblemInput, Rules, evaluate,
};

use super::stating::stated;
use super::*;
use crate::error::Bilingual;

/// The number of a day of the town's term.
fn day(town: &Town, date: NaiveDate) -> DayIx {
    DayIx::try_from((date - town.term.starts_on).num_days()).unwrap()
}

/// Why a school is closed on a day.
fn closed(town: &Town, input: &ProblemInput, place: usize, date: NaiveDate) -> Option<String> {
    let places = &input.days[day(town, date)].closed_places;
    places.iter().find(|(closed, _)| *closed == place).map(|(_, (zh, _))| zh.clone())
}

/// First and last day of each stretch on which somebody is not there, with why.
fn absences(input: &ProblemInput, person: usize) -> Vec<(DayIx, DayIx, &str)> {
    let engagements = input.people[person].engagements.iter();
    let absences = engagements.filter(|one| one.kind == EngagementKind::Absence);
    let days = absences.map(|one| ((one.start / DAY) as DayIx, (one.end / DAY) as DayIx - 1, &*one.label));
    days.collect()
}

/// The membership of the second school, changed, with others beside it.
async fn stays(town: &Town, change: impl Fn(membership::Model) -> Vec<membership::Model>) {
    let before = membership::Entity::find()
        .filter(membership::Column::SchoolId.eq(town.schools[1].id))
        .one(town.scope.reader())
        .await
        .unwrap()
        .expect("a membership");
    let mut after = change(before.clone()).into_iter();
    let txn = town.scope.begin().await.unwrap();
    audit::update(&txn, "test", &before, after.next().expect("the stay")).await.unwrap();
    audit::insert_all(&txn, "test", after.collect::<Vec<_>>()).await.unwrap();
    txn.commit().await.unwrap();
}

/// The post of a teacher, changed, with others beside it.
async fn posts(town: &Town, teacher: usize, change: impl Fn(appointment::Model) -> Vec<appointment::Model>) {
    let before = appointment::Entity::find()
        .filter(appointment::Column::TeacherId.eq(town.teachers[teacher].id))
        .one(town.scope.reader())
        .await
        .unwrap()
        .expect("a post");
    let mut after = change(before.clone()).into_iter();
    let txn = town.scope.begin().await.unwrap();
    audit::update(&txn, "test", &before, after.next().expect("the post")).await.unwrap();
    audit::insert_all(&txn, "test", after.collect::<Vec<_>>()).await.unwrap();
    txn.commit().await.unwrap();
}

async fn with_a_programme() -> Town {
    let (town, _) = town().await;
    add(&town, &programme(&town, &town.term, 1)).await;
    town
}

#[tokio::test]
async fn a_school_that_leaves_within_the_term_neither_hosts_nor_sends_anybody_from_that_day() {
    let town = with_a_programme().await;
    stays(&town, |stay| vec![membership::Model { left_on: Some(on(10, 12)), ..stay }]).await;
    let input = stated(&town, &town.term).await.input;
    assert_eq!(closed(&town, &input, 1, on(10, 9)), None);
    assert_eq!(closed(&town, &input, 1, on(10, 12)).as_deref(), Some("学校当天不在集团内"));
    assert_eq!(closed(&town, &input, 0, on(10, 12)), None);
    let (from, until) = (day(&town, on(10, 12)), day(&town, town.term.ends_on));
    for person in 0..input.people.len() {
        let expected: &[_] = match input.people[person].base {
            1 => &[(from, until, "学校当天不在集团内")],
            _ => &[],
        };
        assert_eq!(absences(&input, person), expected, "{}", input.people[person].name);
    }
    assert!(Problem::build(input).is_ok());
}

/// What it costs that the first school hosts both sessions of the term.
async fn cost_of_hosting_both(town: &Town) -> i64 {
    let input = stated(town, &town.term).await.input;
    let room = input.rooms.iter().position(|room| room.place == 0);
    let option = |session: &session_planner::Session| {
        session.options.iter().position(|option| option.place == Some(0)).expect("it may host")
    };
    let plan = input.sessions.iter().enumerate().map(|(ix, session)| {
        let start = (14 + 7 * ix as session_planner::Minute) * DAY + 14 * 60;
        let presenters = session.options[option(session)].presenter_slots.iter().map(|slot| slot[0]);
        Some(Placement { start, option: option(session), room, presenters: presenters.collect() })
    });
    let plan = plan.collect();
    let rules = Rules::standard().only(&["hosting_shared"]);
    evaluate(&Problem::build(input).unwrap(), &rules, &plan).rules[0].count
}

#[tokio::test]
async fn a_school_that_leaves_early_has_a_share_of_hosting_for_the_part_of_the_term_only() {
    let (town, _) = town().await;
    add(&town, &programme(&town, &town.term, 2)).await;
    assert_eq!(cost_of_hosting_both(&town).await, 1);
    stays(&town, |stay| vec![membership::Model { left_on: Some(on(9, 14)), ..stay }]).await;
    assert_eq!(cost_of_hosting_both(&town).await, 0);
}

#[tokio::test]
async fn a_school_that_joins_within_the_term_takes_part_from_that_day() {
    let town = with_a_programme().await;
    stays(&town, |stay| vec![membership::Model { joined_on: on(10, 12), ..stay }]).await;
    let input = stated(&town, &town.term).await.input;
    assert!(closed(&town, &input, 1, on(10, 9)).is_some());
    assert_eq!(closed(&town, &input, 1, on(10, 12)), None);
    assert!(input.sessions[0].options.iter().any(|option| option.place == Some(1)));
}

#[tokio::test]
async fn a_school_that_closes_is_closed_from_that_day() {
    let town = with_a_programme().await;
    let closes = school::Model { closed_on: Some(on(11, 2)), ..town.schools[1].clone() };
    let txn = town.scope.begin().await.unwrap();
    audit::update(&txn, "test", &town.schools[1], closes).await.unwrap();
    txn.commit().await.unwrap();
    let input = stated(&town, &town.term).await.input;
    assert_eq!(closed(&town, &input, 1, on(10, 30)), None);
    assert_eq!(closed(&town, &input, 1, on(11, 2)).as_deref(), Some("学校已停办"));
}

#[tokio::test]
async fn another_role_within_the_term_is_one_stay() {
    let town = with_a_programme().await;
    stays(&town, |stay| {
        let core = membership::Model {
            id: id::new(),
            joined_on: on(10, 1),
            role: MembershipRole::Core,
            ..stay.clone()
        };
        vec![membership::Model { left_on: Some(on(10, 1)), ..stay }, core]
    })
    .await;
    let input = stated(&town, &town.term).await.input;
    assert!(input.days.iter().all(|day| day.closed_places.is_empty()));
    assert_eq!(input.groups[0].core, [0], "the role it has when the plan is made");
    assert_eq!(input.sessions[0].options.len(), 2, "and hosts once");
}

#[tokio::test]
async fn whoever_leaves_is_invited_no_more_and_whoever_joins_from_then_on() {
    let town = with_a_programme().await;
    posts(&town, 3, |post| vec![appointment::Model { until_on: Some(on(10, 11)), ..post }]).await;
    posts(&town, 5, |post| vec![appointment::Model { from_on: on(10, 12), ..post }]).await;
    let gone = teacher::Model { left_on: Some(on(11, 2)), version: 2, ..town.teachers[7].clone() };
    let txn = town.scope.begin().await.unwrap();
    audit::update(&txn, "test", &town.teachers[7], gone).await.unwrap();
    txn.commit().await.unwrap();
    let statement = stated(&town, &town.term).await;
    let number = |teacher: usize| {
        let id: Uuid = town.teachers[teacher].id;
        statement.people.iter().position(|other| *other == id).expect("she is known")
    };
    let (first, last) = (0, day(&town, town.term.ends_on));
    let input = &statement.input;
    assert_eq!(absences(input, number(3)), [(day(&town, on(10, 12)), last, "当天不在职")]);
    assert_eq!(absences(input, number(5)), [(first, day(&town, on(10, 11)), "当天不在职")]);
    assert_eq!(absences(input, number(7)), [(day(&town, on(11, 2)), last, "已离职")]);
    assert_eq!(input.people[number(5)].base, 1);
    let audience = &input.sessions[0].options[0].audience;
    assert!([3, 5, 7].iter().all(|one| audience.iter().any(|member| member.person == number(*one))));
    let should = |teacher| input.people[number(teacher)].should_meet;
    assert!(!should(3) && !should(5) && !should(7), "not there all term, she is not missed");
}

#[tokio::test]
async fn whoever_changes_schools_counts_where_she_is_that_day() {
    let town = with_a_programme().await;
    let first = town.schools[0].id;
    posts(&town, 1, |post| {
        let other =
            appointment::Model { id: id::new(), school_id: first, from_on: on(10, 12), ..post.clone() };
        vec![appointment::Model { until_on: Some(on(10, 11)), ..post }, other]
    })
    .await;
    let statement = stated(&town, &town.term).await;
    let person = statement.people.iter().position(|id| *id == town.teachers[1].id).unwrap();
    let input = &statement.input;
    assert_eq!(absences(input, person), []);
    assert_eq!(input.people[person].base, 1);
    assert_eq!(input.people[person].away.first(), Some(&(day(&town, on(10, 12)), 0)));
    let hers = |member: &&AudienceMember| member.person == person;
    let places = input.sessions[0].options[0].audience.iter().filter(hers).map(|member| member.place);
    assert_eq!(places.collect::<Vec<_>>(), [1, 0]);
}

#[tokio::test]
async fn sessions_planned_for_after_that_day_know_of_it() {
    let (town, _) = town().await;
    stays(&town, |stay| vec![membership::Model { left_on: Some(on(10, 12)), ..stay }]).await;
    let later = programme::Model { not_before_on: Some(on(10, 12)), ..programme(&town, &town.term, 2) };
    add(&town, &later).await;
    let plan = planned(&town, &town.term).await.unwrap();
    assert_eq!(plan.hard, 0);
    for row in sessions_of(&town, &plan).await {
        assert_eq!(row.host_school_id, Some(town.schools[0].id), "{}", row.obstacles);
        assert_eq!(row.people.as_array().map(Vec::len), Some(5), "its own people only");
    }
}

#[tokio::test]
async fn who_has_left_is_taken_off_what_was_published_and_told_why() {
    let (town, _) = town().await;
    let later = programme::Model { not_before_on: Some(on(10, 12)), ..programme(&town, &town.term, 1) };
    add(&town, &later).await;
    publish(&town.scope, planned(&town, &town.term).await.unwrap().id).await.unwrap();
    let published = research_session::Entity::find().one(town.scope.reader()).await.unwrap().unwrap();
    posts(&town, 3, |post| vec![appointment::Model { until_on: Some(on(10, 11)), ..post }]).await;
    let again = SolveRequest { mode: PlanMode::Replan, ..request(&town, &town.term) };
    let solved = solve(&town.scope, &again, Arc::new(|_| ControlFlow::Continue(()))).await.unwrap();
    let prepared = super::super::prepare::prepare(&town.scope, solved.plan.id, None).await.unwrap();
    let [change] = &prepared.changes[..] else { panic!("{}", prepared.changes.len()) };
    assert!(change.quiet && Some(change.starts_at) == published.starts_at);
    let excused: Vec<_> = change.people.iter().filter(|person| person.excused.is_some()).collect();
    assert_eq!(excused.len(), 1);
    assert_eq!(excused[0].teacher, town.teachers[3].id);
    assert_eq!(excused[0].excused, Some(Bilingual::new("当天不在职", "has no post that day")));
}
