//! What the book is to those who know it by its ports only.

use directory_model::id::{ContactId, TenantId};
use directory_model::port::{ClaimSink, OwnWord, OwnWords, SourceRules};
use directory_model::presence::lync::LowNumbers;
use directory_model::presence::{Claim, SourceNotes};
use directory_model::timestamp::Timestamp;

use super::tenant::Desk;
use super::{Book, Live, Offer, State};
use crate::merge::{Current, own_word};

impl ClaimSink for Book {
    fn offer(&self, tenant: TenantId, claim: Claim) {
        let (contact, kind) = (claim.contact, claim.kind);
        let offer = self.offer_claim(tenant, claim);
        if offer != Offer::Accepted {
            tracing::debug!(tenant.id = %tenant, contact.id = %contact, ?kind, ?offer, "claim not taken");
        }
    }

    fn note(&self, tenant: TenantId, notes: SourceNotes) {
        let now = self.clock.now();
        self.write(|state| state.note(tenant, notes, now));
    }
}

impl OwnWords for Book {
    fn own_word(&self, tenant: TenantId, contact: ContactId) -> Option<OwnWord> {
        let now = self.clock.now();
        let state = self.read();
        let tenant = state.tenants.get(&tenant)?;
        let spoken = own_word(&Current::new(tenant.claims_of(contact), tenant.rules(), now).live)?.claim?;
        Some(OwnWord { availability: spoken.availability, activity: spoken.activity })
    }
}

impl SourceRules for Book {
    fn low_lync_numbers(&self, tenant: TenantId) -> LowNumbers {
        let state = self.read();
        state.tenants.get(&tenant).map(|tenant| tenant.rules().low_lync_numbers).unwrap_or_default()
    }
}

impl Book {
    /// What sources note beside the contact's state. It is for colleagues: no card and no other note shows it.
    pub fn noted(&self, tenant: TenantId, contact: ContactId) -> Vec<SourceNotes> {
        let now = self.clock.now();
        let state = self.read();
        let live = state.tenants.get(&tenant).and_then(|tenant| tenant.live(contact));
        live.map(|live| Live::noted(live, now).cloned().collect()).unwrap_or_default()
    }
}

impl State {
    fn note(&mut self, id: TenantId, notes: SourceNotes, now: Timestamp) {
        let Some(tenant) = self.tenants.get_mut(&id) else { return };
        let contact = notes.contact;
        let Desk { live, .. } = tenant.desk(contact, now);
        live.take_notes(notes, now);
        tenant.tidy(contact);
        self.schedule(id, contact, now);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use directory_model::clock::Clock;
    use directory_model::presence::{Activity, Availability, ClaimKind, MAX_NOTES, NOTE_CHARS, NoteKind, SourceNote};

    use super::*;
    use crate::facts::{FactChange, PresenceFacts};
    use crate::fixture::{World, note};

    fn noted(world: &World, contact: ContactId, source: &str, texts: &[&str]) -> SourceNotes {
        let note = |text: &&str| SourceNote { text: (*text).into(), kind: NoteKind::Personal, language: None };
        let expires_at = world.now().plus(Duration::from_mins(10));
        SourceNotes { contact, source: source.into(), notes: texts.iter().map(note).collect(), expires_at }
    }

    fn shown(world: &World, contact: ContactId) -> Vec<(String, String)> {
        let noted = world.book.noted(world.tenant, contact).into_iter();
        noted.flat_map(|of| of.notes.into_iter().map(move |note| (of.source.clone(), note.text))).collect()
    }

    #[test]
    fn notes_of_a_source_take_the_place_of_those_it_had_and_of_no_others() {
        let world = World::new();
        let anna = world.person("Anna");
        let own = PresenceFacts { contact: anna, as_of: 0, stored: vec![], notes: vec![note("Own", None)] };
        world.apply(FactChange::Presence(own));
        world.book.note(world.tenant, noted(&world, anna, "lync", &["In Graz", "Back at 4"]));
        world.book.note(world.tenant, noted(&world, anna, "sip", &["Lunch"]));

        world.book.note(world.tenant, noted(&world, anna, "lync", &["Back at 5"]));

        let of = |source: &str, text: &str| (source.to_owned(), text.to_owned());
        assert_eq!(shown(&world, anna), [of("sip", "Lunch"), of("lync", "Back at 5")]);
        let portrait = world.book.portrait(world.tenant, anna).expect("a contact");
        let notes: Vec<&str> = portrait.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(notes, ["Own"], "what a source notes is nobody's own word");
        world.book.note(world.tenant, noted(&world, anna, "lync", &[]));
        assert_eq!(shown(&world, anna), [of("sip", "Lunch")]);
    }

    #[test]
    fn notes_of_a_source_go_when_it_falls_silent_and_are_bounded() {
        let world = World::new();
        let (anna, bert) = (world.person("Anna"), world.person("Bert"));
        world.book.note(world.tenant, noted(&world, anna, "lync", &["Back at 4"]));
        world.clock.advance(Duration::from_mins(10));
        assert_eq!(shown(&world, anna), []);
        world.book.tick(world.clock.now());
        assert_eq!(world.book.next_wake(), None);
        world.book.note(world.tenant_id(), noted(&world, anna, "lync", &["x"]));
        world.book.note(world.tenant, SourceNotes { expires_at: world.now(), ..noted(&world, anna, "lync", &["x"]) });
        assert_eq!(shown(&world, anna), []);

        let long = "ä".repeat(NOTE_CHARS * 2);
        for source in 0..40 {
            world.book.note(world.tenant, noted(&world, bert, &source.to_string(), &[long.as_str(), " "].repeat(40)));
        }
        let shown = shown(&world, bert);
        assert!(shown.len() <= 16 * MAX_NOTES && !shown.is_empty());
        assert!(shown.iter().all(|(_, text)| text.chars().count() == NOTE_CHARS));
    }

    #[test]
    fn an_own_word_is_what_somebody_said_and_nothing_else() {
        let world = World::new();
        let anna = world.person("Anna");
        let own = || world.book.own_word(world.tenant, anna);
        world.book.offer(world.tenant, world.claim(anna, ClaimKind::Platform, Availability::Busy));
        assert_eq!(own(), None);
        let expires_at = Some(world.now().plus(Duration::from_mins(5)));
        let spoken = world.claim(anna, ClaimKind::Manual, Availability::Away);
        let spoken = Claim { activity: Some(Activity::OffWork), expires_at, ..spoken };
        let mark = Claim { availability: Availability::Unknown, is_out_of_office: true, ..spoken.clone() };
        let store = |as_of, stored| {
            world.apply(FactChange::Presence(PresenceFacts { contact: anna, as_of, stored, notes: vec![] }));
        };
        store(0, vec![mark]);
        assert_eq!(own(), None, "out of office is no state");

        store(1, vec![spoken]);

        assert_eq!(own(), Some(OwnWord { availability: Availability::Away, activity: Some(Activity::OffWork) }));
        world.clock.advance(Duration::from_mins(5));
        assert_eq!(own(), None);
    }
}
