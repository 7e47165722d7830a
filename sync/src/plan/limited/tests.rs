use directory_model::contact::{ContactFields, DisabledBy};
use directory_model::id::{CountedIds, IdSource};
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{MappedRecord, SetAside, SourceRecord};
use directory_model::timestamp::Timestamp;

use super::*;

fn attended(id: u128, addresses: [Option<&str>; 2], record: Option<&str>) -> Attended {
    let ids = CountedIds::default();
    let id = (0..id).map(|_| ContactId::from(ids.next_ulid())).last().expect("from 1");
    let [sip, mail] = addresses.map(|address| address.map(str::to_owned));
    let contact = Contact {
        id,
        fields: ContactFields { sip, mail, ..ContactFields::default() },
        disabled_by: None,
        provenance: std::collections::BTreeMap::new(),
        revision: 3,
        created_at: Timestamp::from_millis(0),
        updated_at: Timestamp::from_millis(0),
    };
    Attended { contact, record: record.map(|id| (id.as_bytes().to_vec(), format!("cn={id}"))) }
}

fn entry(id: &str, addresses: [Option<&str>; 2]) -> Reported {
    let [sip, mail] = addresses.map(|address| address.map(str::to_owned));
    let synced = ContactFields { mail, ..ContactFields::default() };
    let mapped = MappedRecord { sip, synced, ..MappedRecord::default() };
    Reported::Entry(Box::new(SourceRecord {
        external_id: id.as_bytes().to_vec(),
        locator: format!("cn={id}"),
        mapped,
        origin_id: None,
    }))
}

/// The locators of what is kept, and of whom there is nothing.
fn divided(attended: &[Attended], owners: &[(&str, u128)], reported: Vec<Reported>) -> (Vec<String>, Vec<String>) {
    let of = |id: u128| self::attended(id, [None, None], None).contact.id;
    let owners = owners.iter().map(|(entry, id)| (entry.as_bytes().to_vec(), of(*id))).collect();
    let division = divide(attended, &owners, reported);
    (
        division.entries.iter().map(|reported| reported.locator().to_owned()).collect(),
        division.missing.into_iter().map(|step| step.locator).collect(),
    )
}

const ANNA: [Option<&str>; 2] = [Some("sip:anna@x.org"), Some("a@x.org")];

#[test]
fn a_contact_is_looked_for_by_its_entry_or_else_by_its_addresses() {
    let out_of_service = |mut attended: Attended| {
        attended.contact.disabled_by = Some(DisabledBy::Manual);
        attended
    };
    let by = |sip: Option<&str>, mail: Option<&str>| Sought::Addresses {
        sip: sip.map(str::to_owned),
        mail: mail.map(str::to_owned),
    };
    for (attended, sought, shown) in [
        (attended(1, ANNA, Some("anna")), Sought::Entry(b"anna".to_vec()), "cn=anna"),
        (attended(1, ANNA, None), by(ANNA[0], ANNA[1]), "sip:anna@x.org"),
        (attended(1, [None, ANNA[1]], None), by(None, ANNA[1]), "a@x.org"),
        (attended(1, [None, None], None), by(None, None), ""),
        (out_of_service(attended(1, ANNA, None)), by(None, None), "sip:anna@x.org"),
        (out_of_service(attended(1, ANNA, Some("anna"))), Sought::Entry(b"anna".to_vec()), "cn=anna"),
    ] {
        assert_eq!((attended.sought(), attended.shown()), (sought, shown.to_owned()));
    }
}

#[test]
fn an_entry_is_kept_for_its_owner_and_without_one_for_whose_address_it_has() {
    let both = [attended(1, ANNA, None), attended(2, [None, Some("ben@x.org")], Some("ben"))];
    let kept = |names: &[&str]| names.iter().map(|name| format!("cn={name}")).collect::<Vec<_>>();
    let none = Vec::<String>::new;

    let all = vec![entry("new", ANNA), entry("ben", [None, None])];
    assert_eq!(divided(&both, &[("ben", 2)], all), (kept(&["new", "ben"]), none()));

    // An entry of somebody else keeps to its own contact, whatever address it has.
    let taken = vec![entry("carl", ANNA), entry("ben", [None, None])];
    assert_eq!(divided(&both, &[("ben", 2), ("carl", 3)], taken), (kept(&["ben"]), vec!["sip:anna@x.org".to_owned()]));

    // Capitals and schemes do not matter; an address that nobody asked for does.
    let spelled =
        vec![entry("new", [Some("SIPS:Anna@X.org;transport=tls"), None]), entry("other", [None, Some("c@x.org")])];
    assert_eq!(divided(&both, &[], spelled), (kept(&["new"]), kept(&["ben"])));
    assert_eq!(divided(&both, &[], Vec::new()), (none(), vec!["sip:anna@x.org".to_owned(), "cn=ben".to_owned()]));
}

#[test]
fn an_entry_that_cannot_be_used_was_found_nevertheless() {
    let aside = |external_id: Option<&str>, keys: Vec<ContactKey>| {
        let external_id = external_id.map(|id| id.as_bytes().to_vec());
        let invalid = Invalid::new("title", "?", Rule::NotUtf8);
        Reported::SetAside(SetAside { external_id, locator: "cn=bad".into(), keys, invalid })
    };
    let anna = [attended(1, ANNA, None)];

    for (reported, is_found) in [
        (aside(None, anna[0].sought().keys()), true),
        (aside(Some("new"), anna[0].sought().keys()), true),
        (aside(Some("new"), Vec::new()), false),
    ] {
        let (kept, missing) = divided(&anna, &[], vec![reported]);
        assert_eq!((kept.len(), missing.len()), if is_found { (1, 0) } else { (0, 1) });
    }
}

#[test]
fn who_is_not_found_has_a_line_that_changes_nothing() {
    let anna = attended(1, ANNA, None);

    let missing = divide(std::slice::from_ref(&anna), &HashMap::new(), Vec::new()).missing;

    let [line] = &missing[..] else { panic!("{missing:?}") };
    assert_eq!(line.contact, Some(KnownContact { id: anna.contact.id, revision: 3, disabled_by: None }));
    assert_eq!((line.action, line.record.is_none(), line.reason.is_none()), (RunAction::NotFound, true, true));
}
