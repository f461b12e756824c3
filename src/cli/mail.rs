//! Commands about mails.

use clap::Subcommand;

use super::context::Context;
use super::preferences::{self, PreferencesArgs};
use crate::error::Result;

/// 邮件。
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// 查看或设定一个人收哪些邮件
    #[command(after_help = preferences::HELP)]
    Preferences(PreferencesArgs),
}

/// Shows or changes what concerns mails.
pub async fn mail(context: &Context, command: MailCommand) -> Result<()> {
    match command {
        MailCommand::Preferences(args) => preferences::preferences(context, args).await,
    }
}
