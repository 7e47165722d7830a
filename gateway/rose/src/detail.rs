//! Why something that is an operation is refused: the numbers of `iErrorDetail`.

/// Why a request is refused. The first four are those of `AsnSetDynamicRightsErrorEnum`, the others ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Something went wrong here.
    General,
    /// The contact is seen, and what is asked is not allowed.
    PermissionDenied,
    /// There are no such rights.
    UnknownRights,
    /// There is no such contact, or none that may be seen.
    UnknownContact,
    /// A value breaks a rule.
    InvalidValue,
    /// More is asked for than one client may have.
    TooMany,
    /// The store does not answer now.
    Unavailable,
}

impl Detail {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::General,
        Self::PermissionDenied,
        Self::UnknownRights,
        Self::UnknownContact,
        Self::InvalidValue,
        Self::TooMany,
        Self::Unavailable,
    ];

    /// Its number, and what it is in words.
    pub fn row(self) -> (i64, &'static str) {
        match self {
            Self::General => (0, "something went wrong"),
            Self::PermissionDenied => (1, "permission denied"),
            Self::UnknownRights => (3, "unknown rights"),
            Self::UnknownContact => (4, "unknown contact"),
            Self::InvalidValue => (5, "invalid value"),
            Self::TooMany => (6, "too many"),
            Self::Unavailable => (7, "temporarily unavailable"),
        }
    }
}

/// Why somebody who is known is not let in, or not any longer (`AsnLogonErrorEnum`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogOn {
    /// Who they are is not known any more.
    NotKnown,
    /// As many users are signed in as the tenant has licences.
    NoLicence,
    /// The user may not use clients.
    NotAllowed,
    /// The user has too many clients.
    TooManyClients,
}

impl LogOn {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::NotKnown, Self::NoLicence, Self::NotAllowed, Self::TooManyClients];

    /// Its number, and what it is in words.
    pub fn row(self) -> (i64, &'static str) {
        match self {
            Self::NotKnown => (101, "the session or token is not valid"),
            Self::NoLicence => (103, "no client licence is free"),
            Self::NotAllowed => (110, "this user may not use clients"),
            Self::TooManyClients => (131, "this user has too many clients"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_stay_as_they_are() {
        let of_requests = Detail::ALL.map(|detail| detail.row().0);
        let of_log_on = LogOn::ALL.map(|reason| reason.row().0);

        assert_eq!(of_requests, [0, 1, 3, 4, 5, 6, 7]);
        assert_eq!(of_log_on, [101, 103, 110, 131]);
    }
}
