//! What the types of pages are called: the library names them and leaves them without a word.

use async_graphql::SchemaBuilder;

use crate::calendar::graphql::{Bell, Room, RoomClosure};
use crate::graphql::Connected;
use crate::groups::graphql::{EducationGroup, School};
use crate::people::graphql::{Absence, Researcher, Teacher};
use crate::plans::graphql::{
    CoveredLesson, Plan, PlanRun, PlanSession, PublicationChange, PublicationMail, PublishedPlan,
};
use crate::rotations::graphql::{
    Application, Candidacy, Exemption, Objection, Placement, Recommendation, RotationPolicy, RotationRound,
};
use crate::schema::audit::AuditEntry;
use crate::schema::{Mutation, Query, Subscription};
use crate::sessions::graphql::{Message, Programme, ResearchSession};

/// Describes the pages of every list.
pub fn described(
    builder: SchemaBuilder<Query, Mutation, Subscription>,
) -> SchemaBuilder<Query, Mutation, Subscription> {
    builder
        .override_output_type_description::<Connected<Absence>>("A page of absences.")
        .override_output_type_description::<Connected<Application>>("A page of applications.")
        .override_output_type_description::<Connected<AuditEntry>>("A page of entries of the audit log.")
        .override_output_type_description::<Connected<Bell>>("A page of periods.")
        .override_output_type_description::<Connected<Candidacy>>("A page of where teachers stand.")
        .override_output_type_description::<Connected<CoveredLesson>>("A page of a cover list.")
        .override_output_type_description::<Connected<EducationGroup>>("A page of groups.")
        .override_output_type_description::<Connected<Exemption>>("A page of requests for exemption.")
        .override_output_type_description::<Connected<Message>>("A page of mails.")
        .override_output_type_description::<Connected<Objection>>("A page of objections.")
        .override_output_type_description::<Connected<Placement>>("A page of placements.")
        .override_output_type_description::<Connected<Plan>>("A page of plans.")
        .override_output_type_description::<Connected<PlanRun>>("A page of runs.")
        .override_output_type_description::<Connected<PlanSession>>("A page of the sessions of a plan.")
        .override_output_type_description::<Connected<Programme>>("A page of programmes.")
        .override_output_type_description::<Connected<PublicationChange>>(
            "A page of what publishing changes.",
        )
        .override_output_type_description::<Connected<PublicationMail>>(
            "A page of the mails that publishing writes.",
        )
        .override_output_type_description::<Connected<PublishedPlan>>("A page of plans in force.")
        .override_output_type_description::<Connected<Recommendation>>("A page of what schools say.")
        .override_output_type_description::<Connected<ResearchSession>>("A page of sessions.")
        .override_output_type_description::<Connected<Researcher>>("A page of researchers.")
        .override_output_type_description::<Connected<Room>>("A page of rooms.")
        .override_output_type_description::<Connected<RoomClosure>>("A page of closures of rooms.")
        .override_output_type_description::<Connected<RotationPolicy>>("A page of policies.")
        .override_output_type_description::<Connected<RotationRound>>("A page of rounds.")
        .override_output_type_description::<Connected<School>>("A page of schools.")
        .override_output_type_description::<Connected<Teacher>>("A page of people.")
}
