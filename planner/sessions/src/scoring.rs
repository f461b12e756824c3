//! The rules as the search uses them: one grouping at a time, amounts only.

use crate::build::Problem;
use crate::constraints::{Check, HostView, PresenterView, RoomDayView, Rules, SeriesView, SessionView, Sink};
use crate::evaluate::Tally;
use crate::score::{Level, Score};
use crate::week::PersonWeek;

/// The rules sorted by what they look at, with their weights: what the search scores groupings with.
#[derive(Default)]
pub(crate) struct Scoring {
    sessions: Vec<Term<OfSession>>,
    series: Vec<Term<OfSeries>>,
    room_days: Vec<Term<OfRoomDay>>,
    person_weeks: Vec<Term<OfPersonWeek>>,
    presenters: Vec<Term<OfPresenter>>,
    hosts: Vec<Term<OfHost>>,
}

type OfSession = fn(&SessionView, &mut dyn Sink);
type OfSeries = fn(&SeriesView, &mut dyn Sink);
type OfRoomDay = fn(&RoomDayView, &mut dyn Sink);
type OfPersonWeek = fn(&PersonWeek, &mut dyn Sink);
type OfPresenter = fn(&PresenterView, &mut dyn Sink);
type OfHost = fn(&HostView, &mut dyn Sink);

struct Term<Check> {
    level: Level,
    weight: i64,
    check: Check,
}

macro_rules! scored {
    ($(#[$doc:meta])* $name:ident, $terms:ident, $view:ty) => {
        $(#[$doc])*
        pub(crate) fn $name(&self, view: &$view) -> Score {
            let mut score = Score::ZERO;
            for term in &self.$terms {
                let mut tally = Tally::default();
                (term.check)(view, &mut tally);
                if tally.0 != 0 {
                    score += Score::of(term.level, tally.0 * term.weight);
                }
            }
            score
        }
    };
}

impl Scoring {
    pub(crate) fn new(problem: &Problem, rules: &Rules) -> Scoring {
        let mut scoring = Scoring::default();
        for rule in rules.iter() {
            let (level, weight) = (rule.level, problem.weight(rule));
            if weight == 0 {
                continue;
            }
            match rule.check {
                Check::Session(check) => scoring.sessions.push(Term { level, weight, check }),
                Check::Series(check) => scoring.series.push(Term { level, weight, check }),
                Check::RoomDay(check) => scoring.room_days.push(Term { level, weight, check }),
                Check::PersonWeek(check) => scoring.person_weeks.push(Term { level, weight, check }),
                Check::Presenter(check) => scoring.presenters.push(Term { level, weight, check }),
                Check::Host(check) => scoring.hosts.push(Term { level, weight, check }),
            }
        }
        scoring
    }

    scored!(
        /// The penalty of one session by itself.
        session, sessions, SessionView
    );
    scored!(
        /// The penalty within one programme.
        of_series, series, SeriesView
    );
    scored!(
        /// The penalty in one room on one day.
        room_day, room_days, RoomDayView
    );
    scored!(
        /// The penalty in one person's week.
        person_week, person_weeks, PersonWeek
    );
    scored!(
        /// The penalty of one presenter's term.
        presenter, presenters, PresenterView
    );
    scored!(
        /// The penalty of one host's term.
        host, hosts, HostView
    );
}
