//! Values that were checked: holding a [`Valid`] means the rules hold.

use std::ops::Deref;

use crate::invalid::Invalid;

/// A value whose rules hold. It can be read, not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid<T>(T);

impl<T> Valid<T> {
    /// Gives the value up, and with it the promise.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Valid<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A value with rules that need nothing but the value itself.
pub trait Check: Sized {
    /// Brings the value into its normal form: trimmed text, empty optional text to `None`.
    #[must_use]
    fn normal(self) -> Self {
        self
    }

    /// Every refusal of the value in its normal form.
    fn refusals(&self) -> Result<(), Vec<Invalid>>;

    /// The normal form of the value, or every reason against it.
    fn check(self) -> Result<Valid<Self>, Vec<Invalid>> {
        let normal = self.normal();
        normal.refusals()?;
        Ok(Valid(normal))
    }
}

/// Trims `text`; nothing but white space becomes `None`.
pub fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
