//! Exemptions 免于或暂缓交流: on what ground, by which paper, until when, and how it was decided.

use chrono::{Months, NaiveDate};
use sea_orm::sea_query::{ExprTrait, LockType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};
use uuid::Uuid;

use super::notices;
use super::permits::{self, RotationAction};
use super::policy::{self, ExemptionGround, Rule};
use crate::audit;
use crate::entity::values::{ExemptionKind, ExemptionState, Sex};
use crate::entity::{exemption, rotation_round, teacher};
use crate::error::{Bilingual, Error, Result, UserError};
use crate::groups::ends_before_it_begins;
use crate::id::{self, Kind};
use crate::mail::outbox;
use crate::people::away;
use crate::rows;
use crate::scope::{Scope, Txn};

/// What a ground is proven by, and for how long it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The ground.
    pub kind: ExemptionKind,
    /// What must be shown.
    pub words: Bilingual,
    /// Whether it counts only once it was made public at the school 校内公示.
    pub announced: bool,
    /// Years it counts at most; none: as long as the paper says.
    pub longest_years: Option<u32>,
}

/// The grounds that count in a round and their papers: those of its policy, or, while it has none, all that are known.
pub async fn papers(connection: &impl ConnectionTrait, round: &rotation_round::Model) -> Result<Vec<Paper>> {
    let Some(policy_id) = round.policy_id else {
        return Ok(ExemptionKind::ALL.iter().copied().map(usual).collect());
    };
    let policy = policy::load(connection, round.district_id, policy_id).await?;
    let grounds = policy.bare().filter_map(|rule| match rule {
        Rule::Exemption(ground) => Some(ground),
        _ => None,
    });
    Ok(grounds.map(of_ground).collect())
}

fn of_ground(ground: &ExemptionGround) -> Paper {
    let usual = usual(ground.kind);
    // A policy that names a paper of its own says itself whether that is made public.
    let announced = ground.announced || ground.evidence.is_none() && usual.announced;
    let words = match &ground.evidence {
        Some(paper) => Bilingual::new(paper, paper),
        None => usual.words,
    };
    let longest_years = ground.longest_years.map(u32::from).or(usual.longest_years);
    Paper { kind: ground.kind, words, announced, longest_years }
}

impl Paper {
    /// What must be shown, and that it is made public where it must be.
    pub fn told(&self) -> Bilingual {
        let Bilingual { zh, en } = &self.words;
        match self.announced {
            true => Bilingual::new(format!("{zh}，并经校内公示"), format!("{en}, made public at the school")),
            false => self.words.clone(),
        }
    }
}

/// What offices ask for where the policy does not say.
fn usual(kind: ExemptionKind) -> Paper {
    let (zh, en, longest_years) = match kind {
        ExemptionKind::Pregnancy => ("医院出具的孕检证明", "a hospital's certificate of pregnancy", Some(1)),
        ExemptionKind::Nursing => ("孩子的出生医学证明", "the child's birth certificate", Some(1)),
        ExemptionKind::Illness => {
            ("县级以上医院的诊断证明", "a certificate of a county hospital or a higher one", None)
        }
        ExemptionKind::FeatureCourse => {
            ("学校关于特色课程带头人的证明", "the school's word on who leads the feature course", Some(3))
        }
        ExemptionKind::LeaderNearRetirement => {
            ("任职文件与出生年月", "the letter of appointment and the date of birth", None)
        }
        ExemptionKind::Hardship => ("说明困难情况的证明材料", "papers that show the hardship", Some(1)),
    };
    let announced = kind == ExemptionKind::Illness;
    Paper { kind, words: Bilingual::new(zh, en), announced, longest_years }
}

/// Exemptions that hold when the service of a round begins: its own, and those of other rounds whose last day is known and not over by
/// then.
pub fn in_force(round: &rotation_round::Model) -> Select<exemption::Entity> {
    let expires = exemption::Column::ExpiresOn;
    let own = Condition::all()
        .add(exemption::Column::RoundId.eq(round.id))
        .add(expires.is_null().or(expires.gte(round.starts_on)));
    let other = Condition::all()
        .add(expires.gte(round.starts_on))
        .add(exemption::Column::EvidenceFromOn.lte(round.starts_on));
    rows::in_district(round.district_id, exemption::Entity::find())
        .filter(exemption::Column::State.eq(ExemptionState::Accepted))
        .filter(Condition::any().add(own).add(other))
        .order_by_asc(exemption::Column::Id)
}

/// An exemption to ask for.
#[derive(Debug)]
pub struct NewExemption {
    /// The round.
    pub round_id: Uuid,
    /// Who asks.
    pub teacher_id: Uuid,
    /// On what ground.
    pub kind: ExemptionKind,
    /// What paper proves it, with its number.
    pub evidence: String,
    /// From which day it is proven.
    pub evidence_from_on: NaiveDate,
    /// Last day on which the ground holds; none: as long as its kind counts at most.
    pub expires_on: Option<NaiveDate>,
}

/// Asks for an exemption, for oneself or on behalf of a teacher.
///
/// # Errors
/// `NotFound`; `Rejected` without a paper, when its days are out of order, it ends before service begins or counts longer
/// than its kind may, when the same is asked for already, or after 学校推荐.
pub async fn submit(scope: &Scope, new: NewExemption) -> Result<exemption::Model> {
    let txn = scope.begin().await?;
    let round = permits::round_for(&txn, new.round_id, RotationAction::AskExemption).await?;
    let teacher = super::one_at_a_time(&txn, new.teacher_id).await?;
    let papers = papers(&*txn, &round).await?;
    let paper = papers.iter().find(|paper| paper.kind == new.kind);
    let paper = paper.ok_or_else(|| not_in_policy(&round, new.kind, &papers))?;
    for_women(&teacher, new.kind)?;
    let (evidence, expires_on) = checked(scope, &round, &new, paper)?;
    asked_once(&txn, &round, &teacher, new.kind).await?;
    let row = exemption::Model {
        id: id::new(),
        district_id: txn.district_id(),
        round_id: round.id,
        teacher_id: teacher.id,
        kind: new.kind,
        evidence,
        evidence_from_on: new.evidence_from_on,
        expires_on,
        state: ExemptionState::Submitted,
        decision_reason: None,
        decided_by: None,
        version: 1,
    };
    let row = audit::insert(&txn, "exemption.submit", row).await?;
    txn.commit().await?;
    Ok(row)
}

/// What an office decides about an exemption.
#[derive(Debug)]
pub struct Decision {
    /// The exemption.
    pub exemption_id: Uuid,
    /// The version that was looked at.
    pub expected_version: i32,
    /// Whether it is accepted.
    pub accepted: bool,
    /// That it was made public at the school 校内公示, where its ground asks for that before it is accepted.
    pub announced: bool,
    /// Why, as told to her.
    pub reason: String,
}

/// Accepts or refuses an exemption, or decides otherwise than before; she is told, with the reason.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` without a reason, when it was decided already, when it is accepted without having been made public
/// as its ground asks, or after 学校推荐.
pub async fn decide(scope: &Scope, decision: Decision) -> Result<exemption::Model> {
    let reason = away::given(&decision.reason)?;
    let txn = scope.begin().await?;
    let before =
        rows::hold::<exemption::Entity>(&txn, Kind::Exemption, decision.exemption_id, LockType::Update);
    let before = before.await?;
    rows::expect_version(&txn, before.id, before.version, decision.expected_version).await?;
    let round = permits::round_for(&txn, before.round_id, RotationAction::DecideExemption).await?;
    let state = if decision.accepted { ExemptionState::Accepted } else { ExemptionState::Refused };
    if before.state == state {
        let word = before.state.zh();
        return Err(UserError::new(
            "ALREADY_DECIDED",
            format!("这件申请的结果已经是“{word}”"),
            format!("it is {} already", before.state.en()),
        )
        .into());
    }
    let papers = papers(&*txn, &round).await?;
    let must_be = papers.iter().any(|paper| paper.kind == before.kind && paper.announced);
    if decision.accepted && must_be && !decision.announced {
        return Err(not_announced(before.kind).into());
    }
    // Kept with the decision: whoever asks later sees that it was.
    let reason =
        if decision.accepted && must_be { format!("{reason}（已经校内公示）") } else { reason };
    let after = exemption::Model {
        state,
        decision_reason: Some(reason),
        decided_by: Some(scope.actor.name().to_owned()),
        version: before.version + 1,
        ..before.clone()
    };
    let after = audit::update(&txn, "exemption.decide", &before, after).await?;
    let teacher = rows::find::<teacher::Entity>(&txn, Kind::Teacher, after.teacher_id).await?;
    outbox::enqueue(&txn, notices::exemption_decided(&txn, &after, &teacher)).await?;
    txn.commit().await?;
    Ok(after)
}

fn not_announced(kind: ExemptionKind) -> UserError {
    UserError::new(
        "NOT_ANNOUNCED",
        format!("“{}”须经校内公示才能同意：请学校公示后，确认已经公示再审定", kind.zh()),
        format!(
            "{} is accepted only after it was made public at the school: let the school do so, then confirm it",
            kind.en()
        ),
    )
    .at("announced")
}

fn for_women(teacher: &teacher::Model, kind: ExemptionKind) -> Result<()> {
    let only = matches!(kind, ExemptionKind::Pregnancy | ExemptionKind::Nursing);
    if !only || teacher.sex != Some(Sex::Male) {
        return Ok(());
    }
    let (name, zh, en) = (&teacher.name, kind.zh(), kind.en());
    Err(UserError::new(
        "GROUND_NOT_HERS",
        format!("{name}登记为男，不能以“{zh}”申请；请核对姓名和事由"),
        format!("{name} is on file as a man, for whom {en} is no ground: check name and ground"),
    )
    .at("kind")
    .into())
}

fn not_in_policy(round: &rotation_round::Model, kind: ExemptionKind, papers: &[Paper]) -> UserError {
    let known = papers.iter().map(|paper| paper.kind.zh()).collect::<Vec<_>>().join("、");
    let known_en = papers.iter().map(|paper| paper.kind.en()).collect::<Vec<_>>().join(", ");
    UserError::new(
        "GROUND_NOT_IN_POLICY",
        format!("“{}”执行的政策没有“{}”这一事由；有：{known}", round.name, kind.zh()),
        format!("the policy of {:?} knows no exemption for {}; it knows: {known_en}", round.name, kind.en()),
    )
    .at("kind")
}

/// The paper as it is written, and the last day it counts.
fn checked(
    scope: &Scope,
    round: &rotation_round::Model,
    new: &NewExemption,
    paper: &Paper,
) -> Result<(String, Option<NaiveDate>)> {
    let mut faults = Vec::new();
    let evidence = new.evidence.trim();
    if evidence.is_empty() {
        let Bilingual { zh, en } = paper.told();
        faults.push(
            UserError::new(
                "EVIDENCE_MISSING",
                format!("{}须有{zh}：请写明材料名称和编号", new.kind.zh()),
                format!("{} needs {en}: say which paper, and its number", new.kind.en()),
            )
            .at("evidence"),
        );
    }
    if new.evidence_from_on > scope.today() {
        let (zh, en) = ("证明的日期不能晚于今天", "the paper cannot be of a day to come");
        faults.push(UserError::new("EVIDENCE_TO_COME", zh, en).at("evidenceFromOn"));
    }
    let longest = paper.longest_years.and_then(|years| {
        new.evidence_from_on.checked_add_months(Months::new(12 * years)).and_then(|day| day.pred_opt())
    });
    let expires_on = new.expires_on.or(longest);
    if let Some(expires) = expires_on {
        faults.extend(expiry_fault(round, new, expires, longest));
    }
    if faults.is_empty() { Ok((evidence.to_owned(), expires_on)) } else { Err(Error::Rejected(faults)) }
}

fn expiry_fault(
    round: &rotation_round::Model,
    new: &NewExemption,
    expires: NaiveDate,
    longest: Option<NaiveDate>,
) -> Option<UserError> {
    if expires < new.evidence_from_on {
        return Some(ends_before_it_begins("expiresOn"));
    }
    if let Some(longest) = longest.filter(|longest| expires > *longest) {
        return Some(
            UserError::new(
                "EXPIRES_TOO_LATE",
                format!("{}最迟到 {longest} 为止，请改正到期日", new.kind.zh()),
                format!("{} counts until {longest} at the latest: correct the day", new.kind.en()),
            )
            .at("expiresOn"),
        );
    }
    let starts = round.starts_on;
    (expires < starts).then(|| {
        UserError::new(
            "EXPIRES_BEFORE_SERVICE",
            format!("到 {expires} 为止，早于本批次开始服务的 {starts}，不影响本次交流，不必申请"),
            format!(
                "it ends on {expires}, before service begins on {starts}: it does not concern this round"
            ),
        )
        .at("expiresOn")
    })
}

/// Requires that the same ground is not asked for, or accepted, already.
async fn asked_once(
    txn: &Txn,
    round: &rotation_round::Model,
    teacher: &teacher::Model,
    kind: ExemptionKind,
) -> Result<()> {
    let select = rows::in_district(txn.district_id(), exemption::Entity::find())
        .filter(exemption::Column::RoundId.eq(round.id))
        .filter(exemption::Column::TeacherId.eq(teacher.id))
        .filter(exemption::Column::Kind.eq(kind))
        .filter(exemption::Column::State.ne(ExemptionState::Refused));
    let Some(known) = select.one(&**txn).await? else { return Ok(()) };
    let (name, ground, word) = (&teacher.name, kind.zh(), known.state.zh());
    Err(UserError::new(
        "ALREADY_ASKED",
        format!("{name}以“{ground}”提出的申请{word}，不必重复申请"),
        format!("{name} has asked for {} already, and it is {}", kind.en(), known.state.en()),
    )
    .at("kind")
    .into())
}
