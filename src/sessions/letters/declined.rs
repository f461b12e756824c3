//! The letter to those who lead a group's research: somebody without whom a session cannot do has declined.

use super::rows::{Telling, times};
use crate::entity::message;
use crate::entity::values::{Reply, SessionState};
use crate::error::Result;
use crate::mail::Letter;
use crate::mail::page::{Page, Rows};
use crate::sessions::replies;

impl Telling<'_> {
    /// The letter; `None` when she has answered otherwise since, or the session is off or over.
    pub fn declined(&self, message: &message::Model) -> Result<Option<Letter>> {
        let (facts, words, scope) = (self.facts, self.words, self.scope);
        let Some(part) = facts.part_with_id(message.subject_id) else { return Ok(None) };
        let Some(session) = facts.session(part.session_id) else { return Ok(None) };
        let Some((starts_at, ends_at)) = times(session) else { return Ok(None) };
        let declined = part.reply == Reply::Declined && part.version == message.subject_version;
        if !declined || session.state != SessionState::Published || ends_at <= scope.now() {
            return Ok(None);
        }
        let day = starts_at.with_timezone(&scope.zone()).date_naive();
        let her = facts.person(part.teacher_id);
        let who = match facts.school_on(part.teacher_id, day) {
            Some(school) => words.bracketed(&her.name, school),
            None => her.name.clone(),
        };
        let role = words.role(part.role);
        let title = words.title(session, facts.subject(session));
        let mut rows = Rows::default();
        rows.add(words.0.pick("请假人", "Who"), who.clone());
        rows.add(words.0.pick("承担的角色", "Part"), role);
        let why = part.reply_reason.clone();
        rows.add(
            words.0.pick("原因", "Why"),
            why.unwrap_or_else(|| words.0.pick("没有说明", "not said").to_owned()),
        );
        rows.add(words.0.pick("邮箱", "Address"), her.address.clone());
        if let Some(at) = part.replied_at {
            rows.add(
                words.0.pick("回复时间", "Answered at"),
                at.with_timezone(&scope.zone()).format("%Y-%m-%d %H:%M").to_string(),
            );
        }
        rows.add(words.0.pick("回复方式", "Answered"), part.reply_way.map_or("", |way| words.way(way)));
        self.add_what_and_when(&mut rows, session, false);
        rows.add(
            words.0.pick("目前回复", "Answers so far"),
            self.answers(replies::count(facts.parts(session.id))),
        );
        let short = words.short_date(day);
        let page = Page {
            language: words.0,
            subject: words.0.either(
                || format!("【教研请假】{}不能参加{short} {title}（{role}）", her.name),
                || format!("[Declined] {} ({role}) cannot come on {short}: {title}", her.name),
            ),
            to_name: facts.name(message.teacher_id).to_owned(),
            opening: words.0.either(
                || format!("{who}回复不能参加下列教研活动，而这次活动需要{role}到场。"),
                || format!("{who} has declined the session below, which needs its {role}."),
            ),
            rows: rows.0,
            closing: words.0
                .pick(
                    "请尽快与本人联系（直接回复本邮件即可），商定由他人代替，或者改期、取消；改期、取消后系统会通知所有参与人。",
                    "Please get in touch (an answer to this mail goes to whoever declined) and find somebody else, or move or cancel the \
                     session; everybody is told when you do.",
                )
                .to_owned(),
            signature: facts.group(session).to_owned(),
            written_on: words.date(scope.today()),
        };
        let reply_to = (!her.address.is_empty()).then_some(her);
        Ok(Some(page.letter(reply_to)?))
    }

    fn answers(&self, count: replies::Count) -> String {
        let replies::Count { accepted, declined, tentative, pending } = count;
        self.words.0.either(
            || format!("参加{accepted}人，请假{declined}人，待定{tentative}人，未回复{pending}人"),
            || {
                format!(
                    "{accepted} accepted, {declined} declined, {tentative} tentative, {pending} not answered"
                )
            },
        )
    }
}
