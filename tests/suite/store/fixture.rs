//! What most tests of the store begin with.

use directory_model::contact::{Contact, ContactFields};
use directory_model::domain::DomainFields;
use directory_model::group::GroupFields;
use directory_model::id::{GroupId, TenantId};
use directory_model::invalid::{Invalid, Rule};
use directory_model::publication::PublicationFields;
use directory_model::site::SiteFields;
use directory_model::tenant::TenantFields;
use directory_model::valid::{Check, Valid};
use directory_store::error::{StoreError, StoreResult};
use directory_store::{PLATFORM, contacts, groups, tenants};
use suite::backend::TestDatabase;

/// A value whose rules hold.
pub(crate) fn valid<T: Check>(value: T) -> Valid<T> {
    value.check().unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

pub(crate) fn site(name: &str) -> Valid<SiteFields> {
    valid(SiteFields { name: name.into(), ..SiteFields::default() })
}

pub(crate) fn group(name: &str, parent: Option<GroupId>) -> Valid<GroupFields> {
    valid(GroupFields { name: name.into(), parent })
}

pub(crate) fn domain(title: &str) -> Valid<DomainFields> {
    valid(DomainFields { title: title.into(), hosts: vec!["www.example.com".into()], ..DomainFields::default() })
}

pub(crate) fn publication(title: &str) -> Valid<PublicationFields> {
    valid(PublicationFields { title: title.into(), ..PublicationFields::default() })
}

/// A person with this display name and nothing else.
pub(crate) fn person(name: &str) -> ContactFields {
    ContactFields { display_name: Some(name.into()), ..ContactFields::default() }
}

pub(crate) async fn tenant(db: &TestDatabase, name: &str) -> TenantId {
    let fields = valid(TenantFields { name: name.into(), ..TenantFields::default() });
    db.write(PLATFORM, move |tx| tenants::insert(tx, &fields)).await.id
}

pub(crate) async fn contact(db: &TestDatabase, tenant: TenantId, fields: ContactFields) -> Contact {
    let fields = valid(fields);
    db.write(tenant, move |tx| contacts::insert(tx, &fields)).await
}

pub(crate) async fn new_group(db: &TestDatabase, tenant: TenantId, name: &str, parent: Option<GroupId>) -> GroupId {
    let fields = group(name, parent);
    db.write(tenant, move |tx| groups::insert(tx, &fields)).await.id
}

/// The first refused field, and why.
pub(crate) fn refusal<T: std::fmt::Debug>(result: StoreResult<T>) -> (String, Rule) {
    match result {
        Err(StoreError::Refused(mut refusals)) => {
            let Invalid { field, rule, .. } = refusals.remove(0);
            (field, rule)
        }
        other => panic!("not refused: {other:?}"),
    }
}
