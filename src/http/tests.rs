//! What the server takes and refuses.

use poem::http::{StatusCode, header};
use poem::test::{TestClient, TestResponse};
use poem::{Endpoint, Response};
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::database::Database;
use crate::error::{Error, Language};
use crate::graphql::testing::{Town, morning, school_id};
use crate::http::{AppState, ServeOptions, app};

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

fn options(listen: &str, dev: bool) -> ServeOptions {
    ServeOptions { listen: listen.parse().unwrap(), dev }
}

fn client(town: &Town, dev: bool) -> TestClient<impl Endpoint<Output = Response> + use<>> {
    let database = town.scope.database.clone();
    let state = AppState::new(database, Clock::fixed(morning()), options("127.0.0.1:4000", dev)).unwrap();
    TestClient::new(app(state))
}

async fn body(response: TestResponse) -> Value {
    serde_json::from_slice(&response.0.into_body().into_vec().await.unwrap()).unwrap()
}

fn update(town: &Town) -> Value {
    let id = school_id(&town.schools[0]);
    json!({ "query": format!("mutation {{ schoolUpdate(input: {{ schoolId: {id:?}, expectedVersion: 1, classCount: 9 }}) \
        {{ school {{ version }} userErrors {{ code }} }} }}") })
}

#[tokio::test]
async fn the_answer_is_in_the_media_type_asked_for() {
    let town = Town::with_sessions(1).await;
    let client = client(&town, true);
    for (accept, content_type) in [
        (None, JSON),
        (Some("*/*"), JSON),
        (Some(JSON), JSON),
        (Some(GRAPHQL), GRAPHQL),
        (Some("application/json;q=0.5, application/graphql-response+json"), GRAPHQL),
        (Some("application/graphql-response+json, application/json"), GRAPHQL),
        (Some("text/html, application/json"), JSON),
    ] {
        let mut request = client.post("/graphql").body_json(&json!({ "query": "{ district { name } }" }));
        if let Some(accept) = accept {
            request = request.header(header::ACCEPT, accept);
        }
        let response = request.send().await;
        response.assert_status_is_ok();
        response.assert_header(header::CONTENT_TYPE, format!("{content_type}; charset=utf-8"));
        assert_eq!(body(response).await, json!({ "data": { "district": { "name": "测试县" } } }));
    }
    let refused = client.post("/graphql").header(header::ACCEPT, "text/html").send().await;
    refused.assert_status(StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn a_document_that_cannot_run_is_400_only_to_those_who_read_the_status() {
    let town = Town::with_sessions(1).await;
    let client = client(&town, true);
    for query in [
        "{ district { nothing } }",
        "{ district {",
        "query A { district { name } } query B { district { name } }",
        "subscription { planRun(id: \"run_x\") { state } }",
    ] {
        for (accept, status) in [(GRAPHQL, 400), (JSON, 200)] {
            let request = client.post("/graphql").header(header::ACCEPT, accept);
            let response = request.body_json(&json!({ "query": query })).send().await;
            assert_eq!(response.0.status().as_u16(), status, "{query}");
            let body = body(response).await;
            assert_eq!(
                (body.get("data"), body["errors"].as_array().map(Vec::len)),
                (None, Some(1)),
                "{query}"
            );
        }
    }
}

#[tokio::test]
async fn a_malformed_request_is_refused() {
    let town = Town::with_sessions(1).await;
    let client = client(&town, true);
    let good = r#"{ "query": "{ district { name } }" }"#;
    let long = format!(r#"{{ "query": "{{ district {{ name }} }} #{}" }}"#, "x".repeat(1024 * 1024));
    for (content_type, text, status) in [
        (JSON, "{", 400),
        (JSON, "1", 400),
        (JSON, "{}", 400),
        (JSON, r#"{ "query": 1 }"#, 400),
        (JSON, r#"{ "query": "{ district { name } }", "variables": "x" }"#, 400),
        (JSON, r#"{ "query": "{ district { name } }", "operationName": 1 }"#, 400),
        (JSON, r#"{ "query": "{ district { name } }", "extensions": [] }"#, 400),
        (JSON, &format!("[{good}, {good}]"), 400),
        (JSON, &long, 413),
        ("application/json; charset=utf-16", good, 415),
        ("application/graphql", good, 415),
        ("application/json; charset=UTF-8", good, 200),
    ] {
        let request = client.post("/graphql").content_type(content_type).body(text.to_owned());
        let response = request.send().await;
        assert_eq!(response.0.status().as_u16(), status, "{content_type} {}", &text[..text.len().min(80)]);
    }
}

#[tokio::test]
async fn the_five_forms_that_another_site_can_send_change_nothing() {
    let town = Town::with_sessions(1).await;
    let client = client(&town, true);
    let update = update(&town);
    let query = update["query"].as_str().unwrap();
    let get = client.get("/graphql").query("query", &query).header("x-tongpan-person", "T000").send().await;
    get.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    get.assert_header(header::ALLOW, "POST");
    let forms = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""];
    for form in forms {
        let mut request = client.post("/graphql").header("x-tongpan-person", "T000").body(update.to_string());
        if !form.is_empty() {
            request = request.content_type(form);
        }
        request.send().await.assert_status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let foreign = client.post("/graphql").header(header::ORIGIN, "https://evil.example").body_json(&update);
    foreign.send().await.assert_status(StatusCode::FORBIDDEN);
    let own = client
        .post("/graphql")
        .header("x-tongpan-person", "T000")
        .header(header::ORIGIN, "http://localhost:5173");
    let own = body(own.body_json(&update).send().await).await;
    assert_eq!(own["data"]["schoolUpdate"], json!({ "school": { "version": 2 }, "userErrors": [] }));
}

#[tokio::test]
async fn queries_may_come_by_get_and_other_methods_not_at_all() {
    let town = Town::with_sessions(1).await;
    let client = client(&town, true);
    let query = "query A($first: Int) { schools(first: $first) { nodes { code } } } mutation B { planRunStop(input: { planRunId: \"x\" }) { __typename } }";
    let request = client.get("/graphql").query("query", &query).query("operationName", &"A");
    let response = request.query("variables", &r#"{"first": 1}"#).send().await;
    assert_eq!(body(response).await["data"]["schools"]["nodes"], json!([{ "code": "S000" }]));
    let other = client.get("/graphql").query("query", &query).query("operationName", &"B").send().await;
    other.assert_status(StatusCode::METHOD_NOT_ALLOWED);
    for response in [client.put("/graphql").send().await, client.delete("/graphql").send().await] {
        response.assert_status(StatusCode::METHOD_NOT_ALLOWED);
        response.assert_header(header::ALLOW, "GET, POST");
    }
}

#[tokio::test]
async fn a_document_with_too_many_aliases_is_refused_before_it_runs() {
    let town = Town::with_sessions(1).await;
    let aliases: String = (0..51).map(|n| format!("a{n}: district {{ name }} ")).collect();
    let client = client(&town, true);
    let request = client.post("/graphql").header(header::ACCEPT, GRAPHQL);
    let request = request.body_json(&json!({ "query": format!("{{ {aliases} }}") }));
    let response = request.send().await;
    response.assert_status(StatusCode::BAD_REQUEST);
    assert_eq!(body(response).await["errors"][0]["extensions"]["code"], "TOO_LARGE");
}

#[tokio::test]
async fn a_choice_of_person_lasts_in_a_cookie() {
    let town = Town::with_sessions(1).await;
    let client = client(&town, true);
    let page = client.get("/dev/sign-in").send().await;
    page.assert_status_is_ok();
    let chosen = client.post("/dev/sign-in").body_json(&json!({ "number": "T003" })).send().await;
    chosen.assert_status(StatusCode::NO_CONTENT);
    let cookie = chosen.0.header(header::SET_COOKIE).unwrap().to_owned();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let query = json!({ "query": "{ viewer { teacher { number } } }" });
    let pair = cookie.split(';').next().unwrap();
    let seen = client.post("/graphql").header(header::COOKIE, pair).body_json(&query).send().await;
    assert_eq!(body(seen).await["data"]["viewer"]["teacher"]["number"], "T003");
    let unknown = client.post("/dev/sign-in").body_json(&json!({ "number": "T999" })).send().await;
    unknown.assert_status(StatusCode::BAD_REQUEST);
    let form =
        client.post("/dev/sign-in").content_type("application/x-www-form-urlencoded").body("number=T001");
    form.send().await.assert_status(StatusCode::SEE_OTHER);
    let foreign =
        client.post("/dev/sign-in").header(header::ORIGIN, "https://evil.example").body("number=T001");
    foreign.send().await.assert_status(StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn development_pages_exist_on_this_machine_only() {
    let town = Town::with_sessions(1).await;
    let (dev, production) = (client(&town, true), client(&town, false));
    for path in ["/", "/graphiql", "/dev/sign-in"] {
        dev.get(path).send().await.assert_status_is_ok();
        production.get(path).send().await.assert_status(StatusCode::NOT_FOUND);
        let elsewhere = dev.get(path).header(header::HOST, "county.example").send().await;
        elsewhere.assert_status(StatusCode::NOT_FOUND);
        let proxied = dev.get(path).header("x-forwarded-for", "10.0.0.7").send().await;
        proxied.assert_status(StatusCode::NOT_FOUND);
    }
    let query = json!({ "query": "{ viewer { teacher { number } } }" });
    for (client, host) in [(&dev, "county.example"), (&dev, "127.0.0.1.evil.example")] {
        let request = client.post("/graphql").header(header::HOST, host).header("x-tongpan-person", "T000");
        request.body_json(&query).send().await.assert_status(StatusCode::FORBIDDEN);
    }
    let request = production.post("/graphql").header("x-tongpan-person", "T000").body_json(&query);
    request.send().await.assert_status(StatusCode::FORBIDDEN);
    production.post("/graphql").body_json(&query).send().await.assert_status(StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn development_mode_does_not_start_off_loopback() {
    let town = Town::with_sessions(1).await;
    let start =
        |listen, dev| AppState::new(town.scope.database.clone(), Clock::system(), options(listen, dev));
    for listen in ["0.0.0.0:4000", "192.168.1.5:4000", "[::]:4000"] {
        let Err(Error::Rejected(errors)) = start(listen, true) else { panic!("{listen} was taken") };
        assert_eq!(errors[0].code, "DEV_OFF_LOOPBACK");
        assert!(errors[0].message.text(Language::English).contains(listen));
        assert!(start(listen, false).is_ok());
    }
    assert!(start("[::1]:4000", true).is_ok());
}

#[tokio::test]
async fn messages_are_in_the_language_asked_for_and_every_answer_has_its_number() {
    let town = Town::with_sessions(1).await;
    let client = client(&town, true);
    for (language, message) in [("zh-CN", "请先登录"), ("en", "please sign in first")] {
        let request =
            client.post("/graphql").header(header::ACCEPT_LANGUAGE, language).body_json(&update(&town));
        let response = request.send().await;
        assert_eq!(response.0.header("x-request-id").unwrap().len(), 32);
        assert_eq!(body(response).await["errors"][0]["message"], message);
    }
}

#[tokio::test]
async fn a_fault_of_ours_is_masked_and_numbered() {
    let town = Town::with_sessions(1).await;
    let broken = "ALTER TABLE room RENAME TO room_gone";
    sea_orm::ConnectionTrait::execute_unprepared(town.scope.reader(), broken).await.unwrap();
    let client = client(&town, true);
    let request = client.post("/graphql").header(header::ACCEPT_LANGUAGE, "en");
    let response = request.body_json(&json!({ "query": "{ rooms { nodes { name } } }" })).send().await;
    let id = response.0.header("x-request-id").unwrap().to_owned();
    let error = body(response).await["errors"][0].clone();
    assert_eq!(error["extensions"], json!({ "code": "INTERNAL", "requestId": id }));
    assert_eq!(error["message"], format!("internal error; please tell the administrator {id}"));
}

#[tokio::test]
async fn an_empty_database_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("empty.sqlite").display());
    let database = Database::open(&url).await.unwrap();
    let state = AppState::new(database, Clock::system(), options("127.0.0.1:4000", true)).unwrap();
    let client = TestClient::new(app(state));
    client.get("/").send().await.assert_status_is_ok();
    client.get("/health").send().await.assert_status_is_ok();
    let response =
        client.post("/graphql").body_json(&json!({ "query": "{ district { name } }" })).send().await;
    response.assert_status(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body(response).await["errors"][0]["extensions"]["code"], "NO_DISTRICT");
}

#[tokio::test]
async fn the_queries_offered_on_the_front_page_run() {
    let town = Town::with_sessions(3).await;
    for (title, query) in crate::http::dev::QUERIES {
        let data = town.data(query, json!({})).await;
        assert!(data.as_object().unwrap().values().all(|value| !value.is_null()), "{title}: {data}");
    }
}
