//! Writing a row's cells over the fields of a stored row, noting what changes.

use chrono::{NaiveDate, NaiveTime};

use super::report::Change;
use crate::entity::values::{
    AudienceRule, DayKind, GroupKind, HalfOfDay, HostRule, Locale, MembershipRole, PlacementForm,
    PresenterSource, SessionLevel, SessionMode, Sex, Stage, TeamRole, Title,
};
use crate::transfer::fault::Fault;
use crate::transfer::fields::Parsed;
use crate::transfer::table::{Cell, Row, Table};

/// A row of a sheet on its way into a stored row.
pub struct Edit<'t> {
    table: &'t Table,
    row: Row<'t>,
    changes: Vec<Change>,
    faults: Vec<Fault>,
}

impl<'t> Edit<'t> {
    /// Nothing read yet.
    pub fn new(table: &'t Table, row: Row<'t>) -> Self {
        Self { table, row, changes: Vec::new(), faults: Vec::new() }
    }

    /// Sets a field that the row must have.
    pub fn required<T>(&mut self, heading: &'static str, slot: &mut T, parse: impl Fn(&Cell) -> Parsed<T>)
    where
        T: PartialEq + Shown,
    {
        match self.row.require(heading, parse) {
            Ok(value) => self.set(heading, slot, value),
            Err(fault) => self.faults.push(fault),
        }
    }

    /// Sets a field that may be empty. A column that the workbook lacks leaves what is stored.
    pub fn optional<T>(
        &mut self,
        heading: &'static str,
        slot: &mut Option<T>,
        parse: impl Fn(&Cell) -> Parsed<T>,
    ) where
        T: PartialEq + Shown,
    {
        if let Some(value) = self.read(heading, parse) {
            self.set(heading, slot, value);
        }
    }

    /// A value that may be empty; none when the workbook lacks the column or the cell has a fault.
    pub fn read<T>(&mut self, heading: &str, parse: impl Fn(&Cell) -> Parsed<T>) -> Option<Option<T>> {
        if !self.table.has(heading) {
            return None;
        }
        match self.row.read(heading, parse) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.faults.push(fault);
                None
            }
        }
    }

    /// Sets a field and notes the change.
    pub fn set<T: PartialEq + Shown>(&mut self, field: &'static str, slot: &mut T, value: T) {
        if *slot == value {
            return;
        }
        self.note(field, slot.shown(), value.shown());
        *slot = value;
    }

    /// Notes a change that is made elsewhere.
    pub fn note(&mut self, field: &'static str, before: String, after: String) {
        self.changes.push(Change { field, before, after });
    }

    /// Adds a fault.
    pub fn refuse(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// The faults found since they were last taken.
    pub fn faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// What changes.
    pub fn changes(self) -> Vec<Change> {
        self.changes
    }
}

/// A value as people read it.
pub trait Shown {
    /// The value as people read it; empty: none.
    fn shown(&self) -> String;
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self) -> String {
        self.as_ref().map(Shown::shown).unwrap_or_default()
    }
}

impl Shown for bool {
    fn shown(&self) -> String {
        if *self { "是" } else { "否" }.to_owned()
    }
}

impl Shown for NaiveTime {
    fn shown(&self) -> String {
        self.format("%H:%M").to_string()
    }
}

/// Values that show as they print.
macro_rules! shown_as_printed {
    ($($name:ty),+) => {
        $(impl Shown for $name {
            fn shown(&self) -> String {
                self.to_string()
            }
        })+
    };
}

/// Values that show by their Chinese word.
macro_rules! shown_in_chinese {
    ($($name:ty),+) => {
        $(impl Shown for $name {
            fn shown(&self) -> String {
                self.zh().to_owned()
            }
        })+
    };
}

shown_as_printed!(String, i32, f64, NaiveDate);
shown_in_chinese!(
    AudienceRule,
    DayKind,
    GroupKind,
    HalfOfDay,
    HostRule,
    Locale,
    MembershipRole,
    PlacementForm,
    PresenterSource,
    SessionLevel,
    SessionMode,
    Sex,
    Stage,
    TeamRole,
    Title
);
