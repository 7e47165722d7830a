//! What goes wrong with a controller's answers.

use super::answer::done;

/// What goes wrong in a search, once so many of its entries were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection closes after this many entries; when these are all, before the search is said to have ended.
    CutAfter(usize),
    /// It closes in the middle of the entry after this many; when these are all, in the middle of the end.
    CutWithin(usize),
    /// Nothing more comes after this many entries, and the connection stays.
    StallAfter(usize),
    /// The search ends with this result code and message instead of its end, after this many entries.
    Result(usize, u8, &'static str),
    /// The bytes after this many entries are no LDAP at all.
    Garbage(usize),
    /// A search that is continued by its cookie is refused: the controller does not know it any more.
    CookieLost,
}

impl Fault {
    /// Strikes instead of `message`, if it is to after `sent` entries; says whether the connection goes on.
    pub(super) fn strike(&self, sent: usize, id: u64, message: &[u8], answer: &mut Vec<u8>) -> Option<bool> {
        match self {
            Self::CutAfter(after) if *after == sent => Some(false),
            Self::StallAfter(after) if *after == sent => Some(true),
            Self::CutWithin(after) if *after == sent => {
                answer.extend_from_slice(&message[..message.len() / 2]);
                Some(false)
            }
            Self::Garbage(after) if *after == sent => {
                answer.extend_from_slice(b"HTTP/1.1 400 Bad Request\r\n\r\n");
                Some(false)
            }
            Self::Result(after, code, text) if *after == sent => {
                answer.extend(done(id, 0x65, *code, text, None));
                Some(true)
            }
            _ => None,
        }
    }
}
