//! Sessions that follow a timetable: lessons brought to a school 送课下乡, and lessons given to a class from afar 专递课堂、同步课堂.

use std::collections::{BTreeSet, HashMap};

use session_planner::{DAY, HostOption, LessonRule, LessonsIx, Minute, PersonIx, PlaceIx, RoomIx};
use uuid::Uuid;

use super::Builder;
use super::term::hours;
use crate::entity::values::{Equipment, HostRule, PresenterSource, SessionForm, Stage};
use crate::entity::{lesson, programme, room};
use crate::error::Bilingual;
use crate::plans::engagements::{Receiving, lesson_times};
use crate::plans::facts::Facts;

/// What a room at either end of a lesson from afar has: the planner asks the same of both.
const BOTH_ENDS: &str = "同步课堂设备";

/// How sessions of `programme` stand to lessons. Whoever brings lessons across subjects follows none in particular.
pub fn rule(programme: &programme::Model) -> LessonRule {
    match programme.form {
        SessionForm::DedicatedClass | SessionForm::SyncClass => LessonRule::Inside,
        SessionForm::Outreach if programme.subject_id.is_some() => {
            LessonRule::During(u8::try_from(programme.presenters.max(1)).unwrap_or(u8::MAX))
        }
        _ => LessonRule::Free,
    }
}

/// What the rooms of a session must have. Which end of a lesson from afar has which device is looked at end by end.
pub fn equipment(programme: &programme::Model, lessons: LessonRule) -> Vec<String> {
    let asked = list(&programme.equipment);
    if rule(programme) != LessonRule::Inside {
        return words(&asked);
    }
    let others: Vec<Equipment> = asked.into_iter().filter(|device| !is_end(*device)).collect();
    let ends = (lessons == LessonRule::Inside).then(|| BOTH_ENDS.to_owned());
    words(&others).into_iter().chain(ends).collect()
}

/// What a room has, in the planner's words.
pub fn equipment_of(room: &room::Model) -> Vec<String> {
    let present = list(&room.equipment);
    let ends = present.iter().any(|device| is_end(*device)).then(|| BOTH_ENDS.to_owned());
    words(&present).into_iter().chain(ends).collect()
}

fn list(column: &serde_json::Value) -> Vec<Equipment> {
    serde_json::from_value(column.clone()).unwrap_or_default()
}

fn words(devices: &[Equipment]) -> Vec<String> {
    devices.iter().map(|device| device.zh().to_owned()).collect()
}

fn is_end(device: Equipment) -> bool {
    matches!(device, Equipment::SyncSender | Equipment::SyncReceiver)
}

/// Whose lessons a programme follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Classes {
    subject: Option<Uuid>,
    stage: Option<Stage>,
    grade: Option<i32>,
}

impl Classes {
    fn of(programme: &programme::Model) -> Self {
        Self { subject: programme.subject_id, stage: programme.stage, grade: programme.grade }
    }

    /// Whether a lesson is one of theirs.
    fn have(self, facts: &Facts, lesson: &lesson::Model) -> bool {
        Some(lesson.subject_id) == self.subject
            && facts.classes.get(&lesson.class_id).is_some_and(|class| {
                self.stage.is_none_or(|stage| stage == class.stage)
                    && (self.grade.is_none() || self.grade == class.grade)
            })
    }
}

impl Builder<'_> {
    /// How a session of so many minutes stands to lessons, and the ways to hold it, each with the lessons it is about. A lesson from
    /// afar has one way for each room from which a host can be reached.
    ///
    /// # Errors
    /// Why it cannot be held: the programme, what it says, and what to do.
    pub(super) fn follow_lessons(
        &self,
        programme: &programme::Model,
        minutes: Minute,
        mut options: Vec<HostOption>,
    ) -> Result<(LessonRule, Vec<HostOption>), Bilingual> {
        let lessons = rule(programme);
        if lessons == LessonRule::Free {
            return Ok((lessons, options));
        }
        if lessons == LessonRule::Inside {
            says_who_receives_and_who_sends(programme)?;
        }
        for option in &mut options {
            option.lessons = option.place.map(|place| self.received(programme, place)).unwrap_or_default();
        }
        if lessons == LessonRule::Inside {
            options = self.given_afar(programme, minutes, options)?;
        }
        Ok((lessons, options))
    }

    /// The lessons of the programme's subject, stage and grade at a school over the term, ascending: changed days, odd and even weeks
    /// and bells as they are. Classes taught side by side are one lesson.
    pub(super) fn received(&self, programme: &programme::Model, place: PlaceIx) -> Vec<(Minute, Minute)> {
        let school = self.facts.schools[place].id;
        let classes = Classes::of(programme);
        let here = self.facts.lessons.iter().filter(|lesson| lesson.school_id == school);
        let lessons = here.filter(|lesson| classes.have(self.facts, lesson));
        let mut times: Vec<(Minute, Minute)> = lessons
            .flat_map(|lesson| lesson_times(self.facts, &self.timetable, lesson, place))
            .map(|lesson| (lesson.start, lesson.end))
            .collect();
        times.sort_unstable();
        times.dedup();
        times
    }

    /// The number of the lessons that a programme is given inside: one for each subject, stage and grade.
    pub(super) fn number_of_lessons(&self, programme: &programme::Model) -> Option<LessonsIx> {
        self.taught_afar().iter().position(|classes| *classes == Classes::of(programme))
    }

    /// The lessons of the programmes that are given from afar, in a fixed order.
    fn taught_afar(&self) -> Vec<Classes> {
        let programmes = self.facts.programmes.values();
        let afar = programmes.filter(|programme| rule(programme) == LessonRule::Inside);
        afar.map(Classes::of).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The lessons during which it is certain which class a session from afar is given to: at the school no other has one then that it
    /// could be given to.
    pub(super) fn receiving(&self) -> Receiving {
        let mut receiving = Receiving::new();
        for (number, classes) in self.taught_afar().into_iter().enumerate() {
            let mut starts: HashMap<(Uuid, Minute), Vec<Uuid>> = HashMap::new();
            for lesson in self.facts.lessons.iter().filter(|lesson| classes.have(self.facts, lesson)) {
                let Some(place) = self.place_ix.get(&lesson.school_id) else { continue };
                for time in lesson_times(self.facts, &self.timetable, lesson, *place) {
                    starts.entry((lesson.school_id, time.start)).or_default().push(lesson.id);
                }
            }
            for ((_, start), lessons) in starts {
                if let [only] = lessons[..] {
                    receiving.entry((only, start)).or_insert(number);
                }
            }
        }
        receiving
    }

    /// The ways to hold a lesson from afar: at each host that is equipped and has lessons, sent from each room that can.
    fn given_afar(
        &self,
        programme: &programme::Model,
        minutes: Minute,
        options: Vec<HostOption>,
    ) -> Result<Vec<HostOption>, Bilingual> {
        let equipped = |option: &HostOption| option.place.is_some_and(|place| self.receives(place));
        let options = some_allowed(options, equipped).ok_or_else(|| no_receiver(programme))?;
        let evening = programme.allows_evening;
        let taught = |option: &HostOption| {
            option.lessons.iter().any(|&(start, end)| is_possible(start, minutes.min(end - start), evening))
        };
        let options = some_allowed(options, taught).ok_or_else(|| no_lessons(programme))?;
        let lengths = options.iter().flat_map(|option| &option.lessons).map(|(start, end)| end - start);
        let longest = lengths.max().unwrap_or(0);
        if minutes > longest {
            return Err(longer_than_a_lesson(programme, minutes, longest));
        }
        let sent = options.into_iter().flat_map(|option| self.sent(option)).collect();
        some_allowed(sent, |_| true).ok_or_else(|| no_sender(programme))
    }

    fn receives(&self, place: PlaceIx) -> bool {
        let school = self.facts.schools[place].id;
        let ends = |room: &room::Model| list(&room.equipment).into_iter().any(is_end);
        self.facts.rooms.iter().any(|room| room.school_id == school && ends(room))
    }

    /// The option once for each room at another school that can send and has somebody there for each presenter's part.
    fn sent(&self, option: HostOption) -> Vec<HostOption> {
        let can_send = |room: &room::Model| list(&room.equipment).contains(&Equipment::SyncSender);
        let rooms = self.facts.rooms.iter().enumerate().filter(|(_, room)| can_send(room));
        let sent = rooms.filter_map(|(number, room)| {
            let sender = self.place_ix.get(&room.school_id).copied();
            let sender = sender.filter(|sender| Some(*sender) != option.place)?;
            self.sent_from(&option, sender, number)
        });
        sent.collect()
    }

    fn sent_from(&self, option: &HostOption, sender: PlaceIx, room: RoomIx) -> Option<HostOption> {
        let there = |person: &&PersonIx| self.base(self.people[**person]) == Some(sender);
        let slots = option.presenter_slots.iter();
        let slots: Vec<Vec<PersonIx>> =
            slots.map(|slot| slot.iter().filter(there).copied().collect()).collect();
        let enough = slots.iter().all(|slot| slot.len() >= slots.len());
        enough.then(|| HostOption { presenter_slots: slots, second_room: Some(room), ..option.clone() })
    }
}

/// Whether so many minutes from a start lie within the hours of sessions.
fn is_possible(start: Minute, minutes: Minute, evening: bool) -> bool {
    let (hours, of_day) = (hours(), start % DAY);
    let stretches = [hours.morning, hours.afternoon].into_iter().chain(evening.then_some(hours.evening));
    stretches.into_iter().any(|(from, to)| from <= of_day && of_day + minutes <= to)
}

/// The options that `fits` lets through, when one of them is allowed.
fn some_allowed(options: Vec<HostOption>, fits: impl Fn(&HostOption) -> bool) -> Option<Vec<HostOption>> {
    let options: Vec<HostOption> = options.into_iter().filter(fits).collect();
    options.iter().any(|option| option.allowed).then_some(options)
}

/// Requires that a programme of lessons from afar names a subject, a receiving school and one sending school.
fn says_who_receives_and_who_sends(programme: &programme::Model) -> Result<(), Bilingual> {
    if programme.subject_id.is_none() {
        return Err(fault(
            programme,
            "没有填写学科，看不出跟着哪门课上：请填写学科",
            "names no subject, and so no lesson to follow: name one",
        ));
    }
    if programme.host_rule == HostRule::Online {
        return Err(fault(
            programme,
            "的承办写“线上”，看不出由哪所学校听课：请改为听课学校的承办方式，如“成员校轮流承办”",
            "is hosted online, which does not say who receives it: let the receiving schools host it",
        ));
    }
    if programme.presenters_from == PresenterSource::Nobody || programme.presenters < 1 {
        return Err(fault(
            programme,
            "没有填写授课要求，看不出由谁主讲：请填写，如“核心校1名授课教师”",
            "asks for no presenter, so that nobody gives the lesson: ask for one",
        ));
    }
    if programme.presenters_from == PresenterSource::Host {
        return Err(fault(
            programme,
            "的授课要求写由承办校授课，而承办校是听课的一方：请改为主讲学校，如“核心校1名授课教师”",
            "is presented by its host, who is the one to receive it: let another school present",
        ));
    }
    if programme.presenter_schools > 1 {
        let schools = programme.presenter_schools;
        return Err(fault(
            programme,
            &format!(
                "的授课要求写至少{schools}所学校授课，而一节课由一所学校主讲：请改为一所，如“核心校1名授课教师”"
            ),
            &format!("wants presenters of {schools} schools, but a lesson is sent from one: ask for one"),
        ));
    }
    Ok(())
}

fn no_receiver(programme: &programme::Model) -> Bilingual {
    fault(
        programme,
        "的承办学校都没有同步课堂设备，不能听课：请在“场地”表为听课学校登记“同步课堂听讲端”，或改由有设备的学校承办",
        "has no host that can receive it: give one of their rooms the receiving equipment, or let others host it",
    )
}

fn no_lessons(programme: &programme::Model) -> Bilingual {
    fault(
        programme,
        "的承办学校本学期在可排的时段内没有这门课：请核对学科、学段、年级和这些学校的课表、作息",
        "has no host with lessons of its subject at possible hours: look at subject, stage, grade, timetables and bells",
    )
}

fn longer_than_a_lesson(programme: &programme::Model, minutes: Minute, longest: Minute) -> Bilingual {
    fault(
        programme,
        &format!("每次{minutes}分钟，超过听课班级一节课的{longest}分钟：请把时长改为{longest}分钟以内"),
        &format!("takes {minutes} minutes, and a lesson of the class {longest}: make it no longer than that"),
    )
}

fn no_sender(programme: &programme::Model) -> Bilingual {
    fault(
        programme,
        "找不到主讲学校：须另有一所学校，场地登记有“同步课堂主讲端”，并有符合授课要求的教师；请补登场地，或改授课要求",
        "has nobody to send it: another school needs a room with the sending equipment and a presenter",
    )
}

fn fault(programme: &programme::Model, zh: &str, en: &str) -> Bilingual {
    let (topic, form) = (&programme.topic, programme.form.zh());
    Bilingual::new(format!("“{topic}”（{form}）{zh}"), format!("“{topic}” ({form}) {en}"))
}
