//! Documents about calls (RFC 4235), and the list of calls that they add up to.

use crate::xml::{self, Element};

/// The most calls of one person.
const MAX_CALLS: usize = 64;
/// The longest identity of a call, in characters.
const MAX_CHARS: usize = 256;

/// What a server says about the calls of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialogInfo {
    /// Counts up by one with each document of a subscription.
    pub version: u32,
    /// Whether every call is in it; else only those that changed.
    pub is_full: bool,
    /// The calls.
    pub calls: Vec<Call>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name in the documents of the subscription.
    pub id: String,
    /// How far it is.
    pub state: CallState,
    /// Who called.
    pub direction: Option<Direction>,
    /// Whether the person does not listen now: the call is on hold.
    pub is_held: bool,
}

/// How far a call is (RFC 4235, 3.7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallState {
    /// It was begun; nothing was heard yet.
    Trying,
    /// Something was heard, but not from where it goes.
    Proceeding,
    /// It rings.
    Early,
    /// It goes on.
    Confirmed,
    /// It is over.
    Terminated,
}

/// Who called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The person.
    Initiator,
    /// Somebody else.
    Recipient,
}

impl DialogInfo {
    /// Reads a document; the error may be shown.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let root = xml::parse(bytes)?;
        if root.name() != "dialog-info" {
            return Err("the document is not about calls".into());
        }
        let version = root.attribute("version").and_then(|version| version.trim().parse().ok());
        let is_full = match root.attribute("state") {
            Some("full") => true,
            Some("partial") => false,
            _ => return Err("the document says neither full nor partial".into()),
        };
        let dialogs = root.children().iter().filter(|child| child.name() == "dialog");
        let calls = dialogs.filter_map(call).take(MAX_CALLS).collect();
        Ok(Self { version: version.ok_or("the document has no version")?, is_full, calls })
    }
}

/// `None` for a call without identity or of an unknown state.
fn call(dialog: &Element) -> Option<Call> {
    let state = match dialog.child("state")?.text().to_ascii_lowercase().as_str() {
        "trying" => CallState::Trying,
        "proceeding" => CallState::Proceeding,
        "early" => CallState::Early,
        "confirmed" => CallState::Confirmed,
        "terminated" => CallState::Terminated,
        _ => return None,
    };
    let direction = match dialog.attribute("direction") {
        Some("initiator") => Some(Direction::Initiator),
        Some("recipient") => Some(Direction::Recipient),
        _ => None,
    };
    let id = dialog.attribute("id").filter(|id| !id.is_empty())?;
    let id = id.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect();
    Some(Call { id, state, direction, is_held: is_held(dialog) })
}

/// Whether the person's own end renders nothing (RFC 4235, 4.1.3 with RFC 3840's way to write `no`).
fn is_held(dialog: &Element) -> bool {
    let target = dialog.child("local").and_then(|local| local.child("target"));
    let parameters = target.map(Element::children).unwrap_or_default();
    parameters.iter().any(|parameter| {
        let is = |name: &str, value: &str| parameter.attribute(name).is_some_and(|of| of.eq_ignore_ascii_case(value));
        parameter.name() == "param"
            && (is("pname", "+sip.rendering") || is("pname", "sip.rendering"))
            && (is("pval", "no") || is("pval", "false"))
    })
}

/// The calls of a person as the documents of one subscription add up to them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls {
    version: Option<u32>,
    going_on: Vec<Call>,
    is_whole: bool,
}

impl Calls {
    /// Takes in the next document. False when it is older than what is known.
    ///
    /// A full document always counts: SIP itself says which came later, and some servers do not count.
    pub fn take(&mut self, info: DialogInfo) -> bool {
        if info.is_full {
            self.going_on.clear();
            self.is_whole = true;
        } else {
            match self.version {
                Some(version) if info.version <= version => return false,
                Some(version) if info.version == version + 1 => {}
                // One in between was lost, or the first is missing.
                _ => self.is_whole = false,
            }
        }
        self.version = Some(info.version);
        for call in info.calls {
            self.going_on.retain(|known| known.id != call.id);
            if call.state != CallState::Terminated && self.going_on.len() < MAX_CALLS {
                self.going_on.push(call);
            }
        }
        true
    }

    /// The calls that are not over.
    pub fn calls(&self) -> &[Call] {
        &self.going_on
    }

    /// Whether nothing is missing; else the subscription is to be refreshed, which brings a full document.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn document(version: u32, state: &str, dialogs: &str) -> DialogInfo {
        let text = format!(
            r#"<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="{version}" state="{state}" entity="sip:anna@example.com">{dialogs}</dialog-info>"#
        );
        DialogInfo::parse(text.as_bytes()).expect(&text)
    }

    fn states(calls: &Calls) -> Vec<(&str, CallState)> {
        calls.calls().iter().map(|call| (call.id.as_str(), call.state)).collect()
    }

    #[test]
    fn several_calls_are_read_with_who_is_on_hold() {
        let held = r#"<local><identity>sip:anna@example.com</identity><target uri="sip:anna@192.0.2.1"><param pname="+sip.rendering" pval="no"/></target></local>"#;
        let info = document(
            7,
            "full",
            &format!(
                r#"<dialog id="a" call-id="1" direction="recipient"><state event="cancelled">early</state></dialog>
                <dialog id="b" direction="initiator"><state>confirmed</state>{held}</dialog>
                <dialog id="c"><state>confirmed</state><remote><target><param pname="+sip.rendering" pval="no"/></target></remote></dialog>
                <dialog><state>early</state></dialog><dialog id="d"/><dialog id="e"><state>dreaming</state></dialog>"#
            ),
        );

        let calls: Vec<_> =
            info.calls.iter().map(|call| (call.id.as_str(), call.state, call.direction, call.is_held)).collect();
        assert_eq!(
            calls,
            [
                ("a", CallState::Early, Some(Direction::Recipient), false),
                ("b", CallState::Confirmed, Some(Direction::Initiator), true),
                ("c", CallState::Confirmed, None, false),
            ]
        );
    }

    #[test]
    fn partial_documents_add_up() {
        let mut calls = Calls::default();
        let dialog = |id: &str, state: &str| format!("<dialog id='{id}'><state>{state}</state></dialog>");

        assert!(calls.take(document(0, "full", &dialog("a", "early"))));
        assert!(calls.take(document(1, "partial", &format!("{}{}", dialog("a", "confirmed"), dialog("b", "trying")))));
        assert_eq!(states(&calls), [("a", CallState::Confirmed), ("b", CallState::Trying)]);
        assert!(!calls.take(document(1, "partial", &dialog("b", "early"))), "an old one");
        assert!(calls.take(document(2, "partial", &dialog("a", "terminated"))));
        assert_eq!((states(&calls), calls.is_whole()), (vec![("b", CallState::Trying)], true));
        assert!(calls.take(document(4, "partial", &dialog("c", "early"))));
        assert!(!calls.is_whole(), "3 is missing");
        assert!(calls.take(document(0, "full", "")));
        assert_eq!((states(&calls), calls.is_whole()), (vec![], true));
        let mut first = Calls::default();
        assert!(first.take(document(0, "partial", &dialog("a", "early"))));
        assert!(!first.is_whole());
    }

    #[test]
    fn nonsense_is_refused_and_too_much_left_out() {
        for text in [
            "",
            "<presence/>",
            "<dialog-info/>",
            "<dialog-info version='1'/>",
            "<dialog-info state='full' version='-1'/>",
        ] {
            DialogInfo::parse(text.as_bytes()).expect_err(text);
        }
        let mut calls = Calls::default();
        for part in 0..4 {
            let one = |n: u32| format!("<dialog id='{part}-{n}'><state>early</state></dialog>");
            let many = (0..60).map(one).collect::<Vec<_>>().concat();
            calls.take(document(part, if part == 0 { "full" } else { "partial" }, &many));
        }
        assert_eq!(calls.calls().len(), MAX_CALLS);
    }

    proptest! {
        #[test]
        fn any_order_of_documents_is_bounded_and_panics_nowhere(
            documents in proptest::collection::vec((any::<u32>(), any::<bool>(), 0u8..4, 0u8..3), 0..40),
        ) {
            let mut calls = Calls::default();
            for (version, is_full, id, state) in documents {
                let state = [CallState::Early, CallState::Confirmed, CallState::Terminated][usize::from(state)];
                let call = Call { id: id.to_string(), state, direction: None, is_held: false };
                calls.take(DialogInfo { version, is_full, calls: vec![call] });
                prop_assert!(calls.calls().len() <= 4);
                prop_assert!(calls.calls().iter().all(|call| call.state != CallState::Terminated));
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(text in "(<[a-z/=' ]{0,12}>?|[a-z ]){0,30}") {
            let _ = DialogInfo::parse(text.as_bytes());
        }
    }
}
