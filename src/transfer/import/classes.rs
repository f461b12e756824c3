//! 班级: stage and grade from the name of a class.

use crate::entity::values::Stage;

/// Chinese numbers from one on.
const NUMBERS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// What a class's name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grade {
    /// Its stage.
    pub stage: Stage,
    /// 1–12; none in a kindergarten.
    pub grade: Option<i32>,
}

/// Stage and grade of a class: 五年级（2）班, 七（1）班, 初二（3）班, 高一4班, 大一班.
pub fn grade_of(name: &str) -> Option<Grade> {
    if let Some(rest) = name.strip_prefix('初').or_else(|| name.strip_prefix('高')) {
        let (stage, before) = if name.starts_with('初') { (Stage::Junior, 6) } else { (Stage::Senior, 9) };
        let year = number(rest.trim_start_matches('中'))?.0;
        return (1..=3).contains(&year).then_some(Grade { stage, grade: Some(year + before) });
    }
    if ["托", "小", "中", "大"].iter().any(|size| name.starts_with(size)) && name.ends_with('班') {
        return Some(Grade { stage: Stage::Kindergarten, grade: None });
    }
    let (grade, rest) = number(name)?;
    // 七1班 is a class of grade seven; 2023级（1）班 is not one of grade two.
    let counted = name.starts_with(NUMBERS) && rest.starts_with(|c: char| c.is_ascii_digit());
    let follows = rest.starts_with("年级") || rest.starts_with('（') || counted;
    follows.then(|| Grade { stage: stage_of(grade), grade: Some(grade) })
}

/// 年级 of a programme: 九年级, 初三, 9.
pub fn grade_named(name: &str) -> Option<i32> {
    if let Some(grade) = grade_of(name).and_then(|grade| grade.grade) {
        return Some(grade);
    }
    let plain = name.parse().ok().filter(|grade| (1..=12).contains(grade));
    plain.or_else(|| number(name).filter(|(_, rest)| rest.is_empty()).map(|(grade, _)| grade))
}

fn stage_of(grade: i32) -> Stage {
    if grade <= 6 { Stage::Primary } else { Stage::Junior }
}

/// A number from 1 to 9 at the start, and what follows.
fn number(text: &str) -> Option<(i32, &str)> {
    let first = text.chars().next()?;
    let chinese = NUMBERS.iter().position(|number| *number == first).map(|at| at as i32 + 1);
    let number =
        chinese.or_else(|| first.to_digit(10).filter(|digit| *digit > 0).map(|digit| digit as i32))?;
    Some((number, &text[first.len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_name_tells_stage_and_grade() {
        let told = |name| grade_of(name).map(|told| (told.stage, told.grade));
        assert_eq!(told("五年级（2）班"), Some((Stage::Primary, Some(5))));
        assert_eq!(told("七（1）班"), Some((Stage::Junior, Some(7))));
        assert_eq!(told("七1班"), Some((Stage::Junior, Some(7))));
        assert_eq!(told("9年级（1）班"), Some((Stage::Junior, Some(9))));
        assert_eq!(told("初三（3）班"), Some((Stage::Junior, Some(9))));
        assert_eq!(told("高一（4）班"), Some((Stage::Senior, Some(10))));
        assert_eq!(told("大一班"), Some((Stage::Kindergarten, None)));
        assert_eq!(told("中（2）班"), Some((Stage::Kindergarten, None)));
        assert_eq!(told("2023级（1）班"), None);
        assert_eq!(told("实验班"), None);
    }

    #[test]
    fn a_grade_is_written_in_several_ways() {
        for name in ["九年级", "初三", "9", "九"] {
            assert_eq!(grade_named(name), Some(9), "{name}");
        }
        assert_eq!(grade_named("高二"), Some(11));
        assert_eq!(grade_named("毕业班"), None);
    }
}
