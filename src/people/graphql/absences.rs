//! People who are not there for some days.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::access;
use crate::entity::absence;
use crate::graphql::{
    Connected, Fault, Key, OrFault, Order, Page, ident, object_over, page, scope, settle, the, weight, writer,
};
use crate::id::Kind;
use crate::people::absences::{self, NewAbsence};
use crate::people::graphql::Teacher;
use crate::people::graphql::away::AwayDays;
use crate::scope::Scope;

object_over! {
    /// An absence.
    Absence, absence, dated
}

/// Days on which a person is not there 请假: planning invites her to nothing on them.
#[Object]
impl Absence {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Absence.id(self.0.id).into()
    }

    /// Who.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// The days, and who recorded them.
    #[graphql(flatten)]
    async fn days(&self) -> AwayDays {
        let row = &self.0;
        AwayDays {
            from_on: row.from_on,
            until_on: row.until_on,
            recorded_by: row.recorded_by.clone(),
            recorded_at: row.recorded_at,
            version: row.version,
        }
    }

    /// Why; null when nobody is signed in.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let may_see = access::may_see_personal(scope(ctx)?);
        Ok(may_see.then_some(self.0.reason.as_str()))
    }
}

/// Reads absences.
#[derive(Default)]
pub struct AbsencesQuery;

#[Object]
impl AbsencesQuery {
    /// Absences 请假, by first day.
    #[graphql(complexity = "weight(first, last, child_complexity)")]
    async fn absences(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this person.")] teacher_id: Option<ID>,
        #[graphql(desc = "Only those that last until this day or longer.")] from: Option<NaiveDate>,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<Absence>> {
        let mut select = absences::absences(from, None);
        if let Some(id) = teacher_id {
            let teacher = ident(Kind::Teacher, &id, "teacherId").or_fault(ctx)?;
            select = select.filter(absence::Column::TeacherId.eq(teacher));
        }
        let order = Order::by(absence::Column::FromOn, |row: &absence::Model| Key::Day(row.from_on));
        page(ctx, select, order, Page::new(first, after, last, before)).await
    }
}

/// Days on which a person is not there.
#[derive(Debug, InputObject)]
pub struct AbsenceAddInput {
    /// Who.
    teacher_id: ID,
    /// First day.
    from_on: NaiveDate,
    /// Last day; null: nobody knows yet.
    until_on: Option<NaiveDate>,
    /// Why, for the office; those invited elsewhere do not see it.
    reason: String,
}

/// The end of an absence.
#[derive(Debug, InputObject)]
pub struct AbsenceEndInput {
    /// The absence.
    absence_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// Her last day away; a day before the first removes what was recorded by mistake.
    until_on: NaiveDate,
}

/// What came of a change to an absence.
#[derive(SimpleObject)]
pub struct AbsencePayload {
    /// The absence as it now is, or as it was when it was removed.
    absence: Option<Absence>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Records absences.
#[derive(Default)]
pub struct AbsencesMutation;

#[Object]
impl AbsencesMutation {
    /// Records that a person is not there. What is published stays until it is planned anew (`planRunStart` with mode `REPLAN`).
    async fn absence_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and when.")] input: AbsenceAddInput,
    ) -> Result<AbsencePayload> {
        let scope = writer(ctx)?;
        let (absence, user_errors) = settle(ctx, add(scope, input).await, None).await?;
        Ok(AbsencePayload { absence, user_errors })
    }

    /// Sets the last day of an absence.
    async fn absence_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and when.")] input: AbsenceEndInput,
    ) -> Result<AbsencePayload> {
        let scope = writer(ctx)?;
        let row = Kind::Absence.parse(&input.absence_id);
        let (absence, user_errors) = settle(ctx, end(scope, input).await, row).await?;
        Ok(AbsencePayload { absence, user_errors })
    }
}

async fn add(scope: &Scope, input: AbsenceAddInput) -> crate::error::Result<absence::Model> {
    let new = NewAbsence {
        teacher_id: ident(Kind::Teacher, &input.teacher_id, "teacherId")?,
        from_on: input.from_on,
        until_on: input.until_on,
        reason: input.reason,
    };
    absences::add(scope, new).await
}

async fn end(scope: &Scope, input: AbsenceEndInput) -> crate::error::Result<absence::Model> {
    let id = ident(Kind::Absence, &input.absence_id, "absenceId")?;
    absences::end(scope, id, input.expected_version, input.until_on).await
}
