use directory_model::contact::{ContactFields, DisabledBy};
use directory_model::id::{CountedIds, IdSource};
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{MappedRecord, SetAside, SourceRecord};
use directory_model::timestamp::Timestamp;
use serde_json::json;

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
    let own = |id: &str| OwnEntry { external_id: id.into(), locator: format!("cn={id}"), is_extra: true };
    Attended { contact, record: record.map(own) }
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
        values: None,
    }))
}

/// The locators of what is kept, and of whom there is nothing.
fn divided(attended: &[Attended], owners: &[(&str, u128)], reported: Vec<Reported>) -> (Vec<String>, Vec<String>) {
    let of = |id: u128| self::attended(id, [None, None], None).contact.id;
    let owner = |id| Owner { contact: of(id), bound_to: None };
    let owners = owners.iter().map(|(entry, id)| (entry.as_bytes().to_vec(), owner(*id))).collect();
    let division = divide(attended, &owners, reported, false);
    (
        division.entries.iter().map(|reported| reported.locator().to_owned()).collect(),
        division.missing.into_iter().map(|step| step.locator).collect(),
    )
}

const ANNA: [Option<&str>; 2] = [Some("sip:anna@x.org"), Some("a@x.org")];

/// A source that lists everybody, and one in which people of `x.org` are looked up.
fn sources() -> [Connection; 2] {
    let listing = json!({"kind": "file", "path": "people.csv", "format": "csv"});
    let looking_up = json!({"kind": "ucwa", "url": "https://x/", "domains": [], "user_name": "x",
        "address_domains": ["x.org"]});
    [listing, looking_up].map(|source| serde_json::from_value(source).expect("a source"))
}

#[test]
fn a_contact_is_asked_for_by_its_entry_or_its_addresses() {
    let out_of_service = |mut attended: Attended| {
        attended.contact.disabled_by = Some(DisabledBy::Manual);
        attended
    };
    let by = |sip: Option<&str>, mail: Option<&str>| Sought::Addresses {
        sip: sip.map(str::to_owned),
        mail: mail.map(str::to_owned),
    };
    let entry = |id: &str| Sought::Entry(id.as_bytes().to_vec());
    let [listing, looking_up] = sources();
    let both = || by(ANNA[0], ANNA[1]);
    for (attended, listed, looked_up, shown) in [
        (attended(1, ANNA, Some("anna")), vec![entry("anna")], vec![entry("anna"), both()], "cn=anna"),
        // What her entry is known by is one of her addresses.
        (attended(1, ANNA, Some("A@x.org")), vec![entry("A@x.org")], vec![both()], "cn=A@x.org"),
        (attended(1, ANNA, Some("sip:anna@x.org")), vec![entry("sip:anna@x.org")], vec![both()], "cn=sip:anna@x.org"),
        (attended(1, ANNA, None), vec![both()], vec![both()], "sip:anna@x.org"),
        (attended(1, [None, ANNA[1]], None), vec![by(None, ANNA[1])], vec![by(None, ANNA[1])], "a@x.org"),
        (attended(1, [None, Some("a@y.org")], None), vec![by(None, Some("a@y.org"))], vec![], "a@y.org"),
        (attended(1, [None, None], None), vec![], vec![], ""),
        (out_of_service(attended(1, ANNA, None)), vec![], vec![], "sip:anna@x.org"),
        (out_of_service(attended(1, ANNA, Some("a"))), vec![entry("a")], vec![entry("a")], "cn=a"),
    ] {
        assert_eq!((attended.asked(&listing), attended.shown()), (listed, shown.to_owned()));
        assert_eq!(attended.asked(&looking_up), looked_up, "{shown}");
    }
}

#[test]
fn an_entry_that_is_looked_up_is_theirs_who_have_its_addresses() {
    let bound = |id: u128, addresses: &[&str]| Owner {
        contact: self::attended(id, [None, None], None).contact.id,
        bound_to: Some(addresses.iter().map(|address| ContactKey::new(AddressKind::Mail, address)).collect()),
    };
    let mail = |address: &'static str| [None, Some(address)];
    // Each has the entry `a` for its photo; its contact has these addresses now, and so has another one.
    for (owner, other, strayed, missing) in [
        (bound(1, &["a@x.org"]), "b@x.org", vec![], vec!["b@x.org"]),
        (bound(1, &["b@x.org"]), "a@x.org", vec![b"a".to_vec()], vec!["cn=a"]),
        (bound(1, &["b@x.org"]), "c@x.org", vec![], vec!["cn=a", "c@x.org"]),
        // Nobody knows by which address it would be theirs.
        (bound(1, &[]), "c@x.org", vec![], vec!["c@x.org"]),
        (bound(1, &[]), "a@x.org", vec![b"a".to_vec()], vec!["cn=a"]),
        // That of somebody who is not asked for here.
        (bound(3, &["b@x.org"]), "a@x.org", vec![b"a".to_vec()], vec!["cn=a"]),
        (bound(3, &["a@x.org"]), "a@x.org", vec![], vec!["cn=a", "a@x.org"]),
    ] {
        let both = [attended(1, [None, None], Some("a")), attended(2, mail(other), None)];
        let shown = format!("{owner:?} {other}");
        let owners = HashMap::from([(b"a".to_vec(), owner)]);

        let division = divide(&both, &owners, vec![entry("a", mail("a@x.org"))], true);

        let lines: Vec<&str> = division.missing.iter().map(|step| step.locator.as_str()).collect();
        assert_eq!((division.strayed, lines), (strayed, missing), "{shown}");
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
        Reported::SetAside(SetAside { external_id, locator: "cn=bad".into(), keys, invalid, values: None })
    };
    let anna = [attended(1, ANNA, None)];

    for (reported, is_found) in [
        (aside(None, anna[0].keys(false)), true),
        (aside(Some("new"), anna[0].keys(false)), true),
        (aside(Some("new"), Vec::new()), false),
    ] {
        let (kept, missing) = divided(&anna, &[], vec![reported]);
        assert_eq!((kept.len(), missing.len()), if is_found { (1, 0) } else { (0, 1) });
    }
}

#[test]
fn who_is_not_found_has_a_line_that_changes_nothing() {
    let anna = attended(1, ANNA, None);

    let missing = divide(std::slice::from_ref(&anna), &HashMap::new(), Vec::new(), false).missing;

    let [line] = &missing[..] else { panic!("{missing:?}") };
    assert_eq!(line.contact, Some(KnownContact { id: anna.contact.id, revision: 3, disabled_by: None }));
    assert_eq!((line.action, line.record.is_none(), line.reason.is_none()), (RunAction::NotFound, true, true));
}
