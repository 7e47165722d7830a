//! A real Active Directory domain: Samba with the attributes of Lync.

use directory_model::probe::{DirectoryKind, Finding};
use directory_model::record::WholeBecause;
use directory_model::source::Mapping;
use suite::samba::{self, DOMAIN, Unit};

use super::*;

async fn read_unit(unit: &Unit) -> Done {
    let samba = samba::server();
    read(samba.connection(&unit.dn), &samba.secret()).await
}

async fn changes_of(unit: &Unit, last: &ReadCursor) -> Done {
    let samba = samba::server();
    read_changes(samba.connection(&unit.dn), &samba.secret(), last).await
}

fn id_of(done: &Done, name: &str) -> Vec<u8> {
    let is_named = |record: &&SourceRecord| record.mapped.synced.display_name.as_deref() == Some(name);
    done.records.iter().find(is_named).unwrap_or_else(|| panic!("{name}: {:?}", done.names())).external_id.clone()
}

#[tokio::test]
async fn people_and_services_are_read_with_what_lync_knows() {
    let unit = samba::server().unit().await;
    let anna = unit.person("anna.read").await;
    for (attribute, value) in [
        ("company", "Contoso"),
        ("title", "Engineer"),
        ("physicalDeliveryOfficeName", "B1"),
        ("telephoneNumber", "+49 30 5550"),
        ("co", "Germany"),
        ("st", "Berlin"),
        ("postalCode", "10115"),
        ("l", "Berlin"),
        ("streetAddress", "Main street 1"),
    ] {
        unit.set(&anna, attribute, &[value.as_bytes()]).await;
    }
    let ben = unit.person("ben.read").await;
    unit.set(&ben, "userAccountControl", &[b"546"]).await;
    let desk = unit.name("service.desk");
    let urn = "urn:application:desk";
    let attributes = [
        ("objectClass", "contact"),
        ("displayName", "Service desk"),
        ("msRTCSIP-OwnerUrn", urn),
        ("msRTCSIP-PrimaryUserAddress", "sip:desk@contoso.test"),
        ("proxyAddresses", "SMTP:desk@contoso.test"),
    ];
    unit.add(&desk, &attributes).await;
    let cloud = unit.person("cloud.read").await;
    unit.set(&cloud, "msRTCSIP-DeploymentLocator", &[b"sipfed.online.lync.com"]).await;
    let pool = unit.person("pool.read").await;
    unit.set(&pool, "msRTCSIP-DeploymentLocator", &[b"SRV:pool.contoso.test"]).await;

    let done = read_unit(&unit).await;

    assert_eq!(done.names(), ["Service desk", "anna.read", "ben.read", "cloud.read", "pool.read"]);
    let of = |name: &str| {
        let is_named = |record: &&SourceRecord| record.mapped.synced.display_name.as_deref() == Some(name);
        &done.records.iter().find(is_named).expect(name).mapped
    };
    let anna = of("anna.read");
    let synced = &anna.synced;
    assert_eq!(anna.sip.as_deref(), Some("sip:anna.read@contoso.test"));
    for (value, expected) in [
        (&synced.mail, "anna.read@contoso.test"),
        (&synced.company, "Contoso"),
        (&synced.job_title, "Engineer"),
        (&synced.office, "B1"),
        (&synced.work_phone, "+49 30 5550"),
        (&synced.work_country, "Germany"),
        (&synced.work_state, "Berlin"),
        (&synced.work_zip_code, "10115"),
        (&synced.work_city, "Berlin"),
        (&synced.work_street, "Main street 1"),
    ] {
        assert_eq!(value.as_deref(), Some(expected));
    }
    assert!(!anna.is_disabled && !anna.is_service && !anna.is_hybrid);
    assert!(of("ben.read").is_disabled, "bit 0x2 of userAccountControl");
    assert!(of("Service desk").is_service, "a UCMA endpoint has an owner");
    assert!(of("cloud.read").is_hybrid && !of("pool.read").is_hybrid, "homed online, and in a pool of one's own");
    assert_eq!(of("Service desk").synced.mail.as_deref(), Some("desk@contoso.test"));
}

#[tokio::test]
async fn more_than_a_page_of_people_is_read() {
    let unit = samba::server().unit().await;
    for number in 0..25 {
        unit.person(&format!("page{number}")).await;
    }
    let samba = samba::server();
    let connection = LdapConnection { page_size: 10, ..samba.connection(&unit.dn) };

    let done = read(connection, &samba.secret()).await;

    assert_eq!(done.records.len(), 25);
    assert_eq!(done.end.as_ref().map(|end| end.entries), Ok(25));
}

#[tokio::test]
async fn only_what_changed_is_read() {
    let _quiet = samba::server().places.read().await;
    let unit = samba::server().unit().await;
    for name in ["anna.usn", "ben.usn", "carl.usn"] {
        unit.person(name).await;
    }
    unit.person("early.usn").await;
    unit.remove(&unit.name("early.usn")).await;
    let first = read_unit(&unit).await;
    assert_eq!(first.extent(), Extent::Whole { may_lag: false });

    let nothing = changes_of(&unit, &first.cursor()).await;
    assert_eq!((nothing.extent(), nothing.names()), (Extent::Changes, vec![]));

    unit.set(&unit.name("ben.usn"), "title", &[b"Doctor"]).await;
    unit.person("dora.usn").await;
    unit.remove(&unit.name("carl.usn")).await;
    let changed = changes_of(&unit, &nothing.cursor()).await;

    assert_eq!(changed.names(), ["ben.usn", "dora.usn"]);
    assert!(changed.gone.contains(&id_of(&first, "carl.usn")), "its tombstone was seen");
    assert!(!changed.gone.contains(&id_of(&first, "anna.usn")));
    let after = changes_of(&unit, &changed.cursor()).await;
    assert_eq!(after.names(), Vec::<&str>::new(), "the cursor moved on");
}

#[tokio::test]
async fn an_entry_keeps_its_identity_through_rename_and_move() {
    let _quiet = samba::server().places.read().await;
    let (unit, other) = (samba::server().unit().await, samba::server().unit().await);
    unit.person("anna.moves").await;
    unit.person("ben.moves").await;
    unit.person("old.moves").await;
    unit.remove(&unit.name("old.moves")).await;
    let first = read_unit(&unit).await;

    unit.rename(&unit.name("anna.moves"), "anna.renamed", None).await;
    let renamed = changes_of(&unit, &first.cursor()).await;
    assert_eq!(renamed.records.len(), 1);
    assert_eq!(renamed.records[0].external_id, id_of(&first, "anna.moves"));
    assert!(renamed.records[0].locator.starts_with("CN=anna.renamed,"), "{}", renamed.records[0].locator);

    unit.rename(&unit.name("ben.moves"), "ben.moves", Some(&other.dn)).await;
    let moved = changes_of(&unit, &renamed.cursor()).await;
    assert_eq!(moved.names(), Vec::<&str>::new());
    assert!(moved.gone.contains(&id_of(&first, "ben.moves")), "it left the part that is read");

    unit.remove(&unit.name("anna.renamed")).await;
    unit.person("anna.moves").await;
    let again = changes_of(&unit, &moved.cursor()).await;
    assert_eq!(again.names(), ["anna.moves"]);
    assert_ne!(again.records[0].external_id, id_of(&first, "anna.moves"), "the same name is another entry");
    assert!(again.gone.contains(&id_of(&first, "anna.moves")));
}

#[tokio::test]
async fn a_part_of_the_tree_that_moves_has_everything_read() {
    let _alone = samba::server().places.write().await;
    let unit = samba::server().unit().await;
    let inner = format!("OU=inner,{}", unit.dn);
    unit.add(&inner, &[("objectClass", "organizationalUnit")]).await;
    unit.person("anna.tree").await;
    unit.person("ben.tree").await;
    unit.remove(&unit.name("ben.tree")).await;
    let first = read_unit(&unit).await.cursor();

    let fresh = format!("OU=fresh,{}", unit.dn);
    unit.add(&fresh, &[("objectClass", "organizationalUnit")]).await;
    let added = changes_of(&unit, &first).await;
    assert_eq!(added.extent(), Extent::Changes, "a new part brings entries with numbers of their own");

    unit.set(&inner, "description", &[b"moved, perhaps"]).await;
    let changed = changes_of(&unit, &added.cursor()).await;
    assert_eq!(changed.end, Err(SourceError::CannotContinue(WholeBecause::PlacesChanged)));
}

#[tokio::test]
async fn who_is_known_by_another_identity_or_by_a_group_is_not_followed_by_changes() {
    let unit = samba::server().unit().await;
    unit.person("anna.other").await;
    let ben = unit.person("ben.other").await;
    unit.remove(&ben).await;
    let samba = samba::server();
    let connection = samba.connection(&unit.dn);
    let external_id = vec!["employeeID".into(), "objectGUID".into()];
    let mapping = Mapping { external_id, mail: vec!["mail".into()], ..Mapping::default() };
    let read = async |last: Option<&ReadCursor>, filter: Option<&str>| {
        let filter = filter.map_or_else(|| connection.filter.clone(), str::to_owned);
        let (connection, policy) = (Connection::Ldap(LdapConnection { filter, ..connection.clone() }), policy());
        read_to_the_end(ReadRequest {
            mapping: Some(&mapping),
            last,
            only_changes: last.is_some(),
            ..ReadRequest::whole(&connection, Some(&samba.secret()), &policy)
        })
        .await
    };
    let first = read(None, None).await.cursor();

    unit.set(&unit.name("anna.other"), "employeeID", &[b"4711"]).await;
    let renamed = read(Some(&first), None).await;
    let grouped = read(Some(&first), Some("(&(objectClass=user)(memberOf=CN=Staff,DC=contoso,DC=test))")).await;

    assert_eq!(renamed.end, Err(SourceError::CannotContinue(WholeBecause::Unsupported)));
    assert_eq!(renamed.gone, Vec::<Vec<u8>>::new(), "nobody has left");
    assert_eq!(grouped.end, Err(SourceError::CannotContinue(WholeBecause::Unsupported)));
    assert_eq!(
        read(None, None).await.end.map(|end| end.cursor),
        Ok(None),
        "no changes can be told by such an identity"
    );
}

#[tokio::test]
async fn who_cannot_see_deleted_objects_compares_everything() {
    let unit = samba::server().unit().await;
    unit.person("anna.rights").await;
    unit.person("ben.rights").await;
    unit.remove(&unit.name("ben.rights")).await;
    let (connection, secret) = samba::server().as_reader(&unit.dn);
    let first = read(connection.clone(), &secret).await;
    assert_eq!(first.names(), ["anna.rights"]);

    let done = read_changes(connection, &secret, &first.cursor()).await;

    assert_eq!(done.end, Err(SourceError::CannotContinue(WholeBecause::DeletionsUnreadable)));
}

#[tokio::test]
async fn a_test_says_whether_changes_can_be_told() {
    let unit = samba::server().unit().await;
    unit.person("anna.probe").await;
    unit.person("ben.probe").await;
    unit.remove(&unit.name("ben.probe")).await;
    let samba = samba::server();
    for ((connection, secret), expected) in [
        ((samba.connection(&unit.dn), samba.secret()), None),
        (samba.as_reader(&unit.dn), Some(format!("CN=Deleted Objects,{DOMAIN}"))),
    ] {
        let (connection, policy) = (Connection::Ldap(connection), policy());
        let request = ReadRequest::whole(&connection, Some(&secret), &policy);

        let tested = directory_source::look::test(request).await;

        let last = tested.steps.last().expect("a step").finding.clone();
        let told = Finding::TellsChanges { directory: DirectoryKind::ActiveDirectory };
        assert_eq!(last, expected.map_or(told, |container| Finding::DeletionsHidden { container }), "{tested:?}");
        assert_eq!(tested.sample.len(), 1, "{tested:?}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_controller_or_of_its_restored_data_is_not_continued() {
    let unit = samba::server().unit().await;
    unit.person("anna.dc").await;
    let first = read_unit(&unit).await;
    for (from, to, because) in [
        ("dc1.contoso.test", "dc2.contoso.test", WholeBecause::ServerChanged),
        ("\"invocation\":[", "\"invocation\":[1,", WholeBecause::ServerRestored),
        ("\"usn\":", "\"usn\":9", WholeBecause::ServerRestored),
    ] {
        let other = ReadCursor(first.cursor().0.replacen(from, to, 1));
        assert_ne!(other, first.cursor(), "{from}");

        let done = changes_of(&unit, &other).await;
        assert_eq!(done.end, Err(SourceError::CannotContinue(because)));

        let samba = samba::server();
        let whole = read_again(samba.connection(&unit.dn), &samba.secret(), &other).await;
        assert_eq!((whole.names(), whole.extent()), (vec!["anna.dc"], Extent::Whole { may_lag: true }));
    }
}

#[tokio::test]
async fn what_lies_outside_of_the_domain_cannot_be_continued() {
    let samba = samba::server();
    let base = format!("CN=Configuration,{DOMAIN}");
    let connection = LdapConnection { filter: "(objectClass=crossRef)".into(), ..samba.connection(&base) };

    let done = read(connection, &samba.secret()).await;

    assert!(done.end.is_ok(), "{:?}", done.end);
}
