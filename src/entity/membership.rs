//! A school's place in a group 成员关系, with dates: it ends, it is never deleted.

use sea_orm::entity::prelude::*;

use super::values::MembershipRole;

/// A school's place in a group 成员关系, with dates: it ends, it is never deleted.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The group.
    pub group_id: Uuid,
    /// The school; a partner may belong to another district, hence no foreign key.
    pub school_id: Uuid,
    /// Core, member or partner.
    pub role: MembershipRole,
    /// First day.
    pub joined_on: Date,
    /// First day on which it no longer belongs.
    pub left_on: Option<Date>,
    /// Last day of a partner's agreement.
    pub agreement_ends_on: Option<Date>,
    /// Rises with every change.
    pub version: i32,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
