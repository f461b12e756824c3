//! Reasons as sentences, in the language of the reader.

use rotation_planner::posts;

use super::reason::Reason;
use crate::entity::values::{ApplicationLink, RecommendationVerdict};
use crate::error::Bilingual;
use crate::rotations::policy::ground_en;

/// What a reason says.
pub fn told(reason: &Reason) -> Bilingual {
    match reason {
        Reason::Must => Bilingual::new("本轮应当交流", "she must move in this round"),
        Reason::Due => Bilingual::new(
            "应交流，各年按比例安排",
            "she is due, and a rate says how many of those move each year",
        ),
        Reason::May => Bilingual::new("符合条件，可交流", "she may move"),
        Reason::Excused { kind } => Bilingual::new(
            format!("{}，已同意免于或暂缓交流", kind.zh()),
            format!("{}: exempt or deferred", ground_en(*kind)),
        ),
        Reason::CountedOut { standing } => {
            Bilingual::new(format!("摸底结果为{}", standing.zh()), format!("she was counted as {standing:?}"))
        }
        Reason::Decided { why } => {
            Bilingual::new(format!("教育局预先安排：{why}"), format!("decided by the office: {why}"))
        }
        Reason::Exchanged { with } => Bilingual::new(
            format!("自愿互换，同组有{}", with.join("、")),
            format!("volunteers exchange places, with {}", with.join(", ")),
        ),
        Reason::Wish { rank } => Bilingual::new(format!("第{rank}志愿"), format!("her wish number {rank}")),
        Reason::BesideWishes => Bilingual::new("志愿都未能满足，服从安排", "none of her wishes could be met"),
        Reason::Arranged => {
            Bilingual::new("未填志愿，组织安排", "she did not apply and is sent where she is needed")
        }
        Reason::Linked { with, link } => linked(with, *link),
        Reason::LowerStage { stage } => {
            Bilingual::new(format!("到{}任教", stage.zh()), format!("she goes to a lower stage, {stage:?}"))
        }
        Reason::Fills { posts: place, short } => Bilingual::new(
            format!("{place}原缺{}人", posts(*short)),
            format!("{place} lacked {}", posts(*short)),
        ),
        Reason::Spared { posts: place, over } => Bilingual::new(
            format!("{place}原多{}人", posts(*over)),
            format!("{place} had {} too many", posts(*over)),
        ),
        Reason::SchoolSays { verdict, why } => school_says(*verdict, why),
        Reason::Years { asked, given } => Bilingual::new(
            format!("申请{asked}年，按政策为{given}年"),
            format!("she asked for {asked} years, and the policy makes it {given}"),
        ),
        Reason::FromHomeSchool => Bilingual::new(
            "居住地未登记或没有对应的学校，通勤从原学校算起",
            "nothing is known of where she lives: ways are counted from her own school",
        ),
        Reason::WayUnknown => {
            Bilingual::new("路程表没有这段路，通勤未知", "the travel matrix does not know the way")
        }
        Reason::WishBarred { rank, school, why: Bilingual { zh, en } } => Bilingual::new(
            format!("第{rank}志愿{school}不能安排：{zh}"),
            format!("wish {rank}, {school}, was not open: {en}"),
        ),
        Reason::WishFull { rank, posts } => {
            Bilingual::new(format!("第{rank}志愿{posts}已满"), format!("wish {rank}, {posts}, is full"))
        }
        Reason::NoWay => Bilingual::new("没有可以安排的去向", "no move was open to her"),
        Reason::Needed { posts: place, filled, needed } => Bilingual::new(
            format!("{place}需{}人，交流后有{}人，没有富余", posts(*needed), posts(*filled)),
            format!("{place} needs {} and has {} after the round", posts(*needed), posts(*filled)),
        ),
        Reason::SchoolCap { people } => Bilingual::new(
            format!("本校交流出去的已达上限{people}人"),
            format!("{people} leave her school, as many as may"),
        ),
        Reason::TermOfPolicy { round, until } => Bilingual::new(
            format!("批次到 {round}，按政策期限到 {until}"),
            format!("the round ends on {round}, and the policy's term on {until}"),
        ),
        Reason::NoBetter { wish, proven } => no_better(wish.as_ref(), *proven),
        Reason::EnoughMove => Bilingual::new("没有安排交流", "she stays"),
    }
}

/// Several reasons in one line.
pub fn line(reasons: &[Reason]) -> Bilingual {
    let told: Vec<Bilingual> = reasons.iter().map(told).collect();
    let join = |of: fn(&Bilingual) -> &str, by: &str| told.iter().map(of).collect::<Vec<_>>().join(by);
    Bilingual::new(join(|words| &words.zh, "；"), join(|words| &words.en, "; "))
}

/// What is established of everybody who could move and stays.
fn no_better(wish: Option<&(u32, String)>, proven: bool) -> Bilingual {
    let if_so = match wish {
        Some((rank, school)) => Bilingual::new(
            format!("改去第{rank}志愿{school}"),
            format!("if she went to {school}, her wish {rank}"),
        ),
        None => Bilingual::new("改为交流", "if she moved"),
    };
    let (zh, en) = match proven {
        true => ("已证明全县逐级比较不会更好", "nothing would be better, level by level: that is proven"),
        false => ("时限内没有求得更好的方案", "nothing better was found in time"),
    };
    Bilingual::new(format!("{}，{zh}", if_so.zh), format!("{}, {en}", if_so.en))
}

fn linked(with: &str, link: ApplicationLink) -> Bilingual {
    match link {
        ApplicationLink::Both => {
            Bilingual::new(format!("与{with}同进退"), format!("she and {with} move together or not at all"))
        }
        ApplicationLink::SameSchool => {
            Bilingual::new(format!("与{with}同校"), format!("she and {with} go to one school or stay"))
        }
    }
}

fn school_says(verdict: RecommendationVerdict, why: &str) -> Bilingual {
    let (zh, en) = match verdict {
        RecommendationVerdict::Recommended => ("推荐", "recommends her"),
        RecommendationVerdict::Reserved => ("有保留", "has reservations"),
        RecommendationVerdict::Opposed => ("不同意", "is opposed"),
    };
    match why.is_empty() {
        true => Bilingual::new(format!("学校意见：{zh}"), format!("her school {en}")),
        false => Bilingual::new(format!("学校意见：{zh}，{why}"), format!("her school {en}: {why}")),
    }
}
