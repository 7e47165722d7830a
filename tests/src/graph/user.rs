//! A user of a tenant.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

/// A user with the properties that are told of one.
#[derive(Debug, Clone)]
pub struct User {
    /// The identity, a GUID.
    pub id: String,
    /// The other properties.
    pub other: Value,
    pub(super) photo: Option<Photo>,
}

/// A photo in two sizes.
#[derive(Debug, Clone)]
pub(super) struct Photo {
    file: Vec<u8>,
    width: u32,
}

impl User {
    /// The user with that number.
    pub fn new(number: usize) -> Self {
        let mail = format!("user{number}@example.com");
        let other = json!({
            "userPrincipalName": format!("user{number}@example.onmicrosoft.com"), "displayName": format!("User {number}"),
            "givenName": "User", "surname": number.to_string(), "mail": mail, "accountEnabled": true,
            "companyName": "Example", "jobTitle": "Engineer", "officeLocation": "B1/12",
            "businessPhones": ["+49 30 1234"], "country": "Germany", "state": "BE", "postalCode": "10115",
            "city": "Berlin", "streetAddress": "Torstraße 1", "department": "Never asked for",
            "proxyAddresses": [format!("SMTP:{mail}"), format!("SIP:sip{number}@example.com")],
            "imAddresses": [format!("sip{number}@example.com")],
        });
        Self { id: id(number), other, photo: None }
    }

    /// The same with another value of a property.
    #[must_use]
    pub fn with(mut self, property: &str, value: impl Into<Value>) -> Self {
        self.other[property] = value.into();
        self
    }

    /// The same with a photo of that width.
    #[must_use]
    pub fn pictured(mut self, file: impl Into<Vec<u8>>, width: u32) -> Self {
        self.photo = Some(Photo { file: file.into(), width });
        self
    }

    pub(super) fn properties(&self) -> Value {
        let mut all = self.other.clone();
        all["id"] = self.id.clone().into();
        all
    }
}

/// The identity of the user with that number.
pub fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// What is known of a photo.
pub(super) fn about(photo: &Photo) -> Value {
    let sum = photo.file.iter().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let size = photo.width;
    json!({"@odata.mediaContentType": "image/jpeg", "@odata.mediaEtag": format!("W/\"{sum}\""),
        "id": format!("{size}X{size}"), "width": size, "height": size})
}

/// The file as it was uploaded.
pub(super) fn file(photo: &Photo) -> Value {
    BASE64_STANDARD.encode(&photo.file).into()
}

/// The file in a smaller size: here the same with the size before it.
pub(super) fn file_of(photo: &Photo, size: &str) -> Value {
    BASE64_STANDARD.encode([size.as_bytes(), b" ", &photo.file].concat()).into()
}
