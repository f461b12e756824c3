//! The ways out: an SMTP server, a folder of `.eml` files, or memory (tests).

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use tokio::io::AsyncWriteExt;

use super::compose::Parcel;
use super::smtp::{Connection, Relay};

/// Where mails go.
#[derive(Debug, Clone)]
pub enum Transport {
    /// An SMTP server.
    Smtp(Box<Relay>),
    /// A folder: one `.eml` file per mail.
    File(PathBuf),
    /// Kept, for tests to look at.
    Memory(Arc<Mutex<Vec<Sent>>>),
}

/// A mail that went to memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Recipient's address.
    pub to: String,
    /// Message-ID header.
    pub message_id: String,
    /// The whole mail.
    pub eml: String,
}

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no way out at all now; no other mail need be tried.
    Unreachable(String),
    /// The server wants no mail for a while.
    Busy {
        /// What it said.
        reason: String,
        /// For how long.
        wait: TimeDelta,
    },
    /// The server wants no more on this connection; on another it may.
    UsedUp(String),
    /// This mail was refused for now.
    Deferred {
        /// What the server said.
        reason: String,
        /// For how long, where it is known.
        wait: Option<TimeDelta>,
    },
    /// This mail was refused for good.
    Refused(String),
    /// The body went out, and no answer came.
    Lost(String),
}

impl Fault {
    /// What the server or the machine said.
    pub fn reason(&self) -> &str {
        match self {
            Self::Unreachable(reason)
            | Self::Busy { reason, .. }
            | Self::UsedUp(reason)
            | Self::Deferred { reason, .. }
            | Self::Refused(reason)
            | Self::Lost(reason) => reason,
        }
    }
}

/// An open way out. A mail takes two steps, so that the outbox can note when its body is about to leave.
pub enum Line {
    /// To a server.
    Smtp(Box<Connection>),
    /// To a folder.
    File(PathBuf),
    /// To memory.
    Memory(Arc<Mutex<Vec<Sent>>>),
}

impl Transport {
    /// Opens a way out.
    pub async fn open(&self) -> Result<Line, Fault> {
        match self {
            Self::Smtp(relay) => Ok(Line::Smtp(Box::new(relay.connect().await?))),
            Self::File(folder) => {
                tokio::fs::create_dir_all(folder).await.map_err(|error| unwritable(folder, &error))?;
                Ok(Line::File(folder.clone()))
            }
            Self::Memory(sent) => Ok(Line::Memory(Arc::clone(sent))),
        }
    }
}

impl Line {
    /// Asks whether the parcel would be taken.
    pub async fn offer(&mut self, parcel: &Parcel) -> Result<(), Fault> {
        match self {
            Self::Smtp(connection) => connection.offer(parcel).await,
            Self::File(_) | Self::Memory(_) => Ok(()),
        }
    }

    /// Hands over the body of the parcel that was offered last.
    pub async fn hand_over(&mut self, parcel: &Parcel) -> Result<(), Fault> {
        match self {
            Self::Smtp(connection) => connection.hand_over(parcel).await,
            Self::File(folder) => {
                write_file(folder, parcel).await.map_err(|error| unwritable(folder, &error))
            }
            Self::Memory(sent) => {
                let mut sent = sent.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                sent.push(Sent {
                    to: parcel.to.to_string(),
                    message_id: parcel.message_id.clone(),
                    eml: String::from_utf8_lossy(&parcel.bytes).into_owned(),
                });
                Ok(())
            }
        }
    }

    /// Makes the way free for the next parcel after a refusal; `false` when a new one must be opened.
    pub async fn clear(&mut self) -> bool {
        match self {
            Self::Smtp(connection) => connection.reset().await,
            Self::File(_) | Self::Memory(_) => true,
        }
    }

    /// Says goodbye.
    pub async fn close(self) {
        if let Self::Smtp(connection) = self {
            connection.quit().await;
        }
    }
}

/// Whole or not at all: written beside, then renamed.
async fn write_file(folder: &Path, parcel: &Parcel) -> std::io::Result<()> {
    let beside = folder.join(format!(".{}.tmp", parcel.name));
    let mut file = tokio::fs::File::create(&beside).await?;
    file.write_all(&parcel.bytes).await?;
    file.sync_all().await?;
    tokio::fs::rename(&beside, folder.join(format!("{}.eml", parcel.name))).await
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Fault {
    Fault::Unreachable(format!("文件夹 {} 无法写入：{error}", folder.display()))
}
