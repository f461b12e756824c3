//! What letters make of what people type.

use super::*;

#[tokio::test]
async fn an_online_session_has_its_link_and_only_a_web_link_can_be_followed() {
    let town = county().await;
    let online = |url: &'static str| {
        move |row: &mut research_session::ActiveModel| {
            row.mode = Set(SessionMode::Online);
            row.host_school_id = Set(None);
            row.room_id = Set(None);
            row.online_url = Set(Some(url.to_owned()));
        }
    };
    change(&town, online("https://meet.example.com/?a=1&b=\"2\"")).await;
    let web = letter(&town, invitation(0)).await.unwrap();
    assert_eq!(web.subject, "【教研邀请】9月16日 语文 单元整体教学：从读到写 第1次（线上）");
    assert!(web.html.contains("<a href=\"https://meet.example.com/?a=1&#38;b=&#34;2&#34;\""), "{}", web.html);
    change(&town, online("javascript:alert(1)")).await;
    let script = letter(&town, invitation(0)).await.unwrap();
    assert!(!script.html.contains("href"));
}

#[tokio::test]
async fn what_people_type_stays_text_in_html() {
    let town = county().await;
    change(&town, |row| row.topic = Set("<script>alert(1)</script>".to_owned())).await;
    let letter = letter(&town, invitation(0)).await.unwrap();
    assert!(!letter.html.contains("<script>"));
    assert!(letter.text.contains("<script>alert(1)</script>"));
}

#[tokio::test]
async fn a_sample_says_that_it_is_one() {
    let town = Town::new().await;
    let letter = Letters::new(office(memory().0).from, None, Language::Chinese)
        .sample(&town.scope, "me@example.com")
        .unwrap();
    expect![[r#"
        测试老师：

        您好！现邀请您参加澜川县的教研活动，请提前安排好工作，按时参加。

        主题：邮件和日历邀请能否收到
        时间：2026年9月2日（星期三）08:00–10:40
        其他：这是一封测试邮件，活动并不存在，日历中的安排可以删除。

        附件 invite.ics 是日历邀请，打开即可加入手机或电脑的日历。如不能参加，请直接回复本邮件说明原因。

        澜川县
        2026年9月1日
    "#]]
    .assert_eq(&letter.text);
    assert_eq!(letter.calendar.unwrap().method, "REQUEST");
}
