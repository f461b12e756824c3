//! `rotation correct`: what the office sets in a count, whatever the rules and rosters say.

use clap::Subcommand;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{person, tell, word};
use crate::cli::context::{Context, find_school};
use crate::entity::values::{CandidacyStanding, Stage};
use crate::entity::{candidacy, rotation_round, staffing, subject};
use crate::error::{Result, UserError};
use crate::id::Kind;
use crate::rotations::count::{self, CandidacyCorrection, StaffingCorrection};
use crate::rows;
use crate::scope::Scope;

/// 更正。
#[derive(Debug, Subcommand)]
pub enum CorrectCommand {
    /// 更正一位教师的摸底结果；再摸底不会冲掉
    Standing {
        /// 工号
        number: String,
        /// 结果：应交流、可交流、免于交流、暂缓交流、不符合条件；“按规定”取消更正
        standing: String,
        /// 理由
        #[arg(long)]
        reason: String,
    },
    /// 更正一所学校一个学段一门学科的余缺；再摸底不会冲掉
    Staffing {
        /// 学校
        school: String,
        /// 学段：幼儿园、小学、初中、高中
        stage: String,
        /// 学科
        subject: String,
        /// 核定需求人数；默认不变
        #[arg(long, value_name = "人数", required_unless_present = "present")]
        needed: Option<i32>,
        /// 现有人数；默认不变
        #[arg(long, value_name = "人数")]
        present: Option<i32>,
        /// 理由
        #[arg(long)]
        reason: String,
    },
}

/// The word for taking a correction back.
const BY_THE_RULES: &str = "按规定";

/// Corrects what was counted.
pub async fn correct(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    command: CorrectCommand,
) -> Result<()> {
    match command {
        CorrectCommand::Standing { number, standing, reason } => {
            self::standing(context, scope, round, &number, &standing, reason).await
        }
        CorrectCommand::Staffing { school, stage, subject, needed, present, reason } => {
            let place = [school.as_str(), &stage, &subject];
            self::staffing(context, scope, round, place, (needed, present), reason).await
        }
    }
}

async fn standing(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    number: &str,
    written: &str,
    reason: String,
) -> Result<()> {
    let standing = match written {
        BY_THE_RULES => None,
        other => {
            let words = CandidacyStanding::ALL.iter().map(|standing| standing.zh()).chain([BY_THE_RULES]);
            Some(word(CandidacyStanding::from_zh(other), words, other)?)
        }
    };
    let teacher = person(scope, number).await?;
    let row = rows::in_district(scope.district.id, candidacy::Entity::find())
        .filter(candidacy::Column::RoundId.eq(round.id))
        .filter(candidacy::Column::TeacherId.eq(teacher.id))
        .one(scope.reader())
        .await?;
    let row = row.ok_or_else(|| {
        let (name, round) = (&teacher.name, &round.name);
        let zh = format!("“{round}”摸底时没有{name}：请先用 tongpan rotation count 摸底");
        let en = format!("{name} was not counted in {round:?}: run `tongpan rotation count` first");
        UserError::new("NOT_COUNTED", zh, en)
    })?;
    let (candidacy_id, expected_version) = (row.id, row.version);
    let correction = CandidacyCorrection { candidacy_id, expected_version, standing, reason };
    let after = count::correct_candidacy(scope, correction).await?;
    let text = format!("{}的摸底结果为“{}”。", teacher.name, after.standing.zh());
    tell(context, Kind::Candidacy.id(after.id), &text)
}

async fn staffing(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    [school, stage, subject]: [&str; 3],
    (needed, present): (Option<i32>, Option<i32>),
    reason: String,
) -> Result<()> {
    let school = find_school(scope, school).await?;
    let stage = word(Stage::from_zh(stage), Stage::ALL.iter().map(|stage| stage.zh()), stage)?;
    let subject = subject_named(scope, subject).await?;
    let known = rows::in_district(scope.district.id, staffing::Entity::find())
        .filter(staffing::Column::RoundId.eq(round.id))
        .filter(staffing::Column::SchoolId.eq(school.id))
        .filter(staffing::Column::Stage.eq(stage))
        .filter(staffing::Column::SubjectId.eq(subject.id))
        .one(scope.reader())
        .await?;
    let (version, before) = known.map_or((0, (0, 0)), |row| (row.version, (row.needed, row.present)));
    let correction = StaffingCorrection {
        round_id: round.id,
        school_id: school.id,
        stage,
        subject_id: subject.id,
        expected_version: version,
        needed: needed.unwrap_or(before.0),
        present: present.unwrap_or(before.1),
        reason,
    };
    let after = count::correct_staffing(scope, correction).await?;
    let (needed, present) = (after.needed, after.present);
    let (school, stage, subject) = (&school.name, stage.zh(), &subject.name);
    let text = format!("{school}{stage}{subject}：需求{needed}人，现有{present}人。");
    tell(context, Kind::Staffing.id(after.id), &text)
}

async fn subject_named(scope: &Scope, name: &str) -> Result<subject::Model> {
    let select = rows::in_district(scope.district.id, subject::Entity::find());
    let all = select.order_by_asc(subject::Column::Position).all(scope.reader()).await?;
    let found = all.iter().find(|row| row.name == name).cloned();
    found.ok_or_else(|| {
        let names = all.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join("、");
        let zh = format!("没有学科“{name}”，有：{names}");
        UserError::new("NO_SUCH_SUBJECT", zh, format!("there is no subject {name:?}; there are: {names}"))
            .into()
    })
}
