//! Reasons as people read them, in Chinese and English.

use chrono::{Datelike, NaiveDate};

use crate::build::Problem;
use crate::problem::{DAY, DayIx, Half, HalfDay, Minute, OptionIx, PersonIx, PlaceIx, RoomIx, SessionIx};

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Reason {
    /// A reason from its two sentences.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Reason {
        Reason { zh: zh.into(), en: en.into() }
    }
}

const WEEKDAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// "14:05": the time of day of a minute.
pub fn clock(minute: Minute) -> String {
    let of_day = minute.rem_euclid(DAY);
    format!("{}:{:02}", of_day / 60, of_day % 60)
}

fn date(on: NaiveDate) -> Reason {
    let weekday = on.weekday().num_days_from_monday() as usize;
    Reason::new(
        format!("{}月{}日（{}）", on.month(), on.day(), WEEKDAYS_ZH[weekday]),
        format!("{} {} {}", WEEKDAYS_EN[weekday], on.day(), MONTHS_EN[on.month0() as usize]),
    )
}

/// "周三下午", "Wed afternoon".
pub(crate) fn half_day(half_day: HalfDay) -> Reason {
    let weekday = usize::from(half_day.weekday.saturating_sub(1)).min(6);
    let (zh, en) = match half_day.half {
        Half::Morning => ("上午", "morning"),
        Half::Afternoon => ("下午", "afternoon"),
    };
    Reason::new(format!("{}{zh}", WEEKDAYS_ZH[weekday]), format!("{} {en}", WEEKDAYS_EN[weekday]))
}

/// "10月", "Oct".
pub(crate) fn month(on: NaiveDate) -> Reason {
    Reason::new(format!("{}月", on.month()), MONTHS_EN[on.month0() as usize])
}

impl Problem {
    /// "9月16日（周三）", "Wed 16 Sep"; works for days outside the problem too.
    pub fn day_text(&self, day: DayIx) -> Reason {
        let days = chrono::Days::new(day as u64);
        date(self.first_day.checked_add_days(days).unwrap_or(self.first_day))
    }

    /// "9月16日（周三）14:00", "Wed 16 Sep 14:00".
    pub fn time_text(&self, minute: Minute) -> Reason {
        let day = self.day_text(minute.div_euclid(DAY).max(0) as DayIx);
        Reason::new(format!("{}{}", day.zh, clock(minute)), format!("{} {}", day.en, clock(minute)))
    }

    /// "“语文学科联合教研 第2次”".
    pub(crate) fn session_text(&self, session: SessionIx) -> String {
        format!("“{}”", self.sessions[session].name)
    }

    /// A person's name.
    pub(crate) fn person_text(&self, person: PersonIx) -> &str {
        &self.people[person].name
    }

    /// A school's name, or that it is online.
    pub(crate) fn place_text(&self, place: Option<PlaceIx>) -> Reason {
        match place {
            Some(place) => Reason::new(self.places[place].name.clone(), self.places[place].name.clone()),
            None => Reason::new("线上", "online"),
        }
    }

    /// Where a way to hold a session is: the school, both ends of one with two rooms, or that it is online.
    pub fn site_text(&self, session: SessionIx, option: OptionIx) -> Reason {
        let option = &self.sessions[session].options[option];
        let Some((place, second)) = option.place.zip(option.second_room) else {
            return self.place_text(option.place);
        };
        let (host, sender) = (&self.places[place].name, self.room_text(second));
        Reason::new(format!("{host}，主讲端{}", sender.zh), format!("{host}, sent from {}", sender.en))
    }

    /// Both ends of a session with two rooms: where it is received, and where it is sent from.
    pub(crate) fn ends_text(&self, (receiving, sending): (RoomIx, RoomIx)) -> Reason {
        let (here, there) = (self.room_text(receiving), self.room_text(sending));
        Reason::new(
            format!("{}，主讲端{}", here.zh, there.zh),
            format!("{}, sent from {}", here.en, there.en),
        )
    }

    /// "城东小学会议室", "城东小学 · 会议室".
    pub(crate) fn room_text(&self, room: RoomIx) -> Reason {
        let room = &self.rooms[room];
        let place = &self.places[room.place].name;
        Reason::new(format!("{place}{}", room.name), format!("{place} · {}", room.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Town;

    #[test]
    fn dates_and_times_read_as_in_a_notice() {
        let problem = Town::new().build();
        let time = problem.time_text(9 * DAY + 14 * 60);
        assert_eq!(time, Reason::new("9月16日（周三）14:00", "Wed 16 Sep 14:00"));
        assert_eq!(problem.day_text(0), Reason::new("9月7日（周一）", "Mon 7 Sep"));
        assert_eq!(
            half_day(HalfDay { weekday: 3, half: Half::Afternoon }),
            Reason::new("周三下午", "Wed afternoon")
        );
    }
}
