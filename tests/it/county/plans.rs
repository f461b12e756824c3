//! Its plans and runs.

use super::*;

impl Harness {
    pub(super) async fn plans(&self, ground: &Ground, session: &research_session::Model) {
        let (term_id, group_id) = (ground.term.id, ground.group.id);
        let now = self.scope.now();

        let (id, district_id) = self.key();
        self.insert(planning_setting::Model {
            id,
            district_id,
            group_id: Some(group_id),
            weights: json!({ "spacing": 30 }),
            limits: json!({ "cover_per_week": 3 }),
            version: 1,
        })
        .await;

        let (id, district_id) = self.key();
        let plan = self
            .insert(plan::Model {
                id,
                district_id,
                term_id,
                number: 1,
                origin: PlanOrigin::Solved,
                as_of: now,
                seed: 7,
                steps: 5_000_000_000,
                threads: Some(2),
                seconds: Some(30),
                hard: 0,
                medium: -1,
                soft: -4_200,
                rules: json!([{ "rule": "subject_day", "soft": -4200 }]),
                created_at: now,
                created_by: "test".to_owned(),
                published_at: None,
                revised_from_id: None,
                edit: None,
                label: None,
                discarded_at: None,
                placed: 0,
                total: 0,
                pinned: 0,
                undated_on_purpose: 0,
                version: 1,
            })
            .await;

        let (id, district_id) = self.key();
        let plan_id = plan.id;
        self.insert(plan_group::Model { id, district_id, plan_id, group_id, parent_id: None }).await;

        let (id, district_id) = self.key();
        self.insert(publication::Model {
            id,
            district_id,
            plan_id,
            published_by: "test".to_owned(),
            published_at: now,
            held_until: now,
            before: Some(json!({})),
            undone_at: None,
        })
        .await;

        let (id, district_id) = self.key();
        self.insert(plan_session::Model {
            id,
            district_id,
            plan_id,
            session_id: session.id,
            host_school_id: Some(ground.core.id),
            room_id: Some(ground.hall.id),
            second_room_id: None,
            starts_at: Some(at("2026-10-14 14:20")),
            ends_at: Some(at("2026-10-14 16:50")),
            people: json!([{ "teacher": ground.li.id, "role": "presenter" }]),
            obstacles: json!([]),
            pinned: false,
            undated_on_purpose: false,
            from_version: None,
        })
        .await;

        let (id, district_id) = self.key();
        let (published_at, published_by) = (now, "test".to_owned());
        self.insert(published_plan::Model {
            id,
            district_id,
            term_id,
            group_id,
            plan_id,
            published_at,
            published_by,
        })
        .await;

        let (id, district_id) = self.key();
        self.insert(plan_run::Model {
            id,
            district_id,
            term_id,
            group_id: Some(group_id),
            state: RunState::Finished,
            as_of: now,
            seed: 7,
            seconds: 30,
            mode: PlanMode::Replan,
            threads: 2,
            steps: 5_000_000_000,
            searched_ms: 5_000_000_000,
            placed: 1,
            total: 1,
            hard: 0,
            medium: -1,
            soft: -4_200,
            started_at: now,
            heartbeat_at: now,
            finished_at: Some(now),
            plan_id: Some(plan_id),
            failure: None,
            base_plan_id: None,
            requested_by: "test".to_owned(),
        })
        .await;
    }
}
