//! Applications as the API shows them.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

use crate::access;
use crate::entity::values::{ApplicationLink, ApplicationState, PlacementForm};
use crate::entity::{application, application_wish};
use crate::error::UserError;
use crate::graphql::{Fault, ident, many, object_over, one, scope, settle, the, writer};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::rotations::applications::{self, Form};
use crate::rotations::graphql::RotationRound;
use crate::scope::Scope;

object_over! {
    /// An application.
    Application, application
}

/// A teacher's application 申报 in a round.
#[Object]
impl Application {
    /// Identifier.
    pub async fn id(&self) -> ID {
        Kind::Application.id(self.0.id).into()
    }

    /// The round.
    async fn round(&self, ctx: &Context<'_>) -> Result<RotationRound> {
        the(ctx, self.0.round_id).await
    }

    /// Who applies.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// In which form.
    async fn form(&self) -> PlacementForm {
        self.0.form
    }

    /// For how many years.
    async fn years(&self) -> i32 {
        self.0.years
    }

    /// Why; null when nobody is signed in.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let may_see = access::may_see_personal(scope(ctx)?);
        Ok(self.0.reason.as_deref().filter(|_| may_see))
    }

    /// Schools she wishes for, the most wished one first.
    async fn wishes(&self, ctx: &Context<'_>) -> Result<Vec<ApplicationWish>> {
        let mut wishes: Vec<ApplicationWish> =
            many(ctx, application_wish::Column::ApplicationId, self.0.id).await?;
        wishes.sort_by_key(|wish| wish.0.rank);
        Ok(wishes)
    }

    /// The teacher whose move hers is linked to.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Teacher>> {
        one(ctx, self.0.partner_id).await
    }

    /// How the two are linked.
    async fn link(&self) -> Option<ApplicationLink> {
        self.0.link
    }

    /// Whether she says on her paper that she offers to move though she need not; the count says whether she need.
    async fn volunteer(&self) -> bool {
        self.0.volunteer
    }

    /// Where it stands.
    async fn state(&self) -> ApplicationState {
        self.0.state
    }

    /// When it was handed in.
    async fn submitted_at(&self) -> Option<DateTime<Utc>> {
        self.0.submitted_at
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

object_over! {
    /// A wish.
    ApplicationWish, application_wish
}

/// A school that an applicant wishes for.
#[Object]
impl ApplicationWish {
    /// 1 for the first wish.
    async fn rank(&self) -> i32 {
        self.0.rank
    }

    /// The school.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.school_id).await
    }
}

/// An application as its form has it.
#[derive(Debug, InputObject)]
pub struct ApplicationInput {
    /// The round.
    round_id: ID,
    /// Who applies: oneself, or a teacher on whose behalf.
    teacher_id: ID,
    /// The version of the application that was looked at; null when there was none yet.
    expected_version: Option<i32>,
    /// In which form.
    #[graphql(default_with = "PlacementForm::Exchange")]
    form: PlacementForm,
    /// For how many years, 1 to 10.
    years: i32,
    /// Why.
    reason: Option<String>,
    /// Schools she wishes for, the most wished one first; at most 5.
    school_ids: Vec<ID>,
    /// The teacher whose move hers is linked to; goes with `link`.
    partner_id: Option<ID>,
    /// How the two are linked; goes with `partnerId`.
    link: Option<ApplicationLink>,
    /// Whether she says on her paper that she offers to move though she need not; the count says whether she need.
    #[graphql(default)]
    volunteer: bool,
}

/// An application to take back.
#[derive(Debug, InputObject)]
pub struct ApplicationWithdrawInput {
    /// The application.
    application_id: ID,
    /// The version that was looked at.
    expected_version: i32,
}

/// What came of a change to an application.
#[derive(SimpleObject)]
pub struct ApplicationPayload {
    /// The application as it now is.
    application: Option<Application>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Writes applications.
#[derive(Default)]
pub struct ApplicationsMutation;

#[Object]
impl ApplicationsMutation {
    /// Keeps an application as a draft, within the days of 申报.
    async fn application_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The whole form.")] input: ApplicationInput,
    ) -> Result<ApplicationPayload> {
        let scope = writer(ctx)?;
        let outcome = save(scope, input).await;
        payload(ctx, outcome, None).await
    }

    /// Hands an application in, within the days of 申报; the applicant is told that it has arrived.
    async fn application_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The whole form.")] input: ApplicationInput,
    ) -> Result<ApplicationPayload> {
        let scope = writer(ctx)?;
        let outcome = submit(scope, input).await;
        payload(ctx, outcome, None).await
    }

    /// Takes an application back, within the days of 申报.
    async fn application_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: ApplicationWithdrawInput,
    ) -> Result<ApplicationPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Application.parse(&input.application_id);
        payload(ctx, withdraw(scope, input).await, row).await
    }
}

async fn payload(
    ctx: &Context<'_>,
    outcome: crate::error::Result<application::Model>,
    row: Option<uuid::Uuid>,
) -> Result<ApplicationPayload> {
    let (application, user_errors) = settle(ctx, outcome, row).await?;
    Ok(ApplicationPayload { application, user_errors })
}

async fn save(scope: &Scope, input: ApplicationInput) -> crate::error::Result<application::Model> {
    applications::save(scope, form(input)?).await
}

async fn submit(scope: &Scope, input: ApplicationInput) -> crate::error::Result<application::Model> {
    applications::submit(scope, form(input)?).await
}

async fn withdraw(
    scope: &Scope,
    input: ApplicationWithdrawInput,
) -> crate::error::Result<application::Model> {
    let id = ident(Kind::Application, &input.application_id, "applicationId")?;
    applications::withdraw(scope, id, input.expected_version).await
}

fn form(input: ApplicationInput) -> crate::error::Result<Form> {
    let link = match (&input.partner_id, input.link) {
        (Some(partner), Some(link)) => Some((ident(Kind::Teacher, partner, "partnerId")?, link)),
        (None, None) => None,
        _ => {
            let (zh, en) = ("联动的对方和方式要一起填", "partnerId and link go together");
            return Err(UserError::new("LINK_INCOMPLETE", zh, en).at("partnerId").into());
        }
    };
    let wishes = (0..).zip(&input.school_ids);
    let wishes = wishes.map(|(place, id): (usize, _)| ident(Kind::School, id, &format!("schoolIds.{place}")));
    Ok(Form {
        round_id: ident(Kind::Round, &input.round_id, "roundId")?,
        teacher_id: ident(Kind::Teacher, &input.teacher_id, "teacherId")?,
        form: input.form,
        years: input.years,
        reason: input.reason,
        wishes: wishes.collect::<crate::error::Result<_>>()?,
        link,
        volunteer: input.volunteer,
        expected_version: input.expected_version,
    })
}
