//! A round with a row in each of its tables.

use sea_orm::prelude::Uuid;
use serde_json::json;
use tongpan::entity::values::*;
use tongpan::entity::*;

use super::Ground;
use crate::harness::Harness;
use crate::rows::day;

impl Harness {
    pub(super) async fn rotations(&self, ground: &Ground) {
        let policy_id = self.policy(ground).await;
        let round = self.round(ground, policy_id).await;
        self.counted(ground, &round).await;
        self.applied(ground, &round).await;
        self.proposed(ground, &round).await;
    }

    async fn policy(&self, ground: &Ground) -> Uuid {
        let (id, district_id) = self.key();
        let policy = self
            .insert(rotation_policy::Model {
                id,
                district_id,
                name: "城东教共体交流办法".to_owned(),
                group_id: Some(ground.group.id),
                from_on: day("2026-05-01"),
                until_on: None,
                preset: Some(PolicyPreset::Anhui),
                version: 1,
            })
            .await;
        let (id, district_id) = self.key();
        self.insert(rotation_rule::Model {
            id,
            district_id,
            policy_id: policy.id,
            ordinal: 1,
            kind: RotationRuleKind::LongestCommute,
            value: json!({ "longest_commute": { "minutes": 60 } }),
            note: None,
        })
        .await;
        policy.id
    }

    async fn round(&self, ground: &Ground, policy_id: Uuid) -> rotation_round::Model {
        let (id, district_id) = self.key();
        let round = self
            .insert(rotation_round::Model {
                id,
                district_id,
                name: "2026年教师交流轮岗".to_owned(),
                starts_on: day("2026-09-01"),
                ends_on: day("2028-08-31"),
                state: RoundState::Publicising,
                policy_id: Some(policy_id),
                group_id: Some(ground.group.id),
                version: 1,
            })
            .await;
        let (id, district_id) = self.key();
        self.insert(round_step::Model {
            id,
            district_id,
            round_id: round.id,
            step: RoundState::Counting,
            from_on: day("2026-05-01"),
            due_on: day("2026-05-31"),
            entered_on: Some(day("2026-05-04")),
            working_days: None,
            reason: None,
            version: 1,
        })
        .await;
        round
    }

    async fn counted(&self, ground: &Ground, round: &rotation_round::Model) {
        let (id, district_id) = self.key();
        self.insert(staffing::Model {
            id,
            district_id,
            round_id: round.id,
            school_id: ground.core.id,
            stage: Stage::Primary,
            subject_id: ground.mathematics.id,
            needed: 12,
            present: 14,
            source: StaffingSource::Corrected,
            note: Some("新增两个班".to_owned()),
            version: 2,
        })
        .await;
        let (id, district_id) = self.key();
        self.insert(candidacy::Model {
            id,
            district_id,
            round_id: round.id,
            teacher_id: ground.li.id,
            school_id: ground.core.id,
            stage: Stage::Primary,
            subject_id: Some(ground.mathematics.id),
            standing: CandidacyStanding::MayMove,
            backbone: true,
            facts: json!({}),
            correction: None,
            computed_at: self.scope.now(),
            version: 1,
        })
        .await;
    }

    async fn applied(&self, ground: &Ground, round: &rotation_round::Model) {
        let (id, district_id) = self.key();
        let application = self
            .insert(application::Model {
                id,
                district_id,
                round_id: round.id,
                teacher_id: ground.li.id,
                form: PlacementForm::Exchange,
                years: 2,
                reason: Some("家在该镇".to_owned()),
                state: ApplicationState::Submitted,
                partner_id: None,
                link: None,
                volunteer: false,
                submitted_at: Some(self.scope.now()),
                version: 1,
            })
            .await;
        let (id, district_id) = self.key();
        self.insert(application_wish::Model {
            id,
            district_id,
            application_id: application.id,
            rank: 1,
            school_id: ground.member.id,
        })
        .await;
        let (id, district_id) = self.key();
        self.insert(exemption::Model {
            id,
            district_id,
            round_id: round.id,
            teacher_id: ground.li.id,
            kind: ExemptionKind::Illness,
            evidence: "县医院诊断证明第12号".to_owned(),
            evidence_from_on: day("2026-04-10"),
            expires_on: Some(day("2026-07-10")),
            state: ExemptionState::Refused,
            decision_reason: Some("开学前已痊愈".to_owned()),
            decided_by: Some("test".to_owned()),
            version: 2,
        })
        .await;
        let (id, district_id) = self.key();
        self.insert(recommendation::Model {
            id,
            district_id,
            round_id: round.id,
            teacher_id: ground.li.id,
            school_id: ground.core.id,
            verdict: RecommendationVerdict::Recommended,
            reason: "教学骨干".to_owned(),
            version: 1,
        })
        .await;
    }

    async fn proposed(&self, ground: &Ground, round: &rotation_round::Model) {
        let (from_on, until_on) = (day("2026-09-01"), day("2028-08-31"));
        let (id, district_id) = self.key();
        let proposal = self
            .insert(rotation_proposal::Model {
                id,
                district_id,
                round_id: round.id,
                number: 1,
                parent_id: None,
                reason: None,
                state: ProposalState::Publicised,
                settings: json!({ "seed": 1 }),
                outcome: json!({ "levels": [] }),
                created_at: self.scope.now(),
            })
            .await;
        let (id, district_id) = self.key();
        self.insert(proposal_move::Model {
            id,
            district_id,
            proposal_id: proposal.id,
            teacher_id: ground.li.id,
            from_school_id: ground.core.id,
            to_school_id: Some(ground.member.id),
            form: PlacementForm::Exchange,
            from_on,
            until_on,
            weekdays: None,
            wish_rank: Some(1),
            commute_before: Some(10),
            commute_after: None,
            reasons: json!([]),
        })
        .await;
        let (id, district_id) = self.key();
        self.insert(proposal_run::Model {
            id,
            district_id,
            round_id: round.id,
            parent_id: None,
            state: RunState::Finished,
            seconds: 30,
            searched_ms: 1_200,
            started_at: self.scope.now(),
            heartbeat_at: self.scope.now(),
            finished_at: Some(self.scope.now()),
            proposal_id: Some(proposal.id),
            failure: None,
            conflict: None,
            requested_by: "test".into(),
        })
        .await;
        let (id, district_id) = self.key();
        self.insert(objection::Model {
            id,
            district_id,
            round_id: round.id,
            proposal_id: Some(proposal.id),
            teacher_id: Some(ground.li.id),
            raised_by: "赵敏".to_owned(),
            content: "任教年限有误".to_owned(),
            state: ObjectionState::Rejected,
            answer: Some("已核对档案，年限无误".to_owned()),
            answered_by: Some("test".to_owned()),
            raised_at: self.scope.now(),
            answered_at: Some(self.scope.now()),
            version: 2,
        })
        .await;
        let (id, district_id) = self.key();
        let placement = self
            .insert(placement::Model {
                id,
                district_id,
                round_id: round.id,
                teacher_id: ground.li.id,
                from_school_id: ground.core.id,
                to_school_id: ground.member.id,
                form: PlacementForm::Exchange,
                from_on,
                until_on,
                state: PlacementState::Proposed,
                reason: Some("本人申请".to_owned()),
                proposal_id: Some(proposal.id),
                weekdays: None,
                version: 1,
            })
            .await;
        let (id, district_id) = self.key();
        self.insert(assessment::Model {
            id,
            district_id,
            placement_id: placement.id,
            kind: AssessmentKind::MidTerm,
            result: AssessmentResult::Competent,
            remark: Some("适应良好".to_owned()),
            assessed_on: day("2027-01-15"),
            version: 1,
        })
        .await;
    }
}
