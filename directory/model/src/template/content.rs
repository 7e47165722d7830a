//! What each kind of template may hold.

use super::TemplateKind;

use TemplateKind::{Callback, Contact, Conversation, CustomerForm};

impl TemplateKind {
    /// The places that the widget fills with something of its own.
    pub fn slots(self) -> &'static [&'static str] {
        match self {
            Contact => {
                &["picture", "name", "role", "place", "state", "note", "reason", "next", "actions", "vcard", "members"]
            }
            Conversation => &["actions"],
            CustomerForm => &["name", "phone", "mail", "about", "text", "consent", "buttons"],
            Callback => &["name", "phone", "mail", "about", "wished_at", "text", "consent", "buttons"],
        }
    }

    /// The slots without which nobody could be reached, or nothing sent.
    pub fn required_slots(self) -> &'static [&'static str] {
        match self {
            Contact => &["name", "state", "actions"],
            Conversation => &["actions"],
            CustomerForm => &["name", "mail", "text", "consent", "buttons"],
            Callback => &["name", "phone", "consent", "buttons"],
        }
    }

    /// What is said of the contact where its name stands in double braces.
    pub fn placeholders(self) -> &'static [&'static str] {
        match self {
            Contact => &["name", "title", "company", "site", "state", "note"],
            Conversation => &["name", "title", "company", "site", "state"],
            CustomerForm | Callback => &[],
        }
    }
}
