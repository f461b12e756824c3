//! Why it ends for somebody as it does, as far as it can be seen without searching again: structured, with the names and figures of
//! the day the proposal was made. Sentences are made when they are read (`told`).

use chrono::NaiveDate;
use rotation_planner as planner;
use serde::{Deserialize, Serialize};

use super::material::Counted;
use super::roads::Basis;
use super::settings::Settings;
use super::statement::{Candidate, Statement, bilingual};
use crate::entity::values::{
    ApplicationLink, CandidacyStanding, ExemptionKind, RecommendationVerdict, Stage,
};
use crate::error::Bilingual;

/// Something that decided about somebody, or is worth knowing of her move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// She must move in this round.
    Must,
    /// She must move, and a rate of the policy says how many of those do so in one round.
    Due,
    /// She may move.
    May,
    /// An accepted ground excuses her.
    Excused {
        /// The ground.
        kind: ExemptionKind,
    },
    /// The count found that she is exempt or deferred.
    CountedOut {
        /// Where she stands.
        standing: CandidacyStanding,
    },
    /// The office decided it beforehand.
    Decided {
        /// Why.
        why: String,
    },
    /// Volunteers take each other's places.
    Exchanged {
        /// The others of the circle.
        with: Vec<String>,
    },
    /// She goes to a school of her wishes.
    Wish {
        /// Which one, from 1.
        rank: u32,
    },
    /// She applied and goes elsewhere.
    BesideWishes,
    /// She did not apply, and goes where she is needed.
    Arranged,
    /// It ends alike for the person she is linked with.
    Linked {
        /// That person.
        with: String,
        /// How they are linked.
        link: ApplicationLink,
    },
    /// She goes to a lower stage than her own.
    LowerStage {
        /// That stage.
        stage: Stage,
    },
    /// Posts were missing where she goes.
    Fills {
        /// The posts.
        posts: String,
        /// How many were missing, in fifths.
        short: i64,
    },
    /// There were too many where she leaves.
    Spared {
        /// The posts.
        posts: String,
        /// How many too many, in fifths.
        over: i64,
    },
    /// What her school says of her move.
    SchoolSays {
        /// The verdict.
        verdict: RecommendationVerdict,
        /// Its reason.
        why: String,
    },
    /// The policy makes her service longer or shorter than she asked.
    Years {
        /// Years she asked for.
        asked: i32,
        /// Years she gets.
        given: i32,
    },
    /// Her ways are counted from her own school, as nothing is known of where she lives.
    FromHomeSchool,
    /// The travel matrix does not know her way.
    WayUnknown,
    /// She stays, and this wish was not open to her.
    WishBarred {
        /// Which one.
        rank: u32,
        /// The school.
        school: String,
        /// Why.
        why: Bilingual,
    },
    /// The posts she wished for are taken.
    WishFull {
        /// Which one.
        rank: u32,
        /// The posts.
        posts: String,
    },
    /// No move was open to her.
    NoWay,
    /// Without her the posts she holds would be too few.
    Needed {
        /// The posts.
        posts: String,
        /// How many are filled afterwards, in fifths.
        filled: i64,
        /// How many are needed, in fifths.
        needed: i64,
    },
    /// As many leave her school as may.
    SchoolCap {
        /// How many.
        people: u32,
    },
    /// The policy's 期限 makes her service end on another day than the round.
    TermOfPolicy {
        /// Last day of the round.
        round: NaiveDate,
        /// Her last day.
        until: NaiveDate,
    },
    /// She stays although she could move, and no proposal is better.
    NoBetter {
        /// The first of her wishes that was open to her, with its school.
        wish: Option<(u32, String)>,
        /// Whether that is proven, level by level; else nothing better was found in time.
        proven: bool,
    },
    /// She stays although she could move: what proposals said of it before they kept more.
    EnoughMove,
}

/// What decided about each of the counted, in their order; none for those who were no candidates.
pub fn all(
    statement: &Statement<'_>,
    settings: &Settings,
    solution: &planner::Solution,
) -> Vec<Option<Vec<Reason>>> {
    let assignment = &solution.assignment;
    let filled = planner::filled(&statement.problem, assignment);
    let view = View { statement, settings, assignment, filled, proven: solution.is_proven() };
    (0..statement.material.counted.len()).map(|who| view.of(who)).collect()
}

struct View<'v> {
    statement: &'v Statement<'v>,
    settings: &'v Settings,
    assignment: &'v planner::Assignment,
    filled: Vec<planner::Fifths>,
    proven: bool,
}

impl View<'_> {
    fn of(&self, who: planner::TeacherIx) -> Option<Vec<Reason>> {
        let one = &self.statement.material.counted[who];
        let Some(candidate) = &self.statement.candidates[who] else { return self.excused(one) };
        let mut reasons = vec![standing(candidate)];
        let decided = self.settings.decisions.iter().find(|known| known.teacher_id == one.row.teacher_id);
        reasons.extend(decided.map(|known| Reason::Decided { why: known.reason.clone() }));
        reasons.extend(self.exchanged(who));
        reasons.extend(self.linked(one));
        match self.assignment[who] {
            Some(choice) => self.moving(who, candidate, choice, &mut reasons),
            None if decided.is_some() => {}
            None => self.staying(who, &mut reasons),
        }
        reasons.extend(self.said(one));
        Some(reasons)
    }

    /// Those who are exempt or deferred are named too: people ask why they do not go.
    fn excused(&self, one: &Counted) -> Option<Vec<Reason>> {
        if let Some(exemption) = self.statement.material.exempted.get(&one.row.teacher_id) {
            return Some(vec![Reason::Excused { kind: exemption.kind }]);
        }
        let standing = one.row.standing;
        let named = matches!(standing, CandidacyStanding::Exempt | CandidacyStanding::Deferred);
        named.then(|| vec![Reason::CountedOut { standing }])
    }

    fn exchanged(&self, who: planner::TeacherIx) -> Option<Reason> {
        let circle = self.statement.circles.iter().find(|circle| circle.contains(&who))?;
        let others = circle.iter().filter(|other| **other != who);
        let with = others.map(|other| self.statement.problem.teachers[*other].name.clone()).collect();
        Some(Reason::Exchanged { with })
    }

    fn linked(&self, one: &Counted) -> Option<Reason> {
        let problem = &self.statement.problem;
        let counted = &self.statement.material.counted;
        let me = counted.iter().position(|other| other.row.teacher_id == one.row.teacher_id)?;
        let link = problem.links.iter().find(|link| link.teachers.contains(&me))?;
        let with = link.teachers.iter().find(|other| **other != me)?;
        let kind = match link.kind {
            planner::LinkKind::Together => ApplicationLink::Both,
            planner::LinkKind::SameSchool => ApplicationLink::SameSchool,
        };
        Some(Reason::Linked { with: problem.teachers[*with].name.clone(), link: kind })
    }

    fn said(&self, one: &Counted) -> Option<Reason> {
        let said = self.statement.material.said.get(&one.row.teacher_id)?;
        Some(Reason::SchoolSays { verdict: said.verdict, why: said.reason.clone() })
    }

    fn moving(
        &self,
        who: planner::TeacherIx,
        candidate: &Candidate,
        choice: planner::MoveIx,
        reasons: &mut Vec<Reason>,
    ) {
        let problem = &self.statement.problem;
        let teacher = &problem.teachers[who];
        let chosen = &teacher.moves[choice];
        reasons.push(match chosen.wish {
            Some(rank) => Reason::Wish { rank },
            None if teacher.volunteer => Reason::BesideWishes,
            None => Reason::Arranged,
        });
        let name = |cell| planner::cell_name(problem, cell);
        if let Some(cell) = chosen.cell {
            let stage = self.statement.posts.stage(cell);
            let own = self.statement.material.counted[who].row.stage;
            let lower = stage.filter(|stage| *stage != own);
            reasons.extend(lower.map(|stage| Reason::LowerStage { stage }));
            let short = problem.cells[cell].needed - problem.cells[cell].present;
            reasons.extend((short > 0).then(|| Reason::Fills { posts: name(cell), short }));
        }
        if let Some(cell) = teacher.cell {
            let over = problem.cells[cell].present - problem.cells[cell].needed;
            reasons.extend((over > 0).then(|| Reason::Spared { posts: name(cell), over }));
        }
        reasons.extend(candidate.years.map(|(asked, given)| Reason::Years { asked, given }));
        let until = candidate.span.1;
        reasons.extend(candidate.round_until.map(|round| Reason::TermOfPolicy { round, until }));
        reasons.extend((candidate.basis == Basis::HomeSchool).then_some(Reason::FromHomeSchool));
        let unknown = chosen.commute_before.is_none() || chosen.commute_after.is_none();
        reasons.extend(unknown.then_some(Reason::WayUnknown));
    }

    fn staying(&self, who: planner::TeacherIx, reasons: &mut Vec<Reason>) {
        let problem = &self.statement.problem;
        let teacher = &problem.teachers[who];
        let open = (0..teacher.moves.len()).filter(|choice| problem.bar(who, *choice).is_none()).count();
        let wished =
            (0..teacher.moves.len()).filter_map(|choice| Some((choice, teacher.moves[choice].wish?)));
        let (mut told, mut wish) = (0, None);
        for (choice, rank) in wished {
            if told < rank {
                let why = self.unfulfilled(who, choice, rank);
                if wish.is_none() && why.is_none() {
                    wish = Some((rank, problem.schools[teacher.moves[choice].to].name.clone()));
                }
                reasons.extend(why);
                told = rank;
            }
        }
        if open == 0 {
            reasons.push(Reason::NoWay);
            return;
        }
        let needed = teacher.cell.map(|cell| (cell, self.filled[cell], problem.cells[cell].needed));
        if let Some((cell, filled, needed)) = needed.filter(|(_, filled, needed)| filled <= needed) {
            reasons.push(Reason::Needed { posts: planner::cell_name(problem, cell), filled, needed });
        }
        let left = problem.teachers.iter().zip(self.assignment);
        let left = left.filter(|(other, outcome)| other.home == teacher.home && outcome.is_some()).count();
        let cap = problem.schools[teacher.home].out_cap.filter(|cap| left >= *cap as usize);
        reasons.extend(cap.map(|people| Reason::SchoolCap { people }));
        reasons.push(Reason::NoBetter { wish, proven: self.proven });
    }

    /// Why a wish came to nothing, where that can be seen.
    fn unfulfilled(&self, who: planner::TeacherIx, choice: planner::MoveIx, rank: u32) -> Option<Reason> {
        let problem = &self.statement.problem;
        let wished = &problem.teachers[who].moves[choice];
        let school = problem.schools[wished.to].name.clone();
        if let Some(bar) = problem.bar(who, choice) {
            let why = bar_words(&bar, wished.commute_after);
            return Some(Reason::WishBarred { rank, school, why });
        }
        let cell = wished.cell?;
        let facts = &problem.cells[cell];
        let full = facts.high.is_some_and(|high| self.filled[cell] + wished.brings > high);
        full.then(|| Reason::WishFull { rank, posts: planner::cell_name(problem, cell) })
    }
}

fn standing(candidate: &Candidate) -> Reason {
    match (candidate.must, candidate.standing) {
        (true, _) => Reason::Must,
        (false, CandidacyStanding::MustMove) => Reason::Due,
        (false, _) => Reason::May,
    }
}

/// Why a move cannot be chosen.
pub fn bar_words(bar: &planner::Bar, way: Option<i64>) -> Bilingual {
    match bar {
        planner::Bar::NotEligible(why) => match why {
            Some(why) => bilingual(why),
            None => Bilingual::new("不符合交流条件", "she is not eligible"),
        },
        planner::Bar::Barred(why) => bilingual(why),
        planner::Bar::TooFar(limit) => {
            let way = way.unwrap_or(*limit);
            Bilingual::new(
                format!("单程{way}分钟，超过政策的上限"),
                format!("{way} minutes one way, more than the policy allows"),
            )
        }
        planner::Bar::NotWished => Bilingual::new("本人没有填报", "she did not ask for it"),
    }
}
