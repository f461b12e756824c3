//! Who comes to a session because of one way to hold it.

use std::collections::BTreeSet;

use crate::build::distinct;
use crate::problem::*;
use crate::week::Role;

/// Who a way to hold a session brings together, without duplicates.
#[derive(Debug, Clone)]
pub(crate) struct Invited {
    /// Required people apart from presenters.
    pub(crate) required: Vec<PersonIx>,
    /// Audience on every day, by person; nobody from `required`.
    pub(crate) always: Vec<(PersonIx, Role)>,
    /// Schools whose people are asked to come, ascending.
    pub(crate) schools: Vec<PlaceIx>,
    /// Audience on days on which the person is there, and based at the place.
    pub(crate) sometimes: Vec<AudienceMember>,
}

pub(crate) fn role_of(member: &AudienceMember) -> Role {
    if member.optional { Role::Optional } else { Role::Audience }
}

/// Who comes because of a way to hold a session.
pub(crate) fn invited(input: &ProblemInput, option: &HostOption) -> Invited {
    let required = distinct(&option.required);
    let mut always = Vec::new();
    let mut sometimes = Vec::new();
    let schools = option.audience.iter().map(|member| member.place);
    let schools = schools.chain(required.iter().map(|&person| input.people[person].base));
    let schools = schools.collect::<BTreeSet<_>>().into_iter().collect();
    for &member in &option.audience {
        if required.contains(&member.person) {
            continue;
        }
        let person = &input.people[member.person];
        if !person.away.is_empty() || is_ever_absent(person) {
            sometimes.push(member);
        } else if person.base == member.place {
            always.push((member.person, role_of(&member)));
        }
    }
    always.sort_unstable();
    // Whoever is listed twice counts once, as expected rather than welcome.
    always.dedup_by_key(|&mut (person, _)| person);
    sometimes.sort_unstable_by_key(|member| (member.person, member.place, member.optional));
    sometimes.dedup_by_key(|member| (member.person, member.place));
    Invited { required, always, schools, sometimes }
}

fn is_ever_absent(person: &Person) -> bool {
    person.engagements.iter().any(|engagement| engagement.kind == EngagementKind::Absence)
}
