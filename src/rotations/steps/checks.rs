//! What must be true before a round takes its next step. Each shortcoming says what it is and what to do about it.

use std::collections::HashSet;

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::calendar::working::WorkingDays;
use crate::entity::values::{
    ApplicationState, AssessmentKind, ExemptionState, ObjectionState, PlacementState, ProposalState,
    RoundState,
};
use crate::entity::{
    application, candidacy, exemption, objection, placement, proposal_move, recommendation,
    rotation_proposal, rotation_round, round_step, staffing, teacher,
};
use crate::error::{Bilingual, Result, UserError};
use crate::rotations::{applications, assessments};
use crate::rows;
use crate::scope::Scope;

/// Names that a sentence lists; the others it counts.
const LISTED: usize = 5;

/// The code of a step that is not over: nothing to be done about, only to be waited for.
pub const NOT_OVER: &str = "STEP_NOT_OVER";

/// Something that is missing before the next step, or worth knowing before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Stable code for programs, e.g. `OBJECTIONS_OPEN`.
    pub code: &'static str,
    /// Whether the next step must wait for it.
    pub blocks: bool,
    /// What is missing and what to do.
    pub message: Bilingual,
}

impl Gap {
    fn blocking(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, blocks: true, message: Bilingual::new(zh, en) }
    }

    fn advice(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { blocks: false, ..Self::blocking(code, zh, en) }
    }

    /// The gap as the refusal of the next step.
    pub fn refusal(self) -> UserError {
        UserError { code: self.code, field: None, message: self.message }
    }
}

/// What is missing before the step after the one that `round` is in.
pub async fn gaps<C: ConnectionTrait>(
    scope: &Scope,
    connection: &C,
    round: &rotation_round::Model,
    steps: &[round_step::Model],
) -> Result<Vec<Gap>> {
    let look = Look { connection, round, steps, today: scope.today(), scope };
    match round.state {
        RoundState::Counting => look.counted().await,
        RoundState::Applying => look.applied().await,
        RoundState::Recommending => look.recommended().await,
        RoundState::Proposing => look.proposed().await,
        RoundState::Publicising => look.publicised().await,
        RoundState::Approving => look.approved().await,
        RoundState::Dispatching => look.dispatched().await,
        RoundState::Serving => look.served().await,
        RoundState::Assessing => look.assessed(AssessmentKind::Final).await,
        RoundState::Closed => Ok(Vec::new()),
    }
}

/// The shortcoming of a proposal that would be public for too few working days.
pub fn too_short(days: &WorkingDays, from: NaiveDate, due: NaiveDate, least: usize) -> Option<Gap> {
    let has = days.count(from, due);
    if has >= least {
        return None;
    }
    let until = days.completing(from, least);
    if due < from {
        return Some(Gap::blocking(
            "PUBLICITY_TOO_SHORT",
            format!(
                "公示的日期到 {due} 已经过去，公示不得少于{least}个工作日：请把公示延长到 {until} 或以后"
            ),
            format!(
                "the days of publication ended on {due}, and a proposal is public for {least} working days at least: \
                 let the step last until {until} or longer"
            ),
        ));
    }
    Some(Gap::blocking(
        "PUBLICITY_TOO_SHORT",
        format!("公示不得少于{least}个工作日，{from} 至 {due} 只有{has}个：请把公示延长到 {until} 或以后"),
        format!(
            "a proposal is public for {least} working days at least, and {from} to {due} has {has}: \
             let the step last until {until} or longer"
        ),
    ))
}

struct Look<'a, C> {
    scope: &'a Scope,
    connection: &'a C,
    round: &'a rotation_round::Model,
    steps: &'a [round_step::Model],
    today: NaiveDate,
}

impl<C: ConnectionTrait> Look<'_, C> {
    async fn counted(&self) -> Result<Vec<Gap>> {
        let mut gaps = Vec::new();
        if self.round.policy_id.is_none() {
            gaps.push(Gap::blocking(
                "NO_POLICY",
                "还没有指定轮岗政策：请先选定本批次执行的政策",
                "the round follows no policy yet: choose one",
            ));
        }
        let of_round = candidacy::Entity::find().filter(candidacy::Column::RoundId.eq(self.round.id));
        if self.in_district(of_round).count(self.connection).await? == 0 {
            gaps.push(Gap::blocking(
                "NOT_COUNTED",
                "还没有摸底：请先用 tongpan rotation count 测算谁应交流、谁可交流",
                "nobody has been counted yet: run `tongpan rotation count` first",
            ));
        }
        let of_round = staffing::Entity::find().filter(staffing::Column::RoundId.eq(self.round.id));
        if self.in_district(of_round).count(self.connection).await? == 0 {
            gaps.push(Gap::blocking(
                "NO_STAFFING",
                "还没有学科余缺：请先摸底，或导入“学科余缺”表",
                "surplus and shortage of the schools are not known yet: count first, or import the sheet 学科余缺",
            ));
        }
        gaps.extend(self.step(RoundState::Applying).filter(|step| step.due_on < self.today).map(step_past));
        Ok(gaps)
    }

    async fn applied(&self) -> Result<Vec<Gap>> {
        let mut gaps: Vec<Gap> = self.not_over().into_iter().collect();
        let of_round = application::Entity::find().filter(application::Column::RoundId.eq(self.round.id));
        let all = self.in_district(of_round).all(self.connection).await?;
        let alone = applications::without_partner(&all);
        if !alone.is_empty() {
            let (names, count) = (self.names(alone.iter().copied()).await?, alone.len());
            gaps.push(Gap::blocking(
                "LINK_NOT_MUTUAL",
                format!("{count}份联动申报对方没有同样申报（{names}）：请双方互填对方并提交，或取消联动"),
                format!(
                    "linked applications that the partner does not answer: {count} ({names}); let both name each other, \
                     or take the link back"
                ),
            ));
        }
        gaps.extend(self.counted_out(&all).await?);
        let drafts: Vec<Uuid> =
            all.iter().filter(|row| row.state == ApplicationState::Draft).map(|row| row.teacher_id).collect();
        if !drafts.is_empty() {
            let (names, count) = (self.names(drafts.iter().copied()).await?, drafts.len());
            gaps.push(Gap::advice(
                "DRAFTS_LEFT",
                format!("{count}份申报还是草稿，没有提交的不计入（{names}）"),
                format!("drafts of applications, which do not count: {count} ({names})"),
            ));
        }
        Ok(gaps)
    }

    /// Those who apply, from a sheet that came before the count, and may not move.
    async fn counted_out(&self, all: &[application::Model]) -> Result<Option<Gap>> {
        let counted = self
            .in_district(candidacy::Entity::find())
            .filter(candidacy::Column::RoundId.eq(self.round.id))
            .all(self.connection)
            .await?;
        let out: HashSet<Uuid> = counted
            .into_iter()
            .filter(|row| !applications::is_movable(row.standing))
            .map(|row| row.teacher_id)
            .collect();
        let applying = all.iter().filter(|row| row.state == ApplicationState::Submitted);
        let kept: Vec<Uuid> = applying.map(|row| row.teacher_id).filter(|who| out.contains(who)).collect();
        if kept.is_empty() {
            return Ok(None);
        }
        let (names, count) = (self.names(kept.iter().copied()).await?, kept.len());
        Ok(Some(Gap::advice(
            "APPLICANTS_COUNTED_OUT",
            format!(
                "{count}位申报人摸底时不在可以交流之列，申报不计入（{names}）：请告知本人，或退回摸底更正"
            ),
            format!(
                "applicants whom the count keeps out, and whose applications do not count: {count} ({names}); tell them, or go \
                 back to the count and correct it"
            ),
        )))
    }

    async fn recommended(&self) -> Result<Vec<Gap>> {
        let mut gaps = Vec::new();
        let undecided = self
            .in_district(exemption::Entity::find())
            .filter(exemption::Column::RoundId.eq(self.round.id))
            .filter(exemption::Column::State.eq(ExemptionState::Submitted))
            .all(self.connection)
            .await?;
        if !undecided.is_empty() {
            let (names, count) =
                (self.names(undecided.iter().map(|row| row.teacher_id)).await?, undecided.len());
            gaps.push(Gap::blocking(
                "EXEMPTIONS_UNDECIDED",
                format!("{count}件免轮申请还没有审定（{names}）：请逐件同意或不同意，并写明理由"),
                format!(
                    "exemptions that are not decided: {count} ({names}); accept or refuse each, with a reason"
                ),
            ));
        }
        let said = self
            .in_district(recommendation::Entity::find())
            .filter(recommendation::Column::RoundId.eq(self.round.id))
            .all(self.connection)
            .await?;
        let said: HashSet<Uuid> = said.into_iter().map(|row| row.teacher_id).collect();
        let silent: Vec<Uuid> =
            self.applicants().await?.into_iter().filter(|applicant| !said.contains(applicant)).collect();
        if !silent.is_empty() {
            let (names, count) = (self.names(silent.iter().copied()).await?, silent.len());
            gaps.push(Gap::advice(
                "RECOMMENDATIONS_MISSING",
                format!("{count}位申报人还没有学校意见（{names}）"),
                format!("applicants of whom the schools have said nothing: {count} ({names})"),
            ));
        }
        Ok(gaps)
    }

    async fn proposed(&self) -> Result<Vec<Gap>> {
        let mut gaps = Vec::new();
        if self.proposal(ProposalState::Publicised).await?.is_none() {
            gaps.push(no_publicised_proposal());
        }
        if let Some((step, least)) = self.publicity() {
            let from = step.from_on.max(self.today);
            let days = WorkingDays::load(self.connection, self.round.district_id, from).await?;
            gaps.extend(too_short(&days, from, step.due_on, least));
        }
        Ok(gaps)
    }

    async fn publicised(&self) -> Result<Vec<Gap>> {
        let mut gaps = Vec::new();
        let proposal = self.proposal(ProposalState::Publicised).await?;
        if proposal.is_none() {
            gaps.push(no_publicised_proposal());
        }
        let objections = self
            .in_district(objection::Entity::find())
            .filter(objection::Column::RoundId.eq(self.round.id))
            .order_by_asc(objection::Column::RaisedAt)
            .all(self.connection)
            .await?;
        let open = objections.iter().filter(|row| row.state == ObjectionState::Open).count();
        if open > 0 {
            gaps.push(Gap::blocking(
                "OBJECTIONS_OPEN",
                format!("{open}件异议还没有答复：请逐件写明成立或不成立及理由"),
                format!("objections that are not answered: {open}; uphold or reject each, with an answer"),
            ));
        }
        let unheeded = match &proposal {
            Some(public) => self.unheeded(&objections, public).await?,
            None => 0,
        };
        if unheeded > 0 {
            gaps.push(Gap::blocking(
                "OBJECTIONS_UNHEEDED",
                format!("{unheeded}件异议已认定成立，公示的方案对所涉的人却没有改：请退回“拟订方案”，写明理由另拟一号再公示"),
                format!(
                    "objections that are upheld while the public proposal says the same of whom they are about: {unheeded}; go back a \
                     step, make another with its reason, and make that public"
                ),
            ));
        }
        gaps.extend(self.not_over());
        gaps.extend(self.public_for_too_few_days(proposal.as_ref()).await?);
        Ok(gaps)
    }

    /// How many objections are upheld though the public proposal says of her, or of everybody, what the one objected to said.
    async fn unheeded(
        &self,
        objections: &[objection::Model],
        public: &rotation_proposal::Model,
    ) -> Result<usize> {
        let upheld: Vec<_> = objections.iter().filter(|row| row.state == ObjectionState::Upheld).collect();
        if upheld.is_empty() {
            return Ok(0);
        }
        let about = upheld.iter().filter_map(|row| row.proposal_id).chain([public.id]);
        let moves = self
            .in_district(proposal_move::Entity::find())
            .filter(proposal_move::Column::ProposalId.is_in(about))
            .all(self.connection)
            .await?;
        let said = |proposal: Uuid, of: Option<Uuid>| {
            let rows = moves.iter().filter(move |row| {
                row.proposal_id == proposal && of.is_none_or(|teacher| row.teacher_id == teacher)
            });
            let place = |row: &proposal_move::Model| {
                let to = row.to_school_id?;
                Some((row.teacher_id, to, row.form, row.from_on, row.until_on, row.weekdays.clone()))
            };
            let mut places: Vec<_> = rows.filter_map(place).collect();
            places.sort();
            places
        };
        let unheeded = upheld.into_iter().filter(|row| {
            let Some(objected) = row.proposal_id else { return true };
            said(objected, row.teacher_id) == said(public.id, row.teacher_id)
        });
        Ok(unheeded.count())
    }

    async fn approved(&self) -> Result<Vec<Gap>> {
        let approved = self.proposal(ProposalState::Approved).await?;
        let missing = Gap::blocking(
            "NO_APPROVED_PROPOSAL",
            "公示的方案还没有批准：请先审批",
            "the public proposal is not approved yet: approve it first",
        );
        Ok(if approved.is_some() { Vec::new() } else { vec![missing] })
    }

    async fn dispatched(&self) -> Result<Vec<Gap>> {
        let placements = self.placements().await?;
        let sent: HashSet<Uuid> = placements
            .iter()
            .filter(|row| row.state == PlacementState::Approved)
            .map(|row| row.teacher_id)
            .collect();
        let mut waiting: Vec<Uuid> = placements
            .iter()
            .filter(|row| row.state == PlacementState::Proposed)
            .map(|row| row.teacher_id)
            .collect();
        if let Some(proposal) = self.proposal(ProposalState::Approved).await? {
            let chosen = self
                .in_district(proposal_move::Entity::find())
                .filter(proposal_move::Column::ProposalId.eq(proposal.id))
                .filter(proposal_move::Column::ToSchoolId.is_not_null())
                .all(self.connection)
                .await?;
            let known: HashSet<Uuid> = placements.iter().map(|row| row.teacher_id).collect();
            let unsent = chosen.iter().map(|row| row.teacher_id).filter(|who| !known.contains(who));
            waiting.extend(unsent);
        }
        waiting.retain(|who| !sent.contains(who));
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        let (names, count) = (self.names(waiting.iter().copied()).await?, waiting.len());
        Ok(vec![Gap::blocking(
            "NOT_DISPATCHED",
            format!("{count}人还没有派遣（{names}）：请批准各人的派遣，或撤回并写明理由"),
            format!(
                "people who are not dispatched: {count} ({names}); approve their placements, or withdraw them with a reason"
            ),
        )])
    }

    async fn served(&self) -> Result<Vec<Gap>> {
        let mut gaps = self.assessed(AssessmentKind::MidTerm).await?;
        gaps.extend(self.not_over());
        Ok(gaps)
    }

    async fn assessed(&self, kind: AssessmentKind) -> Result<Vec<Gap>> {
        let missing = assessments::waiting(self.connection, self.round, kind).await?;
        let mut gaps: Vec<Gap> = Vec::new();
        if !missing.is_empty() {
            let (names, count, word) =
                (self.names(missing.iter().map(|row| row.teacher_id)).await?, missing.len(), kind.zh());
            gaps.push(Gap::blocking(
                "ASSESSMENTS_MISSING",
                format!("{count}人还没有{word}（{names}）：请先登记{word}的结果"),
                format!("people without a {}: {count} ({names}); record its result first", kind.en()),
            ));
        }
        Ok(gaps)
    }

    /// A step whose days people rely on is not cut short: its days are changed first, for all to see.
    fn not_over(&self) -> Option<Gap> {
        let step = self.step(self.round.state).filter(|step| self.today <= step.due_on)?;
        let (word, due) = (step.step.zh(), step.due_on);
        Some(Gap::blocking(
            NOT_OVER,
            format!("{word}到 {due} 才结束：请等到次日；确需提前结束，请先调整这一步的日期"),
            format!(
                "the step of {} lasts until {due}: wait for the day after, or change its days first",
                step.step.en()
            ),
        ))
    }

    async fn public_for_too_few_days(
        &self,
        proposal: Option<&rotation_proposal::Model>,
    ) -> Result<Option<Gap>> {
        let Some((step, least)) = self.publicity() else { return Ok(None) };
        // A new version counts from the day it was made: the days of the one before are not its own.
        let made = proposal.map(|row| row.created_at.with_timezone(&self.scope.zone()).date_naive());
        let from = [Some(step.from_on), step.entered_on, made].into_iter().flatten().max();
        let from = from.unwrap_or(step.from_on);
        let days = WorkingDays::load(self.connection, self.round.district_id, from).await?;
        Ok(too_short(&days, from, step.due_on, least))
    }

    fn publicity(&self) -> Option<(&round_step::Model, usize)> {
        let step = self.step(RoundState::Publicising)?;
        Some((step, usize::try_from(step.working_days?).ok()?))
    }

    fn step(&self, state: RoundState) -> Option<&round_step::Model> {
        self.steps.iter().find(|step| step.step == state)
    }

    fn in_district<E: EntityTrait>(&self, select: sea_orm::Select<E>) -> sea_orm::Select<E> {
        rows::in_district(self.round.district_id, select)
    }

    /// Who has handed in an application.
    async fn applicants(&self) -> Result<Vec<Uuid>> {
        let submitted = self
            .in_district(application::Entity::find())
            .filter(application::Column::RoundId.eq(self.round.id))
            .filter(application::Column::State.eq(ApplicationState::Submitted));
        Ok(submitted.all(self.connection).await?.into_iter().map(|row| row.teacher_id).collect())
    }

    /// The newest proposal that stands there.
    async fn proposal(&self, state: ProposalState) -> Result<Option<rotation_proposal::Model>> {
        let of_round = self
            .in_district(rotation_proposal::Entity::find())
            .filter(rotation_proposal::Column::RoundId.eq(self.round.id))
            .filter(rotation_proposal::Column::State.eq(state));
        Ok(of_round.order_by_desc(rotation_proposal::Column::Number).one(self.connection).await?)
    }

    async fn placements(&self) -> Result<Vec<placement::Model>> {
        let of_round =
            self.in_district(placement::Entity::find()).filter(placement::Column::RoundId.eq(self.round.id));
        Ok(of_round.all(self.connection).await?)
    }

    /// The first names of some people, by staff number.
    async fn names(&self, people: impl Iterator<Item = Uuid>) -> Result<String> {
        let select = self.in_district(teacher::Entity::find()).filter(teacher::Column::Id.is_in(people));
        let rows = select.order_by_asc(teacher::Column::Number).all(self.connection).await?;
        let names: Vec<&str> = rows.iter().take(LISTED).map(|row| row.name.as_str()).collect();
        let more = if rows.len() > LISTED { "等" } else { "" };
        Ok(format!("{}{more}", names.join("、")))
    }
}

fn no_publicised_proposal() -> Gap {
    Gap::blocking(
        "NO_PUBLIC_PROPOSAL",
        "还没有可公示的方案：请先拟订方案，并选定一个公示",
        "no proposal has been made public: make proposals, and choose the one to be public",
    )
}

fn step_past(step: &round_step::Model) -> Gap {
    let (word, from, due) = (step.step.zh(), step.from_on, step.due_on);
    Gap::blocking(
        "STEP_DATES_PAST",
        format!("{word}的日期 {from} 至 {due} 已经过去：请先调整这一步的日期"),
        format!("the days of {}, {from} to {due}, are past: change them first", step.step.en()),
    )
}
