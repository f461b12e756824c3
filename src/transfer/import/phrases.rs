//! The phrases of 教研计划: rhythm, research day, host, presenters, audience. A phrase that is not understood is a
//! fault that lists what is.

use chrono::{Datelike, Months, NaiveDate};

use super::classes::grade_named;
use super::edit::Shown;
use super::words::{duty, duty_words};
use crate::entity::values::{AudienceRule, DutyKind, HalfOfDay, HostRule, PresenterSource};
use crate::entity::{programme, term};
use crate::transfer::fields::{self, FieldFault, Half, Parsed, ResearchDay, split, weekday_zh};
use crate::transfer::table::Cell;
use crate::transfer::text;

/// 频次: what is asked of the dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rhythm {
    /// Least days between two dates.
    pub min_gap_days: i32,
    /// One in each month.
    pub monthly: bool,
    /// Within so many weeks after the mid-term exam.
    pub weeks_after_exam: Option<i32>,
    /// Not before this day.
    pub not_before_on: Option<NaiveDate>,
}

impl Rhythm {
    /// As a programme has it.
    pub fn of(programme: &programme::Model) -> Self {
        let programme::Model { min_gap_days, monthly, weeks_after_exam, not_before_on, .. } = *programme;
        Self { min_gap_days, monthly, weeks_after_exam, not_before_on }
    }

    /// Writes it into a programme.
    pub fn put(self, programme: &mut programme::Model) {
        programme.min_gap_days = self.min_gap_days;
        programme.monthly = self.monthly;
        programme.weeks_after_exam = self.weeks_after_exam;
        programme.not_before_on = self.not_before_on;
    }
}

impl Shown for Rhythm {
    fn shown(&self) -> String {
        let gap = match self.min_gap_days {
            0 => None,
            days if days % 7 == 0 => Some(format!("至少间隔{}周", days / 7)),
            days => Some(format!("至少间隔{days}天")),
        };
        let monthly = self.monthly.then(|| "每月1次".to_owned());
        let exam = self.weeks_after_exam.map(|weeks| format!("期中考试后{weeks}周内"));
        let after = self.not_before_on.map(|day| format!("{}月之后", day.month()));
        [gap, monthly, exam, after].into_iter().flatten().collect::<Vec<_>>().join("、")
    }
}

/// 频次: 至少间隔2周, 每月1次, 期中考试后2周内, 11月之后, several of them, or nothing.
pub fn rhythm(cell: &Cell, term: &term::Model) -> Parsed<Rhythm> {
    let mut rhythm = Rhythm::default();
    for phrase in split(&phrase(cell)).filter(|phrase| !["不限", "无"].contains(phrase)) {
        if let Some(days) = gap(phrase) {
            rhythm.min_gap_days = days;
        } else if ["每月1次", "每月一次", "每个月1次", "每个月一次"].contains(&phrase) {
            rhythm.monthly = true;
        } else if let Some(weeks) = weeks_after_exam(phrase) {
            rhythm.weeks_after_exam = Some(weeks);
        } else if let Some(month) = month_after(phrase) {
            rhythm.not_before_on = Some(first_of_month(month, term)?);
        } else {
            return Err(understood(
                "至少间隔2周、每月1次、期中考试后2周内、11月之后，或其中几项（用顿号分开）",
            ));
        }
    }
    Ok(rhythm)
}

/// 至少间隔2周, 间隔10天, 每周1次, 每2周一次.
fn gap(phrase: &str) -> Option<i32> {
    let phrase = phrase.strip_prefix("至少").unwrap_or(phrase);
    if let Some(rest) = phrase.strip_prefix("间隔").or_else(|| phrase.strip_prefix("相隔")) {
        let (number, unit) = number(rest)?;
        return match unit {
            "周" | "个星期" | "星期" => Some(number * 7),
            "天" | "日" => Some(number),
            _ => None,
        };
    }
    let rest = phrase.strip_prefix('每')?;
    let (weeks, rest) = number(rest).unwrap_or((1, rest));
    ["周1次", "周一次"].contains(&rest).then_some(weeks * 7)
}

fn weeks_after_exam(phrase: &str) -> Option<i32> {
    let rest = phrase.strip_prefix("期中")?;
    let rest = rest.strip_prefix("考试").unwrap_or(rest);
    let (weeks, rest) = number(rest.strip_prefix('后')?)?;
    ["周内", "周之内", "周以内"].contains(&rest).then_some(weeks)
}

fn month_after(phrase: &str) -> Option<u32> {
    let (month, rest) = number(phrase)?;
    let rest = rest.strip_prefix('月')?;
    let after = ["之后", "以后", "后", "起", "开始"].contains(&rest);
    (after && (1..=12).contains(&month)).then_some(month as u32)
}

/// The first day of a month that lies in the term.
fn first_of_month(month: u32, term: &term::Model) -> Parsed<NaiveDate> {
    let first = term.starts_on.with_day(1).unwrap_or(term.starts_on);
    let months = (0..12).filter_map(|after| first.checked_add_months(Months::new(after)));
    let found = months.take_while(|day| *day <= term.ends_on).find(|day| day.month() == month);
    found.ok_or_else(|| {
        FieldFault::new(
            format!("{month}月不在学期（{} 至 {}）内，请核对", term.starts_on, term.ends_on),
            format!("month {month} is not in the term ({} to {}); check it", term.starts_on, term.ends_on),
        )
    })
}

/// Longest session, in minutes: no half-day holds a longer one (13:00 to 17:30).
const LONGEST: u32 = 270;

/// 时长: no longer than a half-day.
pub fn session_minutes(cell: &Cell) -> Parsed<i32> {
    let minutes = fields::minutes(cell)?;
    if minutes <= LONGEST {
        return Ok(minutes as i32);
    }
    Err(FieldFault::new(
        format!("一次活动须在半天之内，最长{LONGEST}分钟，请缩短或分成几次"),
        format!("a session must fit into half a day, at most {LONGEST} minutes: shorten or divide it"),
    ))
}

/// 教研日: a weekday and a half of it.
pub fn research_day(cell: &Cell) -> Parsed<ResearchDay> {
    let day = fields::research_day(cell)?;
    if day.half.is_some() {
        return Ok(day);
    }
    Err(FieldFault::new("请写明上午或下午，如“星期四下午”", "say which half of the day, e.g. 星期四下午"))
}

/// 教研日 as a programme keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SubjectDay {
    /// ISO weekday.
    pub weekday: Option<i32>,
    /// None: the whole day.
    pub half: Option<HalfOfDay>,
}

impl From<ResearchDay> for SubjectDay {
    fn from(day: ResearchDay) -> Self {
        let half = day.half.map(|half| match half {
            Half::Morning => HalfOfDay::Morning,
            Half::Afternoon => HalfOfDay::Afternoon,
        });
        Self { weekday: Some(day.weekday.number_from_monday() as i32), half }
    }
}

impl Shown for SubjectDay {
    fn shown(&self) -> String {
        let day = self.weekday.and_then(|day| chrono::Weekday::try_from((day - 1) as u8).ok());
        day.map(|day| format!("星期{}{}", weekday_zh(day), self.half.shown())).unwrap_or_default()
    }
}

/// 承办.
pub fn host(cell: &Cell) -> Parsed<HostRule> {
    let rule = match phrase(cell).as_str() {
        "成员校轮流承办" | "成员校轮流" | "成员校承办" | "轮流承办" => {
            HostRule::MembersInTurn
        }
        "镇区、乡村成员校承办" | "镇区乡村成员校承办" | "乡镇成员校承办" | "农村成员校承办" => {
            HostRule::TownAndRuralMembers
        }
        "核心校承办" | "核心校" | "核心校轮流承办" => HostRule::CoreSchools,
        "各校轮流承办" | "各园轮流承办" | "各校轮流" => HostRule::AllInTurn,
        "线上" | "线上进行" => HostRule::Online,
        _ => {
            return Err(understood(
                &HostRule::ALL.iter().map(|rule| rule.zh()).collect::<Vec<_>>().join("、或 "),
            ));
        }
    };
    Ok(rule)
}

/// 授课要求.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presenters {
    /// Where they come from.
    pub from: PresenterSource,
    /// How many.
    pub count: i32,
    /// Of how many schools at least.
    pub schools: i32,
}

impl Presenters {
    /// Nobody presents.
    pub const NOBODY: Self = Self { from: PresenterSource::Nobody, count: 0, schools: 0 };
}

impl Shown for Presenters {
    fn shown(&self) -> String {
        match self.from {
            PresenterSource::Nobody => String::new(),
            PresenterSource::Group if self.schools > 1 => {
                format!("至少{}所学校各{}名授课教师", self.schools, self.count / self.schools)
            }
            PresenterSource::Group => format!("{}名授课教师", self.count),
            PresenterSource::Host | PresenterSource::Core => {
                format!("{}{}名授课教师", self.from.zh(), self.count)
            }
        }
    }
}

/// 授课要求: 至少两所学校各1名授课教师, 承办校1名授课教师, 核心校1名授课教师, 2名授课教师, 无.
pub fn presenters(cell: &Cell) -> Parsed<Presenters> {
    let text = phrase(cell);
    if ["无", "不授课", "不安排授课"].contains(&text.as_str()) {
        return Ok(Presenters::NOBODY);
    }
    let some = || {
        let rest = text.strip_prefix("至少").unwrap_or(&text);
        for (word, from) in [("承办校", PresenterSource::Host), ("核心校", PresenterSource::Core)] {
            if let Some(rest) = rest.strip_prefix(word) {
                return people(rest).map(|count| Presenters { from, count, schools: 1 });
            }
        }
        let from = PresenterSource::Group;
        if let Some(count) = people(rest) {
            return Some(Presenters { from, count, schools: 1 });
        }
        let (schools, rest) = number(rest)?;
        let rest = ["所学校", "所", "校"].iter().find_map(|unit| rest.strip_prefix(unit))?;
        let each = people(rest.strip_prefix('各')?)?;
        Some(Presenters { from, count: schools * each, schools })
    };
    some().filter(|presenters| (1..=20).contains(&presenters.count)).ok_or_else(|| {
        understood("至少两所学校各1名授课教师、承办校1名授课教师、核心校1名授课教师、2名授课教师；没有则不填")
    })
}

/// 1名授课教师.
fn people(phrase: &str) -> Option<i32> {
    let (count, rest) = number(phrase)?;
    let rest =
        rest.strip_prefix('名').or_else(|| rest.strip_prefix('位')).or_else(|| rest.strip_prefix('人'))?;
    ["授课教师", "教师授课", "教师", "老师", "授课", ""].contains(&rest).then_some(count)
}

/// 参加范围.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Who is invited.
    pub rule: AudienceRule,
    /// By duty: which.
    pub duties: Vec<DutyKind>,
    /// Attached researchers too.
    pub researchers: bool,
    /// The grade of 九年级本学科教师.
    pub grade: Option<i32>,
}

impl Shown for Audience {
    fn shown(&self) -> String {
        let duties = self.duties.iter().map(|duty| duty.zh());
        let rule = (self.rule != AudienceRule::Duties).then(|| self.rule.zh());
        let researchers = self.researchers.then_some("包连教研员");
        rule.into_iter().chain(duties).chain(researchers).collect::<Vec<_>>().join("、")
    }
}

/// 参加范围: 本学科全体教师, 承办校本学科教师, 九年级本学科教师, 各园半数教师，轮流参加, or duties; with 教研员 or not.
pub fn audience(cell: &Cell) -> Parsed<Audience> {
    let text = phrase(cell);
    let half =
        ["各园半数教师，轮流参加", "各校半数教师，轮流参加", "各园半数教师轮流参加", "各校半数教师轮流参加"];
    // The one phrase with a comma inside.
    let text = half.iter().fold(text, |text, phrase| text.replace(phrase, "半数教师"));
    let mut audience =
        Audience { rule: AudienceRule::Duties, duties: Vec::new(), researchers: false, grade: None };
    for item in split(&text) {
        let plain =
            ["各校", "各园", "全体"].iter().fold(item, |item, word| item.strip_prefix(word).unwrap_or(item));
        if ["教研员", "包连教研员", "学科教研员"].contains(&plain) {
            audience.researchers = true;
        } else if let Some(duty) = duty(plain).filter(|_| audience.rule == AudienceRule::Duties) {
            audience.duties.push(duty);
        } else {
            let (rule, grade) = rule(item).filter(|_| audience.is_open()).ok_or_else(audience_understood)?;
            (audience.rule, audience.grade) = (rule, grade);
        }
    }
    audience.duties.sort();
    audience.duties.dedup();
    let somebody = !audience.is_open() || audience.researchers;
    somebody.then_some(audience).ok_or_else(audience_understood)
}

impl Audience {
    /// Whether neither a rule nor a duty is named yet.
    fn is_open(&self) -> bool {
        self.rule == AudienceRule::Duties && self.duties.is_empty()
    }
}

fn rule(phrase: &str) -> Option<(AudienceRule, Option<i32>)> {
    match phrase {
        "本学科全体教师" | "本学科教师" | "全体本学科教师" | "全体保教人员" => {
            Some((AudienceRule::SubjectTeachers, None))
        }
        "承办校本学科教师" | "承办校本学科全体教师" => {
            Some((AudienceRule::HostSubjectTeachers, None))
        }
        "本年级本学科教师" => Some((AudienceRule::GradeSubjectTeachers, None)),
        "半数教师" | "各园半数教师" | "各校半数教师" => {
            Some((AudienceRule::HalfInTurn, None))
        }
        _ => {
            let grade =
                phrase.strip_suffix("本学科教师").or_else(|| phrase.strip_suffix("本学科全体教师"))?;
            Some((AudienceRule::GradeSubjectTeachers, Some(grade_named(grade)?)))
        }
    }
}

fn audience_understood() -> FieldFault {
    let duties = duty_words().collect::<Vec<_>>().join("、");
    understood(&format!(
        "本学科全体教师、承办校本学科教师、九年级本学科教师、各校半数教师，轮流参加；或职务（{duties}）；可加 包连教研员"
    ))
}

fn understood(listed: &str) -> FieldFault {
    FieldFault::new(
        format!("看不懂，可以写：{listed}"),
        format!("not understood; write for example: {listed}"),
    )
}

fn phrase(cell: &Cell) -> String {
    text::name(&cell.text())
}

/// A number at the start, in digits or in Chinese up to twelve, and what follows.
fn number(text: &str) -> Option<(i32, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits > 0 {
        return Some((text[..digits].parse().ok().filter(|number| *number <= 366)?, &text[digits..]));
    }
    const CHINESE: [(&str, i32); 13] = [
        ("十二", 12),
        ("十一", 11),
        ("十", 10),
        ("九", 9),
        ("八", 8),
        ("七", 7),
        ("六", 6),
        ("五", 5),
        ("四", 4),
        ("三", 3),
        ("二", 2),
        ("两", 2),
        ("一", 1),
    ];
    CHINESE.iter().find_map(|(word, number)| Some((*number, text.strip_prefix(word)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn cell(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    fn autumn() -> term::Model {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        term::Model {
            id: Uuid::nil(),
            district_id: Uuid::nil(),
            name: "2026—2027学年第一学期".to_owned(),
            starts_on: day(2026, 9, 1),
            ends_on: day(2027, 1, 22),
            version: 1,
        }
    }

    #[test]
    fn rhythms_are_understood_alone_and_together() {
        let rhythm = |text| rhythm(&cell(text), &autumn()).map(|rhythm| rhythm.shown());
        for text in
            ["至少间隔2周", "每月1次", "期中考试后2周内", "11月之后", "至少间隔3周、1月之后", "至少间隔10天"]
        {
            assert_eq!(rhythm(text).as_deref(), Ok(text));
        }
        assert_eq!(rhythm("每月一次，间隔两周").as_deref(), Ok("至少间隔2周、每月1次"));
        assert_eq!(rhythm("每周1次").as_deref(), Ok("至少间隔1周"));
        assert!(rhythm("有空就办").is_err_and(|fault| fault.message.zh.contains("每月1次")));
        assert!(rhythm("5月之后").is_err_and(|fault| fault.message.zh.contains("不在学期")));
    }

    #[test]
    fn a_month_is_the_terms_own() {
        let read = rhythm(&cell("1月之后"), &autumn()).unwrap();
        assert_eq!(read.not_before_on, NaiveDate::from_ymd_opt(2027, 1, 1));
    }

    #[test]
    fn presenters_are_counted_by_school() {
        let read = |text| presenters(&cell(text)).map(|p| (p.from, p.count, p.schools));
        assert_eq!(read("至少两所学校各1名授课教师"), Ok((PresenterSource::Group, 2, 2)));
        assert_eq!(read("至少3所学校各2名授课教师"), Ok((PresenterSource::Group, 6, 3)));
        assert_eq!(read("承办校1名授课教师"), Ok((PresenterSource::Host, 1, 1)));
        assert_eq!(read("核心校一名授课教师"), Ok((PresenterSource::Core, 1, 1)));
        assert_eq!(read("2名授课教师"), Ok((PresenterSource::Group, 2, 1)));
        assert!(read("名师若干").is_err());
    }

    #[test]
    fn audiences_are_a_rule_or_duties() {
        let read = |text| audience(&cell(text)).unwrap();
        assert_eq!(read("本学科全体教师").rule, AudienceRule::SubjectTeachers);
        assert_eq!(read("九年级本学科教师").grade, Some(9));
        assert_eq!(read("各园半数教师，轮流参加").rule, AudienceRule::HalfInTurn);
        let meeting = read("各校校长、副校长、包连教研员");
        assert_eq!(meeting.duties, [DutyKind::Principal, DutyKind::VicePrincipal]);
        assert!(meeting.researchers);
        assert_eq!(read("园长、保教主任").duties, [DutyKind::Principal, DutyKind::CareDirector]);
        assert!(read("本学科全体教师、教研员").researchers);
        assert!(audience(&cell("感兴趣的人")).is_err());
        assert!(audience(&cell("本学科全体教师、承办校本学科教师")).is_err());
    }
}
