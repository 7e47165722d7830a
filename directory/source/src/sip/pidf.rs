//! Presence documents: PIDF (RFC 3863) with the data model (RFC 4479), RPID (RFC 4480), and the state of Lync.
//!
//! Elements are known by their names alone, because many servers get the namespaces of others wrong. What is unknown is
//! passed over, what is too much is left out.

use directory_model::timestamp::Timestamp;

use crate::xml::{self, Element};

/// The most tuples, persons and devices of a document, each.
const MAX_PARTS: usize = 64;
/// The most notes of one part, and activities of one list.
const MAX_WORDS: usize = 20;
/// The longest text or name, in characters.
const MAX_CHARS: usize = 500;

/// What a server says about one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pidf {
    /// Whom it is about.
    pub entity: String,
    /// The ways to reach the person: mostly one for each device.
    pub tuples: Vec<Tuple>,
    /// What the person does. One, unless the server only puts together what several devices sent.
    pub persons: Vec<Person>,
    /// What is said of devices.
    pub devices: Vec<Device>,
    /// Notes about the whole.
    pub notes: Vec<Text>,
}

/// A way to reach the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tuple {
    /// Its name in the document.
    pub id: String,
    /// Whether messages are taken; unknown when absent.
    pub is_open: Option<bool>,
    /// What is said of the person here.
    pub doing: Doing,
    /// Which device it is.
    pub device_id: Option<String>,
    /// Notes about it.
    pub notes: Vec<Text>,
    /// When it last changed.
    pub timestamp: Option<Timestamp>,
}

/// The person as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Its name in the document.
    pub id: String,
    /// What the person does.
    pub doing: Doing,
    /// Notes about the person.
    pub notes: Vec<Text>,
    /// When it last changed.
    pub timestamp: Option<Timestamp>,
}

/// A device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// By what tuples name it.
    pub device_id: String,
    /// Whether nobody uses it.
    pub is_idle: Option<bool>,
}

/// What somebody does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doing {
    /// Activities (RFC 4480, 3.2), each list with the time for which it holds.
    pub activities: Vec<Activities>,
    /// Whether the person uses what is written about (RFC 4480, 3.15).
    pub is_idle: Option<bool>,
    /// What Lync says.
    pub lync: Option<LyncSays>,
}

/// Activities that hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activities {
    /// The names of the elements: `away`, `on-the-phone`, `other` with a text.
    pub words: Vec<Word>,
    /// Since when they hold.
    pub from: Option<Timestamp>,
    /// Until when they are meant to hold.
    pub until: Option<Timestamp>,
    /// Notes about them.
    pub notes: Vec<Text>,
}

/// One activity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    /// Its name.
    pub name: String,
    /// What is written in it, mostly nothing.
    pub text: String,
}

/// Lync's number and activity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LyncSays {
    /// The number.
    pub availability: u32,
    /// The activity's token, if it holds for the number.
    pub token: Option<String>,
}

/// A text in a language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// What is written.
    pub text: String,
    /// In which language (`xml:lang`), when that is said.
    pub language: Option<String>,
}

impl Pidf {
    /// Reads a document; the error may be shown.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let root = xml::parse(bytes)?;
        if root.name() != "presence" {
            return Err("the document is no presence".into());
        }
        let mut pidf = Self { entity: short(root.attribute("entity")), notes: notes(&root), ..Self::default() };
        for part in root.children() {
            match part.name() {
                "tuple" if pidf.tuples.len() < MAX_PARTS => pidf.tuples.push(tuple(part)),
                "person" if pidf.persons.len() < MAX_PARTS => pidf.persons.push(person(part)),
                "device" if pidf.devices.len() < MAX_PARTS => pidf.devices.push(device(part)),
                // Lync's state may stand for the whole.
                "state" if pidf.persons.len() < MAX_PARTS => {
                    let doing = Doing { lync: lync(part), ..Doing::default() };
                    pidf.persons.push(Person { doing, ..Person::default() });
                }
                _ => {}
            }
        }
        Ok(pidf)
    }
}

fn tuple(part: &Element) -> Tuple {
    let status = part.child("status");
    let basic = status.and_then(|status| status.child("basic")).map(|basic| basic.text().to_ascii_lowercase());
    let mut doing = doing(part);
    // Before RFC 4480 the activities stood in the status.
    if let Some(inner) = status.map(self::doing) {
        doing.activities.extend(inner.activities);
        doing.is_idle = doing.is_idle.or(inner.is_idle);
        doing.lync = doing.lync.or(inner.lync);
    }
    Tuple {
        id: short(part.attribute("id")),
        is_open: match basic.as_deref() {
            Some("open") => Some(true),
            Some("closed") => Some(false),
            _ => None,
        },
        doing,
        device_id: part.child("deviceID").map(|id| short(Some(id.text()))),
        notes: notes(part),
        timestamp: timestamp(part),
    }
}

fn person(part: &Element) -> Person {
    Person { id: short(part.attribute("id")), doing: doing(part), notes: notes(part), timestamp: timestamp(part) }
}

fn device(part: &Element) -> Device {
    Device { device_id: short(part.child("deviceID").map(Element::text)), is_idle: idle(part) }
}

fn doing(part: &Element) -> Doing {
    let lists = part.children().iter().filter(|child| child.name() == "activities").take(MAX_WORDS);
    let states = part.children().iter().filter(|child| child.name() == "state");
    // The one that puts the others together goes before them.
    let state = states.max_by_key(|state| is_aggregate(state));
    Doing { activities: lists.map(activities).collect(), is_idle: idle(part), lync: state.and_then(lync) }
}

fn is_aggregate(state: &Element) -> bool {
    state.attribute("type").is_some_and(|kind| kind.ends_with("aggregateState"))
}

fn activities(list: &Element) -> Activities {
    let words = list.children().iter().filter(|word| word.name() != "note").take(MAX_WORDS);
    let moment = |name: &str| list.attribute(name).and_then(|text| text.parse().ok());
    Activities {
        words: words.map(|word| Word { name: short(Some(word.name())), text: short(Some(word.text())) }).collect(),
        from: moment("from").or_else(|| moment("since")),
        until: moment("until"),
        notes: notes(list),
    }
}

fn idle(part: &Element) -> Option<bool> {
    match part.child("user-idle")?.text() {
        "idle" => Some(true),
        "active" => Some(false),
        _ => None,
    }
}

fn lync(state: &Element) -> Option<LyncSays> {
    let availability = state.child("availability")?.text().parse().ok()?;
    let activity = state.child("activity");
    let token = activity.and_then(|activity| {
        let bound = |name: &str| activity.attribute(name).and_then(|bound| bound.parse::<u32>().ok());
        let holds = bound("minAvailability").is_none_or(|min| min <= availability)
            && bound("maxAvailability").is_none_or(|max| availability <= max);
        activity.attribute("token").filter(|_| holds)
    });
    Some(LyncSays { availability, token: token.map(|token| short(Some(token))) })
}

fn notes(part: &Element) -> Vec<Text> {
    let notes = part.children().iter().filter(|child| child.name() == "note" && !child.text().is_empty());
    notes
        .take(MAX_WORDS)
        .map(|note| Text { text: short(Some(note.text())), language: note.attribute("lang").map(|of| short(Some(of))) })
        .collect()
}

fn timestamp(part: &Element) -> Option<Timestamp> {
    part.child("timestamp")?.text().parse().ok()
}

fn short(text: Option<&str>) -> String {
    text.unwrap_or_default().chars().filter(|c| !c.is_control() || *c == '\n').take(MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RICH: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
  xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="pres:anna@example.com">
 <tuple id="t1"><status><basic>open</basic></status><dm:deviceID>urn:device:1</dm:deviceID>
  <contact priority="0.8">sip:anna@192.0.2.1</contact><note xml:lang="en">Desk</note><note xml:lang="de">Tisch</note>
  <timestamp>2026-11-27T09:00:00Z</timestamp></tuple>
 <tuple id="t2"><status><basic>CLOSED</basic><rpid:activities><rpid:away/></rpid:activities></status></tuple>
 <dm:person id="p1"><rpid:activities from="2026-11-27T09:00:00Z" until="2026-11-27T10:00:00Z"><rpid:note>Kick-off</rpid:note>
   <rpid:meeting/><rpid:other>Coffee &amp; cake</rpid:other></rpid:activities>
  <rpid:user-idle idle-threshold="600">idle</rpid:user-idle><dm:note>Back at ten</dm:note></dm:person>
 <dm:device id="d1"><rpid:user-idle>active</rpid:user-idle><dm:deviceID>urn:device:1</dm:deviceID></dm:device>
 <note>Everybody</note><unknown/>
</presence>"#;

    #[test]
    fn a_rich_document_is_read() {
        let read = Pidf::parse(RICH.as_bytes()).expect("a document");

        assert_eq!(read.entity, "pres:anna@example.com");
        assert_eq!(read.tuples.len(), 2);
        let (desk, other) = (&read.tuples[0], &read.tuples[1]);
        assert_eq!((desk.id.as_str(), desk.is_open), ("t1", Some(true)));
        assert_eq!(desk.device_id.as_deref(), Some("urn:device:1"));
        assert_eq!(desk.notes[1], Text { text: "Tisch".into(), language: Some("de".into()) });
        assert_eq!(desk.timestamp, "2026-11-27T09:00:00Z".parse().ok());
        assert_eq!((other.is_open, other.doing.activities[0].words[0].name.as_str()), (Some(false), "away"));
        let person = &read.persons[0];
        assert_eq!((person.id.as_str(), person.doing.is_idle), ("p1", Some(true)));
        let list = &person.doing.activities[0];
        assert_eq!(list.until, "2026-11-27T10:00:00Z".parse().ok());
        assert_eq!((list.words[1].name.as_str(), list.words[1].text.as_str()), ("other", "Coffee & cake"));
        assert_eq!((list.words.len(), list.notes[0].text.as_str()), (2, "Kick-off"));
        assert_eq!(person.notes[0].text, "Back at ten");
        assert_eq!(read.devices, [Device { device_id: "urn:device:1".into(), is_idle: Some(false) }]);
        assert_eq!(read.notes[0].text, "Everybody");
    }

    #[test]
    fn the_state_of_lync_is_read_where_it_stands() {
        let state = |kind: &str, number: u32| {
            format!(
                r#"<state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{kind}"><availability>{number}</availability><activity token="on-the-phone" minAvailability="6000" maxAvailability="8999"/></state>"#
            )
        };
        let document = |inside: &str| {
            Pidf::parse(format!("<presence entity='x'>{inside}</presence>").as_bytes()).expect("a document")
        };

        let states = format!("{}{}", state("aggregateState", 6500), state("machineState", 3500));
        let read = document(&format!("<tuple id='1'>{states}</tuple>"));
        assert_eq!(
            read.tuples[0].doing.lync,
            Some(LyncSays { availability: 6500, token: Some("on-the-phone".into()) })
        );
        let read = document(&format!("<tuple id='1'><status>{}</status></tuple>", state("aggregateState", 15_500)));
        assert_eq!(read.tuples[0].doing.lync, Some(LyncSays { availability: 15_500, token: None }));
        assert_eq!(
            document(&state("userState", 9500)).persons[0].doing.lync.as_ref().map(|says| says.availability),
            Some(9500)
        );
    }

    #[test]
    fn too_much_is_left_out_and_nonsense_refused() {
        let many = "<tuple id='1'/>".repeat(1000);
        let long = format!("<note>{}</note>", "x".repeat(10_000));
        let read = Pidf::parse(format!("<presence>{many}{long}</presence>").as_bytes()).expect("a document");

        assert_eq!((read.tuples.len(), read.notes[0].text.len()), (MAX_PARTS, MAX_CHARS));
        for bytes in ["", "<dialog-info/>", "<presence>", "<presence/><presence/>", "{}"] {
            Pidf::parse(bytes.as_bytes()).expect_err(bytes);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Pidf::parse(&bytes);
        }

        #[test]
        fn whatever_is_cut_out_nothing_panics(from in 0usize..1200, length in 0usize..300) {
            let mut bytes = RICH.as_bytes().to_vec();
            let from = from.min(bytes.len());
            let to = (from + length).min(bytes.len());
            bytes.drain(from..to);
            let _ = Pidf::parse(&bytes);
        }
    }
}
