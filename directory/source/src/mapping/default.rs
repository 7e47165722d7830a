//! The mapping that is used when a source has none of its own.

use directory_model::source::{Connection, FileConnection, FileFormat, Mapping};

/// The mapping for sources of the kind of `connection`.
///
/// Directories: Active Directory with Lync or Skype for Business, and OpenLDAP's inetOrgPerson.
/// CSV: columns named like our fields, or like a directory's attributes.
pub fn default_mapping(connection: &Connection) -> Mapping {
    let directory = directory_mapping();
    match connection {
        Connection::File(FileConnection { format: FileFormat::Csv, .. }) => with_field_names(directory),
        Connection::Ldap(_) | Connection::File(_) => directory,
        Connection::Exchange(_) => exchange_mapping(),
        Connection::Graph(_) => graph_mapping(),
        Connection::Ucwa(_) => ucwa_mapping(),
        Connection::Sip(_) => Mapping::default(),
    }
}

fn directory_mapping() -> Mapping {
    Mapping {
        external_id: names(&["objectGUID", "entryUUID", "nsUniqueId", "ipaUniqueID"]),
        sip: names(&["msRTCSIP-PrimaryUserAddress", "proxyAddresses"]),
        mail: names(&["mail", "proxyAddresses"]),
        skype: Vec::new(),
        first_name: names(&["givenName"]),
        last_name: names(&["sn"]),
        display_name: names(&["displayName", "cn"]),
        company: names(&["company", "o"]),
        job_title: names(&["title"]),
        office: names(&["physicalDeliveryOfficeName", "roomNumber"]),
        work_phone: names(&["telephoneNumber", "msRTCSIP-Line"]),
        work_country: names(&["co", "c"]),
        work_state: names(&["st"]),
        work_zip_code: names(&["postalCode"]),
        work_city: names(&["l"]),
        work_street: names(&["streetAddress", "street"]),
        service_marker: names(&["msRTCSIP-OwnerUrn"]),
        disabled_marker: names(&["userAccountControl", "nsAccountLock"]),
        sip_marker: names(&["msRTCSIP-UserEnabled"]),
        hybrid_marker: names(&["msRTCSIP-DeploymentLocator"]),
        photo: names(&["thumbnailPhoto", "jpegPhoto"]),
    }
}

/// The elements of a person whom Exchange found: what is in its `Contact`, and its `Mailbox`.
///
/// The address is the identity: it is all that Exchange can be asked for again.
fn exchange_mapping() -> Mapping {
    Mapping {
        external_id: names(&["Mailbox/EmailAddress"]),
        sip: names(&["ImAddresses/ImAddress1"]),
        mail: names(&["Mailbox/EmailAddress", "EmailAddresses/EmailAddress1"]),
        skype: Vec::new(),
        first_name: names(&["GivenName"]),
        last_name: names(&["Surname"]),
        display_name: names(&["DisplayName", "Mailbox/Name"]),
        company: names(&["CompanyName"]),
        job_title: names(&["JobTitle"]),
        office: names(&["OfficeLocation"]),
        work_phone: names(&["PhoneNumbers/BusinessPhone"]),
        work_country: names(&["PhysicalAddresses/Business/CountryOrRegion"]),
        work_state: names(&["PhysicalAddresses/Business/State"]),
        work_zip_code: names(&["PhysicalAddresses/Business/PostalCode"]),
        work_city: names(&["PhysicalAddresses/Business/City"]),
        work_street: names(&["PhysicalAddresses/Business/Street"]),
        service_marker: Vec::new(),
        disabled_marker: Vec::new(),
        sip_marker: Vec::new(),
        hybrid_marker: Vec::new(),
        photo: names(&["GetUserPhoto"]),
    }
}

/// The properties of a user of Microsoft Graph.
fn graph_mapping() -> Mapping {
    Mapping {
        external_id: names(&["id"]),
        sip: names(&["imAddresses", "proxyAddresses"]),
        mail: names(&["mail", "proxyAddresses"]),
        skype: Vec::new(),
        first_name: names(&["givenName"]),
        last_name: names(&["surname"]),
        display_name: names(&["displayName"]),
        company: names(&["companyName"]),
        job_title: names(&["jobTitle"]),
        office: names(&["officeLocation"]),
        work_phone: names(&["businessPhones"]),
        work_country: names(&["country"]),
        work_state: names(&["state"]),
        work_zip_code: names(&["postalCode"]),
        work_city: names(&["city"]),
        work_street: names(&["streetAddress"]),
        service_marker: Vec::new(),
        disabled_marker: names(&["accountEnabled"]),
        sip_marker: Vec::new(),
        hybrid_marker: Vec::new(),
        photo: names(&["photo"]),
    }
}

/// What UCWA tells of a contact; it knows no addresses of places.
fn ucwa_mapping() -> Mapping {
    Mapping {
        external_id: names(&["uri"]),
        sip: names(&["uri"]),
        mail: names(&["emailAddresses"]),
        display_name: names(&["name"]),
        company: names(&["company"]),
        job_title: names(&["title"]),
        office: names(&["office"]),
        work_phone: names(&["workPhoneNumber"]),
        photo: names(&["contactPhoto"]),
        ..Mapping::default()
    }
}

fn with_field_names(directory: Mapping) -> Mapping {
    Mapping {
        external_id: before(&["external_id", "id", "employee_id", "employeeNumber"], directory.external_id),
        sip: before(&["sip", "sip_address"], directory.sip),
        mail: before(&["mail", "email", "e-mail"], directory.mail),
        skype: before(&["skype"], directory.skype),
        first_name: before(&["first_name"], directory.first_name),
        last_name: before(&["last_name"], directory.last_name),
        display_name: before(&["display_name", "name"], directory.display_name),
        company: before(&["company"], directory.company),
        job_title: before(&["job_title"], directory.job_title),
        office: before(&["office"], directory.office),
        work_phone: before(&["work_phone", "phone"], directory.work_phone),
        work_country: before(&["work_country", "country"], directory.work_country),
        work_state: before(&["work_state", "state"], directory.work_state),
        work_zip_code: before(&["work_zip_code", "zip_code"], directory.work_zip_code),
        work_city: before(&["work_city", "city"], directory.work_city),
        work_street: before(&["work_street", "street"], directory.work_street),
        service_marker: before(&["service_urn"], directory.service_marker),
        disabled_marker: before(&["is_disabled"], directory.disabled_marker),
        sip_marker: before(&["is_sip_enabled"], directory.sip_marker),
        hybrid_marker: before(&["is_hybrid"], directory.hybrid_marker),
        photo: Vec::new(),
    }
}

fn names<T: for<'n> From<&'n str>>(names: &[&str]) -> Vec<T> {
    names.iter().map(|name| T::from(name)).collect()
}

fn before<T: for<'n> From<&'n str>>(own: &[&str], others: Vec<T>) -> Vec<T> {
    names(own).into_iter().chain(others).collect()
}

/// The other name of a folded attribute name: some servers answer with one when asked for the
/// other (RFC 4519 names two for each).
pub(super) fn other_name(folded: &str) -> Option<&'static str> {
    const PAIRS: [(&str, &str); 10] = [
        ("cn", "commonname"),
        ("sn", "surname"),
        ("givenname", "gn"),
        ("mail", "rfc822mailbox"),
        ("l", "localityname"),
        ("st", "stateorprovincename"),
        ("o", "organizationname"),
        ("c", "countryname"),
        ("co", "friendlycountryname"),
        ("street", "streetaddress"),
    ];
    PAIRS.iter().find_map(|(one, other)| match folded {
        name if name == *one => Some(*other),
        name if name == *other => Some(*one),
        _ => None,
    })
}
