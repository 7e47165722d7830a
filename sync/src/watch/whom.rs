//! Whom a source is asked about. Pure.

use directory_model::address::AddressKind;
use directory_model::contact::Contact;
use directory_model::source::{Aspect, Connection};

use super::connector::Who;

/// By what the source is asked about the contact, whose entry there has this identity; `None` when it is
/// not asked about them.
pub fn who(contact: &Contact, entry: Option<Vec<u8>>, connection: &Connection, aspect: Aspect) -> Option<Who> {
    let fields = &contact.fields;
    let is_without_calendar = fields.is_ucma_endpoint && aspect == Aspect::Calendar;
    if fields.is_disabled || is_without_calendar || !connection.gives_to(fields.is_hybrid) {
        return None;
    }
    let address = |kind, address: &Option<String>| address.clone().filter(|address| connection.may_know(kind, address));
    let (mail, sip) = (address(AddressKind::Mail, &fields.mail), address(AddressKind::Sip, &fields.sip));
    let is_known = match (connection, aspect) {
        // Users are asked about by their identity there.
        (Connection::Graph(_), Aspect::Presence | Aspect::Calls) => entry.is_some(),
        (Connection::Graph(_), Aspect::Calendar) => entry.is_some() && mail.is_some(),
        (_, Aspect::Calendar) => mail.is_some(),
        (_, Aspect::Presence | Aspect::Calls) => sip.is_some(),
    };
    is_known.then_some(Who { entry, mail, sip })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use directory_model::contact::ContactFields;
    use directory_model::id::{ContactId, CountedIds};
    use directory_model::timestamp::Timestamp;
    use serde_json::{Value, json};

    use super::*;

    fn contact(fields: ContactFields) -> Contact {
        let at = Timestamp::from_millis(0);
        Contact {
            id: ContactId::new(&CountedIds::default()),
            fields,
            disabled_by: None,
            provenance: BTreeMap::new(),
            revision: 1,
            created_at: at,
            updated_at: at,
        }
    }

    fn anna(is_hybrid: bool) -> ContactFields {
        let (mail, sip) = (Some("anna@example.com".into()), Some("sip:anna@example.com".into()));
        ContactFields { mail, sip, is_hybrid, ..ContactFields::default() }
    }

    fn connection(value: Value) -> Connection {
        serde_json::from_value(value).expect("a connection")
    }

    fn graph() -> Connection {
        connection(json!({"kind": "graph", "tenant": "example.com", "client_id": "x"}))
    }

    fn exchange(domains: &[&str]) -> Connection {
        let authentication = json!({"method": "basic", "user_name": "a"});
        let (kind, url) = ("exchange", "https://mail.example.com/EWS/Exchange.asmx");
        connection(json!({"kind": kind, "url": url, "authentication": authentication, "address_domains": domains}))
    }

    fn ucwa() -> Connection {
        let (kind, url) = ("ucwa", "https://lync.example.com/");
        connection(json!({"kind": kind, "url": url, "domains": ["example.com"], "user_name": "a@example.com"}))
    }

    #[test]
    fn the_cloud_is_asked_about_hybrid_people_only() {
        for (is_hybrid, connection, expected) in [
            (true, graph(), true),
            (false, graph(), false),
            (true, exchange(&[]), true),
            (false, exchange(&[]), true),
            (true, ucwa(), true),
            (false, ucwa(), true),
        ] {
            assert_eq!(connection.gives_to(is_hybrid), expected, "{is_hybrid} {connection:?}");
        }
    }

    #[test]
    fn somebody_is_asked_about_where_they_can_be_known() {
        use Aspect::{Calendar, Presence};
        let entry = || Some(vec![7; 16]);
        let nameless = || ContactFields { is_hybrid: true, ..ContactFields::default() };
        let service = || ContactFields { is_ucma_endpoint: true, ..anna(false) };
        let gone = || ContactFields { is_disabled: true, ..anna(true) };
        for (fields, entry, connection, aspect, expected) in [
            (anna(true), entry(), graph(), Presence, true),
            (anna(true), None, graph(), Presence, false),
            (nameless(), entry(), graph(), Presence, true),
            (nameless(), entry(), graph(), Calendar, false),
            (anna(true), entry(), graph(), Calendar, true),
            (anna(false), entry(), graph(), Calendar, false),
            (gone(), entry(), graph(), Presence, false),
            (anna(false), None, exchange(&[]), Calendar, true),
            (anna(false), None, exchange(&["example.com"]), Calendar, true),
            (anna(false), None, exchange(&["example.org"]), Calendar, false),
            (nameless(), None, exchange(&[]), Calendar, false),
            (service(), None, exchange(&[]), Calendar, false),
            (service(), None, ucwa(), Presence, true),
            (nameless(), None, ucwa(), Presence, false),
        ] {
            let shown = format!("{fields:?} {aspect:?}");
            let who = who(&contact(fields), entry, &connection, aspect);
            assert_eq!(who.is_some(), expected, "{shown}");
        }
    }
}
