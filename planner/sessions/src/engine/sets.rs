//! The sets of sessions that rules look at, with what each costs.

use super::cache::Cache;
use super::keys::{Keys, joined};
use super::ways::World;
use crate::grouping::{Grouping, SetView};
use crate::problem::{Placement, SessionIx};
use crate::rng::mix;
use crate::score::Score;

/// Remembered costs for each session.
const REMEMBERED: usize = 1024;

/// A set and its sessions, in no order.
#[derive(Debug, Clone, Default)]
struct Set {
    sessions: Vec<SessionIx>,
    /// The keys of its sessions' placements, added bit by bit.
    key: u64,
    score: Score,
}

/// A set that a change of one session touches.
#[derive(Debug, Clone, Copy)]
struct Touched {
    grouping: Grouping,
    set: usize,
    leaves: bool,
    enters: bool,
}

/// All sets.
#[derive(Debug)]
pub(super) struct Sets {
    /// Groupings that rules look at.
    looked_at: Vec<Grouping>,
    /// Groupings that only the search looks at.
    only_kept: Vec<Grouping>,
    /// By grouping, then by set.
    sets: Vec<Vec<Set>>,
    touched: Vec<Touched>,
    members: Vec<SessionIx>,
    known: Cache,
}

impl Sets {
    pub(super) fn new(World { problem, scoring, .. }: &World) -> Sets {
        let needed = [Grouping::RoomDay, Grouping::Presenter];
        let looked_at = |of: &Grouping| scoring.looks_at(*of);
        Sets {
            looked_at: Grouping::ALL.into_iter().filter(looked_at).collect(),
            only_kept: needed.into_iter().filter(|of| !looked_at(of)).collect(),
            sets: Grouping::ALL.iter().map(|of| vec![Set::default(); of.sets(problem)]).collect(),
            touched: Vec::new(),
            members: Vec::new(),
            known: Cache::new(problem.sessions.len() * REMEMBERED),
        }
    }

    /// Whether any rule looks at any set.
    pub(super) fn are_looked_at(&self) -> bool {
        !self.looked_at.is_empty()
    }

    pub(super) fn members(&self, grouping: Grouping, set: usize) -> &[SessionIx] {
        &self.sets[grouping as usize][set].sessions
    }

    /// Notes the sets that a session leaves and enters, and returns what they cost now. For a change that is going to be made, those
    /// that no rule looks at are noted too.
    pub(super) fn touch(
        &mut self,
        world: &World,
        session: SessionIx,
        from: Option<&Placement>,
        to: Option<&Placement>,
        all: bool,
    ) -> Score {
        let problem = world.problem;
        let touched = &mut self.touched;
        touched.clear();
        let kept = if all { self.only_kept.as_slice() } else { &[] };
        for &grouping in self.looked_at.iter().chain(kept) {
            let first = touched.len();
            let mut note = |set: usize, enters: bool| {
                let known = touched[first..].iter().position(|other| other.set == set);
                match known {
                    Some(known) => touched[first + known].enters = true,
                    None => touched.push(Touched { grouping, set, leaves: !enters, enters }),
                }
            };
            if let Some(from) = from {
                grouping.each_set(problem, session, from, |set| note(set, false));
            }
            if let Some(to) = to {
                grouping.each_set(problem, session, to, |set| note(set, true));
            }
        }
        let scores = touched.iter().map(|touched| self.sets[touched.grouping as usize][touched.set].score);
        scores.fold(Score::ZERO, |sum, score| sum + score)
    }

    /// How many sets [`Sets::touch`] noted.
    pub(super) fn touched(&self) -> usize {
        self.touched.len()
    }

    /// What a noted set costs after the change. The plan already shows it.
    pub(super) fn after(
        &mut self,
        world: &World,
        plan: &[Option<Placement>],
        ix: usize,
        session: SessionIx,
        keys: (Keys, Keys),
    ) -> Score {
        let World { problem, scoring, .. } = world;
        let Touched { grouping, set, leaves, enters } = self.touched[ix];
        if !scoring.looks_at(grouping) {
            return Score::ZERO;
        }
        let now = &self.sets[grouping as usize][set];
        let others = now.sessions.len() - usize::from(leaves);
        if others == 0 && !enters {
            return Score::ZERO;
        }
        let mut key = now.key;
        if leaves {
            key ^= keys.0.whole;
        }
        if enters {
            key ^= keys.1.whole;
        }
        let key = joined(mix((set as u64) << 4 | grouping as u64), key);
        if others > 0
            && let Some(score) = self.known.get(key)
        {
            return score;
        }
        self.members.clear();
        self.members.extend(now.sessions.iter().copied().filter(|&other| other != session));
        if enters {
            self.members.push(session);
        }
        let score = scoring.set(grouping, &SetView { problem, set, sessions: &self.members, plan });
        self.known.put(key, score);
        score
    }

    /// Makes the change that [`Sets::touch`] noted. The plan already shows it.
    pub(super) fn apply(
        &mut self,
        world: &World,
        plan: &[Option<Placement>],
        session: SessionIx,
        keys: (Keys, Keys),
    ) {
        for ix in 0..self.touched.len() {
            let score = self.after(world, plan, ix, session, keys);
            let Touched { grouping, set, leaves, enters } = self.touched[ix];
            let set = &mut self.sets[grouping as usize][set];
            set.score = score;
            if leaves {
                set.key ^= keys.0.whole;
            }
            if enters {
                set.key ^= keys.1.whole;
            }
            match (leaves, enters) {
                (true, false) => remove(&mut set.sessions, session),
                (false, true) => set.sessions.push(session),
                _ => {}
            }
        }
    }
}

/// Takes a session out of a list in no order.
pub(super) fn remove(sessions: &mut Vec<SessionIx>, session: SessionIx) {
    if let Some(found) = sessions.iter().position(|&other| other == session) {
        sessions.swap_remove(found);
    }
}
