//! The XML of an Exchange Server.

use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD, Engine};

use super::person::{Person, etag};
use crate::emulator::Reply;

const NAMESPACES: &str = "xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\" \
    xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\"";

/// A whole document around the body.
pub(super) fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header>\
         <h:ServerVersionInfo MajorVersion=\"15\" MinorVersion=\"1\" MajorBuildNumber=\"2507\" MinorBuildNumber=\"39\" \
         Version=\"V2017_07_11\" xmlns:h=\"http://schemas.microsoft.com/exchange/services/2006/types\"/></s:Header>\
         <s:Body xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">{body}</s:Body></s:Envelope>"
    )
}

/// A SOAP fault, which comes with status 500.
pub(super) fn fault(code: &str, text: &str, values: &str) -> Reply {
    let more = if values.is_empty() {
        String::new()
    } else {
        format!(
            "<t:MessageXml xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\">{values}</t:MessageXml>"
        )
    };
    let body = envelope(&format!(
        "<s:Fault><faultcode xmlns:a=\"http://schemas.microsoft.com/exchange/services/2006/types\">a:{code}</faultcode>\
         <faultstring xml:lang=\"en-US\">{text}</faultstring><detail>\
         <e:ResponseCode xmlns:e=\"http://schemas.microsoft.com/exchange/services/2006/errors\">{code}</e:ResponseCode>\
         <e:Message xmlns:e=\"http://schemas.microsoft.com/exchange/services/2006/errors\">{text}</e:Message>{more}\
         </detail></s:Fault>"
    ));
    Reply::new(500, "text/xml; charset=utf-8", body)
}

/// The answer to `ResolveNames`: those who are told, of `all` who were found.
pub(super) fn resolutions(told: &[&Person], all: usize, is_full: bool) -> String {
    let (class, outcome) = match all {
        0 => (
            "Error",
            "<m:MessageText>No results were found.</m:MessageText>\
             <m:ResponseCode>ErrorNameResolutionNoResults</m:ResponseCode>\
             <m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>",
        ),
        1 => ("Success", "<m:ResponseCode>NoError</m:ResponseCode>"),
        _ => (
            "Warning",
            "<m:MessageText>Multiple results were found.</m:MessageText>\
             <m:ResponseCode>ErrorNameResolutionMultipleResults</m:ResponseCode>\
             <m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>",
        ),
    };
    let set = if all == 0 {
        String::new()
    } else {
        let people: String = told.iter().map(|person| resolution(person, is_full)).collect();
        format!(
            "<m:ResolutionSet TotalItemsInView=\"{}\" IncludesLastItemInRange=\"{}\">{people}</m:ResolutionSet>",
            told.len(),
            told.len() == all
        )
    };
    format!(
        "<m:ResolveNamesResponse {NAMESPACES}><m:ResponseMessages><m:ResolveNamesResponseMessage \
         ResponseClass=\"{class}\">{outcome}{set}</m:ResolveNamesResponseMessage></m:ResponseMessages>\
         </m:ResolveNamesResponse>"
    )
}

/// The answer to `GetUserPhoto`.
pub(super) fn photo_message(person: &Person, known: &str) -> String {
    let (class, code, changed, data) = match &person.photo {
        None => ("Error", "ErrorItemNotFound", false, String::new()),
        Some(photo) if etag(photo) == known => ("Success", "NoError", false, String::new()),
        Some(photo) => ("Success", "NoError", true, BASE64_STANDARD.encode(photo)),
    };
    let picture = if data.is_empty() { String::new() } else { format!("<m:PictureData>{data}</m:PictureData>") };
    format!(
        "<m:GetUserPhotoResponse ResponseClass=\"{class}\" {NAMESPACES}><m:ResponseCode>{code}</m:ResponseCode>\
         <m:HasChanged>{changed}</m:HasChanged>{picture}</m:GetUserPhotoResponse>"
    )
}

fn resolution(person: &Person, is_full: bool) -> String {
    let mut xml = format!(
        "<t:Resolution><t:Mailbox><t:Name>{}</t:Name><t:EmailAddress>{}</t:EmailAddress>\
         <t:RoutingType>SMTP</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType></t:Mailbox>",
        escaped(&person.name),
        escaped(&person.address),
    );
    if is_full {
        xml.push_str(&contact(person));
    }
    xml + "</t:Resolution>"
}

/// The parts of a contact in the order that the schema wants.
fn contact(person: &Person) -> String {
    let mut xml =
        format!("<t:Contact><t:Culture>en-US</t:Culture><t:DisplayName>{}</t:DisplayName>", escaped(&person.name));
    let element = |xml: &mut String, name: &str, value: Option<&String>| {
        if let Some(value) = value {
            let _ = write!(xml, "<t:{name}>{}</t:{name}>", escaped(value));
        }
    };
    element(&mut xml, "GivenName", person.names.as_ref().map(|names| &names.0));
    element(&mut xml, "CompanyName", person.work.as_ref().map(|work| &work[0]));
    xml.push_str("<t:EmailAddresses>");
    let primary = format!("SMTP:{}", person.address);
    for (number, proxy) in person.proxies.iter().chain([&primary]).take(3).enumerate() {
        let _ = write!(xml, "<t:Entry Key=\"EmailAddress{}\">{}</t:Entry>", number + 1, escaped(proxy));
    }
    xml.push_str("</t:EmailAddresses>");
    if let Some([street, city, state, country, code]) = &person.place {
        xml.push_str("<t:PhysicalAddresses><t:Entry Key=\"Business\">");
        let parts =
            [("Street", street), ("City", city), ("State", state), ("CountryOrRegion", country), ("PostalCode", code)];
        for (name, value) in parts {
            element(&mut xml, name, Some(value));
        }
        xml.push_str("</t:Entry></t:PhysicalAddresses>");
    }
    if let Some(work) = &person.work {
        let _ = write!(
            xml,
            "<t:PhoneNumbers><t:Entry Key=\"BusinessPhone\">{}</t:Entry><t:Entry Key=\"MobilePhone\"/></t:PhoneNumbers>",
            escaped(&work[3])
        );
    }
    xml.push_str("<t:ContactSource>ActiveDirectory</t:ContactSource>");
    if let Some(sip) = &person.sip {
        let entry = format!("<t:Entry Key=\"ImAddress1\">{}</t:Entry>", escaped(sip));
        let _ = write!(xml, "<t:ImAddresses>{entry}</t:ImAddresses>");
    }
    element(&mut xml, "JobTitle", person.work.as_ref().map(|work| &work[1]));
    element(&mut xml, "OfficeLocation", person.work.as_ref().map(|work| &work[2]));
    element(&mut xml, "Surname", person.names.as_ref().map(|names| &names.1));
    xml + "</t:Contact>"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What is between the tags of the first element with that name, whatever its prefix.
pub(super) fn inner<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let starts = xml.match_indices(name).map(|(at, _)| at);
    let opening = starts.into_iter().find(|at| {
        let after = xml[at + name.len()..].chars().next();
        let is_start = xml[..*at].ends_with('<')
            || xml[..*at].rsplit_once('<').is_some_and(|(_, prefix)| {
                prefix.ends_with(':') && !prefix.starts_with('/') && !prefix.contains(char::is_whitespace)
            });
        is_start && matches!(after, Some('>' | ' ' | '/'))
    })?;
    let content = opening + xml[opening..].find('>')? + 1;
    let end = content + xml[content..].find("</")?;
    Some(&xml[content..end])
}

/// The text of the first element with that name.
pub(super) fn text_of(xml: &str, name: &str) -> Option<String> {
    let raw = inner(xml, name)?;
    let plain = raw.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    Some(plain.replace("&amp;", "&"))
}
