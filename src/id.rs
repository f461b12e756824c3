//! Identifiers as people and programs see them: TypeIDs, a UUIDv7 with its type in front (`school_01h…`).

use std::str::FromStr;

use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// Declares the kinds of things that have an identifier.
macro_rules! kinds {
    ($($kind:ident $prefix:literal $zh:literal,)+) => {
        /// What an identifier names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum Kind { $($kind,)+ }

        impl Kind {
            const ALL: &'static [Kind] = &[$(Kind::$kind,)+];

            /// The type in front of the identifier.
            pub const fn prefix(self) -> &'static str {
                match self { $(Kind::$kind => $prefix,)+ }
            }

            /// The word people read.
            pub const fn zh(self) -> &'static str {
                match self { $(Kind::$kind => $zh,)+ }
            }
        }
    };
}

kinds! {
    District "district" "区县",
    School "school" "学校",
    Group "group" "教育集团",
    Membership "membership" "成员关系",
    Subject "subject" "学科",
    Teacher "teacher" "教师",
    Appointment "appointment" "编制",
    Posting "posting" "派遣",
    Absence "absence" "请假记录",
    Researcher "researcher" "教研员",
    Team "team" "工作室",
    Term "term" "学期",
    SchoolDay "day" "校历日",
    Bell "bell" "节次",
    SchoolClass "class" "班级",
    Lesson "lesson" "课",
    Room "room" "场地",
    RoomClosure "closure" "停用记录",
    Programme "programme" "教研计划",
    Session "session" "教研活动",
    Participant "participant" "参与人",
    Plan "plan" "排期方案",
    PlanRun "run" "排期任务",
    Round "round" "轮岗批次",
    RoundStep "step" "轮岗步骤",
    Placement "placement" "轮岗安排",
    Policy "policy" "轮岗政策",
    Staffing "staffing" "学科余缺",
    Candidacy "candidacy" "摸底记录",
    Application "application" "轮岗申报",
    Exemption "exemption" "免轮申请",
    Recommendation "recommendation" "学校推荐意见",
    Proposal "proposal" "轮岗方案",
    ProposalMove "move" "轮岗方案中的人选",
    ProposalRun "proposing" "轮岗方案的求解",
    Objection "objection" "异议",
    Assessment "assessment" "考核",
    CalendarFeed "feed" "日历订阅",
    Message "message" "邮件",
    AuditEntry "audit" "审计记录",
}

impl Kind {
    /// The identifier of a row of this kind, as text.
    pub fn id(self, uuid: Uuid) -> String {
        match DynamicType::new(self.prefix()) {
            Ok(prefix) => TypeSafeId::from_type_and_uuid(prefix, uuid).to_string(),
            Err(_) => unreachable!("prefixes are lowercase letters"),
        }
    }

    /// Reads an identifier of this kind; `None` when it is malformed or of another kind.
    pub fn parse(self, text: &str) -> Option<Uuid> {
        parse(text).filter(|(kind, _)| *kind == self).map(|(_, uuid)| uuid)
    }
}

/// Reads an identifier of any kind.
pub fn parse(text: &str) -> Option<(Kind, Uuid)> {
    let id = TypeSafeId::<DynamicType>::from_str(text).ok()?;
    let kind = Kind::ALL.iter().copied().find(|kind| kind.prefix() == id.type_prefix())?;
    Some((kind, id.uuid()))
}

/// A new identifier; rises with time, so that rows lie in the order they were made.
pub fn new() -> Uuid {
    Uuid::now_v7()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_reads_back_as_what_it_names() {
        for kind in Kind::ALL {
            let uuid = new();
            assert_eq!(parse(&kind.id(uuid)), Some((*kind, uuid)));
        }
    }

    #[test]
    fn an_identifier_of_another_kind_is_not_taken() {
        let school = Kind::School.id(new());
        assert_eq!(Kind::Teacher.parse(&school), None);
        assert_eq!(parse("school_"), None);
        assert_eq!(parse("🏫"), None);
    }
}
