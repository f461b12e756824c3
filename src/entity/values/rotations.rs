//! Rounds of rotation: policies, the count, applications, proposals, placements.

use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};

values! {
    /// Form of a posting or placement.
    PlacementForm {
        /// 交流.
        Exchange = "exchange" "交流" "exchange",
        /// 支教.
        Support = "support" "支教" "support",
        /// 走教, on fixed weekdays.
        Itinerant = "itinerant" "走教" "itinerant work",
        /// 挂职, the home post kept.
        Secondment = "secondment" "挂职" "secondment",
        /// 任职, the home post left.
        Appointment = "appointment" "任职" "appointment",
    }
}

values! {
    /// Step of a round of rotation, in the order they are taken.
    RoundState {
        /// 摸底: who may or must move, and where teachers are missing.
        Counting = "counting" "摸底" "the count",
        /// 申报: wishes, and exemptions with their evidence.
        Applying = "applying" "申报" "applications",
        /// 学校推荐: what the schools say.
        Recommending = "recommending" "学校推荐" "school recommendations",
        /// 拟订方案.
        Proposing = "proposing" "拟订方案" "the proposal",
        /// 公示: the proposal is public, objections are answered.
        Publicising = "publicising" "公示" "publication",
        /// 审批.
        Approving = "approving" "审批" "approval",
        /// 派遣: placements become postings.
        Dispatching = "dispatching" "派遣" "dispatch",
        /// 在岗, with a mid-term check.
        Serving = "serving" "在岗" "service",
        /// 考核.
        Assessing = "assessing" "考核" "assessment",
        /// 结束.
        Closed = "closed" "结束" "closed",
    }
}

values! {
    /// Where a placement stands.
    PlacementState {
        /// 待派遣: approved, and not yet sent.
        Proposed = "proposed" "待派遣" "to be dispatched",
        /// 已派遣.
        Approved = "approved" "已派遣" "dispatched",
        /// 已撤回.
        Withdrawn = "withdrawn" "已撤回" "withdrawn",
    }
}

values! {
    /// Published rules that a policy can be made from.
    PolicyPreset {
        /// 国家2014年意见.
        National2014 = "national_2014" "国家2014",
        /// 安徽省.
        Anhui = "anhui" "安徽",
        /// 大连市.
        Dalian = "dalian" "大连",
        /// 北京市2021年.
        Beijing2021 = "beijing_2021" "北京2021",
        /// 蒲城县.
        Pucheng = "pucheng" "蒲城",
        /// 武进区2017年.
        Wujin2017 = "wujin_2017" "武进2017",
        /// 合肥市.
        Hefei = "hefei" "合肥",
        /// 临颍县2023年.
        Linying2023 = "linying_2023" "临颍2023",
        /// 上海市示范性集团.
        ShanghaiGroups = "shanghai_groups" "上海示范集团",
    }
}

values! {
    /// What a rule of a policy is about.
    RotationRuleKind {
        /// 同校任教满年限.
        MustMoveTenure = "must_move_tenure" "同校任教满年限",
        /// 年龄上限.
        AgeLimit = "age_limit" "年龄上限",
        /// 校长任期.
        LeaderTerms = "leader_terms" "校长任期",
        /// 距退休年限.
        YearsBeforeRetirement = "years_before_retirement" "距退休年限",
        /// 骨干认定.
        Honour = "honour" "骨干认定",
        /// 学段.
        Stage = "stage" "学段",
        /// 毕业年级.
        GraduatingGrade = "graduating_grade" "毕业年级",
        /// 免于或暂缓.
        Exemption = "exemption" "暂缓",
        /// 比例.
        Rate = "rate" "比例",
        /// 期限.
        Duration = "duration" "期限",
        /// 流向.
        Direction = "direction" "流向",
        /// 每校上限.
        SchoolCap = "school_cap" "每校上限",
        /// 单程最长通勤.
        LongestCommute = "longest_commute" "单程最长通勤",
        /// 形式.
        Forms = "forms" "形式",
        /// 计算日期: the day tenure and age are counted on.
        CountedOn = "counted_on" "计算日期",
    }
}

values! {
    /// Where a teacher stands in a round.
    CandidacyStanding {
        /// 应交流: she must move.
        MustMove = "must_move" "应交流" "due to move",
        /// 可交流: she meets the conditions and may move.
        MayMove = "may_move" "可交流" "free to move",
        /// 免于交流: she meets the conditions and is exempt.
        Exempt = "exempt" "免于交流" "exempt",
        /// 暂缓交流: she meets the conditions, later.
        Deferred = "deferred" "暂缓交流" "deferred",
        /// 不符合条件.
        NotEligible = "not_eligible" "不符合条件" "not eligible",
    }
}

values! {
    /// Where numbers of 学科余缺 come from.
    StaffingSource {
        /// 按课表测算: from timetables.
        Computed = "computed" "按课表测算",
        /// 导入: from the office's sheet.
        Imported = "imported" "导入",
        /// 更正: set by hand, with a reason.
        Corrected = "corrected" "更正",
    }
}

values! {
    /// Where an application stands.
    ApplicationState {
        /// 草稿.
        Draft = "draft" "草稿",
        /// 已提交.
        Submitted = "submitted" "已提交",
        /// 已撤回.
        Withdrawn = "withdrawn" "已撤回",
    }
}

values! {
    /// How the moves of two teachers are linked.
    ApplicationLink {
        /// 同进退: both move or neither does.
        Both = "both" "同进退" "both or neither",
        /// 同校: both go to one school, or neither moves.
        SameSchool = "same_school" "同校" "same school",
    }
}

values! {
    /// On what ground a teacher need not move.
    ExemptionKind {
        /// 孕期.
        Pregnancy = "pregnancy" "孕期" "pregnancy",
        /// 哺乳期.
        Nursing = "nursing" "哺乳期" "nursing",
        /// 病假.
        Illness = "illness" "病假" "illness",
        /// 特色课程带头人.
        FeatureCourse = "feature_course" "特色课程带头人" "lead of a feature course",
        /// 临近退休的校长: within one term of retirement.
        LeaderNearRetirement = "leader_near_retirement" "临近退休的校长" "principal within one term of retirement",
        /// 特殊困难.
        Hardship = "hardship" "特殊困难" "hardship",
    }
}

values! {
    /// Where a request for exemption stands.
    ExemptionState {
        /// 已提交.
        Submitted = "submitted" "已提交" "handed in",
        /// 已同意.
        Accepted = "accepted" "已同意" "accepted",
        /// 未同意.
        Refused = "refused" "未同意" "refused",
    }
}

values! {
    /// What the home school says of a teacher.
    RecommendationVerdict {
        /// 推荐.
        Recommended = "recommended" "推荐" "recommended",
        /// 有保留.
        Reserved = "reserved" "有保留" "with reservations",
        /// 不同意.
        Opposed = "opposed" "不同意" "opposed",
    }
}

values! {
    /// Where a proposal of a round stands.
    ProposalState {
        /// 草案.
        Draft = "draft" "草案" "a draft",
        /// 已公示.
        Publicised = "publicised" "已公示" "public",
        /// 已批准.
        Approved = "approved" "已批准" "approved",
        /// 已被替换: another followed it.
        Superseded = "superseded" "已被替换" "superseded",
        /// 已舍弃.
        Discarded = "discarded" "已舍弃" "discarded",
    }
}

values! {
    /// Where an objection stands.
    ObjectionState {
        /// 待答复.
        Open = "open" "待答复" "open",
        /// 成立.
        Upheld = "upheld" "成立" "upheld",
        /// 不成立.
        Rejected = "rejected" "不成立" "rejected",
    }
}

values! {
    /// Which assessment of a placement.
    AssessmentKind {
        /// 中期检查.
        MidTerm = "mid_term" "中期检查" "mid-term check",
        /// 期满考核.
        Final = "final" "期满考核" "final assessment",
    }
}

values! {
    /// Result of an assessment.
    AssessmentResult {
        /// 优秀.
        Excellent = "excellent" "优秀" "excellent",
        /// 称职.
        Competent = "competent" "称职" "competent",
        /// 基本称职.
        Basic = "basic" "基本称职" "basically competent",
        /// 不称职.
        Failing = "failing" "不称职" "failing",
    }
}
