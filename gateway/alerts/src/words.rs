//! Alerts in words: the subject and the text of a mail. What visitors left is in `enquiry`.

mod de;
mod en;
mod enquiry;

use directory_model::alert::{AlertMessage, Language};

/// A mail, before it has senders and receivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// The message in `language`; `public_url` is where the gateway's portal is.
pub(crate) fn letter(message: &AlertMessage, language: Language, public_url: &str) -> Letter {
    if let Some(told) = &message.object.enquiry {
        return enquiry::letter(message, told, language, public_url);
    }
    let (subject, opening, facts) = match language {
        Language::En => (en::subject(message), en::opening(message), en::FACTS),
        Language::De => (de::subject(message), de::opening(message), de::FACTS),
    };
    let object = &message.object;
    let at = match (object.run, object.source) {
        (Some(run), _) => Some(format!("runs/{run}")),
        (None, Some(source)) => Some(format!("sources/{source}")),
        (None, None) => None,
    };
    let link = at.filter(|_| !public_url.is_empty());
    let lines = [
        // What a directory or server said stands in it.
        Some(line(&opening)),
        Some(String::new()),
        Some(format!("{}: {}", facts.tenant, line(&object.tenant_name))),
        object.source_name.as_ref().map(|source| format!("{}: {}", facts.source, line(source))),
        Some(format!("{}: {}", facts.at, message.at)),
        link.map(|at| format!("\n{public_url}/portal/t/{}/{at}", message.tenant)),
        // The last line ends as well.
        Some(String::new()),
    ];
    let text = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    Letter { subject: line(&subject), text }
}

/// What stands before the facts of a mail.
struct Facts {
    tenant: &'static str,
    source: &'static str,
    at: &'static str,
}

/// A text on one line: nothing in a name may begin a line of its own.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use directory_model::alert::{AlertKind, AlertObject};
    use directory_model::id::{RunId, SourceId, TenantId};
    use directory_model::run::RunProblem;
    use directory_model::timestamp::Timestamp;

    use super::*;

    fn message(kind: AlertKind, problem: Option<RunProblem>) -> AlertMessage {
        let is_about_source = kind != AlertKind::Test;
        let is_about_run = is_about_source && kind != AlertKind::SourceSilent;
        let object = AlertObject {
            tenant_name: "Acme\r\nBcc: x@y.z".into(),
            source: is_about_source.then_some(SourceId::NIL),
            source_name: is_about_source.then(|| "Köln\nHQ".into()),
            run: is_about_run.then_some(RunId::NIL),
            counts: None,
            message: problem.as_ref().map(ToString::to_string),
            problem,
            succeeded_at: None,
            hours: (kind == AlertKind::SourceSilent).then_some(24),
            enquiry: None,
        };
        let at = Timestamp::from_millis(1_795_339_800_000);
        AlertMessage { v: 1, id: "msg_1".into(), tenant: TenantId::NIL, at, kind, object }
    }

    #[test]
    fn a_mail_says_what_happened_where_and_where_to_look() {
        let failed = message(AlertKind::RunFailed, Some(RunProblem::Empty));

        let english = letter(&failed, Language::En, "https://contacts.example.com");

        assert_eq!(english.subject, "Switchboard: synchronization of Köln HQ failed");
        assert_eq!(
            english.text,
            "The source answered without a single entry, so no contact was changed.\n\n\
             Tenant: Acme  Bcc: x@y.z\nSource: Köln HQ\nTime: 2026-11-22T09:30:00Z\n\n\
             https://contacts.example.com/portal/t/00000000000000000000000000/runs/00000000000000000000000000\n"
        );
        let german = letter(&failed, Language::De, "");
        assert_eq!(german.subject, "Switchboard: Abgleich von Köln HQ ist fehlgeschlagen");
        assert!(german.text.starts_with("Die Quelle antwortete ohne einen einzigen Eintrag"), "{}", german.text);
        assert!(!german.text.contains("/portal/"), "there is no address to give");
    }

    #[test]
    fn no_subject_has_a_second_line_and_every_kind_has_words() {
        let forged = RunProblem::FileRefused { path: "a\r\nBcc: x@y.z".into(), detail: "\n\nhttps://evil".into() };
        let threshold = RunProblem::TooManyRemovals { removals: 19, known: 66, threshold_percent: 10 };
        for (kind, problem) in [
            (AlertKind::RunFailed, Some(RunProblem::Stale)),
            (AlertKind::RunFailed, None),
            (AlertKind::RunFailed, Some(forged)),
            (AlertKind::RunWaiting, Some(threshold)),
            (AlertKind::SourceSilent, None),
            (AlertKind::Test, None),
        ] {
            for language in [Language::En, Language::De] {
                let letter = letter(&message(kind, problem.clone()), language, "https://x");
                assert!(!letter.subject.contains(['\r', '\n']), "{letter:?}");
                assert!(letter.text.lines().next().is_some_and(|line| line.len() > 10), "{letter:?}");
                assert!(letter.text.contains("Bcc: x@y.z\n"), "{letter:?}");
                assert!(!letter.text.contains("\nBcc") && !letter.text.contains("\nhttps://evil"), "{letter:?}");
            }
        }
    }
}
