//! People and photos of an Exchange Server.

mod refusals;
mod vectors;

use directory_model::record::{ReadEnd, ReportedPhoto, Sought};
use directory_model::secret::Secret;
use directory_model::source::{Connection, ExchangeAuthentication, ExchangeConnection};
use directory_source::exchange::photos::ExchangePhotos;
use directory_source::photo::PhotoOf;
use directory_source::{ReadRequest, SourceError};
use suite::emulator::{Manner, Reply};
use suite::ews::{self, Ews, Kind, Person, busy};
use suite::oauth::RegisteredCertificate;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Done, policy, read_any, read_only};

const ANNA: &str = "anna.berg@example.com";

fn by_mail(mail: &str) -> Sought {
    Sought::Addresses { sip: None, mail: Some(mail.to_owned()) }
}

fn by_sip(sip: &str) -> Sought {
    Sought::Addresses { sip: Some(sip.to_owned()), mail: None }
}

/// Anna, and others whose addresses begin like hers.
fn people() -> Vec<Person> {
    let others = ["anna.berg@example.com.au", "anna.bergmann@example.com", "ben@example.com"];
    let others = others.map(|address| Person::new(address, "Other"));
    [Person::anna().pictured("the photo of Anna")].into_iter().chain(others).collect()
}

async fn ask(server: &Ews, only: &[Sought]) -> Done {
    read_only(&Connection::Exchange(server.connection()), Some(&server.secret()), &policy(), only).await
}

fn photos(connection: &ExchangeConnection, secret: &Secret) -> ExchangePhotos {
    ExchangePhotos::new(connection, Some(secret), &policy()).expect("it can be asked")
}

fn addresses(done: &Done) -> Vec<&str> {
    done.records.iter().map(|record| record.locator.as_str()).collect()
}

fn photo(found: Result<PhotoOf, SourceError>) -> (Vec<u8>, Option<String>) {
    match found {
        Ok(PhotoOf::Photo(fetched)) => (fetched.bytes, fetched.etag),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_person_is_found_by_either_address_and_nobody_else_is() {
    let server = Ews::start(people()).await;

    for (only, expected) in [
        (vec![by_mail("Anna.Berg@Example.com")], vec![ANNA]),
        (vec![by_sip("sip:anna.berg@example.com")], vec![ANNA]),
        (vec![Sought::Entry(ANNA.as_bytes().to_vec())], vec![ANNA]),
        (
            vec![by_mail(ANNA), by_mail("ben@example.com"), by_sip("sip:anna.berg@example.com")],
            vec![ANNA, "ben@example.com"],
        ),
        (vec![by_mail("nobody@example.com")], vec![]),
        (vec![by_mail("</m:UnresolvedEntry>"), by_mail("a&b@example.com")], vec![]),
        (vec![Sought::Entry(vec![7; 16])], vec![]),
        (vec![], vec![]),
    ] {
        let done = ask(&server, &only).await;
        let entries = expected.len() as u64;
        assert_eq!((addresses(&done), &done.end), (expected, &Ok(ReadEnd::whole(entries))), "{only:?}");
    }
}

#[tokio::test]
async fn who_is_not_found_by_mail_is_looked_for_by_sip() {
    let server = Ews::start(people()).await;
    let moved =
        Sought::Addresses { sip: Some("sip:anna.berg@example.com".into()), mail: Some("old@example.com".into()) };

    let done = ask(&server, &[moved]).await;

    assert_eq!(addresses(&done), [ANNA]);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_whole_read_is_refused_before_anybody_is_asked() {
    let server = Ews::start(people()).await;

    let done = read_any(&Connection::Exchange(server.connection()), Some(&server.secret()), &policy()).await;

    assert_eq!((done.end, server.seen().len()), (Err(SourceError::LookupOnly), 0));
}

#[tokio::test]
async fn a_name_that_means_too_many_is_no_answer() {
    let many = (0..150).map(|number| Person::new(&format!("team{number}@example.com"), "Team"));
    let server = Ews::start(many.collect()).await;

    let done = ask(&server, &[by_mail("team")]).await;

    let Err(SourceError::CutShort { detail, .. }) = done.end else { panic!("{:?}", done.end) };
    assert_eq!(detail, "Exchange found too many people for `team`");
}

#[tokio::test]
async fn a_photo_is_got_once_and_then_only_asked_about() {
    let server = Ews::start(people()).await;
    let photos = photos(&server.connection(), &server.secret());

    let (bytes, etag) = photo(photos.photo_of(ANNA, None).await);
    assert_eq!(bytes, b"the photo of Anna");
    assert_eq!(photos.photo_of(ANNA, etag.as_deref()).await, Ok(PhotoOf::Unchanged));
    assert_eq!(photos.photo_of("ben@example.com", None).await, Ok(PhotoOf::None));
    assert_eq!(photos.photo_of("nobody@example.com", None).await, Ok(PhotoOf::None));
    server.change(|people| people[0].photo = Some(b"another".to_vec()));
    assert_eq!(photo(photos.photo_of(ANNA, etag.as_deref()).await).0, b"another");

    let seen = server.seen();
    assert!(seen.iter().all(|request| request.method == "GET" && request.asked("size") == "HR240x240"));
    assert_eq!((seen[0].asked("email"), seen[0].header("x-anchormailbox")), (ANNA, ANNA));
}

#[tokio::test]
async fn photos_come_in_soap_where_files_are_refused() {
    for status in [400, 403, 405, 500] {
        let server = Ews::start(people()).await;
        server.refuse_files(status);
        let photos = photos(&server.connection(), &server.secret());

        let (bytes, etag) = photo(photos.photo_of(ANNA, None).await);
        assert_eq!((bytes.as_slice(), etag), (&b"the photo of Anna"[..], None), "{status}");
        for absent in ["ben@example.com", "nobody@example.com"] {
            assert_eq!(photos.photo_of(absent, None).await, Ok(PhotoOf::None), "{status} {absent}");
        }
        let files = server.seen().iter().filter(|request| request.method == "GET").count();
        // What is refused is not asked for again; what went wrong may go right for the next.
        assert_eq!(files, if status == 500 { 3 } else { 1 }, "{status}");
    }
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again_in_soap_either() {
    let server = Ews::start(people()).await;
    let photos = photos(&server.connection(), &server.secret());
    let (_, etag) = photo(photos.photo_of(ANNA, None).await);
    server.refuse_files(403);

    assert_eq!(photos.photo_of(ANNA, etag.as_deref()).await, Ok(PhotoOf::Unchanged));
    assert_eq!(photo(photos.photo_of(ANNA, Some("\"other\"")).await).0, b"the photo of Anna");
}

#[tokio::test]
async fn a_page_that_is_no_picture_is_no_photo() {
    let server = Ews::start(people()).await;
    let photos = photos(&server.connection(), &server.secret());
    server.reply_next(Kind::File, Reply::new(200, "text/html", "<html>Sign in</html>"));

    assert_eq!(photo(photos.photo_of(ANNA, None).await).0, b"the photo of Anna", "it is asked for in SOAP");
}

#[tokio::test]
async fn a_photo_that_is_too_large_is_left_out_in_both_forms() {
    let server = Ews::start(vec![Person::anna().pictured(vec![7; (2 << 20) + 10])]).await;
    let photos = photos(&server.connection(), &server.secret());

    assert_eq!(photos.photo_of(ANNA, None).await, Ok(PhotoOf::TooLarge));
    server.refuse_files(403);
    assert_eq!(photos.photo_of(ANNA, None).await, Ok(PhotoOf::TooLarge));
}

#[tokio::test]
async fn the_photos_of_some_people_are_read_like_those_of_a_directory() {
    let large = Person::new("large@example.com", "Large").pictured(vec![7; 3 << 20]);
    let server = Ews::start(people().into_iter().chain([large]).collect()).await;
    let entry = |id: &str| Sought::Entry(id.as_bytes().to_vec());
    let only = [entry(ANNA), entry("ben@example.com"), entry("large@example.com"), entry("0123456789abcdef")];
    let (connection, secret, policy) = (Connection::Exchange(server.connection()), server.secret(), policy());
    let (out, mut reported) = mpsc::channel(8);
    let request = ReadRequest { only: Some(&only), ..ReadRequest::whole(&connection, Some(&secret), &policy) };

    let end = directory_source::read_photos(request, out, &CancellationToken::new()).await;

    assert_eq!(end, Ok(Some(ReadEnd::whole(2))));
    let Some(ReportedPhoto::Photo(anna)) = reported.recv().await else { panic!() };
    assert_eq!((anna.external_id.as_slice(), anna.bytes.as_slice()), (ANNA.as_bytes(), &b"the photo of Anna"[..]));
    let Some(ReportedPhoto::SetAside(aside)) = reported.recv().await else { panic!() };
    assert_eq!(aside.invalid.field, "GetUserPhoto");
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let server = Ews::start(people()).await;
    server.reply_next(Kind::Soap, busy(10));
    server.reply_next(Kind::Soap, Reply::empty(503).with("retry-after", "0"));
    server.reply_next(Kind::Soap, Reply::empty(429).with("retry-after", "0"));

    let done = ask(&server, &[by_mail(ANNA)]).await;

    assert_eq!((addresses(&done), server.seen().len()), (vec![ANNA], 4));
}

#[tokio::test]
async fn an_application_signs_in_with_tokens_and_acts_for_others() {
    let server = Ews::start(people()).await;
    server.tokens.set_lifetime(3600);
    let connection = Connection::Exchange(server.application());

    let only = [by_mail(ANNA), by_mail("ben@example.com"), by_mail("nobody@example.com")];
    let done = read_only(&connection, Some(&server.client_secret()), &policy(), &only).await;

    assert_eq!(addresses(&done), [ANNA, "ben@example.com"]);
    assert_eq!(server.tokens.given(), 1, "a token that lives is used again");
    assert!(server.seen().iter().all(|request| request.body.contains("<t:PrimarySmtpAddress>")));
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once() {
    let server = Ews::start(people()).await;
    let photos = photos(&server.application(), &server.client_secret());
    photo(photos.photo_of(ANNA, None).await);
    server.tokens.revoke();

    photo(photos.photo_of(ANNA, None).await);
    assert_eq!(server.tokens.given(), 2);

    for _ in 0..2 {
        server.reply_next(Kind::File, Reply::empty(401));
    }
    let refused = photos.photo_of(ANNA, None).await;
    assert!(matches!(refused, Err(SourceError::RequestRefused { status: 401, .. })), "{refused:?}");
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let server = Ews::start(people()).await;
    // Nothing is left of it when it arrives.
    server.tokens.set_lifetime(0);
    let photos = photos(&server.application(), &server.client_secret());

    for _ in 0..2 {
        photo(photos.photo_of(ANNA, None).await);
    }

    assert_eq!(server.tokens.given(), 2);
}

#[tokio::test]
async fn an_application_proves_itself_by_its_certificate() {
    let server = Ews::start(people()).await;
    let certificate = RegisteredCertificate::new();
    server.tokens.register(certificate.clone());
    let mut connection = server.application();
    if let ExchangeAuthentication::Oauth2(client) = &mut connection.authentication {
        client.certificate = Some(certificate.pem());
    }

    photo(photos(&connection, &Secret::new(certificate.key())).photo_of(ANNA, None).await);

    let other = Secret::new(RegisteredCertificate::new().key());
    for (secret, detail) in [
        (other, "AADSTS7000215: Invalid client secret provided."),
        (server.client_secret(), "the secret of the source is not a private RSA key of at least 2048 bits in PEM"),
    ] {
        let refused = photos(&connection, &secret).photo_of(ANNA, None).await;
        let Err(SourceError::TokenRefused { detail: said, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(said, detail);
    }
}

#[tokio::test]
async fn a_read_ends_when_it_is_cancelled_although_the_server_never_answers() {
    let server = Ews::start(people()).await;
    server.reply_next(Kind::Soap, ews::xml("").sent(Manner::Never));
    let (connection, secret, policy) = (Connection::Exchange(server.connection()), server.secret(), policy());
    let only = [by_mail(ANNA)];
    let request = ReadRequest { only: Some(&only), ..ReadRequest::whole(&connection, Some(&secret), &policy) };
    let (out, _reported) = mpsc::channel(8);
    let cancel = CancellationToken::new();

    let reading = directory_source::read(request, out, &cancel);
    let cancelling = async {
        while server.seen().is_empty() {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    };
    let (end, ()) = tokio::join!(reading, cancelling);

    assert_eq!(end, Err(SourceError::Cancelled));
}
