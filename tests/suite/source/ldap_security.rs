//! Who may be connected to, who is believed, and who may sign in.

use directory_model::secret::Secret;
use directory_model::source::{Connection, LdapConnection};
use directory_source::{SourceError, SourcePolicy};
use suite::process::free_port;
use suite::slapd::{BIND_DN, Options, Slapd};
use suite::tls::{Authority, Validity};

use super::{policy, read, read_any};

fn certificate_problem(end: Result<directory_model::record::ReadEnd, SourceError>) -> String {
    match end {
        Err(SourceError::CertificateRefused { detail, .. }) => detail,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_by_the_directory() {
    let slapd = Slapd::with_people(1);

    let wrong = read(slapd.connection(), &Secret::new("wrong")).await.end;
    let unknown = LdapConnection { bind_dn: Some("cn=nobody,dc=example,dc=com".into()), ..slapd.connection() };
    let unknown = read(unknown, &slapd.secret()).await.end;

    assert_eq!(wrong, Err(SourceError::BindRefused { bind_dn: BIND_DN.into() }));
    assert!(matches!(unknown, Err(SourceError::BindRefused { .. })), "{unknown:?}");
}

#[tokio::test]
async fn an_empty_password_is_not_sent() {
    let slapd = Slapd::with_people(1);
    let connection = Connection::Ldap(slapd.connection());

    let missing = read_any(&connection, None, &policy()).await.end;
    let empty = read(slapd.connection(), &Secret::new("")).await.end;

    assert_eq!((missing, empty), (Err(SourceError::SecretMissing), Err(SourceError::SecretMissing)));
}

#[tokio::test]
async fn certificates_are_refused_for_what_is_wrong_with_them() {
    let slapd = Slapd::with_people(1);
    let expired = Slapd::start(&Options { validity: Some(Validity::Expired), ..Options::default() });
    let trusting = |slapd: &Slapd| LdapConnection {
        url: slapd.ldaps_url(),
        trusted_certificates: Some(slapd.trusted_certificates()),
        ..slapd.connection()
    };
    let problem = async |connection| certificate_problem(read(connection, &slapd.secret()).await.end);

    assert_eq!(problem(trusting(&expired)).await, "it has expired");
    let starttls = LdapConnection { url: expired.url(), is_starttls: true, ..trusting(&expired) };
    assert_eq!(problem(starttls).await, "it has expired");
    let unknown = LdapConnection { trusted_certificates: Some(Authority::new().pem()), ..trusting(&slapd) };
    assert_eq!(problem(unknown).await, "its issuer is not trusted");
    let no_pem = LdapConnection { trusted_certificates: Some("no certificate".into()), ..trusting(&slapd) };
    assert_eq!(problem(no_pem).await, "the additional trusted certificates are not PEM");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let slapd = Slapd::start(&Options { names: vec!["DNS:dc1.example.com".into()], ..Options::default() });
    let connection = LdapConnection {
        url: slapd.ldaps_url(),
        trusted_certificates: Some(slapd.trusted_certificates()),
        ..slapd.connection()
    };

    let end = read(connection, &slapd.secret()).await.end;

    assert_eq!(certificate_problem(end), "it is not for the name `127.0.0.1`");
}

#[tokio::test]
async fn encryption_where_there_is_none_is_unreachable() {
    let slapd = Slapd::with_people(1);
    let url = slapd.url().replace("ldap://", "ldaps://");

    let end = read(LdapConnection { url, ..slapd.connection() }, &slapd.secret()).await.end;

    let Err(SourceError::Unreachable { detail, .. }) = end else { panic!("{end:?}") };
    assert_eq!(detail, "no encrypted connection could be agreed on");
}

#[tokio::test]
async fn what_cannot_be_reached_says_so_without_telling_about_the_network() {
    let slapd = Slapd::with_people(1);
    let detail = async |url: String, policy: SourcePolicy| {
        let connection = Connection::Ldap(LdapConnection { url, ..slapd.connection() });
        match read_any(&connection, Some(&slapd.secret()), &policy).await.end {
            Err(SourceError::Unreachable { detail, .. }) => detail,
            other => panic!("{other:?}"),
        }
    };

    let nothing_listens = format!("ldap://127.0.0.1:{}", free_port());
    assert_eq!(detail(nothing_listens, policy()).await, "the connection is refused");
    let refused = "has no address that the gateway may connect to";
    assert!(detail("ldap://no-such-host.invalid".into(), policy()).await.ends_with(refused));
    assert!(detail(slapd.url(), SourcePolicy::default()).await.ends_with(refused));
    assert!(detail("ldap://169.254.169.254:80".into(), policy()).await.ends_with(refused));
}
