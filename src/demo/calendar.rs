//! 校历 The autumn term of 2026 and the bells.

use super::Table;
use super::curriculum::Stage;

/// 作息时间
pub(super) fn bells() -> Table {
    let mut rows = Vec::new();
    for stage in [Stage::Primary, Stage::Junior, Stage::Kindergarten] {
        for (period, (start, end)) in stage.bells().iter().enumerate() {
            rows.push(vec![stage.name().into(), (period + 1).to_string(), (*start).into(), (*end).into()]);
        }
    }
    Table { sheet: "作息时间", headings: &["学段", "节次", "开始", "结束"], rows }
}

/// Day, kind, the weekday whose timetable runs, reason. 2027 is not announced: its one holiday says so.
const DAYS: [(&str, &str, &str, &str); 20] = [
    ("2026-09-25", "放假", "", "中秋节"),
    ("2026-09-26", "放假", "", "中秋节"),
    ("2026-09-27", "放假", "", "中秋节"),
    ("2026-10-01", "放假", "", "国庆节"),
    ("2026-10-02", "放假", "", "国庆节"),
    ("2026-10-03", "放假", "", "国庆节"),
    ("2026-10-04", "放假", "", "国庆节"),
    ("2026-10-05", "放假", "", "国庆节"),
    ("2026-10-06", "放假", "", "国庆节"),
    ("2026-10-07", "放假", "", "国庆节"),
    ("2027-01-01", "放假", "", "元旦（以国务院通知为准）"),
    ("2026-09-20", "调休上班", "二", "补10月6日课"),
    ("2026-10-10", "调休上班", "三", "补10月7日课"),
    ("2026-11-05", "考试", "", "期中考试"),
    ("2026-11-06", "考试", "", "期中考试"),
    ("2027-01-13", "考试", "", "期末考试"),
    ("2027-01-14", "考试", "", "期末考试"),
    ("2027-01-15", "考试", "", "期末考试"),
    ("2026-10-30", "县运动会", "", "全县停课"),
    ("2026-11-25", "质量监测", "", "县域质量监测，不安排活动"),
];

/// 校历
pub(super) fn days() -> Table {
    let term = ["2026-09-01", "2027-01-22", "", "学期", "", "2026—2027学年第一学期"];
    let mut rows = vec![term.map(String::from).to_vec()];
    rows.extend(
        DAYS.map(|(day, kind, weekday, reason)| {
            ["", "", day, kind, weekday, reason].map(String::from).to_vec()
        }),
    );
    Table {
        sheet: "校历", headings: &["开始日期", "结束日期", "日期", "类型", "执行星期课表", "说明"], rows
    }
}
