//! Letters about postings and agreements: to her who moves, to the principals who receive her or wait for her, to whoever leads a
//! group.

use chrono::NaiveDate;

use super::Draft;
use super::words::Words;
use crate::entity::values::{Locale, MessageKind};
use crate::entity::{message, posting, teacher};
use crate::mail::Contact;
use crate::mail::page::Rows;
use crate::rotations::reminders::facts::{Facts, Subject};
use crate::rotations::reminders::version;
use crate::scope::Scope;

/// The kinds of messages that are written here.
pub const KINDS: &[MessageKind] = &[
    MessageKind::Dispatched,
    MessageKind::ServiceChanged,
    MessageKind::ReportIn,
    MessageKind::ServiceEnds,
    MessageKind::AgreementEnds,
];

/// Writes letters about postings and agreements.
pub struct Writing<'f> {
    pub(super) scope: &'f Scope,
    pub(super) facts: Facts,
    pub(super) words: Words,
}

impl Writing<'_> {
    /// What the letter tells; `None` when it is about another day or version by now, is past, or no longer concerns the reader.
    pub fn draft(&self, message: &message::Model) -> Option<Draft> {
        let reader = self.facts.person(message.teacher_id)?;
        let draft = match message.kind {
            MessageKind::Dispatched => self.dispatched(self.posting(message)?),
            MessageKind::ServiceChanged => self.service_changed(self.posting(message)?, reader),
            _ => self.reminder(message),
        }?;
        Some(Draft { to_name: reader.name.clone(), signature: self.scope.district.name.clone(), ..draft })
    }

    /// The posting as the message knows it.
    fn posting(&self, message: &message::Model) -> Option<&posting::Model> {
        self.facts.posting(message.subject_id).filter(|row| row.version == message.subject_version)
    }

    fn reminder(&self, message: &message::Model) -> Option<Draft> {
        let subjects = self.facts.subjects();
        let subject = subjects.into_iter().find(|subject| {
            (subject.id(), subject.kind()) == (message.subject_id, message.kind)
                && version(subject.day()) == message.subject_version
        })?;
        let ahead = (subject.day() - self.scope.today()).num_days();
        let concerned = self.facts.concerned(subject);
        let reader = concerned.into_iter().find(|person| person.id == message.teacher_id)?;
        if ahead < 0 {
            return None;
        }
        match subject {
            Subject::ReportIn(posting) => self.report_in(posting, reader, ahead),
            Subject::ServiceEnds(posting, day) => self.service_ends(posting, day, reader, ahead),
            Subject::Partner(membership, day) => {
                let school = self.facts.school(membership.school_id).map(|school| school.name.as_str());
                let group = self.facts.group(membership.group_id)?.name.as_str();
                Some(self.agreement(group, Some(school), day, ahead))
            }
            Subject::Group(group, day) => Some(self.agreement(&group.name, None, day, ahead)),
        }
    }

    fn dispatched(&self, posting: &posting::Model) -> Option<Draft> {
        let words = self.words;
        let school = self.facts.school(posting.school_id)?.name.as_str();
        let day = words.date(posting.from_on);
        let mut rows = self.posting_rows(posting);
        rows.add(words.0.pick("安排理由", "Why"), self.facts.reason(posting));
        Some(Draft {
            subject: words.0.either(
                || format!("【派遣通知】{day}起到{school}任教"),
                || format!("[Rotation] You serve at {school} from {day}"),
            ),
            opening: words.0.either(
                || format!("经审批，派您到{school}交流任教，请于{day}报到。"),
                || format!("It is approved: you serve at {school}. Please report in on {day}."),
            ),
            rows: rows.0,
            closing: words.0.pick(
                "请与原学校办好课务和班级工作的交接。报到前系统会再次提醒；有疑问的，请尽快与教育局人事部门联系。",
                "Please hand over your lessons and your class at your own school. You will be reminded before the day. If something                  is not clear, ask the office soon.",
            ),
            reply_to: self.principal_of(posting),
            ..Draft::default()
        })
    }

    fn service_changed(&self, posting: &posting::Model, reader: &teacher::Model) -> Option<Draft> {
        let words = self.words;
        let teacher = self.facts.person(posting.teacher_id)?;
        let school = self.facts.school(posting.school_id)?.name.as_str();
        let last = words.date(posting.until_on?);
        let own = teacher.id == reader.id;
        let name = &teacher.name;
        let mut rows = self.posting_rows(posting);
        rows.add(words.0.pick("变更原因", "Why"), self.facts.reason(posting));
        let whose = match own {
            true => words.0.either(|| "您".to_owned(), || "Your".to_owned()),
            false => words.0.either(|| format!("{name}老师"), || format!("{name}'s")),
        };
        Some(Draft {
            subject: words.0.either(
                || format!("【交流期限变更】{name}老师在{school}到{last}为止"),
                || format!("[Rotation] {name} serves at {school} until {last}"),
            ),
            opening: words.0.either(
                || format!("{whose}在{school}的交流期限有变更，现到{last}为止。"),
                || format!("{whose} service at {school} has another last day: {last}."),
            ),
            rows: rows.0,
            closing: match own {
                true => words.0.pick(
                    "从次日起回原学校工作。对变更有意见的，请与教育局人事部门联系。",
                    "From the day after you work at your own school. If you disagree, talk to the office.",
                ),
                false => words
                    .0
                    .pick("请据此调整课表和人员安排。", "Please see to timetables and people accordingly."),
            },
            reply_to: if own { self.principal_of(posting) } else { contact(teacher) },
            ..Draft::default()
        })
    }

    fn report_in(&self, posting: &posting::Model, reader: &teacher::Model, ahead: i64) -> Option<Draft> {
        let words = self.words;
        let teacher = self.facts.person(posting.teacher_id)?;
        let school = self.facts.school(posting.school_id)?.name.as_str();
        let (name, day, when) = (&teacher.name, words.date(posting.from_on), self.when(ahead));
        let own = teacher.id == reader.id;
        let draft = if own {
            Draft {
                subject: words.0.either(
                    || format!("【报到提醒】{day}到{school}报到"),
                    || format!("[Rotation] Report in at {school} on {day}"),
                ),
                opening: words.0.either(
                    || format!("温馨提醒：请您{when}（{day}）到{school}报到。"),
                    || format!("A reminder: please report in at {school} {when}, on {day}."),
                ),
                rows: self.posting_rows(posting).0,
                closing: words.0.pick(
                    "请提前与学校联系，办好交接；不能按时报到的，请尽快告知教育局人事部门。",
                    "Please get in touch with the school before and hand over your work. If you cannot come in time, tell the \
                     office soon.",
                ),
                reply_to: self.principal_of(posting),
                ..Draft::default()
            }
        } else {
            Draft {
                subject: words.0.either(
                    || format!("【报到提醒】{name}老师{day}到校报到"),
                    || format!("[Rotation] {name} reports in on {day}"),
                ),
                opening: words.0.either(
                    || format!("温馨提醒：{name}老师{when}（{day}）到贵校报到，请做好接收安排。"),
                    || format!("A reminder: {name} reports in at your school {when}, on {day}. Please be ready."),
                ),
                rows: self.posting_rows(posting).0,
                closing: words.0.pick(
                    "请落实课表、办公和住宿，并安排一位结对的同事。",
                    "Please see to timetable, desk and lodging, and to a colleague who helps at the beginning.",
                ),
                reply_to: contact(teacher),
                ..Draft::default()
            }
        };
        Some(draft)
    }

    fn service_ends(
        &self,
        posting: &posting::Model,
        day: NaiveDate,
        reader: &teacher::Model,
        ahead: i64,
    ) -> Option<Draft> {
        let words = self.words;
        let teacher = self.facts.person(posting.teacher_id)?;
        let school = self.facts.school(posting.school_id)?.name.as_str();
        let (name, last, when) = (&teacher.name, words.date(day), self.when(ahead));
        let own = teacher.id == reader.id;
        let subject = words.0.either(
            || format!("【届满提醒】{name}老师在{school}的任期{last}届满"),
            || format!("[Rotation] The term of {name} at {school} ends on {last}"),
        );
        let opening = match own {
            true => words.0.either(
                || format!("温馨提醒：您在{school}的任期{when}（{last}）届满。"),
                || format!("A reminder: your term at {school} ends {when}, on {last}."),
            ),
            false => words.0.either(
                || format!("温馨提醒：{name}老师在{school}的任期{when}（{last}）届满。"),
                || format!("A reminder: the term of {name} at {school} ends {when}, on {last}."),
            ),
        };
        let closing = match own {
            true => words.0.pick(
                "期满考核后返回原学校；希望继续留任的，请及早提出。",
                "After the final assessment you return to your school. If you wish to stay, say so soon.",
            ),
            false => words.0.pick(
                "请完成期满考核，并提前排好下学期的课；需要延期的，请在届满之前办理。",
                "Please see to the final assessment and to next term's timetable. If the term shall be longer, extend it before it \
                 ends.",
            ),
        };
        let rows = self.posting_rows(posting).0;
        let reply_to = if own { self.principal_of(posting) } else { contact(teacher) };
        Some(Draft { subject, opening, rows, closing, reply_to, ..Draft::default() })
    }

    /// `partner` when it is the agreement with one school; its name is not known when it belongs to another district.
    fn agreement(&self, group: &str, partner: Option<Option<&str>>, day: NaiveDate, ahead: i64) -> Draft {
        let words = self.words;
        let (last, when) = (words.date(day), self.when(ahead));
        let what = match partner {
            Some(Some(school)) => words.0.either(
                || format!("{group}与{school}的合作协议"),
                || format!("the agreement between {group} and {school}"),
            ),
            Some(None) => words.0.either(
                || format!("{group}与区县外学校的合作协议"),
                || format!("the agreement between {group} and a school of another district"),
            ),
            None => words.0.either(|| format!("{group}的办学协议"), || format!("the agreement of {group}")),
        };
        let mut rows = Rows::default();
        rows.add(words.0.pick("集团", "Group"), group);
        rows.add(words.0.pick("协议学校", "Partner"), partner.flatten().unwrap_or_default());
        rows.add(words.0.pick("协议截止", "Ends on"), last.as_str());
        Draft {
            subject: words.0.either(
                || format!("【协议到期提醒】{what}{last}到期"),
                || format!("[Agreement] {what} ends on {last}"),
            ),
            opening: words.0.either(
                || format!("温馨提醒：{what}{when}（{last}）到期。"),
                || format!("A reminder: {what} ends {when}, on {last}."),
            ),
            rows: rows.0,
            closing: words.0.pick(
                "续签的，请在系统中更新截止日期；不再续签的，请安排好在外任教人员和已排的活动。",
                "If it is renewed, enter the new date. If not, see to the people who serve there and the sessions that are planned.",
            ),
            ..Draft::default()
        }
    }

    fn posting_rows(&self, posting: &posting::Model) -> Rows {
        let words = self.words;
        let mut rows = Rows::default();
        let teacher = self.facts.person(posting.teacher_id);
        rows.add(
            words.0.pick("姓名", "Name"),
            teacher.map(|row| format!("{} {}", row.number, row.name)).unwrap_or_default(),
        );
        let home = self.facts.home(posting).map(|school| school.name.as_str());
        rows.add(words.0.pick("原学校", "Own school"), home.unwrap_or_default());
        if let Some(school) = self.facts.school(posting.school_id) {
            let locale = locale(words, school.locale);
            let place = words
                .0
                .either(|| format!("{}（{locale}）", school.name), || format!("{} ({locale})", school.name));
            rows.add(words.0.pick("任教学校", "School"), place);
        }
        rows.add(words.0.pick("形式", "Form"), words.form(posting.form));
        rows.add(
            words.0.pick("到校日", "Weekdays"),
            posting.weekdays.as_deref().map_or_else(String::new, |days| words.weekdays(days)),
        );
        rows.add(words.0.pick("担任", "Duty"), posting.duty.map_or("", |duty| words.duty(duty)));
        let until = posting.until_on.map(|day| words.date(day));
        let from = words.date(posting.from_on);
        rows.add(
            words.0.pick("起止", "Days"),
            match until {
                Some(until) => words.0.either(|| format!("{from}至{until}"), || format!("{from} to {until}")),
                None => words.0.either(|| format!("{from}起"), || format!("from {from}")),
            },
        );
        rows.add(words.0.pick("备注", "Note"), posting.note.clone().unwrap_or_default());
        rows
    }

    fn when(&self, ahead: i64) -> String {
        let words = self.words;
        match ahead {
            0 => words.0.pick("今天", "today").to_owned(),
            1 => words.0.pick("明天", "tomorrow").to_owned(),
            _ => words.0.either(|| format!("{ahead}天后"), || format!("in {ahead} days")),
        }
    }

    fn principal_of(&self, posting: &posting::Model) -> Option<Contact> {
        let mut principals = self.facts.principals(posting.school_id);
        contact(self.facts.person(principals.next()?)?)
    }
}

fn contact(person: &teacher::Model) -> Option<Contact> {
    Some(Contact { name: person.name.clone(), address: person.email.clone()? })
}

fn locale(words: Words, locale: Locale) -> &'static str {
    let en = match locale {
        Locale::Urban => "urban",
        Locale::Town => "town",
        Locale::Rural => "village",
    };
    words.0.pick(locale.zh(), en)
}
