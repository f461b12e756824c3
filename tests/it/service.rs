//! People of the small town who serve at other schools.

use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::Value;
use tongpan::entity::values::*;
use tongpan::entity::*;
use tongpan::error::Language;
use tongpan::graphql::Request;
use tongpan::id;
use tongpan::people::{self, NewPosting};
use tongpan::schema;
use tongpan::scope::Scope;

use crate::rounds::Round;
use crate::rows::day;

/// Somebody's service.
pub struct Service<'a> {
    pub number: &'a str,
    pub school: &'a str,
    pub form: PlacementForm,
    pub from: &'a str,
    pub until: &'a str,
}

/// 赵敏 at 城东小学, for two years.
pub const ZHAO: Service<'static> = Service {
    number: "T11",
    school: "城东小学",
    form: PlacementForm::Exchange,
    from: "2027-09-01",
    until: "2029-08-31",
};

/// 王芳 at 石桥小学, for a year.
pub const WANG: Service<'static> = Service {
    number: "T02",
    school: "石桥小学",
    form: PlacementForm::Support,
    from: "2027-09-01",
    until: "2028-08-31",
};

impl Round<'_> {
    /// The round comes to stand at this step, whatever is missing before it.
    pub async fn stands_at(&self, state: RoundState) {
        let mut row = self.now().await.into_active_model();
        row.state = Set(state);
        let txn = self.town.scope.begin().await.expect("a transaction");
        row.update(&*txn).await.expect("the round");
        txn.commit().await.expect("a commit");
    }

    /// She is placed in the round, and waits for approval.
    pub async fn places(&self, service: &Service<'_>) -> placement::Model {
        self.placement(service, PlacementState::Proposed).await
    }

    async fn placement(&self, service: &Service<'_>, state: PlacementState) -> placement::Model {
        let town = self.town;
        let teacher = town.person(service.number).await;
        let txn = town.scope.begin().await.expect("a transaction");
        let home = people::home_school(&txn, teacher.id, day(service.from)).await.expect("posts");
        drop(txn);
        town.insert(placement::Model {
            id: id::new(),
            district_id: town.district_id(),
            round_id: self.id,
            teacher_id: teacher.id,
            from_school_id: home.expect("a home school"),
            to_school_id: town.school_named(service.school).await.id,
            form: service.form,
            from_on: day(service.from),
            until_on: day(service.until),
            state,
            reason: None,
            proposal_id: None,
            weekdays: None,
            version: 1,
        })
        .await
    }

    /// She is sent to serve there.
    pub async fn sends(&self, service: &Service<'_>) -> (placement::Model, posting::Model) {
        let placement = self.placement(service, PlacementState::Approved).await;
        let posting = NewPosting {
            teacher_id: placement.teacher_id,
            school_id: placement.to_school_id,
            form: placement.form,
            weekdays: Vec::new(),
            home_post_kept: placement.form == PlacementForm::Secondment,
            duty: None,
            placement_id: Some(placement.id),
            from_on: placement.from_on,
            until_on: Some(placement.until_on),
            note: None,
        };
        let posting = people::add_posting(&self.town.scope, posting).await.expect("a posting");
        (placement, posting)
    }
}

/// What the API answers, in English.
pub async fn answers(scope: &Scope, document: &str, variables: Value) -> Value {
    let operation = async_graphql::Request::new(document)
        .variables(async_graphql::Variables::from_json(variables))
        .data(Request::new(scope.clone(), Language::English));
    serde_json::to_value(schema::build(true).execute(operation).await).expect("JSON")
}
