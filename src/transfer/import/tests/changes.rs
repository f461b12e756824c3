//! What changes between two imports, and what stays.

use super::*;
use crate::entity::values::{GroupKind, MembershipRole, Title};
use crate::entity::{
    appointment, coordinator, duty, education_group, import_run, membership, posting, researcher, school,
    school_stage,
};

#[tokio::test]
async fn a_changed_title_is_a_change() {
    let office = Office::with_county().await;
    let report = office.imports(Tables::county().set("教师", 2, "职称", "一级")).await;
    assert_eq!(lines(&report), ["教师 T1 王芳 职称：二级教师 → 一级教师"]);
    assert_eq!((counts(&report, "教师").changed, counts(&report, "教师").unchanged), (1, 3));
    let wang = office.teacher("T1").await;
    assert_eq!((wang.title, wang.version), (Some(Title::First), 2));
    let runs = office.all::<import_run::Entity>(import_run::Column::DistrictId).await;
    assert_eq!(runs.iter().map(|run| run.changed).max(), Some(1));
}

#[tokio::test]
async fn an_empty_cell_clears_and_a_missing_column_does_not() {
    let office = Office::with_county().await;
    let report = office.imports(Tables::county().without_column("教师", "备注")).await;
    assert!(!report.committed);
    let report = office.imports(Tables::county().set("教师", 2, "备注", "")).await;
    assert_eq!(lines(&report), ["教师 T1 王芳 备注：孕期 → （空）"]);
    assert_eq!(office.teacher("T1").await.note, None);
}

#[tokio::test]
async fn an_empty_sheet_deletes_nothing_and_a_missing_row_stays() {
    let office = Office::with_county().await;
    let report = office.imports(Tables::county().without_rows("教师").without_rows("课表")).await;
    assert!(!report.committed);
    assert_eq!(office.lessons().await.len(), 6);
    let report = office.imports(Tables::county().without_row("教师", 4).without_row("课表", 6)).await;
    assert!(!report.committed && report.faults.is_empty());
    assert_eq!((counts(&report, "教师").missing, counts(&report, "课表").missing), (1, 1));
    assert!(notices(&report).contains("保持不变：T3 赵敏"));
    assert_eq!(office.lessons().await.len(), 6);
}

#[tokio::test]
async fn a_teacher_who_moves_keeps_her_past() {
    let office = Office::with_county().await;
    let tables = || Tables::county().set("教师", 2, "学校", "河口小学").set("教师", 2, "到校时间", "2026.09");
    let report = office.imports(tables()).await;
    assert_eq!(counts(&report, "教师").ended, 2, "her post and her duty at the former school");
    let wang = office.teacher("T1").await;
    let mut posts = office.all::<appointment::Entity>(appointment::Column::DistrictId).await;
    posts.retain(|post| post.teacher_id == wang.id);
    posts.sort_by_key(|post| post.from_on);
    let dates: Vec<_> = posts.iter().map(|post| (post.from_on, post.until_on)).collect();
    assert_eq!(dates, [(day("2014-09-01"), Some(day("2026-08-31"))), (day("2026-09-01"), None)]);
    assert!(!office.imports(tables()).await.committed, "a second import changes nothing");
}

#[tokio::test]
async fn a_move_without_a_later_date_is_refused() {
    let office = Office::with_county().await;
    let report = office.imports(Tables::county().set("教师", 2, "学校", "河口小学")).await;
    let [fault] = &faults(&report)[..] else { panic!("{:?}", faults(&report)) };
    assert!(
        fault.starts_with("教师 第2行 “到校时间” = “2014.09”：学校由“城关小学”改为“河口小学”"),
        "{fault}"
    );
}

#[tokio::test]
async fn duties_end_and_begin_on_the_day_of_the_change() {
    let office = Office::with_county().await.at("2026-10-15");
    let tables = || Tables::county().set("教师", 2, "职务", "副校长");
    let report = office.imports(tables()).await;
    assert_eq!(lines(&report), ["教师 T1 王芳 职务：校长 → 副校长"]);
    let wang = office.teacher("T1").await;
    let mut duties = office.all::<duty::Entity>(duty::Column::DistrictId).await;
    duties.retain(|duty| duty.teacher_id == wang.id);
    duties.sort_by_key(|duty| duty.from_on);
    let dates: Vec<_> = duties.iter().map(|duty| (duty.from_on, duty.until_on)).collect();
    assert_eq!(dates, [(day("2014-09-01"), Some(day("2026-10-14"))), (day("2026-10-15"), None)]);
    assert!(!office.imports(tables()).await.committed);
}

#[tokio::test]
async fn a_school_may_change_its_role_and_its_name() {
    let office = Office::with_county().await;
    let report = office.imports(Tables::county().set("集团", 3, "角色", "核心校")).await;
    assert_eq!(lines(&report), ["集团 城关教育集团 河口小学 角色：成员校 → 核心校"]);
    let memberships = office.all::<membership::Entity>(membership::Column::DistrictId).await;
    let ended = memberships.iter().find(|member| member.left_on.is_some()).unwrap();
    assert_eq!((ended.role, ended.left_on), (MembershipRole::Member, Some(day("2026-08-24"))));
    assert!(!office.imports(Tables::county().set("集团", 3, "角色", "核心校")).await.committed);

    let renamed = Tables::of("学校\n学校编码|学校名称|办学类型\nX1|城关第一小学|小学");
    let report = office.imports(renamed).await;
    assert_eq!(lines(&report), ["学校 X1 城关第一小学 学校名称：城关小学 → 城关第一小学"]);
    assert_eq!(office.all::<school::Entity>(school::Column::DistrictId).await.len(), 3);
}

#[tokio::test]
async fn a_school_may_gain_and_lose_stages() {
    let office = Office::with_county().await;
    let report = office.imports(Tables::county().set("学校", 3, "办学类型", "九年一贯制")).await;
    assert_eq!(lines(&report), ["学校 X2 河口小学 办学类型：小学 → 小学、初中"]);
    assert_eq!(office.all::<school_stage::Entity>(school_stage::Column::DistrictId).await.len(), 5);
    office.imports(Tables::county()).await;
    assert_eq!(office.all::<school_stage::Entity>(school_stage::Column::DistrictId).await.len(), 4);
}

#[tokio::test]
async fn a_new_coordinator_takes_over_from_the_former() {
    let office = Office::with_county().await.at("2026-10-15");
    let successor = "集团负责人\n集团名称|教研负责人工号\n城关教育集团|T2";
    let report = office.imports(Tables::of(successor)).await;
    assert_eq!((counts(&report, "集团负责人").created, counts(&report, "集团负责人").ended), (1, 1));
    let mut coordinators = office.all::<coordinator::Entity>(coordinator::Column::DistrictId).await;
    coordinators.sort_by_key(|row| row.from_on);
    assert_eq!(coordinators[0].until_on, Some(day("2026-10-14")));
    assert_eq!((coordinators[1].from_on, coordinators[1].until_on), (day("2026-10-15"), None));
    let group = &office.all::<education_group::Entity>(education_group::Column::DistrictId).await[0];
    assert_eq!((group.kind, group.agreement_ends_on), (GroupKind::EducationGroup, Some(day("2029-08-31"))));
    assert!(!office.imports(Tables::of(successor)).await.committed);
}

#[tokio::test]
async fn a_researcher_attached_to_another_group_keeps_the_former_time() {
    let office = Office::with_county().await.at("2026-10-15");
    let tables = || {
        let county = Tables::county().add("集团", "河口教共体|教共体|河口小学|核心校|2026-09-01");
        county.set("教研员", 2, "包连集团", "河口教共体")
    };
    let report = office.imports(tables()).await;
    assert_eq!(lines(&report), ["教研员 JY1 钱进 包连集团：城关教育集团 → 河口教共体"]);
    let mut rows = office.all::<researcher::Entity>(researcher::Column::DistrictId).await;
    rows.sort_by_key(|row| row.from_on);
    assert_eq!((rows[0].until_on, rows[1].from_on), (Some(day("2026-10-14")), day("2026-10-15")));
    assert!(!office.imports(tables()).await.committed);
}

#[tokio::test]
async fn itinerant_days_change_from_a_day_on() {
    let office = Office::with_county().await;
    let options = || ImportOptions { from: Some(day("2026-11-02")), ..ImportOptions::default() };
    let tables = || Tables::county().set("走教", 2, "星期", "三、五");
    office.imports_with(tables(), options()).await;
    let mut postings = office.all::<posting::Entity>(posting::Column::DistrictId).await;
    postings.sort_by_key(|row| row.from_on);
    let days: Vec<_> = postings.iter().map(|row| (row.weekdays.as_deref(), row.until_on)).collect();
    assert_eq!(days, [(Some("5"), Some(day("2026-11-01"))), (Some("35"), Some(day("2027-01-22")))]);
    assert!(!office.imports_with(tables(), options()).await.committed);
}
