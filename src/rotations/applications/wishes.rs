//! Which schools a teacher may wish for.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::entity::values::Stage;
use crate::entity::{appointment, membership, rotation_round, school, school_stage};
use crate::error::{Bilingual, Result, UserError};
use crate::rotations::schools::TakingPart;
use crate::rotations::stages::can_teach;
use crate::rows;

/// What is wrong with a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishFault {
    /// There is no such school.
    Unknown,
    /// She is there already.
    Own,
    /// It is wished twice.
    Twice,
    /// It is closed by then.
    Closed,
    /// It belongs to none of the round's schools.
    Outside,
    /// It has neither her stage nor a lower one that she could teach.
    Stage(Stage),
}

impl WishFault {
    /// Stable code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN_SCHOOL",
            Self::Own => "WISHED_HOME",
            Self::Twice => "WISHED_TWICE",
            Self::Closed => "SCHOOL_CLOSED",
            Self::Outside => "SCHOOL_OUTSIDE_ROUND",
            Self::Stage(_) => "STAGE_NOT_TAUGHT",
        }
    }

    /// What is wrong and what to do.
    pub fn words(self, school: &str) -> Bilingual {
        match self {
            Self::Unknown => {
                Bilingual::new("没有这所学校，请另选", "there is no such school: choose another")
            }
            Self::Own => Bilingual::new(
                format!("{school}就是本人的编制学校，请另选"),
                format!("{school} is her own school: choose another"),
            ),
            Self::Twice => Bilingual::new(
                format!("{school}填了两次，请另选或留空"),
                format!("{school} is named twice: choose another, or none"),
            ),
            Self::Closed => Bilingual::new(
                format!("{school}届时已经停办，请另选"),
                format!("{school} is closed by then: choose another"),
            ),
            Self::Outside => Bilingual::new(
                format!("{school}不在本批次的学校之内，请另选"),
                format!("{school} does not take part in the round: choose another"),
            ),
            Self::Stage(stage) => Bilingual::new(
                format!("{school}没有{}，请另选", stage.zh()),
                format!("{school} does not teach her stage ({}): choose another", stage.en()),
            ),
        }
    }
}

/// The schools of a round on its first day of service.
#[derive(Debug)]
pub struct Places {
    schools: HashMap<Uuid, school::Model>,
    stages: HashMap<Uuid, Vec<Stage>>,
    taking_part: TakingPart,
    round: rotation_round::Model,
}

impl Places {
    /// Reads the schools of a round.
    pub async fn load(connection: &impl ConnectionTrait, round: &rotation_round::Model) -> Result<Self> {
        let district = round.district_id;
        let schools = rows::in_district(district, school::Entity::find()).all(connection).await?;
        let stages = rows::in_district(district, school_stage::Entity::find()).all(connection).await?;
        let taking_part = TakingPart::load(connection, round).await?;
        Ok(Self::of(round, taking_part, schools.iter(), stages.iter()))
    }

    /// The schools of a round, from rows.
    pub fn new<'r>(
        round: &rotation_round::Model,
        schools: impl Iterator<Item = &'r school::Model>,
        stages: impl Iterator<Item = &'r school_stage::Model>,
        memberships: impl Iterator<Item = &'r membership::Model>,
    ) -> Self {
        Self::of(round, TakingPart::new(round, memberships), schools, stages)
    }

    fn of<'r>(
        round: &rotation_round::Model,
        taking_part: TakingPart,
        schools: impl Iterator<Item = &'r school::Model>,
        stages: impl Iterator<Item = &'r school_stage::Model>,
    ) -> Self {
        let mut taught: HashMap<Uuid, Vec<Stage>> = HashMap::new();
        for row in stages {
            taught.entry(row.school_id).or_default().push(row.stage);
        }
        Self {
            schools: schools.map(|row| (row.id, row.clone())).collect(),
            stages: taught,
            taking_part,
            round: round.clone(),
        }
    }

    /// Whether a school takes part.
    pub fn in_round(&self, school_id: Uuid) -> bool {
        self.taking_part.includes(school_id)
    }

    /// What is wrong with a wish of somebody with this post, after those that stand before it.
    pub fn fault(&self, post: &appointment::Model, wish: Uuid, before: &[Uuid]) -> Option<WishFault> {
        let Some(school) = self.schools.get(&wish) else { return Some(WishFault::Unknown) };
        if wish == post.school_id {
            return Some(WishFault::Own);
        }
        if before.contains(&wish) {
            return Some(WishFault::Twice);
        }
        if school.closed_on.is_some_and(|closed| closed <= self.round.starts_on) {
            return Some(WishFault::Closed);
        }
        if !self.in_round(wish) {
            return Some(WishFault::Outside);
        }
        (!self.can_teach(post.stage, wish)).then_some(WishFault::Stage(post.stage))
    }

    /// Whether a school has a stage that somebody of this one can teach.
    fn can_teach(&self, own: Stage, school_id: Uuid) -> bool {
        let stages = self.stages.get(&school_id).map_or(&[][..], Vec::as_slice);
        stages.iter().any(|stage| can_teach(own, *stage))
    }

    /// The fault as people read it.
    pub fn refusal(&self, fault: WishFault, wish: Uuid) -> UserError {
        let name = self.schools.get(&wish).map_or("", |school| &school.name);
        UserError { code: fault.code(), field: None, message: fault.words(name) }
    }
}
