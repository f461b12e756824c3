//! 轮岗政策: what an office writes for each rule, read into rules. A text that no rule expresses is refused with what may be written:
//! a condition that nobody counts would pass in silence.

mod items;
mod remarks;

#[cfg(test)]
mod tests;

use super::fields::FieldFault;
use super::sheets::Choice;
use super::table::Cell;
use super::text;
use crate::rotations::policy::Rule;
use items::{ITEMS, Item};
use remarks::Remarks;

/// What one row says.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Its rules; one row may say several.
    pub rules: Vec<Rule>,
    /// What it remarks beside them (备注：…).
    pub note: Option<String>,
}

/// Which cell of a row was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// 条目.
    Item,
    /// 数值.
    Value,
    /// 说明.
    Remark,
}

impl Place {
    /// The column's heading.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Item => "条目",
            Self::Value => "数值",
            Self::Remark => "说明",
        }
    }
}

/// Reads what a row says: 条目, 数值, 说明.
///
/// # Errors
/// The cell that no rule expresses, with the accepted forms.
pub fn said(item: &str, value: &Cell, remark: &str) -> Result<Said, (Place, FieldFault)> {
    let Some(item) = item_named(item) else { return Err((Place::Item, unknown_item())) };
    let mut remarks = Remarks::new(remark);
    let rules = (item.read)(value, &mut remarks).map_err(|place| (place, refusal(item, place)))?;
    if let Some(left) = remarks.left() {
        return Err((Place::Remark, left_over(item, left)));
    }
    Ok(Said { rules, note: remarks.note() })
}

fn item_named(name: &str) -> Option<&'static Item> {
    let name = text::name(name);
    let means = |item: &&Item| item.choice.0 == name || item.choice.1.contains(&name.as_str());
    ITEMS.iter().find(means)
}

fn unknown_item() -> FieldFault {
    let names = ITEMS.iter().map(|item| item.choice.0).collect::<Vec<_>>().join("、");
    FieldFault::new(
        format!("没有对应的规定，请改写或删去；条目可写：{names}"),
        format!("no rule expresses this, and it cannot be passed over; write one of: {names}"),
    )
}

fn refusal(item: &Item, place: Place) -> FieldFault {
    let form = if place == Place::Remark { item.remarks } else { item.values };
    FieldFault::new(
        format!("没有规定能表达这个写法；“{}”的{}可写：{form}", item.choice.0, place.heading()),
        format!("no rule expresses this; for {} write: {form}", item.choice.0),
    )
}

fn left_over(item: &Item, left: &str) -> FieldFault {
    let shown = text::shorten(left);
    FieldFault::new(
        format!(
            "“{shown}”没有规定能表达；“{}”的说明可写：{}；只作说明、不作规定的，请写成“备注：……”",
            item.choice.0, item.remarks
        ),
        format!(
            "no rule expresses “{shown}”; for {} write: {}; what is a remark and no rule begins with 备注：",
            item.choice.0, item.remarks
        ),
    )
}

/// The names of rules and what each may say, for the template and its lists.
pub const fn choices() -> &'static [Choice] {
    items::CHOICES
}
