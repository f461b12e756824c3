//! Applications 申报: who wishes to go where, alone or linked with somebody.

pub mod wishes;

use chrono::NaiveDate;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::permits::{self, RotationAction};
use super::policy::{self, Rule};
use super::{count, exemptions, notices, steps};
use crate::audit;
use crate::entity::values::{ApplicationLink, ApplicationState, CandidacyStanding, PlacementForm};
use crate::entity::{
    application, application_wish, appointment, candidacy, exemption, rotation_round, teacher,
};
use crate::error::{Error, Result, UserError};
use crate::id::{self, Kind};
use crate::mail::outbox;
use crate::people;
use crate::rows;
use crate::scope::{Scope, Txn};
use wishes::Places;

/// Years somebody may ask to be away for.
pub const YEARS: std::ops::RangeInclusive<i32> = 1..=10;
/// Most schools of one application.
pub const MOST_WISHES: usize = 5;

/// An application as its form has it.
#[derive(Debug, Clone)]
pub struct Form {
    /// The round.
    pub round_id: Uuid,
    /// Who applies.
    pub teacher_id: Uuid,
    /// In which form.
    pub form: PlacementForm,
    /// For how many years.
    pub years: i32,
    /// Why.
    pub reason: Option<String>,
    /// Schools, the most wished one first.
    pub wishes: Vec<Uuid>,
    /// The teacher whose move hers is linked to, and how.
    pub link: Option<(Uuid, ApplicationLink)>,
    /// Whether she offers to move though she need not.
    pub volunteer: bool,
    /// The version that was looked at; none when there was no application yet.
    pub expected_version: Option<i32>,
}

/// Keeps an application as a draft.
///
/// # Errors
/// As [`submit`]; also `Rejected` when it was handed in already.
pub async fn save(scope: &Scope, form: Form) -> Result<application::Model> {
    put(scope, form, ApplicationState::Draft).await
}

/// Hands an application in, for oneself or on behalf of a teacher; the applicant is told that it has arrived. One that
/// was handed in before or withdrawn is handed in anew.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected`, with everything that is wrong with it, or outside of the step 申报 and its days.
pub async fn submit(scope: &Scope, form: Form) -> Result<application::Model> {
    put(scope, form, ApplicationState::Submitted).await
}

/// Takes an application back.
///
/// # Errors
/// `NotFound`; `Stale`; `Rejected` when it was taken back already, or outside of the step 申报 and its days.
pub async fn withdraw(
    scope: &Scope,
    application_id: Uuid,
    expected_version: i32,
) -> Result<application::Model> {
    let txn = scope.begin().await?;
    let before = rows::hold::<application::Entity>(&txn, Kind::Application, application_id, LockType::Update);
    let before = before.await?;
    rows::expect_version(&txn, before.id, before.version, expected_version).await?;
    let round = permits::round_for(&txn, before.round_id, RotationAction::Apply).await?;
    steps::within(&txn, &round).await?;
    if before.state == ApplicationState::Withdrawn {
        let (zh, en) = ("申报已经撤回", "the application was withdrawn already");
        return Err(UserError::new("ALREADY_WITHDRAWN", zh, en).into());
    }
    let after = application::Model {
        state: ApplicationState::Withdrawn,
        version: before.version + 1,
        ..before.clone()
    };
    let after = audit::update(&txn, "application.withdraw", &before, after).await?;
    txn.commit().await?;
    Ok(after)
}

/// Those whose submitted application names a partner who has not submitted one that names her in the same way.
pub fn without_partner(applications: &[application::Model]) -> Vec<Uuid> {
    let submitted = || applications.iter().filter(|row| row.state == ApplicationState::Submitted);
    let answers = |row: &application::Model| {
        submitted().any(|other| {
            Some(other.teacher_id) == row.partner_id
                && other.partner_id == Some(row.teacher_id)
                && other.link == row.link
        })
    };
    submitted().filter(|row| row.partner_id.is_some() && !answers(row)).map(|row| row.teacher_id).collect()
}

/// The schools of an application, the most wished one first.
pub async fn wishes_of(
    connection: &impl ConnectionTrait,
    application: &application::Model,
) -> Result<Vec<application_wish::Model>> {
    let select = rows::in_district(application.district_id, application_wish::Entity::find())
        .filter(application_wish::Column::ApplicationId.eq(application.id));
    Ok(select.order_by_asc(application_wish::Column::Rank).all(connection).await?)
}

/// Rows of the wishes, ranked as they stand.
pub fn ranked(application: &application::Model, schools: &[Uuid]) -> Vec<application_wish::Model> {
    let row = |(rank, school_id): (i32, &Uuid)| application_wish::Model {
        id: id::new(),
        district_id: application.district_id,
        application_id: application.id,
        rank,
        school_id: *school_id,
    };
    (1..).zip(schools).map(row).collect()
}

async fn put(scope: &Scope, form: Form, state: ApplicationState) -> Result<application::Model> {
    let txn = scope.begin().await?;
    let round = permits::round_for(&txn, form.round_id, RotationAction::Apply).await?;
    steps::within(&txn, &round).await?;
    let teacher = super::one_at_a_time(&txn, form.teacher_id).await?;
    let before = of_teacher(&txn, round.id, teacher.id).await?;
    let (row_id, version) = before.as_ref().map_or((id::new(), 0), |row| (row.id, row.version));
    rows::expect_version(&txn, row_id, version, form.expected_version.unwrap_or(0)).await?;
    if state == ApplicationState::Draft {
        still_a_draft(before.as_ref())?;
    }
    check(&txn, &round, &teacher, &form, state).await?;
    let after = application::Model {
        id: row_id,
        district_id: txn.district_id(),
        round_id: round.id,
        teacher_id: teacher.id,
        form: form.form,
        years: form.years,
        reason: form.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
        state,
        partner_id: form.link.map(|(partner, _)| partner),
        link: form.link.map(|(_, link)| link),
        volunteer: form.volunteer,
        submitted_at: (state == ApplicationState::Submitted).then(|| scope.now()),
        version: version + 1,
    };
    let action = if state == ApplicationState::Draft { "application.save" } else { "application.submit" };
    let after = match &before {
        Some(before) => audit::update(&txn, action, before, after).await?,
        None => audit::insert(&txn, action, after).await?,
    };
    replace_wishes(&txn, action, &after, &form.wishes).await?;
    if state == ApplicationState::Submitted {
        outbox::enqueue(&txn, notices::application_received(&txn, &after, &teacher)).await?;
    }
    txn.commit().await?;
    Ok(after)
}

/// Her application in a round, whatever became of it.
async fn of_teacher(txn: &Txn, round_id: Uuid, teacher_id: Uuid) -> Result<Option<application::Model>> {
    let select = rows::in_district(txn.district_id(), application::Entity::find())
        .filter(application::Column::RoundId.eq(round_id))
        .filter(application::Column::TeacherId.eq(teacher_id));
    Ok(select.one(&**txn).await?)
}

fn still_a_draft(before: Option<&application::Model>) -> Result<()> {
    match before.map(|row| row.state) {
        Some(ApplicationState::Submitted) => Err(UserError::new(
            "ALREADY_SUBMITTED",
            "申报已经提交：要修改，请改好后重新提交，或先撤回",
            "the application is handed in: hand it in anew with the changes, or withdraw it first",
        )
        .into()),
        _ => Ok(()),
    }
}

async fn replace_wishes(
    txn: &Txn,
    action: &str,
    application: &application::Model,
    schools: &[Uuid],
) -> Result<()> {
    let before = wishes_of(&**txn, application).await?;
    if before.iter().map(|wish| wish.school_id).eq(schools.iter().copied()) {
        return Ok(());
    }
    audit::delete_all(txn, action, before).await?;
    audit::insert_all(txn, action, ranked(application, schools)).await
}

/// Everything that is wrong with an application, at once.
async fn check(
    txn: &Txn,
    round: &rotation_round::Model,
    teacher: &teacher::Model,
    form: &Form,
    state: ApplicationState,
) -> Result<()> {
    let post = post_of(txn, teacher, round.starts_on).await?;
    let places = Places::load(&**txn, round).await?;
    let mut faults = Vec::new();
    if !YEARS.contains(&form.years) {
        let (zh, en) = ("期限请填 1 到 10 年", "a term of duty has 1 to 10 years");
        faults.push(UserError::new("INVALID_YEARS", zh, en).at("years"));
    }
    let forms = forms(&**txn, round).await?;
    if forms.as_ref().is_some_and(|forms| !forms.contains(&form.form)) {
        faults.push(form_fault(form.form, &forms.unwrap_or_default()).at("form"));
    }
    if state == ApplicationState::Submitted && form.wishes.is_empty() {
        let (zh, en) = ("请至少填一所志愿学校", "name one school at least");
        faults.push(UserError::new("WISHES_MISSING", zh, en).at("schoolIds"));
    }
    if form.wishes.len() > MOST_WISHES {
        let zh = format!("志愿学校最多{MOST_WISHES}所");
        let en = format!("there are {MOST_WISHES} wishes at most");
        faults.push(UserError::new("TOO_MANY_WISHES", zh, en).at("schoolIds"));
    }
    if !places.in_round(post.school_id) {
        faults.push(outside_the_round(teacher, round));
    }
    for (place, wish) in form.wishes.iter().enumerate() {
        if let Some(fault) = places.fault(&post, *wish, &form.wishes[..place]) {
            faults.push(places.refusal(fault, *wish).at(&format!("schoolIds.{place}")));
        }
    }
    faults.extend(counted_out(txn, round, teacher).await?);
    faults.extend(link_fault(txn, round, teacher, form, state).await?);
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

/// The forms that the policy of a round allows; none: it says nothing of forms.
async fn forms(
    connection: &impl ConnectionTrait,
    round: &rotation_round::Model,
) -> Result<Option<Vec<PlacementForm>>> {
    let Some(policy_id) = round.policy_id else { return Ok(None) };
    let policy = policy::load(connection, round.district_id, policy_id).await?;
    Ok(allowed_forms(policy.bare()))
}

/// The forms that rules allow; none: they say nothing of forms.
pub fn allowed_forms<'r>(mut rules: impl Iterator<Item = &'r Rule>) -> Option<Vec<PlacementForm>> {
    rules.find_map(|rule| match rule {
        Rule::Forms(forms) => Some(forms.forms.clone()),
        _ => None,
    })
}

/// The fault of a form that the policy does not allow.
pub fn form_fault(form: PlacementForm, allowed: &[PlacementForm]) -> UserError {
    let words = allowed.iter().map(|form| form.zh()).collect::<Vec<_>>().join("、");
    let words_en = allowed.iter().map(|form| form.en()).collect::<Vec<_>>().join(", ");
    UserError::new(
        "FORM_NOT_IN_POLICY",
        format!("本批次的政策没有“{}”这种形式；可以选：{words}", form.zh()),
        format!("the policy of the round does not know {}; choose one of: {words_en}", form.en()),
    )
}

/// Her post on the first day of service.
async fn post_of(txn: &Txn, teacher: &teacher::Model, on: NaiveDate) -> Result<appointment::Model> {
    people::post_on(txn, teacher.id, on).await?.ok_or_else(|| super::no_home_school(teacher, on).into())
}

fn outside_the_round(teacher: &teacher::Model, round: &rotation_round::Model) -> UserError {
    UserError::new(
        "NOT_IN_ROUND",
        format!("{}的编制学校不属于“{}”所在的集团", teacher.name, round.name),
        format!("the home school of {} does not belong to the group of {:?}", teacher.name, round.name),
    )
    .at("teacherId")
}

/// The fault of somebody whom the count, or an exemption that was accepted since, keeps out of the round: nobody would look at her
/// application.
async fn counted_out(
    txn: &Txn,
    round: &rotation_round::Model,
    teacher: &teacher::Model,
) -> Result<Option<UserError>> {
    let counted = rows::in_district(txn.district_id(), candidacy::Entity::find())
        .filter(candidacy::Column::RoundId.eq(round.id))
        .filter(candidacy::Column::TeacherId.eq(teacher.id));
    let Some(row) = counted.one(&**txn).await? else { return Ok(None) };
    if !is_movable(row.standing) {
        let (name, word, why) = (&teacher.name, row.standing.zh(), count::why_out(&row)?);
        let zh = format!("摸底时{name}为“{word}”（{}），不能申报；结果有误的，请教育局退回摸底更正", why.zh);
        let en = format!(
            "{name} was counted as {} ({}) and cannot apply: if that is wrong, let the office go back to the count and correct it",
            row.standing.en(),
            why.en
        );
        return Ok(Some(UserError::new("COUNTED_OUT", zh, en).at("teacherId")));
    }
    let of_her = exemptions::in_force(round).filter(exemption::Column::TeacherId.eq(teacher.id));
    let Some(excused) = of_her.one(&**txn).await? else { return Ok(None) };
    let (name, kind) = (&teacher.name, excused.kind);
    let zh =
        format!("{name}以“{}”免于或暂缓本次交流的申请已同意，不能再申报；情况有变请联系教育局", kind.zh());
    let en = format!(
        "{name} is exempt from the round ({}) and cannot apply: if things have changed, ask the office",
        kind.en()
    );
    Ok(Some(UserError::new("EXEMPTED", zh, en).at("teacherId")))
}

/// Whether somebody who stands there takes part.
pub fn is_movable(standing: CandidacyStanding) -> bool {
    matches!(standing, CandidacyStanding::MustMove | CandidacyStanding::MayMove)
}

/// What is wrong with the teacher she is linked to.
async fn link_fault(
    txn: &Txn,
    round: &rotation_round::Model,
    teacher: &teacher::Model,
    form: &Form,
    state: ApplicationState,
) -> Result<Option<UserError>> {
    let Some((partner_id, link)) = form.link else { return Ok(None) };
    if partner_id == teacher.id {
        let (zh, en) = ("联动的对方不能是本人", "nobody is linked to herself");
        return Ok(Some(UserError::new("LINKED_TO_HERSELF", zh, en).at("partnerId")));
    }
    let partner = rows::find::<teacher::Entity>(txn, Kind::Teacher, partner_id).await?;
    let Some(theirs) = of_teacher(txn, round.id, partner_id).await? else { return Ok(None) };
    if state == ApplicationState::Draft || theirs.state != ApplicationState::Submitted {
        return Ok(None);
    }
    // Who handed hers in without a link may still answer: before the recommendations both must have.
    let (zh, en) = if theirs.partner_id.is_none() {
        return Ok(None);
    } else if theirs.partner_id != Some(teacher.id) {
        (
            format!("{}的申报填的是与他人联动，不是与{}：请双方商定后再提交", partner.name, teacher.name),
            format!(
                "the application of {} is linked to somebody else, not to {}: let it be changed first",
                partner.name, teacher.name
            ),
        )
    } else if theirs.link != Some(link) {
        let (name, kind) = (&partner.name, theirs.link.unwrap_or(ApplicationLink::Both));
        (
            format!("{name}填的是“{}”：双方的联动方式要一致", kind.zh()),
            format!("{name} asked for {:?}: both must ask for the same", kind.en()),
        )
    } else if link == ApplicationLink::SameSchool && !share_a_wish(txn, &theirs, &form.wishes).await? {
        (
            format!("与{}要求同校，双方的志愿却没有同一所学校", partner.name),
            format!("same school is asked for with {}, but no school is wished by both", partner.name),
        )
    } else {
        return Ok(None);
    };
    Ok(Some(UserError::new("LINK_NOT_MUTUAL", zh, en).at("partnerId")))
}

async fn share_a_wish(txn: &Txn, theirs: &application::Model, wishes: &[Uuid]) -> Result<bool> {
    let theirs = wishes_of(&**txn, theirs).await?;
    Ok(theirs.iter().any(|wish| wishes.contains(&wish.school_id)))
}
