//! Where a name in a cell leads: a school, a group, a person, a subject; and what to say when it leads nowhere.

use std::collections::{BTreeMap, HashMap};

use sea_orm::prelude::Uuid;

use super::draft::Draft;
use super::stores::Stores;
use crate::entity::{subject, teacher};
use crate::id;
use crate::transfer::fault::{Bilingual, Fault, FaultKind};
use crate::transfer::fields;
use crate::transfer::sheets;
use crate::transfer::table::Row;
use crate::transfer::text;

/// How alike two names must be for one to be suggested for the other, of 1.
const ALIKE: f64 = 0.5;

/// What a row of a sheet may introduce and others refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Thing {
    /// By name.
    School,
    /// By name.
    Group,
    /// By number.
    Person,
}

impl Thing {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::School => ("学校", "school"),
            Self::Group => ("集团", "group"),
            Self::Person => ("工号", "number"),
        }
    }
}

/// Names and numbers in use.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Schools by name.
    pub schools: BTreeMap<String, Uuid>,
    /// Groups by name.
    pub groups: BTreeMap<String, Uuid>,
    /// People by number.
    pub people: BTreeMap<String, Uuid>,
    subjects: HashMap<String, Uuid>,
    /// Rows with a fault, by what they would have introduced: sheet and row.
    refused: HashMap<(Thing, String), (&'static str, u32)>,
}

impl Lookup {
    /// Names and numbers of what is stored.
    pub fn new(stores: &Stores) -> Self {
        let running = stores.schools.iter().filter(|school| school.closed_on.is_none());
        Self {
            schools: running.map(|school| (school.name.clone(), school.id)).collect(),
            groups: stores.groups.iter().map(|group| (group.name.clone(), group.id)).collect(),
            people: stores.teachers.iter().map(|person| (person.number.clone(), person.id)).collect(),
            subjects: stores.subjects.iter().map(|subject| (subject.name.clone(), subject.id)).collect(),
            refused: HashMap::new(),
        }
    }

    /// Remembers that a row would have introduced something, had it no fault.
    pub fn refuse(&mut self, thing: Thing, row: Row<'_>, heading: &str) {
        let name = text::name(&row.cell(heading).text());
        self.refused.entry((thing, name)).or_insert((row.sheet().name, row.number()));
    }

    fn of(&self, thing: Thing) -> &BTreeMap<String, Uuid> {
        match thing {
            Thing::School => &self.schools,
            Thing::Group => &self.groups,
            Thing::Person => &self.people,
        }
    }

    /// What a name leads to, or why not.
    fn find(&self, thing: Thing, name: &str) -> Result<Uuid, (FaultKind, Bilingual)> {
        if let Some(id) = self.of(thing).get(name) {
            return Ok(*id);
        }
        if let Some((sheet, row)) = self.refused.get(&(thing, name.to_owned())) {
            return Err((FaultKind::Depends, depends(sheet, *row)));
        }
        Err((FaultKind::Unknown, self.unknown(thing, name)))
    }

    fn unknown(&self, thing: Thing, name: &str) -> Bilingual {
        let (zh, en) = thing.words();
        match nearest(name, self.of(thing).keys()) {
            Some(near) => Bilingual::new(
                format!("没有这个{zh}，是不是“{near}”？请改正，或先在相应的表中补上"),
                format!(
                    "there is no such {en}; did you mean “{near}”? correct it, or add it to its own sheet first"
                ),
            ),
            None => Bilingual::new(
                format!("没有这个{zh}，请改正，或先在相应的表中补上"),
                format!("there is no such {en}; correct it, or add it to its own sheet first"),
            ),
        }
    }
}

/// The message of a row that depends on a bad one.
pub fn depends(sheet: &str, row: u32) -> Bilingual {
    Bilingual::new(
        format!("所依据的“{sheet}”第{row}行有问题，本行随之不导入；请先改正那一行"),
        format!("row {row} of “{sheet}”, on which this row depends, has a fault; correct that row first"),
    )
}

/// The name most like `name`, if any is like it.
fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n String>) -> Option<&'n str> {
    let scored = names.map(|other| (strsim::normalized_damerau_levenshtein(name, other), other.as_str()));
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= ALIKE).then_some(best.1)
}

impl Draft {
    /// The school named in a cell.
    pub fn school(&mut self, row: Row<'_>, heading: &str) -> Option<Uuid> {
        self.find(Thing::School, row, heading)
    }

    /// The group named in a cell.
    pub fn group(&mut self, row: Row<'_>, heading: &str) -> Option<Uuid> {
        self.find(Thing::Group, row, heading)
    }

    /// The group with this name, which is one of several in a cell.
    pub fn group_named(&mut self, row: Row<'_>, heading: &str, name: &str) -> Option<Uuid> {
        let found = self.lookup.find(Thing::Group, name).map_err(|(kind, message)| Fault {
            value: Some(text::shorten(name).into()),
            ..row.fault(kind, heading, message)
        });
        self.take(found)
    }

    /// The person whose number is in one cell; a name in another must be hers.
    pub fn person(&mut self, row: Row<'_>, number: &str, name: Option<&str>) -> Option<Uuid> {
        let written = self.take(row.require(number, fields::name))?;
        let found = self.lookup.find(Thing::Person, &written);
        let named = name.map_or(Ok(None), |name| row.read(name, fields::name));
        let named = self.take(named)?;
        let found = found.map_err(|(kind, message)| {
            let namesake = named.as_deref().and_then(|name| self.only_person_named(name));
            let message = namesake.filter(|_| kind == FaultKind::Unknown).map_or(message, number_of_namesake);
            row.fault(kind, number, message)
        });
        let id = self.take(found)?;
        let hers = self.stores.teachers.get(id).map(|person| person.name.clone()).unwrap_or_default();
        if let Some((heading, named)) = name.zip(named).filter(|(_, named)| *named != hers) {
            let message = Bilingual::new(
                format!("工号 {written} 是“{hers}”，不是“{}”，请核对工号和姓名", text::shorten(&named)),
                format!("the number {written} is {hers}'s; check the number and the name"),
            );
            self.fault(row, FaultKind::Value, heading, message);
            return None;
        }
        Some(id)
    }

    /// The subject named in a cell; one nobody has heard of is added.
    pub fn subject(&mut self, row: Row<'_>, heading: &str) -> Option<Uuid> {
        let name = self.take(row.require(heading, fields::name))?;
        if let Some(id) = self.lookup.subjects.get(&name) {
            return Some(*id);
        }
        let choices = row.sheet().column(heading).map(|column| column.choices);
        if choices.and_then(|choices| choices.find(&name)).is_none() {
            self.notice(
                row.sheet().name,
                Bilingual::new(
                    format!("“{name}”不是常见学科，已作为新学科加入；如是笔误，请改正后重新导入"),
                    format!("“{name}” is no usual subject and is added; if it is a slip, correct it and import again"),
                ),
            );
        }
        let row = subject::Model {
            id: id::new(),
            district_id: self.district_id,
            position: self.position(&name),
            name,
        };
        let (id, name) = (row.id, row.name.clone());
        self.stores.subjects.save(row);
        self.lookup.subjects.insert(name, id);
        Some(id)
    }

    /// What an optional cell leads to: outer none, it has a fault; inner none, it is empty.
    pub fn optional<'t>(
        &mut self,
        row: Row<'t>,
        heading: &str,
        find: impl Fn(&mut Self, Row<'t>, &str) -> Option<Uuid>,
    ) -> Option<Option<Uuid>> {
        if row.cell(heading).is_empty() { Some(None) } else { find(self, row, heading).map(Some) }
    }

    /// The name of a school.
    pub fn school_name(&self, id: Uuid) -> &str {
        self.stores.schools.get(id).map_or("", |school| &school.name)
    }

    /// The name of a group.
    pub fn group_name(&self, id: Uuid) -> &str {
        self.stores.groups.get(id).map_or("", |group| &group.name)
    }

    /// The name of a subject.
    pub fn subject_name(&self, id: Uuid) -> &str {
        self.stores.subjects.get(id).map_or("", |subject| &subject.name)
    }

    /// The name of a person.
    pub fn person_name(&self, id: Uuid) -> &str {
        self.stores.teachers.get(id).map_or("", |person| &person.name)
    }

    fn find(&mut self, thing: Thing, row: Row<'_>, heading: &str) -> Option<Uuid> {
        let name = self.take(row.require(heading, fields::name))?;
        let found = self.lookup.find(thing, &name);
        self.take(found.map_err(|(kind, message)| row.fault(kind, heading, message)))
    }

    fn only_person_named(&self, name: &str) -> Option<&teacher::Model> {
        let mut named = self.stores.teachers.iter().filter(|person| person.name == name);
        named.next().filter(|_| named.next().is_none())
    }

    /// Subjects stand in the template's order; new ones come after.
    fn position(&self, name: &str) -> i32 {
        let known = sheets::sheet("教师").and_then(|sheet| sheet.column("任教学科"));
        let known = known.map_or(&[][..], |column| column.choices.all());
        let place = known.iter().position(|choice| choice.0 == name);
        let last = self.stores.subjects.iter().map(|subject| subject.position + 1).max().unwrap_or(0);
        place.map_or(last.max(known.len() as i32), |place| place as i32)
    }
}

fn number_of_namesake(person: &teacher::Model) -> Bilingual {
    let teacher::Model { number, name, .. } = person;
    Bilingual::new(
        format!("没有这个工号；“{name}”的工号是 {number}，请改正"),
        format!("there is no such number; {name}'s is {number}: correct it"),
    )
}
