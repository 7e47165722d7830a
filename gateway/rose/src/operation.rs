//! The operations and their numbers (features.md §8.2).

/// Everything that one side may ask of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// A sign of life.
    KeepAlive,
    /// Sets somebody's own word.
    SetUserAbsentState,
    /// Shows somebody's own word.
    GetUserAbsentState,
    /// Takes somebody's own word back.
    ResetUserAbsentState,
    /// Event: one's own word changed.
    UpdateMyAbsentStateV2,
    /// Sets somebody's notes.
    CustomNoteSet,
    /// Event: one's own notes changed.
    UpdateMyCustomNote,
    /// Shows the large picture of a contact.
    RequestLargeProfileImage,
    /// Shows the picture of a contact.
    RequestContactImage,
    /// Event: something about a contact changed; as V1 calls it.
    UpdatePresence,
    /// Event: a contact is not there any more.
    RemovePresence,
    /// Shows contacts and tells what changes; as V1 calls it.
    GetAndSubscribePresence,
    /// Tells no more of contacts.
    UnsubscribePresence,
    /// Event: something about a contact changed.
    UpdatePresenceV2,
    /// Shows contacts and tells what changes.
    GetAndSubscribePresenceV2,
    /// Says what a colleague may see of one's own contact.
    SetDynamicRights,
    /// Takes back what was said about that.
    RemoveDynamicRights,
    /// Event: who asks to see one's own contact.
    MyPresenceRightsChallenge,
    /// Asks to be told who asks.
    RequestMyPresenceRightsChallenge,
    /// Forgets who asked.
    ResetMyPresenceRightsChallenges,
}

use Operation as O;

/// Name and number of each. The numbers of V1 and of the last three are not published: the former are
/// those that the gap in V2's suggests, the latter our own, and clients may leave them out.
const TABLE: [(Operation, &str, u32); 20] = [
    (O::KeepAlive, "asnKeepAlive", 100),
    (O::SetUserAbsentState, "asnSetUserAbsentState", 1128),
    (O::GetUserAbsentState, "asnGetUserAbsentState", 1129),
    (O::ResetUserAbsentState, "asnResetUserAbsentState", 1130),
    (O::UpdateMyAbsentStateV2, "asnUpdateMyAbsentStateV2", 1313),
    (O::CustomNoteSet, "asnCustomNoteSet", 1510),
    (O::UpdateMyCustomNote, "asnUpdateMyCustomNote", 1511),
    (O::RequestLargeProfileImage, "asnRequestLargeProfileImage", 1601),
    (O::RequestContactImage, "asnRequestContactImage", 1602),
    (O::UpdatePresence, "asnUpdatePresence", 4500),
    (O::RemovePresence, "asnRemovePresence", 4501),
    (O::GetAndSubscribePresence, "asnGetAndSubscribePresence", 4502),
    (O::UnsubscribePresence, "asnUnsubscribePresence", 4503),
    (O::UpdatePresenceV2, "asnUpdatePresenceV2", 4504),
    (O::GetAndSubscribePresenceV2, "asnGetAndSubscribePresenceV2", 4505),
    (O::SetDynamicRights, "asnSetDynamicRights", 4510),
    (O::RemoveDynamicRights, "asnRemoveDynamicRights", 4511),
    (O::MyPresenceRightsChallenge, "asnMyPresenceRightsChallenge", 4520),
    (O::RequestMyPresenceRightsChallenge, "asnRequestMyPresenceRightsChallenge", 4521),
    (O::ResetMyPresenceRightsChallenges, "asnResetMyPresenceRightsChallenges", 4522),
];

/// Other names by which an operation is known: seed 002 speaks of `asnCustomNote`.
const ALIASES: [(Operation, &str); 1] = [(O::CustomNoteSet, "asnCustomNote")];

impl Operation {
    /// Every operation, by number.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.into_iter().map(|(operation, ..)| operation)
    }

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Its number on the wire.
    pub fn number(self) -> u32 {
        self.row().2
    }

    /// The operation of this number, or name, or both if they are of one; `None` when there is none.
    pub fn find(number: Option<u32>, name: Option<&str>) -> Option<Self> {
        let by_number = |sought: u32| TABLE.iter().find(|(.., number)| *number == sought).map(|row| row.0);
        let by_name = |sought: &str| {
            let named = TABLE.iter().find(|(_, name, _)| *name == sought).map(|row| row.0);
            named.or_else(|| ALIASES.iter().find(|(_, name)| *name == sought).map(|row| row.0))
        };
        match (number, name) {
            (Some(number), Some(name)) => by_number(number).filter(|found| by_name(name) == Some(*found)),
            (Some(number), None) => by_number(number),
            (None, Some(name)) => by_name(name),
            (None, None) => None,
        }
    }

    fn row(self) -> (Self, &'static str, u32) {
        // The table has a row for each, in the order of the variants, which a test holds.
        TABLE.get(self as usize).copied().unwrap_or((self, "", 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_the_name_and_number_that_are_published() {
        for (name, number) in [
            ("asnKeepAlive", 100),
            ("asnSetUserAbsentState", 1128),
            ("asnGetUserAbsentState", 1129),
            ("asnResetUserAbsentState", 1130),
            ("asnUpdateMyAbsentStateV2", 1313),
            ("asnCustomNoteSet", 1510),
            ("asnUpdateMyCustomNote", 1511),
            ("asnRequestLargeProfileImage", 1601),
            ("asnRequestContactImage", 1602),
            ("asnRemovePresence", 4501),
            ("asnUnsubscribePresence", 4503),
            ("asnUpdatePresenceV2", 4504),
            ("asnGetAndSubscribePresenceV2", 4505),
            ("asnSetDynamicRights", 4510),
            ("asnRemoveDynamicRights", 4511),
        ] {
            let found = Operation::find(Some(number), None).expect(name);
            assert_eq!((found.name(), found.number()), (name, number));
        }
    }

    #[test]
    fn an_operation_is_found_by_number_by_name_and_by_both_if_they_agree() {
        for (at, operation) in Operation::all().enumerate() {
            assert_eq!(operation as usize, at, "the table is in the order of the variants");
            assert_eq!(Operation::find(Some(operation.number()), None), Some(operation));
            assert_eq!(Operation::find(None, Some(operation.name())), Some(operation));
            assert_eq!(Operation::find(Some(operation.number()), Some(operation.name())), Some(operation));
        }
        assert_eq!(Operation::find(Some(4505), Some("asnKeepAlive")), None);
        assert_eq!(Operation::find(None, Some("asnCustomNote")), Some(Operation::CustomNoteSet));
        for (number, name) in [(Some(7), None), (None, Some("asnFly")), (None, None)] {
            assert_eq!(Operation::find(number, name), None);
        }
    }
}
