//! A small county, imported and imported again.

mod changes;
mod first;
mod programmes;
mod refusals;
mod rotation;
mod timetable;

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use tempfile::TempDir;

use super::{ImportOptions, ImportReport, SheetReport, import};
use crate::clock::Clock;
use crate::database::Database;
use crate::entity::{district, lesson, research_session, teacher};
use crate::error::Result;
use crate::id;
use crate::scope::{Actor, Scope};
use crate::transfer::table::RawTable;
use crate::transfer::workbook::Workbook;

/// Two primary schools and a nine-year school, in the words of their office.
const COUNTY: &str = "
学校
学校编码|学校名称|办学类型|城乡|备注
X1|城关小学|小学|城区|
X2|河口小学|小学|乡村|
X3|松坪学校|九年一贯制|镇区|

集团
集团名称|类型|学校名称|角色|加入日期
城关教育集团|教育集团|城关小学|核心校|2023-09-01
城关教育集团|教育集团|河口小学|成员校|2024-09-01
城关教育集团|教育集团|松坪学校|成员校|2024-09-01

教师
工号|姓名|性别|出生年月|学校|任教学段|任教学科|职称|荣誉称号|到校时间|职务|邮箱|备注
T1|王芳|女|1980.05|城关小学|小学|语文|二级教师|县级骨干|2014.09|校长|t1@example.com|孕期
T2|李强|男|1985.11|河口小学|小学|数学|一级教师||2020.09|备课组长|t2@example.com|
T3|赵敏|女|1990.01|松坪学校|初中|语文|||2021.09||t3@example.com|
T4|周洋|男|1992.03|松坪学校|小学|数学|三级教师||2022.09|教导主任|t4@example.com|

教研员
工号|姓名|学科|学段|专兼职|包连集团|驻地学校|邮箱
JY1|钱进|语文|小学|专职|城关教育集团|城关小学|jy1@example.com

集团负责人
集团名称|教研负责人工号|姓名|邮箱|协议截止日期
城关教育集团|T1|王芳|t1@example.com|2029-08-31

责任督学
编号|姓名|责任集团|邮箱
DX1|孙正|城关教育集团|dx1@example.com

名师工作室
工作室|学科|学段|工号|姓名|角色
王芳名师工作室|语文|小学|T1|王芳|主持人
王芳名师工作室|语文|小学|T2|李强|成员

作息时间
学段|节次|开始|结束
小学|1|08:30|09:10
小学|2|09:20|10:00
初中|1|08:00|08:45
初中|2|09:55|10:40

课表
学校|班级|星期|节次|单双周|学科|教师工号|教师
城关小学|一年级（1）班|一|1||语文|T1|王芳
城关小学|一年级（1）班|一|2|单|语文|T1|王芳
城关小学|一年级（1）班|一|2|双|数学|T4|周洋
河口小学|三年级（1）班|二|1-2||数学|T2|李强
松坪学校|七年级（1）班|三|1||语文|T3|赵敏

走教
工号|姓名|编制学校|走教学校|星期
T2|李强|河口小学|松坪学校|五

场地
学校|场地|容量|设备
城关小学|多功能厅|120|多媒体、录播
河口小学|会议室|40|

路程
学校甲|学校乙|公里|分钟
城关小学|河口小学|12.5|25

校历
开始日期|结束日期|日期|类型|执行星期课表|说明
2026-09-01|2027-01-22||学期||2026—2027学年第一学期
2026-10-01|2026-10-07||放假||国庆节
||2026-10-10|调休上班|三|补10月7日课
||2026-10-23|县运动会||全县停课
||2026-12-09|质量监测||

教研计划
集团|学段|学科|年级|形式|主题|次数|时长（分钟）|频次|教研日|承办|授课要求|教研员工号|参加范围|方式
城关教育集团|小学|语文||同课异构|阅读教学|3|160|至少间隔2周|星期四下午|成员校轮流承办|至少两所学校各1名授课教师|JY1|本学科全体教师|线下
城关教育集团||||例会|工作例会|2|90|每月1次||核心校承办|||各校校长、副校长、包连教研员|

轮岗政策
条目|数值|说明
交流比例|≥10%|占符合条件教师总数
";

/// Reads sheets written one below the other: name, headings, rows; a blank line between.
fn sheets(text: &str) -> Vec<RawTable> {
    let cells = |line: &str| line.split('|').map(str::to_owned).collect::<Vec<_>>();
    let table = |block: &str| {
        let mut lines = block.lines();
        let sheet = lines.next().unwrap().to_owned();
        let headings = cells(lines.next().unwrap());
        RawTable { sheet, headings, rows: lines.map(cells).collect() }
    };
    text.trim().split("\n\n").map(table).collect()
}

/// The county's tables, to be changed by a test.
struct Tables(Vec<RawTable>);

impl Tables {
    fn county() -> Self {
        Self(sheets(COUNTY))
    }

    fn of(text: &str) -> Self {
        Self(sheets(text))
    }

    fn sheet(&mut self, name: &str) -> &mut RawTable {
        self.0.iter_mut().find(|table| table.sheet == name).unwrap()
    }

    /// Writes a cell; rows count as in Excel, the headings being row 1.
    fn set(mut self, sheet: &str, row: usize, heading: &str, value: &str) -> Self {
        let table = self.sheet(sheet);
        let at = table.headings.iter().position(|known| known == heading).unwrap();
        table.rows[row - 2][at] = value.to_owned();
        self
    }

    fn add(mut self, sheet: &str, row: &str) -> Self {
        self.sheet(sheet).rows.push(row.split('|').map(str::to_owned).collect());
        self
    }

    fn without_row(mut self, sheet: &str, row: usize) -> Self {
        self.sheet(sheet).rows.remove(row - 2);
        self
    }

    fn without_column(mut self, sheet: &str, heading: &str) -> Self {
        let table = self.sheet(sheet);
        let at = table.headings.iter().position(|known| known == heading).unwrap();
        table.headings.remove(at);
        table.rows.iter_mut().for_each(|row| drop(row.remove(at)));
        self
    }

    fn without_rows(mut self, sheet: &str) -> Self {
        self.sheet(sheet).rows.clear();
        self
    }
}

/// A county office with a database of its own.
struct Office {
    scope: Scope,
    _folder: TempDir,
}

impl Office {
    /// On 24 August 2026, before the term.
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("tongpan.sqlite").display());
        let database = Database::open(&url).await.unwrap();
        let clock = Clock::fixed("2026-08-24T00:00:00Z".parse().unwrap());
        let district = add_district(&database, "澜川县").await;
        let actor = Actor::Program("cli");
        let scope = Scope { database, clock, district, actor, request_id: "test".to_owned() };
        Self { scope, _folder: folder }
    }

    /// With the county imported.
    async fn with_county() -> Self {
        let office = Self::open().await;
        assert!(office.imports(Tables::county()).await.committed);
        office
    }

    fn at(self, day: &str) -> Self {
        self.scope.clock.set(format!("{day}T00:00:00Z").parse().unwrap());
        self
    }

    async fn imports(&self, tables: Tables) -> ImportReport {
        self.imports_with(tables, ImportOptions::default()).await
    }

    async fn imports_skipping(&self, tables: Tables) -> ImportReport {
        self.imports_with(tables, ImportOptions { skip_bad_rows: true, ..ImportOptions::default() }).await
    }

    async fn imports_with(&self, tables: Tables, options: ImportOptions) -> ImportReport {
        self.tries(tables, options).await.unwrap()
    }

    async fn tries(&self, tables: Tables, options: ImportOptions) -> Result<ImportReport> {
        let options = ImportOptions { file_name: "county.xlsx".to_owned(), ..options };
        import(&self.scope, &Workbook::from_tables(&tables.0), &options).await
    }

    /// All rows of a table of this district.
    async fn all<E: EntityTrait>(&self, district: E::Column) -> Vec<E::Model> {
        E::find().filter(district.eq(self.scope.district.id)).all(self.scope.reader()).await.unwrap()
    }

    async fn teacher(&self, number: &str) -> teacher::Model {
        let find = teacher::Entity::find().filter(teacher::Column::Number.eq(number));
        find.one(self.scope.reader()).await.unwrap().unwrap()
    }

    /// The lessons by weekday, period and time of validity.
    async fn lessons(&self) -> Vec<lesson::Model> {
        let mut lessons = self.all::<lesson::Entity>(lesson::Column::DistrictId).await;
        lessons.sort_by_key(|lesson| (lesson.weekday, lesson.period, lesson.parity, lesson.from_on));
        lessons
    }

    async fn sessions(&self, topic: &str) -> Vec<research_session::Model> {
        let mut sessions = self.all::<research_session::Entity>(research_session::Column::DistrictId).await;
        sessions.retain(|session| session.topic == topic);
        sessions.sort_by_key(|session| session.ordinal);
        sessions
    }
}

async fn add_district(database: &Database, name: &str) -> district::Model {
    let zone = "Asia/Shanghai".to_owned();
    let district = district::Model {
        id: id::new(),
        name: name.to_owned(),
        zone,
        demo: false,
        hold_minutes: 0,
        version: 1,
    };
    let txn = database.begin().await.unwrap();
    district.clone().into_active_model().reset_all().insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    district
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn counts(report: &ImportReport, sheet: &str) -> SheetReport {
    report.sheets.iter().find(|counted| counted.sheet == sheet).cloned().unwrap()
}

fn faults(report: &ImportReport) -> Vec<String> {
    report.faults.iter().map(ToString::to_string).collect()
}

fn lines(report: &ImportReport) -> Vec<String> {
    report.changes.iter().map(ToString::to_string).collect()
}

fn notices(report: &ImportReport) -> String {
    report.notices.iter().map(|notice| format!("{notice}\n")).collect()
}
