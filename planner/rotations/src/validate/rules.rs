//! What is wrong with rates and links.

use std::collections::BTreeSet;

use super::{Subject, Validation};
use crate::problem::*;

const GREATEST_SHARE: u32 = 1_000_000;
const HEAVIEST: u32 = 1_000_000;

impl Validation<'_> {
    pub(super) fn rates(&mut self) {
        let input = self.input;
        for (ix, rate) in input.rates.iter().enumerate() {
            let (subject, name) = (Subject::Rate(ix), rate.name.en.as_str());
            self.members(&rate.numerator, subject, &format!("The numerator of {name}"));
            if let Denominator::MoversAmong(who) = &rate.denominator {
                self.members(who, subject, &format!("The denominator of {name}"));
            }
            let Share { parts, of } = rate.share;
            let sound = of >= 1 && parts <= GREATEST_SHARE && of <= GREATEST_SHARE;
            self.demand(sound, subject, || format!("The share of {name} is {parts}/{of}, which is none."));
            let weight = rate.soft.unwrap_or(1);
            self.demand((1..=HEAVIEST).contains(&weight), subject, || {
                format!("The weight of {name} is {weight}; 1 to {HEAVIEST} are possible.")
            });
        }
    }

    pub(super) fn links(&mut self) {
        let input = self.input;
        for (ix, link) in input.links.iter().enumerate() {
            let subject = Subject::Link(ix);
            self.members(&link.teachers, subject, "A link");
            self.demand(link.teachers.len() >= 2, subject, || "A link holds fewer than two teachers.".into());
        }
    }

    fn members(&mut self, who: &[TeacherIx], subject: Subject, whose: &str) {
        let teachers = self.input.teachers.len();
        if let Some(beyond) = who.iter().find(|&&who| who >= teachers) {
            self.demand(false, subject, || {
                format!("{whose} names teacher number {beyond}, but there are {teachers}.")
            });
        }
        let distinct = who.iter().collect::<BTreeSet<_>>().len() == who.len();
        self.demand(distinct, subject, || format!("{whose} names a teacher twice."));
    }
}
