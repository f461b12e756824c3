//! Publishing a plan: sessions get their dates, everybody is booked and told, all or nothing.

use expect_test::expect_file;
use tongpan::entity::values::SessionState;

use crate::harness::on_both;
use crate::mails::Readable;
use crate::town::{EAST, small_town};

#[tokio::test]
async fn publishing_a_plan_invites_each_attendee_once() {
    on_both(async |town| {
        town.settles(&small_town()).await;
        let plan = town.solves(EAST).await;
        let published = town.publishes(&plan).await;
        assert_eq!((published.placed.len(), published.standing, published.undated.len()), (2, 0, 0));

        let tally = town.worker().drains_outbox().await;
        let mut invitations = 0;
        for session in town.dated().await {
            assert_eq!(session.state, SessionState::Published);
            let people = town.expected(session.id).await;
            assert!(people.len() >= 7, "{people:?}");
            for person in &people {
                let address = person.email.as_deref().expect("an address");
                let uid = format!("{}@tongpan", tongpan::id::Kind::Session.id(session.id));
                let mails = town.inbox(address);
                let told = mails.iter().filter(|mail| mail.property("UID") == uid).count();
                assert_eq!(told, 1, "{} was told {told} times of {uid}", person.name);
            }
            invitations += people.len();
        }
        assert_eq!((tally.sent, tally.stale, tally.missed), (invitations as u64, 0, 0));
        assert_eq!(town.sent().len(), invitations);

        let first = &town.inbox("zhao@")[0];
        expect_file!["expected/invitation.txt"].assert_eq(&first.shown());
    })
    .await;
}
