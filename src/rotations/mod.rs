//! Rounds of rotation 轮岗: policy, count, applications, proposals, publication, dispatch, assessment, certificates.

pub mod applications;
pub mod assessments;
pub mod certificates;
pub mod count;
pub mod dispatch;
pub mod exemptions;
pub mod graphql;
pub mod letters;
mod notices;
pub mod objections;
mod opening;
pub mod papers;
pub mod permits;
pub mod policy;
pub mod proposals;
pub mod recommendations;
pub mod reminders;
pub mod schools;
mod stages;
pub mod steps;

use chrono::NaiveDate;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::LockType;

use crate::entity::teacher;
use crate::error::{Result, UserError};
use crate::id::Kind;
use crate::rows;
use crate::scope::Txn;

pub use opening::{NewOpening, NewRound, Opening, create_round, open_round, opening};

/// The teacher, held until the transaction ends: what two people write of her at once is written one after the other.
async fn one_at_a_time(txn: &Txn, teacher_id: Uuid) -> Result<teacher::Model> {
    rows::hold::<teacher::Entity>(txn, Kind::Teacher, teacher_id, LockType::Update).await
}

fn no_home_school(teacher: &teacher::Model, on: NaiveDate) -> UserError {
    let zh = format!("{}在 {on} 没有编制所在学校", teacher.name);
    let en = format!("{} has no home school on {on}", teacher.name);
    UserError::new("NO_HOME_SCHOOL", zh, en).at("teacherId")
}
