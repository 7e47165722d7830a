use super::*;

fn source() -> SourceFields {
    let json = r#"{"name": "AD", "connection": {"kind": "ldap", "url": "ldaps://dc1", "base_dn": "dc=example"}}"#;
    serde_json::from_str(json).expect("everything else has a default")
}

fn ldap(change: impl FnOnce(&mut LdapConnection)) -> SourceFields {
    let mut source = source();
    if let Connection::Ldap(connection) = &mut source.connection {
        change(connection);
    }
    source
}

fn other(connection: serde_json::Value) -> SourceFields {
    SourceFields { connection: serde_json::from_value(connection).expect("a connection"), ..source() }
}

fn exchange(field: &str, value: impl Into<serde_json::Value>) -> SourceFields {
    let mut connection = serde_json::json!({"kind": "exchange", "url": "https://mail/EWS/Exchange.asmx",
        "authentication": {"method": "basic", "user_name": "gateway"}});
    connection[field] = value.into();
    other(connection)
}

fn graph(field: &str, value: &str) -> SourceFields {
    let mut connection = serde_json::json!({"kind": "graph", "tenant": "example.com", "client_id": "gateway"});
    connection[field] = value.into();
    other(connection)
}

fn ucwa(field: &str, value: impl Into<serde_json::Value>) -> SourceFields {
    let mut connection = serde_json::json!({"kind": "ucwa", "url": "https://lyncdiscover.example.com/",
        "domains": ["example.com"], "user_name": "gateway@example.com"});
    connection[field] = value.into();
    other(connection)
}

fn file(path: &str) -> SourceFields {
    let connection = Connection::File(FileConnection { path: path.into(), format: FileFormat::Csv });
    SourceFields { connection, ..source() }
}

#[test]
fn refusals_name_the_field() {
    let many = Mapping { sip: vec!["a".into(); 21], ..Mapping::default() };
    let nameless = Mapping { mail: vec![" ".into()], ..Mapping::default() };
    let photos = Mapping { photo: vec!["jpegPhoto".into()], ..Mapping::default() };
    source().check().expect("the defaults are valid");

    for (source, field) in [
        (SourceFields { time_zone: "Mars/Base".into(), ..source() }, "time_zone"),
        (SourceFields { schedule: Some("0 25 * * *".into()), ..source() }, "schedule"),
        (SourceFields { schedule: Some(String::new()), ..source() }, "schedule"),
        (SourceFields { approval_threshold_percent: 101, ..source() }, "approval_threshold_percent"),
        (SourceFields { keep_days: 0, ..source() }, "keep_days"),
        (SourceFields { keep_days: 3651, ..source() }, "keep_days"),
        (SourceFields { normalize_numbers: Some("de".into()), ..source() }, "normalize_numbers"),
        (SourceFields { mapping: Some(many), ..source() }, "mapping.sip"),
        (SourceFields { mapping: Some(nameless), ..source() }, "mapping.mail"),
        (SourceFields { mapping: Some(photos), ..file("people.csv") }, "mapping.photo"),
        (ldap(|ldap| ldap.url = "http://dc1".into()), "connection.url"),
        (ldap(|ldap| ldap.is_starttls = true), "connection.is_starttls"),
        (ldap(|ldap| ldap.page_size = 0), "connection.page_size"),
        (ldap(|ldap| ldap.timeout_seconds = 601), "connection.timeout_seconds"),
        (ldap(|ldap| ldap.trusted_certificates = Some("x".repeat(300_000))), "connection.trusted_certificates"),
        (ldap(|ldap| ldap.trusted_certificates = Some("-----BEGIN\0".into())), "connection.trusted_certificates"),
        (file("../people.csv"), "connection.path"),
        (file("/people.csv"), "connection.path"),
    ] {
        assert_eq!(source.check().expect_err(field)[0].field, field);
    }
}

#[test]
fn refusals_of_services_name_the_field() {
    let token = |field: &str, value: &str| {
        let mut authentication = serde_json::json!({"method": "oauth2", "token_url": "https://login/token",
            "client_id": "gateway", "scope": "https://mail/.default"});
        authentication[field] = value.into();
        exchange("authentication", authentication)
    };
    exchange("photo_size", "HR648x648").check().expect("another size");
    token("scope", "another").check().expect("tokens");
    graph("url", "https://graph.microsoft.us/v1.0").check().expect("another cloud");
    let identity = Mapping { external_id: vec!["mail".into()], ..Mapping::default() };

    for (source, field) in vec![
        (exchange("url", "http://mail/EWS/Exchange.asmx"), "connection.url"),
        (exchange("timeout_seconds", 0), "connection.timeout_seconds"),
        (exchange("trusted_certificates", "x".repeat(300_000)), "connection.trusted_certificates"),
        (
            exchange("authentication", serde_json::json!({"method": "basic", "user_name": "a:b"})),
            "connection.authentication.user_name",
        ),
        (SourceFields { mapping: Some(identity.clone()), ..graph("tenant", "x") }, "mapping.external_id"),
        (SourceFields { mapping: Some(identity), ..exchange("timeout_seconds", 1) }, "mapping.external_id"),
        (graph("url", "http://graph"), "connection.url"),
        (ucwa("url", "http://lyncdiscover.example.com/"), "connection.url"),
        (ucwa("domains", vec!["com"]), "connection.domains"),
        (ucwa("address_domains", vec!["@example.com"]), "connection.address_domains"),
        (exchange("address_domains", vec!["com"]), "connection.address_domains"),
        (ucwa("domains", vec!["example.com"; 21]), "connection.domains"),
        (ucwa("user_name", ""), "connection.user_name"),
        (ucwa("subscription_minutes", 9), "connection.subscription_minutes"),
        (ucwa("subscription_minutes", 31), "connection.subscription_minutes"),
        (graph("tenant", "a/b"), "connection.tenant"),
        (graph("tenant", ""), "connection.tenant"),
        (graph("client_id", ""), "connection.client_id"),
        (graph("token_url", "ftp://x"), "connection.token_url"),
        (token("token_url", "http://login/token"), "connection.authentication.token_url"),
        (token("client_id", " "), "connection.authentication.client_id"),
        (token("scope", ""), "connection.authentication.scope"),
    ] {
        assert_eq!(source.check().expect_err(field)[0].field, field);
    }
}

#[test]
fn what_cannot_list_everybody_tells_neither_changes_nor_leavers() {
    let polled = |source| SourceFields { poll_minutes: Some(5), ..source };
    for (source, expected) in
        [(exchange("timeout_seconds", 5), false), (ucwa("timeout_seconds", 5), false), (graph("tenant", "x"), true)]
    {
        let kept = polled(source).check().expect("a source");
        assert_eq!((kept.schedule.is_some(), kept.poll_minutes.is_some()), (true, expected));
        assert_eq!(kept.leavers != Leavers::Keep, expected);
    }
}

#[test]
fn people_are_looked_up_in_the_domains_that_are_named() {
    let domains = serde_json::json!(["example.com", "Example.org"]);
    let anywhere = exchange("address_domains", serde_json::json!([])).connection;
    let named = [exchange("address_domains", domains.clone()).connection, ucwa("address_domains", domains).connection];
    for (kind, address, expected) in [
        (AddressKind::Mail, "anna@example.com", true),
        (AddressKind::Mail, "SMTP:Anna@EXAMPLE.ORG", true),
        (AddressKind::Sip, "sip:anna@example.com;transport=tls", true),
        (AddressKind::Mail, "anna@sub.example.com", false),
        (AddressKind::Mail, "anna@example.net", false),
        (AddressKind::Sip, "anna", false),
    ] {
        assert_eq!(named.each_ref().map(|named| named.may_know(kind, address)), [expected; 2], "{address}");
        assert!(anywhere.may_know(kind, address));
    }
}

fn sip() -> SourceFields {
    other(serde_json::json!({"kind": "sip", "host": "sip.example.com", "address": "sip:gw@example.com"}))
}

#[test]
fn who_has_no_entries_is_not_run() {
    let mapped = SourceFields { mapping: Some(Mapping::default()), poll_minutes: Some(5), ..sip() };
    let valid = mapped.check().expect("a source");

    assert_eq!((valid.schedule.as_deref(), valid.poll_minutes, valid.leavers), (None, None, Leavers::Keep));
    assert!(valid.mapping.is_none() && !valid.connection.has_entries());
    assert!(source().check().expect("a source").schedule.is_some());
}

#[test]
fn what_a_kind_of_source_cannot_say_is_not_read_of_it() {
    let reading = |source: SourceFields, is_read: bool| {
        let presence = Some(PresenceReading { reads_presence: is_read, reads_calendar: is_read, reads_calls: is_read });
        let refused = SourceFields { presence, ..source }.check().err().unwrap_or_default();
        refused.into_iter().map(|refused| refused.field).collect::<Vec<_>>()
    };
    let [presence, calendar, calls] = ["presence.reads_presence", "presence.reads_calendar", "presence.reads_calls"];
    let all = vec![presence, calendar, calls];
    for (source, expected) in [
        (graph("tenant", "x"), vec![calls]),
        (exchange("timeout_seconds", 5), vec![presence, calls]),
        (sip(), vec![calendar]),
        (ucwa("timeout_seconds", 5), vec![calendar, calls]),
        (source(), all.clone()),
        (file("people.csv"), all),
    ] {
        assert_eq!(reading(source.clone(), true), expected);
        assert!(reading(source, false).is_empty());
    }
    let nothing = SourceFields { presence: Some(PresenceReading::default()), ..source() };
    assert_eq!(nothing.check().expect("a source").presence, None);
}
