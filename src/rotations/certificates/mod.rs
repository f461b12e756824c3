//! The certificate of service 交流任教服务证明: where somebody served away from her own school, from which day to which, how long
//! and what she taught. A year of it is a condition for 高级职称, so the days are those of the postings and nothing is rounded up.
//!
//! A certificate is not kept: its number says for whom and up to which day it was written, and ends in a digest of all it says.
//! The same facts give the same number again; facts that were changed since do not.

mod ledger;
mod served;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::entity::values::{AssessmentResult, DutyKind, Locale, PlacementForm};
use crate::entity::{posting, teacher};
use crate::error::{Result, UserError};
use crate::people;
use crate::scope::Scope;
use ledger::Ledger;

pub use served::{RULE, Served};

/// What certificates are asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whose.
    pub teachers: Vec<Uuid>,
    /// Only this posting; none: all her service elsewhere.
    pub posting: Option<Uuid>,
    /// The day up to which service counts; none: today.
    pub on: Option<NaiveDate>,
}

/// What somebody served elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// Staff number, day, digest: `LC00034-20280901-3F9A21C0`.
    pub number: String,
    /// Whose service.
    pub teacher: teacher::Model,
    /// The day up to which service counts.
    pub counted_on: NaiveDate,
    /// Where and when, the earliest first.
    pub spells: Vec<Spell>,
    /// All of it, but for fixed weekdays.
    pub total: Served,
    /// Of the total, at schools of towns 镇区.
    pub town: Served,
    /// Of the total, at schools of villages 乡村.
    pub rural: Served,
}

/// Service at one school.
#[derive(Debug, Clone, PartialEq)]
pub struct Spell {
    /// The posting.
    pub posting: posting::Model,
    /// Her own school when it began, if she had one.
    pub home: Option<String>,
    /// Name of the school she served at.
    pub school: String,
    /// Where it lies.
    pub locale: Locale,
    /// Last day that counts.
    pub until_on: NaiveDate,
    /// Whether it goes on after that day.
    pub ongoing: bool,
    /// How long.
    pub length: Served,
    /// What she taught there by the timetable, e.g. 数学（五年级）; else the subject of her post.
    pub taught: Vec<String>,
    /// Result of the final assessment.
    pub result: Option<AssessmentResult>,
}

impl Spell {
    /// First day.
    pub fn from_on(&self) -> NaiveDate {
        self.posting.from_on
    }

    /// In which form.
    pub fn form(&self) -> PlacementForm {
        self.posting.form
    }

    /// A duty she held there.
    pub fn duty(&self) -> Option<DutyKind> {
        self.posting.duty
    }

    /// Whether she was there every day: only that adds up.
    pub fn is_full_time(&self) -> bool {
        self.posting.weekdays.is_none()
    }

    fn line(&self) -> String {
        let posting = &self.posting;
        let parts = [
            self.home.clone().unwrap_or_default(),
            self.school.clone(),
            self.locale.zh().to_owned(),
            posting.form.zh().to_owned(),
            posting.weekdays.clone().unwrap_or_default(),
            posting.duty.map_or("", DutyKind::zh).to_owned(),
            posting.from_on.to_string(),
            self.until_on.to_string(),
            if self.ongoing { "续" } else { "止" }.to_owned(),
            self.taught.join("、"),
            self.result.map_or("", AssessmentResult::zh).to_owned(),
        ];
        parts.join("|")
    }
}

/// Writes certificates, in the order asked for.
///
/// # Errors
/// `NotFound` for somebody who is not of the district; `Rejected` when the day is still ahead, or one of them has not served
/// elsewhere up to it.
pub async fn certificates(scope: &Scope, request: &Request) -> Result<Vec<Certificate>> {
    let counted_on = request.on.unwrap_or_else(|| scope.today());
    if counted_on > scope.today() {
        let zh = format!("证明只能开到今天为止，{counted_on} 还没有到");
        let en = format!("a certificate counts up to today at most, and {counted_on} is still ahead");
        return Err(UserError::new("STILL_AHEAD", zh, en).at("on").into());
    }
    let ledger = Ledger::load(scope, &request.teachers, counted_on).await?;
    request.teachers.iter().map(|teacher| write(&ledger, *teacher, request.posting, counted_on)).collect()
}

/// The certificate that has this number, when what it says still holds; none: it never was, or the facts have changed since.
pub async fn verify(scope: &Scope, number: &str) -> Result<Option<Certificate>> {
    let Some((staff_number, counted_on)) = parts(number) else { return Ok(None) };
    if counted_on > scope.today() {
        return Ok(None);
    }
    let found = people::by_number(&scope.database, scope.district.id, staff_number).await?;
    let Some(teacher) = found else { return Ok(None) };
    let ledger = Ledger::load(scope, &[teacher.id], counted_on).await?;
    let postings = ledger.postings(teacher.id).iter().map(|posting| Some(posting.id));
    for posting in std::iter::once(None).chain(postings) {
        let Ok(certificate) = write(&ledger, teacher.id, posting, counted_on) else { continue };
        if certificate.number == number {
            return Ok(Some(certificate));
        }
    }
    Ok(None)
}

/// Staff number and day of a certificate's number.
fn parts(number: &str) -> Option<(&str, NaiveDate)> {
    let (rest, _) = number.rsplit_once('-')?;
    let (staff_number, day) = rest.rsplit_once('-')?;
    Some((staff_number, NaiveDate::parse_from_str(day, "%Y%m%d").ok()?))
}

fn write(
    ledger: &Ledger,
    teacher_id: Uuid,
    posting: Option<Uuid>,
    counted_on: NaiveDate,
) -> Result<Certificate> {
    let teacher = ledger.teacher(teacher_id)?.clone();
    let postings = ledger.postings(teacher_id).iter().filter(|row| posting.is_none_or(|only| row.id == only));
    let spells: Vec<Spell> = postings.map(|row| ledger.spell(row, counted_on)).collect();
    if spells.is_empty() {
        let name = &teacher.name;
        let zh = format!("{name}到 {counted_on} 为止没有在外校任教的记录；请核对姓名，或先登记派遣");
        let en = format!("{name} has not served at another school up to {counted_on}: check who is meant");
        return Err(UserError::new("NO_SERVICE", zh, en).at("teacherId").into());
    }
    let total = |counts: fn(Locale) -> bool| {
        let full_time = spells.iter().filter(|spell| spell.is_full_time() && counts(spell.locale));
        Served::of_all(full_time.map(|spell| (spell.from_on(), spell.until_on)))
    };
    Ok(Certificate {
        number: number(&teacher, counted_on, &spells),
        total: total(|_| true),
        town: total(|locale| locale == Locale::Town),
        rural: total(|locale| locale == Locale::Rural),
        teacher,
        counted_on,
        spells,
    })
}

fn number(teacher: &teacher::Model, counted_on: NaiveDate, spells: &[Spell]) -> String {
    let mut digest = Sha256::new();
    digest.update(format!("{}|{}|{counted_on}", teacher.number, teacher.name));
    for spell in spells {
        digest.update(format!("\n{}", spell.line()));
    }
    let digest: String = digest.finalize().iter().take(4).map(|byte| format!("{byte:02X}")).collect();
    format!("{}-{}-{digest}", teacher.number, counted_on.format("%Y%m%d"))
}
