//! Commands about workbooks: import, export, template, demo.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::context::{Context, UNNAMED, find_plan, published};
use super::output;
use crate::calendar::ical;
use crate::error::{Error, Result, UserError};
use crate::plans::cover::{self, CoverFilter};
use crate::plans::standing::Which;
use crate::plans::term_table;
use crate::transfer::fault::{Fault, FaultKind};
use crate::transfer::import::{self, ImportOptions, ImportReport};
use crate::transfer::workbook::{self, Workbook};
use crate::transfer::{book, export, fault_book, template};
use crate::{demo, mail};

/// Faults printed; the fault workbook has them all.
const FAULTS_SHOWN: usize = 30;

/// 导入选项。
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// 工作簿（.xlsx）
    file: PathBuf,
    /// 只看会新增、修改什么，不写入
    #[arg(long)]
    dry_run: bool,
    /// 跳过有问题的行，写入其余的行
    #[arg(long)]
    skip_bad_rows: bool,
    /// 变动的课表从哪一天起算；默认为学期第一天
    #[arg(long, value_name = "日期")]
    from: Option<NaiveDate>,
    /// 库中已有别的区县时，以 --district 的名称新建一个区县
    #[arg(long)]
    new_district: bool,
    /// 课表按整班替换：表中有的班，没有列出的课到变动前一天为止；默认保留并提示
    #[arg(long)]
    whole_timetables: bool,
    /// 把有问题的行另存为这个工作簿；默认在原文件旁，名为“…-问题.xlsx”
    #[arg(long, value_name = "文件")]
    faults: Option<PathBuf>,
}

/// 导出选项。
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// 写到哪个文件：.xlsx 为安排表与调课单，.ics 为日历
    file: PathBuf,
    /// 方案编号或标识；默认导出已发布的安排
    #[arg(long)]
    plan: Option<String>,
    /// 只导出一个集团（仅用于已发布的安排）
    #[arg(long, conflicts_with = "plan")]
    group: Option<String>,
    /// 学期；默认为当前或下一学期
    #[arg(long)]
    term: Option<String>,
}

/// 一个文件。
#[derive(Debug, Args)]
pub struct FileArg {
    /// 写到哪个文件
    pub file: PathBuf,
}

/// 演示县选项。
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// 写到哪个文件（.xlsx）
    #[arg(long, value_name = "文件")]
    workbook: PathBuf,
    /// 随机种子
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Imports a workbook; ends with a failure when a bad row stopped it.
pub async fn import(context: &Context, args: ImportArgs) -> Result<ExitCode> {
    // Read before the database is touched: a file that cannot be read makes nothing.
    let (name, bytes) = workbook::read_file(&args.file).map_err(|fault| as_error(&fault))?;
    let workbook = Workbook::from_bytes(&name, &bytes).map_err(|fault| as_error(&fault))?;
    let scope = context.scope_or_new(args.new_district).await?;
    let options = ImportOptions {
        dry_run: args.dry_run,
        skip_bad_rows: args.skip_bad_rows,
        from: args.from,
        whole_timetables: args.whole_timetables,
        file_name: name,
        sha256: import::sha256(&bytes),
    };
    let report = import::import(&scope, &workbook, &options).await?;
    let stopped = !report.faults.is_empty() && !args.skip_bad_rows;
    if context.json() {
        output::json(&as_json(&report))?;
    } else {
        print_report(&report, &options, stopped);
        if scope.district.name == UNNAMED && report.committed {
            println!("提示：没有指定区县名称，暂记为“{UNNAMED}”；首次导入时可加 --district 名称。");
        }
    }
    if !report.faults.is_empty() {
        let path = args.faults.unwrap_or_else(|| beside(&args.file));
        write_new(&path, &fault_book::write(&workbook, &report.faults).map_err(internal)?)?;
        eprintln!("有问题的行已另存为 {}，在原处改正后可直接再导入。", path.display());
    }
    Ok(if stopped { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Internal(Box::new(error))
}

fn as_error(fault: &Fault) -> Error {
    UserError::new("WORKBOOK_UNREADABLE", fault.to_string(), fault.english()).into()
}

/// A name beside the workbook that is still free: corrections somebody has begun are not overwritten.
fn beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let name = |number: u32| match number {
        1 => format!("{stem}-问题.xlsx"),
        number => format!("{stem}-问题{number}.xlsx"),
    };
    let names = (1..).map(|number| file.with_file_name(name(number)));
    names.into_iter().find(|path| !path.exists()).unwrap_or_else(|| file.with_file_name(name(1)))
}

/// Writes a file that is not there yet.
///
/// # Errors
/// `Rejected` when there is one of that name.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = std::fs::File::create_new(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => already_there(path),
        _ => cannot_write(path, &error),
    })?;
    file.write_all(bytes)?;
    Ok(())
}

/// A file is not overwritten unasked.
pub fn already_there(path: &Path) -> Error {
    UserError::new(
        "FILE_EXISTS",
        format!("{} 已存在，没有覆盖：请换一个文件名，或先移走它", path.display()),
        format!("{} exists and was not overwritten: choose another name or move it away", path.display()),
    )
    .into()
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    UserError::new(
        "FILE_NOT_WRITTEN",
        format!("写不了文件 {}，请检查文件夹是否存在、有无写入权限：{error}", path.display()),
        format!("cannot write {}: check that the folder exists and may be written: {error}", path.display()),
    )
    .into()
}

fn print_report(report: &ImportReport, options: &ImportOptions, stopped: bool) {
    let mut table = output::table(["表", "行数", "新增", "修改", "不变", "结束", "有误", "表中未列"]);
    for sheet in &report.sheets {
        let counts = [
            sheet.rows,
            sheet.created,
            sheet.changed,
            sheet.unchanged,
            sheet.ended,
            sheet.refused,
            sheet.missing,
        ];
        let mut cells = vec![sheet.sheet.to_owned()];
        cells.extend(counts.map(|count| count.to_string()));
        table.add_row(cells);
    }
    println!("{table}");
    for change in &report.changes {
        println!("  {change}");
    }
    if report.changes_total > report.changes.len() {
        println!("  …… 另有{}处修改", report.changes_total - report.changes.len());
    }
    for notice in &report.notices {
        println!("提示：{notice}");
    }
    print_faults(report);
    println!("{}", conclusion(report, options, stopped));
    if let Some(backup) = &report.backup {
        println!("导入前的数据库已备份到 {}", backup.display());
    }
}

/// Causes first; rows that only wait for another row are counted.
fn print_faults(report: &ImportReport) {
    let (waiting, causes): (Vec<&Fault>, Vec<&Fault>) =
        report.faults.in_order().into_iter().partition(|fault| fault.kind == FaultKind::Depends);
    for fault in causes.iter().take(FAULTS_SHOWN) {
        println!("问题：{fault}");
    }
    if causes.len() > FAULTS_SHOWN {
        println!("问题：…… 另有{}处，见问题工作簿", causes.len() - FAULTS_SHOWN);
    }
    if !waiting.is_empty() {
        println!("另有{}行本身无误，因所依据的行有问题而暂不导入；改正上述问题后即可导入。", waiting.len());
    }
}

fn conclusion(report: &ImportReport, options: &ImportOptions, stopped: bool) -> String {
    let totals = report.totals();
    let counts = format!(
        "新增{}，修改{}，不变{}，结束{}，有误{}",
        totals.created, totals.changed, totals.unchanged, totals.ended, totals.refused
    );
    if stopped {
        format!(
            "有{}处问题，没有写入任何数据。请改正后再导入，或加 --skip-bad-rows 跳过有问题的行。",
            report.faults.len()
        )
    } else if options.dry_run {
        format!("试导入（未写入）：{counts}。")
    } else if report.committed {
        format!("已导入：{counts}。下一步：tongpan solve 排期。")
    } else {
        format!("没有变化，未写入：{counts}。")
    }
}

fn as_json(report: &ImportReport) -> serde_json::Value {
    let sheets: Vec<_> = report
        .sheets
        .iter()
        .map(|sheet| {
            json!({
                "sheet": sheet.sheet, "rows": sheet.rows, "created": sheet.created, "changed": sheet.changed,
                "unchanged": sheet.unchanged, "ended": sheet.ended, "refused": sheet.refused, "missing": sheet.missing,
            })
        })
        .collect();
    let faults: Vec<_> = report
        .faults
        .in_order()
        .into_iter()
        .map(|fault| {
            json!({
                "sheet": fault.sheet, "row": fault.row, "column": fault.column, "value": fault.value,
                "zh": fault.message.zh, "en": fault.message.en,
            })
        })
        .collect();
    json!({
        "committed": report.committed,
        "backup": report.backup,
        "sheets": sheets,
        "faults": faults,
        "notices": report.notices.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "changes": report.changes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "changesTotal": report.changes_total,
    })
}

/// Writes the term table or the calendar.
pub async fn export(context: &Context, args: ExportArgs) -> Result<()> {
    let scope = context.scope().await?;
    let which = match &args.plan {
        Some(plan) => Which::Plan(find_plan(&scope, Some(plan)).await?.id),
        None => published(&scope, args.term.as_deref(), args.group.as_deref()).await?,
    };
    let table = term_table::of(&scope, which).await?;
    let extension = args.file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let bytes = match extension.as_deref() {
        Some("xlsx") => {
            let cover = cover::list(&scope, which, &CoverFilter::default()).await?;
            export::workbook(&scope, &table, &cover).map_err(internal)?
        }
        Some("ics") => {
            let from = mail::sender(|name| std::env::var(name).ok())?;
            let organizer = ical::Person { name: from.name, address: from.address };
            export::calendar(&scope, &table, &organizer).into_bytes()
        }
        _ => return Err(unknown_format(&args.file)),
    };
    std::fs::write(&args.file, bytes).map_err(|error| cannot_write(&args.file, &error))?;
    println!("已写出 {}：{}次活动，{}次待定。", args.file.display(), table.rows.len(), table.undated.len());
    Ok(())
}

fn unknown_format(file: &Path) -> Error {
    UserError::new(
        "EXPORT_FORMAT",
        format!("不知道怎样写 {}：文件名请以 .xlsx 或 .ics 结尾", file.display()),
        format!("cannot tell how to write {}: the name must end in .xlsx or .ics", file.display()),
    )
    .into()
}

/// Writes the empty workbook.
pub fn template(args: &FileArg) -> Result<()> {
    write_new(&args.file, &template::write().map_err(internal)?)?;
    println!("已写出空白模板 {}：先看“填写说明”，填好后用 tongpan import 导入。", args.file.display());
    Ok(())
}

/// Writes the demo county as a workbook.
pub fn demo(args: &DemoArgs) -> Result<()> {
    let tables = demo::tables(args.seed);
    write_new(&args.workbook, &book::write_tables(&tables).map_err(internal)?)?;
    println!("已写出演示县工作簿 {}（{}张表）。", args.workbook.display(), tables.len());
    Ok(())
}
