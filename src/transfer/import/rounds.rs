//! The round of rotation that the sheets about rotation belong to.

use super::draft::Draft;
use crate::entity::rotation_round;
use crate::entity::values::RoundState;
use crate::rotations::{NewOpening, Opening, opening};
use crate::transfer::fault::{Bilingual, Fault, FaultKind};
use crate::transfer::table::Table;

/// Years of service of a round that nobody has opened: those who move mostly serve for two.
const YEARS: u8 = 2;

impl Draft {
    /// The open round; with none the one of the coming September is opened. None with a fault at the sheet when that round
    /// is closed already.
    pub fn open_round(&mut self, table: &Table) -> Option<rotation_round::Model> {
        let open = self.stores.rounds.iter().filter(|round| round.state != RoundState::Closed);
        if let Some(round) = open.max_by_key(|round| (round.starts_on, round.id)) {
            return Some(round.clone());
        }
        let new = NewOpening::yearly(self.today, YEARS);
        let name = &new.name;
        if self.stores.rounds.iter().any(|round| round.name == *name) {
            let message = Bilingual::new(
                format!("“{name}”已经结束；请先用 tongpan rotation open 新建批次，再导入本表"),
                format!(
                    "“{name}” is closed: open another round with `tongpan rotation open`, then import this sheet"
                ),
            );
            self.faults.push(Fault::new(FaultKind::Sheet, table.sheet.name, message));
            return None;
        }
        let Opening { round, steps } = opening(self.district_id, new);
        self.notice(
            table.sheet.name,
            Bilingual::new(
                format!("还没有进行中的轮岗批次，已新建“{}”", round.name),
                format!("no round of rotation was open: “{}” has been opened", round.name),
            ),
        );
        for step in steps {
            self.stores.round_steps.save(step);
        }
        self.stores.rounds.save(round.clone());
        Some(round)
    }
}
