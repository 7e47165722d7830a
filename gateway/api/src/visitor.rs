//! What visitors of web pages ask: no sessions, no cookies, only a publication's key.

pub(crate) mod enquiry;
pub(crate) mod feed;
mod form;
pub(crate) mod front;
pub(crate) mod guard;
pub(crate) mod picture;
pub(crate) mod template;
pub(crate) mod vcard;
pub(crate) mod widget;
