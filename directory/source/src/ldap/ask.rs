//! Single bounded searches over a session that is open: of one entry, or of a few.

use std::time::Duration;

use ldap3::asn1::Tag;
use tokio::time::timeout;

use super::ber::{Elements, Malformed, OCTET_STRING, SEQUENCE, SET};
use super::connect::{Session, describe};
use super::wire::{self, Bounds, Control, Message, Outcome, TooLarge, WireError};
use crate::error::{SourceError, no_answer_within};

/// LDAP result codes (RFC 4511, appendix A).
pub(super) const SIZE_LIMIT_EXCEEDED: u32 = 4;
pub(super) const NO_SUCH_OBJECT: u32 = 32;
/// Asks for no attribute at all (RFC 4511, 4.5.1.8).
pub(super) const NO_ATTRIBUTES: &str = "1.1";

/// One search.
pub(super) struct Ask {
    pub(super) base: String,
    pub(super) filter: Tag,
    pub(super) attributes: Vec<String>,
    pub(super) bounds: Bounds,
    /// Deleted objects as well.
    pub(super) shows_deleted: bool,
}

/// How it ended.
pub(super) struct Answered {
    /// How many entries were found.
    pub(super) count: u32,
    pub(super) outcome: Outcome,
}

impl Answered {
    /// The directory said what it has, as far as was asked.
    pub(super) fn is_success(&self) -> bool {
        matches!(self.outcome.result, 0 | SIZE_LIMIT_EXCEEDED)
    }

    /// Refuses everything else that it said.
    pub(super) fn require(&self) -> Result<(), SourceError> {
        if self.is_success() {
            return Ok(());
        }
        Err(SourceError::SearchRefused { result: self.outcome.result, detail: self.detail() })
    }

    /// What it said otherwise.
    pub(super) fn detail(&self) -> String {
        describe(&self.outcome)
    }
}

/// Shows `take` every entry that is found, each within `patience` of the one before; the error may be
/// shown.
pub(super) async fn ask(
    session: &mut Session,
    patience: Duration,
    ask: Ask,
    mut take: impl FnMut(&Message) -> Result<(), Malformed>,
) -> Result<Answered, String> {
    let Ask { base, filter, attributes, bounds, shows_deleted } = ask;
    let controls = if shows_deleted { vec![Control::show_deleted()] } else { Vec::new() };
    let request = wire::search_request(&base, bounds, filter, attributes.iter().map(String::as_str));
    let exchange = async {
        let id = session.send(request, controls).await?;
        let mut count = 0;
        loop {
            let message = session.receive(TooLarge::IsCut).await?;
            let answer = message.answer()?;
            match answer.operation.tag {
                // The server's own notice, such as that it goes away.
                wire::EXTENDED_RESPONSE if answer.id == 0 => {
                    return Ok(Answered { count, outcome: answer.outcome()? });
                }
                _ if answer.id != id => {}
                // A directory that does not know the limit is not listened to any longer.
                wire::SEARCH_ENTRY if count >= bounds.limit => {
                    let outcome = Outcome { result: SIZE_LIMIT_EXCEEDED, text: String::new() };
                    return Ok(Answered { count, outcome });
                }
                wire::SEARCH_ENTRY => {
                    count += 1;
                    take(&message)?;
                }
                wire::SEARCH_DONE => return Ok(Answered { count, outcome: answer.outcome()? }),
                _ => {}
            }
        }
    };
    let answered = timeout(patience, exchange).await.map_err(|_| no_answer_within(patience))?;
    answered.map_err(|reason: WireError| reason.to_string())
}

/// The name of an attribute, and its values.
pub(super) type Attribute<'m> = (String, Vec<&'m [u8]>);

/// The attributes of an entry; of one that was cut, those that came whole.
pub(super) fn attributes_of(message: &Message) -> Result<Vec<Attribute<'_>>, Malformed> {
    let mut parts = Elements(message.answer()?.operation.content);
    parts.expect(OCTET_STRING)?;
    let list = if message.is_cut() { parts.beginning()? } else { parts.next()?.ok_or(Malformed)? };
    let (mut attributes, mut found) = (Elements(list.content), Vec::new());
    loop {
        let attribute = match attributes.next() {
            Ok(Some(attribute)) if attribute.tag == SEQUENCE => attribute,
            Ok(_) => return Ok(found),
            Err(Malformed) if message.is_cut() => return Ok(found),
            Err(malformed) => return Err(malformed),
        };
        let mut parts = Elements(attribute.content);
        let name = String::from_utf8_lossy(parts.expect(OCTET_STRING)?).into_owned();
        let (mut set, mut values) = (Elements(parts.expect(SET)?), Vec::new());
        while let Some(value) = set.next()? {
            values.push(value.content);
        }
        found.push((name, values));
    }
}

/// The name of an entry.
pub(super) fn name_of(message: &Message) -> Result<String, Malformed> {
    let mut parts = Elements(message.answer()?.operation.content);
    Ok(String::from_utf8_lossy(parts.expect(OCTET_STRING)?).into_owned())
}
