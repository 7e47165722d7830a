//! Own words: set, shown and taken back by clients, through the same store as the administrators' API.

use directory_model::id::ContactId;
use directory_model::presence::{Activity, Availability};
use directory_store::custom_states;
use directory_store::error::StoreResult;
use directory_store::presence_rows::{self, ManualPresence};
use directory_store::tx::Tx;
use gateway_presence::book::{Book, Portrait};
use gateway_rose::detail::Detail;
use gateway_rose::fill::{Subject, absent_state, shown_notes};
use gateway_rose::message::write_event;
use gateway_rose::operation::Operation;
use gateway_rose::presence::{AbsentState, CustomNote};
use gateway_rose::request::{SetAbsentState, Word, nothing};
use gateway_rose::rights::{CHANGEABLE, Level};
use gateway_rose::state;
use serde_json::{Value, json};

use super::requests::Refusal;
use super::sight::{self, Sight};
use super::subscriptions::called;
use crate::admin::presence::refresh_book;
use crate::scope::Access;

/// The contact `name`, if the caller may set what it says.
pub(super) async fn changeable(access: &Access, name: String) -> Result<ContactId, Refusal> {
    let sight = sight::of_one(access, name).await?;
    let contact = seen(access, &sight)?;
    if sight.level().rights() & CHANGEABLE == 0 {
        return Err(Detail::PermissionDenied.into());
    }
    Ok(contact)
}

/// The contact, if it may be seen and is in service.
pub(super) fn seen(access: &Access, sight: &Sight) -> Result<ContactId, Refusal> {
    let contact = sight.seen().filter(|contact| portrait(access, *contact).is_some());
    contact.ok_or_else(|| Detail::UnknownContact.into())
}

fn portrait(access: &Access, contact: ContactId) -> Option<Portrait> {
    access.state().book().portrait(access.tenant(), contact)
}

/// Sets somebody's own word.
pub(super) async fn set(access: &Access, asked: SetAbsentState) -> Result<Value, Refusal> {
    let contact = changeable(access, asked.contact).await?;
    if asked.until.is_some_and(|until| until <= access.now()) {
        return Err(Detail::InvalidValue.into());
    }
    let Some(mut word) = word(asked.word) else {
        take_back(access, contact).await?;
        return Ok(json!({"bSuccess": true}));
    };
    word.expires_at = asked.until;
    if let Some(name) = asked.custom_state {
        let states = access.read(custom_states::all).await?;
        let named = states.into_iter().find(|state| state.fields.name == name).ok_or(Detail::InvalidValue)?;
        word.custom_state = Some(named.id);
        word.activity = None;
        word.is_out_of_office = false;
    }
    access.write(move |tx| presence_rows::set_manual(tx, contact, &word)).await?.ok_or(Detail::UnknownContact)?;
    refresh_book(access, contact).await?;
    Ok(json!({"bSuccess": true}))
}

/// What a client's word means; nothing when it takes the word back.
fn word(word: Word) -> Option<ManualPresence> {
    let said = |availability| ManualPresence {
        availability,
        custom_state: None,
        activity: None,
        is_out_of_office: false,
        custom: None,
        expires_at: None,
    };
    match word {
        Word::NotAbsent => Some(said(Availability::Available)),
        Word::Busy => Some(said(Availability::Busy)),
        Word::DoNotDisturb => Some(said(Availability::DoNotDisturb)),
        Word::OutOfOffice => {
            let activity = Some(Activity::OutOfOffice);
            Some(ManualPresence { activity, is_out_of_office: true, ..said(Availability::Away) })
        }
        Word::NotSet => None,
    }
}

/// Shows somebody's own word.
pub(super) async fn get(access: &Access, name: String) -> Result<Value, Refusal> {
    let sight = sight::of_one(access, name.clone()).await?;
    let portrait = portrait(access, seen(access, &sight)?).ok_or(Detail::UnknownContact)?;
    let note = notes(&portrait, &name);
    let number = state::number(&portrait.presence, &portrait.claims, !note.note.is_empty());
    Ok(json!({"absentstate": absent_state(&portrait.claims, &name, Some(number))}))
}

fn notes(portrait: &Portrait, name: &str) -> CustomNote {
    let Portrait { presence, claims, notes, .. } = portrait;
    shown_notes(&Subject { contact: called(portrait), presence, claims, notes }, name, Level::Personal)
}

/// Takes somebody's own word back.
pub(super) async fn reset(access: &Access, name: String) -> Result<Value, Refusal> {
    let contact = changeable(access, name).await?;
    take_back(access, contact).await?;
    Ok(nothing())
}

async fn take_back(access: &Access, contact: ContactId) -> Result<(), Refusal> {
    let taking = access.write(move |tx: &mut Tx<'_>| -> StoreResult<()> {
        // Whoever takes back what was not said has what they want.
        presence_rows::remove_manual(tx, contact)?;
        presence_rows::remove_out_of_office(tx, contact)?;
        Ok(())
    });
    taking.await?;
    Ok(refresh_book(access, contact).await?)
}

/// What a client knows of its own contact's word and notes, whether it looks at that contact or not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct OwnWord {
    absence: Option<AbsentState>,
    notes: Option<CustomNote>,
}

impl OwnWord {
    /// What there is now.
    pub(super) fn of(book: &Book, access: &Access) -> Self {
        let own = access.caller().contact.and_then(|own| book.portrait(access.tenant(), own));
        let Some(portrait) = own else { return Self::default() };
        let id = portrait.facts.id.to_string();
        let name = portrait.facts.sip().unwrap_or(&id);
        let absence = absent_state(&portrait.claims, name, None);
        Self { absence: Some(absence), notes: Some(notes(&portrait, name)) }
    }

    /// The events that tell what is different now.
    pub(super) fn news(&mut self, book: &Book, access: &Access) -> Vec<String> {
        let now = Self::of(book, access);
        let absence = now.absence.as_ref().filter(|_| now.absence != self.absence);
        let notes = now.notes.as_ref().filter(|_| now.notes != self.notes);
        let absence = absence.map(|said| write_event(Operation::UpdateMyAbsentStateV2, &json!({"absentstate": said})));
        let notes = notes.map(|notes| write_event(Operation::UpdateMyCustomNote, &json!({"customnote": notes})));
        let news = absence.into_iter().chain(notes).collect();
        *self = now;
        news
    }
}
