//! Planning a term: the same rows give the same plan, what is promised is respected, runs can be watched and stopped.

use std::env;
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use expect_test::{expect, expect_file};
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tongpan::entity::plan_run;
use tongpan::entity::values::{PlanOrigin, ResourceKind, RunState};
use tongpan::error::{Error, Language};
use tongpan::plans::store::Obstacle;
use tongpan::plans::{self, SolveRequest, runs, term_table};
use tongpan::{audit, id};

use crate::harness::{Harness, on_both};
use crate::town::{EAST, LONG_SESSIONS, ONE_OPEN_DAY, WEST, small_town, town_with, unwatched};

#[tokio::test]
async fn the_same_rows_seed_and_steps_give_the_same_plan() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let request = town.request(None).await;
        let mut plans = Vec::new();
        for _ in 0..2 {
            plans.push(plans::solve(&town.scope, &request, unwatched()).await.expect("a plan").plan);
        }
        let mut told = Vec::new();
        for plan in &plans {
            let rows = town.planned(plan).await;
            let placed = rows.into_iter().map(|row| {
                (row.session_id, row.host_school_id, row.room_id, row.starts_at, row.ends_at, row.people)
            });
            told.push(placed.collect::<Vec<_>>());
        }
        assert_eq!(told[0], told[1]);
        assert_eq!(told[0].iter().filter(|row| row.3.is_some()).count(), 3);
        let score = |n: usize| (plans[n].hard, plans[n].medium, plans[n].soft, plans[n].steps);
        assert_eq!(score(0), score(1));
        assert_eq!((plans[0].number, plans[1].number), (1, 2));
        assert_eq!((plans[0].origin, plans[0].hard), (PlanOrigin::Solved, 0));
    })
    .await;
}

#[tokio::test]
async fn a_second_groups_plan_never_takes_whom_the_first_was_promised() {
    on_both(async |town| {
        town.published_east().await;
        let west = town.solves(WEST).await;
        assert!(town.planned(&west).await.iter().all(|row| row.starts_at.is_some()));
        town.publishes(&west).await;

        let researcher = town.person("JY1").await.id;
        let bookings = town.bookings().await;
        let hers = |row: &&tongpan::entity::booking::Model| {
            row.resource == ResourceKind::Teacher && row.resource_id == researcher
        };
        let hers: Vec<_> = bookings.iter().filter(hers).collect();
        assert_eq!(hers.len(), 3);
        for pair in hers.windows(2) {
            // She also has to get from one to the other.
            assert!(pair[0].ends_at + TimeDelta::minutes(10) <= pair[1].starts_at, "{pair:?}");
        }
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_session_that_cannot_be_placed_is_listed_with_its_reasons_and_the_rest_stands() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;

        let west = town.solves(WEST).await;
        assert_eq!(west.hard, 0);
        let table = term_table::of_plan(&town.scope, west.id).await.expect("a table");
        assert_eq!(table.rows.len(), 0);
        let [undated] = &table.undated[..] else { panic!("{:?}", table.undated) };
        expect_file!["expected/obstacles.txt"].assert_eq(&told(&undated.obstacles));

        let published = town.publishes(&west).await;
        assert_eq!((published.placed.len(), published.undated.len()), (0, 1));
        assert_eq!(town.dated().await.len(), 1);
        town.worker().drains_outbox().await;
    })
    .await;
}

fn told(obstacles: &[Obstacle]) -> String {
    let line =
        |one: &Obstacle| format!("{} {}/{}\n  {}\n  {}\n", one.rule, one.slots, one.of, one.zh, one.en);
    obstacles.iter().map(line).collect()
}

#[tokio::test]
async fn all_groups_planned_together_share_whom_they_both_want() {
    on_both(async |town| {
        town.settles(&town_with(ONE_OPEN_DAY, LONG_SESSIONS)).await;
        let request = town.request(None).await;
        let plan = plans::solve(&town.scope, &request, unwatched()).await.expect("a plan").plan;
        let table = term_table::of_plan(&town.scope, plan.id).await.expect("a table");
        assert_eq!((plan.hard, table.rows.len(), table.undated.len()), (0, 1, 1));
        assert!(!table.undated[0].obstacles.is_empty());
        let published = town.publishes(&plan).await;
        assert_eq!((published.placed.len(), published.undated.len()), (1, 1));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn there_is_nothing_to_plan_without_programmes() {
    on_both(async |town| {
        let mut tables = small_town();
        tables.retain(|table| table.sheet != "教研计划");
        town.settles(&tables).await;
        let request = town.request(None).await;
        let error = plans::solve(&town.scope, &request, unwatched()).await.expect_err("nothing to plan");
        expect!["2026—2027学年第一学期还没有教研计划，请先导入“教研计划”表"]
            .assert_eq(&error.explain(Language::Chinese));

        let unknown = SolveRequest { group_id: Some(id::new()), ..request };
        let error = plans::solve(&town.scope, &unknown, unwatched()).await.expect_err("no such group");
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    })
    .await;
}

async fn run_now(town: &Harness, run: Uuid) -> plan_run::Model {
    let found = plan_run::Entity::find().filter(plan_run::Column::Id.eq(run));
    found.one(town.scope.reader()).await.expect("runs").expect("the run")
}

/// The run once `is` holds of it; waits for at most ten seconds.
async fn run_when(town: &Harness, run: Uuid, is: impl Fn(&plan_run::Model) -> bool) -> plan_run::Model {
    for _ in 0..200 {
        let now = run_now(town, run).await;
        if is(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the run stays as it is: {:?}", run_now(town, run).await)
}

#[tokio::test]
async fn a_run_shows_its_progress_and_keeps_the_best_plan_when_it_is_stopped() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let request = SolveRequest { steps: None, seconds: 600, ..town.request(Some(EAST)).await };
        let run = plans::start_run(&town.scope, request).await.expect("a run").id;
        let now = run_when(town, run, |run| run.placed == 2 && run.steps > 0 && run.searched_ms > 0).await;
        assert_eq!((now.state, now.total, now.hard, now.finished_at), (RunState::Running, 2, 0, None));

        let stopped = plans::stop_run(&town.scope, run).await.expect("it stops");
        assert_eq!(stopped.state, RunState::Stopped);
        let ended = run_when(town, run, |run| run.finished_at.is_some()).await;
        assert_eq!((ended.state, ended.placed, ended.failure), (RunState::Stopped, 2, None));
        let plan = ended.plan_id.expect("a plan");
        let table = term_table::of_plan(&town.scope, plan).await.expect("the plan is kept");
        assert_eq!(table.rows.len(), 2);

        let again = plans::stop_run(&town.scope, run).await.expect("stopping twice does no harm");
        assert_eq!(again.plan_id, Some(plan));
    })
    .await;
}

#[tokio::test]
async fn a_run_that_ends_by_itself_is_finished() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let request = town.request(Some(EAST)).await;
        let run = plans::start_run(&town.scope, request.clone()).await.expect("a run").id;
        let ended = run_when(town, run, |run| run.finished_at.is_some()).await;
        assert_eq!((ended.state, ended.placed, ended.total), (RunState::Finished, 2, 2));

        let hasty = SolveRequest { seconds: 0, ..request };
        let refused = plans::start_run(&town.scope, hasty).await.expect_err("no time to search");
        assert_eq!(refused.to_string(), "seconds 应在 1 到 600 之间，现为 0");
    })
    .await;
}

#[tokio::test]
async fn a_run_that_cannot_begin_says_why() {
    on_both(async |town| {
        let mut tables = small_town();
        tables.retain(|table| table.sheet != "教研计划");
        town.settles(&tables).await;
        let request = town.request(Some(EAST)).await;
        let run = plans::start_run(&town.scope, request).await.expect("a run").id;
        let ended = run_when(town, run, |run| run.finished_at.is_some()).await;
        assert_eq!((ended.state, ended.plan_id), (RunState::Failed, None));
        assert!(ended.failure.is_some_and(|why| why.contains("还没有教研计划")));
    })
    .await;
}

#[tokio::test]
async fn a_run_whose_process_has_ended_is_marked_as_failed_and_a_living_one_is_not() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let request = town.request(Some(EAST)).await;
        let living = plans::start_run(&town.scope, request).await.expect("a run").id;
        let living = run_when(town, living, |run| run.finished_at.is_some()).await;
        let silent = |minutes| plan_run::Model {
            id: id::new(),
            state: RunState::Running,
            finished_at: None,
            plan_id: None,
            heartbeat_at: town.scope.now() - TimeDelta::minutes(minutes),
            ..living.clone()
        };
        let (lost, alive) = (silent(2), silent(0));
        let txn = town.scope.begin().await.expect("a transaction");
        audit::insert_all(&txn, "test.setup", vec![lost.clone(), alive.clone()]).await.expect("two runs");
        txn.commit().await.expect("a commit");

        assert_eq!(runs::mark_lost(&town.scope).await.expect("a look at the runs"), 1);
        let marked = run_now(town, lost.id).await;
        assert_eq!((marked.state, marked.finished_at), (RunState::Failed, Some(town.scope.now())));
        assert_eq!(marked.failure.as_deref(), Some("排期程序中途退出，请重新排期"));
        assert_eq!(run_now(town, alive.id).await, alive);
        assert_eq!(runs::mark_lost(&town.scope).await.expect("once more"), 0);
    })
    .await;
}

/// Names the database to a process that this suite starts, searches in, and kills.
const SEARCH_IN: &str = "TONGPAN_TEST_SEARCH_IN";

/// Starts a run as long as runs may be, and stays until it is killed.
async fn searches_until_it_is_killed(url: &str) {
    let town = Harness::settled_in(url).await;
    let request = SolveRequest { steps: None, seconds: 600, ..town.request(None).await };
    plans::start_run(&town.scope, request).await.expect("a run");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_run_whose_process_is_killed_is_marked_with_how_far_it_had_come() {
    if let Ok(url) = env::var(SEARCH_IN) {
        return searches_until_it_is_killed(&url).await;
    }
    on_both(async |town| {
        town.settles(&small_town()).await;
        let mut process = Command::new(env::current_exe().expect("this suite"))
            .args(["--exact", "planning::a_run_whose_process_is_killed_is_marked_with_how_far_it_had_come"])
            .env(SEARCH_IN, town.url())
            .stdout(Stdio::null())
            .spawn()
            .expect("a process that searches");
        let mut searching = None;
        for _ in 0..400 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let runs = plan_run::Entity::find().all(town.scope.reader()).await.expect("runs");
            searching = runs.into_iter().find(|run| run.steps > 0);
            if searching.is_some() {
                break;
            }
        }
        process.kill().expect("it was alive");
        process.wait().expect("it is gone");
        let run = searching.expect("a run that has begun to search");
        assert_eq!((run.state, run.total), (RunState::Running, 3));

        assert_eq!(runs::mark_lost(&town.scope).await.expect("too early to tell"), 0);
        town.it_is("2026-09-01 08:02");
        assert_eq!(runs::mark_lost(&town.scope).await.expect("a look at the runs"), 1);
        let marked = run_now(town, run.id).await;
        assert_eq!(marked.state, RunState::Failed);
        assert!(marked.finished_at.is_some() && marked.steps >= run.steps && marked.plan_id.is_none());
    })
    .await;
}
