use super::*;
use crate::settings::LogFormat;

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn refusal(text: &str) -> String {
    let file = file(text);
    let shown = load(Some(file.path()), []).unwrap_err().to_string();
    shown.replace(&file.path().display().to_string(), "my.toml")
}

#[test]
fn the_defaults_hold_by_themselves() {
    let loaded = load(None, []).unwrap();

    assert_eq!(loaded.settings.server.listen, Some("127.0.0.1:8080".parse().unwrap()));
    assert_eq!(loaded.settings.sources.file_folder, None);
    assert_eq!(loaded.settings.sources.max_entries, directory_source::SourcePolicy::default().max_entries);
    assert_eq!(loaded.settings.public_url(), "http://127.0.0.1:8080");
}

#[test]
fn the_environment_precedes_the_file() {
    let file = file("[log]\nlevel = \"warn\"\nformat = \"json\"\n");

    let loaded = load(
        Some(file.path()),
        variables(&[
            ("SWITCHBOARD__LOG__LEVEL", "debug"),
            ("SWITCHBOARD__SERVER__TRUSTED_PROXIES", "10.0.0.5, 10.1.0.0/16"),
            ("SWITCHBOARD__SERVER__MAX_CONNECTIONS", "7"),
            ("SWITCHBOARD__SOURCES__OUTBOUND__IS_LOOPBACK_ALLOWED", "true"),
            ("HOME", "/nowhere"),
        ]),
    )
    .unwrap();

    assert_eq!(loaded.settings.log.level, "debug");
    assert_eq!(loaded.settings.log.format, LogFormat::Json);
    assert_eq!(loaded.settings.server.trusted_proxies.len(), 2);
    assert_eq!(loaded.settings.server.max_connections.get(), 7);
    assert!(loaded.settings.sources.outbound.is_loopback_allowed);
    assert_eq!(loaded.origins["log.format"], Origin::File { path: file.path().to_owned(), line: 3 });
    assert_eq!(loaded.origins["log.level"], Origin::Environment("SWITCHBOARD__LOG__LEVEL".into()));
}

#[test]
fn a_refused_value_is_named_with_file_line_and_key() {
    for (text, shown) in [
        ("[log]\n\nformat = \"xml\"", "my.toml:3: `log.format`: unknown variant `xml`, expected `text` or `json`"),
        ("[server]\nlisten = \"here\"", "my.toml:2: `server.listen`: `here`: invalid socket address syntax"),
        (
            "[server]\nheader_timeout = 30",
            "my.toml:2: `server.header_timeout`: invalid type: integer `30`, expected a string",
        ),
        (
            "[server]\nstop_timeout = \"soon\"",
            "my.toml:2: `server.stop_timeout`: `soon` is not a duration such as \"30s\" or \"5m\"",
        ),
        ("[mail]\nuser = \"gateway\"", "`mail.user`: is `gateway`, but `mail.password` is empty: set both or neither"),
        ("[mail]\npassword = \"hush\"", "`mail.password`: is set, but `mail.user` is empty: set both or neither"),
        (
            "[mail]\nhost = \"mail.example.com\"\ntls = \"none\"",
            "`mail.tls`: is `none`, but `mail.host` is `mail.example.com`: only mail to this machine itself may be \
             unencrypted unless `mail.is_plain_allowed` is true",
        ),
        ("[server.tls]\nlisten = \"0.0.0.0:443\"", "`server.tls.listen`: needs `certificate` and `key`"),
    ] {
        assert_eq!(refusal(text), shown);
    }
    assert!(refusal("[metrics]\n# a remark\nalowed = []").starts_with("my.toml:3: `metrics.alowed`: unknown field"));
    assert!(refusal("[log]\nlevel = ").starts_with("my.toml:2: "));
}

#[test]
fn mail_may_be_unencrypted_on_this_machine_or_where_that_is_said() {
    for text in [
        "[mail]\nhost = \"localhost\"\ntls = \"none\"",
        "[mail]\nhost = \"127.0.0.1\"\ntls = \"none\"",
        "[mail]\nhost = \"::1\"\ntls = \"none\"\nuser = \"a\"\npassword = \"b\"",
        "[mail]\nhost = \"relay.internal\"\ntls = \"none\"\nis_plain_allowed = true",
    ] {
        load(Some(file(text).path()), []).expect(text);
    }
}

#[test]
fn a_refused_variable_is_named() {
    for (name, text, shown) in [
        (
            "SWITCHBOARD__SERVER__MAX_CONNECTIONS",
            "many",
            "environment variable SWITCHBOARD__SERVER__MAX_CONNECTIONS: `server.max_connections`: invalid type",
        ),
        (
            "SWITCHBOARD__SERVR__LISTEN",
            "127.0.0.1:1",
            "environment variable SWITCHBOARD__SERVR__LISTEN: `servr.listen`: unknown field `servr`",
        ),
    ] {
        let refused = load(None, variables(&[(name, text)])).unwrap_err().to_string();
        assert!(refused.starts_with(shown), "{refused}");
    }
}

#[test]
fn a_secret_comes_from_its_file_and_from_nowhere_else_then() {
    let secret = file("postgres://gateway:hush@db/switchboard\n");
    let name = secret.path().display().to_string();

    let loaded = load(None, variables(&[("SWITCHBOARD__DATABASE__URL_FILE", &name)])).unwrap();

    assert_eq!(loaded.settings.database.url.expose(), "postgres://gateway:hush@db/switchboard");
    let both = [("SWITCHBOARD__DATABASE__URL", "sqlite:a.db"), ("SWITCHBOARD__DATABASE__URL_FILE", &name)];
    let refused = load(None, variables(&both)).unwrap_err().to_string();
    assert!(refused.contains("set only one of them"), "{refused}");
}

#[test]
fn the_report_shows_every_key_its_origin_and_no_secret() {
    let loaded = load(None, variables(&[("SWITCHBOARD__DATABASE__URL", "postgres://u:hush@db/x")])).unwrap();

    let report = loaded.report();

    assert!(!report.contains("hush"), "{report}");
    for line in ["database.url = (set)", "log.format = \"text\"", "sources.outbound.is_loopback_allowed = false"] {
        assert!(report.contains(line), "{report}");
    }
    assert!(report.contains("# environment variable SWITCHBOARD__DATABASE__URL"), "{report}");
}
