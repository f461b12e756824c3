//! What a policy's rules must satisfy, each by itself and all together.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::rule::{Bound, Quality, Rate, RateBase, Rule, Share};
use super::sentence::sentence;
use crate::error::{Error, Result, UserError};

/// Requires that rules can be counted with: numbers within limits, lists that say something, nothing settled twice, and what a
/// rule builds on is there.
///
/// # Errors
/// `Rejected` with every fault, at `rules.N`.
pub fn check(rules: &[Rule]) -> Result<()> {
    let mut faults = Vec::new();
    if rules.is_empty() {
        let (zh, en) = ("政策至少要有一条规定", "a policy needs at least one rule");
        faults.push(UserError::new("NO_RULES", zh, en).at("rules"));
    }
    for (ix, rule) in rules.iter().enumerate() {
        let earlier = rules[..ix].iter().position(|other| other.settles_the_same(rule));
        let found = by_itself(rule).or_else(|| earlier.map(|earlier| twice(earlier, rule)));
        let found = found.or_else(|| builds_on(rule, rules));
        faults.extend(found.map(|fault| fault.at(&format!("rules.{ix}"))));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Rejected(faults)) }
}

fn by_itself(rule: &Rule) -> Option<UserError> {
    match rule {
        Rule::MustMoveTenure(tenure) => within("同校任教年限", "years at one school", tenure.years, 1..=40),
        Rule::AgeLimit(limit) => within("年龄上限", "oldest age", limit.years, 20..=70),
        Rule::LeaderTerms(leaders) => filled("职务", "duties", leaders.duties.len(), leaders.duties.iter())
            .or_else(|| within("届数", "terms", leaders.terms, 1..=6))
            .or_else(|| within("每届年数", "years of a term", leaders.years_per_term, 1..=10)),
        Rule::YearsBeforeRetirement(rule) => {
            within("距退休年数", "years before retirement", rule.more_than, 1..=20)
                .or_else(|| within("男教师退休年龄", "age at which men retire", rule.men, 50..=70))
                .or_else(|| within("女教师退休年龄", "age at which women retire", rule.women, 50..=70))
        }
        Rule::Stage(rule) => filled("学段", "stages", rule.stages.len(), rule.stages.iter()),
        Rule::GraduatingGrade(rule) => filled("毕业年级", "grades", rule.grades.len(), rule.grades.iter())
            .or_else(|| rule.grades.iter().find_map(|grade| within("年级", "grade", *grade, 1..=12))),
        Rule::Exemption(ground) => {
            ground.longest_years.and_then(|years| within("最长年数", "longest years", years, 1..=10))
        }
        Rule::Rate(rate) => rate_by_itself(rate),
        Rule::Duration(duration) => within("期限年数", "years", duration.years, 1..=10).or_else(|| {
            duration.most.and_then(|most| within("最长年数", "most years", most, duration.years..=10))
        }),
        Rule::Direction(rule) => filled("流向", "directions", rule.directions.len(), rule.directions.iter()),
        Rule::SchoolCap(cap) => share(cap.share),
        Rule::LongestCommute(rule) => within("单程分钟数", "minutes one way", rule.minutes, 5..=600),
        Rule::Forms(rule) => filled("形式", "forms", rule.forms.len(), rule.forms.iter()),
        // A leap year has every day that any year has.
        Rule::CountedOn(rule) => {
            let day = NaiveDate::from_ymd_opt(2024, rule.month.into(), rule.day.into());
            day.is_none().then(|| {
                let (zh, en) = (
                    format!("没有{}月{}日这一天，请改正", rule.month, rule.day),
                    format!("there is no day {} of month {}: correct it", rule.day, rule.month),
                );
                UserError::new("NO_SUCH_DAY", zh, en)
            })
        }
        Rule::Honour(_) => None,
    }
}

fn rate_by_itself(rate: &Rate) -> Option<UserError> {
    let of_itself = rate.base == RateBase::Movers && rate.movers == rate.base_quality;
    if of_itself {
        let zh = "分子与分母相同，比例总是100%，请改正分母";
        let en =
            "numerator and denominator are the same, so the share is always 100%: correct the denominator";
        return Some(UserError::new("RATE_OF_ITSELF", zh, en));
    }
    share(rate.share)
}

fn share(share: Share) -> Option<UserError> {
    let fits = share.parts >= 1 && share.parts <= share.whole && share.whole <= 100_000;
    (!fits).then(|| {
        let shown = format!("{}/{}", share.parts, share.whole);
        UserError::new(
            "SHARE_OUT_OF_RANGE",
            format!("比例 {shown} 应大于0、不超过1，如 10/100"),
            format!("the share {shown} must be above 0 and at most 1, e.g. 10/100"),
        )
    })
}

fn within<N>(zh: &str, en: &str, number: N, range: RangeInclusive<N>) -> Option<UserError>
where
    N: PartialOrd + std::fmt::Display,
{
    (!range.contains(&number)).then(|| {
        let (least, most) = (range.start(), range.end());
        UserError::new(
            "OUT_OF_RANGE",
            format!("{zh} {number} 应在 {least} 到 {most} 之间"),
            format!("{en}: {number} must be from {least} to {most}"),
        )
    })
}

/// Whether a list names something, and nothing twice.
fn filled<T: PartialEq>(
    zh: &str,
    en: &str,
    len: usize,
    items: impl Iterator<Item = T> + Clone,
) -> Option<UserError> {
    if len == 0 {
        return Some(UserError::new("NOTHING_NAMED", format!("请填写{zh}"), format!("name the {en}")));
    }
    let repeated =
        items.clone().enumerate().any(|(ix, item)| items.clone().take(ix).any(|before| before == item));
    repeated.then(|| {
        let (zh, en) = (format!("{zh}有重复，请删去"), format!("the {en} repeat: name each once"));
        UserError::new("NAMED_TWICE", zh, en)
    })
}

fn twice(earlier: usize, rule: &Rule) -> UserError {
    let told = sentence(rule);
    UserError::new(
        "RULE_TWICE",
        format!("与第{}条规定的是同一件事，请只留一条：{}", earlier + 1, told.zh),
        format!("rule {} settles the same: keep one of them: {}", earlier + 1, told.en),
    )
}

/// A share of 骨干 needs to be told who they are, and a share of graduating grades which grades these are.
fn builds_on(rule: &Rule, rules: &[Rule]) -> Option<UserError> {
    let Rule::Rate(rate) = rule else { return None };
    let speaks_of = |quality| rate.movers == quality || rate.base_quality == quality;
    let recognised = rules.iter().any(|rule| matches!(rule, Rule::Honour(_)));
    if !recognised && (speaks_of(Quality::Backbone) || speaks_of(Quality::Distinguished)) {
        let zh = "有骨干教师的比例，却没有规定哪一级称号算骨干：请补上“骨干认定”，如 县级及以上";
        let en = "a share of 骨干 needs a rule of which honours count: add one, e.g. county level and above";
        return Some(UserError::new("RATE_NEEDS_HONOUR", zh, en));
    }
    let graded = rules.iter().any(|rule| matches!(rule, Rule::GraduatingGrade(_)));
    if !graded && speaks_of(Quality::Graduating) {
        let zh = "有毕业年级教师的比例，却没有规定哪些是毕业年级：请补上“毕业年级”，如 六年级、九年级";
        let en = "a share of graduating grades needs a rule of which grades they are: add one";
        return Some(UserError::new("RATE_NEEDS_GRADES", zh, en));
    }
    if rate.bound == Bound::AtMost || rate.base != RateBase::Movers {
        return None;
    }
    let forms_needs_total =
        rules.iter().any(|rule| matches!(rule, Rule::Rate(rate) if rate.movers == Quality::Anyone));
    (!forms_needs_total).then(|| {
        let zh = "有占交流教师的比例，却没有规定交流多少人：请补上“交流比例”，如 ≥10%";
        let en = "a share of those who move needs a rule of how many move: add one, e.g. at least 10%";
        UserError::new("RATE_NEEDS_TOTAL", zh, en)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::values::{HonourLevel, Sex};
    use crate::rotations::policy::rule::{AgeLimit, Backbone, CountedOn, Rounding, Tenure};

    fn codes(rules: &[Rule]) -> Vec<(&'static str, Option<String>)> {
        match check(rules) {
            Ok(()) => Vec::new(),
            Err(Error::Rejected(faults)) => {
                faults.into_iter().map(|fault| (fault.code, fault.field)).collect()
            }
            Err(other) => panic!("no refusal: {other}"),
        }
    }

    fn at(ix: usize) -> Option<String> {
        Some(format!("rules.{ix}"))
    }

    fn rate(movers: Quality, base: RateBase) -> Rule {
        Rule::Rate(Rate {
            movers,
            base,
            base_quality: Quality::Anyone,
            share: Share::percent(20),
            bound: Bound::AtLeast,
            rounding: Rounding::Up,
            stages: Vec::new(),
        })
    }

    #[test]
    fn a_policy_without_rules_is_refused() {
        assert_eq!(codes(&[]), [("NO_RULES", Some("rules".to_owned()))]);
    }

    #[test]
    fn numbers_out_of_range_are_refused_each_at_its_rule() {
        let tenure = Rule::MustMoveTenure(Tenure { years: 0, must: true });
        let day = Rule::CountedOn(CountedOn { month: 2, day: 30 });
        assert_eq!(codes(&[tenure, day]), [("OUT_OF_RANGE", at(0)), ("NO_SUCH_DAY", at(1))]);
    }

    #[test]
    fn what_is_settled_twice_is_refused() {
        let limit = |years| Rule::AgeLimit(AgeLimit { sex: Some(Sex::Male), years, leaders: false });
        assert_eq!(codes(&[limit(50), limit(55)]), [("RULE_TWICE", at(1))]);
    }

    #[test]
    fn a_share_needs_what_it_speaks_of() {
        let total = rate(Quality::Anyone, RateBase::Eligible);
        let backbone = rate(Quality::Backbone, RateBase::Movers);
        assert_eq!(codes(&[total.clone(), backbone.clone()]), [("RATE_NEEDS_HONOUR", at(1))]);
        let honour = Rule::Honour(Backbone { least: HonourLevel::County });
        assert_eq!(codes(&[honour.clone(), backbone.clone()]), [("RATE_NEEDS_TOTAL", at(1))]);
        assert_eq!(codes(&[total.clone(), honour, backbone]), []);
        assert_eq!(
            codes(&[total, rate(Quality::Graduating, RateBase::Eligible)]),
            [("RATE_NEEDS_GRADES", at(1))]
        );
    }

    #[test]
    fn a_share_of_itself_is_refused() {
        assert_eq!(codes(&[rate(Quality::Anyone, RateBase::Movers)]), [("RATE_OF_ITSELF", at(0))]);
    }
}
