//! Each rule as a sentence, as a county office would write it, and in English.

use super::rule::{
    AgeLimit, Bound, CountedOn, Direction, Duration, ExemptionEffect, ExemptionGround, Graduating,
    LeaderTerms, Quality, Rate, RateBase, Retirement, Rounding, Rule, SchoolCap, Share, Tenure,
};
use crate::entity::values::{DutyKind, ExemptionKind, HonourLevel, Sex, Stage};
use crate::error::Bilingual;
use crate::sessions::grade_zh;

/// What a rule says.
pub fn sentence(rule: &Rule) -> Bilingual {
    match rule {
        Rule::MustMoveTenure(rule) => tenure(*rule),
        Rule::AgeLimit(rule) => age_limit(*rule),
        Rule::LeaderTerms(rule) => leader_terms(rule),
        Rule::YearsBeforeRetirement(rule) => retirement(*rule),
        Rule::Honour(rule) => Bilingual::new(
            format!("{}荣誉称号的教师计为骨干", level_zh(rule.least)),
            format!("holders of an honour of {} level or higher count as 骨干", level_en(rule.least)),
        ),
        Rule::Stage(rule) => Bilingual::new(
            format!("{}教师参加交流", stages_zh(&rule.stages)),
            format!("teachers of {} take part", stages_en(&rule.stages)),
        ),
        Rule::GraduatingGrade(rule) => graduating(rule),
        Rule::Exemption(rule) => exemption(rule),
        Rule::Rate(rule) => rate(rule),
        Rule::Duration(rule) => duration(*rule),
        Rule::Direction(rule) => {
            let zh: Vec<&str> =
                rule.directions.iter().map(|direction| direction_words(*direction).0).collect();
            let en: Vec<&str> =
                rule.directions.iter().map(|direction| direction_words(*direction).1).collect();
            Bilingual::new(format!("流向：{}", zh.join("，")), format!("directions: {}", en.join(", ")))
        }
        Rule::SchoolCap(rule) => school_cap(*rule),
        Rule::LongestCommute(rule) => Bilingual::new(
            format!("从居住地到接收学校单程不超过{}分钟", rule.minutes),
            format!("at most {} minutes one way from home to the receiving school", rule.minutes),
        ),
        Rule::Forms(rule) => {
            let zh: Vec<&str> = rule.forms.iter().map(|form| form.zh()).collect();
            let en: Vec<&str> = rule.forms.iter().map(|form| form.en()).collect();
            Bilingual::new(format!("形式：{}", zh.join("、")), format!("forms: {}", en.join(", ")))
        }
        Rule::CountedOn(CountedOn { month, day }) => Bilingual::new(
            format!("年限和年龄计算到当年{month}月{day}日"),
            format!("years and ages are counted on {day}/{month} of the round's year (day/month)"),
        ),
    }
}

fn tenure(Tenure { years, must }: Tenure) -> Bilingual {
    let (zh, en) = modal(must);
    Bilingual::new(
        format!("在同一所学校任教满{years}年的教师{zh}"),
        format!("teachers with {years} full years at one school {en} move"),
    )
}

fn modal(must: bool) -> (&'static str, &'static str) {
    if must { ("应当交流", "must") } else { ("可以交流", "may") }
}

fn age_limit(AgeLimit { sex, years, leaders }: AgeLimit) -> Bilingual {
    let (who_zh, who_en) = match sex {
        Some(Sex::Male) => ("男教师", "men"),
        Some(Sex::Female) => ("女教师", "women"),
        None => ("教师", "teachers"),
    };
    let (more_zh, more_en) =
        if leaders { ("（含按任期交流的校领导）", ", leaders too") } else { ("", "") };
    Bilingual::new(
        format!("{who_zh}不超过{years}周岁{more_zh}"),
        format!("{who_en} are at most {years} years old{more_en}"),
    )
}

fn leader_terms(rule: &LeaderTerms) -> Bilingual {
    let LeaderTerms { duties, terms, years_per_term, must } = rule;
    let (zh, en) = modal(*must);
    let who_zh: Vec<&str> = duties.iter().map(|duty| duty.zh()).collect();
    let who_en: Vec<&str> = duties.iter().map(|duty| duty_en(*duty)).collect();
    let years = terms * years_per_term;
    Bilingual::new(
        format!(
            "{}在同一所学校任满{terms}届（每届{years_per_term}年，共{years}年）的{zh}",
            who_zh.join("、")
        ),
        format!(
            "{} {en} move after {terms} terms of {years_per_term} years at one school",
            who_en.join(", ")
        ),
    )
}

fn retirement(Retirement { more_than, men, women }: Retirement) -> Bilingual {
    Bilingual::new(
        format!("距退休超过{more_than}年（按男{men}周岁、女{women}周岁退休计）"),
        format!("more than {more_than} years before retirement (men at {men}, women at {women})"),
    )
}

fn graduating(Graduating { grades, may_move }: &Graduating) -> Bilingual {
    let zh: Vec<String> = grades.iter().map(|grade| grade_zh(i32::from(*grade))).collect();
    let en: Vec<String> = grades.iter().map(u8::to_string).collect();
    let (does_zh, does_en) = if *may_move {
        ("可以交流", "may move")
    } else {
        ("不参加当年交流", "do not move this year")
    };
    Bilingual::new(
        format!("毕业年级（{}）教师{does_zh}", zh.join("、")),
        format!("teachers of graduating grades ({}) {does_en}", en.join(", ")),
    )
}

fn exemption(rule: &ExemptionGround) -> Bilingual {
    let (does_zh, does_en) = match rule.effect {
        ExemptionEffect::Exempt => ("免于交流", "exempt"),
        ExemptionEffect::Deferred => ("暂缓交流", "deferred"),
    };
    let mut zh = vec![format!("{}的{does_zh}", ground_zh(rule.kind))];
    let mut en = vec![format!("{does_en}: {}", ground_en(rule.kind))];
    if let Some(evidence) = &rule.evidence {
        zh.push(format!("须有{evidence}"));
        en.push(format!("evidence: {evidence}"));
    }
    if rule.announced {
        zh.push("须校内公示".to_owned());
        en.push("announced at the school".to_owned());
    }
    if let Some(years) = rule.longest_years {
        zh.push(format!("最长{years}年"));
        en.push(format!("for at most {years} years"));
    }
    Bilingual::new(zh.join("，"), en.join("; "))
}

fn ground_zh(kind: ExemptionKind) -> &'static str {
    match kind {
        ExemptionKind::Pregnancy => "处于孕期",
        ExemptionKind::Nursing => "处于哺乳期",
        ExemptionKind::Illness => "因病不能任教",
        ExemptionKind::FeatureCourse => "担任特色课程带头人",
        ExemptionKind::LeaderNearRetirement => "距退休不足一届的校长",
        ExemptionKind::Hardship => "有特殊困难",
    }
}

/// The ground in English.
pub fn ground_en(kind: ExemptionKind) -> &'static str {
    kind.en()
}

fn rate(rule: &Rate) -> Bilingual {
    let Rate { movers, base, base_quality, share, bound, rounding, stages } = rule;
    let (stage_zh, stage_en) = match stages.is_empty() {
        true => (String::new(), String::new()),
        false => (format!("{}：", stages_zh(stages)), format!("{}: ", stages_en(stages))),
    };
    let (bound_zh, bound_en) = match bound {
        Bound::AtLeast => ("不低于", "at least"),
        Bound::AtMost => ("不高于", "at most"),
    };
    let (base_zh, base_en) = base_words(*base, *base_quality);
    let (round_zh, round_en) = rounding_words(*rounding);
    let (who_zh, who_en) = quality_words(*movers);
    let told = share_words(*share);
    Bilingual::new(
        format!("{stage_zh}交流的{who_zh}{bound_zh}{base_zh}的{told}（{round_zh}）"),
        format!("{stage_en}{who_en} who move: {bound_en} {told} of {base_en} ({round_en})"),
    )
}

/// Numerator or denominator of a rate: `(zh, en)`.
pub fn quality_words(quality: Quality) -> (&'static str, &'static str) {
    match quality {
        Quality::Anyone => ("教师", "teachers"),
        Quality::Backbone => ("骨干教师", "骨干 teachers"),
        Quality::Distinguished => ("名师、高级和一级教师", "骨干, senior and first-grade teachers"),
        Quality::Graduating => ("毕业年级教师", "teachers of graduating grades"),
    }
}

/// Denominator of a rate, in words.
pub fn base_words(base: RateBase, quality: Quality) -> (String, String) {
    let (zh, en) = quality_words(quality);
    match base {
        RateBase::Eligible => (format!("符合条件的{zh}总数"), format!("all eligible {en}")),
        RateBase::MustMove => (format!("应交流的{zh}总数"), format!("all {en} who must move")),
        RateBase::Movers => (format!("交流的{zh}总数"), format!("all {en} who move")),
    }
}

fn rounding_words(rounding: Rounding) -> (&'static str, &'static str) {
    match rounding {
        Rounding::Up => ("不足1人的进为1人", "fractions count as one more"),
        Rounding::Down => ("不足1人的舍去", "fractions are dropped"),
        Rounding::Nearest => ("四舍五入", "to the nearest"),
    }
}

/// `10%`, `12.5%`, `1/3`.
pub fn share_words(Share { parts, whole }: Share) -> String {
    let whole = whole.max(1);
    let thousandths = u64::from(parts) * 100_000;
    if !thousandths.is_multiple_of(u64::from(whole)) {
        return format!("{parts}/{whole}");
    }
    let percent = thousandths / u64::from(whole);
    let text = format!("{}.{:03}", percent / 1_000, percent % 1_000);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

fn duration(Duration { years, most, extendable }: Duration) -> Bilingual {
    let (zh, en) = match most {
        Some(most) if most > years => (format!("{years}—{most}年"), format!("{years} to {most} years")),
        Some(_) => (format!("{years}年"), format!("{years} years")),
        None => (format!("不少于{years}年"), format!("at least {years} years")),
    };
    let (more_zh, more_en) = if extendable { ("，可延长", ", may be extended") } else { ("", "") };
    Bilingual::new(format!("交流期限{zh}{more_zh}"), format!("for {en}{more_en}"))
}

/// A direction in words: `(zh, en)`.
pub fn direction_words(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::StrongToWeak => ("优质学校到薄弱学校", "from strong schools to weak ones"),
        Direction::TownToVillage => ("城镇学校到乡村学校", "from town to village"),
        Direction::SameStageOrLower => ("同学段或高学段到低学段", "to the same or a lower stage"),
        Direction::SurplusFirst => ("先由超员学科到缺员学科", "from surplus to shortage first"),
    }
}

fn school_cap(SchoolCap { share, rounding, at_least }: SchoolCap) -> Bilingual {
    let (round_zh, round_en) = rounding_words(rounding);
    let (least_zh, least_en) = match at_least {
        0 => (String::new(), String::new()),
        people => (format!("，至少可出{people}人"), format!(", {people} at least")),
    };
    let told = share_words(share);
    Bilingual::new(
        format!("每校每次交流出的教师不高于本校教师的{told}（{round_zh}{least_zh}）"),
        format!("at most {told} of a school's teachers leave it in a round ({round_en}{least_en})"),
    )
}

/// 县级及以上.
pub fn level_zh(level: HonourLevel) -> String {
    if level == HonourLevel::Nation { level.zh().to_owned() } else { format!("{}及以上", level.zh()) }
}

fn level_en(level: HonourLevel) -> &'static str {
    match level {
        HonourLevel::School => "school",
        HonourLevel::County => "county",
        HonourLevel::City => "city",
        HonourLevel::Province => "provincial",
        HonourLevel::Nation => "national",
    }
}

fn stages_zh(stages: &[Stage]) -> String {
    stages.iter().map(|stage| stage.zh()).collect::<Vec<_>>().join("、")
}

fn stages_en(stages: &[Stage]) -> String {
    stages.iter().map(|stage| stage.en()).collect::<Vec<_>>().join(", ")
}

/// Those who hold a duty, in English.
pub fn duty_en(duty: DutyKind) -> &'static str {
    match duty {
        DutyKind::Principal => "principals",
        DutyKind::VicePrincipal => "vice principals",
        DutyKind::TeachingDirector => "directors of teaching",
        DutyKind::CareDirector => "directors of care and teaching",
        DutyKind::LessonGroupLead => "leads of lesson groups",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_reads_as_the_policy_writes_it() {
        assert_eq!(share_words(Share::percent(10)), "10%");
        assert_eq!(share_words(Share { parts: 125, whole: 1_000 }), "12.5%");
        assert_eq!(share_words(Share { parts: 1, whole: 3 }), "1/3");
        assert_eq!(share_words(Share { parts: 1, whole: 5 }), "20%");
    }
}
