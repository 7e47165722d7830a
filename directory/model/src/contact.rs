//! A contact: somebody or something that can be reached (seed 001).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::address::{AddressKind, ContactKey, check_address, normal_address};
use crate::id::{ContactId, GroupId, RunId, SiteId, SourceId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::timestamp::Timestamp;
use crate::valid::{Check, trimmed};

/// What an administrator may set on a contact. On the wire every field is present; in a request
/// absent fields take their defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "seed 001 lists these as independent check-boxes")]
pub struct ContactFields {
    /// SIP address; unique in the tenant when folded.
    pub sip: Option<String>,
    /// Mail address; unique in the tenant when folded. Synchronised.
    pub mail: Option<String>,
    /// Consumer Skype name; unique in the tenant when folded.
    pub skype: Option<String>,
    /// First name, at most 128 characters. Filled by synchronisation on create or link only.
    pub first_name: Option<String>,
    /// Last name, at most 128 characters. Filled by synchronisation on create or link only.
    pub last_name: Option<String>,
    /// The name that is shown, at most 256 characters. Synchronised.
    pub display_name: Option<String>,
    /// Company, at most 256 characters. Synchronised.
    pub company: Option<String>,
    /// Job title, at most 256 characters. Synchronised.
    pub job_title: Option<String>,
    /// Office, at most 256 characters. Synchronised.
    pub office: Option<String>,
    /// Work telephone number, at most 64 characters. Synchronised.
    pub work_phone: Option<String>,
    /// Country of work, at most 128 characters. Synchronised.
    pub work_country: Option<String>,
    /// State or province of work, at most 128 characters. Synchronised.
    pub work_state: Option<String>,
    /// Postal code of work, at most 40 characters. Synchronised.
    pub work_zip_code: Option<String>,
    /// City of work, at most 128 characters. Synchronised.
    pub work_city: Option<String>,
    /// Street of work, at most 256 characters. Synchronised.
    pub work_street: Option<String>,
    /// The site whose root group the contact belongs to.
    pub home_site: Option<SiteId>,
    /// The vCard may be viewed and downloaded.
    pub is_vcard_enabled: bool,
    /// Reachable although busy: a second call is put through.
    pub can_be_contacted_on_busy: bool,
    /// Calls use consumer Skype instead of Skype for Business.
    pub is_contactable_through_consumer_skype: bool,
    /// A service (call centre endpoint) instead of a person.
    pub is_ucma_endpoint: bool,
    /// Services only: show `service_display_name` instead of the display name.
    pub is_display_name_overwrite_enabled: bool,
    /// Services only: the name shown when the overwrite is enabled, at most 256 characters.
    pub service_display_name: Option<String>,
    /// Services only: the group whose members answer for it. Without one a service is staffed as
    /// long as nothing claims otherwise.
    pub staffed_by: Option<GroupId>,
    /// Persons only: also has presence, calendar and photo in the cloud.
    pub is_hybrid: bool,
    /// Taken out of service: not shown, not reachable, its addresses free for others.
    pub is_disabled: bool,
}

/// A contact as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its public identity.
    pub id: ContactId,
    /// What can be set.
    pub fields: ContactFields,
    /// Who took it out of service; `None` while in service.
    pub disabled_by: Option<DisabledBy>,
    /// Where each synchronised field came from. Fields set by hand are absent.
    pub provenance: BTreeMap<SyncedField, Provenance>,
    /// The number of changes to the contact's own fields; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its own fields last changed.
    pub updated_at: Timestamp,
}

/// Who took a contact out of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisabledBy {
    /// An administrator; synchronisation does not undo it.
    Manual,
    /// A run that no longer found it in its source, or found it disabled there.
    Sync,
}

/// The eleven fields that the directory overwrites (seed 001, "Edit Contact").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SyncedField {
    /// `mail`
    Mail,
    /// `display_name`
    DisplayName,
    /// `company`
    Company,
    /// `job_title`
    JobTitle,
    /// `office`
    Office,
    /// `work_phone`
    WorkPhone,
    /// `work_country`
    WorkCountry,
    /// `work_state`
    WorkState,
    /// `work_zip_code`
    WorkZipCode,
    /// `work_city`
    WorkCity,
    /// `work_street`
    WorkStreet,
}

impl SyncedField {
    /// All eleven, in seed 001's order.
    pub const ALL: [Self; 11] = [
        Self::Mail,
        Self::DisplayName,
        Self::Company,
        Self::JobTitle,
        Self::Office,
        Self::WorkPhone,
        Self::WorkCountry,
        Self::WorkState,
        Self::WorkZipCode,
        Self::WorkCity,
        Self::WorkStreet,
    ];

    /// The field's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::DisplayName => "display_name",
            Self::Company => "company",
            Self::JobTitle => "job_title",
            Self::Office => "office",
            Self::WorkPhone => "work_phone",
            Self::WorkCountry => "work_country",
            Self::WorkState => "work_state",
            Self::WorkZipCode => "work_zip_code",
            Self::WorkCity => "work_city",
            Self::WorkStreet => "work_street",
        }
    }

    /// The longest value, in characters.
    pub fn max_chars(self) -> usize {
        match self {
            Self::Mail => crate::address::ADDRESS_CHARS,
            Self::DisplayName | Self::Company | Self::JobTitle | Self::Office | Self::WorkStreet => 256,
            Self::WorkPhone => 64,
            Self::WorkCountry | Self::WorkState | Self::WorkCity => 128,
            Self::WorkZipCode => 40,
        }
    }

    /// The field's place in `fields`.
    pub fn of(self, fields: &ContactFields) -> &Option<String> {
        match self {
            Self::Mail => &fields.mail,
            Self::DisplayName => &fields.display_name,
            Self::Company => &fields.company,
            Self::JobTitle => &fields.job_title,
            Self::Office => &fields.office,
            Self::WorkPhone => &fields.work_phone,
            Self::WorkCountry => &fields.work_country,
            Self::WorkState => &fields.work_state,
            Self::WorkZipCode => &fields.work_zip_code,
            Self::WorkCity => &fields.work_city,
            Self::WorkStreet => &fields.work_street,
        }
    }

    /// The field's place in `fields`, to be written.
    pub fn of_mut(self, fields: &mut ContactFields) -> &mut Option<String> {
        match self {
            Self::Mail => &mut fields.mail,
            Self::DisplayName => &mut fields.display_name,
            Self::Company => &mut fields.company,
            Self::JobTitle => &mut fields.job_title,
            Self::Office => &mut fields.office,
            Self::WorkPhone => &mut fields.work_phone,
            Self::WorkCountry => &mut fields.work_country,
            Self::WorkState => &mut fields.work_state,
            Self::WorkZipCode => &mut fields.work_zip_code,
            Self::WorkCity => &mut fields.work_city,
            Self::WorkStreet => &mut fields.work_street,
        }
    }
}

/// The text names none of the eleven synchronised fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a synchronised field")]
pub struct NotSynced;

impl FromStr for SyncedField {
    type Err = NotSynced;

    fn from_str(name: &str) -> Result<Self, NotSynced> {
        Self::ALL.into_iter().find(|field| field.name() == name).ok_or(NotSynced)
    }
}

impl fmt::Display for SyncedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where the value of a synchronised field came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Provenance {
    /// The source that said it; `None` when it was entered by hand and pinned.
    pub source: Option<SourceId>,
    /// The run that wrote it; `None` when none did, as when a pin was taken away.
    pub run: Option<RunId>,
    /// When it was written.
    pub at: Timestamp,
    /// Kept as it is, whatever the source says.
    #[serde(default)]
    pub is_pinned: bool,
}

impl ContactFields {
    /// The name that others see: the service's overwrite, else the display name, else first and
    /// last name, else an address.
    pub fn shown_name(&self) -> String {
        let overwrite = self.is_ucma_endpoint && self.is_display_name_overwrite_enabled;
        let names = [self.first_name.as_deref(), self.last_name.as_deref()];
        let full = names.iter().flatten().copied().collect::<Vec<_>>().join(" ");
        None.or(self.service_display_name.as_deref().filter(|_| overwrite))
            .or(self.display_name.as_deref())
            .or(Some(full.as_str()).filter(|full| !full.is_empty()))
            .or(self.mail.as_deref())
            .or(self.sip.as_deref())
            .or(self.skype.as_deref())
            .unwrap_or_default()
            .to_owned()
    }

    /// The address of `kind`.
    pub fn address(&self, kind: AddressKind) -> Option<&str> {
        match kind {
            AddressKind::Sip => self.sip.as_deref(),
            AddressKind::Mail => self.mail.as_deref(),
            AddressKind::Skype => self.skype.as_deref(),
        }
    }

    /// The keys under which the contact is unique in its tenant; none while it is disabled.
    pub fn keys(&self) -> Vec<ContactKey> {
        if self.is_disabled {
            return Vec::new();
        }
        AddressKind::ALL
            .into_iter()
            .filter_map(|kind| self.address(kind).map(|address| ContactKey::new(kind, address)))
            .collect()
    }

    /// What a search for the contact looks into.
    pub fn search_parts(&self) -> impl Iterator<Item = &str> {
        let bare_sip = self.sip.as_deref().map(|sip| sip.trim_start_matches("sip:"));
        [
            self.display_name.as_deref(),
            self.service_display_name.as_deref(),
            self.first_name.as_deref(),
            self.last_name.as_deref(),
            self.mail.as_deref(),
            bare_sip,
            self.skype.as_deref(),
            self.job_title.as_deref(),
            self.company.as_deref(),
            self.office.as_deref(),
            self.work_phone.as_deref(),
            self.work_city.as_deref(),
        ]
        .into_iter()
        .flatten()
    }
}

impl Check for ContactFields {
    fn normal(mut self) -> Self {
        for field in SyncedField::ALL {
            let place = field.of_mut(&mut self);
            *place = trimmed(place.take());
        }
        self.first_name = trimmed(self.first_name);
        self.last_name = trimmed(self.last_name);
        self.service_display_name = trimmed(self.service_display_name);
        let normal = |kind, address| trimmed(address).map(|address| normal_address(kind, &address));
        self.sip = normal(AddressKind::Sip, self.sip);
        self.mail = normal(AddressKind::Mail, self.mail);
        self.skype = normal(AddressKind::Skype, self.skype);
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        for kind in AddressKind::ALL {
            refusals.extend(self.address(kind).and_then(|address| check_address(kind, address).err()));
        }
        for field in SyncedField::ALL.into_iter().filter(|field| *field != SyncedField::Mail) {
            refusals.text(field.name(), field.of(self).as_deref().unwrap_or_default(), field.max_chars());
        }
        refusals.text("first_name", self.first_name.as_deref().unwrap_or_default(), 128);
        refusals.text("last_name", self.last_name.as_deref().unwrap_or_default(), 128);
        refusals.text("service_display_name", self.service_display_name.as_deref().unwrap_or_default(), 256);
        refusals.require(!self.shown_name().is_empty(), "display_name", "", Rule::Required);
        self.service_refusals(&mut refusals);
        refusals.finish()
    }
}

impl ContactFields {
    fn service_refusals(&self, refusals: &mut Refusals) {
        let overwrite = self.is_display_name_overwrite_enabled;
        let name = self.service_display_name.as_deref();
        if self.is_ucma_endpoint {
            refusals.require(!self.is_hybrid, "is_hybrid", true, Rule::OnlyForPersons);
            refusals.require(
                !overwrite || name.is_some(),
                "is_display_name_overwrite_enabled",
                overwrite,
                Rule::Needs { other: "service_display_name".into() },
            );
        } else {
            refusals.require(!overwrite, "is_display_name_overwrite_enabled", true, Rule::OnlyForServices);
            let staff = self.staffed_by.map(|group| group.to_string());
            refusals.require(staff.is_none(), "staffed_by", staff.unwrap_or_default(), Rule::OnlyForServices);
            refusals.require(name.is_none(), "service_display_name", name.unwrap_or_default(), Rule::OnlyForServices);
        }
        let skype = self.is_contactable_through_consumer_skype;
        refusals.require(
            !skype || self.skype.is_some() || self.sip.is_some(),
            "is_contactable_through_consumer_skype",
            skype,
            Rule::Needs { other: "skype".into() },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> ContactFields {
        ContactFields { display_name: Some("Anna".into()), ..ContactFields::default() }
    }

    #[test]
    fn rules_of_seed_001_name_field_and_rule() {
        let hybrid_service = ContactFields { is_ucma_endpoint: true, is_hybrid: true, ..anna() };
        let overwritten_person = ContactFields { is_display_name_overwrite_enabled: true, ..anna() };
        let nameless = ContactFields::default();
        let overwrite_without_name =
            ContactFields { is_ucma_endpoint: true, is_display_name_overwrite_enabled: true, ..anna() };

        for (fields, field, rule) in [
            (hybrid_service, "is_hybrid", Rule::OnlyForPersons),
            (overwritten_person, "is_display_name_overwrite_enabled", Rule::OnlyForServices),
            (nameless, "display_name", Rule::Required),
            (
                overwrite_without_name,
                "is_display_name_overwrite_enabled",
                Rule::Needs { other: "service_display_name".into() },
            ),
        ] {
            let refusals = fields.check().expect_err(field);
            assert_eq!((refusals[0].field.as_str(), &refusals[0].rule), (field, &rule));
        }
    }

    #[test]
    fn the_overwrite_is_what_others_see_of_a_service() {
        let service = ContactFields {
            is_ucma_endpoint: true,
            is_display_name_overwrite_enabled: true,
            service_display_name: Some("Help line".into()),
            ..anna()
        };

        assert_eq!(service.check().expect("valid").shown_name(), "Help line");
        assert_eq!(anna().shown_name(), "Anna");
    }

    #[test]
    fn normal_form_trims_and_keys_are_released_when_disabled() {
        let fields = ContactFields { sip: Some(" Anna@X.org ".into()), mail: Some("  ".into()), ..anna() };

        let mut fields = fields.check().expect("valid").into_inner();

        assert_eq!(fields.sip.as_deref(), Some("sip:Anna@X.org"));
        assert_eq!(fields.mail, None);
        assert_eq!(fields.keys(), [ContactKey { kind: AddressKind::Sip, folded: "anna@x.org".into() }]);
        fields.is_disabled = true;
        assert_eq!(fields.keys(), []);
    }
}
