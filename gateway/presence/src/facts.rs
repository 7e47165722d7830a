//! What presence must know of the store's objects, as the follower loads them.
//!
//! These are copies, kept small: a hundred thousand contacts are held in memory.

use std::collections::{BTreeMap, BTreeSet};

use directory_model::avatar::Face;
use directory_model::contact::ContactFields;
use directory_model::domain::DomainFields;
use directory_model::id::TemplateId;
use directory_model::id::{ContactId, CustomStateId, DomainId, GroupId, PresenceProfileId, PublicationId, SiteId};
use directory_model::presence::custom::CustomState;
use directory_model::presence::rules::PresenceRules;
use directory_model::presence::{Claim, Note};
use directory_model::publication::{Publication, PublicationEntry, PublicationFields};
use directory_model::template::TemplateKind;
use directory_model::tenant::{Modality, TenantFields};

/// One thing of a tenant is now like this, or gone.
#[derive(Debug, Clone)]
pub enum FactChange {
    /// The tenant's settings.
    Tenant(TenantFacts),
    /// The tenant is gone, and everything of it.
    TenantRemoved,
    /// A contact.
    Contact(ContactFacts),
    /// A contact is gone, and with it what was claimed about it.
    ContactRemoved(ContactId),
    /// A group and its members.
    Group(GroupFacts),
    /// A group is gone.
    GroupRemoved(GroupId),
    /// A site.
    Site(SiteFacts),
    /// A site is gone.
    SiteRemoved(SiteId),
    /// A domain.
    Domain(DomainFacts),
    /// A domain is gone.
    DomainRemoved(DomainId),
    /// A publication and its entries. Boxed because it is by far the largest.
    Publication(Box<PublicationFacts>),
    /// A publication is gone.
    PublicationRemoved(PublicationId),
    /// What is stored of a contact's own word, and its notes.
    Presence(PresenceFacts),
    /// The tenant's rules of presence.
    PresenceRules(RulesFacts),
    /// A state that the tenant gave a name.
    CustomState(CustomState),
    /// A named state is gone.
    CustomStateRemoved(CustomStateId),
    /// What a profile that the tenant made is called: its name, and its names in other languages.
    Profile(PresenceProfileId, String, BTreeMap<String, String>),
    /// A profile that the tenant made is gone.
    ProfileRemoved(PresenceProfileId),
}

impl FactChange {
    /// Whether any contact of the tenant may look different because of it.
    pub(crate) fn is_general(&self) -> bool {
        match self {
            Self::Tenant(_)
            | Self::TenantRemoved
            | Self::Group(_)
            | Self::GroupRemoved(_)
            | Self::PresenceRules(_)
            | Self::CustomState(_)
            | Self::CustomStateRemoved(_)
            | Self::Profile(..)
            | Self::ProfileRemoved(_) => true,
            Self::Contact(_)
            | Self::ContactRemoved(_)
            | Self::Site(_)
            | Self::SiteRemoved(_)
            | Self::Domain(_)
            | Self::DomainRemoved(_)
            | Self::Publication(_)
            | Self::PublicationRemoved(_)
            | Self::Presence(_) => false,
        }
    }
}

/// The tenant's rules of presence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RulesFacts {
    /// How often they have changed; what is older never replaces what is newer.
    pub revision: i64,
    /// The rules.
    pub rules: PresenceRules,
}

/// The settings of a tenant that decide what visitors see.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the tenant's settings")]
pub struct TenantFacts {
    /// Nothing of the tenant is served.
    pub is_disabled: bool,
    /// Requests from any origin are answered.
    pub is_cors_disabled: bool,
    /// Contacts that are away or right back may be contacted.
    pub is_reachable_when_away: bool,
    /// Contacts may have a vCard.
    pub is_vcard_enabled: bool,
    /// What is claimed is not recorded.
    pub is_no_history: bool,
    /// The modalities that the tenant offers at all.
    pub modalities: BTreeSet<Modality>,
}

impl TenantFacts {
    /// What presence needs of `fields`.
    pub fn new(fields: &TenantFields) -> Self {
        Self {
            is_disabled: fields.is_disabled,
            is_cors_disabled: fields.is_cors_disabled,
            is_reachable_when_away: fields.is_reachable_when_away,
            is_vcard_enabled: fields.is_vcard_enabled,
            is_no_history: fields.is_no_history,
            modalities: fields.modalities.clone(),
        }
    }
}

/// A site, as cards name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFacts {
    /// Its identity.
    pub id: SiteId,
    /// What cards say.
    pub name: String,
    /// Named to visitors at all.
    pub is_enabled: bool,
    /// Its home contacts may be contacted although their profile is unavailable.
    pub is_reachable_when_unavailable: bool,
}

/// A group and who is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupFacts {
    /// Its identity.
    pub id: GroupId,
    /// What its card says.
    pub name: String,
    /// The site whose root group it is: the site's home contacts are members by themselves.
    pub root_of: Option<SiteId>,
    /// The contacts that were made members of it directly.
    pub members: Vec<ContactId>,
}

/// A domain and the origins that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainFacts {
    /// Its identity.
    pub id: DomainId,
    /// What it covers.
    pub fields: DomainFields,
    /// What its pages show for contacts without a picture.
    pub faces: Vec<Face>,
}

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationFacts {
    /// Its identity.
    pub id: PublicationId,
    /// The key that web pages carry.
    pub key: String,
    /// What was set on it.
    pub fields: PublicationFields,
    /// What it shows, in order.
    pub entries: Vec<PublicationEntry>,
    /// The templates that it shows, by kind; built-in ones are left out.
    pub templates: BTreeMap<TemplateKind, TemplateFacts>,
}

/// A template that a publication shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFacts {
    /// Which.
    pub id: TemplateId,
    /// Another one after each change of what it looks like.
    pub tag: String,
}

impl PublicationFacts {
    /// What presence needs of `publication`, which shows `templates`.
    pub fn new(publication: &Publication, templates: BTreeMap<TemplateKind, TemplateFacts>) -> Self {
        Self {
            templates,
            id: publication.id,
            key: publication.key.clone(),
            fields: publication.fields.clone(),
            entries: publication.entries.clone(),
        }
    }
}

/// What is stored of a contact's own word; replaces what was known before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceFacts {
    /// Whose.
    pub contact: ContactId,
    /// The number of the tenant's latest change when this was read; read before the rest. What was
    /// read earlier never replaces what was read later.
    pub as_of: i64,
    /// What was set by hand: a state, and that somebody is out of office.
    pub stored: Vec<Claim>,
    /// The notes, the one to show first.
    pub notes: Vec<Note>,
}

/// What cards need of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactFacts {
    /// Its identity.
    pub id: ContactId,
    /// The site that it belongs to.
    pub home_site: Option<SiteId>,
    /// The group whose members answer for it, if it is a service.
    pub staffed_by: Option<GroupId>,
    /// Its switches.
    pub flags: ContactFlags,
    /// Its pictures.
    pub faces: Box<[Face]>,
    texts: Texts,
}

/// The switches of a contact that decide how it is shown and reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "seed 001 lists these as independent check-boxes")]
pub struct ContactFlags {
    /// A service instead of a person.
    pub is_service: bool,
    /// Not shown and not reachable.
    pub is_disabled: bool,
    /// Reachable although busy.
    pub can_be_contacted_on_busy: bool,
    /// Chats and calls use consumer Skype.
    pub is_consumer_skype: bool,
    /// Its vCard may be viewed and downloaded.
    pub is_vcard_enabled: bool,
    /// Its presence and calendar are also taken from the cloud.
    pub is_hybrid: bool,
}

impl ContactFacts {
    /// What presence needs of a contact and its pictures.
    pub fn new(id: ContactId, fields: &ContactFields, faces: Vec<Face>) -> Self {
        let name = fields.shown_name();
        Self {
            id,
            home_site: fields.home_site,
            staffed_by: fields.staffed_by.filter(|_| fields.is_ucma_endpoint),
            flags: ContactFlags {
                is_service: fields.is_ucma_endpoint,
                is_disabled: fields.is_disabled,
                can_be_contacted_on_busy: fields.can_be_contacted_on_busy,
                is_consumer_skype: fields.is_contactable_through_consumer_skype,
                is_vcard_enabled: fields.is_vcard_enabled,
                is_hybrid: fields.is_hybrid,
            },
            faces: faces.into_boxed_slice(),
            texts: Texts::new([
                Some(&name),
                fields.job_title.as_deref(),
                fields.company.as_deref(),
                fields.sip.as_deref(),
                fields.mail.as_deref(),
                fields.skype.as_deref(),
                fields.work_phone.as_deref(),
            ]),
        }
    }

    /// The name that is shown.
    pub fn name(&self) -> &str {
        self.texts.get(0).unwrap_or_default()
    }

    /// The job title.
    pub fn title(&self) -> Option<&str> {
        self.texts.get(1)
    }

    /// The company.
    pub fn company(&self) -> Option<&str> {
        self.texts.get(2)
    }

    /// The SIP address with its scheme.
    pub fn sip(&self) -> Option<&str> {
        self.texts.get(3)
    }

    /// The mail address.
    pub fn mail(&self) -> Option<&str> {
        self.texts.get(4)
    }

    /// The consumer Skype name.
    pub fn skype(&self) -> Option<&str> {
        self.texts.get(5)
    }

    /// The work telephone number as it was written.
    pub fn phone(&self) -> Option<&str> {
        self.texts.get(6)
    }
}

const TEXTS: usize = 7;

/// Seven optional texts in one allocation. Separate strings would double the memory of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Texts {
    all: Box<str>,
    ends: [u16; TEXTS],
}

impl Texts {
    /// An empty text counts as absent; what does not fit into 64 KiB together is left out.
    fn new(texts: [Option<&str>; TEXTS]) -> Self {
        let mut all = String::with_capacity(texts.iter().flatten().map(|text| text.len()).sum());
        let mut ends = [0; TEXTS];
        let mut last = 0;
        for (text, end) in texts.into_iter().zip(&mut ends) {
            let text = text.unwrap_or_default();
            if let Ok(fits) = u16::try_from(all.len() + text.len()) {
                all.push_str(text);
                last = fits;
            }
            *end = last;
        }
        Self { all: all.into_boxed_str(), ends }
    }

    fn get(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied()?;
        self.all.get(usize::from(start)..usize::from(end)).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use directory_model::id::CountedIds;

    use super::*;

    #[test]
    fn packed_texts_come_out_as_they_went_in() {
        let fields = ContactFields {
            display_name: Some("Änne Berg".into()),
            company: Some("Contoso".into()),
            skype: Some("live:anna".into()),
            ..ContactFields::default()
        };

        let facts = ContactFacts::new(ContactId::new(&CountedIds::default()), &fields, Vec::new());

        assert_eq!(facts.name(), "Änne Berg");
        assert_eq!((facts.title(), facts.company(), facts.sip()), (None, Some("Contoso"), None));
        assert_eq!((facts.mail(), facts.skype(), facts.phone()), (None, Some("live:anna"), None));
    }

    #[test]
    fn a_text_that_does_not_fit_is_left_out() {
        let long = "x".repeat(70_000);
        let texts = Texts::new([Some("a"), Some(&long), Some("b"), None, None, None, None]);

        assert_eq!((texts.get(0), texts.get(1), texts.get(2)), (Some("a"), None, Some("b")));
    }
}
