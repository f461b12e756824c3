//! What rules of a policy and settings do to a proposal.

use tongpan::entity::values::*;
use tongpan::rotations::policy::{
    Bound, Duration, LeaderTerms, Quality, Rate, RateBase, Rounding, Rule, Share, Tenure,
};
use tongpan::rotations::proposals::{self, Decision, Fate, Protection, Settings};

use crate::harness::on_both;
use crate::rounds::refusal;
use crate::rows::day;

fn tenth(bound: Bound) -> Rule {
    Rule::Rate(Rate {
        movers: Quality::Anyone,
        base: RateBase::Eligible,
        base_quality: Quality::Anyone,
        share: Share::percent(10),
        bound,
        rounding: if bound == Bound::AtLeast { Rounding::Up } else { Rounding::Down },
        stages: Vec::new(),
    })
}

fn six_years(must: bool) -> Rule {
    Rule::MustMoveTenure(Tenure { years: 6, must })
}

#[tokio::test]
async fn a_principal_who_is_due_and_has_nowhere_to_go_can_be_kept_by_the_office() {
    on_both(async |town| {
        let terms =
            LeaderTerms { duties: vec![DutyKind::Principal], terms: 1, years_per_term: 1, must: true };
        let rules = vec![six_years(true), Rule::LeaderTerms(terms), tenth(Bound::AtLeast)];
        let round = town.proposes(rules, &[]).await;
        let refused = refusal(round.makes(round.request(Settings::default())).await);
        assert!(refused.contains("陈刚本轮必须交流"), "{refused}");
        assert!(refused.contains("陈刚本轮暂缓交流，预先安排留任"), "{refused}");
        let chen = town.person("T03").await;
        let decision =
            Decision {
                teacher_id: chen.id, fate: Fate::Stays, reason: "没有可以对调的校长".to_owned()
            };
        let made = round.makes(round.request(Settings::default().deciding(decision))).await;
        let made = made.expect("a proposal");
        let row = made.moves.iter().find(|row| row.teacher_id == chen.id).expect("he is told");
        assert_eq!(row.to_school_id, None);
        let told = proposals::line(&proposals::reasons(row).expect("reasons")).zh;
        assert_eq!(told, "本轮应当交流；教育局预先安排：没有可以对调的校长");
        proposals::publicise(&town.scope, made.row.id).await.expect("it is public");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn an_exchange_that_the_other_rules_leave_no_room_for_is_given_up_and_that_is_said() {
    on_both(async |town| {
        let rules = vec![six_years(false), tenth(Bound::AtMost)];
        let wishes: &[(&str, &[&str])] = &[("T12", &["石桥小学"]), ("T21", &["河湾小学"])];
        let round = town.proposes(rules, wishes).await;
        let made = round.makes(round.request(Settings::default())).await.expect("a proposal");
        assert!(made.outcome.exchange_dropped && !made.settings.exchange);
        assert_eq!(made.outcome.exchanged, 0);
        assert!(made.outcome.movers.above <= 1, "a tenth of eleven at most");
        proposals::publicise(&town.scope, made.row.id).await.expect("it keeps the rules as it was made");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn who_did_not_apply_serves_for_the_term_of_the_policy_and_reads_so() {
    on_both(async |town| {
        let term = Rule::Duration(Duration { years: 3, most: None, extendable: false });
        let round = town.proposes(vec![six_years(true), tenth(Bound::AtLeast), term], &[]).await;
        let made = round.makes(round.request(Settings::default())).await.expect("a proposal");
        let movers: Vec<_> = made.moves.iter().filter(|row| row.to_school_id.is_some()).collect();
        assert!(!movers.is_empty());
        for row in movers {
            assert_eq!(row.until_on, day("2030-08-31"), "the round ends a year before");
            let told = proposals::line(&proposals::reasons(row).expect("reasons")).zh;
            assert!(told.contains("批次到 2029-08-31，按政策期限到 2030-08-31"), "{told}");
        }
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn the_office_may_protect_applicants_who_are_due_and_not_needed_yet() {
    on_both(async |town| {
        let rules = vec![six_years(true), tenth(Bound::AtLeast)];
        let round = town.proposes(rules, &[("T12", &["城东小学"])]).await;
        let sun = town.person("T12").await;
        let unasked = async |protection| {
            let settings = Settings { protection, ..Settings::default() };
            let made = round.makes(round.request(settings)).await.expect("a proposal");
            let why = proposals::why(&town.scope, made.row.id, sun.id).await.expect("reasons");
            let others = why.choices.into_iter().filter(|choice| choice.wish.is_none());
            others.map(|choice| choice.barred.map(|bar| bar.zh)).collect::<Vec<_>>()
        };
        let usual = unasked(Protection::NeedNot).await;
        assert!(!usual.is_empty() && usual.iter().all(Option::is_none), "who is due may be sent: {usual:?}");
        let protected = unasked(Protection::NotNow).await;
        assert!(!protected.is_empty());
        assert!(protected.iter().all(|bar| bar.as_deref() == Some("本人没有填报")), "{protected:?}");
        town.worker().drains_outbox().await;
    })
    .await;
}
