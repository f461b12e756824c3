//! One edit of a plan by hand: weighed by the evaluator of the search, then kept as a new plan that revises the old one.

use std::collections::HashMap;

use session_planner::{Placement, Problem, SessionIx};
use uuid::Uuid;

use super::cost::{Cost, broken, cost};
use super::drafts::must_be_live;
use super::facts::Facts;
use super::placing::{self, Stand, readable};
use super::reading::{Board, Marks, Reading, Stored, number, presenters, read};
use super::solve::{build, may_be_held, stands};
use super::statement::{Statement, state};
use super::store::{EditNote, Made, Revises, store};
use crate::entity::plan;
use crate::entity::values::{PlanEditKind, PlanOrigin};
use crate::error::{Bilingual, Error, Result, UserError};
use crate::scope::Scope;

/// What a person does to one session of a plan.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Moves it; what is left out stays as it is. A session that was left undated on purpose gets a date with it.
    Move(Stand),
    /// Pins it where it stands: the planner lets it stand, whatever rule it breaks.
    Pin,
    /// Lets the planner move it again.
    Unpin,
    /// Leaves it without a date on purpose 待定.
    Hold,
    /// Lets the planner place it again.
    Release,
}

impl Edit {
    fn kind(&self) -> PlanEditKind {
        match self {
            Self::Move(_) => PlanEditKind::Moved,
            Self::Pin => PlanEditKind::Pinned,
            Self::Unpin => PlanEditKind::Unpinned,
            Self::Hold => PlanEditKind::Held,
            Self::Release => PlanEditKind::Released,
        }
    }
}

/// What an edit made.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The new plan.
    pub plan: plan::Model,
    /// What the edit cost.
    pub cost: Cost,
}

/// Edits one session of a plan: the plan stays, a new draft revises it.
///
/// # Errors
/// `NotFound`; `Rejected` when the plan is discarded, the edit changes nothing or a published session, or with every hard rule that
/// a move would break.
pub async fn edit(scope: &Scope, plan_id: Uuid, session_id: Uuid, edit: &Edit) -> Result<Edited> {
    let desk = Desk::open(scope, plan_id, session_id).await?;
    let weighed = desk.weigh(edit)?;
    if !weighed.cost.broken.is_empty() {
        return Err(Error::Rejected(weighed.cost.broken));
    }
    let gone = desk.reading.gone.keys().copied().collect();
    let note = EditNote { kind: edit.kind(), session: Some(session_id), sentence: weighed.sentence };
    let made = Made {
        origin: PlanOrigin::Edited,
        as_of: scope.now(),
        search: desk.stored.seed_only(),
        board: &weighed.board,
        marks: &weighed.marks,
        revises: Some(Revises { base: &desk.stored, note, gone }),
    };
    let plan = store(scope, &desk.facts, &made).await?;
    Ok(Edited { plan, cost: weighed.cost })
}

/// What an edit would cost, and which hard rules forbid it. Writes nothing.
///
/// # Errors
/// As [`edit`], but for the rules that a move would break.
pub async fn weigh(scope: &Scope, plan_id: Uuid, session_id: Uuid, edit: &Edit) -> Result<Cost> {
    Ok(Desk::open(scope, plan_id, session_id).await?.weigh(edit)?.cost)
}

/// A plan and a session of it, beside the rows as they are now.
struct Desk {
    stored: Stored,
    facts: Facts,
    statement: Statement,
    problem: Problem,
    reading: Reading,
    marks: Marks,
    session: Uuid,
}

/// An edit that can be made, unless a rule forbids it.
struct Weighed {
    board: Board,
    marks: Marks,
    cost: Cost,
    sentence: Bilingual,
}

impl Desk {
    async fn open(scope: &Scope, plan_id: Uuid, session: Uuid) -> Result<Self> {
        let stored = Stored::load(scope, plan_id).await?;
        must_be_live(&stored.plan)?;
        let facts = stored.facts(scope).await?;
        let statement = state(&facts, scope.zone(), scope.now());
        let problem = build(&statement)?;
        let reading = read(&problem, &statement, &stored.sessions);
        let marks = stored.marks().as_things_are(&facts);
        Ok(Self { stored, facts, statement, problem, reading, marks, session })
    }

    fn weigh(&self, edit: &Edit) -> Result<Weighed> {
        let (mut placed, mut marks) = (self.reading.placed.clone(), self.marks.clone());
        self.change(edit, &mut placed, &mut marks)?;
        let before = Board::lay(self.statement.clone(), &self.reading.placed, &self.marks)?;
        // Whoever moves a pinned session asks whether it may stand there: as a pinned one it would need no notice.
        let mut asked = marks.clone();
        if let Edit::Move(_) = edit {
            asked.pinned.remove(&self.session);
        }
        let board = Board::lay(self.statement.clone(), &placed, &asked)?;
        let mut cost = cost(&before, &board);
        if let Edit::Move(_) = edit {
            cost.broken = broken(&before, &board, self.session);
        }
        let sentence = self.sentence(edit, self.number()?, placed.get(&self.session));
        Ok(Weighed { board, marks, cost, sentence })
    }

    /// Makes an edit, in numbers.
    fn change(&self, edit: &Edit, placed: &mut HashMap<Uuid, Placement>, marks: &mut Marks) -> Result<()> {
        let session = self.session;
        let number = self.number()?;
        match edit {
            Edit::Move(wish) => {
                let placement = self.placement(number, wish)?;
                if placed.insert(session, placement.clone()) == Some(placement) {
                    return Err(nothing_changes());
                }
                marks.held.remove(&session);
            }
            Edit::Pin if !placed.contains_key(&session) => return Err(not_placed()),
            Edit::Pin => changes(marks.pinned.insert(session))?,
            Edit::Unpin => changes(marks.pinned.remove(&session))?,
            Edit::Hold => {
                may_be_held(&self.facts, session)?;
                changes(marks.held.insert(session))?;
                marks.pinned.remove(&session);
                placed.remove(&session);
            }
            Edit::Release => changes(marks.held.remove(&session))?,
        }
        Ok(())
    }

    fn number(&self) -> Result<SessionIx> {
        number(&self.facts, &self.statement, self.session)
    }

    fn placement(&self, number: SessionIx, wish: &Stand) -> Result<Placement> {
        if self.problem.sessions[number].pinned.is_some() {
            return Err(stands());
        }
        let placement = placing::placement(&self.statement, &self.problem, number, wish, &self.stand())?;
        readable(&self.problem, number, &placement)?;
        Ok(placement)
    }

    /// Where the plan has the session, as far as that is still there.
    fn stand(&self) -> Stand {
        let Some(row) = self.stored.sessions.iter().find(|row| row.session_id == self.session) else {
            return Stand::default();
        };
        Stand {
            starts_at: row.starts_at,
            host_school_id: row.host_school_id.filter(|id| self.statement.places.contains(id)),
            room_id: row.room_id.filter(|id| self.statement.rooms.contains(id)),
            second_room_id: row.second_room_id,
            presenters: Some(presenters(row)),
        }
    }

    /// What the edit does, as people read it in the list of revisions.
    fn sentence(&self, edit: &Edit, number: SessionIx, placement: Option<&Placement>) -> Bilingual {
        let name = &self.problem.sessions[number].name;
        let was = self.place(number, self.reading.placed.get(&self.session));
        let is = self.place(number, placement);
        match edit {
            Edit::Move(_) => Bilingual::new(
                format!("{name}：由{}改为{}", was.zh, is.zh),
                format!("{name}: from {} to {}", was.en, is.en),
            ),
            Edit::Pin => Bilingual::new(
                format!("{name}固定在{}", is.zh),
                format!("{name}: pinned where it stands, {}", is.en),
            ),
            Edit::Unpin => Bilingual::new(format!("{name}不再固定"), format!("{name}: not pinned any more")),
            Edit::Hold => Bilingual::new(
                format!("{name}留作待定（原为{}）", was.zh),
                format!("{name}: left undated on purpose (it was {})", was.en),
            ),
            Edit::Release => Bilingual::new(format!("{name}不再待定"), format!("{name}: to be dated again")),
        }
    }

    /// When and where, and who presents.
    fn place(&self, number: SessionIx, placement: Option<&Placement>) -> Bilingual {
        let Some(placement) = placement else {
            return Bilingual::new("未排", "not placed");
        };
        let input = &self.statement.input;
        let time = self.problem.time_text(placement.start);
        let host = self.problem.place_of(number, placement).map(|place| input.places[place].name.as_str());
        let room = placement.room.map_or("", |room| input.rooms[room].name.as_str());
        let (sender_zh, sender_en) = self.sender(number, placement);
        let names: Vec<&str> =
            placement.presenters.iter().map(|person| input.people[*person].name.as_str()).collect();
        let (zh, en) = match names.is_empty() {
            true => (String::new(), String::new()),
            false => (format!("，{}授课", names.join("、")), format!(", presented by {}", names.join(", "))),
        };
        match host {
            Some(host) => Bilingual::new(
                format!("{} {host}{room}{sender_zh}{zh}", time.zh),
                format!("{} at {host}, {room}{sender_en}{en}", time.en),
            ),
            None => Bilingual::new(format!("{} 线上{zh}", time.zh), format!("{} online{en}", time.en)),
        }
    }

    /// The sending end of a lesson given from afar, as an addition to the place.
    fn sender(&self, number: SessionIx, placement: &Placement) -> (String, String) {
        let input = &self.statement.input;
        let second = input.sessions[number].options[placement.option].second_room;
        let Some(room) = second.map(|room| &input.rooms[room]) else { return Default::default() };
        let (school, room) = (&input.places[room.place].name, &room.name);
        (format!("（主讲端：{school}{room}）"), format!(" (sent from {school}, {room})"))
    }
}

/// Requires that an edit changed something.
fn changes(changed: bool) -> Result<()> {
    if changed { Ok(()) } else { Err(nothing_changes()) }
}

fn nothing_changes() -> Error {
    UserError::new(
        "NOTHING_CHANGES",
        "方案中已经如此，没有改动",
        "the plan has it so already: nothing was changed",
    )
    .into()
}

fn not_placed() -> Error {
    UserError::new(
        "NOT_PLACED",
        "这次活动还没有排定时间，不能固定；请先移动到一个时间",
        "the session has no date to be pinned at: move it to one first",
    )
    .at("sessionId")
    .into()
}
