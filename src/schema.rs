//! The GraphQL schema: the capabilities' queries, mutations and subscriptions as one.

mod audit;
mod node;
mod pages;
mod status;

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, Schema};

use crate::calendar::graphql::{CalendarMutation, CalendarQuery, ClosuresMutation, ClosuresQuery};
use crate::groups::graphql::{GroupsMutation, GroupsQuery};
use crate::people::graphql::{AbsencesMutation, AbsencesQuery, PeopleMutation, PeopleQuery};
use crate::plans::graphql::{
    BulkMutation, CompareQuery, CoverQuery, DraftsMutation, ExplainQuery, PlansMutation, PlansQuery,
    PlansSubscription, PreviewsQuery, SettingsMutation, SettingsQuery,
};
use crate::rotations::graphql::{RotationsMutation, RotationsQuery};
use crate::sessions::graphql::{
    FeedsMutation, MailMutation, RemindingMutation, RepliesMutation, SessionsMutation, SessionsQuery,
};

/// Deepest nesting of a query.
pub const DEPTH: usize = 15;
/// Most fields a query may ask for, counting a list's fields once for each row of its page.
pub const COMPLEXITY: usize = 20_000;

/// What can be read.
#[derive(Default, MergedObject)]
pub struct Query(
    node::NodeQuery,
    audit::AuditQuery,
    status::StatusQuery,
    GroupsQuery,
    PeopleQuery,
    AbsencesQuery,
    CalendarQuery,
    ClosuresQuery,
    SessionsQuery,
    PlansQuery,
    SettingsQuery,
    CoverQuery,
    ExplainQuery,
    CompareQuery,
    PreviewsQuery,
    RotationsQuery,
);

/// What can be done: one mutation for each business action, named noun first.
#[derive(Default, MergedObject)]
pub struct Mutation(
    GroupsMutation,
    PeopleMutation,
    AbsencesMutation,
    CalendarMutation,
    ClosuresMutation,
    SessionsMutation,
    MailMutation,
    RepliesMutation,
    FeedsMutation,
    RemindingMutation,
    PlansMutation,
    DraftsMutation,
    BulkMutation,
    SettingsMutation,
    RotationsMutation,
);

/// What can be watched.
#[derive(Default, MergedSubscription)]
pub struct Subscription(PlansSubscription);

/// The schema of tongpan.
pub type ApiSchema = Schema<Query, Mutation, Subscription>;

/// Builds the schema; without `introspection` it answers no question about itself.
pub fn build(introspection: bool) -> ApiSchema {
    let builder = Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_depth(DEPTH)
        .limit_complexity(COMPLEXITY);
    let builder = pages::described(builder);
    if introspection { builder.finish() } else { builder.disable_introspection().finish() }
}

/// The schema as `schema.graphql` keeps it: sorted, so that a change shows as what it is.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .prefer_single_line_descriptions()
        .use_space_ident();
    build(true).sdl_with_options(options)
}

#[cfg(test)]
mod tests;
