//! Changes to schools and memberships.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::entity::values::{Locale, MembershipRole};
use crate::entity::{membership, school};
use crate::graphql::{Fault, ident, settle, writer};
use crate::groups;
use crate::groups::graphql::{District, Membership, School};
use crate::id::Kind;
use crate::scope::Scope;

/// A point on the map, WGS 84.
#[derive(Debug, InputObject)]
pub struct CoordinatesInput {
    /// Degrees east.
    longitude: f64,
    /// Degrees north.
    latitude: f64,
}

/// What to change of a school; what is left out stays, null clears it.
#[derive(Debug, InputObject)]
pub struct SchoolUpdateInput {
    /// The school.
    school_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// Town, township or village.
    locale: Option<Locale>,
    /// Where it lies.
    coordinates: MaybeUndefined<CoordinatesInput>,
    /// Number of classes.
    class_count: MaybeUndefined<i32>,
    /// Number of pupils.
    student_count: MaybeUndefined<i32>,
    /// Remark of the office (一校一案).
    note: MaybeUndefined<String>,
    /// First day on which it no longer runs.
    closed_on: MaybeUndefined<NaiveDate>,
}

/// What came of a change to a school.
#[derive(SimpleObject)]
pub struct SchoolPayload {
    /// The school as it now is.
    school: Option<School>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// A school's entry into a group.
#[derive(Debug, InputObject)]
pub struct MembershipAddInput {
    /// The group.
    group_id: ID,
    /// The school.
    school_id: ID,
    /// Core, member or partner.
    role: MembershipRole,
    /// First day.
    joined_on: NaiveDate,
    /// Last day of a partner's agreement.
    agreement_ends_on: Option<NaiveDate>,
}

/// The end of a membership.
#[derive(Debug, InputObject)]
pub struct MembershipEndInput {
    /// The membership.
    membership_id: ID,
    /// The version the change was made from.
    expected_version: i32,
    /// First day on which the school no longer belongs.
    left_on: NaiveDate,
}

/// What came of a change to a membership.
#[derive(SimpleObject)]
pub struct MembershipPayload {
    /// The membership as it now is.
    membership: Option<Membership>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// What to change of the district.
#[derive(Debug, InputObject)]
pub struct DistrictUpdateInput {
    /// The version the change was made from.
    expected_version: i32,
    /// Minutes for which mails wait after publishing, 0–60.
    hold_minutes: i32,
}

/// What came of a change to the district.
#[derive(SimpleObject)]
pub struct DistrictPayload {
    /// The district as it now is.
    district: Option<District>,
    /// What to mend; empty when it was done.
    user_errors: Vec<Fault>,
}

/// Changes schools and memberships.
#[derive(Default)]
pub struct GroupsMutation;

#[Object]
impl GroupsMutation {
    /// Changes how the district sends mail.
    async fn district_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: DistrictUpdateInput,
    ) -> Result<DistrictPayload> {
        let scope = writer(ctx)?;
        let changed = groups::set_hold(scope, input.expected_version, input.hold_minutes).await;
        let (district, user_errors) = settle(ctx, changed, Some(scope.district.id)).await?;
        Ok(DistrictPayload { district, user_errors })
    }

    /// Changes what the office keeps of a school.
    async fn school_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: SchoolUpdateInput,
    ) -> Result<SchoolPayload> {
        let scope = writer(ctx)?;
        let row = Kind::School.parse(&input.school_id);
        let (school, user_errors) = settle(ctx, update_school(scope, input).await, row).await?;
        Ok(SchoolPayload { school, user_errors })
    }

    /// Lets a school join a group.
    async fn membership_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who joins what.")] input: MembershipAddInput,
    ) -> Result<MembershipPayload> {
        let scope = writer(ctx)?;
        let (membership, user_errors) = settle(ctx, add_membership(scope, input).await, None).await?;
        Ok(MembershipPayload { membership, user_errors })
    }

    /// Ends a membership; its history stays.
    async fn membership_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one, and when.")] input: MembershipEndInput,
    ) -> Result<MembershipPayload> {
        let scope = writer(ctx)?;
        let row = Kind::Membership.parse(&input.membership_id);
        let (membership, user_errors) = settle(ctx, end_membership(scope, input).await, row).await?;
        Ok(MembershipPayload { membership, user_errors })
    }
}

async fn update_school(scope: &Scope, input: SchoolUpdateInput) -> crate::error::Result<school::Model> {
    let change = groups::SchoolChange {
        school_id: ident(Kind::School, &input.school_id, "schoolId")?,
        expected_version: input.expected_version,
        locale: input.locale,
        coordinates: Option::<Option<CoordinatesInput>>::from(input.coordinates)
            .map(|point| point.map(|at| (at.longitude, at.latitude))),
        classes: input.class_count.into(),
        students: input.student_count.into(),
        note: input.note.into(),
        closed_on: input.closed_on.into(),
    };
    groups::update_school(scope, change).await
}

async fn add_membership(scope: &Scope, input: MembershipAddInput) -> crate::error::Result<membership::Model> {
    let new = groups::NewMembership {
        group_id: ident(Kind::Group, &input.group_id, "groupId")?,
        school_id: ident(Kind::School, &input.school_id, "schoolId")?,
        role: input.role,
        joined_on: input.joined_on,
        agreement_ends_on: input.agreement_ends_on,
    };
    groups::add_membership(scope, new).await
}

async fn end_membership(scope: &Scope, input: MembershipEndInput) -> crate::error::Result<membership::Model> {
    let id = ident(Kind::Membership, &input.membership_id, "membershipId")?;
    groups::end_membership(scope, id, input.expected_version, input.left_on).await
}
