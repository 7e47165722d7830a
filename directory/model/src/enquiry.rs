//! What visitors leave when nobody can be reached: the wish to be called back, or a message.
//!
//! Of what a visitor wrote, somebody must be able to read all as long as it is to be answered, and
//! whoever is told by mail gets all of it: that is what it was written for. Everywhere else, and once it is
//! answered, what the tenant does not keep (features.md §2.3) is [`ANONYMISED_TEXT`] and
//! [`ANONYMISED_ADDRESS`].

use serde::{Deserialize, Serialize};

use crate::alert::{Language, is_mail_address};
use crate::country;
use crate::id::{EnquiryId, PublicationId, UserId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::publication::PublicationEntry;
use crate::source::is_web_address;
use crate::timestamp::Timestamp;

/// The longest message, in characters (features.md §2.7).
pub const MAX_TEXT_CHARS: usize = 500;
/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 128;
/// The longest text that may be a telephone number, in characters.
pub const MAX_PHONE_CHARS: usize = 64;
/// The longest text that visitors agree to, in characters.
pub const MAX_CONSENT_CHARS: usize = 1000;
/// The longest time that an enquiry is kept, in days.
pub const MAX_DAYS: u32 = 365;
/// How far ahead a call may be wished for, in days.
pub const MAX_DAYS_AHEAD: u32 = 30;
/// What stands where a text is not kept (features.md §2.3).
pub const ANONYMISED_TEXT: &str = "data got anonymized";
/// What stands where an address is not kept (features.md §2.3).
pub const ANONYMISED_ADDRESS: &str = "0.0.0.0";

/// What a page shows while nobody of it can be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenUnreachable {
    /// Nothing at all.
    Hide,
    /// Its cards, and when somebody can be reached next.
    #[default]
    NextTime,
    /// The same, and a form by which visitors ask to be called back.
    Callback,
    /// The same, and a form by which visitors leave a message.
    Form,
}

impl WhenUnreachable {
    /// What visitors may leave, if anything.
    pub fn offers(self) -> Option<EnquiryKind> {
        match self {
            Self::Hide | Self::NextTime => None,
            Self::Callback => Some(EnquiryKind::Callback),
            Self::Form => Some(EnquiryKind::Message),
        }
    }
}

/// What a visitor wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnquiryKind {
    /// To be called back.
    Callback,
    /// To have a message answered.
    Message,
}

/// How a publication takes enquiries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnquirySettings {
    /// The country of telephone numbers that name none, such as `DE`.
    pub country: Option<String>,
    /// What visitors agree to in English, at most 1000 characters; a usual text when absent.
    pub consent_en: Option<String>,
    /// The same in German.
    pub consent_de: Option<String>,
    /// Where visitors read how their data is handled, `https://…`.
    pub privacy_url: Option<String>,
    /// For how many days an enquiry is kept, 1 to 365.
    pub days: u32,
}

impl Default for EnquirySettings {
    fn default() -> Self {
        Self { country: None, consent_en: None, consent_de: None, privacy_url: None, days: 30 }
    }
}

impl EnquirySettings {
    /// What visitors agree to in `language`.
    pub fn consent(&self, language: Language) -> String {
        let own = match language {
            Language::En => &self.consent_en,
            Language::De => &self.consent_de,
        };
        own.clone().unwrap_or_else(|| usual_consent(language, self.days))
    }

    /// The same without blanks around its texts; empty ones are absent.
    pub(crate) fn normal(self) -> Self {
        let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            country: trimmed(self.country),
            consent_en: trimmed(self.consent_en),
            consent_de: trimmed(self.consent_de),
            privacy_url: trimmed(self.privacy_url),
            days: self.days,
        }
    }

    pub(crate) fn refuse(&self, refusals: &mut Refusals) {
        if let Some(code) = &self.country {
            refusals.require(country::is_known(code), "country", code, country::rule());
        }
        for (field, text) in [("consent_en", &self.consent_en), ("consent_de", &self.consent_de)] {
            refusals.text(field, text.as_deref().unwrap_or_default(), MAX_CONSENT_CHARS);
        }
        if let Some(url) = &self.privacy_url {
            let expected = "an address such as https://www.example.com/privacy";
            refusals.require(is_web_address(url), "privacy_url", url, Rule::Format { expected: expected.into() });
        }
        let range = Rule::OutOfRange { min: 1, max: MAX_DAYS.into() };
        refusals.require((1..=MAX_DAYS).contains(&self.days), "days", self.days, range);
    }
}

fn usual_consent(language: Language, days: u32) -> String {
    match (language, days) {
        (Language::En, 1) => "I agree that what I enter is used to answer me and deleted after one day.".into(),
        (Language::En, _) => format!("I agree that what I enter is used to answer me and deleted after {days} days."),
        (Language::De, 1) => {
            "Ich bin einverstanden, dass meine Angaben verwendet werden, um mir zu antworten, und nach einem Tag \
             gelöscht werden."
                .into()
        }
        (Language::De, _) => format!(
            "Ich bin einverstanden, dass meine Angaben verwendet werden, um mir zu antworten, und nach {days} Tagen \
             gelöscht werden."
        ),
    }
}

/// What a visitor enters.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnquiryFields {
    /// The form, as it was given.
    pub form: String,
    /// Who asks, 1 to 128 characters.
    #[serde(default)]
    pub name: String,
    /// Under which telephone number; needed for a callback.
    #[serde(default)]
    pub phone: Option<String>,
    /// Under which mail address; a message needs one of the two.
    #[serde(default)]
    pub mail: Option<String>,
    /// What is to be answered, at most 500 characters; needed for a message.
    #[serde(default)]
    pub text: Option<String>,
    /// Whom of the page it is about.
    #[serde(default)]
    pub about: Option<PublicationEntry>,
    /// When a call would suit, at most 30 days ahead.
    #[serde(default)]
    pub wished_at: Option<Timestamp>,
    /// Whether the visitor agrees to what the form says.
    #[serde(default)]
    pub has_consented: bool,
    /// Stays empty: people do not see it, and programs fill it in.
    #[serde(default)]
    pub website: String,
}

/// What a visitor left of themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Asker {
    /// Who asks.
    pub name: String,
    /// Under which telephone number, as E.164.
    pub phone: Option<String>,
    /// Under which mail address.
    pub mail: Option<String>,
    /// What is to be answered.
    pub text: Option<String>,
    /// When a call would suit.
    pub wished_at: Option<Timestamp>,
}

impl Asker {
    /// What is left once nobody needs to know it any more.
    #[must_use]
    pub fn anonymised() -> Self {
        let text = Some(ANONYMISED_TEXT.to_owned());
        Self { name: ANONYMISED_TEXT.into(), phone: None, mail: None, text, wished_at: None }
    }

    /// Reads what a visitor entered at `now` who wants `kind`; `e164` writes telephone numbers
    /// internationally. Fails with every rule that is broken.
    pub fn read(
        fields: &EnquiryFields,
        kind: EnquiryKind,
        now: Timestamp,
        e164: impl FnOnce(&str) -> Option<String>,
    ) -> Result<Self, Vec<Invalid>> {
        let mut refusals = Refusals::default();
        let given =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let (name, phone) = (fields.name.trim().to_owned(), given(&fields.phone));
        let (mail, text) = (given(&fields.mail), given(&fields.text));
        refusals.required_text("name", &name, MAX_NAME_CHARS);
        let is_line = !name.contains(['\n', '\t']);
        refusals.require(is_line, "name", name.escape_debug(), Rule::Format { expected: "one line".into() });
        let is_answerable = phone.is_some() || (kind == EnquiryKind::Message && mail.is_some());
        let missing = if kind == EnquiryKind::Callback { "phone" } else { "mail" };
        refusals.require(is_answerable, missing, "", Rule::Required);
        let phone = phone.and_then(|entered| read_phone(&entered, e164, &mut refusals));
        if let Some(mail) = &mail {
            let expected = "a mail address such as anna@example.com";
            refusals.require(is_mail_address(mail), "mail", mail, Rule::Format { expected: expected.into() });
        }
        refusals.require(kind == EnquiryKind::Callback || text.is_some(), "text", "", Rule::Required);
        refusals.text("text", text.as_deref().unwrap_or_default(), MAX_TEXT_CHARS);
        if let Some(at) = fields.wished_at {
            let expected = "a moment in the next 30 days";
            let is_near = at > now && at <= now.plus(DAY * MAX_DAYS_AHEAD);
            refusals.require(is_near, "wished_at", at, Rule::Format { expected: expected.into() });
        }
        refusals.require(fields.has_consented, "has_consented", false, Rule::Required);
        let expected = "left empty".into();
        refusals.require(fields.website.is_empty(), "website", &fields.website, Rule::Format { expected });
        refusals.finish()?;
        Ok(Self { name, phone, mail, text, wished_at: fields.wished_at })
    }
}

const DAY: std::time::Duration = std::time::Duration::from_hours(24);

fn read_phone(entered: &str, e164: impl FnOnce(&str) -> Option<String>, refusals: &mut Refusals) -> Option<String> {
    let is_short = entered.chars().count() <= MAX_PHONE_CHARS;
    let read = if is_short { e164(entered) } else { None };
    let expected = "a telephone number with its country, such as +49 30 123456";
    refusals.require(read.is_some(), "phone", entered, Rule::Format { expected: expected.into() });
    read
}

/// An enquiry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Enquiry {
    /// Its public identity.
    pub id: EnquiryId,
    /// What the visitor wants.
    pub kind: EnquiryKind,
    /// The page that it was left on; absent when that is gone.
    pub publication: Option<PublicationId>,
    /// Whom of the page it is about; absent when it is about nobody, or they are gone.
    pub about: Option<PublicationEntry>,
    /// What it says.
    #[serde(flatten)]
    pub said: Said,
    /// When it was answered.
    pub done_at: Option<Timestamp>,
    /// Who said so.
    pub done_by: Option<UserId>,
    /// When it was left.
    pub created_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// What an enquiry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Said {
    /// Who asks and what; anonymised once it is done, unless the tenant keeps what is written.
    pub asker: Asker,
    /// The title of the page, as it was then.
    pub publication_title: String,
    /// The name of whom it is about, as it was then.
    pub about_name: Option<String>,
    /// In which language the visitor wrote.
    pub language: Language,
    /// What the visitor agreed to.
    pub consent: String,
    /// From which address it came; `0.0.0.0` unless the tenant keeps that.
    pub client_address: String,
}

/// What is told of an enquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct EnquiryTold {
    /// The enquiry.
    pub id: EnquiryId,
    /// What the visitor wants.
    pub kind: EnquiryKind,
    /// The page that it was left on.
    pub publication: PublicationId,
    /// What it says. Requests to web servers have its text only when the tenant keeps what is written.
    #[serde(flatten)]
    pub said: Said,
}

impl EnquiryTold {
    /// The same for a program: the text only if it `is_text_kept`.
    #[must_use]
    pub fn for_programs(mut self, is_text_kept: bool) -> Self {
        if !is_text_kept && self.said.asker.text.is_some() {
            self.said.asker.text = Some(ANONYMISED_TEXT.into());
        }
        self
    }
}

#[cfg(test)]
mod tests;
