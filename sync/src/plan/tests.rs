//! The planner against a small store in memory that applies plans.

use std::collections::BTreeMap;

use directory_model::address::AddressKind;
use directory_model::contact::{Provenance, SyncedField};
use directory_model::id::{RunId, SourceId};
use directory_model::invalid::Rule;
use directory_model::record::{AddressHolder, MappedRecord};
use directory_model::timestamp::Timestamp;
use proptest::prelude::*;

use super::*;

#[derive(Debug, Default, Clone)]
struct Store {
    contacts: BTreeMap<ContactId, Contact>,
    records: BTreeMap<Vec<u8>, (ContactId, [u8; 16])>,
    last: u128,
}

impl Store {
    fn add(&mut self, fields: ContactFields) -> ContactId {
        self.last += 1;
        let id = ContactId::from(ulid(self.last));
        let moment = Timestamp::from_millis(0);
        let disabled_by = fields.is_disabled.then_some(DisabledBy::Manual);
        let fields = fields.check().expect("valid").into_inner();
        let provenance = BTreeMap::new();
        let contact =
            Contact { id, fields, disabled_by, provenance, revision: 1, created_at: moment, updated_at: moment };
        self.contacts.insert(id, contact);
        id
    }

    fn is_linked(&self, id: ContactId) -> bool {
        self.records.values().any(|(contact, _)| *contact == id)
    }

    fn holder(&self, key: &ContactKey) -> Option<AddressHolder> {
        let contact = self.contacts.values().find(|contact| contact.fields.keys().contains(key))?;
        let (name, is_linked) = (contact.fields.shown_name(), self.is_linked(contact.id));
        Some(AddressHolder { contact: known(contact), name, is_linked })
    }

    /// Reads `entries` in portions of two, as a run does.
    fn plan(&self, entries: &[Reported]) -> (Vec<PlanStep>, Tally) {
        let mut planner = Planner::new(self.records.iter().filter_map(|(external_id, (id, digest))| {
            let contact = known(self.contacts.get(id)?);
            Some(KnownRecord { external_id: external_id.clone(), digest: *digest, contact, is_extra: false, place: 0 })
        }));
        let contacts: HashMap<_, _> = self.contacts.clone().into_iter().collect();
        let mut steps = Vec::new();
        for portion in entries.chunks(2) {
            let portion = planner.take(portion.to_vec());
            let keys = portion.keys(&contacts);
            let holders = keys.into_iter().filter_map(|key| self.holder(&key).map(|holder| (key, holder)));
            let facts = Facts { holders: holders.collect(), contacts: contacts.clone(), ..Facts::default() };
            steps.extend(planner.decide(portion, &facts));
        }
        let leavers = planner.leavers();
        let candidates = planner.candidates();
        let manual = contacts.into_iter().filter(|(id, _)| candidates.contains(id)).collect();
        steps.extend(planner.link(&manual));
        let tally = planner.tally();
        let settled = planner.settle(&leavers);
        steps.extend(leavers);
        steps.extend(settled);
        (steps, tally)
    }

    /// Applies as the real store does: tied steps together, the addresses of each group freed first.
    fn apply(&mut self, steps: &[PlanStep]) {
        let mut at = 0;
        while at < steps.len() {
            let tied = steps[at + 1..].iter().take_while(|step| step.is_tied).count();
            for step in &steps[at..=at + tied] {
                self.apply_one(step);
            }
            self.assert_unique();
            at += tied + 1;
        }
    }

    fn apply_one(&mut self, step: &PlanStep) {
        let record = step.record.as_deref();
        let id = match (step.action, step.contact, record) {
            (RunAction::SetAside, ..) => return,
            (RunAction::Create, _, Some(record)) => self.add(merge::created(record)),
            (_, Some(contact), _) => contact.id,
            other => panic!("{other:?}"),
        };
        let contact = self.contacts.get_mut(&id).expect("known");
        let before = contact.clone();
        match (step.action, record) {
            (RunAction::Link, Some(record)) => contact.fields = merge::linked(contact, record),
            (RunAction::Update | RunAction::Enable | RunAction::Disable, Some(record)) => {
                contact.fields = merge::updated(contact, record, None);
            }
            _ => {}
        }
        match step.action {
            RunAction::Disable => (contact.fields.is_disabled, contact.disabled_by) = (true, Some(DisabledBy::Sync)),
            RunAction::Enable => (contact.fields.is_disabled, contact.disabled_by) = (false, None),
            _ => {}
        }
        contact.fields = contact.fields.clone().check().expect("plans are valid").into_inner();
        if let Some(record) = record {
            for field in SyncedField::ALL.into_iter().filter(|field| record.synced(*field).is_some()) {
                let moment = Timestamp::from_millis(0);
                let source = SourceId::from(ulid(1));
                let provenance =
                    Provenance { source: Some(source), run: Some(RunId::from(ulid(1))), at: moment, is_pinned: false };
                contact.provenance.insert(field, provenance);
            }
        }
        if step.action != RunAction::Create && *contact != before {
            contact.revision += 1;
        }
        let revision = contact.revision;
        let external_id = step.external_id.clone().expect("an identity");
        if let Some(record) = record {
            self.records.insert(external_id, (id, merge::digest(record, revision)));
        }
    }

    fn assert_unique(&self) {
        let mut keys: Vec<_> = self.contacts.values().flat_map(|contact| contact.fields.keys()).collect();
        let all = keys.len();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), all, "an address is held twice");
    }

    fn edit(&mut self, id: ContactId, edit: impl FnOnce(&mut ContactFields)) {
        let contact = self.contacts.get_mut(&id).expect("known");
        edit(&mut contact.fields);
        contact.revision += 1;
    }
}

fn known(contact: &Contact) -> KnownContact {
    KnownContact { id: contact.id, revision: contact.revision, disabled_by: contact.disabled_by }
}

fn ulid(number: u128) -> ulid::Ulid {
    ulid::Ulid::from_parts(0, number)
}

fn entry(id: &str, mail: &str) -> SourceRecord {
    let synced = ContactFields {
        mail: (!mail.is_empty()).then(|| format!("{mail}@x.org")),
        display_name: Some(format!("Name of {id}")),
        ..ContactFields::default()
    };
    let mapped = MappedRecord { synced, ..MappedRecord::default() };
    SourceRecord { external_id: id.into(), locator: format!("uid={id}"), mapped, origin_id: None, values: None }
}

fn read(entries: &[SourceRecord]) -> Vec<Reported> {
    entries.iter().map(|entry| Reported::Entry(Box::new(entry.clone()))).collect()
}

fn actions(steps: &[PlanStep]) -> Vec<(RunAction, &str)> {
    steps
        .iter()
        .map(|step| (step.action, std::str::from_utf8(step.external_id.as_deref().unwrap_or_default()).expect("text")))
        .collect()
}

/// A store that has read `entries` once.
fn store(entries: &[SourceRecord]) -> Store {
    let mut store = Store::default();
    let (steps, _) = store.plan(&read(entries));
    store.apply(&steps);
    store
}

#[test]
fn the_same_entries_again_change_nothing() {
    let entries = [entry("a", "a"), entry("b", "b"), entry("c", "")];
    let store = store(&entries);

    let (steps, tally) = store.plan(&read(&entries));

    assert_eq!(steps, []);
    assert_eq!(tally, Tally { read: 3, unchanged: 3, known: 3, removals: 0, duplicates: 0 });
}

#[test]
fn a_manual_edit_of_a_synced_field_is_overwritten_and_another_one_is_not() {
    let entries = [entry("a", "a")];
    let mut store = store(&entries);
    let id = store.records.values().next().expect("one").0;
    store.edit(id, |fields| fields.is_vcard_enabled = true);
    assert_eq!(store.plan(&read(&entries)).0, []);

    store.edit(id, |fields| fields.display_name = Some("By hand".into()));
    let (steps, _) = store.plan(&read(&entries));
    store.apply(&steps);

    assert_eq!(steps[0].changes.len(), 1);
    assert_eq!(steps[0].changes[0].old.as_deref(), Some("By hand"));
    let fields = &store.contacts[&id].fields;
    assert_eq!((fields.display_name.as_deref(), fields.is_vcard_enabled), (Some("Name of a"), true));
}

#[test]
fn a_leaver_is_disabled_and_comes_back_with_the_same_contact() {
    let both = [entry("a", "a"), entry("b", "b")];
    let mut store = store(&both);

    let (leaves, tally) = store.plan(&read(&both[..1]));
    store.apply(&leaves);
    let (nothing, _) = store.plan(&read(&both[..1]));
    let (returns, _) = store.plan(&read(&both));
    store.apply(&returns);

    assert_eq!((actions(&leaves), tally.removals), (vec![(RunAction::Disable, "b")], 1));
    assert_eq!(nothing, []);
    assert_eq!(actions(&returns), [(RunAction::Enable, "b")]);
    assert!(store.contacts.values().all(|contact| contact.disabled_by.is_none()));
}

#[test]
fn a_contact_disabled_by_hand_stays_so_but_follows_the_directory() {
    let mut entries = [entry("a", "a")];
    let mut store = store(&entries);
    let id = store.records.values().next().expect("one").0;
    store.edit(id, |fields| fields.is_disabled = true);
    store.contacts.get_mut(&id).expect("known").disabled_by = Some(DisabledBy::Manual);
    entries[0].mapped.synced.display_name = Some("New".into());

    let (steps, _) = store.plan(&read(&entries));
    store.apply(&steps);

    assert_eq!(actions(&steps), [(RunAction::Update, "a")]);
    assert_eq!(store.contacts[&id].disabled_by, Some(DisabledBy::Manual));
}

#[test]
fn an_account_disabled_in_the_directory_is_disabled_or_never_made() {
    let mut entries = [entry("a", "a"), entry("b", "b")];
    let mut store = store(&entries[..1]);
    for entry in &mut entries {
        entry.mapped.is_disabled = true;
    }

    let (steps, tally) = store.plan(&read(&entries));
    store.apply(&steps);

    assert_eq!(actions(&steps), [(RunAction::Disable, "a")]);
    assert_eq!((tally.removals, tally.unchanged), (1, 1));
    assert_eq!(store.plan(&read(&entries)).0, []);
}

#[test]
fn addresses_may_be_exchanged_inherited_and_passed_on() {
    let mut store = store(&[entry("a", "1"), entry("b", "2"), entry("c", "3"), entry("d", "4")]);

    // a and b exchange, e takes c's, who takes d's, who has left.
    let after = [entry("a", "2"), entry("b", "1"), entry("c", "4"), entry("e", "3")];
    let (steps, _) = store.plan(&read(&after));
    store.apply(&steps);

    assert!(steps.iter().all(|step| step.action != RunAction::SetAside), "{steps:?}");
    assert_eq!(steps.iter().filter(|step| step.is_tied).count(), 1);
    assert_eq!(store.plan(&read(&after)).0, []);
}

#[test]
fn an_address_that_somebody_keeps_is_refused_by_name() {
    let mut store = store(&[entry("a", "1"), entry("b", "2")]);
    store.add(ContactFields {
        display_name: Some("Hand".into()),
        skype: Some("hand".into()),
        ..ContactFields::default()
    });
    let mut skype = entry("d", "3");
    skype.mapped.skype = Some("HAND".into());

    let (steps, _) = store.plan(&read(&[entry("a", "2"), entry("b", "2"), entry("c", "1"), skype]));
    let reason = |id: &str| {
        let step = steps.iter().find(|step| step.external_id.as_deref() == Some(id.as_bytes())).expect(id);
        (step.action, step.reason.clone().map(|reason| (reason.field, reason.rule)))
    };

    let held = |field: &str, by: &str| Some((field.to_owned(), Rule::Held { by: by.to_owned().into() }));
    assert_eq!(reason("a"), (RunAction::SetAside, held("mail", "Name of b")));
    assert_eq!(reason("c"), (RunAction::SetAside, held("mail", "Name of a")), "a did not get away from it");
    assert_eq!(reason("d"), (RunAction::SetAside, held("skype", "Hand")));
    assert_eq!(steps.len(), 3);
}

#[test]
fn a_contact_made_by_hand_is_linked_once_by_sip_or_mail() {
    let mut store = Store::default();
    let by_sip = store.add(ContactFields {
        sip: Some("sip:One@x.org".into()),
        last_name: Some("L".into()),
        ..Default::default()
    });
    let by_mail = store.add(ContactFields { mail: Some("two@X.org".into()), ..ContactFields::default() });
    let mut one = entry("1", "one.new");
    one.mapped.sip = Some("one@x.org".into());
    one.mapped.last_name = Some("Directory".into());
    let entries = read(&[one, entry("2", "two")]);

    let (steps, _) = store.plan(&entries);
    store.apply(&steps);

    assert_eq!(actions(&steps), [(RunAction::Link, "1"), (RunAction::Link, "2")]);
    assert_eq!(steps.iter().map(|step| step.contact.map(|c| c.id)).collect::<Vec<_>>(), [Some(by_sip), Some(by_mail)]);
    assert_eq!(store.contacts[&by_sip].fields.last_name.as_deref(), Some("L"));
    assert_eq!(store.contacts[&by_sip].fields.mail.as_deref(), Some("one.new@x.org"));
    assert_eq!(store.plan(&entries).0, []);
}

#[test]
fn whoever_matches_ambiguously_is_left_out() {
    let mut store = Store::default();
    let sip = |name: &str| Some(format!("sip:{name}@x.org"));
    store.add(ContactFields { sip: sip("both"), mail: Some("both@x.org".into()), ..ContactFields::default() });
    store.add(ContactFields { sip: sip("left"), ..ContactFields::default() });
    store.add(ContactFields { mail: Some("right@x.org".into()), ..ContactFields::default() });
    // Two entries for one contact, and one entry for two contacts.
    let mut one = entry("1", "one");
    one.mapped.sip = sip("both");
    let mut three = entry("3", "right");
    three.mapped.sip = sip("left");

    let (steps, _) = store.plan(&read(&[one, entry("2", "both"), three, entry("4", "four")]));

    let reasons: Vec<_> = steps.iter().map(|step| step.reason.as_ref().map(|reason| &reason.rule)).collect();
    assert_eq!(reasons, [None, Some(&Rule::Ambiguous), Some(&Rule::Ambiguous), Some(&Rule::Ambiguous)]);
}

#[test]
fn an_entry_of_nobody_makes_no_contact_in_a_plan_for_some() {
    let mut planner = Planner::for_contacts([]);

    let portion = planner.take(read(&[entry("1", "anna")]));
    let steps = planner.decide(portion, &Facts::default());

    assert_eq!((steps, planner.leavers(), planner.tally().unchanged), (Vec::new(), Vec::new(), 1));
    assert_eq!(planner.settle(&[]), []);
}

#[test]
fn a_bad_entry_is_left_out_and_nobody_has_left_because_of_it() {
    let entries = [entry("a", "a"), entry("b", "b")];
    let store = store(&entries);
    let bad = |id: Option<&str>| {
        let invalid = Invalid::new("mail", "?", Rule::NotUtf8);
        let external_id = id.map(|id| id.as_bytes().to_vec());
        Reported::SetAside(SetAside { external_id, locator: "cn=bad".into(), keys: Vec::new(), invalid, values: None })
    };
    let mut nameless = entry("a", "");
    nameless.mapped.synced.display_name = None;

    let (known, _) = store.plan(&[bad(Some("a")), read(&entries[1..]).remove(0)]);
    let (unknown, _) = store.plan(&[bad(None), read(&entries[1..]).remove(0)]);
    let (invalid, _) = store.plan(&read(&[nameless, entries[1].clone(), entries[1].clone()]));

    assert_eq!(actions(&known), [(RunAction::SetAside, "a")]);
    assert_eq!(actions(&unknown), [(RunAction::SetAside, "")]);
    assert_eq!(actions(&invalid), [(RunAction::SetAside, "a"), (RunAction::SetAside, "b")]);
    assert_eq!(invalid[0].reason.as_ref().map(|reason| &reason.rule), Some(&Rule::Required));
    assert_eq!(invalid[1].reason.as_ref().map(|reason| &reason.rule), Some(&Rule::Duplicate));
}

fn some_entries() -> impl Strategy<Value = Vec<SourceRecord>> {
    // Few addresses, so that exchanges, chains and conflicts are common.
    prop::collection::btree_map(0..8_u8, (0..9_u8, 0..6_u8, any::<bool>(), 0..5_u8), 0..8).prop_map(|entries| {
        let make = |(id, (mail, sip, is_disabled, company)): (u8, (u8, u8, bool, u8))| {
            let mut entry = entry(&id.to_string(), &mail.to_string());
            entry.mapped.sip = (sip < 3).then(|| format!("sip:{sip}@x.org"));
            entry.mapped.synced.company = (company > 0).then(|| company.to_string());
            entry.mapped.is_disabled = is_disabled && company == 0;
            entry
        };
        entries.into_iter().map(make).collect()
    })
}

fn manual() -> impl Strategy<Value = Vec<(u8, bool)>> {
    prop::collection::vec((0..9_u8, any::<bool>()), 0..3)
}

fn with_manual(contacts: &[(u8, bool)]) -> Store {
    let mut store = Store::default();
    for (address, by_sip) in contacts {
        let address = format!("{address}@x.org");
        let kind = if *by_sip { AddressKind::Sip } else { AddressKind::Mail };
        if store.holder(&ContactKey::new(kind, &address)).is_none() {
            let fields = ContactFields { display_name: Some(format!("Hand {address}")), ..ContactFields::default() };
            store.add(match kind {
                AddressKind::Sip => ContactFields { sip: Some(address), ..fields },
                _ => ContactFields { mail: Some(address), ..fields },
            });
        }
    }
    store
}

proptest! {
    #[test]
    fn what_was_applied_needs_no_second_plan(
        contacts in manual(), first in some_entries(), second in some_entries(),
    ) {
        let mut store = with_manual(&contacts);
        for entries in [first, second] {
            let mut left_out = usize::MAX;
            // What one run frees may let the next one take in who was left out: it must come to rest.
            for _ in 0..10 {
                let (steps, _) = store.plan(&read(&entries));
                store.apply(&steps);
                if steps.iter().all(|step| step.action == RunAction::SetAside) {
                    left_out = steps.len();
                    break;
                }
            }
            prop_assert_ne!(left_out, usize::MAX, "never at rest");
        }
    }

    #[test]
    fn the_order_of_entries_does_not_matter(
        contacts in manual(), first in some_entries(),
        second in some_entries().prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
    ) {
        let mut store = with_manual(&contacts);
        let (steps, _) = store.plan(&read(&first));
        store.apply(&steps);
        let (entries, shuffled) = second;
        let sorted = |entries: &[SourceRecord]| {
            let mut steps: Vec<_> = store.plan(&read(entries)).0;
            for step in &mut steps {
                step.is_tied = false;
            }
            steps.sort_by(|one, other| one.external_id.cmp(&other.external_id));
            steps
        };
        // Of two new claims to an address that nobody holds the first one read wins.
        let mut wanted = std::collections::HashSet::new();
        let wins_by_order = entries.iter().flat_map(|entry| merge::created(&entry.mapped).keys())
            .any(|key| !wanted.insert(key));
        if !wins_by_order {
            prop_assert_eq!(sorted(&entries), sorted(&shuffled));
        }
    }
}
