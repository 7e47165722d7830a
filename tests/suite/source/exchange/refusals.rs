//! What an Exchange Server refuses, and what is refused of its answers.

use directory_model::secret::Secret;
use directory_model::source::{Connection, ExchangeAuthentication, ExchangeConnection};
use directory_source::{SourceError, SourcePolicy};
use suite::emulator::{Manner, Reply};
use suite::ews::{Ews, Kind, USER, busy, error, xml};
use suite::process::free_port;
use suite::slapd::Slapd;

use super::{ANNA, ask, by_mail, people, photos};
use crate::source::{policy, read_only};

/// How the lookup of Anna ends when the server answers so.
async fn end_after(reply: Reply) -> SourceError {
    let server = Ews::start(people()).await;
    server.reply_next(Kind::Soap, reply);
    let connection = ExchangeConnection { timeout_seconds: 1, ..server.connection() };
    let connection = Connection::Exchange(connection);
    read_only(&connection, Some(&server.secret()), &policy(), &[by_mail(ANNA)]).await.end.expect_err("it fails")
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_not_tried_again() {
    let server = Ews::start(people()).await;
    let connection = Connection::Exchange(server.connection());

    let end =
        read_only(&connection, Some(&Secret::new("wrong")), &policy(), &[by_mail(ANNA), by_mail("b@x.org")]).await;

    assert_eq!(end.end, Err(SourceError::BindRefused { bind_dn: USER.into() }));
    assert_eq!(server.seen().len(), 1);
    for secret in [None, Some(&Secret::new(""))] {
        let end = read_only(&connection, secret, &policy(), &[by_mail(ANNA)]).await.end;
        assert_eq!(end, Err(SourceError::SecretMissing));
    }
}

#[tokio::test]
async fn a_token_service_says_why_it_gives_none() {
    let server = Ews::start(people()).await;
    let end = async |secret: &Secret, client_id: Option<&str>| {
        let mut connection = server.application();
        if let ExchangeAuthentication::Oauth2(client) = &mut connection.authentication
            && let Some(id) = client_id
        {
            client.client_id = id.into();
        }
        let photo = photos(&connection, secret).photo_of(ANNA, None).await;
        photo.expect_err("there is no token").to_string()
    };

    let wrong = end(&Secret::new("wrong"), None).await;
    let unknown = end(&server.client_secret(), Some("unknown")).await;
    server.tokens.reply_next(Reply::new(200, "application/json", "{\"token_type\": \"Bearer\"}"));
    let empty = end(&server.client_secret(), None).await;
    server.tokens.reply_next(Reply::new(200, "application/json", "{\"access_token\": \"a\\nb\"}"));
    let hostile = end(&server.client_secret(), None).await;
    server.tokens.reply_next(Reply::empty(404));
    let elsewhere = end(&server.client_secret(), None).await;

    assert!(wrong.ends_with(": AADSTS7000215: Invalid client secret provided."), "{wrong}");
    assert!(unknown.contains("`unknown`") && unknown.contains("AADSTS700016"), "{unknown}");
    assert!(empty.ends_with("the answer holds no token"), "{empty}");
    assert!(hostile.ends_with("the token cannot be used"), "{hostile}");
    assert!(elsewhere.contains("status 404"), "{elsewhere}");
}

#[tokio::test]
async fn a_busy_token_service_is_asked_again() {
    let server = Ews::start(people()).await;
    for _ in 0..2 {
        server.tokens.reply_next(Reply::empty(429).with("retry-after", "0"));
    }

    let photo = photos(&server.application(), &server.client_secret()).photo_of(ANNA, None).await;

    assert!(photo.is_ok(), "{photo:?}");
}

#[tokio::test]
async fn a_server_that_stays_busy_is_left_alone() {
    let server = Ews::start(people()).await;
    for _ in 0..10 {
        server.reply_next(Kind::Soap, busy(1));
    }

    let end = ask(&server, &[by_mail(ANNA)]).await.end;

    let Err(SourceError::Busy { detail, .. }) = end else { panic!("{end:?}") };
    assert_eq!((detail.as_str(), server.seen().len()), ("it was asked 6 times", 6));
    let long = end_after(busy(3_600_000)).await;
    assert!(long.to_string().ends_with("it wants to be left alone for 3600 seconds"), "{long}");
}

#[tokio::test]
async fn what_the_server_refuses_is_told_in_its_words() {
    for (code, is_refused) in [
        ("ErrorAccessDenied", true),
        ("ErrorImpersonateUserDenied", true),
        ("ErrorImpersonationFailed", true),
        ("ErrorInvalidServerVersion", true),
        ("ErrorSchemaValidation", true),
        ("ErrorSomethingNew", true),
        ("ErrorNonExistentMailbox", false),
        ("ErrorNameResolutionNoResults", false),
    ] {
        let server = Ews::start(people()).await;
        server.reply_next(Kind::Soap, error(code));

        let end = ask(&server, &[by_mail(ANNA)]).await.end;

        match end {
            Err(SourceError::RequestRefused { status: 500, detail, .. }) if is_refused => {
                assert_eq!(detail, format!("{code}: It is refused to order."));
            }
            Ok(end) if !is_refused => assert_eq!(end.entries, 0, "{code}"),
            other => panic!("{code}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn who_may_not_act_for_others_learns_so() {
    let server = Ews::start(people()).await;
    server.deny_impersonation();
    let connection = Connection::Exchange(server.application());

    let end = read_only(&connection, Some(&server.client_secret()), &policy(), &[by_mail(ANNA)]).await.end;

    let Err(SourceError::RequestRefused { detail, .. }) = end else { panic!("{end:?}") };
    assert!(detail.starts_with("ErrorImpersonateUserDenied: "), "{detail}");
}

#[tokio::test]
async fn answers_that_make_no_sense_are_refused() {
    let laughs = "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><l>&b;</l>";
    let outside = "<!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><l>&a;</l>";
    let deep = "<a>".repeat(10_000);
    let wide = format!("<a>{}</a>", "<b/>".repeat(60_000));
    for (reply, detail) in [
        (xml(laughs), "the answer defines a document type, which is refused"),
        (xml(outside), "the answer defines a document type, which is refused"),
        (xml(deep), "the answer has too many elements"),
        (xml(wide), "the answer has too many elements"),
        (xml("<Envelope><Body>"), "the answer is not well-formed XML"),
        (xml(b"<a>\xff</a>".as_slice()), "the answer is not UTF-8"),
        (xml("<html><body/></html>"), "the answer is no SOAP envelope"),
        (xml(vec![b' '; 8 << 20]), "an answer has more than 2861738 bytes"),
        (xml("<Envelope><Body><Other/></Body></Envelope>"), "the answer holds no ResolveNamesResponseMessage"),
    ] {
        assert_eq!(end_after(reply).await, SourceError::CutShort { read: 0, detail: detail.into() });
    }
}

#[tokio::test]
async fn a_connection_that_breaks_or_hangs_is_no_answer() {
    let whole = || xml("<Envelope><Body></Body></Envelope>");
    for (reply, said) in [
        (whole().sent(Manner::Cut), "the connection broke before there was a whole answer"),
        (whole().sent(Manner::Never), "no answer within 1 second"),
    ] {
        let end = end_after(reply).await;
        let SourceError::Unreachable { detail, .. } = &end else { panic!("{end:?}") };
        assert_eq!(detail, said);
    }
}

#[tokio::test]
async fn a_server_that_points_elsewhere_is_not_followed() {
    let other = Ews::start(people()).await;
    for status in [301, 302, 307, 308] {
        let end = end_after(Reply::empty(status).with("location", other.url())).await;
        assert!(matches!(&end, SourceError::RequestRefused { status: said, .. } if *said == status), "{end:?}");
    }
    assert!(other.seen().is_empty(), "the password went nowhere else");
}

#[tokio::test]
async fn only_certificates_of_trusted_authorities_are_accepted() {
    let server = Ews::start(people()).await;
    // What speaks TLS here knows no HTTP: the handshake is as far as it goes.
    let slapd = Slapd::with_people(0);
    let url = slapd.ldaps_url().replace("ldaps://", "https://");
    let ask = async |trusted_certificates| {
        let connection = ExchangeConnection { url: url.clone(), trusted_certificates, ..server.connection() };
        let connection = Connection::Exchange(connection);
        read_only(&connection, Some(&server.secret()), &policy(), &[by_mail(ANNA)]).await.end
    };

    let unknown = ask(None).await;
    let trusted = ask(Some(slapd.trusted_certificates())).await;

    let Err(SourceError::CertificateRefused { detail, .. }) = unknown else { panic!("{unknown:?}") };
    assert_eq!(detail, "its issuer is not trusted");
    assert!(matches!(trusted, Err(SourceError::Unreachable { .. })), "{trusted:?}");
}

#[tokio::test]
async fn what_the_platform_does_not_allow_reads_like_what_is_missing() {
    let server = Ews::start(people()).await;
    let detail = async |url: String, policy: &SourcePolicy| {
        let connection = Connection::Exchange(ExchangeConnection { url, timeout_seconds: 5, ..server.connection() });
        match read_only(&connection, Some(&server.secret()), policy, &[by_mail(ANNA)]).await.end {
            Err(SourceError::Unreachable { detail, .. }) => detail,
            other => panic!("{other:?}"),
        }
    };
    let refused = "has no address that the gateway may connect to";
    let (strict, lenient) = (SourcePolicy::default(), policy());

    assert!(detail(server.url(), &strict).await.ends_with(refused));
    assert!(detail(server.url().replace("127.0.0.1", "localhost"), &strict).await.ends_with(refused));
    assert!(detail("https://no-such-host.invalid/EWS".into(), &lenient).await.ends_with(refused));
    assert!(detail("https://169.254.169.254/EWS".into(), &lenient).await.ends_with(refused));
    let by_name = ExchangeConnection { url: server.url().replace("127.0.0.1", "localhost"), ..server.connection() };
    let allowed = read_only(&Connection::Exchange(by_name), Some(&server.secret()), &lenient, &[by_mail(ANNA)]).await;
    assert_eq!((allowed.records.len(), server.seen().len()), (1, 1));
    let here = format!("http://127.0.0.1:{}/EWS", free_port());
    assert_eq!(detail(here, &lenient).await, "the connection is refused");
    let plain = server.url().replace("http://", "https://");
    assert_eq!(detail(plain, &lenient).await, "no encrypted connection could be agreed on");
    let open = "http://mail.example.com/EWS".to_owned();
    assert_eq!(detail(open, &lenient).await, "it is not an address such as https://host/path");
    assert_eq!(server.seen().len(), 1, "the one that was allowed");
}
