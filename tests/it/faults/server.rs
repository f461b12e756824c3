//! An SMTP server on loopback that keeps what it takes and misbehaves as it is told.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::world::Takes;

/// How far a mail has come when the server stops answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The recipient was named.
    Recipient,
    /// The body was announced.
    Announced,
    /// The body may come.
    Body,
    /// The mail is in the mailbox, and not answered.
    Taken,
    /// The mail is answered.
    Answered,
}

/// How the server misbehaves. Shares are of a thousand mails.
#[derive(Debug, Clone, Default)]
pub struct Behaviour {
    /// Takes a mail and hangs up without an answer.
    pub hangs_up: u32,
    /// Takes a mail and answers only after this.
    pub late: Option<(u32, Duration)>,
    /// Refuses each recipient the first time with 450.
    pub greylists: bool,
    /// Answers the first body of so many with 451.
    pub defers: u32,
    /// Closes the connection with 421 at so many mails.
    pub closes: u32,
    /// Refuses recipients that begin so, for good.
    pub refuses: Option<&'static str>,
    /// Waits before it answers a body.
    pub slow: Duration,
}

/// What is known of the mails.
#[derive(Debug, Default)]
struct Kept {
    /// Message-IDs in the order of taking.
    taken: Vec<String>,
    /// How often each recipient was named.
    named: HashMap<String, u32>,
    seen: HashSet<String>,
    stall: Option<Phase>,
}

/// The server. It ends with the runtime of its test.
#[derive(Clone)]
pub struct Server {
    kept: Arc<Mutex<Kept>>,
    behaviour: Arc<Behaviour>,
    dice: Arc<Mutex<ChaCha8Rng>>,
    down: Arc<AtomicBool>,
    stalled: Arc<Notify>,
    released: Arc<Notify>,
    port: u16,
}

impl Server {
    /// A server that misbehaves so.
    pub async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Self {
            kept: Arc::default(),
            behaviour: Arc::new(behaviour),
            dice: Arc::new(Mutex::new(ChaCha8Rng::seed_from_u64(7))),
            down: Arc::default(),
            stalled: Arc::default(),
            released: Arc::default(),
            port: listener.local_addr().expect("an address").port(),
        };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if serving.down.load(Ordering::Relaxed) {
                    continue;
                }
                let serving = serving.clone();
                tokio::spawn(async move { serving.serve(stream).await });
            }
        });
        server
    }

    /// Whether it hangs up on everybody who comes.
    pub fn is_down(&self, down: bool) {
        self.down.store(down, Ordering::Relaxed);
    }

    /// How often an address was named as recipient.
    pub fn named(&self, address: &str) -> u32 {
        self.kept().named.get(address).copied().unwrap_or_default()
    }

    /// The next mail that comes to `phase` is not answered until [`Server::goes_on`].
    pub fn stalls_at(&self, phase: Phase) {
        self.kept().stall = Some(phase);
    }

    /// Waits until a mail has come to the phase of [`Server::stalls_at`].
    pub async fn has_stalled(&self) {
        self.stalled.notified().await;
    }

    /// Answers again.
    pub fn goes_on(&self) {
        self.released.notify_waiters();
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().expect("no panic in the server")
    }

    fn happens(&self, share: u32) -> bool {
        share > 0 && self.dice.lock().expect("no panic in the server").random_range(0..1000) < share
    }

    async fn stall(&self, phase: Phase) {
        let waits = {
            let mut kept = self.kept();
            let waits = kept.stall == Some(phase);
            if waits {
                kept.stall = None;
            }
            waits
        };
        if waits {
            let released = self.released.notified();
            self.stalled.notify_one();
            released.await;
        }
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let mut recipient = String::new();
        writer.write_all(b"220 ready\r\n").await.ok()?;
        loop {
            let line = lines.next_line().await.ok()??;
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            let reply = match verb.as_str() {
                "MAIL" if self.happens(self.behaviour.closes) => {
                    writer.write_all(b"421 4.3.2 closing\r\n").await.ok()?;
                    return None;
                }
                "RCPT" => {
                    line.split(['<', '>']).nth(1).unwrap_or_default().clone_into(&mut recipient);
                    self.stall(Phase::Recipient).await;
                    self.named_now(&recipient)
                }
                "DATA" => {
                    self.stall(Phase::Announced).await;
                    "354 go ahead"
                }
                "QUIT" => return None,
                _ => "250 ok",
            };
            writer.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
            if verb != "DATA" {
                continue;
            }
            self.stall(Phase::Body).await;
            let mut id = String::new();
            loop {
                let line = lines.next_line().await.ok()??;
                if line == "." {
                    break;
                }
                if let Some(found) = line.strip_prefix("Message-ID: ") {
                    found.clone_into(&mut id);
                }
            }
            let reply = self.body(id).await?;
            writer.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
            self.stall(Phase::Answered).await;
        }
    }

    fn named_now(&self, recipient: &str) -> &'static str {
        let mut kept = self.kept();
        let times = kept.named.entry(recipient.to_owned()).or_default();
        *times += 1;
        match self.behaviour.refuses {
            Some(prefix) if recipient.starts_with(prefix) => "550 5.1.1 no such user",
            _ if self.behaviour.greylists && *times == 1 => "450 4.2.0 greylisted",
            _ => "250 ok",
        }
    }

    /// The answer to a body; `None`: it hangs up.
    async fn body(&self, id: String) -> Option<&'static str> {
        tokio::time::sleep(self.behaviour.slow).await;
        let first = self.kept().seen.insert(id.clone());
        if first && self.happens(self.behaviour.defers) {
            return Some("451 4.3.0 later");
        }
        self.kept().taken.push(id);
        self.stall(Phase::Taken).await;
        if self.happens(self.behaviour.hangs_up) {
            return None;
        }
        if let Some((share, wait)) = self.behaviour.late
            && self.happens(share)
        {
            tokio::time::sleep(wait).await;
        }
        Some("250 taken")
    }
}

impl Takes for Server {
    fn route(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// In the order of taking.
    fn taken(&self) -> Vec<String> {
        self.kept().taken.clone()
    }
}
