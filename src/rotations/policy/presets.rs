//! Published rules as policies to begin with: the rows of the domain's table of places. What a row leaves open stays out or says
//! in its note how it was read; an office changes it to its own.

use super::rule::{
    AgeLimit, Backbone, Bound, Direction, Directions, Duration, ExemptionEffect, ExemptionGround, Graduating,
    LeaderTerms, Quality, Rate, RateBase, Retirement, Rounding, Rule, Share, Tenure,
};
use crate::entity::values::{DutyKind, ExemptionKind, HonourLevel, PolicyPreset, Sex, Stage};
use crate::error::Bilingual;

/// A rule with a note on where it comes from or how it is read.
pub type NotedRule = (Rule, Option<String>);

/// The row of the domain's table that a preset comes from.
pub fn source(preset: PolicyPreset) -> Bilingual {
    let (zh, en) = match preset {
        PolicyPreset::National2014 => (
            "国家2014年意见：校长、副校长满2届交流；每年交流不低于符合条件教师的10%，其中骨干不低于交流教师的20%；期限由各地定，多为2—3年",
            "National opinion (2014): principals and deputies after 2 terms; ≥10% of eligible teachers a year, 骨干 ≥20% of those who move; local, often 2–3 years",
        ),
        PolicyPreset::Anhui => (
            "安徽：同校满6年，校长满2届；每年不低于10%，骨干不低于符合条件骨干的20%",
            "Anhui: ≥6 years at one school, principals 2 terms; ≥10%, 骨干 ≥20% of eligible",
        ),
        PolicyPreset::Dalian => (
            "大连：同校满9年，男不超过55岁、女不超过50岁，校长满3届（每届3年）；存量3—5年内轮完",
            "Dalian: ≥9 years, men ≤55, women ≤50; principals 3 terms of 3 years; backlog cleared over 3–5 years",
        ),
        PolicyPreset::Beijing2021 => {
            ("北京2021：同校满6年，距退休超过5年", "Beijing (2021): ≥6 years and >5 years before retirement")
        }
        PolicyPreset::Pucheng => (
            "蒲城：同校满6年，男不超过50岁、女不超过45岁；每年不低于15%，名师、高级、一级教师不低于30%；期限不少于2年",
            "Pucheng: ≥6 years, men ≤50, women ≤45; ≥15%, 名师/高级/一级 ≥30%; ≥2 years",
        ),
        PolicyPreset::Wujin2017 => (
            "武进2017：同校满6年，男不超过50岁、女不超过45岁；每年不低于15%（高中不低于10%）；期限2年",
            "Wujin (2017): ≥6 years, men ≤50, women ≤45; ≥15% (senior schools ≥10%); 2 years",
        ),
        PolicyPreset::Hefei => (
            "合肥：每年不低于10%；毕业年级教师不低于其符合条件人数的30%",
            "Hefei: ≥10%; teachers of graduating grades ≥30% of their eligible",
        ),
        PolicyPreset::Linying2023 => (
            "临颍2023（五个集团）：应交流的3年内轮完，每年不低于1/3；骨干不低于符合条件骨干的30%",
            "Linying (2023, five groups): all due within 3 years, ≥1/3 a year; ≥30% of eligible 骨干",
        ),
        PolicyPreset::ShanghaiGroups => (
            "上海示范性集团：到相对薄弱的学校；不低于符合条件教师的20%，骨干不低于30%；期限不少于3年",
            "Shanghai demonstration groups: into weaker schools; ≥20% of eligible, 骨干 ≥30%; ≥3 years",
        ),
    };
    Bilingual::new(zh, en)
}

/// The rules of a preset.
pub fn rules(preset: PolicyPreset) -> Vec<NotedRule> {
    let mut rules = match preset {
        PolicyPreset::National2014 => national(),
        PolicyPreset::Anhui => anhui(),
        PolicyPreset::Dalian => dalian(),
        PolicyPreset::Beijing2021 => beijing(),
        PolicyPreset::Pucheng => pucheng(),
        PolicyPreset::Wujin2017 => wujin(),
        PolicyPreset::Hefei => hefei(),
        PolicyPreset::Linying2023 => linying(),
        PolicyPreset::ShanghaiGroups => shanghai(),
    };
    let counted = rules.iter().any(|(rule, _)| match rule {
        Rule::Rate(rate) => rate.movers == Quality::Backbone || rate.movers == Quality::Distinguished,
        _ => false,
    });
    if counted {
        let note = "原文未写级别，按通例取县级及以上";
        rules.push(noted(Rule::Honour(Backbone { least: HonourLevel::County }), note));
    }
    rules.extend(usual_grounds());
    rules
}

fn national() -> Vec<NotedRule> {
    vec![
        leaders(&[DutyKind::Principal, DutyKind::VicePrincipal], 2, Some("原文未写每届年数，按3年计")),
        plain(at_least(Quality::Anyone, RateBase::Eligible, Share::percent(10))),
        plain(at_least(Quality::Backbone, RateBase::Movers, Share::percent(20))),
        noted(
            Rule::Duration(Duration { years: 2, most: Some(3), extendable: true }),
            "原文由各地定，按通例取2—3年",
        ),
        purpose(),
    ]
}

fn anhui() -> Vec<NotedRule> {
    vec![
        plain(tenure(6)),
        leaders(&[DutyKind::Principal], 2, Some("原文未写每届年数，按3年计")),
        plain(at_least(Quality::Anyone, RateBase::Eligible, Share::percent(10))),
        noted(of_eligible(Quality::Backbone, Share::percent(20)), "分母为符合条件的骨干教师，不是交流教师"),
        purpose(),
    ]
}

fn dalian() -> Vec<NotedRule> {
    let mut rules = vec![plain(tenure(9))];
    rules.extend(ages(55, 50));
    rules.push(leaders(&[DutyKind::Principal], 3, None));
    let backlog = at_least(Quality::Anyone, RateBase::MustMove, Share { parts: 1, whole: 5 });
    rules.push(noted(backlog, "存量3—5年内轮完：每年至少1/5，5年轮完"));
    rules.push(purpose());
    rules
}

fn beijing() -> Vec<NotedRule> {
    let retirement = Rule::YearsBeforeRetirement(Retirement { more_than: 5, men: 60, women: 55 });
    vec![
        plain(tenure(6)),
        noted(retirement, "退休年龄按男60、女55周岁；延迟退休后请改为当年的年龄"),
        noted(
            at_least(Quality::Anyone, RateBase::Eligible, Share::percent(10)),
            "原文没有比例，满6年的不可能同一年全部交流；按国家2014年意见取每年10%，请改为本区的比例",
        ),
        purpose(),
    ]
}

fn pucheng() -> Vec<NotedRule> {
    let mut rules = vec![plain(tenure(6))];
    rules.extend(ages(50, 45));
    rules.push(plain(at_least(Quality::Anyone, RateBase::Eligible, Share::percent(15))));
    let distinguished = at_least(Quality::Distinguished, RateBase::Movers, Share::percent(30));
    rules.push(noted(distinguished, "原文未写分母，按交流教师计"));
    rules.push(plain(Rule::Duration(Duration { years: 2, most: None, extendable: true })));
    rules.push(purpose());
    rules
}

fn wujin() -> Vec<NotedRule> {
    let mut rules = vec![plain(tenure(6))];
    rules.extend(ages(50, 45));
    let staged = |stages: &[Stage], percent| {
        let rate = rate(Quality::Anyone, RateBase::Eligible, Share::percent(percent));
        Rule::Rate(Rate { stages: stages.to_vec(), ..rate })
    };
    rules.push(plain(staged(&[Stage::Kindergarten, Stage::Primary, Stage::Junior], 15)));
    rules.push(plain(staged(&[Stage::Senior], 10)));
    rules.push(plain(Rule::Duration(Duration { years: 2, most: Some(2), extendable: false })));
    rules.push(purpose());
    rules
}

fn hefei() -> Vec<NotedRule> {
    let grades = Rule::GraduatingGrade(Graduating { grades: vec![6, 9, 12], may_move: true });
    vec![
        plain(at_least(Quality::Anyone, RateBase::Eligible, Share::percent(10))),
        noted(grades, "六年级、九年级、高三"),
        plain(of_eligible(Quality::Graduating, Share::percent(30))),
        purpose(),
    ]
}

fn linying() -> Vec<NotedRule> {
    let third = Share { parts: 1, whole: 3 };
    vec![
        noted(at_least(Quality::Anyone, RateBase::Eligible, third), "3年内轮完：每年不低于1/3"),
        plain(of_eligible(Quality::Backbone, Share::percent(30))),
        purpose(),
    ]
}

fn shanghai() -> Vec<NotedRule> {
    vec![
        plain(at_least(Quality::Anyone, RateBase::Eligible, Share::percent(20))),
        noted(
            at_least(Quality::Backbone, RateBase::Movers, Share::percent(30)),
            "原文未写分母，按交流教师计",
        ),
        plain(Rule::Duration(Duration { years: 3, most: None, extendable: true })),
        plain(Rule::Direction(Directions {
            directions: vec![Direction::StrongToWeak, Direction::SurplusFirst, Direction::SameStageOrLower],
        })),
    ]
}

fn plain(rule: Rule) -> NotedRule {
    (rule, None)
}

fn noted(rule: Rule, note: &str) -> NotedRule {
    (rule, Some(note.to_owned()))
}

fn tenure(years: u8) -> Rule {
    Rule::MustMoveTenure(Tenure { years, must: true })
}

fn ages(men: u8, women: u8) -> Vec<NotedRule> {
    let limit = |sex, years| plain(Rule::AgeLimit(AgeLimit { sex: Some(sex), years, leaders: false }));
    vec![limit(Sex::Male, men), limit(Sex::Female, women)]
}

fn leaders(duties: &[DutyKind], terms: u8, note: Option<&str>) -> NotedRule {
    let rule = LeaderTerms { duties: duties.to_vec(), terms, years_per_term: 3, must: true };
    (Rule::LeaderTerms(rule), note.map(str::to_owned))
}

fn rate(movers: Quality, base: RateBase, share: Share) -> Rate {
    Rate {
        movers,
        base,
        base_quality: Quality::Anyone,
        share,
        bound: Bound::AtLeast,
        rounding: Rounding::Up,
        stages: Vec::new(),
    }
}

fn at_least(movers: Quality, base: RateBase, share: Share) -> Rule {
    Rule::Rate(rate(movers, base, share))
}

/// A share of those of a kind among the eligible ones of that kind.
fn of_eligible(quality: Quality, share: Share) -> Rule {
    Rule::Rate(Rate { base_quality: quality, ..rate(quality, RateBase::Eligible, share) })
}

/// What moving is for, everywhere.
fn purpose() -> NotedRule {
    let directions = vec![
        Direction::SurplusFirst,
        Direction::StrongToWeak,
        Direction::TownToVillage,
        Direction::SameStageOrLower,
    ];
    plain(Rule::Direction(Directions { directions }))
}

/// Grounds that every place knows.
fn usual_grounds() -> Vec<NotedRule> {
    let ground = |kind, evidence: &str, announced, longest_years| {
        let rule = ExemptionGround {
            kind,
            effect: ExemptionEffect::Deferred,
            evidence: Some(evidence.to_owned()),
            announced,
            longest_years,
        };
        noted(Rule::Exemption(rule), "各地通例")
    };
    vec![
        ground(ExemptionKind::Pregnancy, "医院证明", false, None),
        ground(ExemptionKind::Nursing, "出生证明", false, Some(1)),
        ground(ExemptionKind::Illness, "县级以上医院证明", true, None),
        ground(ExemptionKind::FeatureCourse, "学校证明", true, Some(3)),
        ground(ExemptionKind::LeaderNearRetirement, "出生年月", false, None),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rotations::policy::check::check;
    use crate::rotations::policy::sentence::sentence;
    use expect_test::expect;

    #[test]
    fn every_preset_can_be_counted_with_and_says_where_it_comes_from() {
        for preset in PolicyPreset::ALL {
            let rules: Vec<Rule> = rules(*preset).into_iter().map(|(rule, _)| rule).collect();
            check(&rules).unwrap_or_else(|error| panic!("{}: {error}", preset.zh()));
            let place: String = preset.zh().chars().take(2).collect();
            assert!(source(*preset).zh.starts_with(&place), "{}", preset.zh());
        }
    }

    #[test]
    fn the_presets_read_as_their_rows() {
        let line = |preset: &PolicyPreset| {
            let own = rules(*preset).into_iter().filter(|(_, note)| note.as_deref() != Some("各地通例"));
            let sentences: String = own.map(|(rule, _)| format!("  {}\n", sentence(&rule).zh)).collect();
            format!("{}\n{sentences}", preset.zh())
        };
        let told: String = PolicyPreset::ALL.iter().map(line).collect();
        expect![[r#"
            国家2014
              校长、副校长在同一所学校任满2届（每届3年，共6年）的应当交流
              交流的教师不低于符合条件的教师总数的10%（不足1人的进为1人）
              交流的骨干教师不低于交流的教师总数的20%（不足1人的进为1人）
              交流期限2—3年，可延长
              流向：先由超员学科到缺员学科，优质学校到薄弱学校，城镇学校到乡村学校，同学段或高学段到低学段
              县级及以上荣誉称号的教师计为骨干
            安徽
              在同一所学校任教满6年的教师应当交流
              校长在同一所学校任满2届（每届3年，共6年）的应当交流
              交流的教师不低于符合条件的教师总数的10%（不足1人的进为1人）
              交流的骨干教师不低于符合条件的骨干教师总数的20%（不足1人的进为1人）
              流向：先由超员学科到缺员学科，优质学校到薄弱学校，城镇学校到乡村学校，同学段或高学段到低学段
              县级及以上荣誉称号的教师计为骨干
            大连
              在同一所学校任教满9年的教师应当交流
              男教师不超过55周岁
              女教师不超过50周岁
              校长在同一所学校任满3届（每届3年，共9年）的应当交流
              交流的教师不低于应交流的教师总数的20%（不足1人的进为1人）
              流向：先由超员学科到缺员学科，优质学校到薄弱学校，城镇学校到乡村学校，同学段或高学段到低学段
            北京2021
              在同一所学校任教满6年的教师应当交流
              距退休超过5年（按男60周岁、女55周岁退休计）
              交流的教师不低于符合条件的教师总数的10%（不足1人的进为1人）
              流向：先由超员学科到缺员学科，优质学校到薄弱学校，城镇学校到乡村学校，同学段或高学段到低学段
            蒲城
              在同一所学校任教满6年的教师应当交流
              男教师不超过50周岁
              女教师不超过45周岁
              交流的教师不低于符合条件的教师总数的15%（不足1人的进为1人）
              交流的名师、高级和一级教师不低于交流的教师总数的30%（不足1人的进为1人）
              交流期限不少于2年，可延长
              流向：先由超员学科到缺员学科，优质学校到薄弱学校，城镇学校到乡村学校，同学段或高学段到低学段
              县级及以上荣誉称号的教师计为骨干
            武进2017
              在同一所学校任教满6年的教师应当交流
              男教师不超过50周岁
              女教师不超过45周岁
              幼儿园、小学、初中：交流的教师不低于符合条件的教师总数的15%（不足1人的进为1人）
              高中：交流的教师不低于符合条件的教师总数的10%（不足1人的进为1人）
              交流期限2年
              流向：先由超员学科到缺员学科，优质学校到薄弱学校，城镇学校到乡村学校，同学段或高学段到低学段
            合肥
              交流的教师不低于符合条件的教师总数的10%（不足1人的进为1人）
              毕业年级（六年级、九年级、高三）教师可以交流
              交流的毕业年级教师不低于符合条件的毕业年级教师总数的30%（不足1人的进为1人）
              流向：先由超员学科到缺员学科，优质学校到薄弱学校，城镇学校到乡村学校，同学段或高学段到低学段
            临颍2023
              交流的教师不低于符合条件的教师总数的1/3（不足1人的进为1人）
              交流的骨干教师不低于符合条件的骨干教师总数的30%（不足1人的进为1人）
              流向：先由超员学科到缺员学科，优质学校到薄弱学校，城镇学校到乡村学校，同学段或高学段到低学段
              县级及以上荣誉称号的教师计为骨干
            上海示范集团
              交流的教师不低于符合条件的教师总数的20%（不足1人的进为1人）
              交流的骨干教师不低于交流的教师总数的30%（不足1人的进为1人）
              交流期限不少于3年，可延长
              流向：优质学校到薄弱学校，先由超员学科到缺员学科，同学段或高学段到低学段
              县级及以上荣誉称号的教师计为骨干
        "#]]
        .assert_eq(&told);
    }
}
