//! How a controller writes its answers (RFC 4511, 4.5.2; RFC 2696).

use super::ber::Writer;
use super::{Entry, PAGED_RESULTS, Search, State};

pub(super) fn entry_message(id: u64, entry: &Entry, search: &Search, state: &State) -> Vec<u8> {
    let mut list = Writer::default();
    for (name, values) in &entry.attributes {
        let Some((shown, values)) = shown(name, values, search, state) else { continue };
        if shown.contains(";range=0-") {
            // The whole one is there as well, without a value.
            let mut attribute = Writer::default();
            attribute.add(0x04, name.as_bytes());
            attribute.add(0x31, &[]);
            list.add(0x30, &attribute.0);
        }
        let mut set = Writer::default();
        for value in values {
            set.add(0x04, value);
        }
        let mut attribute = Writer::default();
        attribute.add(0x04, shown.as_bytes());
        attribute.add(0x31, &set.0);
        list.add(0x30, &attribute.0);
    }
    let mut body = Writer::default();
    body.add(0x04, entry.dn.as_bytes());
    body.add(0x30, &list.0);
    message(id, 0x64, &body.0, None)
}

/// The attribute as it is shown, if it is asked for: no more values than the controller gives at once.
fn shown<'v>(name: &str, values: &'v [Vec<u8>], search: &Search, state: &State) -> Option<(String, &'v [Vec<u8>])> {
    let is_all = search.attributes.is_empty() || search.attributes.iter().any(|asked| asked == "*");
    let asked =
        search.attributes.iter().find(|asked| asked.split(';').next().is_some_and(|it| it.eq_ignore_ascii_case(name)));
    if asked.is_none() && !is_all {
        return None;
    }
    let range = asked.and_then(|asked| asked.to_lowercase().split_once(";range=").map(|(_, range)| range.to_owned()));
    let from = range.as_ref().and_then(|range| range.split('-').next()?.parse().ok()).unwrap_or(0_usize);
    if range.is_none() && values.len() <= state.max_values {
        return Some((name.to_owned(), values));
    }
    let end = (from + state.max_values).min(values.len());
    let last = if end == values.len() { "*".to_owned() } else { (end - 1).to_string() };
    Some((format!("{name};range={from}-{last}"), &values[from.min(end)..end]))
}

pub(super) fn done(id: u64, tag: u8, code: u8, text: &str, cookie: Option<&[u8]>) -> Vec<u8> {
    let mut body = Writer::default();
    body.add(0x0a, &[code]);
    body.add(0x04, b"");
    body.add(0x04, text.as_bytes());
    if code == 10 {
        let mut referral = Writer::default();
        referral.add(0x04, b"ldap://elsewhere.fake.test/DC=fake,DC=test");
        body.add(0xa3, &referral.0);
    }
    let controls = cookie.map(|cookie| {
        let mut page = Writer::default();
        page.add(0x02, &[0]);
        page.add(0x04, cookie);
        let mut value = Writer::default();
        value.add(0x30, &page.0);
        let mut control = Writer::default();
        control.add(0x04, PAGED_RESULTS.as_bytes());
        control.add(0x04, &value.0);
        let mut controls = Writer::default();
        controls.add(0x30, &control.0);
        controls.0
    });
    message(id, tag, &body.0, controls.as_deref())
}

fn message(id: u64, tag: u8, body: &[u8], controls: Option<&[u8]>) -> Vec<u8> {
    let mut parts = Writer::default();
    // As short as it can be, but not negative.
    let start = usize::try_from(id.leading_zeros().saturating_sub(1) / 8).unwrap_or(0).min(7);
    parts.add(0x02, &id.to_be_bytes()[start..]);
    parts.add(tag, body);
    if let Some(controls) = controls {
        parts.add(0xa0, controls);
    }
    let mut message = Writer::default();
    message.add(0x30, &parts.0);
    message.0
}
