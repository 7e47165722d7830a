//! German.

use super::Facts;
use directory_model::alert::{AlertKind, AlertMessage};

mod problem;

pub(super) const FACTS: Facts = Facts { tenant: "Mandant", source: "Quelle", at: "Zeit" };

pub(super) fn subject(message: &AlertMessage) -> String {
    let source = message.object.source_name.as_deref().unwrap_or_default();
    match message.kind {
        AlertKind::RunFailed => format!("Switchboard: Abgleich von {source} ist fehlgeschlagen"),
        AlertKind::RunWaiting => format!("Switchboard: Abgleich von {source} wartet auf Freigabe"),
        AlertKind::SourceSilent => format!("Switchboard: {source} wurde lange nicht abgeglichen"),
        // A visitor's words are worded by themselves.
        AlertKind::Enquiry => "Switchboard".into(),
        AlertKind::Test => "Switchboard: ein Test".into(),
    }
}

pub(super) fn opening(message: &AlertMessage) -> String {
    let object = &message.object;
    let said = || object.problem.as_ref().map(problem::words).or_else(|| object.message.clone());
    match message.kind {
        AlertKind::RunFailed => said().unwrap_or_else(|| "Der Lauf ist fehlgeschlagen.".into()),
        AlertKind::RunWaiting => said().unwrap_or_else(|| "Der Lauf wartet auf Freigabe.".into()),
        AlertKind::SourceSilent => {
            let hours = object.hours.unwrap_or_default();
            let last = match object.succeeded_at {
                Some(at) => format!("Der letzte erfolgreiche endete um {at}."),
                None => "Es gab noch keinen erfolgreichen.".into(),
            };
            format!("Seit {hours} Stunden ist kein Lauf der Quelle gelungen. {last}")
        }
        AlertKind::Enquiry => String::new(),
        AlertKind::Test => "Dies ist ein Test: Meldungen kommen hier an.".into(),
    }
}
