//! What `TONGPAN_MAIL` and its companions say.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use super::compose::{address, one_line};
use super::limits::{Limits, count};
use super::smtp::{Patience, Relay, Security};
use super::{Contact, Transport};
use crate::error::{Result, UserError};

const DEFAULT_FROM: &str = "联合教研 <notice@example.com>";

/// Who sends mail, and how.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The way out.
    pub transport: Transport,
    /// The sender.
    pub from: Contact,
    /// Where people reach the service, for links in mails; `None`: mails have none.
    pub public_url: Option<String>,
    /// How much providers bear.
    pub limits: Limits,
}

impl Settings {
    /// Reads the settings from variables, usually those of the environment: `TONGPAN_MAIL` (`file:DIR`,
    /// `smtp://HOST:PORT`, `smtp+starttls://USER:PASSWORD@HOST:PORT`, `smtps://…`), `TONGPAN_MAIL_FROM`
    /// (`名称 <address>`), `TONGPAN_MAIL_PASSWORD_FILE`, `TONGPAN_MAIL_CA_FILE`, `TONGPAN_PUBLIC_URL` (`https://…`),
    /// `TONGPAN_MAIL_TIMEOUT` (seconds that the server may take for an answer) and those of [`Limits`].
    ///
    /// # Errors
    /// `Rejected` when one of them cannot be understood or its file cannot be read.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let route = set("TONGPAN_MAIL").ok_or_else(no_route)?;
        let route = route.trim();
        if let Some(folder) = route.strip_prefix("file:").filter(|folder| !folder.is_empty()) {
            let transport = Transport::File(PathBuf::from(folder));
            let public_url = public_url(&variable)?;
            return Ok(Self { transport, from: sender(variable)?, public_url, limits: Limits::default() });
        }
        let mut relay = relay(route)?;
        if let (Some(path), Some((_, password))) = (set("TONGPAN_MAIL_PASSWORD_FILE"), &mut relay.login) {
            let bytes = read_file("TONGPAN_MAIL_PASSWORD_FILE", &path)?;
            *password = String::from_utf8_lossy(&bytes).trim().to_owned();
        }
        if let Some(path) = set("TONGPAN_MAIL_CA_FILE") {
            relay.certificate = Some(read_file("TONGPAN_MAIL_CA_FILE", &path)?);
        }
        if let Some(seconds) = set("TONGPAN_MAIL_TIMEOUT") {
            let wait = Duration::from_secs(u64::from(count("TONGPAN_MAIL_TIMEOUT", &seconds)?.max(1)));
            relay.patience = Patience { command: wait, body: wait };
        }
        let limits = Limits::read(&relay.host, &variable)?;
        let login = relay.login.as_ref().map(|(user, _)| user.clone()).filter(|user| user.contains('@'));
        let from = set("TONGPAN_MAIL_FROM").or(login).ok_or_else(no_sender)?;
        let transport = Transport::Smtp(Box::new(relay));
        Ok(Self { transport, from: contact(&from)?, public_url: public_url(&variable)?, limits })
    }
}

/// Where people reach the service: `TONGPAN_PUBLIC_URL`.
///
/// # Errors
/// `Rejected` when it is no address of a site.
pub fn public_url(variable: impl Fn(&str) -> Option<String>) -> Result<Option<String>> {
    let Some(url) = variable("TONGPAN_PUBLIC_URL").filter(|value| !value.trim().is_empty()) else {
        return Ok(None);
    };
    let url = url.trim().trim_end_matches('/');
    let rest = url.strip_prefix("https://").or(url.strip_prefix("http://")).unwrap_or_default();
    let plain = rest.chars().all(|c| c.is_ascii_graphic() && !"?#@<>\"".contains(c));
    if rest.is_empty() || !plain {
        return Err(no_site(url).into());
    }
    Ok(Some(url.to_owned()))
}

/// Who signs what is not sent through a server: `TONGPAN_MAIL_FROM`, else a name that says what it is.
///
/// # Errors
/// `Rejected` when the variable cannot be understood.
pub fn sender(variable: impl Fn(&str) -> Option<String>) -> Result<Contact> {
    let set = variable("TONGPAN_MAIL_FROM").filter(|value| !value.trim().is_empty());
    contact(&set.unwrap_or_else(|| DEFAULT_FROM.to_owned()))
}

fn no_route() -> UserError {
    UserError::new(
        "MAIL_NOT_SET",
        "没有设置邮件去向：请设置 TONGPAN_MAIL，如 file:./mail（写成文件）或 smtps://用户:授权码@smtp.qq.com:465",
        "TONGPAN_MAIL is not set: set it to e.g. file:./mail or smtps://USER:PASSWORD@smtp.qq.com:465",
    )
}

fn relay(route: &str) -> Result<Relay> {
    let (scheme, rest) = route.split_once("://").ok_or_else(|| unreadable(route))?;
    let (security, default_port) = match scheme {
        "smtp" => (Security::Plain, 25),
        "smtp+starttls" => (Security::StartTls, 587),
        "smtps" => (Security::Tls, 465),
        _ => return Err(unreadable(route).into()),
    };
    let (login, server) = match rest.rsplit_once('@') {
        Some((login, server)) => (Some(login), server),
        None => (None, rest),
    };
    if security == Security::Plain && login.is_some() {
        return Err(unprotected().into());
    }
    let (host, port) = host_and_port(server.trim_end_matches('/'), default_port)
        .filter(|(host, _)| !host.is_empty())
        .ok_or_else(|| unreadable(route))?;
    let login = login.map(|login| {
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        (decoded(user), decoded(password))
    });
    Ok(Relay { host, port, security, login, certificate: None, patience: Patience::default() })
}

fn host_and_port(server: &str, default_port: u16) -> Option<(String, u16)> {
    if let Some(rest) = server.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        let port = if port.is_empty() { default_port } else { port.strip_prefix(':')?.parse().ok()? };
        return Some((host.to_owned(), port));
    }
    match server.split_once(':') {
        None => Some((server.to_owned(), default_port)),
        Some((host, port)) => Some((host.to_owned(), port.parse().ok()?)),
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn contact(text: &str) -> Result<Contact> {
    let (name, email) = match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, email)) => (name.trim().trim_matches('"'), email),
        None => ("", text),
    };
    let email = address(email).map_err(|_| no_address(text))?;
    Ok(Contact { name: one_line(name), address: email.to_string() })
}

fn read_file(variable: &str, path: &str) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        let code = "MAIL_FILE_UNREADABLE";
        let zh = format!("{variable} 指向的文件 {path} 读不了：{error}");
        UserError::new(code, zh, format!("{variable}: {path} cannot be read: {error}")).into()
    })
}

/// The password may stand in the route, so the route is never repeated whole.
fn unreadable(route: &str) -> UserError {
    let shown = match route.rsplit_once('@') {
        Some((_, server)) => format!("…@{server}"),
        None => route.to_owned(),
    };
    UserError::new(
        "MAIL_ROUTE",
        format!(
            "TONGPAN_MAIL“{shown}”无法识别，请写成 file:文件夹、smtp://主机:端口、\
             smtp+starttls://用户:密码@主机:587 或 smtps://用户:密码@主机:465"
        ),
        format!(
            "TONGPAN_MAIL {shown:?} is none of file:DIR, smtp://HOST:PORT, \
             smtp+starttls://USER:PASSWORD@HOST:587 and smtps://USER:PASSWORD@HOST:465"
        ),
    )
}

fn unprotected() -> UserError {
    UserError::new(
        "MAIL_PASSWORD_UNPROTECTED",
        "smtp:// 不加密，不能带用户名和密码，请改用 smtps:// 或 smtp+starttls://",
        "smtp:// is not encrypted and takes no login: use smtps:// or smtp+starttls://",
    )
}

fn no_sender() -> UserError {
    UserError::new(
        "MAIL_FROM_MISSING",
        "请设置发件人，例如 TONGPAN_MAIL_FROM=\"澜川县联合教研 <jiaoyan@example.com>\"",
        "please set the sender, e.g. TONGPAN_MAIL_FROM=\"澜川县联合教研 <jiaoyan@example.com>\"",
    )
}

fn no_site(url: &str) -> UserError {
    UserError::new(
        "PUBLIC_URL",
        format!(
            "TONGPAN_PUBLIC_URL“{url}”不是网址，请写成 https://主机 的形式，如 https://jiaoyan.example.com"
        ),
        format!(
            "TONGPAN_PUBLIC_URL {url:?} is no address of a site: write it like https://jiaoyan.example.com"
        ),
    )
}

fn no_address(text: &str) -> UserError {
    UserError::new(
        "MAIL_FROM",
        format!("TONGPAN_MAIL_FROM“{text}”里没有邮箱地址，请写成 名称 <address>"),
        format!("TONGPAN_MAIL_FROM {text:?} has no mail address; write NAME <ADDRESS>"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Language;

    fn read(variables: &[(&str, &str)]) -> Result<Settings> {
        Settings::read(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn relay_of(variables: &[(&str, &str)]) -> Relay {
        match read(variables).unwrap().transport {
            Transport::Smtp(relay) => *relay,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn mail_may_be_written_to_a_folder_under_a_name_that_says_so() {
        let settings = read(&[("TONGPAN_MAIL", "file:./mail")]).unwrap();
        assert!(matches!(settings.transport, Transport::File(folder) if folder == *"./mail"));
        assert_eq!(settings.from.name, "联合教研");
    }

    #[test]
    fn a_login_may_be_an_address_and_a_password_may_be_escaped() {
        let relay = relay_of(&[("TONGPAN_MAIL", "smtps://jy@qq.com:a%40b%2Fc@smtp.qq.com")]);
        assert_eq!((relay.host.as_str(), relay.port, relay.security), ("smtp.qq.com", 465, Security::Tls));
        assert_eq!(relay.login, Some(("jy@qq.com".to_owned(), "a@b/c".to_owned())));
    }

    #[test]
    fn a_login_that_is_an_address_is_the_sender() {
        let settings = read(&[("TONGPAN_MAIL", "smtp+starttls://jy@qq.com:x@smtp.qq.com:587")]).unwrap();
        assert_eq!(settings.from, Contact { name: String::new(), address: "jy@qq.com".to_owned() });
    }

    #[test]
    fn the_password_may_lie_in_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "secret\n").unwrap();
        let path = file.path().display().to_string();
        let relay = relay_of(&[
            ("TONGPAN_MAIL", "smtps://jy@qq.com@smtp.qq.com:465"),
            ("TONGPAN_MAIL_PASSWORD_FILE", &path),
        ]);
        assert_eq!(relay.login, Some(("jy@qq.com".to_owned(), "secret".to_owned())));
    }

    #[test]
    fn a_local_relay_may_have_an_ipv6_address() {
        let from = ("TONGPAN_MAIL_FROM", "\"教研 (县)\" <jy@example.com>");
        let relay = relay_of(&[("TONGPAN_MAIL", "smtp://[::1]:2525"), from]);
        assert_eq!((relay.host.as_str(), relay.port), ("::1", 2525));
    }

    #[test]
    fn what_cannot_be_understood_is_refused_with_what_to_write() {
        let code = |variables: &[(&str, &str)]| match read(variables).unwrap_err() {
            crate::error::Error::Rejected(errors) => errors[0].code,
            other => panic!("{other}"),
        };
        assert_eq!(code(&[("TONGPAN_MAIL", "mail.example.com")]), "MAIL_ROUTE");
        assert_eq!(code(&[("TONGPAN_MAIL", "smtp://")]), "MAIL_ROUTE");
        assert_eq!(code(&[("TONGPAN_MAIL", "smtp://u:p@mail.example.com")]), "MAIL_PASSWORD_UNPROTECTED");
        assert_eq!(code(&[("TONGPAN_MAIL", "smtp://127.0.0.1:25")]), "MAIL_FROM_MISSING");
        assert_eq!(code(&[("TONGPAN_MAIL", "file:./mail"), ("TONGPAN_MAIL_FROM", "教研室")]), "MAIL_FROM");
        assert_eq!(
            code(&[("TONGPAN_MAIL", "file:./mail"), ("TONGPAN_PUBLIC_URL", "jy.example.com")]),
            "PUBLIC_URL"
        );
        assert_eq!(code(&[]), "MAIL_NOT_SET");
        let missing = [("TONGPAN_MAIL", "smtps://a@b.cn@h"), ("TONGPAN_MAIL_PASSWORD_FILE", "/nowhere")];
        assert_eq!(code(&missing), "MAIL_FILE_UNREADABLE");
    }

    #[test]
    fn no_message_repeats_the_password() {
        let error = read(&[("TONGPAN_MAIL", "smtp+tls://user:secret@host")]).unwrap_err();
        assert!(!error.explain(Language::Chinese).contains("secret"));
        let relay = relay_of(&[("TONGPAN_MAIL", "smtps://a@b.cn:secret@host")]);
        assert!(!format!("{relay:?}").contains("secret"));
    }
}
