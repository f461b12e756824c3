//! Proposals of a round: worked out, explained, varied by hand, made public, approved.

use expect_test::expect;
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use tongpan::entity::values::*;
use tongpan::entity::{message, placement, proposal_move, proposal_run, rotation_proposal, teacher};
use tongpan::error::{Language, Result};
use tongpan::rotations::count::{self, CountOptions};
use tongpan::rotations::dispatch;
use tongpan::rotations::policy::{
    self, Backbone, Bound, Direction, Directions, Duration, LongestCommute, NewPolicy, Origin, Quality, Rate,
    RateBase, Rounding, Rule, SchoolCap, Share, Tenure,
};
use tongpan::rotations::proposals::{
    self, Alternative, Decision, Fate, Made, Quota, Request, Settings, Stop, Stored,
};

use crate::harness::{Harness, on_both};
use crate::rounds::{Round, refusal};
use crate::rows::day;
use crate::service::answers;

/// A tenth of those who are six years at their school move, a fifth of the movers are 骨干.
fn usual_rules() -> Vec<Rule> {
    let rate = |movers, base, percent| {
        Rule::Rate(Rate {
            movers,
            base,
            base_quality: Quality::Anyone,
            share: Share::percent(percent),
            bound: Bound::AtLeast,
            rounding: Rounding::Up,
            stages: Vec::new(),
        })
    };
    vec![
        Rule::MustMoveTenure(Tenure { years: 6, must: true }),
        rate(Quality::Anyone, RateBase::Eligible, 20),
        Rule::Honour(Backbone { least: HonourLevel::County }),
        rate(Quality::Backbone, RateBase::Movers, 20),
        Rule::Duration(Duration { years: 2, most: Some(3), extendable: true }),
        Rule::LongestCommute(LongestCommute { minutes: 40 }),
    ]
}

impl Harness {
    /// A round whose count is done and whose applications are in: it stands at 拟订方案 on 16 June 2027.
    pub async fn proposes(&self, rules: Vec<Rule>, wishes: &[(&str, &[&str])]) -> Round<'_> {
        let round = self.opens_the_round_of_2027().await;
        let rules = rules.into_iter().map(|rule| (rule, None)).collect();
        let new = NewPolicy {
            name: "测试县办法".to_owned(),
            group_id: None,
            from_on: day("2027-01-01"),
            origin: Origin::Rules(rules),
        };
        policy::create(&self.scope, new).await.expect("a policy");
        count::run(&self.scope, round.id, &CountOptions::default()).await.expect("the round is counted");
        round.enters("2027-06-01", RoundState::Applying).await;
        for (number, schools) in wishes {
            round.applies(number, schools).await;
        }
        round.enters("2027-06-11", RoundState::Recommending).await;
        round.enters("2027-06-16", RoundState::Proposing).await;
        round
    }
}

impl Round<'_> {
    pub fn request(&self, settings: Settings) -> Request {
        Request { round_id: self.id, parent_id: None, reason: None, settings }
    }

    pub async fn makes(&self, request: Request) -> Result<Stored> {
        match proposals::propose(&self.town.scope, request, Stop::default()).await? {
            Made::Done(row) => Stored::load(&self.town.scope, row.id).await,
            Made::Impossible(why) => Err(why.refusal()),
        }
    }

    /// Who moves where, a line each.
    pub async fn movers(&self, proposal: &Stored) -> String {
        let mut lines = Vec::new();
        for row in proposal.moves.iter().filter(|row| row.to_school_id.is_some()) {
            let who = self.name_of(row.teacher_id).await;
            let to = tongpan::entity::school::Entity::find_by_id(row.to_school_id.expect("a school"));
            let to = to.one(self.town.scope.reader()).await.expect("schools").expect("the school");
            lines.push(format!(
                "{who} {} {:?} {:?}→{:?}\n",
                to.name, row.wish_rank, row.commute_before, row.commute_after
            ));
        }
        lines.sort();
        lines.concat()
    }

    async fn name_of(&self, id: Uuid) -> String {
        let row = teacher::Entity::find_by_id(id).one(self.town.scope.reader()).await.expect("people");
        row.expect("the teacher").name
    }

    fn reasons_of(&self, proposal: &Stored, who: &teacher::Model) -> String {
        let row = proposal.moves.iter().find(|row| row.teacher_id == who.id).expect("a candidate");
        proposals::line(&proposals::reasons(row).expect("reasons")).zh
    }
}

fn decided(who: &teacher::Model, fate: Fate) -> Decision {
    Decision { teacher_id: who.id, fate, reason: "家有病人".to_owned() }
}

#[tokio::test]
async fn a_proposal_keeps_the_rates_with_their_denominators_and_names_every_candidate() {
    on_both(async |town| {
        let round = town.proposes(usual_rules(), &[("T12", &["城东小学"]), ("T21", &["城东小学"])]).await;
        let made = round.makes(round.request(Settings::default())).await.expect("a proposal");
        assert_eq!((made.row.number, made.row.state), (1, ProposalState::Draft));
        assert!(made.outcome.is_proven(), "a town is solved to the end");
        let rates: Vec<String> = made.outcome.rates.iter().map(|rate| rate.told().zh).collect();
        expect![[r#"
            [
                "交流的教师占符合条件的教师总数 3/11（27.3%），应不少于3人",
                "交流的骨干教师占交流的教师总数 1/3（33.3%），应不少于1人",
            ]
        "#]].assert_debug_eq(&rates);
        assert_eq!(made.moves.len(), 11, "all who are six years at their school, chosen or not");
        expect![[r#"
            周洁 城东小学 Some(1) Some(0)→Some(15)
            李娜 河湾小学 None Some(0)→Some(18)
            郑红 城东小学 None Some(0)→Some(12)
        "#]].assert_eq(&round.movers(&made).await);
        let sun = town.person("T12").await;
        expect!["应交流，各年按比例安排；河湾小学小学数学需3人，交流后有3人，没有富余；改去第1志愿城东小学，已证明全县逐级比较不会更好"].assert_eq(&round.reasons_of(&made, &sun));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn two_who_want_each_others_posts_exchange_them_and_are_told_so() {
    on_both(async |town| {
        let wishes: &[(&str, &[&str])] = &[("T12", &["石桥小学"]), ("T21", &["河湾小学"])];
        let round = town.proposes(usual_rules(), wishes).await;
        let made = round.makes(round.request(Settings::default())).await.expect("a proposal");
        assert_eq!(made.outcome.exchanged, 2);
        let sun = town.person("T12").await;
        let told = round.reasons_of(&made, &sun);
        assert!(told.contains("自愿互换，同组有周洁"), "{told}");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_decided_to_stay_stays_in_another_number_whose_cost_is_shown() {
    on_both(async |town| {
        let mut rules = usual_rules();
        // With a share of 骨干 to keep, nobody else could go in place of the only one.
        rules.retain(|rule| !matches!(rule, Rule::Rate(rate) if rate.movers == Quality::Backbone));
        let round = town.proposes(rules, &[("T12", &["城东小学"])]).await;
        let first = round.makes(round.request(Settings::default())).await.expect("a proposal");
        let mover = first.moves.iter().find(|row| row.to_school_id.is_some()).expect("somebody moves");
        let who = teacher::Entity::find_by_id(mover.teacher_id);
        let who = who.one(town.scope.reader()).await.expect("people").expect("the mover");
        let settings = first.settings.clone().deciding(decided(&who, Fate::Stays));
        let request = Request { parent_id: Some(first.row.id), ..round.request(settings) };
        let second = round.makes(request).await.expect("another");
        assert_eq!((second.row.number, second.row.parent_id), (2, Some(first.row.id)));
        assert!(round.reasons_of(&second, &who).contains("教育局预先安排：家有病人"));
        let compared =
            proposals::compare_stored(&town.scope, first.row.id, second.row.id).await.expect("both");
        let stays = compared.differences.iter().find(|row| row.teacher_id == who.id).expect("she differs");
        assert!(stays.before.is_some() && stays.after.is_none());
        let again = Stored::load(&town.scope, first.row.id).await.expect("the first");
        assert_eq!(again.moves, first.moves, "the first is as it was");
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_higher_quota_can_be_tried_without_storing_anything_or_changing_the_policy() {
    on_both(async |town| {
        let round = town.proposes(usual_rules(), &[]).await;
        let share = Share::percent(30);
        let quotas = vec![Quota { ordinal: 2, share: Some(share), soft: false }];
        let request = round.request(Settings { quotas, ..Settings::default() });
        let tried = match proposals::what_if(&town.scope, &request, Stop::default()).await.expect("a trial") {
            Made::Done(worked) => worked,
            Made::Impossible(why) => panic!("{why:?}"),
        };
        assert!(
            tried.outcome.movers.above * 10 >= tried.outcome.movers.below * 3,
            "{:?}",
            tried.outcome.movers
        );
        let stored = rotation_proposal::Entity::find().count(town.scope.reader()).await.expect("a count");
        assert_eq!(stored, 0);
        let odd = vec![Quota { ordinal: 1, share: Some(share), soft: false }];
        let request = round.request(Settings { quotas: odd, ..Settings::default() });
        let refused = proposals::what_if(&town.scope, &request, Stop::default()).await;
        expect![[r#"
            NOT_A_RATE quotas
              政策第1条不是比例，不能试改
              rule 1 of the policy is no rate: it cannot be varied
        "#]]
        .assert_eq(&refusal(refused));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn rules_in_conflict_are_named_with_the_ways_out_and_nothing_is_stored() {
    on_both(async |town| {
        let mut rules = usual_rules();
        rules.push(Rule::SchoolCap(SchoolCap {
            share: Share { parts: 1, whole: 100 },
            rounding: Rounding::Down,
            at_least: 0,
        }));
        let round = town.proposes(rules, &[]).await;
        let refused = round.makes(round.request(Settings { exchange: false, ..Settings::default() })).await;
        expect![[r#"
            RULES_IN_CONFLICT
              没有方案能同时满足全部规定，以下3条互相冲突：交流的教师占符合条件的教师总数不低于20%（11人中3人）；交流的骨干教师占交流的教师总数不低于20%；城东小学交流出去不超过0人
              no proposal keeps all rules; these 3 are in conflict: teachers who move of all eligible teachers at least 20% (3 of 11 people); 骨干 teachers who move of all teachers who move at least 20%; at most 0 teachers leave 城东小学
            WAY_OUT
              办法1：将“交流的教师占符合条件的教师总数”的最低人数由3人调整为0人（11人的0.0%）
              way out 1: lower the least of teachers who move of all eligible teachers from 3 to 0 people (0.0% of 11)
            WAY_OUT
              办法2：城东小学交流出去上限由0人放宽到1人；城西小学交流出去上限由0人放宽到1人；松坪小学交流出去上限由0人放宽到1人
              way out 2: let 1 instead of 0 teachers leave 城东小学; let 1 instead of 0 teachers leave 城西小学; let 1 instead of 0 teachers leave 松坪小学
        "#]].assert_eq(&refusal(refused));
        let stored = rotation_proposal::Entity::find().count(town.scope.reader()).await.expect("a count");
        assert_eq!(stored, 0);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn nobody_is_sent_against_the_directions_when_they_are_required() {
    on_both(async |town| {
        let mut rules = usual_rules();
        rules.push(Rule::Direction(Directions {
            directions: vec![Direction::StrongToWeak, Direction::TownToVillage],
        }));
        let round = town.proposes(rules, &[("T12", &["城东小学"])]).await;
        let settings = Settings { directions: proposals::Force::Require, ..Settings::default() };
        let made = round.makes(round.request(settings)).await.expect("a proposal");
        let sun = town.person("T12").await;
        let told = round.reasons_of(&made, &sun);
        assert!(told.contains("第1志愿城东小学不能安排：由薄弱校到优质校，不合流向"), "{told}");
        assert_eq!(made.outcome.to_weaker.above, made.outcome.to_weaker.below);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn each_candidate_can_ask_why_and_what_another_outcome_would_cost_whom() {
    on_both(async |town| {
        let round = town.proposes(usual_rules(), &[("T12", &["城东小学"])]).await;
        let made = round.makes(round.request(Settings::default())).await.expect("a proposal");
        let mover = made.moves.iter().find(|row| row.to_school_id.is_some()).expect("somebody moves");
        let why = proposals::why(&town.scope, made.row.id, mover.teacher_id).await.expect("reasons");
        assert!(!why.grounds.is_empty() && !why.choices.is_empty());
        assert!(why.findings.iter().any(|finding| finding.zh.contains("在本校任教")), "{:?}", why.findings);
        match &why.alternative {
            Alternative::Possible { outcome, levels, others, .. } => {
                let told = format!("{} {levels:?} {others:?}", outcome.text(Language::Chinese));
                assert!(
                    !levels.is_empty() || !others.is_empty(),
                    "another outcome changes something: {told}"
                );
            }
            Alternative::Impossible(rules) => assert!(!rules.is_empty()),
        }
        let stranger = town.person("JY1").await;
        assert!(proposals::why(&town.scope, made.row.id, stranger.id).await.is_err());
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_change_after_publication_is_a_new_number_with_a_reason_that_supersedes() {
    on_both(async |town| {
        let round = town.proposes(usual_rules(), &[]).await;
        let first = round.makes(round.request(Settings::default())).await.expect("a proposal");
        proposals::publicise(&town.scope, first.row.id).await.expect("it is public");
        let refused = round.makes(round.request(Settings::default())).await;
        expect![[r#"
            REASON_MISSING reason
              第1号方案已经公示，另拟方案须写明理由
              proposal 1 is public: say why another is made
        "#]]
        .assert_eq(&refusal(refused));
        let reason = Some("异议成立：通勤时间算错".to_owned());
        let second =
            round.makes(Request { reason, ..round.request(Settings::default()) }).await.expect("another");
        proposals::publicise(&town.scope, second.row.id).await.expect("it is public");
        let before = Stored::load(&town.scope, first.row.id).await.expect("the first");
        assert_eq!(before.row.state, ProposalState::Superseded);
        let again = proposals::publicise(&town.scope, first.row.id).await;
        expect![[r#"
            WRONG_STATE
              第1号方案的状态是“已被替换”，这样办的须是“草案”
              proposal 1 is superseded, and this is done with one that is a draft
        "#]]
        .assert_eq(&refusal(again));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn an_approved_proposal_places_everybody_who_is_chosen() {
    on_both(async |town| {
        let round = town.proposes(usual_rules(), &[]).await;
        let made = round.makes(round.request(Settings::default())).await.expect("a proposal");
        proposals::publicise(&town.scope, made.row.id).await.expect("it is public");
        round.enters("2027-06-21", RoundState::Publicising).await;
        round.enters("2027-07-01", RoundState::Approving).await;
        proposals::approve(&town.scope, made.row.id).await.expect("it is approved");
        let placed = placement::Entity::find().filter(placement::Column::RoundId.eq(round.id));
        let placed = placed.all(town.scope.reader()).await.expect("placements");
        assert_eq!(placed.len() as i64, made.outcome.movers.above);
        assert!(
            placed
                .iter()
                .all(|row| row.proposal_id == Some(made.row.id) && row.state == PlacementState::Proposed)
        );
        assert!(placed.iter().all(|row| row.reason.as_ref().is_some_and(|reason| !reason.is_empty())));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn going_back_from_approval_takes_it_back_and_only_the_next_one_is_dispatched() {
    on_both(async |town| {
        let round = town.proposes(usual_rules(), &[]).await;
        let first = round.makes(round.request(Settings::default())).await.expect("a proposal");
        proposals::publicise(&town.scope, first.row.id).await.expect("it is public");
        round.enters("2027-06-21", RoundState::Publicising).await;
        round.enters("2027-07-01", RoundState::Approving).await;
        proposals::approve(&town.scope, first.row.id).await.expect("it is approved");
        let chosen = first.moves.iter().filter(|row| row.to_school_id.is_some());
        let chosen: Vec<Uuid> = chosen.map(|row| row.teacher_id).collect();

        round.back("名单有误").await.expect("it is public again");
        let now = Stored::load(&town.scope, first.row.id).await.expect("the first");
        assert_eq!(now.row.state, ProposalState::Publicised);
        let placed = round.placed().await;
        assert!(placed.iter().all(|row| row.state == PlacementState::Withdrawn), "{placed:?}");
        round.back("名单有误").await.expect("proposals are made again");

        let without = async |teacher_id: Uuid| {
            let stays = Decision { teacher_id, fate: Fate::Stays, reason: "家有变故".to_owned() };
            let settings = Settings { decisions: vec![stays], ..Settings::default() };
            let reason = Some("名单有误".to_owned());
            round.makes(Request { reason, ..round.request(settings) }).await.ok()
        };
        let mut found = None;
        for who in &chosen {
            found = without(*who).await.map(|second| (*who, second));
            if found.is_some() {
                break;
            }
        }
        let (spared, second) = found.expect("the rules can spare one of them");
        proposals::publicise(&town.scope, second.row.id).await.expect("it is public");
        for (state, from, due) in [
            (RoundState::Approving, "2027-07-20", "2027-07-31"),
            (RoundState::Publicising, "2027-07-05", "2027-07-15"),
        ] {
            let step = round.step(state).await;
            let change = tongpan::rotations::steps::Rescheduling {
                step_id: step.id,
                expected_version: step.version,
                from_on: day(from),
                due_on: day(due),
                working_days: None,
                reason: Some("重新公示".to_owned()),
            };
            tongpan::rotations::steps::reschedule(&town.scope, change).await.expect("other days");
        }
        round.enters("2027-07-05", RoundState::Publicising).await;
        round.enters("2027-07-20", RoundState::Approving).await;
        assert!(round.missing().await.starts_with("NO_APPROVED_PROPOSAL"));
        proposals::approve(&town.scope, second.row.id).await.expect("it is approved");
        round.enters("2027-08-15", RoundState::Dispatching).await;
        dispatch::dispatch(&town.scope, round.id).await.expect("they are dispatched");
        let sent = round.placed().await.into_iter().filter(|row| row.state == PlacementState::Approved);
        let mut sent: Vec<Uuid> = sent.map(|row| row.teacher_id).collect();
        let wanted = second.moves.iter().filter(|row| row.to_school_id.is_some()).map(|row| row.teacher_id);
        let mut wanted: Vec<Uuid> = wanted.collect();
        sent.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(sent, wanted);
        assert!(!sent.contains(&spared), "who stays by the second proposal is not sent by the first");

        let told = message::Entity::find().filter(message::Column::TeacherId.eq(spared));
        let told = told.all(town.scope.reader()).await.expect("messages");
        let public = told.iter().filter(|row| row.kind == MessageKind::ProposalPublished);
        assert_eq!(public.count(), 2, "that she would move, and that she stays after all: {told:?}");
        assert!(told.iter().all(|row| row.kind != MessageKind::Dispatched));
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_search_in_the_background_ends_with_its_proposal_and_one_that_is_lost_is_marked() {
    on_both(async |town| {
        let round = town.proposes(usual_rules(), &[]).await;
        let run = proposals::start(&town.scope, round.request(Settings::default())).await.expect("a search");
        let mut row = run.clone();
        for _ in 0..600 {
            let found =
                proposal_run::Entity::find_by_id(run.id).one(town.scope.reader()).await.expect("runs");
            row = found.expect("the run");
            if row.finished_at.is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!((row.state, row.failure.as_deref()), (RunState::Finished, None));
        let of_it = proposal_move::Entity::find()
            .filter(proposal_move::Column::ProposalId.eq(row.proposal_id.expect("its proposal")));
        assert!(of_it.count(town.scope.reader()).await.expect("a count") > 0);

        let silent = proposal_run::Model {
            id: tongpan::id::new(),
            finished_at: None,
            state: RunState::Running,
            proposal_id: None,
            ..row
        };
        town.insert(silent.clone()).await;
        town.it_is("2027-06-16 10:30");
        assert_eq!(proposals::mark_lost(&town.scope).await.expect("a look"), 1);
        let found = proposal_run::Entity::find_by_id(silent.id).one(town.scope.reader()).await.expect("runs");
        assert_eq!(found.expect("the run").state, RunState::Failed);
        town.worker().drains_outbox().await;
    })
    .await;
}

#[tokio::test]
async fn a_request_explains_one_person_and_makes_one_proposal() {
    on_both(async |town| {
        let explained = |name: &str| {
            format!(
                "{name}: node(id: \"move_01h455vb4pex5vsknk084sn02q\") {{ ... on ProposalMove {{ explanation {{ grounds }} }} }}"
            )
        };
        let refusals = async |document: String| {
            let answer = answers(&town.scope, &document, json!({})).await;
            answer["errors"][0]["message"].as_str().map(str::to_owned)
        };
        assert_ne!(
            refusals(format!("{{ {} }}", explained("a"))).await.as_deref(),
            Some("Query is too complex."),
            "one is looked for"
        );
        assert_eq!(
            refusals(format!("{{ {} {} }}", explained("a"), explained("b"))).await.as_deref(),
            Some("Query is too complex.")
        );
    })
    .await;
}
