//! Which mails people do without. Who said nothing gets them all; invitations, changes, cancellations and decisions about oneself
//! belong to no category and always go out.

use std::collections::{BTreeMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::audit;
use crate::entity::mail_preference::{Column, Entity, Model};
use crate::entity::values::{MailCategory, MessageKind};
use crate::error::Result;
use crate::id;
use crate::scope::Txn;

/// Who does without what.
#[derive(Debug, Clone, Default)]
pub struct Declined(HashSet<(Uuid, MailCategory)>);

impl Declined {
    /// Of everybody in the district: only those who do without something have a row that counts.
    pub async fn load(connection: &impl ConnectionTrait, district_id: Uuid) -> Result<Self> {
        Self::read(connection, declined(district_id)).await
    }

    /// Of some people.
    pub async fn of(
        connection: &impl ConnectionTrait,
        district_id: Uuid,
        people: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self> {
        Self::read(connection, declined(district_id).filter(Column::TeacherId.is_in(people))).await
    }

    async fn read(connection: &impl ConnectionTrait, rows: Select<Entity>) -> Result<Self> {
        let rows = rows.all(connection).await?;
        Ok(Self(rows.into_iter().map(|row| (row.teacher_id, row.category)).collect()))
    }

    /// Whether somebody gets mails of a kind.
    pub fn allows(&self, teacher_id: Uuid, kind: MessageKind) -> bool {
        kind.category().is_none_or(|category| !self.0.contains(&(teacher_id, category)))
    }

    /// Whether somebody wants a category.
    pub fn wants(&self, teacher_id: Uuid, category: MailCategory) -> bool {
        !self.0.contains(&(teacher_id, category))
    }
}

fn declined(district_id: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::DistrictId.eq(district_id)).filter(Column::Wanted.eq(false))
}

/// What somebody wants, category by category.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    district_id: Uuid,
    teacher_id: Uuid,
) -> Result<BTreeMap<MailCategory, bool>> {
    let declined = Declined::of(connection, district_id, [teacher_id]).await?;
    let wants = |category: &MailCategory| (*category, declined.wants(teacher_id, *category));
    Ok(MailCategory::ALL.iter().map(wants).collect())
}

/// Writes what somebody wants; whether anything changed. What is not named stays.
pub async fn write(txn: &Txn, teacher_id: Uuid, wishes: &BTreeMap<MailCategory, bool>) -> Result<bool> {
    let rows = Entity::find()
        .filter(Column::DistrictId.eq(txn.district_id()))
        .filter(Column::TeacherId.eq(teacher_id))
        .all(&**txn)
        .await?;
    let mut changed = false;
    for (category, wanted) in wishes {
        let before = rows.iter().find(|row| row.category == *category);
        if before.is_none_or(|row| row.wanted) == *wanted {
            continue;
        }
        let after = Model {
            id: before.map_or_else(id::new, |row| row.id),
            district_id: txn.district_id(),
            teacher_id,
            category: *category,
            wanted: *wanted,
            changed_at: txn.scope().now(),
        };
        match before {
            Some(before) => audit::update(txn, "mail.prefer", before, after).await?,
            None => audit::insert(txn, "mail.prefer", after).await?,
        };
        changed = true;
    }
    Ok(changed)
}

/// What a link to do without a category names beside the person: fixed for ever, since mails keep their links.
pub const fn link_id(category: MailCategory) -> Uuid {
    let number = match category {
        MailCategory::Reminders => 1,
        MailCategory::WeeklyDigest => 2,
        MailCategory::DailyDigest => 3,
        MailCategory::ReplySummary => 4,
    };
    Uuid::from_u128(0x6d61_696c_0000_7000_8000_0000_0000_0000 | number)
}

/// The category that a link names.
pub fn linked(id: Uuid) -> Option<MailCategory> {
    MailCategory::ALL.iter().copied().find(|category| link_id(*category) == id)
}

/// What a category holds, in Chinese and in English.
pub const fn hint(category: MailCategory) -> (&'static str, &'static str) {
    match category {
        MailCategory::Reminders => (
            "教研活动前的提醒；轮岗步骤、报到、届满和协议到期的提醒",
            "before sessions; of steps of rotation, of postings and agreements that begin or end",
        ),
        MailCategory::WeeklyDigest => (
            "星期日晚上：下一周的教研活动和走教安排",
            "on Sunday evening: the sessions and other schools of the coming week",
        ),
        MailCategory::DailyDigest => (
            "每天17:30：本集团或本校教研活动的发布、变更、取消和不能参加的人",
            "at 17:30: what was published, moved or cancelled in your group or school, and who declined",
        ),
        MailCategory::ReplySummary => (
            "上课日早上8点：今后三个上课日的活动还没有回复的人",
            "at 08:00 on school days: who has not replied for the sessions of the next three school days",
        ),
    }
}
