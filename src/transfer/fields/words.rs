//! Names, free text, lists, yes and no, mail addresses.

use std::str::FromStr;

use super::{FieldFault, Parsed};
use crate::transfer::table::Cell;
use crate::transfer::text;

/// A name or number on one line.
///
/// A real date is refused: Excel makes dates of `1-2` and the like, and the name is gone.
pub fn name(cell: &Cell) -> Parsed<String> {
    match cell {
        Cell::Moment(_) => Err(FieldFault::new(
            "Excel 把这里变成了日期，请把单元格格式设为“文本”后重新填写",
            "Excel turned this into a date; format the cell as text and type it again",
        )),
        other => Ok(text::name(&other.text())),
    }
}

/// Free text.
pub fn prose(cell: &Cell) -> Parsed<String> {
    Ok(cell.text().into_owned())
}

/// Names separated by 、，,；; or by lines; empty ones go, repeated ones stay once.
pub fn list(cell: &Cell) -> Parsed<Vec<String>> {
    let mut items: Vec<String> = Vec::new();
    for item in split(&name_lines(cell)?) {
        if !items.iter().any(|known| known == item) {
            items.push(item.to_owned());
        }
    }
    Ok(items)
}

/// The parts of a list, without empty ones.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', '，', ',', '；', ';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// The cell's text with each line as a name.
fn name_lines(cell: &Cell) -> Parsed<String> {
    match cell {
        Cell::Moment(_) => name(cell),
        other => Ok(other.text().lines().map(text::name).collect::<Vec<_>>().join("\n")),
    }
}

/// 是 or 否, in the ways people tick a box.
pub fn yes_no(cell: &Cell) -> Parsed<bool> {
    let text = text::name(&cell.text()).to_lowercase();
    match text.as_str() {
        "是" | "有" | "对" | "√" | "✓" | "✔" | "y" | "yes" | "true" | "1" => Ok(true),
        "否" | "无" | "没有" | "不是" | "×" | "✗" | "✘" | "x" | "n" | "no" | "false" | "0" => {
            Ok(false)
        }
        _ => Err(FieldFault::new("请填“是”或“否”", "write 是 (yes) or 否 (no)")),
    }
}

/// One mail address.
pub fn email(cell: &Cell) -> Parsed<String> {
    let text = text::name(&cell.text());
    let address = text.strip_prefix("mailto:").unwrap_or(&text);
    if split(address).count() > 1 {
        return Err(FieldFault::new(
            "只能填一个邮箱，请保留常用的一个",
            "only one address; keep the usual one",
        ));
    }
    let (_, domain) = address.rsplit_once('@').ok_or_else(bad_email)?;
    let named = domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty());
    // Addresses with Chinese letters exist, but the servers people use here do not take them.
    if !named || !address.is_ascii() || lettre::Address::from_str(address).is_err() {
        return Err(bad_email());
    }
    Ok(address.to_lowercase())
}

fn bad_email() -> FieldFault {
    FieldFault::new(
        "不是有效的邮箱，请写成如 name@example.com",
        "not a mail address; write for example name@example.com",
    )
}
