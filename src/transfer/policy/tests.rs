//! What offices write for their rules, and what no rule expresses.

use expect_test::expect;

use super::*;
use crate::rotations::policy::sentence;

fn cell(text: &str) -> Cell {
    Cell::Text(text::name(text).into())
}

/// The sentences of what a row says.
fn told(item: &str, value: &str, remark: &str) -> String {
    match said(item, &cell(value), remark) {
        Ok(said) => said.rules.iter().map(|rule| format!("{}\n", sentence(rule).zh)).collect(),
        Err((place, fault)) => format!("{}：{}\n", place.heading(), fault.message.zh),
    }
}

#[test]
fn the_countys_own_rows_are_understood() {
    let rows = [
        ("同校任教满年限", "6年", "须交流"),
        ("男教师年龄上限", "50岁", ""),
        ("女教师年龄上限", "45岁", ""),
        ("交流比例", "≥10%", "占符合条件教师总数"),
        ("骨干占比", "≥20%", "占交流教师总数；县级及以上骨干"),
        ("期限", "2年", "可延长"),
        ("暂缓", "孕期、哺乳期、县级以上医院证明的病假", "须校内公示"),
        ("单程最长通勤", "60分钟", ""),
        ("校长任期", "2届（6年）", "须交流"),
    ];
    let all: String = rows.iter().map(|(item, value, remark)| told(item, value, remark)).collect();
    expect![[r#""#]].assert_eq(&all);
}

#[test]
fn every_other_item_is_understood_as_its_help_says() {
    let rows = [
        ("高中交流比例", "不低于10%", "占符合条件教师总数，四舍五入"),
        ("名师高级一级教师占比", "30%", "占交流教师总数"),
        ("毕业年级教师占比", "1/3", "占符合条件的毕业年级教师总数"),
        ("交流比例", "≤15%", "占应交流教师总数；小学、初中"),
        ("骨干认定", "市级及以上", ""),
        ("期限", "2—3年", ""),
        ("期限", "不少于3年", ""),
        ("校长任期", "3届（每届3年）", "含副校长；可交流"),
        ("距退休年限", "5年以上", "男63岁、女58岁退休"),
        ("学段", "小学、初中", ""),
        ("毕业年级", "六年级、九年级、高三", "不交流"),
        ("免于交流", "特色课程带头人", "须校内公示；不超过3年"),
        ("流向", "先余后缺、强校到弱校、城镇到乡村、同学段或高到低", ""),
        ("每校上限", "15%", "至少1人"),
        ("形式", "交流、支教、走教", ""),
        ("计算日期", "8月31日", ""),
    ];
    let all: String = rows.iter().map(|(item, value, remark)| told(item, value, remark)).collect();
    expect![[r#""#]].assert_eq(&all);
}

#[test]
fn what_no_rule_expresses_is_refused_with_what_may_be_written() {
    let rows = [
        ("交流津贴", "每月300元", ""),
        ("同校任教满年限", "较长", ""),
        ("同校任教满年限", "6年", "须交流；体育教师除外"),
        ("交流比例", "≥10%", ""),
        ("校长任期", "2届", ""),
        ("校长任期", "4届（6年）", ""),
        ("暂缓", "孕期、家里有事", ""),
        ("毕业年级", "九年级", ""),
        ("期限", "2—", ""),
    ];
    let all: String = rows.iter().map(|(item, value, remark)| told(item, value, remark)).collect();
    expect![[r#""#]].assert_eq(&all);
}

#[test]
fn a_remark_that_is_no_rule_says_so_and_is_kept() {
    let said = said("期限", &cell("2年"), "可延长；备注：县教体局2026年第5号文件").expect("a rule");
    assert_eq!(said.note.as_deref(), Some("县教体局2026年第5号文件"));
}

#[test]
fn a_percentage_that_excel_keeps_as_a_number_is_one() {
    let said = said("交流比例", &Cell::Number(0.1), "占符合条件教师总数").expect("a rule");
    assert_eq!(
        said.rules,
        super::said("交流比例", &cell("≥10%"), "占符合条件教师总数").expect("a rule").rules
    );
}
