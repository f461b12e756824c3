//! The limits a district or group sets, with what holds when nobody does.

/// A limit of planning 排期限额.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "PlanningLimit")]
pub enum Limit {
    /// Lessons of one person that may be covered 调课 in a week.
    CoverPerWeek,
    /// Sessions of one person in a week; 0: any number.
    SessionsPerWeek,
    /// Sessions at one school in a day; 0: any number.
    SessionsPerSchoolDay,
    /// Minutes one person travels in a term; 0: any number.
    TravelPerTerm,
    /// Weeks in which every teacher meets at least once; 0: not asked.
    WeeksBetweenMeetings,
    /// Minutes of a way from which a school is far: its people then go on one day; 0: none is.
    FarMinutes,
    /// Least share of the sessions that core schools host, in percent.
    CoreHostingLeast,
    /// Greatest share of the sessions that core schools host, in percent.
    CoreHostingMost,
    /// Days' notice for a session with presenters.
    PresenterNoticeDays,
    /// Hours' notice for any session.
    NoticeHours,
}

struct Facts {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    default: i64,
    most: i64,
}

impl Limit {
    /// All limits, in the order of lists.
    pub const ALL: [Self; 10] = [
        Self::CoverPerWeek,
        Self::SessionsPerWeek,
        Self::SessionsPerSchoolDay,
        Self::TravelPerTerm,
        Self::WeeksBetweenMeetings,
        Self::FarMinutes,
        Self::CoreHostingLeast,
        Self::CoreHostingMost,
        Self::PresenterNoticeDays,
        Self::NoticeHours,
    ];

    const fn facts(self) -> Facts {
        let (name, zh, en, default, most) = match self {
            Self::CoverPerWeek => (
                "cover_per_week",
                "每人每周调课不超过的节数",
                "lessons of one person covered in a week",
                4,
                40,
            ),
            Self::SessionsPerWeek => (
                "sessions_per_week",
                "每人每周参加活动不超过的次数（0为不限）",
                "sessions of one person in a week (0: any number)",
                3,
                50,
            ),
            Self::SessionsPerSchoolDay => (
                "sessions_per_school_day",
                "每校每天承办活动不超过的次数（0为不限）",
                "sessions at one school in a day (0: any number)",
                2,
                50,
            ),
            Self::TravelPerTerm => (
                "travel_per_term",
                "每人每学期路程不超过的分钟数（0为不限）",
                "minutes one person travels in a term (0: any number)",
                0,
                100_000,
            ),
            Self::WeeksBetweenMeetings => (
                "weeks_between_meetings",
                "每位教师至少几周参加一次活动（0为不要求）",
                "weeks in which every teacher meets at least once (0: not asked)",
                2,
                30,
            ),
            Self::FarMinutes => (
                "far_minutes",
                "路程达到多少分钟算远：同校教师尽量同一天去（0为不论）",
                "minutes of a way that is far: people of one school then go on one day (0: none is)",
                40,
                600,
            ),
            Self::CoreHostingLeast => (
                "core_hosting_least",
                "核心校承办次数至少占的百分比",
                "least share hosted by core schools, percent",
                0,
                100,
            ),
            Self::CoreHostingMost => (
                "core_hosting_most",
                "核心校承办次数至多占的百分比",
                "greatest share hosted by core schools, percent",
                100,
                100,
            ),
            Self::PresenterNoticeDays => (
                "presenter_notice_days",
                "有授课教师的活动提前几天通知",
                "days' notice for a session with presenters",
                7,
                60,
            ),
            Self::NoticeHours => {
                ("notice_hours", "其他活动提前几小时通知", "hours' notice for any other session", 12, 720)
            }
        };
        Facts { name, zh, en, default, most }
    }

    /// snake_case, as it is stored and as commands name it.
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// What it limits: `(zh, en)`.
    pub const fn sentence(self) -> (&'static str, &'static str) {
        let facts = self.facts();
        (facts.zh, facts.en)
    }

    /// What holds when nobody sets it.
    pub const fn default(self) -> i64 {
        self.facts().default
    }

    /// The greatest value that may be set; the least is 0.
    pub const fn most(self) -> i64 {
        self.facts().most
    }

    /// The limit of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.name() == name)
    }
}
