//! 教研计划 What each group means to hold in the term, in the words its office uses.

use super::Table;
use super::curriculum::{Stage, Subject, half_day};
use super::dice::Dice;
use super::experts::{researcher, researcher_code};
use super::schools::GROUPS;

/// A line of the plan. Empty texts are empty cells.
#[derive(Clone, Copy)]
struct Programme {
    subject: Option<Subject>,
    grade: &'static str,
    form: &'static str,
    topic: &'static str,
    sessions: i64,
    minutes: i64,
    rhythm: &'static str,
    on_subject_day: bool,
    host: &'static str,
    presenters: &'static str,
    audience: &'static str,
    online: bool,
    wishes: Wishes,
}

/// What a programme asks beyond its days and hosts: the last columns of the sheet.
#[derive(Clone, Copy)]
struct Wishes {
    level: &'static str,
    evening: &'static str,
    weekend: &'static str,
    together: &'static str,
    quota: &'static str,
    optional: &'static str,
}

const NO_WISHES: Wishes =
    Wishes { level: "", evening: "", weekend: "", together: "", quota: "", optional: "" };
/// 艺体教研 Music and sport meet on one half-day, each at its own host.
const ARTS_AND_SPORT: Wishes = Wishes { together: "艺体教研", ..NO_WISHES };

const IN_TURN: &str = "成员校轮流承办";
const CORE: &str = "核心校承办";

/// 同课异构 The same topic taught by teachers of two schools, on the subject's day.
const SAME_TOPIC: Programme = Programme {
    subject: None,
    grade: "",
    form: "同课异构",
    topic: "",
    sessions: 5,
    minutes: 160,
    rhythm: "至少间隔2周",
    on_subject_day: true,
    host: IN_TURN,
    presenters: "至少两所学校各1名授课教师",
    audience: "本学科全体教师",
    online: false,
    wishes: NO_WISHES,
};
/// 观摩课
const OPEN_LESSON: Programme =
    Programme {
        form: "观摩课", sessions: 2, minutes: 120, presenters: "承办校1名授课教师", ..SAME_TOPIC
    };
/// 线上研讨
const ONLINE: Programme = Programme {
    form: "线上研讨",
    sessions: 3,
    minutes: 60,
    rhythm: "每月1次",
    on_subject_day: false,
    host: "线上",
    presenters: "",
    online: true,
    ..SAME_TOPIC
};
/// 送课下乡
const TO_THE_VILLAGE: Programme = Programme {
    form: "送课下乡",
    topic: "名师送课",
    sessions: 3,
    minutes: 120,
    rhythm: "至少间隔3周",
    on_subject_day: false,
    host: "镇区、乡村成员校承办",
    presenters: "核心校1名授课教师",
    audience: "承办校本学科教师",
    ..SAME_TOPIC
};
/// 中考分科指导
const FINAL_YEAR: Programme = Programme {
    grade: "九年级",
    form: "中考分科指导",
    sessions: 1,
    minutes: 120,
    rhythm: "11月之后",
    on_subject_day: false,
    host: CORE,
    presenters: "",
    audience: "九年级本学科教师",
    wishes: Wishes { level: "县级", ..NO_WISHES },
    ..SAME_TOPIC
};
/// 学情分析
const AFTER_EXAMS: Programme = Programme {
    form: "学情分析",
    topic: "期中质量分析",
    sessions: 1,
    minutes: 120,
    rhythm: "期中考试后2周内",
    on_subject_day: false,
    host: CORE,
    presenters: "",
    audience: "校长、教导主任、备课组长",
    ..SAME_TOPIC
};
/// 例会
const MEETING: Programme = Programme {
    form: "例会",
    topic: "集团工作例会",
    sessions: 5,
    minutes: 90,
    rhythm: "每月1次",
    on_subject_day: false,
    presenters: "",
    audience: "各校校长、副校长、包连教研员",
    ..SAME_TOPIC
};

/// 教研计划
pub(super) fn table(dice: &mut Dice) -> Table {
    use Stage::{Junior, Kindergarten, Primary};
    let stages: [&[Stage]; 5] = [&[Primary], &[Primary], &[Junior], &[Junior, Primary], &[Kindergarten]];
    let mut rows = Vec::new();
    for (group, stages) in GROUPS.into_iter().zip(stages) {
        for &stage in stages {
            rows.extend(of_stage(stage, dice).iter().map(|programme| row(group, Some(stage), programme)));
        }
        rows.push(row(group, None, &MEETING));
    }
    Table {
        sheet: "教研计划",
        headings: &[
            "集团",
            "学段",
            "学科",
            "年级",
            "形式",
            "主题",
            "次数",
            "时长（分钟）",
            "频次",
            "教研日",
            "承办",
            "授课要求",
            "教研员工号",
            "参加范围",
            "方式",
            "级别",
            "可晚间",
            "可周末",
            "同日开展",
            "到会比例",
            "自愿参加",
        ],
        rows,
    }
}

fn of_stage(stage: Stage, dice: &mut Dice) -> Vec<Programme> {
    match stage {
        Stage::Primary => primary(dice),
        Stage::Junior => junior(dice),
        Stage::Kindergarten => {
            let halves = Programme {
                sessions: 4,
                audience: "各园半数教师，轮流参加",
                wishes: Wishes { quota: "80", ..NO_WISHES },
                ..SAME_TOPIC
            };
            let wishes = Wishes { weekend: "是", ..NO_WISHES };
            vec![halves, Programme { audience: "园长、保教主任", wishes, ..AFTER_EXAMS }]
        }
    }
}

fn about(subject: Subject, sessions: i64, form: Programme) -> Programme {
    Programme { subject: Some(subject), sessions, ..form }
}

fn primary(dice: &mut Dice) -> Vec<Programme> {
    use Subject::*;
    // The mathematics teachers are wanted twice on one afternoon: the plan must find them different weeks.
    let seminar = Programme { topic: SEMINARS[dice.index(SEMINARS.len())], on_subject_day: true, ..ONLINE };
    vec![
        about(Chinese, 5, SAME_TOPIC),
        about(Maths, 5, SAME_TOPIC),
        about(English, dice.between(3, 4), SAME_TOPIC),
        about(Science, 2, OPEN_LESSON),
        about(Music, 2, Programme { wishes: ARTS_AND_SPORT, ..OPEN_LESSON }),
        about(Sport, 2, Programme { wishes: ARTS_AND_SPORT, ..OPEN_LESSON }),
        about(Morality, 2, Programme { wishes: Wishes { optional: "是", ..NO_WISHES }, ..OPEN_LESSON }),
        about(Maths, 3, seminar),
        about(Chinese, 3, TO_THE_VILLAGE),
        AFTER_EXAMS,
    ]
}

fn junior(dice: &mut Dice) -> Vec<Programme> {
    use Subject::*;
    let wishes = Wishes { evening: "是", ..NO_WISHES };
    let seminar = Programme { topic: SEMINARS[dice.index(SEMINARS.len())], wishes, ..ONLINE };
    let mut programmes = vec![
        about(Chinese, 5, SAME_TOPIC),
        about(Maths, 5, SAME_TOPIC),
        about(English, dice.between(4, 5), SAME_TOPIC),
        about(Physics, 3, SAME_TOPIC),
        about(Chemistry, 2, OPEN_LESSON),
        about(History, 2, OPEN_LESSON),
        about(Morality, 3, SAME_TOPIC),
        about(Sport, 2, OPEN_LESSON),
    ];
    programmes
        .extend([Chinese, Maths, English, Physics, Chemistry].map(|subject| about(subject, 1, FINAL_YEAR)));
    programmes.extend([about(English, 3, seminar), about(Maths, 3, TO_THE_VILLAGE), AFTER_EXAMS]);
    programmes
}

const SEMINARS: [&str; 5] =
    ["大单元教学设计", "作业设计与减负", "课堂提问与评价", "跨学科学习", "学困生辅导"];

fn row(group: &str, stage: Option<Stage>, programme: &Programme) -> Vec<String> {
    let kindergarten = stage == Some(Stage::Kindergarten);
    let subject = match programme.subject {
        Some(subject) => subject.name(),
        // A kindergarten has no subjects: its teachers meet as one (保教).
        None if kindergarten && programme.on_subject_day => "保教",
        None => "",
    };
    let topic = match (programme.topic, programme.form) {
        ("", "中考分科指导") => format!("{subject}中考复习研讨"),
        ("", _) => format!("{subject}学科联合教研"),
        (topic, _) => topic.to_owned(),
    };
    let leads = match (programme.subject, stage) {
        (Some(subject), Some(stage)) => researcher(stage, subject),
        (None, Some(stage)) if subject == "保教" => researcher(stage, Subject::Health),
        _ => None,
    };
    vec![
        group.into(),
        stage.map_or("", Stage::name).into(),
        subject.into(),
        programme.grade.into(),
        programme.form.into(),
        topic,
        programme.sessions.to_string(),
        programme.minutes.to_string(),
        programme.rhythm.into(),
        if programme.on_subject_day { day(stage, programme.subject) } else { String::new() },
        programme.host.into(),
        programme.presenters.into(),
        leads.map_or(String::new(), researcher_code),
        programme.audience.into(),
        if programme.online { "线上" } else { "线下" }.into(),
        programme.wishes.level.into(),
        programme.wishes.evening.into(),
        programme.wishes.weekend.into(),
        programme.wishes.together.into(),
        programme.wishes.quota.into(),
        programme.wishes.optional.into(),
    ]
}

fn day(stage: Option<Stage>, subject: Option<Subject>) -> String {
    match (stage, subject) {
        (Some(stage), Some(subject)) => half_day(stage, subject).map_or(String::new(), |half| half.name()),
        _ => "星期三下午".into(),
    }
}
