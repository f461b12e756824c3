//! 个人申请表: what an applicant filled in, what her school and the office said, and where they sign.

use super::book::{Book, month_zh};
use super::{Field, Form, PaperKind};
use crate::calendar::days::date_zh;
use crate::entity::values::{ApplicationLink, ExemptionState, Sex, Stage, Title};
use crate::entity::{application, exemption, teacher};

/// Wishes that an application may have.
const WISHES: [&str; 5] = ["第一志愿", "第二志愿", "第三志愿", "第四志愿", "第五志愿"];
/// Where somebody signs.
const SIGN: &str = "签字：　　　　　　　　　年　　月　　日";
/// Where an office stamps.
const STAMP: &str = "（盖章）　　　　　　　　　年　　月　　日";

/// One form for each application, by staff number.
pub fn forms(book: &Book) -> Vec<Form> {
    book.applications.iter().filter_map(|row| Some(form(book, row, book.teacher(row.teacher_id)?))).collect()
}

fn form(book: &Book, application: &application::Model, teacher: &teacher::Model) -> Form {
    let mut fields = about_her(book, teacher);
    fields.extend(wanted(book, application));
    fields.extend(said(book, application, teacher));
    Form {
        name: format!("{} {}", teacher.number, teacher.name),
        title: book.title(PaperKind::Applications),
        fields,
        notes: vec!["本表一式三份，本人、学校、教育局各存一份。".to_owned()],
    }
}

fn half(label: &'static str, value: impl Into<String>) -> Field {
    Field { label, value: value.into(), lines: 0 }
}

fn whole(label: &'static str, value: impl Into<String>, lines: u32) -> Field {
    Field { label, value: value.into(), lines }
}

fn about_her(book: &Book, teacher: &teacher::Model) -> Vec<Field> {
    let post = book.post(teacher.id, book.round.starts_on);
    let (stage, subject) = book.teaches(teacher.id);
    let standing = book.candidacy(teacher.id).map_or("", |row| row.standing.zh());
    vec![
        half("姓名", teacher.name.as_str()),
        half("工号", teacher.number.as_str()),
        half("性别", teacher.sex.map_or("", Sex::zh)),
        half("出生年月", teacher.born_on.map(month_zh).unwrap_or_default()),
        half("职称", teacher.title.map_or("", Title::zh)),
        half("荣誉称号", book.honours(teacher.id)),
        half("现任学校", post.map_or("", |post| book.school_name(post.school_id))),
        half("到校时间", post.map(|post| month_zh(post.from_on)).unwrap_or_default()),
        half("任教学段", stage.map_or("", Stage::zh)),
        half("任教学科", book.subject(subject)),
        half("居住地", teacher.residence.clone().unwrap_or_default()),
        half("摸底结果", standing),
    ]
}

fn wanted(book: &Book, application: &application::Model) -> Vec<Field> {
    let volunteer = if application.volunteer { "是" } else { "否" };
    let mut fields = vec![
        half("交流形式", application.form.zh()),
        half("交流期限", format!("{}年", application.years)),
        half("自愿交流", volunteer),
        half("联动申报", linked(book, application)),
    ];
    for (rank, label) in (1..).zip(WISHES) {
        let wish = book.wishes(application.id).iter().find(|wish| wish.rank == rank);
        let school = wish.map(|wish| {
            let (name, locale) = (book.school_name(wish.school_id), book.locale(wish.school_id));
            format!("{name}（{locale}）")
        });
        fields.push(whole(label, school.unwrap_or_default(), 1));
    }
    fields.push(whole("申请理由", application.reason.clone().unwrap_or_default(), 4));
    fields
}

fn linked(book: &Book, application: &application::Model) -> String {
    let partner = application.partner_id.and_then(|id| book.teacher(id));
    let Some(partner) = partner else { return String::new() };
    let link = application.link.map_or("", ApplicationLink::zh);
    format!("{} {}（{link}）", partner.number, partner.name)
}

fn said(book: &Book, application: &application::Model, teacher: &teacher::Model) -> Vec<Field> {
    let handed_in = application.submitted_at.map(|_| "已在系统提交。").unwrap_or_default();
    let exemptions: Vec<String> = book.exemptions(teacher.id).iter().map(asked).collect();
    let school = book.recommendation(teacher.id).map(|row| match row.reason.is_empty() {
        true => format!("{}。", row.verdict.zh()),
        false => format!("{}：{}", row.verdict.zh(), row.reason),
    });
    vec![
        whole("免轮申请", exemptions.join("\n"), 2),
        whole("本人承诺", format!("以上情况属实。{handed_in}\n{SIGN}"), 3),
        whole("学校意见", format!("{}\n{STAMP}", school.unwrap_or_default()), 4),
        whole("教育局意见", format!("\n{STAMP}"), 4),
    ]
}

fn asked(exemption: &exemption::Model) -> String {
    let (kind, evidence, state) = (exemption.kind.zh(), &exemption.evidence, exemption.state.zh());
    let until = exemption.expires_on.filter(|_| exemption.state == ExemptionState::Accepted);
    let until = until.map(|day| format!("，至{}", date_zh(day))).unwrap_or_default();
    format!("{kind}：{evidence}（{state}{until}）")
}
