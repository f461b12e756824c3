//! Certificates of service as a workbook: one page upright for each person, to print, sign and stamp.

use std::collections::HashSet;

use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::export::{LINE, cell_format, fit_height, printed_width};
use super::papers::{across, note_line, sheet_name, text_cell, upright};
use crate::calendar::days::{date_zh, weekdays_zh};
use crate::entity::values::{AssessmentResult, DutyKind, Sex, Title};
use crate::rotations::certificates::{Certificate, RULE, Spell};

const HEADINGS: [&str; 8] =
    ["序号", "派出学校", "任教学校（城乡）", "形式", "起止日期", "时长", "任教学科、担任职务", "期满考核"];
const WIDTHS: [f64; 8] = [5.0, 14.0, 16.0, 9.0, 14.0, 10.0, 14.0, 8.0];
const LAST: u16 = 7;

/// Certificates as .xlsx.
///
/// # Errors
/// What the writer says.
pub fn workbook(certificates: &[Certificate]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let mut names = HashSet::new();
    for certificate in certificates {
        let sheet = workbook.add_worksheet();
        let teacher = &certificate.teacher;
        sheet.set_name(sheet_name(&format!("{} {}", teacher.number, teacher.name), &mut names))?;
        page(sheet, certificate)?;
    }
    workbook.save_to_buffer()
}

fn page(sheet: &mut Worksheet, certificate: &Certificate) -> Result<(), XlsxError> {
    upright(sheet, &WIDTHS)?;
    let title = Format::new().set_bold().set_font_size(20).set_align(FormatAlign::Center);
    across(sheet, 0, LAST, "教师交流任教服务证明", &title)?;
    sheet.set_row_height(0, 36.0)?;
    let right = Format::new().set_align(FormatAlign::Right);
    across(sheet, 1, LAST, &format!("编号：{}", certificate.number), &right)?;
    let body = Format::new().set_font_size(12).set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let statement = statement(certificate);
    across(sheet, 2, LAST, &statement, &body)?;
    let width: f64 = WIDTHS.iter().sum();
    sheet.set_row_height(2, (printed_width(&statement) * 1.1 / width).ceil() * 1.4 * LINE + 12.0)?;
    let heading = cell_format().set_bold().set_align(FormatAlign::Center).set_background_color("#E8EEF4");
    for (column, name) in (0_u16..).zip(HEADINGS) {
        text_cell(sheet, 3, column, name, &heading)?;
    }
    sheet.set_row_height(3, 2.0 * LINE + 3.0)?;
    let mut line = 4;
    for (at, spell) in certificate.spells.iter().enumerate() {
        let cells = cells(at + 1, spell);
        let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
        fit_height(sheet, line, &texts, &WIDTHS, 2.0)?;
        for (column, text) in (0_u16..).zip(texts) {
            text_cell(sheet, line, column, text, &cell_format())?;
        }
        line += 1;
    }
    let below = [
        format!("计算办法：{RULE}"),
        format!("核验：向教育局人事部门提供编号 {}，可核对本证明与登记是否一致。", certificate.number),
    ];
    for note in below {
        note_line(sheet, line, LAST, &note, width)?;
        line += 1;
    }
    signatures(sheet, line)
}

fn signatures(sheet: &mut Worksheet, line: u32) -> Result<(), XlsxError> {
    let format =
        Format::new().set_text_wrap().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let signer = |name: &str| format!("{name}\n\n\n　　　　年　　月　　日");
    sheet.merge_range(line, 0, line, 3, &signer("任教学校（盖章）"), &format)?;
    sheet.merge_range(line, 4, line, LAST, &signer("教育局人事部门（盖章）"), &format)?;
    sheet.set_row_height(line, 8.0 * LINE)?;
    Ok(())
}

/// The sentence that the stamp stands for.
fn statement(certificate: &Certificate) -> String {
    let teacher = &certificate.teacher;
    let about = [teacher.sex.map_or("", Sex::zh), teacher.title.map_or("", Title::zh)];
    let about: String =
        about.iter().filter(|word| !word.is_empty()).map(|word| format!("，{word}")).collect();
    let (town, rural) = (certificate.town.zh(), certificate.rural.zh());
    format!(
        "　　兹证明{}（工号{}{about}）截至{}，在编制学校以外的下列学校交流任教，全职任教合计{}，其中镇区学校{town}，乡村学校{rural}。",
        teacher.name,
        teacher.number,
        date_zh(certificate.counted_on),
        certificate.total.zh(),
    )
}

fn cells(number: usize, spell: &Spell) -> [String; 8] {
    let until = date_zh(spell.until_on);
    let until = if spell.ongoing { format!("{until}（仍在岗）") } else { until };
    let duty = spell.duty().map_or("", DutyKind::zh);
    let work: Vec<&str> =
        spell.taught.iter().map(String::as_str).chain([duty]).filter(|word| !word.is_empty()).collect();
    [
        number.to_string(),
        spell.home.clone().unwrap_or_default(),
        format!("{}（{}）", spell.school, spell.locale.zh()),
        form(spell),
        format!("{}至{until}", date_zh(spell.from_on())),
        if spell.is_full_time() { spell.length.zh() } else { "不计入合计".to_owned() },
        work.join("、"),
        spell.result.map_or("", AssessmentResult::zh).to_owned(),
    ]
}

fn form(spell: &Spell) -> String {
    let form = spell.form().zh();
    let days = spell.posting.weekdays.as_deref().map(weekdays_zh).unwrap_or_default();
    if days.is_empty() { form.to_owned() } else { format!("{form}（{days}）") }
}
