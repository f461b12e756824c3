//! The moves that somebody could make.

use std::collections::HashMap;

use rotation_planner as planner;
use sea_orm::prelude::Uuid;

use super::super::material::{Applied, Counted, Material};
use super::super::roads::Roads;
use super::super::settings::{Fate, Protection, Settings};
use super::{Candidate, Posts, Ruled, STRONG, strength, words};
use crate::entity::values::{CandidacyStanding, Locale, PlacementForm, RecommendationVerdict};
use crate::error::Bilingual;
use crate::rotations::policy::Direction;

/// Finds moves.
pub struct Mover<'s, 'm> {
    pub material: &'m Material,
    pub ruled: &'s Ruled<'m>,
    pub settings: &'s Settings,
    pub posts: &'s Posts,
    pub schools: &'s HashMap<Uuid, planner::SchoolIx>,
    pub roads: Roads<'m>,
}

impl Mover<'_, '_> {
    /// All moves of a candidate: her wishes by rank, then the other schools by number.
    pub fn moves(&mut self, one: &Counted, candidate: &Candidate) -> Vec<planner::Move> {
        let who = one.row.teacher_id;
        let applied = self.material.applied.get(&who);
        let decided = self.settings.decisions.iter().find(|decision| decision.teacher_id == who);
        let (_, place) = self.roads.from(one.teacher.residence.as_deref(), one.row.school_id);
        let mut moves = Vec::new();
        for school in &self.material.schools {
            let wish = applied.and_then(|applied| rank(applied, school.id));
            let wanted = match decided.map(|decision| &decision.fate) {
                Some(Fate::MovesTo { school_id, .. }) => *school_id == school.id,
                Some(Fate::Moves) => true,
                _ => false,
            };
            // Who need not move and applied goes where she asked, or stays.
            let offers = candidate.standing == CandidacyStanding::MayMove && applied.is_some();
            let protected = offers && self.settings.protection != Protection::Nobody;
            if school.id == one.row.school_id || protected && wish.is_none() && !wanted {
                continue;
            }
            let (form, weekdays) = self.form(applied, decided.map(|decision| &decision.fate));
            let (leaves, brings) = parts(one, form, &weekdays);
            let choice = planner::Move {
                to: self.schools.get(&school.id).copied().unwrap_or_default(),
                cell: None,
                form: planner_form(form),
                weekdays,
                leaves,
                brings,
                commute_before: candidate.commute,
                commute_after: self.roads.to(&place, school.id),
                wish,
                cost: self.against(one, school.id),
                barred: self.barred(one, school.id, form).map(words),
            };
            let lower = self.ruled.wants(Direction::SameStageOrLower);
            let posts = self.posts.open_to(one, school.id, lower);
            if posts.is_empty() && (wish.is_some() || wanted) {
                moves.push(planner::Move { barred: Some(words(self.no_post(one, school.id))), ..choice });
                continue;
            }
            let ways = posts.into_iter().map(|cell| planner::Move { cell: Some(cell), ..choice.clone() });
            moves.extend(ways);
        }
        moves.sort_by_key(|choice| choice.wish.unwrap_or(u32::MAX));
        moves
    }

    /// In which form, and on which weekdays: as decided, as she asked, or as the policy allows.
    fn form(&self, applied: Option<&Applied>, fate: Option<&Fate>) -> (PlacementForm, Vec<u8>) {
        let usual = match self.ruled.forms {
            Some(forms) if !forms.contains(&PlacementForm::Exchange) => {
                forms.first().copied().unwrap_or(PlacementForm::Exchange)
            }
            _ => PlacementForm::Exchange,
        };
        let asked = applied.map_or(usual, |applied| applied.row.form);
        let (form, days) = match fate {
            Some(Fate::MovesTo { form, weekdays, .. }) => (form.unwrap_or(asked), weekdays.as_slice()),
            _ => (asked, &[][..]),
        };
        let mut weekdays = match (form, days) {
            (PlacementForm::Itinerant, []) => self.settings.weekdays.clone(),
            (PlacementForm::Itinerant, days) => days.to_vec(),
            _ => Vec::new(),
        };
        weekdays.sort_unstable();
        weekdays.dedup();
        (form, weekdays)
    }

    /// Why a move is not allowed, whatever posts there are.
    fn barred(&self, one: &Counted, to: Uuid, form: PlacementForm) -> Option<Bilingual> {
        if self.ruled.forms.is_some_and(|forms| !forms.contains(&form)) {
            let zh = format!("政策规定的形式中没有{}", form.zh());
            return Some(Bilingual::new(zh, format!("{form:?} is none of the policy's forms")));
        }
        let against = self.against_directions(one.row.school_id, to);
        against.into_iter().next().filter(|_| self.settings.requires_directions()).map(|direction| {
            match direction {
                Direction::StrongToWeak => Bilingual::new(
                    "由薄弱校到优质校，不合流向",
                    "from a weak school to a strong one, against the direction",
                ),
                _ => Bilingual::new("由乡村到城镇，不合流向", "from village to town, against the direction"),
            }
        })
    }

    fn no_post(&self, one: &Counted, to: Uuid) -> Bilingual {
        match (&one.facts.leading, self.posts.only_higher(one, to)) {
            (Some(leading), _) => Bilingual::new(
                format!("那里没有{}岗位", leading.duty.zh()),
                "there is no post of her leading duty there",
            ),
            (None, true) => Bilingual::new(
                "那里只有更高学段的岗位，不能由低学段到高学段",
                "there are posts of higher stages only, and nobody moves up",
            ),
            (None, false) => Bilingual::new(
                "那里的学科余缺中没有该教师这一学段学科的岗位",
                "the staffing there has no posts of her stage and subject",
            ),
        }
    }

    /// How many of the policy's directions a move serves not, once more for each that it goes against, and whether her school is opposed.
    fn against(&self, one: &Counted, to: Uuid) -> i64 {
        let said = self.material.said.get(&one.row.teacher_id);
        let opposed = said.is_some_and(|said| said.verdict == RecommendationVerdict::Opposed);
        let from = one.row.school_id;
        let missed =
            self.ruled.directions.iter().filter(|direction| misses(self.material, **direction, from, to));
        let against = self.against_directions(from, to).len();
        (missed.count() + against) as i64 + i64::from(opposed)
    }

    fn against_directions(&self, from: Uuid, to: Uuid) -> Vec<Direction> {
        let wanted = self.ruled.directions.iter().copied();
        wanted.filter(|direction| goes_against(self.material, *direction, from, to)).collect()
    }
}

/// How much of her post leaves home, and how much comes to the other school. Posts of a subject count who teaches there, as the count
/// does, so 挂职 for the whole week leaves its post like 交流. A leading duty counts who holds it: with 挂职 she keeps hers and takes
/// nobody's.
fn parts(one: &Counted, form: PlacementForm, weekdays: &[u8]) -> (planner::Fifths, planner::Fifths) {
    let part = match form {
        PlacementForm::Itinerant => (weekdays.len() as planner::Fifths).min(planner::POST),
        PlacementForm::Secondment if one.facts.leading.is_some() => 0,
        _ => planner::POST,
    };
    (part, part)
}

/// Whether a move does nothing for a purpose that it could serve: it goes against it, or is one from a strong school to another, from
/// town to town. Between weak schools, and between villages, there is nothing to serve.
fn misses(material: &Material, direction: Direction, from: Uuid, to: Uuid) -> bool {
    let strong = |school: Uuid| strength(material, school).map(|strength| strength == STRONG);
    match direction {
        Direction::StrongToWeak => strong(from).is_some() && strong(to) == Some(true),
        Direction::TownToVillage => {
            !material.schools.iter().any(|row| row.id == to && row.locale == Locale::Rural)
        }
        Direction::SameStageOrLower | Direction::SurplusFirst => false,
    }
}

/// Whether a move goes against a purpose.
fn goes_against(material: &Material, direction: Direction, from: Uuid, to: Uuid) -> bool {
    let rural =
        |school: Uuid| material.schools.iter().any(|row| row.id == school && row.locale == Locale::Rural);
    match direction {
        Direction::StrongToWeak => {
            strength(material, from).zip(strength(material, to)).is_some_and(|(from, to)| to > from)
        }
        Direction::TownToVillage => rural(from) && !rural(to),
        // These bind the posts themselves.
        Direction::SameStageOrLower | Direction::SurplusFirst => false,
    }
}

fn rank(applied: &Applied, school: Uuid) -> Option<u32> {
    let place = applied.wishes.iter().position(|wish| *wish == school)?;
    u32::try_from(place + 1).ok()
}

fn planner_form(form: PlacementForm) -> planner::Form {
    match form {
        PlacementForm::Exchange => planner::Form::Exchange,
        PlacementForm::Support => planner::Form::Support,
        PlacementForm::Itinerant => planner::Form::Itinerant,
        PlacementForm::Secondment => planner::Form::Secondment,
        PlacementForm::Appointment => planner::Form::Appointment,
    }
}

/// The form of the planner, as rows keep it.
pub fn stored_form(form: planner::Form) -> PlacementForm {
    match form {
        planner::Form::Exchange => PlacementForm::Exchange,
        planner::Form::Support => PlacementForm::Support,
        planner::Form::Itinerant => PlacementForm::Itinerant,
        planner::Form::Secondment => PlacementForm::Secondment,
        planner::Form::Appointment => PlacementForm::Appointment,
    }
}
