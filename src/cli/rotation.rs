//! Commands about rotation: policies and the count.

mod count;
mod policy;

use clap::Subcommand;
use sea_orm::{EntityTrait, QueryOrder};

use super::context::Context;
use crate::entity::rotation_round;
use crate::entity::values::RoundState;
use crate::error::{Result, UserError};
use crate::id::Kind;
use crate::rows;
use crate::scope::Scope;

/// 教师轮岗。
#[derive(Debug, Subcommand)]
pub enum RotationCommand {
    /// 轮岗政策：列出、查看、设定、看范本
    Policy {
        #[command(subcommand)]
        command: policy::PolicyCommand,
    },
    /// 摸底：谁应交流、谁可交流、为什么，以及学科余缺
    Count(count::CountArgs),
}

/// Runs a command about rotation.
pub async fn rotation(context: &Context, command: RotationCommand) -> Result<()> {
    match command {
        RotationCommand::Policy { command } => policy::policy(context, command).await,
        RotationCommand::Count(args) => count::count(context, args).await,
    }
}

/// The round meant: by name, part of it or identifier, else the only one that is not dispatched yet, else the newest.
///
/// # Errors
/// `Rejected` when there is none, or none is sure to be meant.
async fn find_round(scope: &Scope, which: Option<&str>) -> Result<rotation_round::Model> {
    let select = rows::in_district(scope.district.id, rotation_round::Entity::find());
    let rounds = select.order_by_desc(rotation_round::Column::StartsOn).all(scope.reader()).await?;
    let fits = |round: &&rotation_round::Model| match which {
        Some(text) => Kind::Round.parse(text) == Some(round.id) || round.name.contains(text),
        None => round.state < RoundState::Dispatching,
    };
    let mut fitting = rounds.iter().filter(fits);
    let found = match (fitting.next(), fitting.next()) {
        (Some(only), None) => Some(only),
        (None, _) if which.is_none() => rounds.first(),
        _ => None,
    };
    found.cloned().ok_or_else(|| {
        let names = rounds.iter().map(|round| round.name.as_str()).collect::<Vec<_>>().join("、");
        let error = match rounds.is_empty() {
            true => UserError::new(
                "NO_ROUND",
                "还没有轮岗批次：导入“轮岗政策”或“学科余缺”表时会新建",
                "there is no round yet: importing the sheets 轮岗政策 or 学科余缺 opens one",
            ),
            false => UserError::new(
                "WHICH_ROUND",
                format!("不能确定是哪个批次，请用 --round 写明；已有：{names}"),
                format!("name the round with --round; there are: {names}"),
            ),
        };
        error.into()
    })
}
