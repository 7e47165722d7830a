//! Small things that many tests need to be there.

use directory_model::contact::{Contact, ContactFields};
use directory_model::id::TenantId;
use directory_model::tenant::TenantFields;
use directory_model::user::{User, UserFields};
use directory_model::valid::{Check, Valid};
use directory_store::{PLATFORM, contacts, tenants, users};

use crate::backend::TestDatabase;

/// A contact's fields: a name and the addresses made from it.
pub fn person(name: &str) -> Valid<ContactFields> {
    let local = name.to_lowercase().replace(' ', ".");
    let fields = ContactFields {
        display_name: Some(name.into()),
        sip: Some(format!("sip:{local}@example.com")),
        mail: Some(format!("{local}@example.com")),
        ..ContactFields::default()
    };
    fields.check().expect("the fixture's contact is valid")
}

impl TestDatabase {
    /// Makes a tenant.
    pub async fn tenant(&self, name: &str) -> TenantId {
        let fields = TenantFields { name: name.into(), ..TenantFields::default() };
        let fields = fields.check().expect("the fixture's tenant is valid");
        self.write(PLATFORM, move |tx| tenants::insert(tx, &fields)).await.id
    }

    /// Makes a user of the tenant.
    pub async fn user(&self, tenant: TenantId, name: &str) -> User {
        let fields = UserFields { name: name.into(), ..UserFields::default() };
        let fields = fields.check().expect("the fixture's user is valid");
        self.write(tenant, move |tx| users::insert(tx, &fields)).await
    }

    /// Makes a contact of the tenant.
    pub async fn contact(&self, tenant: TenantId, name: &str) -> Contact {
        let fields = person(name);
        self.write(tenant, move |tx| contacts::insert(tx, &fields)).await
    }
}
