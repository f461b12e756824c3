//! 轮岗志愿: applications that came on paper. They belong to the open round.

use std::collections::{HashMap, HashSet};

use sea_orm::prelude::Uuid;

use super::draft::{Draft, lasts};
use super::edit::Edit;
use super::report::Outcome;
use super::{rotation, words};
use crate::entity::values::{ApplicationState, PlacementForm, RoundState};
use crate::entity::{application, appointment, rotation_round};
use crate::id;
use crate::rotations::applications::wishes::Places;
use crate::rotations::applications::{allowed_forms, form_fault, ranked};
use crate::rotations::count::Length;
use crate::rotations::permits::{self, RotationAction};
use crate::rotations::policy;
use crate::transfer::fault::{Bilingual, FaultKind};
use crate::transfer::fields;
use crate::transfer::table::{Row, Table};

const WISHES: [&str; 3] = ["志愿一", "志愿二", "志愿三"];

/// What the rows of the sheet are laid over.
struct Ground {
    round: rotation_round::Model,
    places: Places,
    /// Posts on the first day of service, by teacher.
    posts: HashMap<Uuid, appointment::Model>,
    /// Applications of the round, by teacher.
    stored: HashMap<Uuid, Uuid>,
    /// Forms that the policy allows; none: it says nothing of forms.
    forms: Option<Vec<PlacementForm>>,
}

/// Takes the sheet 轮岗志愿.
pub fn wishes(draft: &mut Draft, table: &Table) {
    let Some((round, opened)) = rotation::round_for(draft, table, &[]) else { return };
    if let Some(opened) = opened {
        rotation::keep(draft, table, opened);
    }
    let ground = ground(draft, round);
    let mut listed = HashSet::new();
    draft.rows(table, None, |draft, row| {
        let teacher_id = draft.person(row, "工号", Some("姓名"))?;
        listed.insert(teacher_id);
        wish(draft, table, row, &ground, teacher_id)
    });
    let submitted = draft
        .stores
        .applications
        .iter()
        .filter(|row| row.round_id == ground.round.id && row.state == ApplicationState::Submitted);
    let missing = submitted.filter(|row| !listed.contains(&row.teacher_id));
    let missing = missing.map(|row| draft.person_name(row.teacher_id).to_owned()).collect();
    draft.missing(table.sheet.name, missing);
}

fn ground(draft: &Draft, round: rotation_round::Model) -> Ground {
    let stores = &draft.stores;
    let places = Places::new(&round, stores.schools.iter(), stores.stages.iter(), stores.memberships.iter());
    let holds =
        |post: &&appointment::Model| post.from_on <= round.starts_on && lasts(post.until_on, round.starts_on);
    let posts =
        stores.appointments.iter().filter(holds).map(|post| (post.teacher_id, post.clone())).collect();
    let of_round = stores.applications.iter().filter(|row| row.round_id == round.id);
    let stored = of_round.map(|row| (row.teacher_id, row.id)).collect();
    let of_policy = stores.rules.copies(|rule| Some(rule.policy_id) == round.policy_id);
    // Rules that cannot be read are told where the policy is taken.
    let rules = policy::read(of_policy).unwrap_or_default();
    let forms = allowed_forms(rules.iter().map(|(rule, _)| rule));
    Ground { round, places, posts, stored, forms }
}

fn wish(
    draft: &mut Draft,
    table: &Table,
    row: Row<'_>,
    ground: &Ground,
    teacher_id: Uuid,
) -> Option<Outcome> {
    let schools = schools(draft, row, ground, teacher_id)?;
    let before = ground.stored.get(&teacher_id).and_then(|id| draft.stores.applications.get(*id)).cloned();
    let what = draft.person_name(teacher_id).to_owned();
    if before.as_ref().is_some_and(|before| before.state == ApplicationState::Withdrawn) {
        withdrawn(draft, row, &what);
        return Some(Outcome::Unchanged);
    }
    let created = before.is_none();
    let mut application = before.clone().unwrap_or_else(|| blank(draft.district_id, ground, teacher_id));
    let mut edit = Edit::new(table, row);
    if let Some(form) = edit.read("形式", words::placement_form) {
        edit.set("形式", &mut application.form, form.unwrap_or(PlacementForm::Exchange));
    }
    if let Some(Some(years)) = edit.read("期限", fields::years) {
        edit.set("期限", &mut application.years, i32::try_from(years).unwrap_or(i32::MAX));
    }
    edit.optional("说明", &mut application.reason, fields::prose);
    let wished = stored_wishes(draft, application.id);
    for (place, heading) in WISHES.into_iter().enumerate() {
        let name =
            |list: &[Uuid]| list.get(place).map(|id| draft.school_name(*id).to_owned()).unwrap_or_default();
        let (old, new) = (name(&wished), name(&schools));
        if old != new {
            edit.note(heading, old, new);
        }
    }
    let allowed = ground.forms.as_ref().filter(|forms| !forms.contains(&application.form));
    if let Some(forms) = allowed {
        edit.refuse(row.fault(FaultKind::Value, "形式", form_fault(application.form, forms).message));
    }
    let changes = draft.accept(edit)?;
    let handed_in = before.is_some_and(|before| before.state == ApplicationState::Submitted);
    if handed_in && changes.is_empty() {
        return Some(Outcome::Unchanged);
    }
    in_time(draft, row, &ground.round)?;
    application.state = ApplicationState::Submitted;
    application.submitted_at = Some(draft.now);
    if wished != schools {
        for old in draft.stores.wishes.copies(|wish| wish.application_id == application.id) {
            draft.stores.wishes.remove(old.id);
        }
        for wish in ranked(&application, &schools) {
            draft.stores.wishes.save(wish);
        }
    }
    draft.stores.applications.save(application);
    let outcome = draft.settle(row, &what, created, changes);
    // A draft becomes an application even when its fields stay.
    Some(if created || handed_in { outcome } else { Outcome::Changed })
}

/// The schools of a row, the most wished one first.
fn schools(draft: &mut Draft, row: Row<'_>, ground: &Ground, teacher_id: Uuid) -> Option<Vec<Uuid>> {
    let found: Vec<Option<Option<Uuid>>> = WISHES
        .iter()
        .map(|heading| match row.cell(heading).is_empty() && *heading != WISHES[0] {
            true => Some(None),
            false => draft.school(row, heading).map(Some),
        })
        .collect();
    let Some(post) = ground.posts.get(&teacher_id).filter(|post| ground.places.in_round(post.school_id))
    else {
        let (on, round) = (ground.round.starts_on, &ground.round.name);
        let message = Bilingual::new(
            format!("此人在 {on} 没有“{round}”所含学校的编制，请核对"),
            format!("on {on} this person has no post at a school of {round}; check who is meant"),
        );
        draft.fault(row, FaultKind::Value, "工号", message);
        return None;
    };
    let mut schools = Vec::new();
    let mut sound = true;
    for (heading, wish) in WISHES.into_iter().zip(found) {
        let Some(wish) = wish else {
            sound = false;
            continue;
        };
        let Some(wish) = wish else { continue };
        if let Some(fault) = ground.places.fault(post, wish, &schools) {
            let message = fault.words(draft.school_name(wish));
            draft.fault(row, FaultKind::Value, heading, message);
            sound = false;
        }
        schools.push(wish);
    }
    sound.then_some(schools)
}

/// Schools of a stored application, the most wished one first.
fn stored_wishes(draft: &Draft, application_id: Uuid) -> Vec<Uuid> {
    let mut wishes = draft.stores.wishes.copies(|wish| wish.application_id == application_id);
    wishes.sort_by_key(|wish| wish.rank);
    wishes.into_iter().map(|wish| wish.school_id).collect()
}

fn blank(district_id: Uuid, ground: &Ground, teacher_id: Uuid) -> application::Model {
    let round = &ground.round;
    application::Model {
        id: id::new(),
        district_id,
        round_id: round.id,
        teacher_id,
        form: PlacementForm::Exchange,
        years: years_of(round),
        reason: None,
        state: ApplicationState::Draft,
        partner_id: None,
        link: None,
        volunteer: false,
        submitted_at: None,
        version: 1,
    }
}

/// Full calendar years of a round's service, first and last day included; at least 1.
fn years_of(round: &rotation_round::Model) -> i32 {
    let after = round.ends_on.succ_opt().unwrap_or(round.ends_on);
    i32::from(Length::between(round.starts_on, after).years).max(1)
}

/// Requires that applications may still change.
fn in_time(draft: &mut Draft, row: Row<'_>, round: &rotation_round::Model) -> Option<()> {
    if permits::in_step(round.state).any(|permit| permit.action == RotationAction::ImportApplications) {
        return Some(());
    }
    let (name, step) = (&round.name, round.state.zh());
    let (mend_zh, mend_en) = rotation::mend(round.state, RoundState::Applying);
    let message = Bilingual::new(
        format!("“{name}”已到“{step}”，志愿不能再改；{mend_zh}"),
        format!("{name} is at the step of {}, where wishes cannot change: {mend_en}", round.state.en()),
    );
    draft.faults.push(row.row_fault(FaultKind::Value, message));
    None
}

fn withdrawn(draft: &mut Draft, row: Row<'_>, what: &str) {
    draft.notice(
        row.sheet().name,
        Bilingual::new(
            format!("{what}的申报已经撤回，本表的志愿没有导入；确要申报，请重新提交"),
            format!("{what} has withdrawn the application, and the row is left out; hand it in anew if it is wanted"),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_term_is_that_of_the_round_in_calendar_years() {
        let years = |from: &str, until: &str| {
            let day = |text: &str| text.parse().expect("a date");
            let round = rotation_round::Model {
                id: Uuid::nil(),
                district_id: Uuid::nil(),
                name: String::new(),
                starts_on: day(from),
                ends_on: day(until),
                state: RoundState::Applying,
                policy_id: None,
                group_id: None,
                version: 1,
            };
            years_of(&round)
        };
        assert_eq!(years("2028-09-01", "2030-08-31"), 2, "without a 29 February");
        assert_eq!(years("2027-09-01", "2030-08-31"), 3);
        assert_eq!(years("2027-09-01", "2029-07-15"), 1);
        assert_eq!(years("2027-09-01", "2028-06-30"), 1, "one at least");
    }
}
