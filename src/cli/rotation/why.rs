//! `rotation why`: what a proposal says of one teacher, and why.

use serde_json::json;

use super::proposals::{find, minutes};
use super::{Names, aims::aim_words, person};
use crate::cli::context::Context;
use crate::cli::output;
use crate::entity::rotation_round;
use crate::error::{Bilingual, Language, Result};
use crate::id::Kind;
use crate::rotations::proposals::{self, Alternative, Basis, Why};
use crate::scope::Scope;

/// Explains the outcome of one teacher.
pub async fn why(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    number: &str,
    which: Option<&str>,
) -> Result<()> {
    let teacher = person(scope, number).await?;
    let proposal = find(scope, round, which).await?;
    let why = proposals::why(scope, proposal.id, teacher.id).await?;
    let mut people = vec![teacher.id];
    if let Alternative::Possible { others, .. } = &why.alternative {
        people.extend(others.iter().map(|(who, ..)| *who));
    }
    let names = Names::load(scope, people).await?;
    if context.json() {
        return output::json(&as_json(&why, context.language()));
    }
    print(&why, &names, context.language());
    Ok(())
}

fn print(why: &Why, names: &Names, language: Language) {
    let (who, home) = (names.person(why.teacher_id), names.school(why.from_school_id));
    match why.to {
        None => println!("{who}（{home}）：留任"),
        Some(leg) => {
            let wish = leg.wish.map(|rank| format!("，第{rank}志愿")).unwrap_or_default();
            let (before, after) = (minutes(why.minutes_before), minutes(leg.minutes));
            println!(
                "{who}（{home}）：{}到{}{wish}；单程通勤 {before}→{after}",
                leg.form.zh(),
                names.school(leg.school_id)
            );
        }
    }
    if why.basis == Some(Basis::HomeSchool) {
        println!("（居住地未登记或没有对应的学校，通勤从原学校算起）");
    }
    section("摸底", &why.findings, language);
    section("理由", &why.reasons, language);
    section("决定因素", &why.grounds, language);
    if !why.choices.is_empty() {
        println!("考虑过的去向：");
        let mut table = output::table(["学校", "岗位", "志愿", "单程通勤", "能否安排"]);
        for choice in &why.choices {
            table.add_row([
                names.school(choice.school_id).to_owned(),
                choice.posts.clone().unwrap_or_default(),
                choice.wish.map(|rank| format!("第{rank}")).unwrap_or_default(),
                minutes(choice.minutes.and_then(|way| way.try_into().ok())),
                choice.barred.as_ref().map_or("可以", |why| why.text(language)).to_owned(),
            ]);
        }
        println!("{table}");
    }
    alternative(&why.alternative, names, language);
}

fn section(heading: &str, lines: &[Bilingual], language: Language) {
    if lines.is_empty() {
        return;
    }
    println!("{heading}：");
    for line in lines {
        println!("  - {}", line.text(language));
    }
}

fn alternative(alternative: &Alternative, names: &Names, language: Language) {
    match alternative {
        Alternative::Impossible(rules) if rules.is_empty() => println!("没有别的安排可比较。"),
        Alternative::Impossible(rules) => section("换一种结果不可行，因为", rules, language),
        Alternative::Possible { outcome, levels, others, proven } => {
            let proven = if *proven { "" } else { "（时限内找到的）" };
            println!("若不这样，最好的安排{proven}是：{}", outcome.text(language));
            if levels.is_empty() {
                println!("  - 各级目标都不变");
            }
            for (aims, before, after) in levels {
                println!("  - {}：{before} → {after}", aim_words(aims));
            }
            for (other, before, after) in others {
                println!(
                    "  - {}：{} → {}",
                    names.person(*other),
                    before.text(language),
                    after.text(language)
                );
            }
        }
    }
}

fn as_json(why: &Why, language: Language) -> serde_json::Value {
    let texts =
        |lines: &[Bilingual]| lines.iter().map(|line| line.text(language).to_owned()).collect::<Vec<_>>();
    let alternative = match &why.alternative {
        Alternative::Impossible(rules) => json!({ "impossible": texts(rules) }),
        Alternative::Possible { outcome, levels, others, proven } => json!({
            "outcome": outcome.text(language),
            "levels": levels.iter().map(|(aims, before, after)| json!({ "aims": aims, "before": before, "after": after })).collect::<Vec<_>>(),
            "others": others.iter().map(|(who, before, after)| json!({
                "teacherId": Kind::Teacher.id(*who), "before": before.text(language), "after": after.text(language),
            })).collect::<Vec<_>>(),
            "proven": proven,
        }),
    };
    json!({
        "teacherId": Kind::Teacher.id(why.teacher_id),
        "toSchoolId": why.to.map(|leg| Kind::School.id(leg.school_id)),
        "findings": texts(&why.findings), "reasons": texts(&why.reasons), "grounds": texts(&why.grounds),
        "alternative": alternative,
    })
}
