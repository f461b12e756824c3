//! How much providers bear: the one that takes our mails, and those of the recipients.

use chrono::TimeDelta;

use crate::error::{Result, UserError};

/// Mails on one connection where nothing is set: providers close longer ones.
const PER_CONNECTION: u32 = 50;
/// Mails to one recipient within an hour where nothing is set: what the strictest providers bear.
const PER_RECIPIENT: u32 = 10;
/// The large providers publish no figures for a sender; NetEase counts by the quarter of an hour.
const RATE: Rate = Rate { mails: 100, window: TimeDelta::minutes(15) };
/// Providers that count what a sender sends.
const COUNTING: [&str; 6] = ["qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com"];

/// How much providers bear; by default everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// Mails on one connection, ≥ 1; `None`: as many as there are.
    pub per_connection: Option<u32>,
    /// Mails of all workers of the district together.
    pub rate: Option<Rate>,
    /// Mails to one recipient within an hour, ≥ 1.
    pub per_recipient: Option<u32>,
}

/// So many mails within so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Mails, ≥ 1.
    pub mails: u32,
    /// Within this.
    pub window: TimeDelta,
}

impl Limits {
    /// What a server's provider bears, unless `TONGPAN_MAIL_RATE` (`100/15`: mails in so many minutes), `TONGPAN_MAIL_PER_CONNECTION`
    /// and `TONGPAN_MAIL_PER_RECIPIENT` (an hour) say otherwise; 0 is no limit.
    ///
    /// # Errors
    /// `Rejected` when one of them cannot be understood.
    pub(super) fn read(host: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let counts = COUNTING.iter().any(|provider| {
            host.strip_suffix(provider).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        let set = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let number = |name: &'static str, usual: u32| match set(name) {
            None => Ok(Some(usual)),
            Some(text) => count(name, &text).map(|count| (count > 0).then_some(count)),
        };
        let rate = match set("TONGPAN_MAIL_RATE") {
            None => counts.then_some(RATE),
            Some(text) if text.trim() == "0" => None,
            Some(text) => Some(rate(&text)?),
        };
        Ok(Self {
            per_connection: number("TONGPAN_MAIL_PER_CONNECTION", PER_CONNECTION)?,
            rate,
            per_recipient: number("TONGPAN_MAIL_PER_RECIPIENT", PER_RECIPIENT)?,
        })
    }
}

/// A whole number that a variable holds.
pub(super) fn count(name: &'static str, text: &str) -> Result<u32> {
    text.trim().parse().map_err(|_| {
        let zh = format!("{name}“{text}”不是整数，请写成 20 的形式");
        UserError::new("MAIL_LIMIT", zh, format!("{name} {text:?} is no whole number; write it like 20"))
            .into()
    })
}

fn rate(text: &str) -> Result<Rate> {
    let read = || {
        let (mails, minutes) = text.trim().split_once('/')?;
        let (mails, minutes): (u32, u32) = (mails.trim().parse().ok()?, minutes.trim().parse().ok()?);
        let window = TimeDelta::minutes(i64::from(minutes));
        (mails > 0 && (1..=24 * 60).contains(&minutes)).then_some(Rate { mails, window })
    };
    read().ok_or_else(|| {
        UserError::new(
            "MAIL_LIMIT",
            format!("TONGPAN_MAIL_RATE“{text}”无法识别，请写成 封数/分钟数，如 100/15；0为不限"),
            format!("TONGPAN_MAIL_RATE {text:?}: write MAILS/MINUTES, e.g. 100/15; 0 is no limit"),
        )
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(host: &str, variables: &[(&str, &str)]) -> Result<Limits> {
        Limits::read(host, |name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn large_providers_are_sent_no_more_than_they_bear() {
        let qq = limits("smtp.qq.com", &[]).unwrap();
        assert_eq!((qq.rate, qq.per_connection, qq.per_recipient), (Some(RATE), Some(50), Some(10)));
        assert_eq!(limits("notqq.com", &[]).unwrap().rate, None);
    }

    #[test]
    fn an_office_that_knows_its_provider_says_how_much_it_bears() {
        let set =
            limits("smtp.qq.com", &[("TONGPAN_MAIL_RATE", "30/1"), ("TONGPAN_MAIL_PER_RECIPIENT", "0")]);
        let set = set.unwrap();
        assert_eq!(set.rate, Some(Rate { mails: 30, window: TimeDelta::minutes(1) }));
        assert_eq!(set.per_recipient, None);
        assert_eq!(limits("smtp.qq.com", &[("TONGPAN_MAIL_RATE", "0")]).unwrap().rate, None);
        for (name, value) in [
            ("TONGPAN_MAIL_RATE", "100"),
            ("TONGPAN_MAIL_RATE", "0/5"),
            ("TONGPAN_MAIL_PER_CONNECTION", "many"),
        ] {
            assert!(limits("h", &[(name, value)]).is_err(), "{name}={value}");
        }
    }
}
