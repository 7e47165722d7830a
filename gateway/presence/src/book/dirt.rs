//! What may look different in a publication since it was looked at.

use std::collections::HashSet;

use directory_model::id::ContactId;

/// From this many touched contacts on, a publication is looked at as a whole.
const MAX_TOUCHED: usize = 32;

/// What may look different in a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dirt {
    /// Anything.
    All,
    /// What depends on these contacts.
    Contacts(HashSet<ContactId>),
}

impl Default for Dirt {
    fn default() -> Self {
        Self::Contacts(HashSet::new())
    }
}

impl Dirt {
    /// What depends on `contact` may look different too.
    pub(super) fn touch(&mut self, contact: ContactId) {
        if let Self::Contacts(held) = self {
            held.insert(contact);
            self.bound();
        }
    }

    fn bound(&mut self) {
        if matches!(self, Self::Contacts(held) if held.len() > MAX_TOUCHED) {
            *self = Self::All;
        }
    }

    /// Adds what else may look different.
    pub(crate) fn add(&mut self, more: Self) {
        match (&mut *self, more) {
            (Self::All, _) => {}
            (_, Self::All) => *self = Self::All,
            (Self::Contacts(held), Self::Contacts(more)) => {
                held.extend(more);
                self.bound();
            }
        }
    }
}
