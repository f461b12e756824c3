//! Tables and progress on a terminal; quiet in a pipe.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use comfy_table::{CellAlignment, ContentArrangement, Table, TableComponent, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use session_planner::Progress;

use crate::error::{Result, UserError};
use crate::plans::Watch;

/// An empty table with `headings`, as wide as the terminal.
pub fn table<T: Into<comfy_table::Row>>(headings: T) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(headings);
    table.set_style(TableComponent::HeaderLines, '─');
    table.set_style(TableComponent::MiddleHeaderIntersections, '─');
    // Some terminals report no width.
    if std::io::stdout().is_terminal() && table.width().is_some_and(|width| width > 0) {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table
}

/// Numbers stand at the right from a column on.
pub fn align_right(table: &mut Table, from: usize) {
    for column in table.column_iter_mut().skip(from) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// Prints a value as JSON.
pub fn json(value: &serde_json::Value) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value)?;
    writeln!(out)?;
    Ok(())
}

/// Asks for a yes. Without a terminal the answer must come as an option.
///
/// # Errors
/// `Rejected` when there is nobody to ask.
pub fn confirm(question: &str) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        let error = UserError::new(
            "CONFIRMATION_NEEDED",
            "这里无法询问确认：确定要执行请加上 --yes",
            "nobody can be asked here: add --yes if you are sure",
        );
        return Err(error.into());
    }
    print!("{question} [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes" | "是" | "好"))
}

/// A line that shows a search at work; hidden when standard error is no terminal.
pub struct Searching {
    bar: ProgressBar,
}

impl Searching {
    /// Shows a search of `seconds`.
    pub fn new(seconds: u32) -> Self {
        let bar = ProgressBar::new_spinner();
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template("{spinner} 排期中 {elapsed}/{prefix}秒  {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(seconds.to_string());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
    }

    /// Shows each progress; never stops the search.
    pub fn watch(&self) -> Watch {
        let bar = self.bar.clone();
        Arc::new(move |progress: &Progress| {
            bar.set_message(format!(
                "已排{}/{}  硬性{} 中级{} 软性{}  {}步",
                progress.placed,
                progress.total,
                progress.best.hard,
                progress.best.medium,
                progress.best.soft,
                progress.steps
            ));
            ControlFlow::Continue(())
        })
    }

    /// Takes the line away.
    pub fn done(self) {
        self.bar.finish_and_clear();
    }
}
