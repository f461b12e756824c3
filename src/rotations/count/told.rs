//! A finding as a sentence: made when it is read, in the language of the reader.

use super::facts::{Effect, Finding, Honour, Length, What};
use crate::entity::values::DutyKind;
use crate::error::Bilingual;
use crate::rotations::policy::{ExemptionEffect, duty_en, grade_zh, ground_en};

/// What a finding says of a teacher.
pub fn told(finding: &Finding) -> Bilingual {
    let barred = finding.effect == Effect::Bars;
    let (then_zh, then_en) = match finding.effect {
        Effect::Requires => ("，应当交流", ": she must move"),
        Effect::Bars => ("，不符合条件", ": she is not eligible"),
        Effect::Allows | Effect::Excuses | Effect::Notes => ("", ""),
    };
    let told = match &finding.what {
        What::Tenure { length, needed } => tenure(*length, *needed, barred),
        What::Age { age, limit } => {
            let (zh, en) = if barred { ("超过", "over") } else { ("不超过", "not over") };
            Bilingual::new(format!("{age}周岁，{zh}{limit}周岁"), format!("{age} years old, {en} {limit}"))
        }
        What::Terms { duty, length, terms, years_per_term } => {
            leader(*duty, *length, (*terms, *years_per_term), barred)
        }
        What::Retirement { left, more_than } => {
            let (zh, en) = if barred { ("不足", "no more than") } else { ("超过", "more than") };
            Bilingual::new(
                format!("距退休{}，{zh}{more_than}年", length_zh(*left)),
                format!("{} before retirement, {en} {more_than} years", length_en(*left)),
            )
        }
        What::StageOutside { stage } => Bilingual::new(
            format!("{}教师不参加本次交流", stage.zh()),
            "teachers of her stage take no part in this round",
        ),
        What::Graduating { grade } => Bilingual::new(
            format!("任教毕业年级（{}）", grade_zh(*grade)),
            format!("she teaches a graduating grade ({grade})"),
        ),
        What::Exempted { kind, effect, until_on } => {
            let (does_zh, does_en) = match effect {
                ExemptionEffect::Exempt => ("免于交流", "exempt"),
                ExemptionEffect::Deferred => ("暂缓交流", "deferred"),
            };
            let until_zh = until_on.map(|day| format!("（至{day}）")).unwrap_or_default();
            let until_en = until_on.map(|day| format!(" until {day}")).unwrap_or_default();
            Bilingual::new(
                format!("{}{until_zh}，{does_zh}", kind.zh()),
                format!("{}{until_en}: {does_en}", ground_en(*kind)),
            )
        }
        What::Honoured { honour: Honour { name, .. } } => {
            Bilingual::new(format!("{name}，计为骨干"), format!("{name}: counts as 骨干"))
        }
        What::ServesElsewhere { away } => {
            let until_zh = away.until_on.map(|day| format!("，至{day}")).unwrap_or_default();
            let until_en = away.until_on.map(|day| format!(" until {day}")).unwrap_or_default();
            let place = if away.school.is_empty() { "外校" } else { &away.school };
            Bilingual::new(
                format!("正在{place}{}{until_zh}", away.form.zh()),
                format!("she serves at {} ({}){until_en}", place, away.form.zh()),
            )
        }
        What::BirthUnknown => {
            Bilingual::new("名册缺出生年月，无法核定年龄", "her date of birth is not on file")
        }
        What::SexUnknown => Bilingual::new("名册缺性别，无法核定年龄上限", "her sex is not on file"),
        What::Remarked { kind } => Bilingual::new(
            format!("名册备注有“{}”：如需暂缓，请本人申请并附证明", kind.zh()),
            format!("the roster remarks {}: she may apply with evidence", ground_en(*kind)),
        ),
    };
    Bilingual::new(format!("{}{then_zh}", told.zh), format!("{}{then_en}", told.en))
}

fn tenure(length: Length, needed: u8, barred: bool) -> Bilingual {
    let (zh, en) = if barred { ("未满", "less than") } else { ("已满", "at least") };
    Bilingual::new(
        format!("在本校任教{}，{zh}{needed}年", length_zh(length)),
        format!("{} at her school, {en} {needed} years", length_en(length)),
    )
}

fn leader(duty: DutyKind, length: Length, (terms, each): (u8, u8), barred: bool) -> Bilingual {
    let (zh, en) = if barred { ("未满", "less than") } else { ("已满", "at least") };
    Bilingual::new(
        format!("任{}{}，{zh}{terms}届（每届{each}年）", duty.zh(), length_zh(length)),
        format!("{} among the {}, {en} {terms} terms of {each} years", length_en(length), duty_en(duty)),
    )
}

/// `6年`, `6年3个月`, `3个月`.
pub fn length_zh(Length { years, months }: Length) -> String {
    match (years, months) {
        (0, 0) => "不满1个月".to_owned(),
        (0, months) => format!("{months}个月"),
        (years, 0) => format!("{years}年"),
        (years, months) => format!("{years}年{months}个月"),
    }
}

fn length_en(Length { years, months }: Length) -> String {
    match (years, months) {
        (0, months) => format!("{months} months"),
        (years, 0) => format!("{years} years"),
        (years, months) => format!("{years} years {months} months"),
    }
}
