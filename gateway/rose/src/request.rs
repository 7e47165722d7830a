//! What a client may ask, with its argument read and within bounds.

use directory_model::presence::{MAX_NOTES, NOTE_CHARS};
use directory_model::timestamp::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::flags::Flags;
use crate::message::{Invoke, Problem, Reject};
use crate::operation::Operation;
use crate::rights::Level;

/// How many contacts one request may name.
pub const MAX_CONTACTS: usize = 200;

/// The longest name of a contact, in bytes.
pub const MAX_NAME: usize = 400;

/// The longest hash, in bytes.
const MAX_HASH: usize = 128;

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Nothing: a sign of life.
    KeepAlive,
    /// To see contacts, and to be told what changes.
    Subscribe(Subscribe),
    /// Not to be told any more.
    Unsubscribe(Vec<String>),
    /// To set somebody's own word.
    SetAbsentState(SetAbsentState),
    /// To see somebody's own word.
    GetAbsentState(String),
    /// To take somebody's own word back.
    ResetAbsentState(String),
    /// To set somebody's notes.
    SetNote(SetNote),
    /// To see a picture.
    Image(Image),
    /// To say what a colleague may see.
    SetRights(SetRights),
    /// To take that back.
    RemoveRights(RemoveRights),
    /// To be told who asks to see one's own contact.
    Challenges,
    /// To forget who asked.
    ResetChallenges,
}

/// A subscription to contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// The contacts, as the client calls them.
    pub contacts: Vec<String>,
    /// Of which changes it is told.
    pub events: Flags,
    /// What it is shown at once.
    pub shown: Flags,
    /// Whoever may not be seen is not asked.
    pub is_without_challenge: bool,
    /// It was asked as V1 asks, so updates come as V1 tells them.
    pub is_v1: bool,
}

/// An own word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAbsentState {
    /// Whose, as the client calls them.
    pub contact: String,
    /// What.
    pub word: Word,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
    /// A named state of the tenant in place of the word.
    pub custom_state: Option<String>,
}

/// What somebody may say of themselves (`AsnAbsentStateEnum`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Available.
    NotAbsent,
    /// Out of office.
    OutOfOffice,
    /// Busy.
    Busy,
    /// Do not disturb.
    DoNotDisturb,
    /// Nothing: what was said is taken back.
    NotSet,
}

/// Notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetNote {
    /// Whose, as the client calls them.
    pub contact: String,
    /// All notes, first the one to show; none to remove them.
    pub notes: Vec<String>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Whose, as the client calls them.
    pub contact: String,
    /// The hash of the picture that the client has; empty when it has none.
    pub known: String,
}

/// What a colleague may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRights {
    /// Of whom.
    pub owner: String,
    /// The colleague.
    pub watcher: String,
    /// What.
    pub level: Level,
}

/// What a colleague may see no more because of this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoveRights {
    /// Of whom.
    pub owner: String,
    /// The colleague.
    pub watcher: String,
}

/// Reads what `invoke` asks, or says what to answer instead.
pub fn read(invoke: &Invoke) -> Result<Request, Reject> {
    let asked = Asked(invoke);
    match invoke.operation {
        Operation::KeepAlive => Ok(Request::KeepAlive),
        Operation::GetAndSubscribePresenceV2 => asked.subscribe(false),
        Operation::GetAndSubscribePresence => asked.subscribe(true),
        Operation::UnsubscribePresence => asked.unsubscribe(),
        Operation::SetUserAbsentState => asked.set_absent_state(),
        Operation::GetUserAbsentState => asked.one_contact().map(Request::GetAbsentState),
        Operation::ResetUserAbsentState => asked.one_contact().map(Request::ResetAbsentState),
        Operation::CustomNoteSet => asked.set_note(),
        Operation::RequestContactImage | Operation::RequestLargeProfileImage => asked.image(),
        Operation::SetDynamicRights => asked.set_rights(),
        Operation::RemoveDynamicRights => asked.remove_rights(),
        Operation::RequestMyPresenceRightsChallenge => Ok(Request::Challenges),
        Operation::ResetMyPresenceRightsChallenges => Ok(Request::ResetChallenges),
        Operation::UpdateMyAbsentStateV2
        | Operation::UpdateMyCustomNote
        | Operation::UpdatePresence
        | Operation::RemovePresence
        | Operation::UpdatePresenceV2
        | Operation::MyPresenceRightsChallenge => {
            let details = "only the server tells this";
            Err(Reject::of(invoke.invoke_id, Problem::UnrecognisedOperation, details))
        }
    }
}

/// An invoke whose argument is read.
struct Asked<'a>(&'a Invoke);

#[derive(Deserialize)]
struct SubscribeForm {
    #[serde(rename = "seqContactIDs")]
    contacts: Vec<String>,
    #[serde(rename = "iEventFlagsToSubscribe", default)]
    events: Option<Flags>,
    #[serde(rename = "iContactDetailsReturnFilter", default)]
    shown: Option<Flags>,
    #[serde(rename = "bDontRequestPermissions", default)]
    is_without_challenge: bool,
}

#[derive(Deserialize)]
struct ContactsForm {
    #[serde(rename = "seqContactIDs")]
    contacts: Vec<String>,
}

/// Some operations write `contactId`, others `u8sContactId`.
#[derive(Deserialize)]
struct ContactForm {
    #[serde(alias = "contactId", alias = "u8sContactID", rename = "u8sContactId")]
    contact: String,
}

#[derive(Deserialize)]
struct AbsentStateForm {
    absentstate: AbsentStateInner,
}

#[derive(Deserialize)]
struct AbsentStateInner {
    #[serde(rename = "u8sContactId")]
    contact: String,
    #[serde(rename = "eAbsentState")]
    state: u8,
    #[serde(rename = "stTimeTo", default, deserialize_with = "moment")]
    until: Option<Timestamp>,
    #[serde(rename = "u8sCustomState", default)]
    custom_state: Option<String>,
}

/// Clients leave times empty that they do not mean.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
}

#[derive(Deserialize)]
struct NoteForm {
    customnote: NoteInner,
}

#[derive(Deserialize)]
struct NoteInner {
    #[serde(rename = "u8sContactID")]
    contact: String,
    #[serde(rename = "u8sNote")]
    note: String,
    #[serde(rename = "seqNotes", default)]
    notes: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct ImageForm {
    #[serde(rename = "u8sContactID", default)]
    contact: Option<String>,
    #[serde(rename = "netDatabaseContactID", default)]
    entry: Option<Entry>,
    #[serde(rename = "u8sKnownHash", default)]
    known: String,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "u8sEntryID", default)]
    id: Option<String>,
}

#[derive(Deserialize)]
struct RightsForm {
    #[serde(rename = "u8sOwnerContactID")]
    owner: String,
    #[serde(rename = "u8sRemoteContactID")]
    watcher: String,
    #[serde(rename = "iDynamicRights", default)]
    level: Option<Level>,
}

impl Asked<'_> {
    fn form<T: DeserializeOwned>(&self) -> Result<T, Reject> {
        // Whatever serde says may repeat what came, so it is not told.
        T::deserialize(&self.0.argument).map_err(|_| self.mistyped("the argument is not the operation's"))
    }

    fn mistyped(&self, details: &str) -> Reject {
        Reject::of(self.0.invoke_id, Problem::MistypedArgument, details)
    }

    fn limited(&self, details: &str) -> Reject {
        Reject::of(self.0.invoke_id, Problem::ResourceLimitation, details)
    }

    fn named(&self, contact: String) -> Result<String, Reject> {
        let is_name = !contact.is_empty() && contact.len() <= MAX_NAME;
        if is_name { Ok(contact) } else { Err(self.mistyped("a contact's name is empty or too long")) }
    }

    fn all_named(&self, contacts: Vec<String>) -> Result<Vec<String>, Reject> {
        if contacts.len() > MAX_CONTACTS {
            return Err(self.limited("too many contacts at once"));
        }
        contacts.into_iter().map(|contact| self.named(contact)).collect()
    }

    fn subscribe(&self, is_v1: bool) -> Result<Request, Reject> {
        let form: SubscribeForm = self.form()?;
        let events = form.events.unwrap_or(Flags::DEFAULT);
        Ok(Request::Subscribe(Subscribe {
            contacts: self.all_named(form.contacts)?,
            events,
            shown: form.shown.unwrap_or(events),
            is_without_challenge: form.is_without_challenge,
            is_v1,
        }))
    }

    fn unsubscribe(&self) -> Result<Request, Reject> {
        let form: ContactsForm = self.form()?;
        Ok(Request::Unsubscribe(self.all_named(form.contacts)?))
    }

    fn one_contact(&self) -> Result<String, Reject> {
        let form: ContactForm = self.form()?;
        self.named(form.contact)
    }

    fn set_absent_state(&self) -> Result<Request, Reject> {
        let AbsentStateForm { absentstate } = self.form()?;
        let word = match absentstate.state {
            0 => Word::NotAbsent,
            1 => Word::OutOfOffice,
            2 => Word::Busy,
            3 => Word::DoNotDisturb,
            4 => Word::NotSet,
            _ => return Err(self.mistyped("eAbsentState is none of 0 to 4")),
        };
        let custom_state = absentstate.custom_state.filter(|name| !name.is_empty());
        if custom_state.as_ref().is_some_and(|name| name.chars().count() > NOTE_CHARS) {
            return Err(self.mistyped("u8sCustomState is too long"));
        }
        let contact = self.named(absentstate.contact)?;
        Ok(Request::SetAbsentState(SetAbsentState { contact, word, until: absentstate.until, custom_state }))
    }

    fn set_note(&self) -> Result<Request, Reject> {
        let NoteForm { customnote } = self.form()?;
        let mut notes: Vec<String> = Vec::new();
        for note in std::iter::once(customnote.note).chain(customnote.notes.unwrap_or_default()) {
            let note = note.trim();
            if !note.is_empty() && !notes.iter().any(|known| known == note) {
                notes.push(note.to_owned());
            }
        }
        if notes.len() > MAX_NOTES || notes.iter().any(|note| note.chars().count() > NOTE_CHARS) {
            return Err(self.limited("too many notes, or one that is too long"));
        }
        Ok(Request::SetNote(SetNote { contact: self.named(customnote.contact)?, notes }))
    }

    fn image(&self) -> Result<Request, Reject> {
        let form: ImageForm = self.form()?;
        let by_entry = || form.entry.and_then(|entry| entry.id);
        let contact = form.contact.filter(|contact| !contact.is_empty()).or_else(by_entry);
        let contact = self.named(contact.unwrap_or_default())?;
        if form.known.len() > MAX_HASH {
            return Err(self.mistyped("u8sKnownHash is too long"));
        }
        Ok(Request::Image(Image { contact, known: form.known }))
    }

    fn set_rights(&self) -> Result<Request, Reject> {
        let form: RightsForm = self.form()?;
        let level = form.level.ok_or_else(|| self.mistyped("iDynamicRights is missing"))?;
        Ok(Request::SetRights(SetRights { owner: self.named(form.owner)?, watcher: self.named(form.watcher)?, level }))
    }

    fn remove_rights(&self) -> Result<Request, Reject> {
        let form: RightsForm = self.form()?;
        Ok(Request::RemoveRights(RemoveRights { owner: self.named(form.owner)?, watcher: self.named(form.watcher)? }))
    }
}

/// The argument of an event or the result of a request that says nothing.
pub fn nothing() -> Value {
    Value::Object(serde_json::Map::new())
}

#[cfg(test)]
mod tests;
