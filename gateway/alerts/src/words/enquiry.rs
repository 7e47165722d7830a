//! What a visitor left, as a mail to those who answer.

use directory_model::alert::{AlertMessage, Language};
use directory_model::enquiry::{EnquiryKind, EnquiryTold};

use super::{Letter, line};

/// What stands before the parts of a mail.
struct Labels {
    name: &'static str,
    phone: &'static str,
    mail: &'static str,
    about: &'static str,
    wished: &'static str,
    at: &'static str,
    text: &'static str,
}

const EN: Labels = Labels {
    name: "Name",
    phone: "Telephone",
    mail: "Mail",
    about: "About",
    wished: "Wished time",
    at: "Time",
    text: "Message",
};

const DE: Labels = Labels {
    name: "Name",
    phone: "Telefon",
    mail: "E-Mail",
    about: "Betrifft",
    wished: "Wunschzeit",
    at: "Zeit",
    text: "Nachricht",
};

/// The mail about `told` in `language`.
pub(super) fn letter(message: &AlertMessage, told: &EnquiryTold, language: Language, public_url: &str) -> Letter {
    let (said, asker) = (&told.said, &told.said.asker);
    let labels = match language {
        Language::En => &EN,
        Language::De => &DE,
    };
    let opening = opening(told, language);
    let fact = |label: &str, value: &Option<String>| value.as_ref().map(|value| format!("{label}: {}", line(value)));
    let wished = asker.wished_at.map(|at| format!("{}: {at}", labels.wished));
    // Behind a mark, so that nothing in it can pass for a line of ours.
    let quoted = |text: &String| {
        let lines: Vec<_> = text.lines().map(|each| format!("> {}", line(each))).collect();
        format!("\n{}:\n{}", labels.text, lines.join("\n"))
    };
    let link = format!("\n{public_url}/portal/t/{}/enquiries?enquiry={}", message.tenant, told.id);
    let lines = [
        Some(line(&opening)),
        Some(String::new()),
        Some(format!("{}: {}", labels.name, line(&asker.name))),
        fact(labels.phone, &asker.phone),
        fact(labels.mail, &asker.mail),
        fact(labels.about, &said.about_name),
        wished,
        Some(format!("{}: {}", labels.at, message.at)),
        asker.text.as_ref().map(quoted),
        Some(link).filter(|_| !public_url.is_empty()),
        Some(String::new()),
    ];
    let text = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    Letter { subject: line(&format!("Switchboard: {opening}")), text }
}

fn opening(told: &EnquiryTold, language: Language) -> String {
    let page = &told.said.publication_title;
    match (language, told.kind) {
        (Language::En, EnquiryKind::Callback) => format!("a visitor of {page} asks to be called back"),
        (Language::En, EnquiryKind::Message) => format!("a visitor of {page} left a message"),
        (Language::De, EnquiryKind::Callback) => format!("ein Besucher von {page} bittet um Rückruf"),
        (Language::De, EnquiryKind::Message) => format!("ein Besucher von {page} hat eine Nachricht hinterlassen"),
    }
}

#[cfg(test)]
mod tests {
    use directory_model::alert::{AlertKind, AlertObject};
    use directory_model::enquiry::{ANONYMISED_ADDRESS, Asker, Said};
    use directory_model::id::{EnquiryId, PublicationId, TenantId};
    use directory_model::timestamp::Timestamp;

    use super::*;

    fn told(kind: EnquiryKind, text: Option<&str>) -> AlertMessage {
        let asker = Asker {
            name: "Anna\nBcc: x@y.z".into(),
            phone: Some("+49301234567".into()),
            mail: None,
            text: text.map(str::to_owned),
            wished_at: Some(Timestamp::from_millis(1_795_343_400_000)),
        };
        let said = Said {
            asker,
            publication_title: "Help\r\nX".into(),
            about_name: Some("Sales".into()),
            language: Language::De,
            consent: "Yes.".into(),
            client_address: ANONYMISED_ADDRESS.into(),
        };
        let (id, publication) = (EnquiryId::NIL, PublicationId::NIL);
        let object = AlertObject {
            tenant_name: "Acme".into(),
            source: None,
            source_name: None,
            run: None,
            counts: None,
            problem: None,
            message: None,
            succeeded_at: None,
            hours: None,
            enquiry: Some(Box::new(EnquiryTold { id, kind, publication, said })),
        };
        let at = Timestamp::from_millis(1_795_339_800_000);
        AlertMessage { v: 1, id: "msg_1".into(), tenant: TenantId::NIL, at, kind: AlertKind::Enquiry, object }
    }

    #[test]
    fn a_mail_says_who_wants_what_and_nothing_can_pass_for_a_line_of_ours() {
        let message = told(EnquiryKind::Message, Some("Hello\nName: Somebody Else"));

        let letter = super::super::letter(&message, Language::En, "https://x");

        assert_eq!(letter.subject, "Switchboard: a visitor of Help  X left a message");
        assert_eq!(
            letter.text,
            "a visitor of Help  X left a message\n\nName: Anna Bcc: x@y.z\nTelephone: +49301234567\nAbout: Sales\n\
             Wished time: 2026-11-22T10:30:00Z\nTime: 2026-11-22T09:30:00Z\n\nMessage:\n> Hello\n\
             > Name: Somebody Else\n\n\
             https://x/portal/t/00000000000000000000000000/enquiries?enquiry=00000000000000000000000000\n"
        );
    }

    #[test]
    fn a_callback_is_worded_in_german() {
        let letter = super::super::letter(&told(EnquiryKind::Callback, None), Language::De, "");

        assert_eq!(letter.subject, "Switchboard: ein Besucher von Help  X bittet um Rückruf");
        assert!(letter.text.contains("Betrifft: Sales\nWunschzeit: "), "{}", letter.text);
        assert!(!letter.text.contains("/portal/"), "there is no address to give");
    }
}
