use chrono::{NaiveDate, NaiveTime, Weekday};
use expect_test::{Expect, expect};

use super::*;

/// The cell as a single-line column keeps it.
fn typed(raw: &str) -> Cell {
    Cell::from_text(raw, Kind::Name)
}

/// What the parser says to each of these, one a line.
fn says<T: std::fmt::Debug>(parse: impl Fn(&Cell) -> Parsed<T>, cells: &[Cell], expected: Expect) {
    let line = |cell: &Cell| match parse(cell) {
        Ok(value) => format!("{} -> {value:?}\n", cell.text()),
        Err(fault) => format!("{} -> {} / {}\n", cell.text(), fault.message.zh, fault.message.en),
    };
    expected.assert_eq(&cells.iter().map(line).collect::<String>());
}

fn all(raw: &[&str]) -> Vec<Cell> {
    raw.iter().map(|raw| typed(raw)).collect()
}

#[test]
fn a_date_is_read_however_it_is_written() {
    let first = NaiveDate::from_ymd_opt(2026, 9, 1);
    let written = [
        "2026-09-01",
        "2026.9.1",
        "2026/9/1",
        "2026年9月1日",
        "２０２６－０９－０１",
        " 2026年 9月 1日 ",
        "20260901",
        "2026-09-01 00:00:00",
        "2026-09-01T00:00:00",
        "2026年9月1号",
        "2026.09.01.",
    ];
    for raw in written {
        assert_eq!(date(&typed(raw)).ok(), first, "{raw}");
    }
    assert_eq!(date(&Cell::Moment(46_266.0)).ok(), first);
    assert_eq!(date(&Cell::Number(46_266.0)).ok(), first);
    assert_eq!(date(&Cell::Number(20_260_901.0)).ok(), first);
}

#[test]
fn a_month_is_its_first_day() {
    let september = NaiveDate::from_ymd_opt(2018, 9, 1);
    for raw in
        ["2018.09", "2018.9", "2018年9月", "2018-09", "２０１８．０９", "201809", "2018/9", "2018年9月1日"]
    {
        assert_eq!(month(&typed(raw)).ok(), september, "{raw}");
    }
    assert_eq!(month(&Cell::Number(2018.09)).ok(), september);
    assert_eq!(month(&Cell::Number(201_809.0)).ok(), september);
}

#[test]
fn a_bad_date_says_what_to_write() {
    says(
        month,
        &[
            typed("1990.13"),
            typed("1990-13-01"),
            typed("2026年2月30日"),
            typed("2025-02-29"),
            typed("90.12"),
            typed("1990"),
            typed("不详"),
            typed("2018.00"),
            typed("1026-09-01"),
            Cell::Number(2018.1),
            Cell::Bool(true),
            Cell::Moment(0.5),
            typed("2018.+9"),
        ],
        expect![[r#"
            1990.13 -> 月份应为 1–12，请改为如 1990.12 / the month must be 1–12; write for example 1990.12
            1990-13-01 -> 月份应为 1–12，请改为如 1990-12-01 / the month must be 1–12; write for example 1990-12-01
            2026年2月30日 -> 2026年2月没有30日（最后一天是28日），请改为实际的日期 / 2026-02 has no day 30 (its last is 28); write the real date
            2025-02-29 -> 2025年2月没有29日（最后一天是28日），请改为实际的日期 / 2025-02 has no day 29 (its last is 28); write the real date
            90.12 -> 年份应为 1900–2100 之间的四位数，请写成如 2026-09-01 / the year must have four digits, from 1900 to 2100; write for example 2026-09-01
            1990 -> 看不懂的年月，请写成如 2018.09 或 2018-09-01 / not a month or a date; write for example 2018.09 or 2018-09-01
            不详 -> 看不懂的年月，请写成如 2018.09 或 2018-09-01 / not a month or a date; write for example 2018.09 or 2018-09-01
            2018.00 -> 月份应为 1–12，请改为如 2018.12 / the month must be 1–12; write for example 2018.12
            1026-09-01 -> 年份应为 1900–2100 之间的四位数，请写成如 2026-09-01 / the year must have four digits, from 1900 to 2100; write for example 2026-09-01
            2018.1 -> 分不清是1月还是10月（Excel 会把 2018.10 存成 2018.1），请写成 2018-01 或 2018-10 / January or October? (Excel keeps 2018.10 as 2018.1); write 2018-01 or 2018-10
            TRUE -> 看不懂的年月，请写成如 2018.09 或 2018-09-01 / not a month or a date; write for example 2018.09 or 2018-09-01
            12:00 -> 年份应为 1900–2100 之间的四位数，请写成如 2026-09-01 / the year must have four digits, from 1900 to 2100; write for example 2026-09-01
            2018.+9 -> 看不懂的年月，请写成如 2018.09 或 2018-09-01 / not a month or a date; write for example 2018.09 or 2018-09-01
        "#]],
    );
    says(
        date,
        &all(&["2018.09"]),
        expect![[r#"
        2018.09 -> 缺少日，请写成如 2018-09-01 / the day is missing; write for example 2018-09-01
    "#]],
    );
}

#[test]
fn a_clock_time_is_read_however_it_is_written() {
    let half_past_eight = NaiveTime::from_hms_opt(8, 30, 0);
    for raw in ["08:30", "8：30", "8:30:00", "0830", "8点30分", "8点半", "上午8:30", "８：３０", "8.30"]
    {
        assert_eq!(time(&typed(raw)).ok(), half_past_eight, "{raw}");
    }
    assert_eq!(time(&typed("下午2点30")).ok(), NaiveTime::from_hms_opt(14, 30, 0));
    assert_eq!(time(&Cell::Moment(8.5 / 24.0)).ok(), half_past_eight);
    assert_eq!(time(&Cell::Number(8.5 / 24.0)).ok(), half_past_eight);
    assert_eq!(time(&Cell::Moment(46_266.0 + 8.5 / 24.0)).ok(), half_past_eight);
    says(
        time,
        &[typed("25:00"), typed("8"), Cell::Number(8.3), typed("早读")],
        expect![[r#"
        25:00 -> 应为 00:00–23:59 的时间，请写成如 08:30 / a time from 00:00 to 23:59 is wanted; write for example 08:30
        8 -> 应为 00:00–23:59 的时间，请写成如 08:30 / a time from 00:00 to 23:59 is wanted; write for example 08:30
        8.3 -> 应为 00:00–23:59 的时间，请写成如 08:30 / a time from 00:00 to 23:59 is wanted; write for example 08:30
        早读 -> 应为 00:00–23:59 的时间，请写成如 08:30 / a time from 00:00 to 23:59 is wanted; write for example 08:30
    "#]],
    );
}

#[test]
fn a_weekday_is_read_however_it_is_written() {
    for raw in ["一", "周一", "星期一", "礼拜一", "1", "１", " 星 期 一 "] {
        assert_eq!(weekday(&typed(raw)).ok(), Some(Weekday::Mon), "{raw}");
    }
    for raw in ["日", "天", "周日", "星期天", "7"] {
        assert_eq!(weekday(&typed(raw)).ok(), Some(Weekday::Sun), "{raw}");
    }
    assert_eq!(weekday(&Cell::Number(3.0)).ok(), Some(Weekday::Wed));
    says(
        weekday,
        &all(&["八", "0", "8", "周"]),
        expect![[r#"
        八 -> 应为星期几，请写 一、二、三、四、五、六、日 之一 / a weekday is wanted; write one of 一 二 三 四 五 六 日
        0 -> 应为星期几，请写 一、二、三、四、五、六、日 之一 / a weekday is wanted; write one of 一 二 三 四 五 六 日
        8 -> 应为星期几，请写 一、二、三、四、五、六、日 之一 / a weekday is wanted; write one of 一 二 三 四 五 六 日
        周 -> 应为星期几，请写 一、二、三、四、五、六、日 之一 / a weekday is wanted; write one of 一 二 三 四 五 六 日
    "#]],
    );
    says(
        weekdays,
        &all(&["五", "周三、周五", "三五", "5,3,3", "1-5", "、"]),
        expect![[r#"
        五 -> [Fri]
        周三、周五 -> [Wed, Fri]
        三五 -> [Wed, Fri]
        5,3,3 -> [Wed, Fri]
        1-5 -> 应为星期几，请写 一、二、三、四、五、六、日 之一 / a weekday is wanted; write one of 一 二 三 四 五 六 日
        、 -> 应为星期几，请写 一、二、三、四、五、六、日 之一 / a weekday is wanted; write one of 一 二 三 四 五 六 日
    "#]],
    );
}

#[test]
fn periods_may_be_one_several_or_a_range() {
    says(
        periods,
        &[
            Cell::Number(3.0),
            typed("第3节"),
            typed("1-2"),
            typed("１～２"),
            typed("1、2"),
            typed("第一至二节"),
            typed("1,3-4"),
            typed("0"),
            typed("4-2"),
            typed("16"),
            typed("早读"),
            Cell::Moment(46_024.0),
        ],
        expect![[r#"
            3 -> [3]
            第3节 -> [3]
            1-2 -> [1, 2]
            1～2 -> [1, 2]
            1、2 -> [1, 2]
            第一至二节 -> [1, 2]
            1,3-4 -> [1, 3, 4]
            0 -> 应为 1–15 的节次，请写成如 3 或 1-2 / periods from 1 to 15 are wanted; write for example 3 or 1-2
            4-2 -> 应为 1–15 的节次，请写成如 3 或 1-2 / periods from 1 to 15 are wanted; write for example 3 or 1-2
            16 -> 应为 1–15 的节次，请写成如 3 或 1-2 / periods from 1 to 15 are wanted; write for example 3 or 1-2
            早读 -> 应为 1–15 的节次，请写成如 3 或 1-2 / periods from 1 to 15 are wanted; write for example 3 or 1-2
            2026-01-02 -> Excel 把节次变成了日期，请把单元格格式设为“文本”后写成如 1-2 / Excel turned the periods into a date; format the cell as text and write for example 1-2
        "#]],
    );
}

#[test]
fn odd_and_even_weeks() {
    says(
        weeks,
        &all(&["单", "单周", "双", "双周", "每周", "隔周"]),
        expect![[r#"
        单 -> Odd
        单周 -> Odd
        双 -> Even
        双周 -> Even
        每周 -> Every
        隔周 -> 应为“单”或“双”，每周都上则不填 / write 单 (odd) or 双 (even); leave it empty for every week
    "#]],
    );
    assert!(Weeks::Every.meets(Weeks::Odd) && !Weeks::Odd.meets(Weeks::Even));
}

#[test]
fn a_research_day_is_half_a_day() {
    says(
        research_day,
        &all(&["星期四下午", "周三", "单周周二上午", "下午"]),
        expect![[r#"
        星期四下午 -> ResearchDay { weeks: Every, weekday: Thu, half: Some(Afternoon) }
        周三 -> ResearchDay { weeks: Every, weekday: Wed, half: None }
        单周周二上午 -> ResearchDay { weeks: Odd, weekday: Tue, half: Some(Morning) }
        下午 -> 应为固定的半天，请写成如 星期四下午 / a fixed half-day is wanted; write for example 星期四下午
    "#]],
    );
}

#[test]
fn numbers_come_with_separators_and_counters() {
    says(
        whole,
        &[
            Cell::Number(60.0),
            typed("１，０７０"),
            typed("1,070"),
            typed("50人"),
            typed("-2"),
            typed("1.5"),
            typed("十二"),
            typed("1,07"),
            typed("1e9"),
            typed("nan"),
            Cell::Moment(46_024.0),
        ],
        expect![[r#"
            60 -> 60
            1，070 -> 1070
            1,070 -> 1070
            50人 -> 50
            -2 -> -2
            1.5 -> 应为整数，请写成如 12 / a whole number is wanted; write for example 12
            十二 -> 应为整数，请写成如 12 / a whole number is wanted; write for example 12
            1,07 -> 应为整数，请写成如 12 / a whole number is wanted; write for example 12
            1e9 -> 应为整数，请写成如 12 / a whole number is wanted; write for example 12
            nan -> 应为整数，请写成如 12 / a whole number is wanted; write for example 12
            2026-01-02 -> 应为整数，请写成如 12 / a whole number is wanted; write for example 12
        "#]],
    );
    says(
        decimal_in(3.0, 54.0),
        &[typed("24.68705"), Cell::Number(112.3), typed("24..6")],
        expect![[r#"
        24.68705 -> 24.68705
        112.3 -> 应在 3 到 54 之间，请核对 / must be from 3 to 54; check it
        24..6 -> 应为数字，请写成如 4.5 / a number is wanted; write for example 4.5
    "#]],
    );
    says(
        minutes,
        &all(&["40", "40分钟", "2小时", "1.5小时", "1小时30分", "半天", "小时"]),
        expect![[r#"
        40 -> 40
        40分钟 -> 40
        2小时 -> 120
        1.5小时 -> 90
        1小时30分 -> 90
        半天 -> 应为分钟数，请写成如 40 / a number of minutes is wanted; write for example 40
        小时 -> 应为分钟数，请写成如 40 / a number of minutes is wanted; write for example 40
    "#]],
    );
    says(
        years,
        &all(&["6年", "三年", "2", "两年", "2届（6年）"]),
        expect![[r#"
        6年 -> 6
        三年 -> 3
        2 -> 2
        两年 -> 2
        2届（6年） -> 应为年数，请写成如 3年 / a number of years is wanted; write for example 3年
    "#]],
    );
}

#[test]
fn a_share_keeps_numerator_and_denominator() {
    says(
        share,
        &[
            typed("≥10%"),
            typed("１０％"),
            typed("33.3%"),
            typed("1/3"),
            typed("不低于20%"),
            typed("20"),
            Cell::Number(0.1),
            Cell::Number(15.0),
            typed("1/0"),
            typed("120%"),
            typed("三成"),
        ],
        expect![[r#"
            ≥10% -> Share { numerator: 10, denominator: 100 }
            10% -> Share { numerator: 10, denominator: 100 }
            33.3% -> Share { numerator: 333, denominator: 1000 }
            1/3 -> Share { numerator: 1, denominator: 3 }
            不低于20% -> Share { numerator: 20, denominator: 100 }
            20 -> Share { numerator: 20, denominator: 100 }
            0.1 -> Share { numerator: 10, denominator: 100 }
            15 -> Share { numerator: 15, denominator: 100 }
            1/0 -> 应为比例，请写成如 10% 或 1/3 / a share is wanted; write for example 10% or 1/3
            120% -> 应为比例，请写成如 10% 或 1/3 / a share is wanted; write for example 10% or 1/3
            三成 -> 应为比例，请写成如 10% 或 1/3 / a share is wanted; write for example 10% or 1/3
        "#]],
    );
}

#[test]
fn lists_are_separated_in_many_ways() {
    let typed = Cell::from_text("录播、多媒体，录播 ；话筒;\n白 板,", Kind::List);
    assert_eq!(list(&typed).ok(), Some(["录播", "多媒体", "话筒", "白板"].map(String::from).to_vec()));
}

#[test]
fn a_mail_address_is_checked_lightly() {
    says(
        email,
        &all(&[
            "LC00001@Example.com",
            "ｌｃ＠example．com",
            "mailto:a@b.cn",
            "无",
            "a@b",
            "a b@c.cn",
            "张三@example.com",
            "a@b.cn；c@d.cn",
            "a@@b.cn",
        ]),
        expect![[r#"
            LC00001@Example.com -> "lc00001@example.com"
            lc@example.com -> "lc@example.com"
            mailto:a@b.cn -> "a@b.cn"
            无 -> 不是有效的邮箱，请写成如 name@example.com / not a mail address; write for example name@example.com
            a@b -> 不是有效的邮箱，请写成如 name@example.com / not a mail address; write for example name@example.com
            a b@c.cn -> 不是有效的邮箱，请写成如 name@example.com / not a mail address; write for example name@example.com
            张三@example.com -> 不是有效的邮箱，请写成如 name@example.com / not a mail address; write for example name@example.com
            a@b.cn；c@d.cn -> 只能填一个邮箱，请保留常用的一个 / only one address; keep the usual one
            a@@b.cn -> 不是有效的邮箱，请写成如 name@example.com / not a mail address; write for example name@example.com
        "#]],
    );
}

#[test]
fn yes_and_no() {
    says(
        yes_no,
        &[typed("是"), typed("√"), Cell::Bool(false), Cell::Number(1.0), typed("也许")],
        expect![[r#"
        是 -> true
        √ -> true
        FALSE -> false
        1 -> true
        也许 -> 请填“是”或“否” / write 是 (yes) or 否 (no)
    "#]],
    );
}

#[test]
fn a_name_that_excel_made_a_date_is_refused() {
    says(
        name,
        &[Cell::Number(7.0), Cell::Moment(46_024.0), Cell::Moment(0.5)],
        expect![[r#"
        7 -> "7"
        2026-01-02 -> Excel 把这里变成了日期，请把单元格格式设为“文本”后重新填写 / Excel turned this into a date; format the cell as text and type it again
        12:00 -> Excel 把这里变成了日期，请把单元格格式设为“文本”后重新填写 / Excel turned this into a date; format the cell as text and type it again
    "#]],
    );
}
