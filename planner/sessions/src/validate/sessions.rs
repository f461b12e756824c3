//! What makes a stated session, or a placement of it, unusable.

use super::{Subject, Validation};
use crate::problem::*;

impl Validation<'_> {
    pub(super) fn sessions(&mut self) {
        for (ix, session) in self.input.sessions.iter().enumerate() {
            let name = &session.name;
            let subject = Subject::Session(ix);
            let series = self.input.series.len();
            self.demand(session.series < series, subject.clone(), || {
                format!("{name} belongs to series number {}, but there are {series}.", session.series)
            });
            let level = session.level;
            self.demand(level <= 2, subject.clone(), || {
                format!("{name} has level {level}; levels are 0 (district), 1 (group) and 2 (school).")
            });
            self.length(ix, session);
            self.window(ix, session);
            for option in &session.options {
                self.option(ix, option);
            }
            self.demand(session.options.iter().any(|option| option.allowed), subject, || {
                format!("{name} has no allowed way to be held.")
            });
            if let Some(placement) = &session.pinned {
                self.pinned(ix, placement);
            }
        }
    }

    fn length(&mut self, ix: SessionIx, session: &Session) {
        let hours = self.input.hours;
        let evening = session.allows_evening.then_some(hours.evening);
        let halves = [hours.morning, hours.afternoon].into_iter().chain(evening);
        let longest = halves.map(|(from, until)| until - from).max().unwrap_or(0);
        self.demand((1..=longest).contains(&session.minutes), Subject::Session(ix), || {
            format!("{} takes {} minutes; the longest half-day has {longest}.", session.name, session.minutes)
        });
    }

    fn window(&mut self, ix: SessionIx, session: &Session) {
        let Some(window) = &session.window else {
            return;
        };
        let name = &session.name;
        let days = self.input.days.len();
        let inside = window.stretches.iter().all(|&(first, last)| first <= last && last < days);
        self.demand(inside, Subject::Session(ix), || {
            format!("{name} may be held on days that do not exist or that end before they begin.")
        });
        let ascending = window.stretches.windows(2).all(|pair| pair[0].1 < pair[1].0);
        self.demand(ascending, Subject::Session(ix), || {
            format!("The allowed days of {name} are not in ascending order.")
        });
    }

    fn option(&mut self, ix: SessionIx, option: &HostOption) {
        let subject = Subject::Session(ix);
        let name = &self.input.sessions[ix].name;
        if let Some(place) = option.place {
            self.place(place, subject.clone(), name);
        }
        let candidates = option.presenter_slots.iter().all(|candidates| !candidates.is_empty());
        self.demand(candidates, subject.clone(), || format!("A presenter of {name} has no candidates."));
        let presenters = option.presenter_slots.iter().flatten();
        let audience = option.audience.iter().map(|member| &member.person);
        for &person in option.required.iter().chain(presenters).chain(audience) {
            self.person(person, subject.clone(), name);
        }
        for member in &option.audience {
            self.place(member.place, subject.clone(), &format!("The audience of {name}"));
        }
        self.received(ix, option);
        self.quotas(ix, option);
    }

    /// The lessons that an option is about, and the room at the other end.
    fn received(&mut self, ix: SessionIx, option: &HostOption) {
        let subject = Subject::Session(ix);
        let name = &self.input.sessions[ix].name;
        self.demand(option.lessons.iter().all(|(start, end)| start < end), subject.clone(), || {
            format!("A lesson that {name} is about ends before it starts.")
        });
        self.demand(option.lessons.is_sorted(), subject.clone(), || {
            format!("The lessons that {name} is about are not in ascending order.")
        });
        let Some(second) = option.second_room else { return };
        let rooms = self.input.rooms.len();
        self.demand(second < rooms, subject.clone(), || {
            format!("{name} names room number {second} at its other end, but there are {rooms}.")
        });
        let elsewhere = self.input.rooms.get(second).is_none_or(|room| Some(room.place) != option.place);
        self.demand(elsewhere, subject, || {
            format!("The room at the other end of {name} is one of its host's.")
        });
    }

    fn quotas(&mut self, ix: SessionIx, option: &HostOption) {
        let subject = Subject::Session(ix);
        let whose = format!("A quota of {}", self.input.sessions[ix].name);
        for (number, &(place, _)) in option.quotas.iter().enumerate() {
            self.place(place, subject.clone(), &whose);
            let once = option.quotas[..number].iter().all(|&(other, _)| other != place);
            self.demand(once, subject.clone(), || {
                format!("{whose} is stated twice for school number {place}.")
            });
        }
    }

    fn pinned(&mut self, ix: SessionIx, placement: &Placement) {
        let session = &self.input.sessions[ix];
        let name = &session.name;
        let subject = Subject::Session(ix);
        self.placement(ix, placement, "The pinned placement");
        let Some(option) = session.options.get(placement.option) else {
            return;
        };
        let slots = option.presenter_slots.len();
        let presenters = placement.presenters.len();
        self.demand(slots == presenters, subject.clone(), || {
            format!("{name} is pinned with {presenters} presenters instead of {slots}.")
        });
        match (option.place, placement.room) {
            (Some(_), None) => self.fail(subject, format!("{name} is pinned on site without a room.")),
            (None, Some(_)) => self.fail(subject, format!("{name} is pinned online with a room.")),
            (Some(place), Some(room)) => {
                let here = self.input.rooms.get(room).is_none_or(|room| room.place == place);
                self.demand(here, subject, || {
                    format!("{name} is pinned in a room of another school than its host.")
                });
            }
            (None, None) => {}
        }
    }

    pub(super) fn placement(&mut self, ix: SessionIx, placement: &Placement, what: &str) {
        let session = &self.input.sessions[ix];
        let whose = format!("{what} of {}", session.name);
        let subject = Subject::Session(ix);
        let end = self.input.days.len() as i64 * i64::from(DAY);
        self.demand((0..end).contains(&i64::from(placement.start)), subject.clone(), || {
            format!("{whose} lies outside the planned days.")
        });
        let options = session.options.len();
        self.demand(placement.option < options, subject.clone(), || {
            format!("{whose} names way {} to hold it, but there are {options}.", placement.option)
        });
        let rooms = self.input.rooms.len();
        self.demand(placement.room.is_none_or(|room| room < rooms), subject.clone(), || {
            format!("{whose} names a room that does not exist; there are {rooms}.")
        });
        for &presenter in &placement.presenters {
            self.person(presenter, subject.clone(), &whose);
        }
    }
}
