//! What a source says about its groups.

/// One group with everybody of the source who belongs to it, at any depth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceGroup {
    /// What identifies the group through renames: objectGUID or entryUUID bytes.
    pub external_id: Vec<u8>,
    /// What it is called.
    pub name: String,
    /// Where the group is found by a person: its DN.
    pub locator: String,
    /// Places in [`SourceGroups::people`], ascending, each once.
    pub members: Vec<u32>,
}

/// All groups of a source that are mirrored, after a read that the source said was complete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceGroups {
    /// The groups, in the source's order.
    pub groups: Vec<SourceGroup>,
    /// What identifies the entries of those who are in one of them.
    pub people: Vec<Vec<u8>>,
    /// How many groups were left out because nothing identifies them: each may be any that is missing.
    pub unidentified: u64,
}
