//! Why a run stopped, waits, or did not do everything, in German. Every reason has words: a new one does
//! not compile without.

use directory_model::run::RunProblem;

/// The reason in a sentence or two.
pub(super) fn words(problem: &RunProblem) -> String {
    use RunProblem as P;
    match problem {
        P::Unreachable { url, detail } => unreachable(url, detail),
        P::CertificateRefused { url, detail } => certificate_refused(url, detail),
        P::BindRefused { bind_dn } => bind_refused(bind_dn),
        P::SearchRefused { result, detail } => search_refused(*result, detail),
        P::TokenRefused { url, client_id, detail } => token_refused(url, client_id, detail),
        P::RequestRefused { url, status, detail } => request_refused(url, *status, detail),
        P::Busy { url, detail } => busy(url, detail),
        P::LookupOnly => unchanged("In dieser Quelle können Personen nur einzeln nachgeschlagen werden"),
        P::CutShort { read, detail } => cut_short(*read, detail),
        P::Empty => unchanged("Die Quelle antwortete ohne einen einzigen Eintrag"),
        P::TooManyRemovals { removals, known, threshold_percent: most } => removals_wait(*removals, *known, *most),
        P::TooManyChanges { updates, known, threshold_percent: most } => changes_wait(*updates, *known, *most),
        P::FewerEntries { read, last, threshold_percent: most } => fewer_entries(*read, *last, *most),
        P::ReadElsewhere { removals } => read_elsewhere(*removals),
        P::SharedIdentities { duplicates, read } => shared_identities(*duplicates, *read),
        P::FileRefused { path, detail } => unchanged(&format!("Die Datei {path} wurde abgelehnt ({detail})")),
        P::SecretUnreadable => {
            "Das Kennwort der Quelle fehlt oder ist nicht lesbar und muss neu eingegeben werden.".into()
        }
        P::LeaversKept { entries, contacts } => leavers_kept(*entries, *contacts),
        P::LaggardsKept { contacts } => laggards_kept(*contacts),
        P::PhotosUnread { read, detail } => photos_unread(*read, detail),
        P::PhotosGone { contacts } => photos_gone(*contacts),
        P::PhotosKept { entries, contacts } => photos_kept(*entries, *contacts),
        P::FirstAfterUndo { changes } => first_after_undo(*changes),
        P::Preview { changes } => preview(*changes),
        P::Undo { left } => undo(*left),
        P::GroupsUnread { detail } => groups_unread(detail),
        P::GroupsEmpty { groups } => groups_empty(*groups),
        P::GroupsKept { removals, known, threshold_percent: most } => groups_kept(*removals, *known, *most),
        P::GroupsUnidentified { groups } => groups_unidentified(*groups),
        P::Stale => "Kontakte wurden geändert, nachdem der Plan gemacht war, deshalb wurde er nicht angewandt.".into(),
        P::Interrupted => "Das Gateway wurde beendet, während der Lauf im Gange war.".into(),
        P::Internal => "Der Lauf scheiterte an einem inneren Fehler, den das Protokoll erklärt.".into(),
    }
}

fn unchanged(said: &str) -> String {
    format!("{said}, deshalb wurde kein Kontakt geändert.")
}

fn unreachable(url: &str, detail: &str) -> String {
    unchanged(&format!("Das Verzeichnis unter {url} war nicht zu erreichen ({detail})"))
}

fn certificate_refused(url: &str, detail: &str) -> String {
    unchanged(&format!("Das Zertifikat von {url} wurde nicht angenommen ({detail})"))
}

fn bind_refused(bind_dn: &str) -> String {
    unchanged(&format!("Das Verzeichnis hat den Namen {bind_dn} oder sein Kennwort abgelehnt"))
}

fn search_refused(result: u32, detail: &str) -> String {
    unchanged(&format!("Das Verzeichnis hat die Suche mit Ergebnis {result} abgelehnt ({detail})"))
}

fn token_refused(url: &str, client_id: &str, detail: &str) -> String {
    unchanged(&format!("Der Dienst unter {url} gab {client_id} kein Token ({detail})"))
}

fn request_refused(url: &str, status: u16, detail: &str) -> String {
    unchanged(&format!("{url} hat die Anfrage mit Status {status} abgelehnt ({detail})"))
}

fn busy(url: &str, detail: &str) -> String {
    unchanged(&format!("{url} war zu beschäftigt, auch auf Nachfrage ({detail})"))
}

fn cut_short(read: u64, detail: &str) -> String {
    unchanged(&format!("Das Lesen brach nach {} ab ({detail})", counted(read, "Eintrag", "Einträgen")))
}

fn removals_wait(removals: u64, known: u64, most: u8) -> String {
    let known = counted(known, "Kontakt", "Kontakten");
    format!(
        "Der Lauf würde {removals} von {known} außer Betrieb nehmen, mehr als die {most} %, die die Quelle zulässt, und \
         wartet auf Freigabe."
    )
}

fn changes_wait(updates: u64, known: u64, most: u8) -> String {
    let known = counted(known, "Kontakt", "Kontakten");
    format!(
        "Der Lauf würde {updates} von {known} ändern, mehr als die {most} %, die die Quelle zulässt, und wartet auf \
         Freigabe."
    )
}

fn fewer_entries(read: u64, last: u64, most: u8) -> String {
    format!(
        "Nur {} gelesen, beim letzten Mal {last}: Mehr als {most} % fehlen, deshalb wartet der Lauf auf Freigabe.",
        counted(read, "Eintrag wurde", "Einträge wurden")
    )
}

fn read_elsewhere(removals: u64) -> String {
    format!(
        "Server, Basis oder Filter wurden seit dem letzten Lauf geändert, und {} außer Betrieb: Der Lauf wartet auf \
         Freigabe.",
        counted(removals, "Kontakt käme", "Kontakte kämen")
    )
}

fn shared_identities(duplicates: u64, read: u64) -> String {
    let said = unchanged(&format!("{duplicates} von {read} Einträgen haben die Kennung eines anderen"));
    format!("{said} Ist das Attribut, das Einträge kennzeichnet, das richtige?")
}

fn leavers_kept(entries: u64, contacts: u64) -> String {
    format!(
        "Niemand wurde als ausgeschieden außer Betrieb genommen: {} nicht gefunden, und {} dazu gehören.",
        counted(contacts, "Kontakt wurde", "Kontakte wurden"),
        counted(entries, "Eintrag ohne Kennung kann", "Einträge ohne Kennung können")
    )
}

fn laggards_kept(contacts: u64) -> String {
    format!(
        "{} in Betrieb: Ein anderer Server des Verzeichnisses hat geantwortet als zuletzt, oder seine Daten wurden \
         wiederhergestellt, und er kennt vielleicht noch nicht alle.",
        counted(contacts, "Kontakt wurde nicht gefunden, bleibt aber", "Kontakte wurden nicht gefunden, bleiben aber")
    )
}

fn photos_unread(read: u64, detail: &str) -> String {
    format!(
        "Die Kontakte wurden abgeglichen, aber die Fotos nicht zu Ende gelesen (nach {read}: {detail}), deshalb wurde \
         kein Foto entfernt."
    )
}

fn photos_gone(contacts: u64) -> String {
    format!(
        "Von keinem Kontakt wurde ein Foto gefunden, obwohl {} eines aus dieser Quelle {}, deshalb wurde kein Foto \
         entfernt. Kann das Konto der Quelle sie noch lesen?",
        counted(contacts, "Kontakt", "Kontakte"),
        if contacts == 1 { "hat" } else { "haben" }
    )
}

fn photos_kept(entries: u64, contacts: u64) -> String {
    format!(
        "{} nicht gefunden wurde, denn {} dazu gehören.",
        counted(contacts, "Kontakt behält ein Foto, das", "Kontakte behalten je ein Foto, das"),
        counted(entries, "Foto eines Eintrags ohne Kennung kann", "Fotos von Einträgen ohne Kennung können")
    )
}

fn first_after_undo(changes: u64) -> String {
    format!(
        "Es ist der erste Lauf, seit einer zurückgenommen wurde: {} auf Freigabe.",
        counted(changes, "Änderung wartet", "Änderungen warten")
    )
}

fn preview(changes: u64) -> String {
    format!(
        "Wie gewünscht wurde noch nichts geschrieben: {} auf Freigabe.",
        counted(changes, "Änderung wartet", "Änderungen warten")
    )
}

fn undo(left: u64) -> String {
    match left {
        0 => "Der Plan nimmt alles zurück, was der Lauf getan hat, und wartet auf Freigabe.".into(),
        left => format!(
            "Der Plan nimmt zurück, was der Lauf getan hat, außer {}, und wartet auf Freigabe.",
            counted(left, "Wert, der sich seither geändert hat", "Werten, die sich seither geändert haben")
        ),
    }
}

fn groups_unread(detail: &str) -> String {
    format!(
        "Die Kontakte wurden abgeglichen, aber die Gruppen nicht zu Ende gelesen ({detail}), deshalb wurde keine Gruppe \
         geändert."
    )
}

fn groups_empty(groups: u64) -> String {
    let question = "Stimmt der Gruppenfilter?";
    match groups {
        0 => format!("Keine Gruppe wurde gefunden, deshalb wurde keine geändert. {question}"),
        groups => format!(
            "Keine Gruppe wurde gefunden, obwohl {}, deshalb wurde keine geändert. {question}",
            counted(groups, "aus dieser Quelle kommt", "aus dieser Quelle kommen")
        ),
    }
}

fn groups_kept(removals: u64, known: u64, most: u8) -> String {
    format!(
        "{removals} von {} würden wegfallen, mehr als die {most} %, die die Quelle zulässt, deshalb wurde niemand aus \
         einer Gruppe genommen und keine Gruppe entfernt.",
        counted(known, "Zugehörigkeit zu Gruppen", "Zugehörigkeiten zu Gruppen")
    )
}

fn groups_unidentified(groups: u64) -> String {
    format!(
        "{} ausgelassen, deshalb wurde keine Gruppe entfernt und niemand aus einer genommen.",
        counted(groups, "Gruppe ohne Kennung wurde", "Gruppen ohne Kennung wurden")
    )
}

/// A number with the words for one or for many.
fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        for (problem, german) in [
            (RunProblem::CutShort { read: 1, detail: "x".into() }, "nach 1 Eintrag ab"),
            (RunProblem::CutShort { read: 2, detail: "x".into() }, "nach 2 Einträgen ab"),
            (RunProblem::Undo { left: 0 }, "nimmt alles zurück"),
            (RunProblem::Undo { left: 1 }, "außer 1 Wert, der sich"),
            (RunProblem::FirstAfterUndo { changes: 3 }, "3 Änderungen warten"),
            (RunProblem::Preview { changes: 1 }, "1 Änderung wartet auf Freigabe"),
        ] {
            let words = words(&problem);
            assert!(words.contains(german), "{words}");
        }
    }
}
