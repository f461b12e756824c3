//! The papers of a round, as offices keep them: 学科余缺汇总表, 个人申请表, 岗位统计表, 花名册, 支教（挂职）教师信息反馈表.
//!
//! Only what they say; how they look as a workbook is written elsewhere.

mod book;
mod forms;
mod moves;
mod posts;
mod staffing;

use async_graphql::Enum;

use crate::entity::rotation_round;
use crate::error::Result;
use crate::scope::Scope;
use book::Book;

/// Which paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "RotationPaperKind")]
pub enum PaperKind {
    /// 学科余缺汇总表: needed and present, per school, stage and subject, and per subject.
    Staffing,
    /// 个人申请表: one for each application that was handed in.
    Applications,
    /// 岗位统计表: posts that are open, who wishes for them, who was placed.
    Posts,
    /// 花名册: everybody who moves.
    NameList,
    /// 支教（挂职）教师信息反馈表: what the receiving schools say of those who serve there.
    Feedback,
}

impl PaperKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Staffing, Self::Applications, Self::Posts, Self::NameList, Self::Feedback];

    /// The name of the paper.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Staffing => "学科余缺汇总表",
            Self::Applications => "个人申请表",
            Self::Posts => "岗位统计表",
            Self::NameList => "花名册",
            Self::Feedback => "支教（挂职）教师信息反馈表",
        }
    }

    /// The paper with this name.
    pub fn from_zh(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.zh() == word)
    }
}

/// A paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// Which.
    pub kind: PaperKind,
    /// Its tables; a paper of forms has none.
    pub tables: Vec<Table>,
    /// Its forms, one for each person.
    pub forms: Vec<Form>,
}

impl Paper {
    /// Rows or forms that are filled in: whether there is anything to print.
    pub fn entries(&self) -> usize {
        self.forms.len() + self.tables.first().map_or(0, |table| table.rows.len())
    }
}

/// A table of a paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Short name, e.g. of its sheet.
    pub name: String,
    /// Heading.
    pub title: String,
    /// Columns.
    pub columns: &'static [Column],
    /// Rows, in the order of printing.
    pub rows: Vec<Vec<Cell>>,
    /// The last row of sums; none where nothing is added up.
    pub sums: Option<Vec<Cell>>,
    /// What stands below the table.
    pub notes: Vec<String>,
    /// How many lines a row has at least: room to write by hand.
    pub least_lines: u32,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Heading.
    pub heading: &'static str,
    /// Width, in characters.
    pub width: f64,
}

const fn column(heading: &'static str, width: f64) -> Column {
    Column { heading, width }
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words; nothing when empty.
    Text(String),
    /// A number.
    Number(f64),
}

impl Cell {
    /// A cell to be filled in by hand, or with nothing to say.
    pub fn empty() -> Self {
        Self::Text(String::new())
    }

    /// A count.
    pub fn count(count: usize) -> Self {
        Self::Number(count as f64)
    }

    /// As people read it.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// A number; nothing where there is none, so that the others are seen.
fn some(n: i32) -> Cell {
    if n == 0 { Cell::empty() } else { Cell::Number(f64::from(n)) }
}

/// A form for one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Staff number and name.
    pub name: String,
    /// Heading.
    pub title: String,
    /// What it asks, in order.
    pub fields: Vec<Field>,
    /// What stands below it.
    pub notes: Vec<String>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it asks.
    pub label: &'static str,
    /// What is filled in.
    pub value: String,
    /// Lines that it takes across the page; 0: half a line, beside another.
    pub lines: u32,
}

/// A paper of a round, from what is stored now.
///
/// # Errors
/// What the database says.
pub async fn paper(scope: &Scope, round: &rotation_round::Model, kind: PaperKind) -> Result<Paper> {
    let book = Book::load(scope, round).await?;
    let mut paper = Paper { kind, tables: Vec::new(), forms: Vec::new() };
    match kind {
        PaperKind::Staffing => paper.tables = staffing::tables(&book),
        PaperKind::Applications => paper.forms = forms::forms(&book),
        PaperKind::Posts => paper.tables = vec![posts::table(&book)],
        PaperKind::NameList => paper.tables = vec![moves::name_list(&book)],
        PaperKind::Feedback => paper.tables = vec![moves::feedback(&book)],
    }
    Ok(paper)
}
