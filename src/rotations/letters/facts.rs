//! Everything that letters about rounds tell, read at once for all of them.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::entity::values::{DutyKind, MessageKind, PlacementState, RoundState};
use crate::entity::{
    application, application_wish, duty, education_group, exemption, message, objection, placement,
    proposal_move, rotation_proposal, rotation_round, round_step, school, teacher,
};
use crate::error::Result;
use crate::mail::Contact;
use crate::people::away::touching;
use crate::people::roster::{Roster, coordinator_of};
use crate::rotations::steps::{self, Progress};
use crate::rows::{id_column, in_district};
use crate::scope::Scope;

/// The rows that letters are written from.
#[derive(Debug)]
pub struct Facts {
    /// Steps, by identifier.
    pub steps: HashMap<Uuid, round_step::Model>,
    /// Applications, by identifier.
    pub applications: HashMap<Uuid, application::Model>,
    /// Exemptions, by identifier.
    pub exemptions: HashMap<Uuid, exemption::Model>,
    /// Objections, by identifier.
    pub objections: HashMap<Uuid, objection::Model>,
    /// Proposals, by identifier.
    pub proposals: HashMap<Uuid, rotation_proposal::Model>,
    /// Placements, by identifier: those that letters are about, and those of rounds that letters sum up.
    pub placements: HashMap<Uuid, placement::Model>,
    moves: Vec<proposal_move::Model>,
    publicity: HashMap<Uuid, round_step::Model>,
    principals: Vec<duty::Model>,
    rounds: HashMap<Uuid, rotation_round::Model>,
    progress: HashMap<Uuid, Progress>,
    wishes: Vec<application_wish::Model>,
    schools: HashMap<Uuid, String>,
    groups: HashMap<Uuid, String>,
    teachers: HashMap<Uuid, String>,
    contacts: HashMap<Uuid, Contact>,
}

impl Facts {
    /// Reads what letters for `messages` need.
    pub async fn load(scope: &Scope, messages: &[message::Model]) -> Result<Self> {
        let about = |kinds: &[MessageKind]| -> HashSet<Uuid> {
            messages.iter().filter(|one| kinds.contains(&one.kind)).map(|one| one.subject_id).collect()
        };
        let steps: HashMap<Uuid, round_step::Model> = by_id::<round_step::Entity>(
            scope,
            about(&[MessageKind::StepOpened, MessageKind::StepDue]),
            |row| row.id,
        )
        .await?;
        let applications: HashMap<Uuid, application::Model> =
            by_id::<application::Entity>(scope, about(&[MessageKind::ApplicationReceived]), |row| row.id)
                .await?;
        let exemptions: HashMap<Uuid, exemption::Model> =
            by_id::<exemption::Entity>(scope, about(&[MessageKind::ExemptionDecided]), |row| row.id).await?;
        let objections: HashMap<Uuid, objection::Model> =
            by_id::<objection::Entity>(scope, about(&[MessageKind::ObjectionAnswered]), |row| row.id).await?;
        let proposals: HashMap<Uuid, rotation_proposal::Model> =
            by_id::<rotation_proposal::Entity>(scope, about(&[MessageKind::ProposalPublished]), |row| row.id)
                .await?;
        let moves = moves(scope, &proposals, messages).await?;
        let summed = about(&[MessageKind::SchoolDispatched]);
        let placements = placements(scope, about(&[MessageKind::PlacementWithdrawn]), &summed).await?;
        let principals = principals(scope, &summed, messages).await?;
        let rounds: HashSet<Uuid> = (steps.values().map(|row| row.round_id))
            .chain(applications.values().map(|row| row.round_id))
            .chain(exemptions.values().map(|row| row.round_id))
            .chain(objections.values().map(|row| row.round_id))
            .chain(proposals.values().map(|row| row.round_id))
            .chain(placements.values().map(|row| row.round_id))
            .collect();
        let rounds = by_id::<rotation_round::Entity>(scope, rounds, |row| row.id).await?;
        let mut progress = HashMap::new();
        for id in steps.values().map(|step| step.round_id).collect::<HashSet<_>>() {
            if let Some(round) = rounds.get(&id) {
                progress.insert(id, steps::progress(scope, round).await?);
            }
        }
        let wishes = in_district(scope.district.id, application_wish::Entity::find())
            .filter(application_wish::Column::ApplicationId.is_in(applications.keys().copied()))
            .all(scope.reader())
            .await?;
        let publicity = in_district(scope.district.id, round_step::Entity::find())
            .filter(round_step::Column::RoundId.is_in(proposals.values().map(|row| row.round_id)))
            .filter(round_step::Column::Step.eq(RoundState::Publicising))
            .all(scope.reader())
            .await?;
        let schools = wishes
            .iter()
            .map(|wish| wish.school_id)
            .chain(moves.iter().flat_map(|row| row.to_school_id.into_iter().chain([row.from_school_id])))
            .chain(placements.values().flat_map(|row| [row.from_school_id, row.to_school_id]))
            .collect();
        let people = messages
            .iter()
            .map(|one| one.teacher_id)
            .chain(applications.values().filter_map(|row| row.partner_id))
            .chain(objections.values().filter_map(|row| row.teacher_id))
            .chain(placements.values().map(|row| row.teacher_id))
            .collect();
        let groups: HashSet<Uuid> = rounds.values().filter_map(|round| round.group_id).collect();
        let contacts = contacts(scope, &groups).await?;
        Ok(Self {
            schools: names(by_id::<school::Entity>(scope, schools, |row| row.id).await?, |row| row.name),
            groups: names(by_id::<education_group::Entity>(scope, groups, |row| row.id).await?, |row| {
                row.name
            }),
            teachers: names(by_id::<teacher::Entity>(scope, people, |row| row.id).await?, |row| row.name),
            steps,
            applications,
            exemptions,
            objections,
            proposals,
            placements,
            moves,
            publicity: publicity.into_iter().map(|row| (row.round_id, row)).collect(),
            principals,
            rounds,
            progress,
            wishes,
            contacts,
        })
    }

    /// The round of a row.
    pub fn round(&self, id: Uuid) -> Option<&rotation_round::Model> {
        self.rounds.get(&id)
    }

    /// Where a round stands.
    pub fn progress(&self, round: &rotation_round::Model) -> Option<&Progress> {
        self.progress.get(&round.id)
    }

    /// Name of a person.
    pub fn person(&self, id: Uuid) -> &str {
        self.teachers.get(&id).map_or("", String::as_str)
    }

    /// Names of the schools of an application, the most wished one first.
    pub fn wished(&self, application: &application::Model) -> Vec<&str> {
        let mut wishes: Vec<_> =
            self.wishes.iter().filter(|wish| wish.application_id == application.id).collect();
        wishes.sort_by_key(|wish| wish.rank);
        wishes.iter().filter_map(|wish| self.schools.get(&wish.school_id)).map(String::as_str).collect()
    }

    /// Where a proposal sends somebody, or that she stays.
    pub fn move_of(
        &self,
        proposal: &rotation_proposal::Model,
        teacher: Uuid,
    ) -> Option<&proposal_move::Model> {
        self.moves.iter().find(|row| (row.proposal_id, row.teacher_id) == (proposal.id, teacher))
    }

    /// The step in which the proposals of a round are public.
    pub fn publicity(&self, round: &rotation_round::Model) -> Option<&round_step::Model> {
        self.publicity.get(&round.id)
    }

    /// The schools that somebody leads.
    pub fn led_by(&self, principal: Uuid) -> HashSet<Uuid> {
        self.principals.iter().filter(|row| row.teacher_id == principal).map(|row| row.school_id).collect()
    }

    /// Name of a school that a letter is about.
    pub fn school(&self, id: Uuid) -> &str {
        self.schools.get(&id).map_or("", String::as_str)
    }

    /// Name of the group a round is for.
    pub fn group(&self, round: &rotation_round::Model) -> Option<&str> {
        self.groups.get(&round.group_id?).map(String::as_str)
    }

    /// Who answers questions about a round.
    pub fn contact(&self, round: &rotation_round::Model) -> Option<&Contact> {
        self.contacts.get(&round.group_id?)
    }
}

/// Who leads each of some groups today, when she has a mail address.
async fn contacts(scope: &Scope, groups: &HashSet<Uuid>) -> Result<HashMap<Uuid, Contact>> {
    if groups.is_empty() {
        return Ok(HashMap::new());
    }
    let today = scope.today();
    let roster = Roster::load(scope, today, today).await?;
    let contact = |group: &Uuid| {
        let leader = coordinator_of(&roster.coordinators, *group, today)?;
        let teacher = roster.teachers.get(&leader.teacher_id)?;
        Some((*group, Contact { name: teacher.name.clone(), address: teacher.email.clone()? }))
    };
    Ok(groups.iter().filter_map(contact).collect())
}

/// What `proposals` say of the readers.
async fn moves(
    scope: &Scope,
    proposals: &HashMap<Uuid, rotation_proposal::Model>,
    messages: &[message::Model],
) -> Result<Vec<proposal_move::Model>> {
    let select = in_district(scope.district.id, proposal_move::Entity::find())
        .filter(proposal_move::Column::ProposalId.is_in(proposals.keys().copied()))
        .filter(proposal_move::Column::TeacherId.is_in(messages.iter().map(|one| one.teacher_id)));
    Ok(select.all(scope.reader()).await?)
}

/// Placements by identifier, and those of whole rounds of which people were dispatched.
async fn placements(
    scope: &Scope,
    ids: HashSet<Uuid>,
    rounds: &HashSet<Uuid>,
) -> Result<HashMap<Uuid, placement::Model>> {
    let dispatched = Condition::all()
        .add(placement::Column::RoundId.is_in(rounds.iter().copied()))
        .add(placement::Column::State.eq(PlacementState::Approved));
    let select = in_district(scope.district.id, placement::Entity::find())
        .filter(Condition::any().add(placement::Column::Id.is_in(ids)).add(dispatched));
    Ok(select.all(scope.reader()).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// What schools the readers lead today; only asked when a letter sums up a round.
async fn principals(
    scope: &Scope,
    rounds: &HashSet<Uuid>,
    messages: &[message::Model],
) -> Result<Vec<duty::Model>> {
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    let today = scope.today();
    let select = in_district(scope.district.id, touching::<duty::Entity>(Some(today), Some(today)))
        .filter(duty::Column::Kind.eq(DutyKind::Principal))
        .filter(duty::Column::TeacherId.is_in(messages.iter().map(|one| one.teacher_id)));
    Ok(select.all(scope.reader()).await?)
}

/// Rows of the district by identifier.
async fn by_id<E: EntityTrait>(
    scope: &Scope,
    ids: HashSet<Uuid>,
    id: fn(&E::Model) -> Uuid,
) -> Result<HashMap<Uuid, E::Model>> {
    let select = in_district(scope.district.id, E::find()).filter(id_column::<E>().is_in(ids));
    Ok(select.all(scope.reader()).await?.into_iter().map(|row| (id(&row), row)).collect())
}

fn names<R>(rows: HashMap<Uuid, R>, name: fn(R) -> String) -> HashMap<Uuid, String> {
    rows.into_iter().map(|(id, row)| (id, name(row))).collect()
}
