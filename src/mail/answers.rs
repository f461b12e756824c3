//! What an SMTP server's refusal means for this mail and for the others.
//!
//! The code says it (RFC 5321, 4.2.1: 4xx for now, 5xx for good), except where the large Chinese providers say it in words: NetEase
//! (163, 126) by the letters in its 退信代码 list, Tencent (QQ, 企业邮) by sentences that come with a 550 although they pass.

use chrono::TimeDelta;

use super::transport::Fault;

/// 421: the server is closing the connection.
const CLOSING: u16 = 421;
/// What NetEase's list gives for mails that it takes for spam at first sight.
const TWO_MINUTES: TimeDelta = TimeDelta::minutes(2);
/// The stretch over which NetEase counts a sender's mails.
const QUARTER: TimeDelta = TimeDelta::minutes(15);
/// After complaints about a server's behaviour; Tencent speaks of minutes, hours or the day.
const HOUR: TimeDelta = TimeDelta::hours(1);

/// What follows from an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// No mail at all for a while.
    Pause(TimeDelta),
    /// No more on this connection.
    Reconnect,
    /// Not this mail, not now.
    Later(TimeDelta),
}

/// Words that tell more than their code, most telling first; compared in lower case.
const WORDS: &[(&str, Meaning)] = &[
    // NetEase: too many on this connection.
    ("mi:dmc", Meaning::Reconnect),
    ("rp:drc", Meaning::Reconnect),
    ("mi:ccl", Meaning::Reconnect),
    ("rp:ccl", Meaning::Reconnect),
    // NetEase: too many in a quarter of an hour, or recipients in a short time.
    ("mi:sfq", Meaning::Pause(QUARTER)),
    ("rp:qrc", Meaning::Pause(QUARTER)),
    ("mi:cel", Meaning::Pause(QUARTER)),
    ("rp:cel", Meaning::Pause(QUARTER)),
    // NetEase: the address from which we send.
    ("hl:icc", Meaning::Pause(QUARTER)),
    ("hl:ifc", Meaning::Pause(HOUR)),
    ("hl:rep", Meaning::Pause(HOUR)),
    ("hl:mep", Meaning::Pause(HOUR)),
    ("too much fail authentication", Meaning::Pause(HOUR)),
    // Tencent: with a 550, and yet for a while only.
    ("connection frequency limited", Meaning::Pause(QUARTER)),
    ("ip frequency limited", Meaning::Pause(HOUR)),
    ("domain frequency limited", Meaning::Pause(HOUR)),
    ("sender frequency limited", Meaning::Pause(HOUR)),
    // Tencent: this recipient got too many in a short time.
    ("mailbox unavailable or access denied", Meaning::Later(HOUR)),
];

/// What a server's answer means. `transient`: whether its code is a 4xx.
pub fn fault(code: Option<u16>, transient: bool, words: String) -> Fault {
    let lower = words.to_lowercase();
    let told = WORDS.iter().find(|(sign, _)| lower.contains(sign)).map(|(_, meaning)| *meaning);
    match told {
        Some(Meaning::Pause(wait)) => Fault::Busy { reason: words, wait },
        Some(Meaning::Reconnect) => Fault::UsedUp(words),
        Some(Meaning::Later(wait)) => Fault::Deferred { reason: words, wait: Some(wait) },
        None if code == Some(CLOSING) => Fault::UsedUp(words),
        None if transient && lower.contains("dt:spm") => {
            Fault::Deferred { reason: words, wait: Some(TWO_MINUTES) }
        }
        None if transient => Fault::Deferred { reason: words, wait: None },
        None => Fault::Refused(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: u16, words: &str) -> Fault {
        fault(Some(code), code < 500, words.to_owned())
    }

    #[test]
    fn a_code_alone_says_for_now_or_for_good() {
        assert!(matches!(of(451, "greylisted"), Fault::Deferred { wait: None, .. }));
        assert!(matches!(of(452, "4.2.2 mailbox full"), Fault::Deferred { wait: None, .. }));
        assert!(matches!(of(550, "5.1.1 no such user"), Fault::Refused(_)));
        assert!(matches!(of(421, "4.3.2 shutting down"), Fault::UsedUp(_)));
    }

    #[test]
    fn netease_says_in_letters_what_it_minds() {
        assert!(matches!(of(451, "MI:SFQ 163 smtp1,too many"), Fault::Busy { wait, .. } if wait == QUARTER));
        assert!(matches!(of(450, "MI:DMC 163 smtp1"), Fault::UsedUp(_)));
        assert!(matches!(of(421, "HL:IFC 163 smtp1"), Fault::Busy { wait, .. } if wait == HOUR));
        assert!(
            matches!(of(451, "DT:SPM ,please try again"), Fault::Deferred { wait: Some(wait), .. } if wait == TWO_MINUTES)
        );
        assert!(matches!(of(554, "DT:SPM 163 smtp1"), Fault::Refused(_)), "repeated, it is meant for good");
    }

    #[test]
    fn tencent_says_for_good_what_passes() {
        assert!(matches!(of(550, "Ip frequency limited. http://service.mail.qq.com/"), Fault::Busy { .. }));
        assert!(
            matches!(of(550, "Connection frequency limited"), Fault::Busy { wait, .. } if wait == QUARTER)
        );
        assert!(matches!(
            of(550, "Mailbox unavailable or access denied"),
            Fault::Deferred { wait: Some(_), .. }
        ));
        assert!(matches!(of(550, "Mailbox not found"), Fault::Refused(_)));
        assert!(matches!(of(550, "Mail content denied"), Fault::Refused(_)));
    }
}
