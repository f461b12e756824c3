//! The items of a policy: how each is called, what may be written, and how it is read.

use super::Place;
use super::remarks::Remarks;
use crate::entity::values::{DutyKind, ExemptionKind, HonourLevel, PlacementForm, Sex, Stage};
use crate::rotations::policy::{
    AgeLimit, Backbone, Bound, CountedOn, Direction, Directions, Duration, ExemptionEffect, ExemptionGround,
    Forms, Graduating, LeaderTerms, LongestCommute, Quality, Rate, RateBase, Retirement, Rounding, Rule,
    SchoolCap, Share, Stages, Tenure,
};
use crate::transfer::fields::{self, split};
use crate::transfer::import::classes::grade_named;
use crate::transfer::sheets::Choice;
use crate::transfer::table::Cell;

/// An item of a policy.
pub struct Item {
    /// Its name, and other names.
    pub choice: Choice,
    /// What may stand in 数值.
    pub values: &'static str,
    /// What may stand in 说明.
    pub remarks: &'static str,
    /// Reads it: the rules, or the cell that is not understood.
    pub read: Read,
}

type Read = fn(&Cell, &mut Remarks) -> Result<Vec<Rule>, Place>;

const MOVES: &str = "须交流、可交流；不填为须交流";
const OF_WHOM: &str = "分母（必填），如 占符合条件教师总数、占应交流教师总数、占交流教师总数、占符合条件的骨干教师总数；可加 县级及以上骨干、高中、进一、四舍五入、舍去";
const NOTHING: &str = "不填";

/// Names only, for the template's list.
pub const CHOICES: &[Choice] = &names();

const fn names() -> [Choice; ITEMS.len()] {
    let mut names = [Choice("", &[]); ITEMS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = ITEMS[at].choice;
        at += 1;
    }
    names
}

/// The items, in the order of the template's list.
pub const ITEMS: &[Item] = &[
    item("同校任教满年限", &["同校任教年限"], "6年", MOVES, tenure),
    item("男教师年龄上限", &["男教师年龄"], "50岁", "不填，或 含校长", men),
    item("女教师年龄上限", &["女教师年龄"], "45岁", "不填，或 含校长", women),
    item("交流比例", &[], "≥10%、≤15%、1/3", OF_WHOM, everybody),
    item("高中交流比例", &[], "≥10%、1/3", OF_WHOM, senior),
    item("骨干占比", &["骨干比例"], "≥20%、1/3", OF_WHOM, backbone_share),
    item("名师高级一级教师占比", &["名师、高级、一级教师占比"], "≥30%、1/3", OF_WHOM, distinguished_share),
    item("毕业年级教师占比", &["毕业年级教师比例"], "≥30%、1/3", OF_WHOM, graduating_share),
    item("骨干认定", &[], "校级及以上、县级及以上、市级及以上、省级及以上", NOTHING, backbone),
    item("期限", &["交流期限"], "2年、2—3年、不少于2年", "不填，或 可延长", duration),
    item("校长任期", &[], "2届（6年）、3届（每届3年）", "须交流、可交流、含副校长；不填为须交流", leaders),
    item("距退休年限", &[], "5年以上", "不填，或 男60岁、女55岁退休", retirement),
    item("学段", &["参加学段"], "小学、初中", NOTHING, stages),
    item("毕业年级", &[], "六年级、九年级、高三", "可交流、不交流（必填其一）", graduating),
    item("暂缓", &["暂缓交流"], GROUNDS, "不填，或 须校内公示、不超过3年", deferred),
    item("免于交流", &["免于"], GROUNDS, "不填，或 须校内公示、不超过3年", exempt),
    item("流向", &["交流方向"], "先余后缺、强校到弱校、城镇到乡村、同学段或高到低", NOTHING, directions),
    item("每校上限", &["每校流出上限"], "15%、1/5", "不填，或 至少1人、进一、四舍五入、舍去", school_cap),
    item("单程最长通勤", &["最长通勤"], "60分钟", NOTHING, commute),
    item("形式", &["交流形式"], "交流、支教、走教、挂职、任职", NOTHING, forms),
    item("计算日期", &["截止日期"], "8月31日", NOTHING, counted_on),
];

const GROUNDS: &str =
    "孕期、哺乳期、病假、县级以上医院证明的病假、特色课程带头人、距退休不足一届的校长、特殊困难";

const fn item(
    name: &'static str,
    also: &'static [&'static str],
    values: &'static str,
    remarks: &'static str,
    read: Read,
) -> Item {
    Item { choice: Choice(name, also), values, remarks, read }
}

/// The text without what people write before or after a number that is a limit anyway.
fn bare<'t>(text: &'t str, before: &[&str], after: &[&str]) -> &'t str {
    let text = before.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text);
    after.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text)
}

const AT_LEAST: &[&str] = &["不少于", "不低于", "至少", "≥", "≧", "满", "已满", "超过", ">"];
const AT_MOST: &[&str] = &["不超过", "不高于", "不大于", "至多", "≤", "≦"];

fn years_in(text: &str) -> Option<u8> {
    let text = bare(text, AT_LEAST, &["及以上", "以上", "（含）"]);
    fields::years(&Cell::Text(text.into())).ok().and_then(|years| u8::try_from(years).ok())
}

fn one(rule: Rule) -> Result<Vec<Rule>, Place> {
    Ok(vec![rule])
}

/// 须交流 or 可交流; `true` when it must be.
fn must(remarks: &mut Remarks) -> bool {
    let must = remarks.says(&["须交流", "应交流", "应当交流", "必须交流"]);
    let may = remarks.says(&["可交流", "可以交流"]);
    must || !may
}

fn tenure(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let years = years_in(&value.text()).ok_or(Place::Value)?;
    one(Rule::MustMoveTenure(Tenure { years, must: must(remarks) }))
}

fn men(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    age(Sex::Male, value, remarks)
}

fn women(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    age(Sex::Female, value, remarks)
}

fn age(sex: Sex, value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let text = value.text();
    let years = age_in(bare(&text, AT_MOST, &["及以下", "（含）"])).ok_or(Place::Value)?;
    let leaders = remarks.says(&["含校长", "含校领导", "含校级领导"]);
    one(Rule::AgeLimit(AgeLimit { sex: Some(sex), years, leaders }))
}

fn age_in(text: &str) -> Option<u8> {
    bare(text, &[], &["周岁", "岁"]).trim().parse().ok()
}

fn everybody(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    rate(Quality::Anyone, Vec::new(), value, remarks)
}

fn senior(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    rate(Quality::Anyone, vec![Stage::Senior], value, remarks)
}

fn backbone_share(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    rate(Quality::Backbone, Vec::new(), value, remarks)
}

fn distinguished_share(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    rate(Quality::Distinguished, Vec::new(), value, remarks)
}

fn graduating_share(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    rate(Quality::Graduating, Vec::new(), value, remarks)
}

fn rate(
    movers: Quality,
    stages: Vec<Stage>,
    value: &Cell,
    remarks: &mut Remarks,
) -> Result<Vec<Rule>, Place> {
    let text = value.text();
    let most = AT_MOST.iter().any(|word| text.starts_with(word));
    let bound = if most { Bound::AtMost } else { Bound::AtLeast };
    let share = share(value).ok_or(Place::Value)?;
    let (base, base_quality) = remarks.find(denominator).ok_or(Place::Remark)?;
    let usual = if most { Rounding::Down } else { Rounding::Up };
    let rounding = rounding(remarks).unwrap_or(usual);
    let stages = remarks.find(stages_in).unwrap_or(stages);
    let mut rules = vec![Rule::Rate(Rate { movers, base, base_quality, share, bound, rounding, stages })];
    let honoured =
        remarks.find(|phrase| level_in(phrase.strip_suffix("教师").unwrap_or(phrase).strip_suffix("骨干")?));
    rules.extend(honoured.map(|least| Rule::Honour(Backbone { least })));
    Ok(rules)
}

fn share(value: &Cell) -> Option<Share> {
    let read = match value {
        Cell::Text(text) => fields::share(&Cell::Text(bare(text, AT_MOST, &[]).into())),
        other => fields::share(other),
    };
    let read = read.ok()?;
    let (parts, whole) = (u32::try_from(read.numerator).ok()?, u32::try_from(read.denominator).ok()?);
    Some(Share { parts, whole })
}

/// 占符合条件教师总数, 占交流教师总数, 占符合条件的骨干教师总数.
fn denominator(phrase: &str) -> Option<(RateBase, Quality)> {
    let of = phrase.strip_prefix('占')?;
    let of = bare(of, &[], &["总数的比例", "总人数", "总数", "人数", "的比例"]);
    let bases = [
        ("符合交流条件", RateBase::Eligible),
        ("符合条件", RateBase::Eligible),
        ("应当交流", RateBase::MustMove),
        ("应交流", RateBase::MustMove),
        ("参加交流", RateBase::Movers),
        ("交流轮岗", RateBase::Movers),
        ("交流", RateBase::Movers),
    ];
    let (rest, base) = bases.iter().find_map(|(word, base)| Some((of.strip_prefix(word)?, *base)))?;
    let quality = match rest.strip_prefix('的').unwrap_or(rest) {
        "教师" => Quality::Anyone,
        "骨干教师" | "骨干" => Quality::Backbone,
        "名师高级一级教师" | "名师、高级、一级教师" | "名师、高级和一级教师" => {
            Quality::Distinguished
        }
        "毕业年级教师" => Quality::Graduating,
        _ => return None,
    };
    Some((base, quality))
}

fn rounding(remarks: &mut Remarks) -> Option<Rounding> {
    remarks.find(|phrase| match phrase {
        "进一" | "不足1人的进为1人" => Some(Rounding::Up),
        "舍去" | "不足1人的舍去" => Some(Rounding::Down),
        "四舍五入" => Some(Rounding::Nearest),
        _ => None,
    })
}

/// 小学、初中: nothing but stages.
fn stages_in(text: &str) -> Option<Vec<Stage>> {
    let stages: Option<Vec<Stage>> = split(text).map(Stage::from_zh).collect();
    stages.filter(|stages| !stages.is_empty())
}

/// 县级及以上, 县级以上.
fn level_in(text: &str) -> Option<HonourLevel> {
    HonourLevel::from_zh(bare(text, &[], &["及以上", "以上"]))
}

fn backbone(value: &Cell, _: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let text = value.text();
    let text = bare(&text, &[], &["骨干教师", "骨干"]);
    one(Rule::Honour(Backbone { least: level_in(text).ok_or(Place::Value)? }))
}

fn duration(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let text = value.text();
    let open = AT_LEAST.iter().any(|word| text.starts_with(word)) || text.ends_with("以上");
    let range = text.split_once(['—', '-', '–', '~', '～', '至']);
    let (years, most) = match range {
        Some((least, most)) => (years_in(least), years_in(most.trim_start_matches('—'))),
        None => {
            let years = years_in(&text);
            (years, years.filter(|_| !open))
        }
    };
    let years = years.filter(|_| range.is_none() || most.is_some()).ok_or(Place::Value)?;
    let extendable = remarks.says(&["可延长", "可以延长", "可延期"]);
    one(Rule::Duration(Duration { years, most, extendable }))
}

/// 2届（6年）, 3届（每届3年）.
fn leaders(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let (terms, years_per_term) = terms_in(&value.text()).ok_or(Place::Value)?;
    let mut duties = vec![DutyKind::Principal];
    if remarks.says(&["含副校长", "含副职", "校长、副校长"]) {
        duties.push(DutyKind::VicePrincipal);
    }
    one(Rule::LeaderTerms(LeaderTerms { duties, terms, years_per_term, must: must(remarks) }))
}

fn terms_in(text: &str) -> Option<(u8, u8)> {
    let (terms, rest) = text.split_once('届')?;
    let terms = years_in(terms).filter(|terms| *terms > 0)?;
    let inside = rest.strip_prefix('（')?.strip_suffix('）')?;
    if let Some(each) = inside.strip_prefix("每届") {
        return Some((terms, years_in(each)?));
    }
    let years = years_in(bare(inside, &["共"], &[]))?;
    years.is_multiple_of(terms).then(|| (terms, years / terms))
}

/// When people retire unless the policy says otherwise.
const RETIRE: (u8, u8) = (60, 55);

fn retirement(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let more_than = years_in(&value.text()).ok_or(Place::Value)?;
    let (men, women) = remarks.find(retire_in).unwrap_or(RETIRE);
    one(Rule::YearsBeforeRetirement(Retirement { more_than, men, women }))
}

/// 男60岁、女55岁退休.
fn retire_in(phrase: &str) -> Option<(u8, u8)> {
    let (men, women) = phrase.strip_suffix("退休").unwrap_or(phrase).split_once('、')?;
    Some((age_in(men.strip_prefix('男')?)?, age_in(women.strip_prefix('女')?)?))
}

fn stages(value: &Cell, _: &mut Remarks) -> Result<Vec<Rule>, Place> {
    one(Rule::Stage(Stages { stages: stages_in(&value.text()).ok_or(Place::Value)? }))
}

fn graduating(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let grade = |word: &str| grade_named(word).and_then(|grade| u8::try_from(grade).ok());
    let grades: Option<Vec<u8>> = split(&value.text()).map(grade).collect();
    let grades = grades.filter(|grades| !grades.is_empty()).ok_or(Place::Value)?;
    let stays = remarks.says(&["不交流", "不参加", "不参加交流"]);
    let may_move = remarks.says(&["可交流", "可以交流"]);
    if stays == may_move {
        return Err(Place::Remark);
    }
    one(Rule::GraduatingGrade(Graduating { grades, may_move }))
}

fn deferred(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    grounds(ExemptionEffect::Deferred, value, remarks)
}

fn exempt(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    grounds(ExemptionEffect::Exempt, value, remarks)
}

fn grounds(effect: ExemptionEffect, value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let announced = remarks.says(&["须校内公示", "校内公示", "需校内公示"]);
    let longest_years = remarks
        .find(|phrase| years_in(AT_MOST.iter().chain(&["最长"]).find_map(|word| phrase.strip_prefix(word))?));
    let rule = |phrase: &str| {
        let (kind, evidence) = ground_in(phrase)?;
        Some(Rule::Exemption(ExemptionGround { kind, effect, evidence, announced, longest_years }))
    };
    let rules: Option<Vec<Rule>> = split(&value.text()).map(rule).collect();
    rules.filter(|rules| !rules.is_empty()).ok_or(Place::Value)
}

/// 孕期, 县级以上医院证明的病假.
fn ground_in(phrase: &str) -> Option<(ExemptionKind, Option<String>)> {
    let (evidence, ground) = match phrase.split_once("证明的") {
        Some((who, ground)) => (Some(format!("{who}证明")), ground),
        None => (None, phrase),
    };
    let kind = match ground {
        "孕期" | "怀孕" => ExemptionKind::Pregnancy,
        "哺乳期" => ExemptionKind::Nursing,
        "病假" | "疾病" => ExemptionKind::Illness,
        "特色课程带头人" => ExemptionKind::FeatureCourse,
        "距退休不足一届的校长" | "临近退休的校长" => ExemptionKind::LeaderNearRetirement,
        "特殊困难" => ExemptionKind::Hardship,
        _ => return None,
    };
    Some((kind, evidence))
}

fn directions(value: &Cell, _: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let direction = |phrase: &str| match phrase {
        "先余后缺" | "余缺调剂" | "超员学科到缺员学科" => Some(Direction::SurplusFirst),
        "强校到弱校" | "优质学校到薄弱学校" | "优质校到薄弱校" | "核心校到成员校" => {
            Some(Direction::StrongToWeak)
        }
        "城镇到乡村" | "城镇学校到乡村学校" | "城区到乡镇" => {
            Some(Direction::TownToVillage)
        }
        "同学段或高到低" | "同学段或高学段到低学段" => Some(Direction::SameStageOrLower),
        _ => None,
    };
    let directions: Option<Vec<Direction>> = split(&value.text()).map(direction).collect();
    let directions = directions.filter(|directions| !directions.is_empty()).ok_or(Place::Value)?;
    one(Rule::Direction(Directions { directions }))
}

fn school_cap(value: &Cell, remarks: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let share = share(value).ok_or(Place::Value)?;
    let rounding = rounding(remarks).unwrap_or(Rounding::Down);
    let people = |phrase: &str| phrase.strip_prefix("至少")?.strip_suffix('人')?.parse().ok();
    let at_least = remarks.find(people).unwrap_or(0);
    one(Rule::SchoolCap(SchoolCap { share, rounding, at_least }))
}

fn commute(value: &Cell, _: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let text = value.text();
    let minutes = fields::minutes(&Cell::Text(bare(&text, AT_MOST, &["以内", "之内"]).into())).ok();
    let minutes = minutes.and_then(|minutes| u16::try_from(minutes).ok()).ok_or(Place::Value)?;
    one(Rule::LongestCommute(LongestCommute { minutes }))
}

fn forms(value: &Cell, _: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let forms: Option<Vec<PlacementForm>> = split(&value.text()).map(PlacementForm::from_zh).collect();
    let forms = forms.filter(|forms| !forms.is_empty()).ok_or(Place::Value)?;
    one(Rule::Forms(Forms { forms }))
}

/// 8月31日.
fn counted_on(value: &Cell, _: &mut Remarks) -> Result<Vec<Rule>, Place> {
    let read = |text: &str| {
        let (month, day) = text.strip_suffix('日')?.split_once('月')?;
        Some(CountedOn { month: month.parse().ok()?, day: day.parse().ok()? })
    };
    one(Rule::CountedOn(read(bare(&value.text(), &["当年", "截至", "截至当年"], &[])).ok_or(Place::Value)?))
}
