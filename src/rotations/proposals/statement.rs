//! The problem of a round: its rows, under its policy and the settings of a proposal, as the planner takes them.
//!
//! Everybody counted is a teacher of the problem, in the order of staff numbers; those who must or may move, and whom no accepted
//! ground excuses, have moves.

mod moves;
mod posts;
mod rules;

use std::collections::HashMap;

use chrono::{Months, NaiveDate};
use rotation_planner as planner;
use sea_orm::prelude::Uuid;

use super::material::{Counted, Material};
use super::roads::{Basis, Roads};
use super::settings::{Fate, Force, Protection, Settings};
use crate::entity::values::{ApplicationLink, CandidacyStanding, Locale, MembershipRole, Title};
use crate::error::{Bilingual, Error, Result, UserError};
use crate::rotations::count::{Effect, Facts, What};
use crate::rotations::policy::{Duration, ground_en};

pub use moves::stored_form;
pub use posts::Posts;
pub use rules::Ruled;

/// Somebody who may move in the round.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Whether she must or may.
    pub standing: CandidacyStanding,
    /// Whether she has to in this round, whatever the rates ask.
    pub must: bool,
    /// First and last day of her service elsewhere.
    pub span: (NaiveDate, NaiveDate),
    /// Years she asked for and years she gets, when the policy makes them differ.
    pub years: Option<(i32, i32)>,
    /// Last day of the round, when the policy's term makes hers another.
    pub round_until: Option<NaiveDate>,
    /// Where her way is counted from.
    pub basis: Basis,
    /// Her way to her own school.
    pub commute: Option<i64>,
}

/// A problem with what its numbers stand for.
#[derive(Debug)]
pub struct Statement<'m> {
    /// The rows it was made from.
    pub material: &'m Material,
    /// Who may move, in the order of the counted.
    pub candidates: Vec<Option<Candidate>>,
    /// What each of the problem's posts are.
    pub posts: Posts,
    /// Places of the policy's rates, in the order of the problem's.
    pub rates: Vec<i32>,
    /// The problem.
    pub problem: planner::Problem,
    /// Teachers of the exchange among volunteers, circle by circle: each takes the place of the next.
    pub circles: Vec<Vec<planner::TeacherIx>>,
}

/// States the problem of a round.
///
/// # Errors
/// `Rejected` when the settings are out of range, name a rule that is no rate, or decide what cannot be.
pub fn state<'m>(material: &'m Material, settings: &Settings) -> Result<Statement<'m>> {
    settings.check()?;
    let ruled = Ruled::of(material);
    let posts = Posts::of(material);
    let mut roads = Roads::new(&material.district_schools, &material.roads);
    let schools: HashMap<Uuid, planner::SchoolIx> =
        material.schools.iter().enumerate().map(|(ix, school)| (school.id, ix)).collect();
    let counted = &material.counted;
    let candidates: Vec<Option<Candidate>> =
        counted.iter().map(|one| candidate(material, &ruled, settings, &mut roads, one)).collect();
    let mut input = planner::ProblemInput {
        schools: material.schools.iter().map(|school| stated_school(material, &ruled, school.id)).collect(),
        cells: posts.cells(material, &schools),
        rates: rules::rates(material, &ruled, settings, &candidates)?,
        links: links(material),
        longest_commute: ruled.longest.map(i64::from),
        unknown_increase: i64::from(settings.unknown_minutes),
        // Who need not move at all is offered her wishes alone (`moves`), unless nobody is protected.
        volunteers: match settings.protection {
            Protection::NotNow => planner::VolunteerRule::Protected,
            Protection::NeedNot | Protection::Nobody => planner::VolunteerRule::LikeOthers,
        },
        ..planner::ProblemInput::default()
    };
    let mut mover =
        moves::Mover { material, ruled: &ruled, settings, posts: &posts, schools: &schools, roads };
    for (one, candidate) in counted.iter().zip(&candidates) {
        let Some(home) = schools.get(&one.row.school_id) else {
            return Err(outside(one).into());
        };
        let moves = candidate.as_ref().map(|candidate| mover.moves(one, candidate)).unwrap_or_default();
        input.teachers.push(stated_teacher(material, &posts, one, candidate.as_ref(), (*home, moves)));
    }
    decide(&mut input, material, settings, &schools)?;
    let (problem, circles) = settled(input, settings)?;
    Ok(Statement {
        material,
        candidates,
        posts,
        rates: ruled.rates.iter().map(|(ordinal, _)| *ordinal).collect(),
        problem,
        circles,
    })
}

/// The problem, with the exchange among volunteers settled in it.
fn settled(
    mut input: planner::ProblemInput,
    settings: &Settings,
) -> Result<(planner::Problem, Vec<Vec<planner::TeacherIx>>)> {
    let problem = planner::Problem::build(input.clone()).map_err(unsound)?;
    if !settings.exchange {
        return Ok((problem, Vec::new()));
    }
    let exchange = planner::exchange(&problem);
    exchange.pin_into(&mut input);
    let circles = exchange.cycles.iter().map(|circle| circle.iter().map(|(who, _)| *who).collect()).collect();
    Ok((planner::Problem::build(input).map_err(unsound)?, circles))
}

/// Rows that state no sound problem are ours to mend, not the office's.
pub(super) fn unsound(errors: Vec<planner::ProblemError>) -> Error {
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Error::internal(format!("the round states no sound problem: {}", told.join(" ")))
}

fn outside(one: &Counted) -> UserError {
    let name = &one.teacher.name;
    UserError::new(
        "SCHOOL_NOT_IN_ROUND",
        format!("{name}摸底时所在的学校已不在本批次之内：请退回摸底重新测算"),
        format!("the school where {name} was counted is not in the round any more: count again"),
    )
}

fn candidate(
    material: &Material,
    ruled: &Ruled<'_>,
    settings: &Settings,
    roads: &mut Roads<'_>,
    one: &Counted,
) -> Option<Candidate> {
    let standing = one.row.standing;
    let eligible = matches!(standing, CandidacyStanding::MustMove | CandidacyStanding::MayMove);
    if !eligible || material.exempted.contains_key(&one.row.teacher_id) {
        return None;
    }
    let due = standing == CandidacyStanding::MustMove;
    let paced = ruled.paces_the_due(one.row.stage) && !settings.all_due && !by_terms(&one.facts);
    let home = one.row.school_id;
    let (basis, place) = roads.from(one.teacher.residence.as_deref(), home);
    let span = span(material, ruled, one);
    let (years, round_until) = (span.years, span.round_until);
    let (must, commute) = (due && !paced, roads.to(&place, home));
    Some(Candidate { standing, must, span: span.days, years, round_until, basis, commute })
}

/// Whether she must move because of her terms as a leader.
fn by_terms(facts: &Facts) -> bool {
    let terms = |what: &What| matches!(what, What::Terms { .. });
    facts.findings.iter().any(|finding| finding.effect == Effect::Requires && terms(&finding.what))
}

/// The days of somebody's service, and where they come from.
struct Span {
    days: (NaiveDate, NaiveDate),
    years: Option<(i32, i32)>,
    round_until: Option<NaiveDate>,
}

/// As long as she asked, or as the round lasts; longer or shorter where the policy's 期限 says so.
fn span(material: &Material, ruled: &Ruled<'_>, one: &Counted) -> Span {
    let round = &material.round;
    let Some(applied) = material.applied.get(&one.row.teacher_id) else {
        let until = round_until(round.starts_on, round.ends_on, ruled.duration);
        let differs = (until != round.ends_on).then_some(round.ends_on);
        return Span { days: (round.starts_on, until), years: None, round_until: differs };
    };
    let asked = applied.row.years;
    let given = ruled.duration.map_or(asked, |rule| rule.nearest(asked));
    let until = last_day(round.starts_on, given).unwrap_or(round.ends_on);
    Span {
        days: (round.starts_on, until),
        years: (asked != given).then_some((asked, given)),
        round_until: None,
    }
}

/// The last day of a round that ends then, or the nearest that the policy's 期限 allows.
fn round_until(from: NaiveDate, until: NaiveDate, duration: Option<Duration>) -> NaiveDate {
    let Some(rule) = duration else { return until };
    let least = last_day(from, i32::from(rule.years)).unwrap_or(until);
    let most = rule
        .most
        .and_then(|most| last_day(from, i32::from(most.max(rule.years))))
        .unwrap_or(until.max(least));
    until.clamp(least, most.max(least))
}

/// The last of so many years, one at least.
fn last_day(from: NaiveDate, years: i32) -> Option<NaiveDate> {
    let months = u32::try_from(years).unwrap_or(1).max(1).checked_mul(12)?;
    from.checked_add_months(Months::new(months))?.pred_opt()
}

fn stated_school(material: &Material, ruled: &Ruled<'_>, school: Uuid) -> planner::School {
    let row = material.schools.iter().find(|row| row.id == school);
    let teachers = material.counted.iter().filter(|one| one.row.school_id == school).count();
    planner::School {
        name: row.map_or_else(String::new, |row| row.name.clone()),
        strength: strength(material, school),
        locale: match row.map(|row| row.locale) {
            Some(Locale::Urban) => planner::Locale::Urban,
            Some(Locale::Rural) => planner::Locale::Village,
            Some(Locale::Town) | None => planner::Locale::Town,
        },
        out_cap: ruled.out_cap(u32::try_from(teachers).unwrap_or(u32::MAX)),
        in_cap: None,
    }
}

/// The strength of a strong school.
pub const STRONG: i64 = 2;

/// Core schools are the strong ones, members the weak.
pub fn strength(material: &Material, school: Uuid) -> Option<i64> {
    match material.roles.get(&school)? {
        MembershipRole::Core => Some(STRONG),
        MembershipRole::Member => Some(1),
        MembershipRole::Partner => None,
    }
}

fn stated_teacher(
    material: &Material,
    posts: &Posts,
    one: &Counted,
    candidate: Option<&Candidate>,
    (home, moves): (planner::SchoolIx, Vec<planner::Move>),
) -> planner::Teacher {
    planner::Teacher {
        name: one.teacher.name.clone(),
        home,
        cell: posts.own(one),
        quality: one.teacher.title.map(quality),
        backbone: one.row.backbone,
        eligible: candidate.is_some(),
        ineligible: candidate.is_none().then(|| ineligible(material, one)).map(words),
        must_move: candidate.is_some_and(|candidate| candidate.must),
        volunteer: candidate.is_some() && material.applied.contains_key(&one.row.teacher_id),
        graduating: one.facts.graduating,
        priority: i64::from(one.facts.tenure.years) * 12 + i64::from(one.facts.tenure.months),
        moves,
        pinned: None,
    }
}

/// A title as a number, for the evenness of strength between schools: 三级 1 to 正高级 5.
fn quality(title: Title) -> i64 {
    match title {
        Title::Third => 1,
        Title::Second => 2,
        Title::First => 3,
        Title::Senior => 4,
        Title::SeniorProfessor => 5,
    }
}

/// Why somebody who was counted takes no part.
fn ineligible(material: &Material, one: &Counted) -> Bilingual {
    if let Some(exemption) = material.exempted.get(&one.row.teacher_id) {
        let ground = exemption.kind;
        let zh = format!("{}，已同意免于或暂缓交流", ground.zh());
        return Bilingual::new(zh, format!("{}: exempt or deferred", ground_en(ground)));
    }
    let word = one.row.standing.zh();
    Bilingual::new(format!("摸底结果为{word}"), format!("she was counted as {:?}", one.row.standing))
}

/// Words of the planner as everybody else's.
pub fn bilingual(words: &planner::Words) -> Bilingual {
    Bilingual::new(words.zh.clone(), words.en.clone())
}

pub(super) fn words(text: Bilingual) -> planner::Words {
    planner::Words::new(text.zh, text.en)
}

/// Pairs who asked each other in the same way.
fn links(material: &Material) -> Vec<planner::Link> {
    let place: HashMap<Uuid, planner::TeacherIx> =
        material.counted.iter().enumerate().map(|(ix, one)| (one.row.teacher_id, ix)).collect();
    let mut links = Vec::new();
    for (ix, one) in material.counted.iter().enumerate() {
        let Some(mine) = material.applied.get(&one.row.teacher_id).map(|applied| &applied.row) else {
            continue;
        };
        let Some((partner, link)) = mine.partner_id.zip(mine.link) else { continue };
        let theirs = material.applied.get(&partner).map(|applied| &applied.row);
        let mutual =
            theirs.is_some_and(|row| row.partner_id == Some(mine.teacher_id) && row.link == Some(link));
        let other = place.get(&partner).filter(|other| mutual && **other > ix);
        links.extend(other.map(|other| planner::Link {
            teachers: vec![ix, *other],
            kind: match link {
                ApplicationLink::Both => planner::LinkKind::Together,
                ApplicationLink::SameSchool => planner::LinkKind::SameSchool,
            },
        }));
    }
    links
}

/// Writes what the office decided beforehand into the problem.
fn decide(
    input: &mut planner::ProblemInput,
    material: &Material,
    settings: &Settings,
    schools: &HashMap<Uuid, planner::SchoolIx>,
) -> Result<()> {
    let mut faults = Vec::new();
    for decision in &settings.decisions {
        let found = material.counted.iter().position(|one| one.row.teacher_id == decision.teacher_id);
        let Some(ix) = found else {
            let (zh, en) =
                ("要预先安排的人不在本批次的摸底名单内", "somebody who was decided about was not counted");
            faults.push(UserError::new("NOT_COUNTED", zh, en).at("decisions"));
            continue;
        };
        let teacher = &mut input.teachers[ix];
        match pin(teacher, &decision.fate, schools) {
            Ok(pin) => {
                // The office may keep anybody, also who is due: its reason stands with her outcome.
                teacher.must_move &= pin != planner::Pin::Stays;
                teacher.pinned = Some(pin);
            }
            Err(why) => {
                let (zh, en) =
                    (format!("{}：{}", teacher.name, why.zh), format!("{}: {}", teacher.name, why.en));
                faults.push(UserError::new("CANNOT_BE_DECIDED", zh, en).at("decisions"));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

fn pin(
    teacher: &planner::Teacher,
    fate: &Fate,
    schools: &HashMap<Uuid, planner::SchoolIx>,
) -> std::result::Result<planner::Pin, Bilingual> {
    if *fate == Fate::Stays {
        return Ok(planner::Pin::Stays);
    }
    if let Some(why) = &teacher.ineligible {
        return Err(bilingual(why));
    }
    let Fate::MovesTo { school_id, .. } = fate else { return Ok(planner::Pin::Not(None)) };
    let there = schools.get(school_id);
    let mut ways = teacher.moves.iter().enumerate().filter(|(_, choice)| Some(&choice.to) == there);
    let open = ways.clone().find(|(_, choice)| choice.barred.is_none());
    match (open, ways.next().and_then(|(_, choice)| choice.barred.as_ref())) {
        (Some((ix, _)), _) => Ok(planner::Pin::Moves(ix)),
        (None, Some(why)) => Err(bilingual(why)),
        (None, None) => Err(Bilingual::new(
            "那所学校没有该教师这一学段学科的岗位，或不在本批次之内",
            "that school has no post of her stage and subject, or is not in the round",
        )),
    }
}

impl Settings {
    /// Whether moves against the policy's directions are not allowed at all.
    pub(super) fn requires_directions(&self) -> bool {
        self.directions == Force::Require
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_did_not_apply_serves_as_long_as_the_round_unless_the_term_of_the_policy_is_another() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let until = |ends: &str, years, most| {
            let rule = Duration { years, most, extendable: false };
            round_until(day("2027-09-01"), day(ends), Some(rule)).to_string()
        };
        assert_eq!(until("2028-08-31", 2, None), "2029-08-31", "two years at least");
        assert_eq!(until("2031-08-31", 2, None), "2031-08-31", "and as many more as the round has");
        assert_eq!(until("2031-08-31", 2, Some(3)), "2030-08-31");
        assert_eq!(until("2029-07-10", 1, Some(3)), "2029-07-10", "within the term the round's own day");
        let ends = day("2028-08-31");
        assert_eq!(round_until(day("2027-09-01"), ends, None), ends);
    }
}
