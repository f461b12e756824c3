//! Commands that ask why: what is wrong with a plan, why here, why not there, what another plan changes.

use std::collections::HashMap;

use chrono::NaiveDate;
use clap::Args;
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use session_planner::{Level, Part, Score};

use super::context::{Context, find_plan, find_school};
use super::output;
use super::plan::local;
use super::session::{find_session, parse_start};
use crate::entity::{research_session, room, school, subject};
use crate::error::{Language, Result};
use crate::id::Kind;
use crate::plans::compare::Comparison;
use crate::plans::explain::{self, Obstacles, RuleDifference, Slot, SlotsWanted, Spot, WhyHere};
use crate::scope::Scope;
use crate::sessions;

/// Reasons shown for a slot or a rule.
const REASONS: usize = 3;

/// Rules that say of every slot of an unplaced session no more than that it would be placed there.
const OF_BEING_PLACED: [&str; 2] = ["sessions_placed", "higher_level_first"];

/// 哪份方案的哪次活动。
#[derive(Debug, Args)]
pub struct AskedArgs {
    /// 活动标识（见 tongpan plan show --json）
    session: String,
    /// 方案编号或标识；默认为最新草案
    #[arg(long)]
    plan: Option<String>,
    /// 只看由这所学校承办
    #[arg(long)]
    host: Option<String>,
}

/// 列出可选时段。
#[derive(Debug, Args)]
pub struct SlotsArgs {
    #[command(flatten)]
    which: AskedArgs,
    /// 只看这一天，如 2026-09-23
    #[arg(long)]
    day: Option<NaiveDate>,
    /// 连同违反硬性规则的一并列出
    #[arg(long)]
    all: bool,
    /// 列出多少个
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

/// 问为什么。
#[derive(Debug, Args)]
pub struct WhyArgs {
    #[command(flatten)]
    which: AskedArgs,
    /// 为什么不排在这个时间，如 2026-09-23T14:20；不写则问为什么排在现在的位置，或为什么没有排上
    #[arg(long)]
    at: Option<String>,
}

/// Prints what is wrong with a plan as things are now.
pub async fn analyze(context: &Context, scope: &Scope, plan: Option<&str>, limit: usize) -> Result<()> {
    let plan = find_plan(scope, plan).await?;
    let found = explain::analyze(scope, plan.id).await?;
    if context.json() {
        return output::json(&analysis_json(&found));
    }
    let language = context.language();
    println!("方案{}按现在的数据：{}", plan.number, score_zh(found.score));
    for sentence in &found.outdated {
        println!("  已失效：{}", sentence.text(language));
    }
    let mut table = output::table(["级别", "规则", "次数", "扣分", "说明"]);
    for rule in found.rules.iter().filter(|rule| rule.count != 0) {
        let mut lines: Vec<String> =
            rule.findings.iter().take(limit).map(|one| one.sentence.text(language).to_owned()).collect();
        if rule.findings.len() > limit {
            lines.push(format!("…… 另有{}条", rule.findings.len() - limit));
        }
        table.add_row([
            level_zh(rule.level).to_owned(),
            rule.sentence.text(language).to_owned(),
            rule.count.to_string(),
            rule.penalty.to_string(),
            lines.join("\n"),
        ]);
    }
    println!("{table}");
    Ok(())
}

/// Prints where else a session could stand.
pub async fn slots(context: &Context, scope: &Scope, args: SlotsArgs) -> Result<()> {
    let (plan, session, host) = asked(scope, &args.which).await?;
    let wanted = SlotsWanted {
        day: args.day,
        host_school_id: host,
        impossible: args.all,
        offset: 0,
        first: args.limit,
    };
    let found = explain::slots(scope, plan, session, wanted).await?;
    if context.json() {
        let slots: Vec<_> = found.shown.iter().map(slot_json).collect();
        return output::json(&json!({ "total": found.total, "possible": found.possible, "slots": slots }));
    }
    let names = Names::of(scope, found.shown.iter().map(|slot| &slot.spot)).await?;
    println!("可排的时段{}个，由好到差（扣分的变化以现方案为准，负数为更好）：", found.possible);
    print_slots(scope, context.language(), &names, &found.shown);
    Ok(())
}

/// Prints why a session stands where it does, does not stand there, or has no place.
pub async fn why(context: &Context, scope: &Scope, args: WhyArgs) -> Result<()> {
    let (plan, session, host) = asked(scope, &args.which).await?;
    if let Some(at) = &args.at {
        let slot = explain::why_not(scope, plan, session, parse_start(scope, at)?, host).await?;
        return why_not(context, scope, &slot).await;
    }
    match explain::why_here(scope, plan, session, 5).await? {
        Some(why) => why_here(context, scope, &why).await,
        None => {
            obstacles(context, scope, &args.which, &explain::obstacles(scope, plan, session, 5).await?).await
        }
    }
}

async fn why_not(context: &Context, scope: &Scope, slot: &Slot) -> Result<()> {
    if context.json() {
        return output::json(&slot_json(slot));
    }
    let names = Names::of(scope, [&slot.spot]).await?;
    let verdict = if slot.possible { "可以排，但" } else { "不能排：违反硬性规则，" };
    println!("{} {verdict}扣分变化为{}", names.spot(scope, &slot.spot), change_zh(slot.change));
    print_rules(context.language(), &slot.rules);
    Ok(())
}

async fn why_here(context: &Context, scope: &Scope, why: &WhyHere) -> Result<()> {
    if context.json() {
        let alternatives: Vec<_> = why.alternatives.iter().map(slot_json).collect();
        return output::json(&json!({
            "spot": spot_json(&why.spot), "rank": why.rank, "of": why.of,
            "rules": rules_json(&why.rules), "alternatives": alternatives,
        }));
    }
    let spots = why.alternatives.iter().map(|slot| &slot.spot).chain([&why.spot]);
    let names = Names::of(scope, spots).await?;
    println!("{}，在{}个可排的时段中居第{}位。", names.spot(scope, &why.spot), why.of, why.rank);
    println!("排在这里的得失：");
    print_rules(context.language(), &why.rules);
    println!("其余各天最好的时段：");
    print_slots(scope, context.language(), &names, &why.alternatives);
    Ok(())
}

async fn obstacles(context: &Context, scope: &Scope, asked: &AskedArgs, found: &Obstacles) -> Result<()> {
    let language = context.language();
    if context.json() {
        let freeing = found.freeing.iter().map(|way| {
            json!({ "sentence": way.sentence, "things": way.things, "opens": way.opens,
                "spot": spot_json(&way.spot), "change": score_json(way.change) })
        });
        return output::json(&json!({
            "free": found.free,
            "freeSlots": found.best.iter().map(slot_json).collect::<Vec<_>>(),
            "rules": found.rules,
            "freeing": freeing.collect::<Vec<_>>(),
        }));
    }
    if found.free > 0 {
        let names = Names::of(scope, found.best.iter().map(|slot| &slot.spot)).await?;
        println!("这次没有排上，但还有{}个可排的时段，各天最好的（扣分变化为负表示更好）：", found.free);
        print_slots(scope, language, &names, &found.best);
        println!(
            "用 tongpan plan move {} --to 时间 排到那里，或用 tongpan solve --from 方案 接着排。",
            asked.session
        );
    } else {
        println!("没有排上。");
    }
    println!("受阻的情况：");
    for rule in &found.rules {
        let text = if language == Language::English { &rule.en } else { &rule.zh };
        println!("  · {}个可选时段中有{}个受阻，例如：{text}", rule.of, rule.slots);
    }
    if found.free > 0 {
        return Ok(());
    }
    if found.freeing.is_empty() {
        println!("没有找到一两项让步就能排上的办法。");
        return Ok(());
    }
    println!("让步其中一项就能排上（由易到难）：");
    for way in &found.freeing {
        println!("  · {}", way.sentence.text(language));
    }
    Ok(())
}

/// Prints what one plan changes against another.
pub async fn compare(context: &Context, scope: &Scope, from: &str, to: &str) -> Result<()> {
    let (from, to) = (find_plan(scope, Some(from)).await?, find_plan(scope, Some(to)).await?);
    let found = crate::plans::compare(scope, from.id, to.id).await?;
    if context.json() {
        return output::json(&comparison_json(&found));
    }
    let spots = found.moved.iter().flat_map(|moved| [&moved.before, &moved.after]).flatten();
    let names = Names::of(scope, spots).await?;
    let titles = titles(scope, found.moved.iter().map(|moved| moved.session).collect()).await?;
    println!("方案{} → 方案{}：{}次活动有变动", from.number, to.number, found.moved.len());
    println!("扣分（硬性/中级/软性）：{} → {}", slashed(found.before), slashed(found.after));
    for sentence in &found.outdated {
        println!("  已失效：{}", sentence.text(context.language()));
    }
    let mut table = output::table(["活动", "原来", "改为"]);
    let place =
        |spot: &Option<Spot>| spot.as_ref().map_or("未排".to_owned(), |spot| names.spot(scope, spot));
    for moved in &found.moved {
        let title = titles.get(&moved.session).cloned().unwrap_or_default();
        table.add_row([title, place(&moved.before), place(&moved.after)]);
    }
    println!("{table}");
    print_rules(context.language(), &found.rules);
    let count = |part| found.people.iter().filter(|one| one.part == part).count();
    println!(
        "涉及的人：新到场{}人次，不再到场{}人次，改了时间或地点{}人次。",
        count(Part::Joins),
        count(Part::Leaves),
        count(Part::Elsewhere)
    );
    Ok(())
}

async fn asked(scope: &Scope, args: &AskedArgs) -> Result<(Uuid, Uuid, Option<Uuid>)> {
    let plan = find_plan(scope, args.plan.as_deref()).await?;
    let session = find_session(scope, &args.session).await?;
    let host = match &args.host {
        Some(name) => Some(find_school(scope, name).await?.id),
        None => None,
    };
    Ok((plan.id, session.id, host))
}

fn print_slots(scope: &Scope, language: Language, names: &Names, slots: &[Slot]) {
    let mut table = output::table(["时间地点", "可排", "扣分变化", "主要原因"]);
    for slot in slots {
        let rules = slot.rules.iter().filter(|rule| !OF_BEING_PLACED.contains(&rule.name));
        let findings = rules.flat_map(|rule| &rule.findings);
        let reasons = findings.take(REASONS).map(|one| reason(language, one));
        table.add_row([
            names.spot(scope, &slot.spot),
            if slot.possible { "是" } else { "否" }.to_owned(),
            change_zh(slot.change),
            reasons.collect::<Vec<_>>().join("\n"),
        ]);
    }
    println!("{table}");
}

fn print_rules(language: Language, rules: &[RuleDifference]) {
    for rule in rules {
        println!("  {} {}（扣分{:+}）", level_zh(rule.level), rule.sentence.text(language), rule.penalty);
        for finding in rule.findings.iter().take(REASONS) {
            println!("    {}", reason(language, finding));
        }
        let more = rule.findings.len().saturating_sub(REASONS);
        if more > 0 {
            println!("    …… 另有{more}条");
        }
    }
}

fn reason(language: Language, finding: &explain::Finding) -> String {
    let sign = if finding.penalty > 0 { "＋" } else { "－" };
    format!("{sign} {}", finding.sentence.text(language))
}

fn level_zh(level: Level) -> &'static str {
    match level {
        Level::Hard => "硬性",
        Level::Medium => "中级",
        Level::Soft => "软性",
    }
}

fn score_zh(score: Score) -> String {
    format!("硬性扣分{}，中级扣分{}，软性扣分{}", score.hard, score.medium, score.soft)
}

fn change_zh(change: Score) -> String {
    format!("{:+}/{:+}/{:+}", change.hard, change.medium, change.soft)
}

fn slashed(score: Score) -> String {
    format!("{}/{}/{}", score.hard, score.medium, score.soft)
}

/// Names of the schools and rooms that are printed, of rooms with their school.
struct Names {
    schools: HashMap<Uuid, String>,
    rooms: HashMap<Uuid, (Uuid, String)>,
}

impl Names {
    async fn of(scope: &Scope, spots: impl IntoIterator<Item = &Spot>) -> Result<Self> {
        let (mut hosts, mut held): (Vec<Uuid>, Vec<Uuid>) = (Vec::new(), Vec::new());
        for spot in spots {
            hosts.extend(spot.host_school_id);
            held.extend(spot.room_id.into_iter().chain(spot.second_room_id));
        }
        let rooms = room::Entity::find().filter(room::Column::Id.is_in(held)).all(scope.reader()).await?;
        hosts.extend(rooms.iter().map(|row| row.school_id));
        // A partner school may lie in another district.
        let schools = school::Entity::find().filter(school::Column::Id.is_in(hosts));
        let schools = schools.all(scope.reader()).await?.into_iter().map(|row| (row.id, row.name));
        Ok(Self {
            schools: schools.collect(),
            rooms: rooms.into_iter().map(|row| (row.id, (row.school_id, row.name))).collect(),
        })
    }

    fn spot(&self, scope: &Scope, spot: &Spot) -> String {
        let school = spot.host_school_id.and_then(|id| self.schools.get(&id)).map_or("线上", String::as_str);
        let room = |id: Option<Uuid>| self.rooms.get(&id?);
        let sender = room(spot.second_room_id).map(|(school, room)| {
            format!("（主讲端：{}{room}）", self.schools.get(school).map_or("", String::as_str))
        });
        let own = room(spot.room_id).map_or("", |(_, room)| room.as_str());
        format!("{} {school}{own}{}", local(scope, spot.starts_at), sender.unwrap_or_default())
    }
}

async fn titles(scope: &Scope, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
    let district = scope.district.id;
    let rows = research_session::Entity::find()
        .filter(research_session::Column::DistrictId.eq(district))
        .filter(research_session::Column::Id.is_in(ids))
        .all(scope.reader())
        .await?;
    let subjects = subject::Entity::find().filter(subject::Column::DistrictId.eq(district));
    let subjects = subjects.all(scope.reader()).await?;
    let name = |id: Option<Uuid>| subjects.iter().find(|row| Some(row.id) == id).map(|row| row.name.as_str());
    Ok(rows.iter().map(|row| (row.id, sessions::title(row, name(row.subject_id)))).collect())
}

fn score_json(score: Score) -> Value {
    json!({ "hard": score.hard, "medium": score.medium, "soft": score.soft })
}

fn spot_json(spot: &Spot) -> Value {
    json!({
        "startsAt": spot.starts_at,
        "endsAt": spot.ends_at,
        "hostSchool": spot.host_school_id.map(|id| Kind::School.id(id)),
        "room": spot.room_id.map(|id| Kind::Room.id(id)),
        "secondRoom": spot.second_room_id.map(|id| Kind::Room.id(id)),
        "presenters": spot.presenters.iter().map(|id| Kind::Teacher.id(*id)).collect::<Vec<_>>(),
    })
}

fn findings_json(findings: &[explain::Finding]) -> Value {
    findings.iter().map(|one| json!({ "sentence": one.sentence, "penalty": one.penalty })).collect()
}

fn rules_json(rules: &[RuleDifference]) -> Value {
    let rule = |rule: &RuleDifference| json!({ "name": rule.name, "penalty": rule.penalty, "findings": findings_json(&rule.findings) });
    rules.iter().map(rule).collect()
}

fn analysis_json(found: &explain::Analysis) -> Value {
    let rule = |rule: &explain::RuleFindings| {
        json!({
            "name": rule.name,
            "sentence": rule.sentence,
            "weight": rule.weight,
            "count": rule.count,
            "penalty": rule.penalty,
            "findings": findings_json(&rule.findings),
        })
    };
    let rules: Value = found.rules.iter().map(rule).collect();
    json!({ "number": found.plan.number, "score": score_json(found.score), "rules": rules, "outdated": found.outdated })
}

fn slot_json(slot: &Slot) -> Value {
    json!({
        "spot": spot_json(&slot.spot),
        "possible": slot.possible,
        "score": score_json(slot.score),
        "change": score_json(slot.change),
        "rules": rules_json(&slot.rules),
    })
}

fn comparison_json(found: &Comparison) -> Value {
    let moved = found.moved.iter().map(|moved| {
        json!({ "session": Kind::Session.id(moved.session),
            "before": moved.before.as_ref().map(spot_json), "after": moved.after.as_ref().map(spot_json) })
    });
    let people = found.people.iter().map(|one| {
        let part = match one.part {
            Part::Joins => "joins",
            Part::Leaves => "leaves",
            Part::Elsewhere => "elsewhere",
        };
        json!({ "teacher": Kind::Teacher.id(one.teacher), "session": Kind::Session.id(one.session), "part": part })
    });
    json!({
        "before": score_json(found.before),
        "after": score_json(found.after),
        "moved": moved.collect::<Vec<_>>(),
        "rules": rules_json(&found.rules),
        "affected": people.collect::<Vec<_>>(),
        "outdated": found.outdated,
    })
}
