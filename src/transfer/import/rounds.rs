//! The round of rotation that the sheets about rotation belong to.

use chrono::{Datelike, NaiveDate};

use super::draft::Draft;
use crate::entity::rotation_round;
use crate::entity::values::RoundState;
use crate::id;
use crate::rotations::steps;
use crate::transfer::fault::{Bilingual, Fault, FaultKind};
use crate::transfer::table::Table;

/// Years of service of a round that nobody has opened: those who move mostly serve for two.
const YEARS: i32 = 2;

impl Draft {
    /// The open round; with none the one of the coming September is opened. None with a fault at the sheet when that round
    /// is closed already.
    pub fn open_round(&mut self, table: &Table) -> Option<rotation_round::Model> {
        let open = self.stores.rounds.iter().filter(|round| round.state != RoundState::Closed);
        if let Some(round) = open.max_by_key(|round| (round.starts_on, round.id)) {
            return Some(round.clone());
        }
        let (name, starts_on, ends_on) = yearly(self.today)?;
        if self.stores.rounds.iter().any(|round| round.name == name) {
            let message = Bilingual::new(
                format!("“{name}”已经结束；请先用 tongpan rotation open 新建批次，再导入本表"),
                format!(
                    "“{name}” is closed: open another round with `tongpan rotation open`, then import this sheet"
                ),
            );
            self.faults.push(Fault::new(FaultKind::Sheet, table.sheet.name, message));
            return None;
        }
        let round = rotation_round::Model {
            id: id::new(),
            district_id: self.district_id,
            name,
            starts_on,
            ends_on,
            state: RoundState::Counting,
            policy_id: None,
            group_id: None,
            version: 1,
        };
        self.notice(
            table.sheet.name,
            Bilingual::new(
                format!("还没有进行中的轮岗批次，已新建“{}”", round.name),
                format!("no round of rotation was open: “{}” has been opened", round.name),
            ),
        );
        for step in steps::fresh(&round) {
            self.stores.round_steps.save(step);
        }
        self.stores.rounds.save(round.clone());
        Some(round)
    }
}

/// The round of the coming September: its name, and the days of service.
fn yearly(today: NaiveDate) -> Option<(String, NaiveDate, NaiveDate)> {
    let year = if today.month() < 9 { today.year() } else { today.year() + 1 };
    let starts_on = NaiveDate::from_ymd_opt(year, 9, 1)?;
    Some((format!("{year}年教师交流轮岗"), starts_on, NaiveDate::from_ymd_opt(year + YEARS, 8, 31)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_prepared_for_the_coming_september() {
        let of = |today: &str| yearly(today.parse().expect("a date")).expect("a round");
        assert_eq!(of("2026-08-24").0, "2026年教师交流轮岗");
        assert_eq!(of("2026-08-24").2.to_string(), "2028-08-31");
        assert_eq!(of("2026-09-01").1.to_string(), "2027-09-01");
    }
}
