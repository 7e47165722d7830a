//! People and photos of a Skype for Business server.

mod presence;

use directory_model::record::Sought;
use directory_model::secret::Secret;
use directory_model::source::{Connection, UcwaConnection};
use directory_source::SourceError;
use directory_source::photo::PhotoOf;
use directory_source::ucwa::photos::UcwaPhotos;
use serde_json::json;
use suite::emulator::{Manner, Reply};
use suite::ucwa::{Person, USER, Ucwa, error};

use super::{Done, policy, read_any, read_only};

const ANNA: &str = "anna@example.com";

/// Anna, and others whose addresses begin like hers.
fn people() -> Vec<Person> {
    let photo = Some(b"the photo of Anna".to_vec());
    let anna = Person { photo, ..Person::new(ANNA, "anna.berg@example.com", "Anna Berg") };
    let others = [("anna@example.com.au", "x@example.com.au"), ("ben@example.com", "ben@example.com")];
    [anna].into_iter().chain(others.map(|(sip, mail)| Person::new(sip, mail, "Other"))).collect()
}

fn by_sip(sip: &str) -> Sought {
    Sought::Addresses { sip: Some(sip.to_owned()), mail: None }
}

fn by_mail(mail: &str) -> Sought {
    Sought::Addresses { sip: None, mail: Some(mail.to_owned()) }
}

async fn ask(server: &Ucwa, only: &[Sought]) -> Done {
    read_only(&Connection::Ucwa(server.connection()), Some(&server.secret()), &policy(), only).await
}

fn photos(server: &Ucwa) -> UcwaPhotos {
    UcwaPhotos::new(&server.connection(), Some(&server.secret()), &policy()).expect("it can be asked")
}

fn found(done: &Done) -> Vec<&str> {
    done.records.iter().map(|record| record.locator.as_str()).collect()
}

#[tokio::test]
async fn a_person_is_found_by_either_address_and_nobody_else_is() {
    let server = Ucwa::start(people()).await;

    for (only, expected) in [
        (vec![by_sip("sip:Anna@example.com")], vec!["sip:anna@example.com"]),
        (vec![by_mail("anna.berg@example.com")], vec!["sip:anna@example.com"]),
        (vec![Sought::Entry(b"sip:anna@example.com".to_vec())], vec!["sip:anna@example.com"]),
        (vec![by_sip(ANNA), by_mail("ben@example.com")], vec!["sip:anna@example.com", "sip:ben@example.com"]),
        (vec![by_sip("nobody@example.com"), by_mail("a&limit=1@example.com")], vec![]),
        (vec![Sought::Entry(vec![7; 16])], vec![]),
        (vec![by_mail(&format!("{}@example.com", "x".repeat(300)))], vec![]),
    ] {
        let done = ask(&server, &only).await;
        assert_eq!((found(&done), done.end.is_ok()), (expected, true), "{only:?}");
    }
}

#[tokio::test]
async fn a_contact_has_what_the_server_tells_of_one() {
    let server = Ucwa::start(people()).await;

    let done = ask(&server, &[by_sip(ANNA)]).await;

    let (mapped, synced) = (&done.records[0].mapped, &done.records[0].mapped.synced);
    assert_eq!(mapped.sip.as_deref(), Some("sip:anna@example.com"));
    for (value, expected) in [
        (&synced.display_name, "Anna Berg"),
        (&synced.mail, "anna.berg@example.com"),
        (&synced.company, "Example"),
        (&synced.job_title, "Engineer"),
        (&synced.office, "B1/12"),
        (&synced.work_phone, "+49301234"),
    ] {
        assert_eq!(value.as_deref(), Some(expected));
    }
    assert_eq!((server.given(), server.seen().len()), ((1, 1), 6), "discovery, token and application are made once");
}

#[tokio::test]
async fn a_whole_read_is_refused_before_anybody_is_asked() {
    let server = Ucwa::start(people()).await;

    let done = read_any(&Connection::Ucwa(server.connection()), Some(&server.secret()), &policy()).await;

    assert_eq!((done.end, server.seen().len()), (Err(SourceError::LookupOnly), 0));
}

#[tokio::test]
async fn an_account_is_followed_to_its_pool_with_a_token_of_that_pool() {
    let server = Ucwa::start(people()).await;
    server.move_account();

    let done = ask(&server, &[by_sip(ANNA)]).await;

    assert_eq!((found(&done), server.given()), (vec!["sip:anna@example.com"], (2, 1)));
}

#[tokio::test]
async fn the_password_goes_to_nobody_else() {
    for (document, said) in [
        (
            json!({"_links": {"user": {"href": "https://elsewhere.example.org/user"}}}),
            "the service points to another one, which is not asked",
        ),
        (
            json!({"_links": {"user": {"href": "http://pool.example.com/user"}}}),
            "the service points to another one, which is not asked",
        ),
        (
            json!({"_links": {"redirect": {"href": "https://elsewhere.example.org/"}}}),
            "the service points to another one, which is not asked",
        ),
    ] {
        let server = Ucwa::start(people()).await;
        server.discover(document);
        let end = ask(&server, &[by_sip(ANNA)]).await.end;
        let Err(SourceError::Unreachable { detail, .. }) = end else { panic!("{end:?}") };
        assert_eq!(detail, said);
    }
    let server = Ucwa::start(people()).await;
    let challenge = "MsRtcOAuth href=\"https://elsewhere.example.org/token\",grant_type=\"password\"";
    server.reply_next("/user", Reply::empty(401).with("www-authenticate", challenge));
    let end = ask(&server, &[by_sip(ANNA)]).await.end;
    assert!(matches!(end, Err(SourceError::Unreachable { .. })), "{end:?}");
    assert_eq!(server.given(), (0, 0));
}

#[tokio::test]
async fn a_server_that_leads_nowhere_is_given_up() {
    for (document, said) in [
        (json!({}), "the server does not say where its `user` is"),
        (json!([]), "the server does not say where its `user` is"),
        (json!({"_links": {"user": {"href": "https://"}}}), "the server points nowhere"),
        (json!({"_links": {"redirect": {"href": "/"}}}), "the server points from one to the other"),
    ] {
        let server = Ucwa::start(people()).await;
        server.discover(document);
        let end = ask(&server, &[by_sip(ANNA)]).await.end;
        assert_eq!(end, Err(SourceError::CutShort { read: 0, detail: said.into() }));
    }
}

#[tokio::test]
async fn an_application_that_is_forgotten_is_made_again() {
    let server = Ucwa::start(people()).await;
    let photos = photos(&server);
    photos.photo_of(ANNA, None).await.expect("an answer");
    server.forget_applications();

    assert!(matches!(photos.photo_of(ANNA, None).await, Ok(PhotoOf::Photo(_))));
    assert_eq!(server.given(), (2, 2));

    for _ in 0..2 {
        server.reply_next("/search", error(404, "NotFound", "ApplicationNotFound"));
    }
    let end = photos.photo_of(ANNA, None).await;
    assert!(matches!(end, Err(SourceError::CutShort { .. })), "{end:?}");
}

#[tokio::test]
async fn a_photo_is_got_once_and_then_only_asked_about() {
    let server = Ucwa::start(people()).await;
    let photos = photos(&server);

    let Ok(PhotoOf::Photo(fetched)) = photos.photo_of("anna.berg@example.com", None).await else { panic!() };
    assert_eq!(fetched.bytes, b"the photo of Anna");
    assert_eq!(photos.photo_of(ANNA, fetched.etag.as_deref()).await, Ok(PhotoOf::Unchanged));
    assert_eq!(photos.photo_of("ben@example.com", None).await, Ok(PhotoOf::None));
    assert_eq!(photos.photo_of("nobody@example.com", None).await, Ok(PhotoOf::None));
    server.reply_next("/photos/", Reply::empty(504).with("retry-after", "0"));
    assert!(matches!(photos.photo_of(ANNA, None).await, Ok(PhotoOf::Photo(_))), "Exchange behind it was slow");
    server.reply_next("/photos/", error(403, "Forbidden", "PhotosDisabled"));
    let refused = photos.photo_of(ANNA, None).await;
    let Err(SourceError::RequestRefused { status: 403, detail, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(detail, "Forbidden: PhotosDisabled: It is refused to order.");
}

#[tokio::test]
async fn who_may_not_sign_in_learns_so() {
    let server = Ucwa::start(people()).await;
    let connection = Connection::Ucwa(server.connection());

    let wrong = read_only(&connection, Some(&Secret::new("wrong")), &policy(), &[by_sip(ANNA)]).await.end;
    let missing = read_only(&connection, None, &policy(), &[by_sip(ANNA)]).await.end;

    let Err(SourceError::TokenRefused { client_id, detail, .. }) = wrong else { panic!("{wrong:?}") };
    assert_eq!((client_id.as_str(), detail.as_str()), (USER, "invalid_grant"));
    assert_eq!(missing, Err(SourceError::SecretMissing));
}

#[tokio::test]
async fn answers_that_make_no_sense_or_do_not_come_are_refused() {
    let many = (0..150).map(|number| Person::new(&format!("team{number}@example.com"), "", "Team")).collect();
    let crowded = Ucwa::start(many).await;
    let end = ask(&crowded, &[by_sip("team")]).await.end;
    assert!(matches!(&end, Err(SourceError::CutShort { detail, .. }) if detail.contains("too many people")), "{end:?}");

    for reply in [
        Reply::new(200, "application/json", "{\"_embedded\": "),
        Reply::new(200, "application/json", vec![b' '; 3 << 20]),
        Reply::new(200, "application/json", "{\"_embedded\": {}}").sent(Manner::Cut),
        Reply::new(200, "application/json", "{}").sent(Manner::Never),
        error(403, "Forbidden", ""),
        Reply::empty(302).with("location", "https://elsewhere.example.org/"),
    ] {
        let server = Ucwa::start(people()).await;
        server.reply_next("/search", reply);
        let connection = Connection::Ucwa(UcwaConnection { timeout_seconds: 1, ..server.connection() });
        let end = read_only(&connection, Some(&server.secret()), &policy(), &[by_sip(ANNA)]).await.end;
        assert!(end.is_err(), "{end:?}");
    }
}
