//! Notes that clients set: the personal ones that were written by hand.

use directory_model::id::ContactId;
use directory_model::presence::{Note, NoteKind};
use directory_store::error::StoreResult;
use directory_store::presence_rows::{self, MANUAL_SOURCE};
use directory_store::tx::Tx;
use gateway_rose::request::{SetNote, nothing};
use serde_json::Value;

use super::absence::changeable;
use super::requests::Refusal;
use crate::admin::presence::refresh_book;
use crate::scope::Access;

/// Sets all of somebody's personal notes. Those that stay as they are keep their identity; what programs
/// wrote, and notes about other things, are left alone.
pub(super) async fn set(access: &Access, asked: SetNote) -> Result<Value, Refusal> {
    let contact = changeable(access, asked.contact).await?;
    let wanted = asked.notes;
    access.write(move |tx| replace(tx, contact, &wanted)).await?;
    refresh_book(access, contact).await?;
    Ok(nothing())
}

fn replace(tx: &mut Tx<'_>, contact: ContactId, wanted: &[String]) -> StoreResult<()> {
    let now = tx.now();
    let known = presence_rows::notes(tx.conn, tx.tenant, contact, now)?;
    let own: Vec<_> = known
        .into_iter()
        .filter(|kept| kept.note.kind == NoteKind::Personal && kept.note.source == MANUAL_SOURCE)
        .collect();
    // The latest is shown first, so they are written last to first; what stands in that order already stays.
    let as_wanted = |kept: &[&str]| wanted.iter().rev().take(kept.len()).map(String::as_str).eq(kept.iter().copied());
    let texts: Vec<&str> = own.iter().map(|kept| kept.note.text.as_str()).collect();
    let stays = (0..=texts.len()).rev().find(|count| texts.get(..*count).is_some_and(as_wanted)).unwrap_or(0);
    for gone in own.iter().skip(stays) {
        presence_rows::remove_note(tx, contact, gone.id)?;
    }
    for text in wanted.iter().rev().skip(stays) {
        let source = MANUAL_SOURCE.to_owned();
        let note = Note { text: text.clone(), kind: NoteKind::Personal, source, expires_at: None };
        presence_rows::insert_note(tx, contact, &note)?;
    }
    Ok(())
}
