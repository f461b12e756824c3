//! Changes to where people work.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::entity::posting;
use crate::entity::values::{DutyKind, PlacementForm};
use crate::graphql::{Fault, ident, settle, writer};
use crate::id::Kind;
use crate::people;
use crate::people::graphql::Posting;
use crate::scope::Scope;

/// Work at another school.
#[derive(Debug, InputObject)]
pub struct PostingAddInput {
    /// Who.
    teacher_id: ID,
    /// Where.
    school_id: ID,
    /// In which form.
    form: PlacementForm,
    /// ISO weekdays, 1–7; empty: every day. 走教 must name them.
    #[graphql(default)]
    weekdays: Vec<i32>,
    /// Whether she keeps her post at home (挂职, 走教).
    home_post_kept: bool,
    /// A duty she holds there.
    duty: Option<DutyKind>,
    /// First day.
    from_on: NaiveDate,
    /// Last day.
    until_on: Option<NaiveDate>,
    /// Bus card, 周转房 and the like, for the traveller.
    note: Option<String>,
}

/// The end of a posting.
#[derive(Debug, InputObject)]
pub struct PostingEndInput {
    /// The posting.
    posting_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// Her last day there.
    until_on: NaiveDate,
}

/// What came of a change to a posting.
#[derive(SimpleObject)]
pub struct PostingPayload {
    /// The posting as it now is.
    posting: Option<Posting>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Changes where people work.
#[derive(Default)]
pub struct PeopleMutation;

#[Object]
impl PeopleMutation {
    /// Sends somebody to work at another school.
    async fn posting_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who goes where.")] input: PostingAddInput,
    ) -> Result<PostingPayload> {
        let scope = writer(ctx)?;
        let (posting, user_errors) = settle(ctx, add_posting(scope, input).await, None).await?;
        Ok(PostingPayload { posting, user_errors })
    }

    /// Brings somebody back; the history stays.
    async fn posting_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and when.")] input: PostingEndInput,
    ) -> Result<PostingPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Posting.parse(&input.posting_id);
        let (posting, user_errors) = settle(ctx, end_posting(scope, input).await, row).await?;
        Ok(PostingPayload { posting, user_errors })
    }
}

async fn add_posting(scope: &Scope, input: PostingAddInput) -> crate::error::Result<posting::Model> {
    let new = people::NewPosting {
        teacher_id: ident(Kind::Teacher, &input.teacher_id, "teacherId")?,
        school_id: ident(Kind::School, &input.school_id, "schoolId")?,
        form: input.form,
        weekdays: input.weekdays,
        home_post_kept: input.home_post_kept,
        duty: input.duty,
        placement_id: None,
        from_on: input.from_on,
        until_on: input.until_on,
        note: input.note,
    };
    people::add_posting(scope, new).await
}

async fn end_posting(scope: &Scope, input: PostingEndInput) -> crate::error::Result<posting::Model> {
    let id = ident(Kind::Posting, &input.posting_id, "postingId")?;
    people::end_posting(scope, id, input.expected_version, input.until_on).await
}
