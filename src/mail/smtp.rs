//! Sending by SMTP, one phase at a time: what a fault means depends on how far the mail had come.

use std::future::Future;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use tokio::net::TcpStream;

use super::answers;
use super::compose::Parcel;
use super::transport::Fault;

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(5);

/// How long a server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a command's answer. Slow answers are a way of servers to keep spam off.
    pub command: Duration,
    /// For the answer to the body (RFC 5321, 4.5.3.2.6).
    pub body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { command: Duration::from_secs(120), body: Duration::from_secs(600) }
    }
}

/// An SMTP server and how to speak with it.
#[derive(Clone)]
pub struct Relay {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Plain, STARTTLS or TLS.
    pub security: Security,
    /// Login and password.
    pub login: Option<(String, String)>,
    /// A certificate (PEM) to trust beside the public ones, for a server of one's own.
    pub certificate: Option<Vec<u8>>,
    /// How long it may take.
    pub patience: Patience,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all: a relay on the same machine or network.
    Plain,
    /// Upgraded before anything is said; never without.
    StartTls,
    /// From the first byte.
    Tls,
}

/// Never shows the password.
impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Relay({:?} {}:{})", self.security, self.host, self.port)
    }
}

impl Relay {
    /// Connects, secures the connection and signs in. Whatever goes wrong here concerns every mail alike.
    pub async fn connect(&self) -> Result<Connection, Fault> {
        let limit = self.patience.command;
        let opened = match tokio::time::timeout(limit, self.open()).await {
            Ok(opened) => opened,
            Err(_) => Err(Broken::Silence(limit)),
        };
        let smtp = opened.map_err(|error| {
            let at = format!("{}:{} ", self.host, self.port);
            match error.into_fault(Fault::Unreachable) {
                Fault::Busy { reason, wait } => Fault::Busy { reason: at + &reason, wait },
                other => Fault::Unreachable(at + other.reason()),
            }
        })?;
        Ok(Connection { smtp, patience: self.patience })
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Broken> {
        let hello = ClientId::default();
        let server = (self.host.as_str(), self.port);
        let mut smtp = match self.security {
            Security::Tls => {
                let tls = Some(self.tls()?);
                AsyncSmtpConnection::connect_tokio1(server, Some(self.patience.command), &hello, tls, None)
                    .await?
            }
            Security::Plain | Security::StartTls => {
                let stream = TcpStream::connect(server).await?;
                // A body and its end are two writes: without this the second waits for the server to confirm the first, 40 ms a mail.
                stream.set_nodelay(true)?;
                AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello).await?
            }
        };
        if self.security == Security::StartTls {
            smtp.starttls(self.tls()?, &hello).await?;
        }
        if let Some((user, password)) = &self.login {
            let credentials = Credentials::new(user.clone(), password.clone());
            smtp.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(smtp)
    }

    fn tls(&self) -> Result<TlsParameters, SmtpError> {
        let mut tls = TlsParameters::builder(self.host.clone());
        if let Some(pem) = &self.certificate {
            tls = tls.add_root_certificate(Certificate::from_pem(pem)?);
        }
        tls.build()
    }
}

/// A connection that is signed in.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    patience: Patience,
}

impl Connection {
    /// Sender, recipient, and the permission to send the body. A sender who is refused is refused for every mail.
    pub async fn offer(&mut self, parcel: &Parcel) -> Result<(), Fault> {
        let mut options = Vec::new();
        if !parcel.bytes.is_ascii() {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        if [&parcel.from, &parcel.to].iter().any(|address| !address.to_string().is_ascii()) {
            if !self.smtp.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Fault::Refused("邮件服务器不支持非英文的邮箱地址".to_owned()));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let sender = Mail::new(Some(parcel.from.clone()), options);
        let patience = self.patience.command;
        within(patience, self.smtp.command(sender)).await.map_err(Broken::into_fault_of_all)?;
        let recipient = Rcpt::new(parcel.to.clone(), Vec::new());
        within(patience, self.smtp.command(recipient))
            .await
            .map_err(|error| error.into_fault(Fault::Unreachable))?;
        within(patience, self.smtp.command(Data))
            .await
            .map_err(|error| error.into_fault(Fault::Unreachable))?;
        Ok(())
    }

    /// The body and the server's answer.
    pub async fn hand_over(&mut self, parcel: &Parcel) -> Result<(), Fault> {
        let answer = within(self.patience.body, self.smtp.message(&parcel.bytes)).await;
        answer.map(|_| ()).map_err(|error| error.into_fault(Fault::Lost))
    }

    /// Forgets a mail that was refused; `false` when the connection is gone.
    pub async fn reset(&mut self) -> bool {
        within(self.patience.command, self.smtp.command(Rset)).await.is_ok()
    }

    /// Ends the connection politely; what the server thinks of it no longer matters.
    pub async fn quit(mut self) {
        // A server that is not listening, e.g. as it waits for a body that never comes, must not keep anybody.
        let _ = tokio::time::timeout(GOODBYE, self.smtp.abort()).await;
    }
}

/// A conversation that went wrong.
enum Broken {
    Smtp(SmtpError),
    Network(std::io::Error),
    Silence(Duration),
}

impl From<SmtpError> for Broken {
    fn from(error: SmtpError) -> Self {
        Self::Smtp(error)
    }
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        Self::Network(error)
    }
}

impl Broken {
    fn into_text(self) -> String {
        match self {
            Self::Smtp(error) => error.to_string(),
            Self::Network(error) => error.to_string(),
            Self::Silence(limit) => format!("no answer within {} s", limit.as_secs()),
        }
    }

    /// A refusal is what its words say; anything else is `otherwise`.
    fn into_fault(self, otherwise: fn(String) -> Fault) -> Fault {
        match &self {
            Self::Smtp(error) if error.is_permanent() || error.is_transient() => {
                let (code, transient) = (error.status().map(u16::from), error.is_transient());
                answers::fault(code, transient, self.into_text())
            }
            _ => otherwise(self.into_text()),
        }
    }

    /// The sender is the same for every mail: refused once, refused for all.
    fn into_fault_of_all(self) -> Fault {
        match self.into_fault(Fault::Unreachable) {
            Fault::Deferred { reason, .. } | Fault::Refused(reason) => Fault::Unreachable(reason),
            other => other,
        }
    }
}

async fn within<T>(limit: Duration, talk: impl Future<Output = Result<T, SmtpError>>) -> Result<T, Broken> {
    match tokio::time::timeout(limit, talk).await {
        Ok(result) => result.map_err(Broken::Smtp),
        Err(_) => Err(Broken::Silence(limit)),
    }
}
