//! The bounds of what is read, held before anything is built of it.

/// The longest message that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// How deep objects and lists may be in each other: no argument needs half of it.
pub const MAX_DEPTH: usize = 16;

/// Why a message is not even looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It has more than [`MAX_BYTES`].
    TooLarge,
    /// Its objects and lists are more than [`MAX_DEPTH`] deep in each other.
    TooDeep,
}

/// Refuses a text that is too large or too deep, whether it is JSON or not.
pub fn scan(text: &str) -> Result<(), Refused> {
    if text.len() > MAX_BYTES {
        return Err(Refused::TooLarge);
    }
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b'{' | b'[' if !is_quoted => depth += 1,
            b'}' | b']' if !is_quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(Refused::TooDeep);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_what_is_open_and_not_what_is_quoted() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);

        assert_eq!(scan(&nested(MAX_DEPTH)), Ok(()));
        assert_eq!(scan(&nested(MAX_DEPTH + 1)), Err(Refused::TooDeep));
        assert_eq!(scan(&"{\"a\":[]},".repeat(100)), Ok(()), "beside each other is not in each other");
        assert_eq!(scan(&format!("\"{}\\\"{}\"", nested(40), nested(40))), Ok(()));
    }

    #[test]
    fn size_counts_bytes() {
        assert_eq!(scan(&" ".repeat(MAX_BYTES)), Ok(()));
        assert_eq!(scan(&" ".repeat(MAX_BYTES + 1)), Err(Refused::TooLarge));
        assert_eq!(scan(&"ä".repeat(MAX_BYTES / 2 + 1)), Err(Refused::TooLarge));
    }
}
