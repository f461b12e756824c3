//! Letters about a round: its steps, what people asked of it, and who is sent where.

use chrono::NaiveDate;

use super::Draft;
use super::facts::Facts;
use super::words::Words;
use crate::entity::values::{ApplicationState, ExemptionState, MessageKind, ObjectionState};
use crate::entity::{application, exemption, message, objection, rotation_round, round_step};
use crate::mail::page::Rows;
use crate::rotations::steps::NOT_OVER;
use crate::scope::Scope;

/// The kinds of messages that are written here.
pub const KINDS: &[MessageKind] = &[
    MessageKind::StepOpened,
    MessageKind::StepDue,
    MessageKind::ApplicationReceived,
    MessageKind::ExemptionDecided,
    MessageKind::ObjectionAnswered,
    MessageKind::ProposalPublished,
    MessageKind::PlacementWithdrawn,
    MessageKind::SchoolDispatched,
];

/// Writes letters about rounds.
pub struct Writing<'f> {
    pub(super) scope: &'f Scope,
    pub(super) facts: Facts,
    pub(super) words: Words,
}

impl Writing<'_> {
    /// What the letter tells; `None` when it no longer holds.
    pub fn draft(&self, message: &message::Model) -> Option<Draft> {
        let to_name = self.facts.person(message.teacher_id).to_owned();
        Some(Draft { to_name, ..self.told(message)? })
    }

    fn told(&self, message: &message::Model) -> Option<Draft> {
        let (id, version) = (message.subject_id, message.subject_version);
        match message.kind {
            MessageKind::StepOpened => {
                let step = self.facts.steps.get(&id)?;
                let round = self.facts.round(step.round_id).filter(|round| round.state == step.step)?;
                Some(self.step_opened(round, step))
            }
            MessageKind::StepDue => {
                let step = self.facts.steps.get(&id).filter(|row| row.version == version)?;
                let round = self.facts.round(step.round_id).filter(|round| round.state == step.step)?;
                Some(self.step_due(round, step))
            }
            MessageKind::ApplicationReceived => {
                let row = self.facts.applications.get(&id).filter(|row| row.version == version)?;
                let round = self.facts.round(row.round_id)?;
                (row.state == ApplicationState::Submitted).then(|| self.application_received(round, row))
            }
            MessageKind::ExemptionDecided => {
                let row = self.facts.exemptions.get(&id).filter(|row| row.version == version)?;
                let round = self.facts.round(row.round_id)?;
                (row.state != ExemptionState::Submitted).then(|| self.exemption_decided(round, row))
            }
            MessageKind::ObjectionAnswered => {
                let row = self.facts.objections.get(&id).filter(|row| row.version == version)?;
                let round = self.facts.round(row.round_id)?;
                (row.state != ObjectionState::Open).then(|| self.objection_answered(round, row))
            }
            MessageKind::ProposalPublished => self.proposal_published(message),
            MessageKind::PlacementWithdrawn => {
                let row = self.facts.placements.get(&id).filter(|row| row.version == version)?;
                Some(self.placement_withdrawn(self.facts.round(row.round_id)?, row, message.teacher_id))
            }
            MessageKind::SchoolDispatched => {
                self.school_dispatched(self.facts.round(id)?, message.teacher_id)
            }
            _ => None,
        }
    }

    fn step_opened(&self, round: &rotation_round::Model, step: &round_step::Model) -> Draft {
        let words = self.words;
        let (name, due) = (words.step(step.step), words.date(step.due_on));
        let mut rows = Rows::default();
        rows.add(words.0.pick("批次", "Round"), round.name.as_str());
        rows.add(words.0.pick("步骤", "Step"), name);
        rows.add(words.0.pick("时间", "Days"), self.span(step.from_on, step.due_on));
        rows.add(words.0.pick("退回原因", "Why it came back"), step.reason.clone().unwrap_or_default());
        rows.add(words.0.pick("要做的事", "To do"), self.missing(round));
        Draft {
            subject: words.0.either(
                || format!("【轮岗】{name}已开始，{due}前完成（{}）", round.name),
                || format!("[Rotation] {name}: open, to be done by {due} ({})", round.name),
            ),
            opening: words.0.either(
                || format!("{}进入“{name}”，请按时间安排组织落实。", round.name),
                || format!("{} has reached the step “{name}”. Please see to it in time.", round.name),
            ),
            rows: rows.0,
            closing: words.0.pick(
                "日期如需调整，请先在系统中改期，各方以系统中的日期为准。",
                "If the days do not suit, change them in the system first: everybody goes by the days that stand there.",
            ),
            ..self.about(round)
        }
    }

    fn step_due(&self, round: &rotation_round::Model, step: &round_step::Model) -> Draft {
        let words = self.words;
        let (name, due) = (words.step(step.step), words.date(step.due_on));
        let left = (step.due_on - self.scope.today()).num_days();
        let when = words.days_left(left);
        let mut rows = Rows::default();
        rows.add(words.0.pick("批次", "Round"), round.name.as_str());
        rows.add(words.0.pick("步骤", "Step"), name);
        rows.add(words.0.pick("截止", "Due"), due.as_str());
        rows.add(words.0.pick("还要做的事", "Still to do"), self.missing(round));
        Draft {
            subject: words.0.either(
                || format!("【轮岗提醒】{name}{when}（{}）", round.name),
                || format!("[Rotation] Reminder: {name} {when} ({})", round.name),
            ),
            opening: words.0.either(
                || format!("温馨提醒：{}的“{name}”{when}。", round.name),
                || format!("A reminder: the step “{name}” of {} {when}.", round.name),
            ),
            rows: rows.0,
            closing: words.0.pick(
                "完成后请推进到下一步；不能按时完成的，请先在系统中改期并说明原因。",
                "When it is done, take the next step. If it cannot be done in time, change its days first and say why.",
            ),
            ..self.about(round)
        }
    }

    fn application_received(&self, round: &rotation_round::Model, application: &application::Model) -> Draft {
        let words = self.words;
        let mut rows = Rows::default();
        rows.add(words.0.pick("批次", "Round"), round.name.as_str());
        rows.add(words.0.pick("形式", "Form"), words.form(application.form));
        rows.add(words.0.pick("期限", "For"), words.years(application.years));
        let wishes = self.facts.wished(application);
        let numbered: Vec<String> =
            (1..).zip(&wishes).map(|(rank, school)| format!("{rank}. {school}")).collect();
        rows.add(words.0.pick("志愿", "Wishes"), numbered.join(words.0.pick("　", "  ")));
        if let Some((partner, link)) = application.partner_id.zip(application.link) {
            let (name, kind) = (self.facts.person(partner), words.link(link));
            rows.add(
                words.0.pick("联动", "Linked with"),
                words.0.either(|| format!("{name}（{kind}）"), || format!("{name} ({kind})")),
            );
        }
        rows.add(words.0.pick("说明", "Reason"), application.reason.clone().unwrap_or_default());
        if let Some(at) = application.submitted_at {
            let local = at.with_timezone(&self.scope.zone());
            rows.add(words.0.pick("提交时间", "Handed in"), local.format("%Y-%m-%d %H:%M").to_string());
        }
        Draft {
            subject: words.0.either(
                || format!("【轮岗】已收到您的申报（{}）", round.name),
                || format!("[Rotation] Your application has arrived ({})", round.name),
            ),
            opening: words.0.pick("您的交流轮岗申报已收到，内容如下。", "Your application has arrived. It says:").to_owned(),
            rows: rows.0,
            closing: words.0.pick(
                "申报期内可以修改后重新提交，也可以撤回。不是您本人的意愿的，请尽快告知学校。",
                "While applications are open you may hand it in anew or withdraw it. If it is not what you want, tell your \
                 school soon.",
            ),
            ..self.about(round)
        }
    }

    fn exemption_decided(&self, round: &rotation_round::Model, exemption: &exemption::Model) -> Draft {
        let words = self.words;
        let accepted = exemption.state == ExemptionState::Accepted;
        let outcome = match accepted {
            true => words.0.pick("已同意", "accepted"),
            false => words.0.pick("未同意", "refused"),
        };
        let mut rows = Rows::default();
        rows.add(words.0.pick("批次", "Round"), round.name.as_str());
        rows.add(words.0.pick("事由", "Ground"), words.ground(exemption.kind));
        rows.add(words.0.pick("材料", "Paper"), exemption.evidence.as_str());
        rows.add(words.0.pick("结果", "Decision"), outcome);
        if let Some(expires) = exemption.expires_on.filter(|_| accepted) {
            rows.add(words.0.pick("有效至", "Until"), words.date(expires));
        }
        rows.add(words.0.pick("理由", "Why"), exemption.decision_reason.clone().unwrap_or_default());
        Draft {
            subject: words.0.either(
                || format!("【轮岗】免轮申请{outcome}（{}）", round.name),
                || format!("[Rotation] Your exemption is {outcome} ({})", round.name),
            ),
            opening: words
                .0
                .pick(
                    "您提出的免于或暂缓交流的申请已审定，结果如下。",
                    "Your request for exemption has been decided.",
                )
                .to_owned(),
            rows: rows.0,
            closing: words.0.pick(
                "情况有变化，或有新的材料的，请在拟订方案之前重新申请。",
                "If things change or you have other papers, ask anew before a proposal is made.",
            ),
            ..self.about(round)
        }
    }

    fn objection_answered(&self, round: &rotation_round::Model, objection: &objection::Model) -> Draft {
        let words = self.words;
        let outcome = match objection.state {
            ObjectionState::Upheld => words.0.pick("成立", "upheld"),
            _ => words.0.pick("不成立", "not upheld"),
        };
        let mut rows = Rows::default();
        rows.add(words.0.pick("批次", "Round"), round.name.as_str());
        let about = objection.teacher_id.map(|who| self.facts.person(who));
        rows.add(words.0.pick("涉及人员", "About"), about.unwrap_or_default());
        rows.add(words.0.pick("异议", "Objection"), objection.content.as_str());
        rows.add(words.0.pick("结论", "Finding"), outcome);
        rows.add(words.0.pick("答复", "Answer"), objection.answer.clone().unwrap_or_default());
        Draft {
            subject: words.0.either(
                || format!("【轮岗】对您所提异议的答复（{}）", round.name),
                || format!("[Rotation] Your objection is answered ({})", round.name),
            ),
            opening: words
                .0
                .pick("您在公示期间提出的异议已有答复。", "The objection you raised has been answered.")
                .to_owned(),
            rows: rows.0,
            closing: words.0.pick(
                "对答复仍有意见的，可以在公示期内再提。",
                "If the answer does not satisfy you, you may object again while the proposal is public.",
            ),
            ..self.about(round)
        }
    }

    /// What all letters about a round say.
    pub(super) fn about(&self, round: &rotation_round::Model) -> Draft {
        let signature = self.facts.group(round).unwrap_or(&self.scope.district.name).to_owned();
        Draft { signature, reply_to: self.facts.contact(round).cloned(), ..Draft::default() }
    }

    /// What is missing before the next step, numbered.
    fn missing(&self, round: &rotation_round::Model) -> String {
        let gaps = self.facts.progress(round).map_or(&[][..], |progress| &progress.gaps);
        let to_do = gaps.iter().filter(|gap| gap.code != NOT_OVER);
        let numbered =
            (1..).zip(to_do).map(|(number, gap)| format!("{number}. {}", gap.message.text(self.words.0)));
        numbered.collect::<Vec<_>>().join(self.words.0.pick("　", "  "))
    }

    pub(super) fn span(&self, from: NaiveDate, due: NaiveDate) -> String {
        let (from, due) = (self.words.date(from), self.words.date(due));
        self.words.0.either(|| format!("{from}至{due}"), || format!("{from} to {due}"))
    }
}
