//! The merged state as one number (`iPresenceState`, features.md §8.4).

use directory_model::presence::{Activity, Availability, Claim, ClaimKind, Presence};

/// The number of what nothing is known of.
pub const UNCONTROLLED: u32 = 0;
/// The number of who is free.
pub const AVAILABLE: u32 = 1;
/// The number of who is occupied.
pub const BUSY: u32 = 2;
/// The number of who is away.
pub const ABSENT: u32 = 3;
/// The number of who wants no contact.
pub const DO_NOT_DISTURB: u32 = 4;
/// The number of what does not work. Nothing here says so; clients may meet it elsewhere.
pub const OUT_OF_ORDER: u32 = 7;

/// The work after a call.
pub const WORKING_AFTER_CALL: u32 = 0x0001_0000;
/// In a conference.
pub const CONFERENCING: u32 = 0x0002_0000;
/// A telephone rings.
pub const RINGING: u32 = 0x0100_0000;
/// In an appointment.
pub const APPOINTMENT: u32 = 0x0200_0000;
/// In a call.
pub const CALL: u32 = 0x0400_0000;
/// Signed out everywhere.
pub const OFFLINE: u32 = 0x0800_0000;
/// A note is set.
pub const NOTE_SET: u32 = 0x1000_0000;
/// Not at the device for a while; with [`AVAILABLE`] it is seed 002's *Inactive*.
pub const IDLE: u32 = 0x2000_0000;
/// Reachable on a mobile device.
pub const MOBILE: u32 = 0x4000_0000;

/// The part that is one of the six numbers.
pub const STATE_MASK: u32 = 0xFF;

/// The number of `presence`, with the flags that unexpired `claims` give it.
pub fn number(presence: &Presence, claims: &[Claim], has_note: bool) -> u32 {
    let base = match presence.availability {
        Availability::Available => AVAILABLE,
        Availability::Inactive => AVAILABLE | IDLE,
        Availability::Busy => BUSY,
        Availability::DoNotDisturb => DO_NOT_DISTURB,
        Availability::BeRightBack | Availability::Away => ABSENT,
        Availability::Offline => ABSENT | OFFLINE,
        Availability::Unknown => UNCONTROLLED,
    };
    let note = if has_note { NOTE_SET } else { 0 };
    claims.iter().map(flags).fold(base | note, |all, flags| all | flags)
}

/// The flags that one claim gives.
fn flags(claim: &Claim) -> u32 {
    let is_busy = claim.availability == Availability::Busy;
    let is_line = matches!(claim.kind, ClaimKind::Telephone | ClaimKind::Softphone);
    let has_calls = is_line || claim.kind == ClaimKind::AudioVideo;
    match (claim.kind, claim.activity) {
        _ if is_line && claim.is_ringing => RINGING,
        (_, Some(Activity::OnThePhone)) if has_calls => CALL,
        (_, Some(Activity::InAConference)) => CONFERENCING,
        (_, None) if is_line && is_busy => WORKING_AFTER_CALL,
        (ClaimKind::Calendar, _) if is_busy => APPOINTMENT,
        (ClaimKind::Mobile, _) if claim.availability == Availability::Available => MOBILE,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fill::tests::{claim, presence};

    #[test]
    fn each_state_has_its_number() {
        for (availability, expected) in [
            (Availability::Available, 1),
            (Availability::Inactive, 0x2000_0001),
            (Availability::Busy, 2),
            (Availability::DoNotDisturb, 4),
            (Availability::BeRightBack, 3),
            (Availability::Away, 3),
            (Availability::Offline, 0x0800_0003),
            (Availability::Unknown, 0),
        ] {
            assert_eq!(number(&presence(availability), &[], false), expected, "{availability:?}");
        }
    }

    #[test]
    fn each_flag_has_its_bit() {
        use Availability::{Available, Away, Busy, Offline};
        let on_phone = Some(Activity::OnThePhone);
        for (kind, availability, activity, flag) in [
            (ClaimKind::Telephone, Busy, on_phone, 0x0400_0000),
            (ClaimKind::Softphone, Busy, on_phone, 0x0400_0000),
            (ClaimKind::AudioVideo, Busy, on_phone, 0x0400_0000),
            (ClaimKind::AudioVideo, Busy, Some(Activity::InAConference), 0x0002_0000),
            (ClaimKind::Telephone, Busy, None, 0x0001_0000),
            (ClaimKind::Softphone, Busy, None, 0x0001_0000),
            (ClaimKind::Calendar, Busy, Some(Activity::InAMeeting), 0x0200_0000),
            (ClaimKind::Mobile, Available, None, 0x4000_0000),
            // What says nothing of its own.
            (ClaimKind::Mobile, Away, None, 0),
            (ClaimKind::Calendar, Available, None, 0),
            (ClaimKind::Telephone, Available, None, 0),
            (ClaimKind::Computer, Offline, None, 0),
            (ClaimKind::Manual, Busy, on_phone, 0),
        ] {
            let claim = claim(kind, availability, activity);
            let found = number(&presence(Availability::Available), &[claim], false);
            assert_eq!(found, AVAILABLE | flag, "{kind:?} {availability:?} {activity:?}");
        }
        assert_eq!(number(&presence(Available), &[], true), 0x1000_0001);
    }

    #[test]
    fn flags_add_up() {
        let rings = claim(ClaimKind::Softphone, Availability::Available, None);
        let claims = [
            claim(ClaimKind::Telephone, Availability::Busy, Some(Activity::OnThePhone)),
            claim(ClaimKind::Calendar, Availability::Busy, Some(Activity::InAMeeting)),
            Claim { is_ringing: true, ..rings },
        ];

        assert_eq!(
            number(&presence(Availability::Busy), &claims, true),
            BUSY | CALL | APPOINTMENT | NOTE_SET | RINGING
        );
    }

    #[test]
    fn inactive_is_available_and_idle() {
        assert_eq!(number(&presence(Availability::Inactive), &[], false), 0x2000_0001);
        assert_eq!(AVAILABLE | IDLE, 0x2000_0001);
    }
}
