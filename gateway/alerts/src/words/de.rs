//! German.

use directory_model::alert::{AlertKind, AlertMessage};
use directory_model::run::RunProblem;

use super::Facts;

pub(super) const FACTS: Facts = Facts { tenant: "Mandant", source: "Quelle", at: "Zeit" };

const UNCHANGED: &str = "deshalb wurde kein Kontakt geändert";

pub(super) fn subject(message: &AlertMessage) -> String {
    let source = message.object.source_name.as_deref().unwrap_or_default();
    match message.kind {
        AlertKind::RunFailed => format!("Switchboard: Abgleich von {source} ist fehlgeschlagen"),
        AlertKind::RunWaiting => format!("Switchboard: Abgleich von {source} wartet auf Freigabe"),
        AlertKind::SourceSilent => format!("Switchboard: {source} wurde lange nicht abgeglichen"),
        AlertKind::Test => "Switchboard: ein Test".into(),
    }
}

pub(super) fn opening(message: &AlertMessage) -> String {
    let object = &message.object;
    let said = || object.problem.as_ref().and_then(problem).or_else(|| object.message.clone());
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
        AlertKind::Test => "Dies ist ein Test: Meldungen kommen hier an.".into(),
    }
}

/// Why a run stopped or waits; `None` where only English has words.
fn problem(problem: &RunProblem) -> Option<String> {
    Some(match problem {
        RunProblem::Unreachable { url, detail } => {
            format!("Das Verzeichnis unter {url} war nicht zu erreichen ({detail}), {UNCHANGED}.")
        }
        RunProblem::CertificateRefused { url, detail } => {
            format!("Das Zertifikat von {url} wurde nicht angenommen ({detail}), {UNCHANGED}.")
        }
        RunProblem::BindRefused { bind_dn } => {
            format!("Das Verzeichnis hat den Namen {bind_dn} oder sein Kennwort abgelehnt, {UNCHANGED}.")
        }
        RunProblem::SearchRefused { result, detail } => {
            format!("Das Verzeichnis hat die Suche mit Ergebnis {result} abgelehnt ({detail}), {UNCHANGED}.")
        }
        RunProblem::TokenRefused { url, client_id, detail } => {
            format!("Der Dienst unter {url} gab {client_id} kein Token ({detail}), {UNCHANGED}.")
        }
        RunProblem::RequestRefused { url, status, detail } => {
            format!("{url} hat die Anfrage mit Status {status} abgelehnt ({detail}), {UNCHANGED}.")
        }
        RunProblem::Busy { url, detail } => {
            format!("{url} war zu beschäftigt, auch auf Nachfrage ({detail}), {UNCHANGED}.")
        }
        RunProblem::LookupOnly => {
            format!("In dieser Quelle können Personen nur einzeln nachgeschlagen werden, {UNCHANGED}.")
        }
        RunProblem::CutShort { read, detail } => {
            format!("Das Lesen brach nach {read} Einträgen ab ({detail}), {UNCHANGED}.")
        }
        RunProblem::Empty => format!("Die Quelle antwortete ohne einen einzigen Eintrag, {UNCHANGED}."),
        RunProblem::TooManyRemovals { removals, known, threshold_percent } => format!(
            "Der Lauf würde {removals} von {known} Kontakten außer Betrieb nehmen, mehr als die {threshold_percent} %, \
             die die Quelle zulässt, und wartet auf Freigabe."
        ),
        RunProblem::FileRefused { path, detail } => {
            format!("Die Datei {path} wurde abgelehnt ({detail}), {UNCHANGED}.")
        }
        RunProblem::SecretUnreadable => {
            "Das Kennwort der Quelle fehlt oder ist nicht lesbar und muss neu eingegeben werden.".into()
        }
        RunProblem::Stale => {
            "Kontakte wurden geändert, nachdem der Plan gemacht war, deshalb wurde er nicht angewandt.".into()
        }
        RunProblem::Interrupted => "Das Gateway wurde beendet, während der Lauf im Gange war.".into(),
        RunProblem::Internal => "Der Lauf scheiterte an einem inneren Fehler, den das Protokoll erklärt.".into(),
        _ => return None,
    })
}
