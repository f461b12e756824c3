//! Figures of a proposal as an office reads them, each share with what it is a share of.

use crate::cli::context::Context;
use crate::cli::output;
use crate::error::Result;
use crate::rotations::proposals::Outcome;

/// Prints the figures of an outcome, each share with what it is a share of.
pub fn figures(context: &Context, outcome: &Outcome) -> Result<()> {
    if context.json() {
        return output::json(&serde_json::to_value(outcome)?);
    }
    let language = context.language();
    let proven = if outcome.is_proven() {
        "各级目标都已证明最优"
    } else {
        "时限内未全部证明最优，见“界”与“差距”"
    };
    println!("求解{:.1}秒，{proven}", outcome.seconds);
    let mut table = output::table(["目标（先后）", "值", "界", "差距", "证明", "秒"]);
    for level in &outcome.levels {
        let number =
            |value: Option<f64>| value.map_or_else(|| "未知".to_owned(), |value| format!("{value:.1}"));
        table.add_row([
            level.words().text(language).to_owned(),
            level.shown.clone(),
            number(level.bound),
            number(level.gap),
            if level.proven { "是" } else { "否" }.to_owned(),
            format!("{:.1}", level.seconds),
        ]);
    }
    println!("{table}");
    println!("交流 {}，其中骨干 {}", outcome.movers.told(), outcome.backbone.told());
    println!("申报者得以交流的 {}；自愿互换 {} 人", outcome.applicants.told(), outcome.exchanged);
    if outcome.exchange_dropped {
        println!("先行的自愿互换与其他规定不能同时满足，没有采用：各人去向由统一拟订决定");
    }
    if outcome.to_weaker.below > 0 {
        println!("优质校与薄弱校之间的交流中，到薄弱校的 {}", outcome.to_weaker.told());
    }
    for rate in &outcome.rates {
        println!("第{}条 {}", rate.ordinal, rate.told().text(language));
    }
    let wishes: Vec<String> = outcome
        .wishes
        .iter()
        .map(|(wish, people)| match wish {
            Some(rank) => format!("第{rank}志愿 {people}人"),
            None => format!("非本人志愿 {people}人"),
        })
        .collect();
    println!("去向：{}", wishes.join("，"));
    schools(outcome);
    commutes(outcome);
    Ok(())
}

fn schools(outcome: &Outcome) {
    let mut table =
        output::table(["学校", "教师", "交流出", "交流入", "骨干出", "骨干入", "职称均值", "缺岗"]);
    let quality = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| format!("{value:.2}"));
    let posts = |fifths: i64| format!("{:.1}", fifths as f64 / 5.0);
    for school in &outcome.schools {
        table.add_row([
            school.name.clone(),
            school.teachers.to_string(),
            school.out.to_string(),
            school.into.to_string(),
            school.backbone_out.to_string(),
            school.backbone_in.to_string(),
            format!("{}→{}", quality(school.quality_before), quality(school.quality_after)),
            format!("{}→{}", posts(school.vacant_before), posts(school.vacant_after)),
        ]);
    }
    println!("{table}");
}

fn commutes(outcome: &Outcome) {
    let mut from = 0;
    let bands = outcome.commutes.iter().map(|band| {
        let name = match (band.unknown, band.up_to) {
            (true, _) => "未知".to_owned(),
            (false, Some(up_to)) => {
                let name = format!("{from}—{up_to}分");
                from = up_to + 1;
                name
            }
            (false, None) => format!("{from}分以上"),
        };
        format!("{name} {}→{}人", band.before, band.after)
    });
    println!("交流教师的单程通勤（交流前→后）：{}", bands.collect::<Vec<_>>().join("，"));
}
