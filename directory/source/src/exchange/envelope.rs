//! What is asked of Exchange Web Services, and what an answer says about itself.

use std::time::Duration;

use quick_xml::escape::escape;

use super::xml::{self, Element};

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const MESSAGES: &str = "http://schemas.microsoft.com/exchange/services/2006/messages";
const TYPES: &str = "http://schemas.microsoft.com/exchange/services/2006/types";

/// The element that answers a request for calendars.
pub(super) const AVAILABILITY: &str = "GetUserAvailabilityResponse";

/// What an answer says about the request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was done; this is the message.
    Done(Element),
    /// There is nobody, or nothing, of that kind.
    Nobody,
    /// The server cannot do it now.
    Busy {
        /// How long it wants to be left alone.
        pause: Option<Duration>,
        /// What it calls it.
        code: String,
    },
    /// The server does not do it.
    Refused {
        /// What it calls it.
        code: String,
        /// What it says about it.
        text: String,
    },
}

/// The request for everybody whom `entry` may mean: an address with `smtp:` or `sip:` before it.
pub(super) fn resolve_names(entry: &str, impersonated: Option<&str>) -> String {
    let body = format!(
        "<m:ResolveNames ReturnFullContactData=\"true\" SearchScope=\"ActiveDirectory\" ContactDataShape=\
         \"AllProperties\"><m:UnresolvedEntry>{}</m:UnresolvedEntry></m:ResolveNames>",
        escape(entry)
    );
    envelope(&body, impersonated)
}

/// The request for the photo of `address`.
pub(super) fn get_user_photo(address: &str, size: &str, impersonated: Option<&str>) -> String {
    let body = format!(
        "<m:GetUserPhoto><m:Email>{}</m:Email><m:SizeRequested>{size}</m:SizeRequested></m:GetUserPhoto>",
        escape(address)
    );
    envelope(&body, impersonated)
}

/// The request for what is in the calendars of `addresses` in a window, and for how they look from afar, a
/// digit for each `interval_minutes`. Moments are in UTC, which is why both halves of the year are alike.
pub(super) fn get_user_availability(
    addresses: &[&str],
    (start, end): (&str, &str),
    interval_minutes: u64,
    impersonated: Option<&str>,
) -> String {
    let mailbox = |address: &&str| {
        format!(
            "<t:MailboxData><t:Email><t:Address>{}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType>\
             <t:ExcludeConflicts>false</t:ExcludeConflicts></t:MailboxData>",
            escape(*address)
        )
    };
    let half = |name: &str, month: u8| {
        format!(
            "<t:{name}><t:Bias>0</t:Bias><t:Time>02:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>{month}</t:Month>\
             <t:DayOfWeek>Sunday</t:DayOfWeek></t:{name}>"
        )
    };
    let body = format!(
        "<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>0</t:Bias>{}{}</t:TimeZone><m:MailboxDataArray>{}\
         </m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>{start}</t:StartTime><t:EndTime>{end}\
         </t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>{interval_minutes}\
         </t:MergedFreeBusyIntervalInMinutes><t:RequestedView>DetailedMerged</t:RequestedView></t:FreeBusyViewOptions>\
         </m:GetUserAvailabilityRequest>",
        half("StandardTime", 10),
        half("DaylightTime", 3),
        addresses.iter().map(mailbox).collect::<String>(),
    );
    envelope(&body, impersonated)
}

fn envelope(body: &str, impersonated: Option<&str>) -> String {
    let impersonation = impersonated.map_or_else(String::new, |address| {
        format!(
            "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>{}</t:PrimarySmtpAddress>\
             </t:ConnectingSID></t:ExchangeImpersonation>",
            escape(address)
        )
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"{SOAP}\" xmlns:m=\"{MESSAGES}\" \
         xmlns:t=\"{TYPES}\"><s:Header><t:RequestServerVersion Version=\"Exchange2013\"/>{impersonation}</s:Header>\
         <s:Body>{body}</s:Body></s:Envelope>"
    )
}

/// What the envelope in `bytes` says; `message` is the name of the element that answers. The error may be shown.
pub(super) fn outcome(bytes: &[u8], message: &str) -> Result<Outcome, String> {
    let document = xml::parse(bytes)?;
    let body = document.child("Body").filter(|_| document.name() == "Envelope");
    let body = body.ok_or_else(|| "the answer is no SOAP envelope".to_owned())?;
    if let Some(fault) = body.child("Fault") {
        let code = fault.find_text("ResponseCode").or_else(|| fault.child("faultcode").map(Element::text));
        // `a:ErrorServerBusy`: the prefix stands for a namespace.
        let code = code.map_or("", |code| code.rsplit(':').next().unwrap_or(code));
        let text = fault.find_text("Message").or_else(|| fault.child("faultstring").map(Element::text));
        return Ok(failure(code, text.unwrap_or_default(), fault));
    }
    let found = document.take(message).ok_or_else(|| format!("the answer holds no {message}"))?;
    let code = found.child("ResponseCode").map_or("", Element::text);
    let text = found.child("MessageText").map_or("", Element::text);
    match found.attribute("ResponseClass") {
        Some("Success" | "Warning") => Ok(Outcome::Done(found)),
        // It has one for each mailbox instead.
        None if message == AVAILABILITY => Ok(Outcome::Done(found)),
        Some("Error") => Ok(failure(code, text, &found)),
        _ => Err(format!("the {message} of the answer has no class")),
    }
}

/// What an error of the server means for the request.
pub(super) fn failure(code: &str, text: &str, around: &Element) -> Outcome {
    match code {
        "ErrorNameResolutionNoResults"
        | "ErrorNameResolutionNoMailbox"
        | "ErrorNonExistentMailbox"
        | "ErrorMissingEmailAddress"
        | "ErrorInvalidSmtpAddress"
        | "ErrorMailRecipientNotFound"
        | "ErrorItemNotFound" => Outcome::Nobody,
        "ErrorServerBusy"
        | "ErrorExceededConnectionCount"
        | "ErrorTooManyObjectsOpened"
        | "ErrorInsufficientResources"
        | "ErrorTimeoutExpired"
        | "ErrorMailboxStoreUnavailable"
        | "ErrorMailboxMoveInProgress"
        | "ErrorMailboxFailover"
        | "ErrorInternalServerTransientError"
        | "ErrorConnectionFailed"
        | "ErrorADUnavailable" => Outcome::Busy { pause: back_off(around), code: code.to_owned() },
        _ => Outcome::Refused { code: code.to_owned(), text: text.to_owned() },
    }
}

/// How long the server wants to be left alone: `<t:Value Name="BackOffMilliseconds">`.
fn back_off(element: &Element) -> Option<Duration> {
    if element.attribute("Name") == Some("BackOffMilliseconds") {
        return element.text().parse().ok().map(Duration::from_millis);
    }
    element.children().iter().find_map(back_off)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(body: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"{SOAP}\" xmlns:m=\"{MESSAGES}\" xmlns:t=\"{TYPES}\"><s:Body>\
             {body}</s:Body></s:Envelope>"
        )
    }

    fn fault(code: &str, more: &str) -> String {
        answer(&format!(
            "<s:Fault><faultcode xmlns:a=\"{TYPES}\">a:{code}</faultcode><faultstring xml:lang=\"en-US\">It is so.\
             </faultstring><detail><e:ResponseCode xmlns:e=\"x\">{code}</e:ResponseCode><e:Message xmlns:e=\"x\">It is \
             so.</e:Message>{more}</detail></s:Fault>"
        ))
    }

    fn message(class: &str, code: &str) -> String {
        answer(&format!(
            "<m:ResolveNamesResponse><m:ResponseMessages><m:ResolveNamesResponseMessage ResponseClass=\"{class}\">\
             <m:MessageText>It is so.</m:MessageText><m:ResponseCode>{code}</m:ResponseCode>\
             </m:ResolveNamesResponseMessage></m:ResponseMessages></m:ResolveNamesResponse>"
        ))
    }

    fn read(text: &str) -> Result<Outcome, String> {
        outcome(text.as_bytes(), "ResolveNamesResponseMessage")
    }

    #[test]
    fn errors_are_told_apart_by_what_can_be_done() {
        let pause = "<t:MessageXml><t:Value Name=\"Other\">1</t:Value><t:Value Name=\"BackOffMilliseconds\">1500</t:Value>\
                     </t:MessageXml>";
        let busy = |pause, code: &str| Ok(Outcome::Busy { pause, code: code.into() });
        let refused = |code: &str| Ok(Outcome::Refused { code: code.into(), text: "It is so.".into() });
        for (text, expected) in [
            (fault("ErrorServerBusy", pause), busy(Some(Duration::from_millis(1500)), "ErrorServerBusy")),
            (fault("ErrorServerBusy", ""), busy(None, "ErrorServerBusy")),
            (fault("ErrorExceededConnectionCount", ""), busy(None, "ErrorExceededConnectionCount")),
            (fault("ErrorNonExistentMailbox", ""), Ok(Outcome::Nobody)),
            (fault("ErrorAccessDenied", ""), refused("ErrorAccessDenied")),
            (fault("ErrorImpersonateUserDenied", ""), refused("ErrorImpersonateUserDenied")),
            (message("Error", "ErrorNameResolutionNoResults"), Ok(Outcome::Nobody)),
            (message("Error", "ErrorMailboxStoreUnavailable"), busy(None, "ErrorMailboxStoreUnavailable")),
            (message("Error", "ErrorSomethingNew"), refused("ErrorSomethingNew")),
        ] {
            assert_eq!(read(&text), expected, "{text}");
        }
        for class in ["Success", "Warning"] {
            let found = read(&message(class, "ErrorNameResolutionMultipleResults"));
            assert!(matches!(found, Ok(Outcome::Done(_))), "{found:?}");
        }
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for text in [
            answer(""),
            answer("<m:ResolveNamesResponse/>"),
            message("Other", "NoError"),
            "<html><body>Sign in</body></html>".into(),
            "<s:Envelope xmlns:s=\"x\"/>".into(),
        ] {
            read(&text).expect_err(&text);
        }
    }

    #[test]
    fn what_is_asked_about_stays_text() {
        let hostile = "</m:UnresolvedEntry><x>&\"'";

        let window = ("2026-11-27T08:00:00", "2026-11-28T08:00:00");
        for request in [
            resolve_names(hostile, Some(hostile)),
            get_user_photo(hostile, "HR48x48", Some(hostile)),
            get_user_availability(&[hostile], window, 15, Some(hostile)),
        ] {
            let tree = xml::parse(request.as_bytes()).unwrap();
            let asked = ["UnresolvedEntry", "Address", "Email"].into_iter().find_map(|name| tree.find_text(name));
            assert_eq!((asked, tree.find_text("PrimarySmtpAddress")), (Some(hostile), Some(hostile)));
        }
        assert!(!resolve_names("a", None).contains("Impersonation"));
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_a_panic(body in ".{0,200}") {
            let _ = read(&answer(&body));
        }
    }
}
