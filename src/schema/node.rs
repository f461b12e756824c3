//! Anything by its identifier.

use async_graphql::{Context, ID, Interface, Object, Result};
use uuid::Uuid;

use crate::calendar::graphql::{Bell, Lesson, Room, RoomClosure, SchoolClass, SchoolDay, Term};
use crate::graphql::{Over, coded, one};
use crate::groups::graphql::{District, EducationGroup, Membership, School, Subject};
use crate::id::{self, Kind};
use crate::people::graphql::{Absence, Appointment, Posting, Researcher, Teacher, Team};
use crate::plans::graphql::{Plan, PlanRun};
use crate::rotations::graphql::{
    Application, Assessment, Candidacy, Exemption, Objection, Placement, ProposalMove, ProposalRun,
    Recommendation, RotationPolicy, RotationProposal, RotationRound, RoundStep, Staffing,
};
use crate::schema::audit::AuditEntry;
use crate::sessions::graphql::{CalendarFeed, Message, Participant, Programme, ResearchSession};

/// Anything that has an identifier.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Identifier."))]
pub enum Node {
    District(District),
    School(School),
    EducationGroup(EducationGroup),
    Membership(Membership),
    Subject(Subject),
    Teacher(Teacher),
    Appointment(Appointment),
    Posting(Posting),
    Absence(Absence),
    Researcher(Researcher),
    Team(Team),
    Term(Term),
    SchoolDay(SchoolDay),
    Bell(Bell),
    SchoolClass(SchoolClass),
    Lesson(Lesson),
    Room(Room),
    RoomClosure(RoomClosure),
    Programme(Programme),
    ResearchSession(ResearchSession),
    Participant(Participant),
    Plan(Plan),
    PlanRun(PlanRun),
    RotationRound(RotationRound),
    RoundStep(RoundStep),
    Application(Application),
    Exemption(Exemption),
    Recommendation(Recommendation),
    Objection(Objection),
    Placement(Placement),
    Assessment(Assessment),
    RotationPolicy(RotationPolicy),
    Staffing(Staffing),
    Candidacy(Candidacy),
    RotationProposal(RotationProposal),
    ProposalMove(ProposalMove),
    ProposalRun(ProposalRun),
    Message(Message),
    CalendarFeed(CalendarFeed),
    AuditEntry(AuditEntry),
}

/// Most identifiers of one look-up.
const MOST: usize = 100;

/// Reads anything by its identifier.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Whatever an identifier names; null when there is no such thing.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its identifier.")] id: ID,
    ) -> Result<Option<Node>> {
        find(ctx, &id).await
    }

    /// Whatever these identifiers name, in their order, null where there is no such thing; at most 100.
    #[graphql(complexity = "1 + ids.len() * child_complexity")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their identifiers.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MOST {
            return Err(coded(format!("一次最多 {MOST} 个 (at most {MOST} identifiers)"), "TOO_MANY_IDS"));
        }
        futures_util::future::try_join_all(ids.iter().map(|id| find(ctx, id))).await
    }
}

async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let Some((kind, row)) = id::parse(id) else { return Ok(None) };
    match kind {
        Kind::District => of::<District>(ctx, row).await,
        Kind::School => of::<School>(ctx, row).await,
        Kind::Group => of::<EducationGroup>(ctx, row).await,
        Kind::Membership => of::<Membership>(ctx, row).await,
        Kind::Subject => of::<Subject>(ctx, row).await,
        Kind::Teacher => of::<Teacher>(ctx, row).await,
        Kind::Appointment => of::<Appointment>(ctx, row).await,
        Kind::Posting => of::<Posting>(ctx, row).await,
        Kind::Absence => of::<Absence>(ctx, row).await,
        Kind::Researcher => of::<Researcher>(ctx, row).await,
        Kind::Team => of::<Team>(ctx, row).await,
        Kind::Term => of::<Term>(ctx, row).await,
        Kind::SchoolDay => of::<SchoolDay>(ctx, row).await,
        Kind::Bell => of::<Bell>(ctx, row).await,
        Kind::SchoolClass => of::<SchoolClass>(ctx, row).await,
        Kind::Lesson => of::<Lesson>(ctx, row).await,
        Kind::RoomClosure => of::<RoomClosure>(ctx, row).await,
        Kind::Room => of::<Room>(ctx, row).await,
        Kind::Programme => of::<Programme>(ctx, row).await,
        Kind::Session => of::<ResearchSession>(ctx, row).await,
        Kind::Participant => of::<Participant>(ctx, row).await,
        Kind::Plan => of::<Plan>(ctx, row).await,
        Kind::PlanRun => of::<PlanRun>(ctx, row).await,
        Kind::Round => of::<RotationRound>(ctx, row).await,
        Kind::RoundStep => of::<RoundStep>(ctx, row).await,
        Kind::Application => of::<Application>(ctx, row).await,
        Kind::Exemption => of::<Exemption>(ctx, row).await,
        Kind::Recommendation => of::<Recommendation>(ctx, row).await,
        Kind::Objection => of::<Objection>(ctx, row).await,
        Kind::Placement => of::<Placement>(ctx, row).await,
        Kind::Assessment => of::<Assessment>(ctx, row).await,
        Kind::Policy => of::<RotationPolicy>(ctx, row).await,
        Kind::Staffing => of::<Staffing>(ctx, row).await,
        Kind::Candidacy => of::<Candidacy>(ctx, row).await,
        Kind::Proposal => of::<RotationProposal>(ctx, row).await,
        Kind::ProposalMove => of::<ProposalMove>(ctx, row).await,
        Kind::ProposalRun => of::<ProposalRun>(ctx, row).await,
        Kind::Message => of::<Message>(ctx, row).await,
        Kind::CalendarFeed => of::<CalendarFeed>(ctx, row).await,
        Kind::AuditEntry => of::<AuditEntry>(ctx, row).await,
    }
}

async fn of<T: Over + Into<Node>>(ctx: &Context<'_>, row: Uuid) -> Result<Option<Node>> {
    Ok(one::<T>(ctx, row).await?.map(Into::into))
}
