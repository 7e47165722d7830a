//! What changed between two presences, and how a watcher takes it in. Pure.

use crate::flags::Flags;
use crate::presence::{Call, DISCONNECTED, Presence, RemoteContact, action};

/// The sections that differ from `old` to `new`, and an update with only these. Nothing is told of
/// sections that the watcher did not subscribe to: neither presence has them then.
pub fn diff(old: &Presence, new: &Presence) -> (Flags, Presence) {
    let changed = changed(old, new);
    let mut update = new.clone().restricted_to(changed);
    if changed.has(Flags::CALLS) {
        update.calls = Some(calls(old.calls.as_deref().unwrap_or_default(), new.calls.as_deref().unwrap_or_default()));
    }
    (changed, update)
}

/// The sections to name to a watcher of `subscribed`: what a contact is called comes in two sections, and
/// whoever subscribed to one of them is told of that one.
pub fn told(changed: Flags, subscribed: Flags) -> Flags {
    let data = Flags::DATA | Flags::DATA_WITH_IMAGE;
    let named = changed & subscribed;
    named | if changed.has(data) && !named.has(data) { subscribed & data } else { Flags::NONE }
}

fn changed(old: &Presence, new: &Presence) -> Flags {
    let configuration = |of: &Presence| {
        let rights = (of.static_rights, of.monitor_rights, of.static_rights_2, of.feature_set);
        (rights, of.property_bag.clone(), of.capabilities.clone())
    };
    let presence = |of: &Presence| (of.state, of.since, of.shown_as.clone());
    let appointments =
        |of: &Presence| (of.appointments.clone(), of.next_appointment.clone(), of.next_appointments.clone());
    let hash = |of: &Presence| of.remote_contact.as_ref().and_then(|contact| contact.image_hash.clone());
    let has_other_image = hash(old) != hash(new);
    let has_other_data = without_image(old) != without_image(new);
    // The section with the picture has all of the other, so it stands for both when a picture is known.
    let is_with_image = has_other_image || (has_other_data && hash(new).is_some());
    Flags::NONE
        .with(Flags::PRESENCE, presence(old) != presence(new))
        .with(Flags::DATA, has_other_data)
        .with(Flags::DATA_WITH_IMAGE, is_with_image)
        .with(Flags::CONFIGURATION, configuration(old) != configuration(new))
        .with(Flags::ABSENT_STATE, old.absent_state != new.absent_state)
        .with(Flags::NOTE, old.custom_note != new.custom_note)
        .with(Flags::APPOINTMENT, appointments(old) != appointments(new))
        .with(Flags::PHONE_LINES, old.lines != new.lines)
        .with(Flags::CALLS, old.calls != new.calls)
        .with(Flags::FORWARDS, old.forwards != new.forwards)
        .with(Flags::DYNAMIC_RIGHTS, old.dynamic_rights != new.dynamic_rights)
        .with(Flags::AGENT_STATE, old.agent_state != new.agent_state)
        .with(Flags::MONITOR_GROUPING, old.monitor_grouping != new.monitor_grouping)
}

fn without_image(of: &Presence) -> Option<RemoteContact> {
    of.remote_contact.clone().map(|contact| RemoteContact { image_hash: None, ..contact })
}

/// The calls that are new, changed or ended.
fn calls(old: &[Call], new: &[Call]) -> Vec<Call> {
    let find = |calls: &[Call], id: &str| calls.iter().find(|call| call.connection_id == id).cloned();
    let gone = old.iter().filter(|call| find(new, &call.connection_id).is_none());
    let ended = gone.map(|call| Call { action: action::DELETED, state: DISCONNECTED, ..call.clone() });
    let standing = new.iter().filter_map(|call| match find(old, &call.connection_id) {
        Some(known) if known == *call => None,
        Some(_) => Some(Call { action: action::CHANGED, ..call.clone() }),
        None => Some(Call { action: action::ADDED, ..call.clone() }),
    });
    ended.chain(standing).collect()
}

/// Takes an update in, as a watcher does that knows `presence`.
pub fn apply(presence: &mut Presence, changed: Flags, update: &Presence) {
    let told = |section| changed.has(section);
    if told(Flags::PRESENCE) {
        presence.state = update.state;
        presence.since = update.since;
        presence.shown_as.clone_from(&update.shown_as);
    }
    if told(Flags::DATA | Flags::DATA_WITH_IMAGE) {
        presence.remote_contact.clone_from(&update.remote_contact);
    }
    if told(Flags::CONFIGURATION) {
        presence.property_bag.clone_from(&update.property_bag);
        presence.capabilities.clone_from(&update.capabilities);
        presence.feature_set = update.feature_set;
        presence.static_rights = update.static_rights;
        presence.static_rights_2 = update.static_rights_2;
        presence.monitor_rights = update.monitor_rights;
    }
    if told(Flags::ABSENT_STATE) {
        presence.absent_state.clone_from(&update.absent_state);
    }
    if told(Flags::NOTE) {
        presence.custom_note.clone_from(&update.custom_note);
    }
    if told(Flags::APPOINTMENT) {
        presence.appointments.clone_from(&update.appointments);
        presence.next_appointment.clone_from(&update.next_appointment);
        presence.next_appointments.clone_from(&update.next_appointments);
    }
    if told(Flags::PHONE_LINES) {
        presence.lines.clone_from(&update.lines);
    }
    if told(Flags::CALLS) {
        take_calls(presence.calls.get_or_insert_default(), update.calls.as_deref().unwrap_or_default());
    }
    if told(Flags::FORWARDS) {
        presence.forwards.clone_from(&update.forwards);
    }
    if told(Flags::DYNAMIC_RIGHTS) {
        presence.dynamic_rights.clone_from(&update.dynamic_rights);
    }
    if told(Flags::AGENT_STATE) {
        presence.agent_state.clone_from(&update.agent_state);
    }
    if told(Flags::MONITOR_GROUPING) {
        presence.monitor_grouping.clone_from(&update.monitor_grouping);
    }
}

fn take_calls(known: &mut Vec<Call>, told: &[Call]) {
    for call in told {
        known.retain(|known| known.connection_id != call.connection_id);
        if call.action != action::DELETED {
            known.push(Call { action: action::ADDED, ..call.clone() });
        }
    }
    known.sort_by(|one, other| one.connection_id.cmp(&other.connection_id));
}

#[cfg(test)]
mod tests;
