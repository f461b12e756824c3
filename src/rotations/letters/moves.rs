//! Letters about who is sent where: when a proposal is public, when somebody is dispatched, when a placement is taken back.

use uuid::Uuid;

use super::Draft;
use super::rounds::Writing;
use crate::entity::values::{ProposalState, RoundState};
use crate::entity::{message, placement, proposal_move, rotation_round};
use crate::mail::page::Rows;
use crate::rotations::proposals::{self, reading};

impl Writing<'_> {
    pub(super) fn proposal_published(&self, message: &message::Model) -> Option<Draft> {
        let proposal = self.facts.proposals.get(&message.subject_id)?;
        let round = self.facts.round(proposal.round_id)?;
        let step = self.facts.publicity(round).filter(|step| step.version == message.subject_version)?;
        if round.state != RoundState::Publicising || proposal.state != ProposalState::Publicised {
            return None;
        }
        let words = self.words;
        let row = self.facts.move_of(proposal, message.teacher_id);
        let chosen = row.and_then(|row| Some((row, row.to_school_id?)));
        let mut rows = Rows::default();
        rows.add(words.0.pick("批次", "Round"), round.name.as_str());
        let (subject, opening) = match chosen {
            Some((row, to)) => {
                self.add_move(&mut rows, row, to);
                let school = self.facts.school(to);
                (
                    words.0.either(
                        || format!("【轮岗公示】拟安排您到{school}交流（{}）", round.name),
                        || format!("[Rotation] Public: you are to serve at {school} ({})", round.name),
                    ),
                    words.0.either(
                        || format!("{}的拟定方案正在公示，拟安排您到{school}交流任教。", round.name),
                        || format!("The proposal of {} is public. It sends you to {school}.", round.name),
                    ),
                )
            }
            None => (
                words.0.either(
                    || format!("【轮岗公示】方案有变更，您不再参加本批次交流（{}）", round.name),
                    || format!("[Rotation] Public: you stay after all ({})", round.name),
                ),
                words.0.either(
                    || format!("{}的方案有变更，重新公示。新方案中您留在原学校任教。", round.name),
                    || {
                        format!(
                            "The proposal of {} has changed and is public anew. In it you stay.",
                            round.name
                        )
                    },
                ),
            ),
        };
        let why = row.and_then(|row| reading::reasons(row).ok()).map(|reasons| proposals::line(&reasons));
        rows.add(
            words.0.pick("理由", "Why"),
            why.map(|why| why.text(words.0).to_owned()).unwrap_or_default(),
        );
        rows.add(words.0.pick("变更理由", "Why it changed"), proposal.reason.clone().unwrap_or_default());
        rows.add(words.0.pick("公示时间", "Public"), self.span(step.from_on, step.due_on));
        Some(Draft {
            subject,
            opening,
            rows: rows.0,
            closing: words.0.pick(
                "本方案由系统按公布的政策和各方申报测算，经教育局审核。有异议的，请在公示期内提出，会逐件答复。",
                "The proposal was computed from the published policy and from what people asked for, and the office has looked at it. \
                 If you object, do so while it is public: each objection is answered.",
            ),
            ..self.about(round)
        })
    }

    fn add_move(&self, rows: &mut Rows, row: &proposal_move::Model, to: Uuid) {
        let words = self.words;
        rows.add(words.0.pick("原学校", "Own school"), self.facts.school(row.from_school_id));
        rows.add(words.0.pick("交流学校", "School"), self.facts.school(to));
        rows.add(words.0.pick("形式", "Form"), words.form(row.form));
        let days = row.weekdays.as_deref().map(|days| words.weekdays(days));
        rows.add(words.0.pick("到校日", "Weekdays"), days.unwrap_or_default());
        rows.add(words.0.pick("起止", "Days"), self.span(row.from_on, row.until_on));
        let minutes =
            |minutes: i32| words.0.either(|| format!("{minutes}分钟"), || format!("{minutes} minutes"));
        let known = row.commute_before.zip(row.commute_after);
        let way = known.map(|(before, after)| {
            let (before, after) = (minutes(before), minutes(after));
            words.0.either(|| format!("现{before}，交流后{after}"), || format!("{before} now, {after} then"))
        });
        rows.add(words.0.pick("单程通勤", "Way to work"), way.unwrap_or_default());
    }

    pub(super) fn placement_withdrawn(
        &self,
        round: &rotation_round::Model,
        row: &placement::Model,
        reader: Uuid,
    ) -> Draft {
        let words = self.words;
        let (school, name) = (self.facts.school(row.to_school_id), self.facts.person(row.teacher_id));
        let mut rows = Rows::default();
        rows.add(words.0.pick("批次", "Round"), round.name.as_str());
        rows.add(words.0.pick("姓名", "Name"), name);
        rows.add(words.0.pick("原学校", "Own school"), self.facts.school(row.from_school_id));
        rows.add(words.0.pick("原定学校", "School"), school);
        rows.add(words.0.pick("原定起止", "Days"), self.span(row.from_on, row.until_on));
        rows.add(words.0.pick("撤回原因", "Why"), row.reason.clone().unwrap_or_default());
        let opening = match reader == row.teacher_id {
            true => words.0.either(
                || format!("原定安排您到{school}交流任教，现已撤回，您留在原学校工作。"),
                || format!("You were to serve at {school}. That is taken back: you stay at your own school."),
            ),
            false => words.0.either(
                || format!("原定安排{name}老师到{school}交流任教，现已撤回，{name}老师留在原学校工作。"),
                || format!("{name} was to serve at {school}. That is taken back: {name} stays at home."),
            ),
        };
        Draft {
            subject: words.0.either(
                || format!("【轮岗】{name}老师到{school}的交流已撤回（{}）", round.name),
                || format!("[Rotation] {name} is not sent to {school} after all ({})", round.name),
            ),
            opening,
            rows: rows.0,
            closing: words
                .0
                .pick("有疑问的，请与教育局人事部门联系。", "If something is not clear, ask the office."),
            ..self.about(round)
        }
    }

    /// Who comes to the schools of a principal and who leaves them; none when nobody does any more.
    pub(super) fn school_dispatched(&self, round: &rotation_round::Model, principal: Uuid) -> Option<Draft> {
        let words = self.words;
        let schools = self.facts.led_by(principal);
        let mut moves: Vec<&placement::Model> =
            self.facts.placements.values().filter(|row| row.round_id == round.id).collect();
        moves.sort_by_key(|row| (row.from_on, self.facts.person(row.teacher_id), row.id));
        let of = |school: fn(&placement::Model) -> Uuid| -> Vec<&placement::Model> {
            moves.iter().copied().filter(|row| schools.contains(&school(row))).collect()
        };
        let (coming, leaving) = (of(|row| row.to_school_id), of(|row| row.from_school_id));
        if coming.is_empty() && leaving.is_empty() {
            return None;
        }
        let mut rows = Rows::default();
        rows.add(words.0.pick("批次", "Round"), round.name.as_str());
        rows.add(words.0.pick("调入", "Coming"), self.listed(&coming, |row| row.from_school_id));
        rows.add(words.0.pick("派出", "Leaving"), self.listed(&leaving, |row| row.to_school_id));
        let (come, leave) = (coming.len(), leaving.len());
        Some(Draft {
            subject: words.0.either(
                || format!("【派遣汇总】贵校调入{come}人、派出{leave}人（{}）", round.name),
                || format!("[Rotation] Coming: {come}, leaving: {leave} ({})", round.name),
            ),
            opening: words.0.either(
                || format!("{}已经派遣，贵校调入{come}人、派出{leave}人，名单如下。", round.name),
                || format!("The people of {} are dispatched. Coming to you: {come}, leaving: {leave}.", round.name),
            ),
            rows: rows.0,
            closing: words.0.pick(
                "请安排好接收、交接和课表；因派出而无人任教的课，见系统中的派遣结果。",
                "Please see to their reception, to the handing over and to the timetable. Lessons that nobody gives any more are \
                 listed with the dispatch.",
            ),
            ..self.about(round)
        })
    }

    fn listed(&self, moves: &[&placement::Model], other: fn(&placement::Model) -> Uuid) -> String {
        let words = self.words;
        let one = |row: &&placement::Model| {
            let (name, school) = (self.facts.person(row.teacher_id), self.facts.school(other(row)));
            let (form, from) = (words.form(row.form), words.date(row.from_on));
            words.0.either(
                || format!("{name}（{school}，{form}，{from}起）"),
                || format!("{name} ({school}, {form}, from {from})"),
            )
        };
        moves.iter().map(one).collect::<Vec<_>>().join(words.0.pick("；", "; "))
    }
}
