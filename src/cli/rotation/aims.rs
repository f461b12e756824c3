//! What is written on the command line about aims, rates and people.

use super::{person, word};
use crate::cli::context::find_school;
use crate::error::{Result, UserError};
use crate::rotations::policy::Share;
use crate::rotations::proposals::{Aim, Decision, Fate, Protection, Quota, Weighed};
use crate::scope::Scope;

/// Short words for aims.
const AIMS: [(&str, Aim); 10] = [
    ("空缺", Aim::Vacancies),
    ("比例", Aim::Quotas),
    ("最远", Aim::WorstCommute),
    ("最差志愿", Aim::WorstWish),
    ("流向", Aim::Direction),
    ("志愿", Aim::Wishes),
    ("通勤", Aim::Commute),
    ("均衡", Aim::Evenness),
    ("年限", Aim::Seniority),
    ("变动", Aim::Changes),
];

/// Aims as people read them.
pub fn aim_words(aims: &[Weighed]) -> String {
    aims.iter().map(|term| term.aim.words().zh).collect::<Vec<_>>().join("、")
}

/// Reads `空缺,志愿*30+通勤`: levels by commas, weighed aims of one level by plus.
///
/// # Errors
/// `Rejected` naming what is not understood.
pub fn levels(text: &str) -> Result<Vec<Vec<Weighed>>> {
    let level = |level: &str| level.split('+').map(|term| aim(term.trim())).collect();
    text.split([',', '，']).map(level).collect()
}

fn aim(text: &str) -> Result<Weighed> {
    let (name, weight) = text.split_once('*').unwrap_or((text, "1"));
    let found = AIMS.iter().find(|(word, _)| *word == name.trim()).map(|(_, aim)| *aim);
    let aim = word(found, AIMS.iter().map(|(word, _)| *word), name)?;
    let weight = weight.trim().parse().map_err(|_| not_understood(text, "志愿*30"))?;
    Ok(Weighed { aim, weight })
}

const PROTECTIONS: [(&str, Protection); 3] =
    [("不必交流", Protection::NeedNot), ("本轮不必", Protection::NotNow), ("不保护", Protection::Nobody)];

/// Reads which applicants are protected.
///
/// # Errors
/// `Rejected` naming what may be written.
pub fn protection(text: &str) -> Result<Protection> {
    let found = PROTECTIONS.iter().find(|(word, _)| *word == text.trim()).map(|(_, protection)| *protection);
    word(found, PROTECTIONS.iter().map(|(word, _)| *word), text)
}

/// Reads `4=15%`, `4=1/3` or `4=可缺`.
///
/// # Errors
/// `Rejected` when it is not understood.
pub fn quota(text: &str) -> Result<Quota> {
    let example = "4=15%";
    let (ordinal, share) = text.split_once('=').ok_or_else(|| not_understood(text, example))?;
    let ordinal = ordinal.trim().parse().map_err(|_| not_understood(text, example))?;
    if share.trim() == "可缺" {
        return Ok(Quota { ordinal, share: None, soft: true });
    }
    let share = share_of(share.trim()).ok_or_else(|| not_understood(text, example))?;
    Ok(Quota { ordinal, share: Some(share), soft: false })
}

/// `15%`, `12.5%`, `1/3`.
fn share_of(text: &str) -> Option<Share> {
    if let Some((parts, whole)) = text.split_once('/') {
        return Some(Share { parts: parts.trim().parse().ok()?, whole: whole.trim().parse().ok()? });
    }
    let percent = text.strip_suffix(['%', '％'])?;
    let (whole, tenths) = percent.split_once('.').unwrap_or((percent, "0"));
    let tenths: u32 = tenths.parse().ok().filter(|tenths| *tenths < 10)?;
    let parts = whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(tenths)?;
    Some(Share { parts, whole: 1_000 })
}

/// Who stays and who moves, as the office decides beforehand.
///
/// # Errors
/// `Rejected` when a staff number or a school is unknown.
pub async fn decisions(
    scope: &Scope,
    stay: &[String],
    moves: &[String],
    reason: &str,
) -> Result<Vec<Decision>> {
    let mut decisions = Vec::new();
    for number in stay {
        let teacher_id = person(scope, number).await?.id;
        decisions.push(Decision { teacher_id, fate: Fate::Stays, reason: reason.to_owned() });
    }
    for text in moves {
        let mut parts = text.split('=').map(str::trim);
        let teacher_id = person(scope, parts.next().unwrap_or_default()).await?.id;
        let fate = match parts.next() {
            None => Fate::Moves,
            Some(school) => {
                let days = parts.next().unwrap_or_default();
                let weekdays: Vec<u8> =
                    days.chars().filter_map(|day| day.to_digit(10)).map(|day| day as u8).collect();
                Fate::MovesTo {
                    school_id: find_school(scope, school).await?.id,
                    form: (!weekdays.is_empty()).then_some(crate::entity::values::PlacementForm::Itinerant),
                    weekdays,
                }
            }
        };
        decisions.push(Decision { teacher_id, fate, reason: reason.to_owned() });
    }
    Ok(decisions)
}

fn not_understood(text: &str, example: &str) -> UserError {
    UserError::new(
        "NOT_UNDERSTOOD",
        format!("看不懂“{text}”，请写成如 {example}"),
        format!("{text:?} is not understood; write e.g. {example}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_by_commas_and_weights_by_stars() {
        let read = levels("空缺，志愿*30+通勤").expect("levels");
        assert_eq!(read[0], [Weighed::one(Aim::Vacancies)]);
        assert_eq!(read[1], [Weighed { aim: Aim::Wishes, weight: 30 }, Weighed::one(Aim::Commute)]);
        assert!(levels("空缺,好事").is_err(), "what is no aim is refused");
    }

    #[test]
    fn shares_are_read_exactly() {
        let share = |text| quota(text).ok().and_then(|quota| quota.share);
        assert_eq!(share("4=12.5%"), Some(Share { parts: 125, whole: 1_000 }));
        assert_eq!(share("4=1/3"), Some(Share { parts: 1, whole: 3 }));
        assert_eq!(quota("4=可缺").ok().map(|quota| quota.soft), Some(true));
        assert!(quota("15%").is_err(), "it must be said which rule is meant");
    }
}
