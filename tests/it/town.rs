//! A small town as its office keeps it: two groups, five schools, twelve people and a researcher whom both groups want.
//! Nobody in it exists.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use tongpan::entity::values::PlanMode;
use tongpan::entity::{
    booking, education_group, lesson, participant, plan, plan_session, research_session, teacher, term,
};
use tongpan::error::Result;
use tongpan::plans::{self, Publication, Reschedule, SolveRequest, Watch};
use tongpan::scope::{Actor, Scope};
use tongpan::transfer::import::{self, ImportOptions, ImportReport};
use tongpan::transfer::table::RawTable;
use tongpan::transfer::workbook::Workbook;

use crate::entities::{columns, rows_in, tables};
use crate::harness::{Harness, at};

/// Moves of a search: few, and enough for a few sessions.
const STEPS: u64 = 1_500;

pub const EAST: &str = "城东教共体";
pub const WEST: &str = "城西教共体";

pub const CALENDAR: &str = "
    开始日期|结束日期|日期|类型|执行星期课表|说明
    2026-09-01|2026-10-30||学期||2026—2027学年第一学期
    ||2026-10-10|调休上班|三|补10月7日课";

/// Only the afternoon of the sixteenth of September has room for a session of 260 minutes.
pub const ONE_OPEN_DAY: &str = "
    开始日期|结束日期|日期|类型|执行星期课表|说明
    2026-09-01|2026-09-18||学期||2026—2027学年第一学期
    2026-09-01|2026-09-15||放假||停课
    2026-09-17|2026-09-18||放假||停课";

const PROGRAMMES: &str = "
    集团|学段|学科|形式|主题|次数|时长（分钟）|频次|教研日|承办|授课要求|教研员工号|参加范围|方式
    城东教共体|小学|数学|同课异构|分数的意义|2|160|至少间隔2周|星期三下午|成员校轮流承办|至少两所学校各1名授课教师|JY1|本学科全体教师|线下
    城西教共体|小学|数学|观摩课|图形的运动|1|160||星期三下午|核心校承办|核心校1名授课教师|JY1|本学科全体教师|线下";

/// One session for each group, so long that it fits into an afternoon only.
pub const LONG_SESSIONS: &str = "
    集团|学段|学科|形式|主题|次数|时长（分钟）|承办|教研员工号|参加范围
    城东教共体|小学|数学|培训|新课标|1|260|核心校承办|JY1|本学科全体教师
    城西教共体|小学|数学|培训|新课标|1|260|核心校承办|JY1|本学科全体教师";

/// A sheet written as lines of cells, the headings first.
pub fn sheet(name: &str, text: &str) -> RawTable {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut rows = lines.map(|line| line.split('|').map(str::to_owned).collect::<Vec<_>>());
    let headings = rows.next().expect("headings");
    RawTable { sheet: name.to_owned(), headings, rows: rows.collect() }
}

/// The town's workbook.
pub fn small_town() -> Vec<RawTable> {
    town_with(CALENDAR, PROGRAMMES)
}

/// The town with another calendar and other programmes.
pub fn town_with(calendar: &str, programmes: &str) -> Vec<RawTable> {
    vec![
        sheet(
            "学校",
            "学校编码|学校名称|办学类型|城乡
             S1|城东小学|小学|城区
             S2|河湾小学|小学|乡村
             S3|石桥小学|小学|镇区
             S4|城西小学|小学|城区
             S5|松坪小学|小学|镇区",
        ),
        sheet(
            "集团",
            "集团名称|类型|学校名称|角色|加入日期
             城东教共体|教共体|城东小学|核心校|2024-09-01
             城东教共体|教共体|河湾小学|成员校|2024-09-01
             城东教共体|教共体|石桥小学|成员校|2024-09-01
             城西教共体|教共体|城西小学|核心校|2024-09-01
             城西教共体|教共体|松坪小学|成员校|2024-09-01",
        ),
        sheet(
            "教师",
            "工号|姓名|性别|学校|任教学段|任教学科|职称|荣誉称号|到校时间|职务|邮箱
             T01|李娜|女|城东小学|小学|数学|高级教师|县级骨干|2014.09|备课组长|li@example.com
             T02|王芳|女|城东小学|小学|数学|一级教师||2016.09||wang@example.com
             T03|陈刚|男|城东小学|小学|语文|高级教师||2010.09|校长|chen@example.com
             T11|赵敏|女|河湾小学|小学|数学|一级教师||2018.09|备课组长|zhao@example.com
             T12|孙强|男|河湾小学|小学|数学|二级教师||2020.09||sun@example.com
             T21|周洁|女|石桥小学|小学|数学|一级教师|校级骨干|2017.09|备课组长|zhou@example.com
             T22|吴刚|男|石桥小学|小学|数学|二级教师||2021.09||wu@example.com
             T31|郑红|女|城西小学|小学|数学|高级教师||2012.09|备课组长|zheng@example.com
             T32|冯军|男|城西小学|小学|数学|一级教师||2015.09||feng@example.com
             T41|褚云|女|松坪小学|小学|数学|一级教师||2016.09|备课组长|chu@example.com
             T42|卫东|男|松坪小学|小学|数学|二级教师||2019.09||wei@example.com",
        ),
        sheet(
            "教研员",
            "工号|姓名|学科|学段|专兼职|包连集团|驻地学校|邮箱
             JY1|韩冰|数学|小学|专职|城东教共体|城东小学|han@example.com",
        ),
        sheet(
            "集团负责人",
            "集团名称|教研负责人工号|姓名|邮箱
             城东教共体|T02|王芳|wang@example.com
             城西教共体|T32|冯军|feng@example.com",
        ),
        sheet(
            "作息时间",
            "学段|节次|开始|结束
             小学|1|08:30|09:10
             小学|2|09:20|10:00
             小学|3|10:30|11:10
             小学|4|11:20|12:00
             小学|5|14:20|15:00
             小学|6|15:10|15:50",
        ),
        sheet(
            "课表",
            "学校|班级|星期|节次|学科|教师工号|教师
             城东小学|五年级（1）班|一|1|数学|T01|李娜
             城东小学|五年级（2）班|三|2|数学|T02|王芳
             河湾小学|五年级（1）班|三|5|数学|T12|孙强
             河湾小学|五年级（1）班|二|5|数学|T11|赵敏
             石桥小学|五年级（1）班|四|5|数学|T21|周洁
             城西小学|五年级（1）班|三|1|数学|T31|郑红
             松坪小学|五年级（1）班|五|5|数学|T41|褚云",
        ),
        sheet(
            "场地",
            "学校|场地|容量|设备
             城东小学|报告厅|60|多媒体
             河湾小学|多功能厅|40|多媒体
             石桥小学|录播教室|30|录播、多媒体
             城西小学|报告厅|60|多媒体
             松坪小学|会议室|30|多媒体",
        ),
        sheet(
            "路程",
            "学校甲|学校乙|公里|分钟
             城东小学|河湾小学|9|18
             城东小学|石桥小学|7|15
             河湾小学|石桥小学|12|25
             城西小学|松坪小学|10|20
             城东小学|城西小学|4|12
             城东小学|松坪小学|13|28
             河湾小学|城西小学|12|26
             石桥小学|城西小学|10|22
             河湾小学|松坪小学|20|40
             石桥小学|松坪小学|18|36",
        ),
        sheet("校历", calendar),
        sheet("教研计划", programmes),
    ]
}

impl Harness {
    /// Imports tables as a workbook.
    pub async fn imports(&self, tables: &[RawTable]) -> ImportReport {
        self.imports_book(&Workbook::from_tables(tables)).await
    }

    /// Imports a workbook.
    pub async fn imports_book(&self, workbook: &Workbook) -> ImportReport {
        let options = ImportOptions { file_name: "测试.xlsx".to_owned(), ..ImportOptions::default() };
        import::import(&self.scope, workbook, &options).await.expect("the import ends")
    }

    /// Imports tables that have no fault.
    pub async fn settles(&self, tables: &[RawTable]) {
        let report = self.imports(tables).await;
        let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        assert!(faults.is_empty() && report.committed, "{faults:#?}");
    }

    /// 王芳, who coordinates the research of the east.
    pub async fn coordinator(&self) -> Scope {
        let row = self.person("T02").await;
        Scope { actor: Actor::Person { id: row.id, number: row.number }, ..self.scope.clone() }
    }

    pub async fn person(&self, number: &str) -> teacher::Model {
        let found = teacher::Entity::find().filter(teacher::Column::Number.eq(number));
        found.one(self.scope.reader()).await.expect("teachers").expect("a teacher")
    }

    pub async fn group_named(&self, name: &str) -> education_group::Model {
        let found = education_group::Entity::find().filter(education_group::Column::Name.eq(name));
        found.one(self.scope.reader()).await.expect("groups").expect("a group")
    }

    /// What planning `group` (all groups when `None`) takes: a fixed number of moves from a fixed seed.
    pub async fn request(&self, group: Option<&str>) -> SolveRequest {
        let term = term::Entity::find().one(self.scope.reader()).await.expect("terms").expect("a term");
        let group_id = match group {
            Some(name) => Some(self.group_named(name).await.id),
            None => None,
        };
        SolveRequest {
            term_id: term.id,
            group_id,
            as_of: None,
            seconds: 10,
            steps: Some(STEPS),
            seed: 7,
            threads: None,
            mode: PlanMode::Fill,
            base: None,
            hold: Vec::new(),
        }
    }

    /// Plans the term of one group; the draft.
    pub async fn solves(&self, group: &str) -> plan::Model {
        let request = self.request(Some(group)).await;
        plans::solve(&self.scope, &request, unwatched()).await.expect("a plan").plan
    }

    pub async fn publishes(&self, plan: &plan::Model) -> Publication {
        plans::publish(&self.coordinator().await, plan.id).await.expect("the plan is published")
    }

    /// A town whose east has published its term: sessions in the order of time.
    pub async fn published_east(&self) -> Vec<research_session::Model> {
        self.settles(&small_town()).await;
        let plan = self.solves(EAST).await;
        self.publishes(&plan).await;
        self.dated().await
    }

    /// Sessions that have a date, in the order of time.
    pub async fn dated(&self) -> Vec<research_session::Model> {
        research_session::Entity::find()
            .filter(research_session::Column::StartsAt.is_not_null())
            .order_by_asc(research_session::Column::StartsAt)
            .all(self.scope.reader())
            .await
            .expect("sessions")
    }

    pub async fn bookings(&self) -> Vec<booking::Model> {
        booking::Entity::find()
            .order_by_asc(booking::Column::StartsAt)
            .order_by_asc(booking::Column::ResourceId)
            .all(self.scope.reader())
            .await
            .expect("bookings")
    }

    pub async fn planned(&self, plan: &plan::Model) -> Vec<plan_session::Model> {
        plan_session::Entity::find()
            .filter(plan_session::Column::PlanId.eq(plan.id))
            .order_by_asc(plan_session::Column::SessionId)
            .all(self.scope.reader())
            .await
            .expect("the plan's sessions")
    }

    /// People expected at a session, by staff number.
    pub async fn expected(&self, session: Uuid) -> Vec<teacher::Model> {
        let reader = self.scope.reader();
        let parts = participant::Entity::find()
            .filter(participant::Column::SessionId.eq(session))
            .filter(participant::Column::Excused.is_null());
        let parts = parts.all(reader).await.expect("participants");
        let ids = parts.iter().map(|row| row.teacher_id);
        let people = teacher::Entity::find().filter(teacher::Column::Id.is_in(ids));
        let mut people = people.all(reader).await.expect("teachers");
        people.sort_by(|a, b| a.number.cmp(&b.number));
        people
    }

    /// Timetable entries without an end.
    pub async fn lessons_in_force(&self) -> u64 {
        let lessons = lesson::Entity::find().filter(lesson::Column::UntilOn.is_null());
        lessons.count(self.scope.reader()).await.expect("lessons")
    }

    /// How many rows each table has.
    pub async fn counts(&self) -> BTreeMap<String, i64> {
        let reader = self.scope.reader();
        let mut counts = BTreeMap::new();
        for table in tables(&columns(reader).await) {
            counts.insert(table.clone(), rows_in(reader, &table).await);
        }
        counts
    }

    /// Moves a session, as it is now, to `to`.
    pub async fn moves(
        &self,
        session: &research_session::Model,
        to: &str,
    ) -> Result<research_session::Model> {
        let wish = Reschedule {
            session_id: session.id,
            expected_version: session.version,
            starts_at: at(to),
            host_school_id: None,
            room_id: None,
            reason: "场地维修".to_owned(),
        };
        plans::reschedule(&self.coordinator().await, wish).await
    }
}

/// A search that nobody watches.
pub fn unwatched() -> Watch {
    Arc::new(|_| ControlFlow::Continue(()))
}
