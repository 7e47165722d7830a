//! What became of a message that was sent.

use directory_model::alert::DeliveryFailure;
use directory_store::alert_outbox::Told;

/// What became of one try.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// To whom it need not be sent again.
    pub(crate) told: Told,
    /// It arrived somewhere.
    pub(crate) has_arrived: bool,
    /// Why it did not arrive, or not everywhere.
    pub(crate) failure: Option<DeliveryFailure>,
    /// Trying again may help.
    pub(crate) is_again: bool,
}

impl Outcome {
    /// It arrived.
    pub(crate) fn arrived() -> Self {
        Self { has_arrived: true, ..Self::default() }
    }

    /// It arrived nowhere.
    pub(crate) fn failed(failure: DeliveryFailure, is_again: bool) -> Self {
        Self { failure: Some(failure), is_again, ..Self::default() }
    }
}
