//! A rule of a policy 轮岗规定, typed: `rotations::policy::Rule`.

use sea_orm::entity::prelude::*;

use super::values::RotationRuleKind;

/// A rule of a policy 轮岗规定, typed: `rotations::policy::Rule`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "rotation_rule")]
pub struct Model {
    /// Identifier (UUIDv7).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The district it belongs to.
    pub district_id: Uuid,
    /// The policy.
    pub policy_id: Uuid,
    /// Its place in the policy, from 1.
    pub ordinal: i32,
    /// What it is about.
    pub kind: RotationRuleKind,
    /// The rule: a `rotations::policy::Rule`.
    #[sea_orm(column_type = "JsonBinary")]
    pub value: Json,
    /// Where it comes from or how it is read; decides nothing.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
}

/// Joins are written where they are used.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
