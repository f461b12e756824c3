//! The one description of the seventeen sheets, used by reader, checks, template and fault workbook alike.

mod groups;
mod people;
mod research;
mod rotation;
mod schools;
mod timetable;

use super::text;

/// A sheet of the workbook.
#[derive(Debug)]
pub struct Sheet {
    /// Its Chinese name.
    pub name: &'static str,
    /// Other names it goes by.
    pub aliases: &'static [&'static str],
    /// What it holds, for the template.
    pub about: &'static str,
    /// Its columns, in the template's order.
    pub columns: &'static [Column],
    /// Columns whose values together may occur once.
    pub keys: &'static [&'static [&'static str]],
}

/// A column of a sheet.
#[derive(Debug)]
pub struct Column {
    /// Its canonical heading.
    pub heading: &'static str,
    /// Other headings it goes by.
    pub aliases: &'static [&'static str],
    /// Whether the heading must be there and every row must have a value.
    pub required: bool,
    /// What its cells hold.
    pub kind: Kind,
    /// What to fill in, for the template.
    pub about: &'static str,
    /// A value as it should look.
    pub example: &'static str,
    /// The values that are known.
    pub choices: Choices,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A name or number on one line.
    Name,
    /// Free text.
    Prose,
    /// Names separated by 、.
    List,
    /// A whole number within limits.
    Whole(i64, i64),
    /// A number within limits.
    Decimal(f64, f64),
    /// A length in minutes within limits.
    Minutes(u32, u32),
    /// A length in years within limits.
    Years(u32, u32),
    /// A date to the day.
    Date,
    /// A date to the month or to the day.
    Month,
    /// A clock time.
    Time,
    /// A day of the week.
    Weekday,
    /// Days of the week.
    Weekdays,
    /// Periods of a day.
    Periods,
    /// 单周, 双周 or every week.
    Weeks,
    /// A weekday's half day, such as 星期四下午.
    ResearchDay,
    /// A mail address.
    Email,
}

/// The values a column knows.
#[derive(Debug, Clone, Copy)]
pub enum Choices {
    /// Anything.
    Any,
    /// These are offered; others are accepted.
    Suggested(&'static [Choice]),
    /// Nothing but these.
    Only(&'static [Choice]),
}

/// A known value and the ways people write it.
#[derive(Debug, Clone, Copy)]
pub struct Choice(pub &'static str, pub &'static [&'static str]);

impl Choices {
    /// The known values.
    pub fn all(self) -> &'static [Choice] {
        match self {
            Self::Any => &[],
            Self::Suggested(choices) | Self::Only(choices) => choices,
        }
    }

    /// The canonical spelling of a value.
    pub fn find(self, value: &str) -> Option<&'static str> {
        let matches = |choice: &&Choice| choice.0 == value || choice.1.contains(&value);
        self.all().iter().find(matches).map(|choice| choice.0)
    }

    /// Whether other values are refused.
    pub fn closed(self) -> bool {
        matches!(self, Self::Only(_))
    }

    /// The known values, separated by 、.
    pub fn listed(self) -> String {
        self.all().iter().map(|choice| choice.0).collect::<Vec<_>>().join("、")
    }
}

/// An optional column of free choice.
const fn column(heading: &'static str, kind: Kind, about: &'static str, example: &'static str) -> Column {
    Column { heading, aliases: &[], required: false, kind, about, example, choices: Choices::Any }
}

impl Column {
    const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn only(mut self, choices: &'static [Choice]) -> Self {
        self.choices = Choices::Only(choices);
        self
    }

    const fn suggested(mut self, choices: &'static [Choice]) -> Self {
        self.choices = Choices::Suggested(choices);
        self
    }

    /// Whether a heading, as [`text::key`] gives it, is this column's own.
    pub fn is_named(&self, key: &str) -> bool {
        text::key(self.heading) == key
    }

    /// Whether a heading, as [`text::key`] gives it, is another name of this column.
    pub fn is_also_named(&self, key: &str) -> bool {
        self.aliases.iter().any(|alias| text::key(alias) == key)
    }
}

impl Sheet {
    /// The column with this canonical heading.
    pub fn column(&self, heading: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.heading == heading)
    }

    /// The column that a heading in a workbook means: by its own name before any other name.
    pub fn column_named(&self, heading: &str) -> Option<&'static Column> {
        let key = text::key(heading);
        let own = self.columns.iter().find(|column| column.is_named(&key));
        own.or_else(|| self.columns.iter().find(|column| column.is_also_named(&key)))
    }
}

/// The seventeen sheets, in the order of the workbook: what others refer to comes first.
pub static SHEETS: [&Sheet; 17] = [
    &schools::SCHOOLS,
    &groups::GROUPS,
    &people::TEACHERS,
    &people::RESEARCHERS,
    &groups::COORDINATORS,
    &groups::INSPECTORS,
    &people::STUDIOS,
    &timetable::BELLS,
    &timetable::LESSONS,
    &people::ITINERANTS,
    &schools::ROOMS,
    &schools::TRAVEL,
    &timetable::CALENDAR,
    &research::PROGRAMMES,
    &rotation::STAFFING,
    &rotation::WISHES,
    &rotation::POLICY,
];

/// Sheets that tongpan writes for people and does not read.
pub const UNREAD: [&str; 2] = [INSTRUCTIONS, SUMMARY];

/// The template's first sheet.
pub const INSTRUCTIONS: &str = "填写说明";

/// The fault workbook's first sheet.
pub const SUMMARY: &str = "问题汇总";

/// The fault workbook's column of messages.
pub const PROBLEM: &str = "问题";

/// The fault workbook's column of row numbers.
pub const ORIGINAL_ROW: &str = "原行号";

/// The sheet with this canonical name.
pub fn sheet(name: &str) -> Option<&'static Sheet> {
    SHEETS.into_iter().find(|sheet| sheet.name == name)
}

/// A sheet's place among the seventeen; those that are none come last.
pub fn place(name: &str) -> usize {
    SHEETS.iter().position(|sheet| sheet.name == name).unwrap_or(SHEETS.len())
}

/// A column's place in its sheet.
pub fn column_place(name: &str, heading: &str) -> Option<usize> {
    sheet(name)?.columns.iter().position(|column| column.heading == heading)
}

/// The sheet that a name in a workbook means.
pub fn sheet_named(name: &str) -> Option<&'static Sheet> {
    let key = text::key(name);
    // Offices like to add 表 to the name of any sheet.
    keyed(&key).or_else(|| keyed(key.strip_suffix('表')?))
}

fn keyed(key: &str) -> Option<&'static Sheet> {
    let own = SHEETS.into_iter().find(|sheet| text::key(sheet.name) == key);
    let also = |sheet: &&'static Sheet| sheet.aliases.iter().any(|alias| text::key(alias) == key);
    own.or_else(|| SHEETS.into_iter().find(also))
}

/// 学段: the stages of schooling.
const STAGES: &[Choice] = &[
    Choice("幼儿园", &["学前", "幼儿", "学前教育"]),
    Choice("小学", &["小学部"]),
    Choice("初中", &["初中部", "初级中学"]),
    Choice("高中", &["高中部", "普通高中"]),
];

/// 学科 in schools and the five fields of kindergartens.
const SUBJECTS: &[Choice] = &[
    Choice("语文", &[]),
    Choice("数学", &[]),
    Choice("英语", &["外语"]),
    Choice("道德与法治", &["道法", "品德与社会", "思想品德"]),
    Choice("历史", &[]),
    Choice("地理", &[]),
    Choice("科学", &[]),
    Choice("物理", &[]),
    Choice("化学", &[]),
    Choice("生物学", &["生物"]),
    Choice("信息科技", &["信息技术", "信息"]),
    Choice("体育与健康", &["体育", "体育与保健"]),
    Choice("音乐", &[]),
    Choice("美术", &[]),
    Choice("劳动", &["劳动教育"]),
    Choice("综合实践活动", &["综合实践"]),
    Choice("心理健康", &["心理", "心理健康教育"]),
    Choice("健康", &[]),
    Choice("语言", &[]),
    Choice("社会", &[]),
    Choice("艺术", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_columns_of_a_sheet_share_a_name() {
        for sheet in SHEETS {
            let mut seen = HashSet::new();
            for column in sheet.columns {
                assert!(seen.insert(text::key(column.heading)), "{} {}", sheet.name, column.heading);
            }
            for alias in sheet.columns.iter().flat_map(|column| column.aliases) {
                assert!(seen.insert(text::key(alias)), "{} {alias}", sheet.name);
            }
        }
    }

    #[test]
    fn keys_name_columns() {
        for sheet in SHEETS {
            for heading in sheet.keys.iter().copied().flatten() {
                assert!(sheet.column(heading).is_some(), "{} {heading}", sheet.name);
            }
        }
    }

    #[test]
    fn no_two_sheets_share_a_name() {
        let mut seen = HashSet::new();
        for name in SHEETS.iter().flat_map(|sheet| sheet.aliases.iter().chain([&sheet.name])) {
            assert!(seen.insert(text::key(name)), "{name}");
        }
    }

    #[test]
    fn everything_is_explained() {
        for sheet in SHEETS {
            assert!(!sheet.about.is_empty(), "{}", sheet.name);
            for column in sheet.columns {
                assert!(!column.about.is_empty(), "{} {}", sheet.name, column.heading);
            }
        }
    }
}
