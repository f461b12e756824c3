//! A round of the small town, and what an office does in it.

use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use tongpan::entity::values::*;
use tongpan::entity::*;
use tongpan::error::{Error, Language, Result};
use tongpan::id;
use tongpan::rotations::applications::{self, Form};
use tongpan::rotations::count::{Facts, Leading, Length};
use tongpan::rotations::policy::{ExemptionEffect, ExemptionGround, Forms, Rule};
use tongpan::rotations::{self, NewRound, steps};
use tongpan::scope::{Actor, Scope};

use crate::harness::Harness;
use crate::rows::day;
use crate::town::small_town;

/// A round that is under way.
pub struct Round<'t> {
    pub town: &'t Harness,
    pub id: Uuid,
}

impl Harness {
    /// The round of the small town for those who begin in September 2027, opened in May.
    pub async fn opens_the_round_of_2027(&self) -> Round<'_> {
        self.settles(&small_town()).await;
        self.it_is("2027-05-04 09:00");
        let new = NewRound {
            name: "2027年教师交流轮岗".to_owned(),
            starts_on: day("2027-09-01"),
            ends_on: day("2029-08-31"),
            group_id: None,
            policy_id: None,
        };
        let round = rotations::create_round(&self.scope, new).await.expect("a round");
        Round { town: self, id: round.id }
    }

    /// A round that takes applications, on the first day of them.
    pub async fn takes_applications(&self) -> Round<'_> {
        let round = self.opens_the_round_of_2027().await;
        round.counts().await;
        self.it_is("2027-06-01 09:00");
        round.forward().await.expect("the next step");
        round
    }

    /// What is said by somebody of the staff list.
    pub async fn as_person(&self, number: &str) -> Scope {
        let row = self.person(number).await;
        Scope { actor: Actor::Person { id: row.id, number: row.number }, ..self.scope.clone() }
    }

    pub async fn school_named(&self, name: &str) -> school::Model {
        let found = school::Entity::find().filter(school::Column::Name.eq(name));
        found.one(self.scope.reader()).await.expect("schools").expect("a school")
    }
}

/// What a count finds about somebody who is at her school since 2010, and perhaps leads it.
pub fn facts(leads: Option<DutyKind>) -> Facts {
    let (since, length) = (day("2010-09-01"), Length { years: 17, months: 0 });
    Facts {
        counted_on: day("2027-09-01"),
        since,
        tenure: length,
        age: None,
        title: None,
        honours: Vec::new(),
        leading: leads.map(|duty| Leading { duty, since, length }),
        grades: Vec::new(),
        graduating: false,
        findings: Vec::new(),
    }
}

impl Round<'_> {
    pub async fn now(&self) -> rotation_round::Model {
        let found = rotation_round::Entity::find().filter(rotation_round::Column::Id.eq(self.id));
        found.one(self.town.scope.reader()).await.expect("rounds").expect("the round")
    }

    pub async fn step(&self, step: RoundState) -> round_step::Model {
        let steps = steps::stored(self.town.scope.reader(), &self.now().await).await.expect("steps");
        steps.into_iter().find(|row| row.step == step).expect("the step")
    }

    pub async fn forward(&self) -> Result<rotation_round::Model> {
        steps::forward(&self.town.scope, self.id, self.now().await.version).await
    }

    pub async fn back(&self, reason: &str) -> Result<rotation_round::Model> {
        steps::back(&self.town.scope, self.id, self.now().await.version, reason).await
    }

    /// Everybody who is or was placed.
    pub async fn placed(&self) -> Vec<placement::Model> {
        let placed = placement::Entity::find().filter(placement::Column::RoundId.eq(self.id));
        placed.all(self.town.scope.reader()).await.expect("placements")
    }

    /// On the morning of `today` the next step is taken, and it is this one.
    pub async fn enters(&self, today: &str, step: RoundState) {
        self.town.it_is(&format!("{today} 08:30"));
        assert_eq!(self.forward().await.expect("the next step").state, step);
    }

    /// What is missing before the next step, and what is worth knowing.
    pub async fn missing(&self) -> String {
        let progress = steps::progress(&self.town.scope, &self.now().await).await.expect("progress");
        let line = |gap: &steps::Gap| {
            let mark = if gap.blocks { "缺" } else { "注意" };
            format!("{} {mark}：{}\n", gap.code, gap.message.zh)
        };
        progress.gaps.iter().map(line).collect()
    }

    /// A policy, one candidate and one line of surplus and shortage: what the count leaves behind.
    pub async fn counts(&self) {
        let town = self.town;
        let policy = town
            .insert(rotation_policy::Model {
                id: id::new(),
                district_id: town.district_id(),
                name: "测试县教师交流办法".to_owned(),
                group_id: None,
                from_on: day("2027-01-01"),
                until_on: None,
                preset: None,
                version: 1,
            })
            .await;
        self.rules(policy.id).await;
        self.follows(policy.id).await;
        let (zhao, river) = (town.person("T11").await, town.school_named("河湾小学").await);
        let maths = subject::Entity::find().filter(subject::Column::Name.eq("数学"));
        let maths = maths.one(town.scope.reader()).await.expect("subjects").expect("a subject");
        town.insert(candidacy::Model {
            id: id::new(),
            district_id: town.district_id(),
            round_id: self.id,
            teacher_id: zhao.id,
            school_id: river.id,
            stage: Stage::Primary,
            subject_id: Some(maths.id),
            standing: CandidacyStanding::MustMove,
            backbone: false,
            facts: serde_json::to_value(facts(None)).expect("JSON"),
            correction: None,
            computed_at: town.scope.now(),
            version: 1,
        })
        .await;
        town.insert(staffing::Model {
            id: id::new(),
            district_id: town.district_id(),
            round_id: self.id,
            school_id: river.id,
            stage: Stage::Primary,
            subject_id: maths.id,
            needed: 3,
            present: 2,
            source: StaffingSource::Imported,
            note: None,
            version: 1,
        })
        .await;
    }

    /// The office has counted her out.
    pub async fn counts_out(&self, number: &str, reason: &str) {
        let (town, person) = (self.town, self.town.person(number).await);
        let txn = town.scope.begin().await.expect("a transaction");
        let home = tongpan::people::home_school(&txn, person.id, day("2027-09-01")).await.expect("posts");
        drop(txn);
        town.insert(candidacy::Model {
            id: id::new(),
            district_id: town.district_id(),
            round_id: self.id,
            teacher_id: person.id,
            school_id: home.expect("a home school"),
            stage: Stage::Primary,
            subject_id: None,
            standing: CandidacyStanding::NotEligible,
            backbone: false,
            facts: json!({}),
            correction: Some(reason.to_owned()),
            computed_at: town.scope.now(),
            version: 2,
        })
        .await;
    }

    /// Grounds of exemption, and the forms of moves.
    async fn rules(&self, policy_id: Uuid) {
        let ground = |kind, years| {
            let effect = ExemptionEffect::Deferred;
            Rule::Exemption(ExemptionGround {
                kind,
                effect,
                evidence: None,
                announced: false,
                longest_years: years,
            })
        };
        let rules = [
            ground(ExemptionKind::Pregnancy, Some(1)),
            ground(ExemptionKind::Nursing, Some(1)),
            ground(ExemptionKind::Illness, None),
            ground(ExemptionKind::FeatureCourse, Some(3)),
            Rule::Forms(Forms { forms: vec![PlacementForm::Exchange, PlacementForm::Support] }),
        ];
        for (ordinal, rule) in (1..).zip(rules) {
            self.town
                .insert(rotation_rule::Model {
                    id: id::new(),
                    district_id: self.town.district_id(),
                    policy_id,
                    ordinal,
                    kind: rule.kind(),
                    value: serde_json::to_value(&rule).expect("JSON"),
                    note: None,
                })
                .await;
        }
    }

    async fn follows(&self, policy_id: Uuid) {
        let mut row = self.now().await.into_active_model();
        row.policy_id = Set(Some(policy_id));
        let txn = self.town.scope.begin().await.expect("a transaction");
        row.update(&*txn).await.expect("the round");
        txn.commit().await.expect("a commit");
    }

    /// A proposal that moves 赵敏 to 城东小学.
    pub async fn proposal(&self, number: i32, state: ProposalState) -> rotation_proposal::Model {
        self.proposal_to(number, state, "城东小学").await
    }

    /// A proposal that moves 赵敏 to a school.
    pub async fn proposal_to(
        &self,
        number: i32,
        state: ProposalState,
        school: &str,
    ) -> rotation_proposal::Model {
        let town = self.town;
        let proposal = town
            .insert(rotation_proposal::Model {
                id: id::new(),
                district_id: town.district_id(),
                round_id: self.id,
                number,
                parent_id: None,
                reason: None,
                state,
                settings: json!({}),
                outcome: json!({}),
                created_at: town.scope.now(),
            })
            .await;
        town.insert(proposal_move::Model {
            id: id::new(),
            district_id: town.district_id(),
            proposal_id: proposal.id,
            teacher_id: town.person("T11").await.id,
            from_school_id: town.school_named("河湾小学").await.id,
            to_school_id: Some(town.school_named(school).await.id),
            form: PlacementForm::Exchange,
            from_on: day("2027-09-01"),
            until_on: day("2029-08-31"),
            weekdays: None,
            wish_rank: Some(1),
            commute_before: None,
            commute_after: None,
            reasons: json!([]),
        })
        .await;
        proposal
    }

    /// The proposal with this number comes to stand elsewhere.
    pub async fn proposal_becomes(&self, number: i32, state: ProposalState) {
        let found = rotation_proposal::Entity::find()
            .filter(rotation_proposal::Column::RoundId.eq(self.id))
            .filter(rotation_proposal::Column::Number.eq(number));
        let found = found.one(self.town.scope.reader()).await.expect("proposals").expect("the proposal");
        let mut row = found.into_active_model();
        row.state = Set(state);
        let txn = self.town.scope.begin().await.expect("a transaction");
        row.update(&*txn).await.expect("the proposal");
        txn.commit().await.expect("a commit");
    }

    /// The form of an application for these schools, made from the version that stands.
    pub async fn form(&self, number: &str, schools: &[&str]) -> Form {
        let town = self.town;
        let teacher_id = town.person(number).await.id;
        let known = application::Entity::find()
            .filter(application::Column::RoundId.eq(self.id))
            .filter(application::Column::TeacherId.eq(teacher_id));
        let known = known.one(town.scope.reader()).await.expect("applications");
        let mut wishes = Vec::new();
        for name in schools {
            wishes.push(town.school_named(name).await.id);
        }
        Form {
            round_id: self.id,
            teacher_id,
            form: PlacementForm::Exchange,
            years: 2,
            reason: Some("离家近".to_owned()),
            wishes,
            link: None,
            volunteer: false,
            expected_version: known.map(|row| row.version),
        }
    }

    /// She asks for these schools.
    pub async fn applies(&self, number: &str, schools: &[&str]) -> application::Model {
        let form = self.form(number, schools).await;
        applications::submit(&self.town.scope, form).await.expect("the application is handed in")
    }
}

/// What a refusal says, a line for each fault: code, field, words in both languages.
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T>) -> String {
    match outcome {
        Err(Error::Rejected(faults)) => faults
            .iter()
            .map(|fault| {
                let field = fault.field.as_deref().map(|field| format!(" {field}")).unwrap_or_default();
                let (zh, en) = (fault.message.text(Language::Chinese), fault.message.text(Language::English));
                format!("{}{field}\n  {zh}\n  {en}\n", fault.code)
            })
            .collect(),
        other => panic!("not refused: {other:?}"),
    }
}
