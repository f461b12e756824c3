//! 课程 What is taught: stages, subjects, lessons a week, and the half-day a subject keeps free.

/// 学段
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Stage {
    Kindergarten,
    Primary,
    Junior,
}

impl Stage {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Kindergarten => "幼儿园",
            Self::Primary => "小学",
            Self::Junior => "初中",
        }
    }

    pub(super) fn grades(self) -> &'static [&'static str] {
        match self {
            Self::Kindergarten => &["小班", "中班", "大班"],
            Self::Primary => &["一年级", "二年级", "三年级", "四年级", "五年级", "六年级"],
            Self::Junior => &["七年级", "八年级", "九年级"],
        }
    }

    /// 节次 Start and end of each period of a day.
    pub(super) fn bells(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Kindergarten => &[("08:30", "11:20"), ("14:30", "16:50")],
            Self::Primary => &[
                ("08:30", "09:10"),
                ("09:20", "10:00"),
                ("10:30", "11:10"),
                ("11:20", "12:00"),
                ("14:20", "15:00"),
                ("15:10", "15:50"),
            ],
            Self::Junior => &[
                ("08:00", "08:45"),
                ("08:55", "09:40"),
                ("10:10", "10:55"),
                ("11:05", "11:50"),
                ("14:20", "15:05"),
                ("15:15", "16:00"),
                ("16:10", "16:55"),
            ],
        }
    }

    /// How many of a day's periods lie before noon.
    pub(super) fn morning(self) -> usize {
        if self == Self::Kindergarten { 1 } else { 4 }
    }
}

macro_rules! subjects {
    ($($subject:ident $name:literal)*) => {
        /// 学科
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub(super) enum Subject { $($subject),* }

        impl Subject {
            pub(super) const ALL: &'static [Self] = &[$(Self::$subject),*];

            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$subject => $name),* }
            }
        }
    };
}

subjects! {
    Chinese "语文" Maths "数学" English "英语" Morality "道德与法治" History "历史" Geography "地理" Science "科学"
    Physics "物理" Chemistry "化学" Biology "生物学" Computing "信息科技" Sport "体育与健康" Music "音乐" Art "美术"
    Labour "劳动" Projects "综合实践活动" Wellbeing "心理健康"
    Health "健康" Language "语言" Society "社会" Arts "艺术"
}

use Subject::*;

/// 领域 What a kindergarten teacher may be called a teacher of.
pub(super) const KINDERGARTEN: [Subject; 5] = [Health, Language, Society, Science, Arts];

/// A subject in one class's week. Where it takes turns with another, one is held in odd and the other in even weeks.
#[derive(Clone, Copy)]
pub(super) struct Course {
    pub(super) subject: Subject,
    pub(super) lessons: usize,
    pub(super) turns_with: Option<Subject>,
}

const fn weekly(subject: Subject, lessons: usize) -> Course {
    Course { subject, lessons, turns_with: None }
}

const fn in_turn(odd: Subject, even: Subject) -> Course {
    Course { subject: odd, lessons: 1, turns_with: Some(even) }
}

// The two lowest grades go home early four days a week, as the national plan of 26 lessons has it.
const LOWER_PRIMARY: &[Course] = &[
    weekly(Chinese, 8),
    weekly(Maths, 5),
    weekly(Morality, 2),
    weekly(Science, 1),
    weekly(Sport, 4),
    weekly(Music, 2),
    weekly(Art, 2),
    weekly(Labour, 1),
    in_turn(Projects, Wellbeing),
];
const UPPER_PRIMARY: &[Course] = &[
    weekly(Chinese, 7),
    weekly(Maths, 5),
    weekly(English, 3),
    weekly(Morality, 2),
    weekly(Science, 2),
    weekly(Sport, 4),
    weekly(Music, 2),
    weekly(Art, 2),
    weekly(Computing, 1),
    weekly(Labour, 1),
    in_turn(Projects, Wellbeing),
];
const SEVENTH: &[Course] = &[
    weekly(Chinese, 6),
    weekly(Maths, 6),
    weekly(English, 5),
    weekly(Morality, 2),
    weekly(History, 2),
    weekly(Geography, 2),
    weekly(Biology, 3),
    weekly(Sport, 4),
    weekly(Music, 1),
    weekly(Art, 1),
    weekly(Computing, 1),
    weekly(Labour, 1),
    in_turn(Projects, Wellbeing),
];
const EIGHTH: &[Course] = &[
    weekly(Chinese, 6),
    weekly(Maths, 6),
    weekly(English, 5),
    weekly(Physics, 3),
    weekly(Morality, 2),
    weekly(History, 2),
    weekly(Geography, 2),
    weekly(Biology, 2),
    weekly(Sport, 3),
    weekly(Music, 1),
    weekly(Art, 1),
    in_turn(Computing, Labour),
    in_turn(Projects, Wellbeing),
];
const NINTH: &[Course] = &[
    weekly(Chinese, 6),
    weekly(Maths, 6),
    weekly(English, 6),
    weekly(Physics, 3),
    weekly(Chemistry, 3),
    weekly(Morality, 2),
    weekly(History, 2),
    weekly(Sport, 3),
    weekly(Music, 1),
    weekly(Art, 1),
    in_turn(Computing, Labour),
    in_turn(Projects, Wellbeing),
];

/// What a class of this grade (counted from 0 within its stage) learns in a week.
pub(super) fn courses(stage: Stage, grade: usize) -> &'static [Course] {
    match (stage, grade) {
        (Stage::Kindergarten, _) => &[],
        (Stage::Primary, 0 | 1) => LOWER_PRIMARY,
        (Stage::Primary, _) => UPPER_PRIMARY,
        (Stage::Junior, 0) => SEVENTH,
        (Stage::Junior, 1) => EIGHTH,
        (Stage::Junior, _) => NINTH,
    }
}

/// Teachers of which subjects may also give this one, where a school has too few of its own. Empty: specialists only.
pub(super) fn stand_ins(subject: Subject) -> &'static [Subject] {
    match subject {
        Morality => &[Chinese, History],
        Computing => &[Maths, Science, Physics],
        Labour => &[Projects, Computing, Science, Chemistry, Geography, Biology, Physics, Maths, Art],
        Projects => &[Labour, Science, Computing, Geography, Biology, Chemistry, Morality, Maths],
        Wellbeing => &[Morality, Chinese, English],
        _ => &[],
    }
}

/// 教研日 A weekday (0 = Monday) and its half.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct HalfDay {
    pub(super) weekday: usize,
    pub(super) afternoon: bool,
}

impl HalfDay {
    pub(super) fn name(self) -> String {
        let half = if self.afternoon { "下午" } else { "上午" };
        format!("星期{}{half}", WEEKDAYS[self.weekday])
    }

    /// Whether a period of the stage's week, counted from Monday's first, lies in this half-day.
    pub(super) fn covers(self, stage: Stage, slot: usize) -> bool {
        let periods = stage.bells().len();
        slot / periods == self.weekday && (slot % periods >= stage.morning()) == self.afternoon
    }
}

pub(super) const WEEKDAYS: [&str; 5] = ["一", "二", "三", "四", "五"];

/// The half-day the county keeps free of a subject's lessons, so that its teachers can meet.
pub(super) fn half_day(stage: Stage, subject: Subject) -> Option<HalfDay> {
    let (weekday, afternoon) = match (stage, subject) {
        (Stage::Kindergarten, _) => return None,
        (_, Chinese) => (1, true),
        (_, Maths) => (2, true),
        (_, English) => (3, true),
        (_, Sport) => (0, true),
        (Stage::Primary, Music) => (0, false),
        (Stage::Primary, Morality) => (3, false),
        (Stage::Primary, Science) => (4, false),
        (Stage::Junior, History) => (3, false),
        (Stage::Junior, Morality) => (4, false),
        (Stage::Junior, Physics | Chemistry) => (4, true),
        _ => return None,
    };
    Some(HalfDay { weekday, afternoon })
}
