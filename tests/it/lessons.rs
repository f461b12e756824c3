//! Lessons brought to a school 送课下乡 and given to one from afar 专递课堂、同步课堂: from the workbook to the plan and the mail.

use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde_json::Value;
use tongpan::entity::values::{ParticipantRole, ResourceKind, SessionForm, SessionMode};
use tongpan::entity::{research_session, room, school};
use tongpan::plans::{self, SolveRequest};
use tongpan::transfer::table::RawTable;

use crate::commands::Office;
use crate::harness::{Harness, on_both};
use crate::mails::Readable;
use crate::online::{named, online};
use crate::town::{CALENDAR, EAST, sheet, town_with, unwatched};

const PROGRAMMES: &str = "
    集团|学段|学科|形式|主题|次数|时长（分钟）|承办|授课要求|参加范围
    城东教共体|小学|数学|送课下乡|名师送课|2|120|镇区、乡村成员校承办|核心校1名授课教师|承办校本学科教师
    城东教共体|小学|数学|专递课堂|小数的初步认识|3|40|成员校轮流承办|核心校1名授课教师|承办校本学科教师
    城东教共体|小学|数学|同步课堂|周长|2|40|成员校轮流承办|核心校1名授课教师|承办校本学科教师";

/// The town with a studio in the core school, and a room to receive it in each of the others.
fn equipped(programmes: &str) -> Vec<RawTable> {
    let mut tables = town_with(CALENDAR, programmes);
    let more = sheet(
        "场地",
        "学校|场地|容量|设备
         城东小学|录播室|40|录播、同步课堂主讲端
         河湾小学|听讲教室|40|同步课堂听讲端
         石桥小学|听讲教室|40|同步课堂听讲端",
    );
    let rooms = tables.iter_mut().find(|table| table.sheet == "场地").expect("rooms");
    rooms.rows.extend(more.rows);
    tables
}

/// Weekday, and the time by the clock.
fn local(town: &Harness, at: Option<DateTime<Utc>>) -> (String, String) {
    let local = at.expect("a date").with_timezone(&town.scope.zone());
    (local.format("%a").to_string(), local.format("%H:%M").to_string())
}

/// On which weekdays a school has mathematics, always from 14:20 to 15:00; Saturday the tenth of October runs Wednesday's timetable.
fn days_of(school: &str) -> &'static [&'static str] {
    match school {
        "河湾小学" => &["Tue", "Wed", "Sat"],
        "石桥小学" => &["Thu"],
        other => panic!("{other} receives nothing"),
    }
}

#[tokio::test]
async fn lessons_are_given_when_the_receiving_school_has_them_in_rooms_at_both_ends() {
    on_both(async |town| {
        town.settles(&equipped(PROGRAMMES)).await;
        // That lessons are brought while there are some is a wish: a search has to be long enough to grant it.
        let request = SolveRequest { steps: Some(10_000), ..town.request(Some(EAST)).await };
        let plan = plans::solve(&town.scope, &request, unwatched()).await.expect("a plan").plan;
        assert_eq!(plan.hard, 0);
        let published = town.publishes(&plan).await;
        assert_eq!((published.placed.len(), published.undated.len()), (7, 0));
        let schools = school::Entity::find().all(town.scope.reader()).await.expect("schools");
        let rooms = room::Entity::find().all(town.scope.reader()).await.expect("rooms");
        for session in town.dated().await {
            let host = schools.iter().find(|row| Some(row.id) == session.host_school_id).expect("a host");
            let named = |id| rooms.iter().find(|row| Some(row.id) == id).map(|row| row.name.as_str());
            let ((weekday, begins), (_, ends)) =
                (local(town, session.starts_at), local(town, session.ends_at));
            assert!(days_of(&host.name).contains(&weekday.as_str()), "{} on {weekday}", host.name);
            let people = town.expected(session.id).await;
            assert!(people.iter().any(|one| ["T01", "T02"].contains(&one.number.as_str())), "{people:?}");
            match session.form {
                SessionForm::Outreach => {
                    assert_eq!(session.second_room_id, None);
                    assert!(*begins <= *"14:20" && *ends >= *"15:00", "{begins}–{ends}");
                }
                _ => {
                    assert_eq!((begins.as_str(), ends.as_str()), ("14:20", "15:00"));
                    assert_eq!(named(session.room_id), Some("听讲教室"));
                    assert_eq!(named(session.second_room_id), Some("录播室"));
                }
            }
            assert_eq!(booked_rooms(town, &session).await, 1 + usize::from(session.second_room_id.is_some()));
        }
        town.worker().drains_outbox().await;
        let told: Vec<String> = town.inbox("zhao@").iter().map(|mail| mail.shown()).collect();
        let place = "河湾小学 听讲教室（主讲端：城东小学 录播室）";
        assert!(told.iter().any(|mail| mail.contains(place)), "{told:#?}");
    })
    .await;
}

#[tokio::test]
async fn lessons_given_from_afar_stay_online_when_the_term_is_planned_anew() {
    on_both(async |town| {
        town.settles(&equipped(PROGRAMMES)).await;
        let plan = town.solves(EAST).await;
        town.publishes(&plan).await;
        let on_site = town.dated().await;
        assert!(
            plans::apply_bulk(&town.scope, &online("腾讯会议 123-456")).await.expect("it is done").applied
        );
        let before = town.dated().await;
        assert!(before.iter().all(|row| row.mode == SessionMode::Online && row.second_room_id.is_none()));
        let plan = town.replans(Some(EAST)).await.expect("a plan");
        assert_eq!(town.publishes(&plan).await.differences, []);
        assert_eq!(town.dated().await, before, "nothing happened");

        // The day of one is closed, for which it was moved online; the presenter of another falls ill.
        let lesson = before.iter().find(|row| row.form == SessionForm::DedicatedClass).expect("a lesson");
        town.closes_the_day_of(lesson).await;
        let other = before
            .iter()
            .rfind(|row| row.form == SessionForm::SyncClass && row.starts_at != lesson.starts_at);
        let other = other.expect("another lesson");
        let ill = town.falls_ill(other, ParticipantRole::Presenter).await;
        let led = named(town, lesson).await;
        let plan = town.replans(Some(EAST)).await.expect("a plan");
        town.publishes(&plan).await;
        assert_eq!((&town.now_of(lesson).await, named(town, lesson).await), (lesson, led));
        for (after, was) in town.dated().await.iter().zip(&on_site) {
            assert_eq!((after.mode, after.room_id), (SessionMode::Online, None), "{}", after.topic);
            assert!(after.online_host_id.is_some() && was.room_id.is_some());
        }
        let presenting = named(town, other).await;
        assert!(presenting.iter().any(|(_, role)| *role == ParticipantRole::Presenter), "{presenting:?}");
        assert!(
            presenting.iter().all(|(teacher, _)| *teacher != ill.teacher_id),
            "somebody stands in for her"
        );
        assert_eq!(town.now_of(other).await.starts_at, other.starts_at);
        town.worker().drains_outbox().await;
    })
    .await;
}

async fn booked_rooms(town: &Harness, session: &research_session::Model) -> usize {
    let bookings = town.bookings().await;
    let of_room = bookings.iter().filter(|row| row.resource == ResourceKind::Room);
    of_room.filter(|row| row.session_id == session.id).count()
}

#[test]
fn the_terminal_tells_both_ends_and_what_cannot_be_held() {
    let office = Office::new();
    let online = PROGRAMMES
        .replace("专递课堂|小数的初步认识|3|40|成员校轮流承办", "专递课堂|小数的初步认识|1|40|线上");
    office.writes("town.xlsx", &equipped(&online));
    office.must(&["import", "town.xlsx", "--district", "测试县"]);
    office.must(&["solve", "--group", "城东", "--steps", "1500"]);
    let shown = office.must(&["plan", "show", "1"]);
    assert!(shown.contains("“小数的初步认识”（专递课堂）的承办写“线上”"), "{shown}");
    let shown: Value = serde_json::from_str(&office.must(&["plan", "show", "1", "--json"])).expect("JSON");
    let mut sessions = shown["sessions"].as_array().expect("sessions").iter();
    let session = sessions.find(|row| row["cells"]["形式"] == "同步课堂").expect("a lesson from afar");
    let place = session["place"].as_str().expect("a place");
    assert!(place.ends_with("听讲教室（主讲端：城东小学 录播室）"), "{place}");
    let slots =
        office.must(&["plan", "slots", session["id"].as_str().expect("an identifier"), "--limit", "3"]);
    assert!(slots.contains("（主讲端：城东小学录播室）"), "{slots}");
}
