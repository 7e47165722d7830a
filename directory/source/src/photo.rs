//! A photo that somebody is asked for by name, and what may come back.

/// What is known of the photo of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoOf {
    /// This is it.
    Photo(Fetched),
    /// It is still the one whose tag was sent.
    Unchanged,
    /// The person, or the photo, does not exist.
    None,
    /// There is one, larger than anything that is carried.
    TooLarge,
}

/// A photo as it was got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The file; nothing is known yet of what is in it.
    pub bytes: Vec<u8>,
    /// What to send next time, to learn whether it changed.
    pub etag: Option<String>,
}
