//! The XML of an answer as a small tree, within limits.
//!
//! Names are taken without their prefixes: Exchange uses each in one namespace only. There are no document types, so
//! there are no entities but XML's own five, and nothing grows.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Exchange nests to a tenth of it.
const MAX_DEPTH: usize = 64;
/// A hundred people with all that is known of them have a third of it.
const MAX_ELEMENTS: usize = 50_000;

/// One element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What is written in it, without its children.
    pub(crate) fn text(&self) -> &str {
        self.text.trim()
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn children(&self) -> &[Element] {
        &self.children
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first element `name` in this one, however deep.
    pub(crate) fn find(&self, name: &str) -> Option<&Element> {
        self.children.iter().find_map(|child| if child.name == name { Some(child) } else { child.find(name) })
    }

    /// The first element `name` in this one, however deep, and nothing else of it.
    pub(crate) fn take(self, name: &str) -> Option<Element> {
        self.children.into_iter().find_map(|child| if child.name == name { Some(child) } else { child.take(name) })
    }

    /// The text of the first element `name` in this one, however deep.
    pub(crate) fn find_text(&self, name: &str) -> Option<&str> {
        self.find(name).map(Element::text)
    }
}

/// The document's one element; the error may be shown.
pub(crate) fn parse(bytes: &[u8]) -> Result<Element, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the answer is not UTF-8".to_owned())?;
    let malformed = || "the answer is not well-formed XML".to_owned();
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open = vec![Element::default()];
    let mut elements = 0;
    loop {
        match reader.read_event().map_err(|_| malformed())? {
            Event::Start(start) => {
                elements += 1;
                if open.len() > MAX_DEPTH || elements > MAX_ELEMENTS {
                    return Err("the answer has too many elements".into());
                }
                open.push(element(&start).ok_or_else(malformed)?);
            }
            Event::Empty(start) => {
                elements += 1;
                if elements > MAX_ELEMENTS {
                    return Err("the answer has too many elements".into());
                }
                let element = element(&start).ok_or_else(malformed)?;
                open.last_mut().ok_or_else(malformed)?.children.push(element);
            }
            Event::End(_) => {
                let closed = open.pop().ok_or_else(malformed)?;
                open.last_mut().ok_or_else(malformed)?.children.push(closed);
            }
            Event::Text(text) => open.last_mut().ok_or_else(malformed)?.text.push_str(&text.xml10_content()),
            Event::CData(data) => open.last_mut().ok_or_else(malformed)?.text.push_str(&data.xml10_content()),
            Event::GeneralRef(reference) => {
                open.last_mut().ok_or_else(malformed)?.text.push_str(&referred(&reference).ok_or_else(malformed)?);
            }
            Event::DocType(_) => return Err("the answer defines a document type, which is refused".into()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    // Elements that were left open are here, too.
    let document = (open.len() == 1).then(|| open.pop()).flatten().ok_or_else(malformed)?;
    let mut children = document.children;
    if children.len() == 1 { children.pop().ok_or_else(malformed) } else { Err(malformed()) }
}

fn element(start: &BytesStart<'_>) -> Option<Element> {
    let name = start.local_name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value));
    }
    Some(Element { name, attributes, ..Element::default() })
}

/// A character that is written as a reference.
fn referred(reference: &BytesRef<'_>) -> Option<String> {
    match reference.resolve_char_ref().ok()? {
        Some(character) => Some(character.to_string()),
        None => resolve_xml_entity(&reference.xml10_content()).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_document_becomes_a_tree() {
        let tree = parse(
            "\u{feff}<?xml version=\"1.0\"?><s:A xmlns:s='x' Key='1 &amp; 2'>\r\n <!-- --> <t:B>a &lt;&#98;&#x63;<![CDATA[&d;]]></t:B><C/> </s:A>"
                .as_bytes(),
        )
        .unwrap();

        assert_eq!((tree.name(), tree.attribute("Key")), ("A", Some("1 & 2")));
        assert_eq!(tree.find_text("B"), Some("a <bc&d;"));
        assert_eq!(tree.find_text("C"), Some(""));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        let laughs = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>";
        let outside = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>";
        let deep = "<a>".repeat(100) + &"</a>".repeat(100);
        let wide = format!("<a>{}</a>", "<b/>".repeat(MAX_ELEMENTS));
        for (text, reason) in [
            (laughs, "document type"),
            (outside, "document type"),
            (&deep, "too many"),
            (&wide, "too many"),
            ("", "well-formed"),
            ("plain", "well-formed"),
            ("<a>", "well-formed"),
            ("<a></b>", "well-formed"),
            ("<a/><b/>", "well-formed"),
            ("<a>&unknown;</a>", "well-formed"),
            ("<a b='&unknown;'/>", "well-formed"),
            ("</a>", "well-formed"),
        ] {
            let refused = parse(text.as_bytes()).expect_err(text);
            assert!(refused.contains(reason), "{text}: {refused}");
        }
        assert_eq!(parse(b"<a>\xff</a>"), Err("the answer is not UTF-8".into()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn anything_that_looks_like_xml_is_read_without_a_panic(text in "(<[a-c/!?&;#x0-9 '=\\[\\]-]{0,8}>?|&[a-z#0-9]{0,6};|[a-z ]){0,40}") {
            let _ = parse(text.as_bytes());
        }
    }
}
