//! Schools, groups and people.

use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};

values! {
    /// Stage of schooling 学段.
    Stage {
        /// 幼儿园.
        Kindergarten = "kindergarten" "幼儿园" "kindergarten",
        /// 小学, grades 1–6.
        Primary = "primary" "小学" "primary",
        /// 初中, grades 7–9.
        Junior = "junior" "初中" "junior secondary",
        /// 高中, grades 10–12.
        Senior = "senior" "高中" "senior secondary",
    }
}

values! {
    /// Where a school lies 城乡.
    Locale {
        /// 城区.
        Urban = "urban" "城区",
        /// 镇区.
        Town = "town" "镇区",
        /// 乡村.
        Rural = "rural" "乡村",
    }
}

values! {
    /// Kind of a group.
    GroupKind {
        /// 教育集团.
        EducationGroup = "education_group" "教育集团",
        /// 教共体.
        Community = "community" "教共体",
        /// 学区.
        Zone = "zone" "学区",
        /// 联盟.
        Alliance = "alliance" "联盟",
    }
}

values! {
    /// A school's role in a group.
    MembershipRole {
        /// 核心校.
        Core = "core" "核心校",
        /// 成员校.
        Member = "member" "成员校",
        /// 联盟校, from outside the district.
        Partner = "partner" "联盟校",
    }
}

values! {
    /// Sex as on file 性别.
    Sex {
        /// 女.
        Female = "female" "女",
        /// 男.
        Male = "male" "男",
    }
}

values! {
    /// Professional title 职称, highest first.
    Title {
        /// 正高级教师.
        SeniorProfessor = "senior_professor" "正高级教师",
        /// 高级教师.
        Senior = "senior" "高级教师",
        /// 一级教师.
        First = "first" "一级教师",
        /// 二级教师.
        Second = "second" "二级教师",
        /// 三级教师.
        Third = "third" "三级教师",
    }
}

values! {
    /// Level of an honour.
    HonourLevel {
        /// 校级.
        School = "school" "校级",
        /// 县级.
        County = "county" "县级",
        /// 市级.
        City = "city" "市级",
        /// 省级.
        Province = "province" "省级",
        /// 国家级.
        Nation = "nation" "国家级",
    }
}

values! {
    /// Duty at a school 职务. At a kindergarten the principal is the 园长.
    DutyKind {
        /// 校长, 园长.
        Principal = "principal" "校长" "principal",
        /// 副校长, 副园长.
        VicePrincipal = "vice_principal" "副校长" "vice principal",
        /// 教导主任.
        TeachingDirector = "teaching_director" "教导主任" "director of teaching",
        /// 保教主任 (kindergarten).
        CareDirector = "care_director" "保教主任" "director of care and teaching",
        /// 备课组长.
        LessonGroupLead = "lesson_group_lead" "备课组长" "lead of a lesson group",
    }
}

values! {
    /// Kind of a team.
    TeamKind {
        /// 名师工作室.
        Studio = "studio" "名师工作室",
        /// 专家团队.
        Experts = "experts" "专家团队",
    }
}

values! {
    /// Role in a team.
    TeamRole {
        /// 主持人.
        Lead = "lead" "主持人",
        /// 成员.
        Member = "member" "成员",
    }
}
