//! The empty workbook with its explanations.

use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Workbook, Worksheet, XlsxError};

use super::book::{Looks, note, width};
use super::sheets::{Choices, Column, INSTRUCTIONS, Kind, SHEETS, Sheet};

/// The last row with a drop-down list, from 0; a list down to the end of the sheet slows some programs.
const LAST_LISTED_ROW: u32 = 20_000;

/// How to fill in the workbook.
const RULES: [&str; 9] = [
    "1. 每张工作表的第一行是标题，请从第二行开始填写，每行一条；标题前可以加标题行，列的先后可以调整，也可以增加列（不导入）。",
    "2. 红色标题为必填列。没有的内容不填，不要写“无”“/”。",
    "3. 日期写成 2026-09-01；只到月的写成 2018.09。时间写成 08:30。",
    "4. 学校、集团、工号等在各表中须写法一致；全角半角、括号、空格的差别会自动统一。",
    "5. 一格填多项时用顿号（、）分开。",
    "6. 不用的工作表可以留空或删去，不会删除系统中已有的数据。",
    "7. 先用“tongpan import 文件.xlsx --dry-run”检查；有问题的行会连同原因写入一份新的工作簿，改正后可直接导入。",
    "8. 请勿填写电话号码、身份证号等本表没有要求的个人信息。",
    "9. 下面逐表说明各列，最右一列是示例。",
];

/// The empty workbook as bytes: 填写说明, then the seventeen sheets.
pub fn write() -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut workbook = Workbook::new();
    write_instructions(workbook.add_worksheet(), &looks)?;
    for sheet in SHEETS {
        write_sheet(workbook.add_worksheet(), sheet, &looks)?;
    }
    workbook.save_to_buffer()
}

fn write_instructions(page: &mut Worksheet, looks: &Looks) -> Result<(), XlsxError> {
    page.set_name(INSTRUCTIONS)?;
    for (at, width) in [(0, 16), (1, 18), (2, 8), (3, 40), (4, 60), (5, 28)] {
        page.set_column_width(at, width)?;
    }
    page.write_with_format(0, 0, "填写说明", &looks.title)?;
    let mut at = 1;
    for rule in RULES {
        page.write_string(at, 0, rule)?;
        at += 1;
    }
    at += 1;
    for (column, heading) in (0_u16..).zip(["工作表", "列", "必填", "说明", "可填的内容", "示例"])
    {
        page.write_with_format(at, column, heading, looks.heading(false))?;
    }
    for sheet in SHEETS {
        page.write_with_format(at + 1, 0, sheet.name, &looks.title)?;
        page.write_string(at + 1, 1, sheet.about)?;
        at += 2;
        for column in sheet.columns {
            write_column_line(page, at, sheet, column, looks)?;
            at += 1;
        }
    }
    Ok(())
}

fn write_column_line(
    page: &mut Worksheet,
    at: u32,
    sheet: &Sheet,
    column: &Column,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let required = if column.required { "必填" } else { "" };
    let cells = [sheet.name, column.heading, required, column.about, &allowed(column), column.example];
    for (place, text) in (0_u16..).zip(cells) {
        page.write_string_with_format(at, place, text, &looks.wrapped)?;
    }
    Ok(())
}

/// What may be written in a column, in words.
fn allowed(column: &Column) -> String {
    match column.choices {
        Choices::Only(_) => format!("只能填：{}", column.choices.listed()),
        Choices::Suggested(_) => format!("如：{}", column.choices.listed()),
        Choices::Any => kind_in_words(column.kind),
    }
}

fn kind_in_words(kind: Kind) -> String {
    match kind {
        Kind::Name | Kind::Prose => String::new(),
        Kind::List => "多项用顿号分开".to_owned(),
        Kind::Whole(least, most) => format!("{least} 到 {most} 的整数"),
        Kind::Decimal(least, most) => format!("{least} 到 {most} 的数"),
        Kind::Minutes(least, most) => format!("分钟数，{least} 到 {most}"),
        Kind::Years(least, most) => format!("年数，{least} 到 {most}"),
        Kind::Date => "日期，如 2026-09-01".to_owned(),
        Kind::Month => "年月，如 2018.09；也可写到日".to_owned(),
        Kind::Time => "时间，如 08:30".to_owned(),
        Kind::Weekday => "一、二、三、四、五、六、日".to_owned(),
        Kind::Weekdays => "一、二、三、四、五、六、日，多天用顿号分开".to_owned(),
        Kind::Periods => "节次，如 3 或 1-2".to_owned(),
        Kind::Weeks => "单、双，或不填".to_owned(),
        Kind::ResearchDay => "如 星期四下午".to_owned(),
        Kind::Email => "邮箱".to_owned(),
    }
}

fn write_sheet(page: &mut Worksheet, sheet: &Sheet, looks: &Looks) -> Result<(), XlsxError> {
    page.set_name(sheet.name)?;
    for (at, column) in (0_u16..).zip(sheet.columns) {
        page.set_column_width(at, width(column.heading).max(width(column.example)).clamp(8.0, 36.0) + 2.0)?;
        // As text, so that Excel leaves 2018.10 and 1-2 alone.
        if !is_number(column.kind) {
            page.set_column_format(at, looks.plain(""))?;
        }
        page.write_with_format(0, at, column.heading, looks.heading(column.required))?;
        page.insert_note(0, at, &note(&explanation(column)))?;
        if let Some(list) = drop_down(column)? {
            page.add_data_validation(1, at, LAST_LISTED_ROW, at, &list)?;
        }
    }
    page.set_freeze_panes(1, 0)?;
    Ok(())
}

fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Whole(..) | Kind::Decimal(..) | Kind::Minutes(..))
}

/// The note beside a heading.
fn explanation(column: &Column) -> String {
    let required = if column.required { "必填。" } else { "" };
    let mut lines = vec![format!("{required}{}", column.about)];
    lines.extend(Some(allowed(column)).filter(|allowed| !allowed.is_empty()));
    if !column.example.is_empty() {
        lines.push(format!("示例：{}", column.example));
    }
    lines.join("\n")
}

/// The drop-down list of a column with known values; a column of several values has none, a list offers but one.
fn drop_down(column: &Column) -> Result<Option<DataValidation>, XlsxError> {
    let values: Vec<&str> = column.choices.all().iter().map(|choice| choice.0).collect();
    if values.is_empty() || column.kind == Kind::List {
        return Ok(None);
    }
    let list = DataValidation::new().allow_list_strings(&values)?;
    if column.choices.closed() {
        return Ok(Some(list.set_error_title("不能这样填")?.set_error_message("请从列表中选择")?));
    }
    Ok(Some(list.set_error_style(DataValidationErrorStyle::Information).show_error_message(false)))
}
