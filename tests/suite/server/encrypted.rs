//! Connections to PostgreSQL over TLS.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use diesel::prelude::*;
use diesel::sql_types::Text;
use directory_model::id::CountedIds;
use directory_store::database::{Database, OpenOptions};
use directory_store::error::StoreResult;
use directory_store::ssl::{Ssl, SslMode};
use suite::postgres::{self, Postgres};
use suite::tls::{Authority, Validity};

use super::place::{Place, name};

/// A PostgreSQL server that speaks TLS only, and whom to trust about it.
struct Encrypted {
    server: Postgres,
    right: PathBuf,
    wrong: PathBuf,
}

fn encrypted() -> &'static Encrypted {
    static SERVER: OnceLock<Encrypted> = OnceLock::new();
    SERVER.get_or_init(|| {
        let (right, wrong) = (Authority::new(), Authority::new());
        let certificate = right.certificate(&["IP:127.0.0.1"], Validity::Valid);
        let server = Postgres::encrypted(&certificate);
        Encrypted { server, right: right.pem_file(), wrong: wrong.pem_file() }
    })
}

fn options(url: impl Into<String>, mode: SslMode, root_cert: Option<&Path>) -> OpenOptions {
    let mut options = OpenOptions::new(url, Arc::<CountedIds>::default());
    options.ssl = Ssl { mode, root_cert: root_cert.map(Path::to_owned) };
    options
}

/// How the server sees our connection: the version of TLS.
async fn version(options: &OpenOptions) -> StoreResult<String> {
    #[derive(QueryableByName)]
    struct Seen {
        #[diesel(sql_type = Text)]
        version: String,
    }
    let query = "SELECT coalesce(version, 'none') AS version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let database = Database::open(options).await?;
    database.read(move |conn| Ok(diesel::sql_query(query).get_result::<Seen>(conn)?.version)).await
}

async fn refusal(options: &OpenOptions) -> String {
    version(options).await.expect_err("refused").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_the_right_authority_is_spoken_with_over_tls() {
    let world = tokio::task::spawn_blocking(encrypted).await.unwrap();
    let url = world.server.url("postgres");
    let by_address = format!("{url}?sslmode=verify-full&sslrootcert={}", world.right.display());

    for options in [
        options(&url, SslMode::VerifyFull, Some(&world.right)),
        options(&url, SslMode::Require, None),
        options(&url, SslMode::Prefer, None),
        // What the address says counts.
        options(by_address, SslMode::Disable, None),
    ] {
        assert_eq!(version(&options).await.unwrap(), "TLSv1.3", "{:?}", options.ssl);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_prove_who_it_is_is_refused() {
    let world = tokio::task::spawn_blocking(encrypted).await.unwrap();
    let url = world.server.url("postgres");
    let other_name = url.replace("127.0.0.1", "localhost");

    let wrong = options(&url, SslMode::VerifyFull, Some(&world.wrong));
    let system = options(&url, SslMode::VerifyFull, None);
    let elsewhere = options(other_name, SslMode::VerifyFull, Some(&world.right));
    let (wrong, system, elsewhere) = tokio::join!(refusal(&wrong), refusal(&system), refusal(&elsewhere));

    let refused = "the database is not available: the server's certificate is refused:";
    assert_eq!(wrong, format!("{refused} it is not of a trusted authority"));
    assert_eq!(system, wrong);
    assert_eq!(elsewhere, format!("{refused} it is for another host"));
}

#[tokio::test(flavor = "multi_thread")]
async fn encryption_is_neither_forgone_nor_forced() {
    let world = tokio::task::spawn_blocking(encrypted).await.unwrap();
    let plain = tokio::task::spawn_blocking(postgres::server).await.unwrap().url("postgres");

    let required = options(&plain, SslMode::Require, None);
    let verified = options(&plain, SslMode::VerifyFull, Some(&world.right));
    let disabled = options(world.server.url("postgres"), SslMode::Disable, None);
    let (required, verified, disabled) = tokio::join!(refusal(&required), refusal(&verified), refusal(&disabled));

    assert!(required.contains("server does not support TLS"), "{required}");
    assert_eq!(verified, required);
    assert!(disabled.contains("no encryption"), "{disabled}");
    assert_eq!(version(&options(&plain, SslMode::Prefer, None)).await.unwrap(), "none");
}

#[test]
fn the_program_is_configured_to_verify_its_database() {
    let world = encrypted();
    let database = world.server.create();
    let url = world.server.url(&database);
    let settings = |root: &Path| format!("sslmode = \"verify-full\"\nssl_root_cert = \"{}\"", root.display());

    let refused = Place::of(&url, &settings(&world.wrong)).refusal(&["migrate"]);
    let place = Place::of(&url, &settings(&world.right));
    let migrated = place.ask(&["migrate"]);
    let _server = place.serve();
    let backup = place.ask(&["backup", name(&place.file("kept.backup"))]);

    let expected = "switchboard: the database is not available: the server's certificate is refused: it is not of a \
                    trusted authority\n";
    assert_eq!(refused, expected);
    assert!(migrated.starts_with("ran "), "{migrated}");
    assert!(backup.contains("schema version"), "{backup}");
    fs::write(place.file("empty.pem"), "").unwrap();
    let empty = Place::of(&url, &settings(&place.file("empty.pem"))).refusal(&["migrate"]);
    assert!(empty.ends_with("empty.pem holds no certificate in PEM\n"), "{empty}");
}
