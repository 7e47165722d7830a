import type { runs as english } from '../en/runs';

export const runs: Record<keyof typeof english, string> = {
  'runs.started': 'Begonnen',
  'runs.source': 'Quelle',
  'runs.trigger': 'Ausgelöst durch',
  'runs.state': 'Zustand',
  'runs.result': 'Ergebnis',
  'runs.manual': 'Von Hand',
  'runs.schedule': 'Zeitplan',
  'runs.contact_added': 'Kontakt hinzugefügt',
  'runs.poll': 'Regelmäßige Frage nach Änderungen',
  'runs.undo': 'Rücknahme',
  'runs.at': '{at, datetime}',
  'runs.empty.title': 'Es wurde noch nichts synchronisiert',
  'runs.empty.text':
    'Ein Lauf liest eine Quelle und gleicht die Kontakte mit ihr ab. Er beginnt nach Zeitplan oder von Hand.',
  'runs.changes': '{changed, number} geändert, {disabled, number} außer Betrieb',
  'runs.not_found': '{count, plural, one {# Kontakt} other {# Kontakte}} nicht gefunden',
  'runs.gone': 'Quelle entfernt',

  'synchronize.title': 'Kontaktsynchronisierung',
  'synchronize.text':
    'Die Kontakte werden mit dem Verzeichnis abgeglichen: Synchronisierte Felder werden überschrieben, neue Einträge werden Kontakte, und Kontakte, deren Einträge fehlen, kommen außer Betrieb. Wären das ungewöhnlich viele, wartet der Lauf zuerst auf Freigabe.',
  'synchronize.source': 'Quelle',
  'synchronize.all': 'Alle Quellen',
  'synchronize.extent': 'Was gelesen wird',
  'synchronize.extent.whole': 'Alles',
  'synchronize.extent.changes': 'Änderungen, wenn die Quelle sie kennt',
  'synchronize.extent.stored': 'Nichts: Gelesenes neu zuordnen',
  'synchronize.stored':
    'Die Zuordnung wird auf schon Gelesenes angewandt, die Quelle wird nicht gefragt. Niemand gilt als ausgeschieden. Einträge, von denen zu wenig gelesen wurde, bleiben, wie sie sind. Würden ungewöhnlich viele Kontakte geändert, wartet der Lauf zuerst auf Freigabe.',
  'synchronize.waits': 'Ein anderer Lauf dieser Quelle ist im Gange. Sie folgen gleich danach.',
  'synchronize.left_out.switched_off': 'Ausgelassen: Die Quelle ist ausgeschaltet.',
  'synchronize.left_out.no_entries': 'Ausgelassen: Die Quelle sagt nur, wer erreichbar ist.',
  'synchronize.left_out.nothing_kept':
    'Ausgelassen: In dieser Quelle wird nachgeschlagen, von ihr wird nichts aufbewahrt.',
  'synchronize.left_out.busy': 'Ausgelassen: Ein Lauf dieser Quelle ist noch nicht zu Ende.',
  'synchronize.left_out.failed': 'Ausgelassen: Ihr Lauf konnte nicht begonnen werden.',
  'synchronize.none': 'Es gibt noch keine Quelle. Fügen Sie zuerst eine hinzu.',
  'synchronize.start': 'Beginnen',
  'synchronize.preview': 'Zuerst ansehen',
  'synchronize.preview.help': 'Der Lauf zeigt, was er täte, und wartet auf Freigabe.',
  'synchronize.details': 'Den Lauf zeigen',
  'synchronize.background': 'Er geht weiter, wenn Sie dieses Fenster schließen.',

  'run.title': 'Lauf von {source}',
  'run.extent.changes': 'Nur was sich seit dem letzten Lauf geändert hat, wurde gelesen.',
  'run.extent.stored': 'Nichts wurde gelesen: Schon Gelesenes wurde neu zugeordnet.',
  'run.extent.needs_read':
    '{count, plural, one {# Eintrag bleibt, wie er ist, bis die Quelle gelesen wird: Die Zuordnung verlangt mehr, als von ihm gelesen wurde.} other {# Einträge bleiben, wie sie sind, bis die Quelle gelesen wird: Die Zuordnung verlangt mehr, als von ihnen gelesen wurde.}}',
  'run.whole_because.unsupported':
    'Alles wurde verglichen: Die Quelle kann nicht sagen, was sich geändert hat.',
  'run.whole_because.no_cursor':
    'Alles wurde verglichen: Mit diesen Einstellungen wurde noch nichts gelesen.',
  'run.whole_because.cursor_expired':
    'Alles wurde verglichen: Die Quelle weiß nicht mehr, was sich seit dem letzten Lauf geändert hat.',
  'run.whole_because.server_changed':
    'Alles wurde verglichen: Ein anderer Server des Verzeichnisses hat geantwortet als zuletzt.',
  'run.whole_because.server_restored':
    'Alles wurde verglichen: Die Daten des Servers wurden aus einer Sicherung wiederhergestellt.',
  'run.whole_because.deletions_unreadable':
    'Alles wurde verglichen: Das Konto darf gelöschte Einträge nicht sehen.',
  'run.whole_because.places_changed':
    'Alles wurde verglichen: Ein Teil des Verzeichnisses wurde verschoben, umbenannt oder geändert.',
  'run.whole_because.too_many_changes':
    'Alles wurde verglichen: Es hat sich mehr geändert, als die Quelle auf einmal nennt.',
  'run.about': 'Nur über {count, plural, one {# Kontakt} other {# Kontakte}}.',
  'run.status.running': 'Wird gelesen und angewendet … Begonnen {at, ago}.',
  'run.status.awaiting_approval': 'Noch ist nichts geändert: Der Plan wartet auf Freigabe.',
  'run.status.succeeded': 'Beendet {at, datetime}. Alles wurde angewendet.',
  'run.status.failed': 'Beendet {at, datetime}.',
  'run.status.cancelled': 'Beendet {at, datetime}. Er wurde abgebrochen.',
  'run.phase.reading': 'Die Quelle wird gelesen und verglichen …',
  'run.phase.applying': 'Der Plan wird angewandt …',
  'run.phase.groups': 'Gruppen werden abgeglichen …',
  'run.phase.photos': 'Fotos werden abgeglichen …',
  'run.pace.of': '{done, number} von etwa {expected, number}',
  'run.pace.done': '{done, number} bisher',
  'run.pace.rate': '{rate, number} in der Sekunde',
  'run.pace.seconds': 'noch etwa {seconds, plural, one {# Sekunde} other {# Sekunden}}',
  'run.pace.minutes': 'noch etwa {minutes, plural, one {# Minute} other {# Minuten}}',
  'run.count.read': 'Gelesen',
  'run.count.created': 'Angelegt',
  'run.count.linked': 'Verknüpft',
  'run.count.updated': 'Geändert',
  'run.count.disabled': 'Außer Betrieb',
  'run.count.enabled': 'Wieder in Betrieb',
  'run.count.unchanged': 'Unverändert',
  'run.count.set_aside': 'Zurückgestellt',
  'run.count.photos': 'Fotos gesetzt',
  'run.count.not_found': 'Nicht gefunden',
  'run.count.needs_read': 'Noch zu lesen',
  'run.count.removed': 'Entfernt',
  'run.count.unlinked': 'Gelöst',
  'run.count.restored': 'Wiederhergestellt',
  'run.count.groups_created': 'Gruppen angelegt',
  'run.count.groups_renamed': 'Gruppen umbenannt',
  'run.count.groups_removed': 'Gruppen entfernt',
  'run.count.memberships_added': 'In Gruppen gekommen',
  'run.count.memberships_removed': 'Aus Gruppen gegangen',

  'run.problem.unreachable':
    'Das Verzeichnis {url} war nicht erreichbar ({detail}); kein Kontakt wurde geändert.',
  'run.problem.certificate_refused':
    'Das Zertifikat von {url} wurde nicht anerkannt ({detail}); kein Kontakt wurde geändert.',
  'run.problem.bind_refused':
    'Das Verzeichnis hat den Namen {bind_dn} oder sein Passwort abgelehnt; kein Kontakt wurde geändert.',
  'run.problem.search_refused':
    'Das Verzeichnis hat die Suche mit Ergebnis {result} abgelehnt ({detail}); kein Kontakt wurde geändert.',
  'run.problem.token_refused':
    'Der Dienst {url} hat {client_id} kein Token gegeben ({detail}); kein Kontakt wurde geändert.',
  'run.problem.request_refused':
    '{url} hat die Anfrage mit Status {status} abgelehnt ({detail}); kein Kontakt wurde geändert.',
  'run.problem.busy':
    '{url} war überlastet, auch bei erneuter Anfrage ({detail}); kein Kontakt wurde geändert.',
  'run.problem.lookup_only':
    'In dieser Quelle lassen sich Personen nur einzeln nachschlagen: Sie kann nicht alle auflisten; kein Kontakt wurde geändert.',
  'run.problem.cut_short':
    'Das Lesen brach nach {read, plural, one {# Eintrag} other {# Einträgen}} ab ({detail}); kein Kontakt wurde geändert.',
  'run.problem.empty':
    'Die Quelle antwortete ohne einen einzigen Eintrag; kein Kontakt wurde geändert.',
  'run.problem.too_many_removals':
    'Der Lauf nähme {removals, number} von {known, plural, one {# Kontakt} other {# Kontakten}} außer Betrieb, mehr als die {threshold_percent} %, die die Quelle erlaubt, und wartet auf Freigabe.',
  'run.problem.too_many_changes':
    'Der Lauf änderte {updates, number} von {known, plural, one {# Kontakt} other {# Kontakten}}, mehr als die {threshold_percent} %, die die Quelle erlaubt, und wartet auf Freigabe.',
  'run.problem.fewer_entries':
    'Nur {read, number} Einträge wurden gelesen, beim letzten Mal {last, number}: Mehr als {threshold_percent} % fehlen; der Lauf wartet auf Freigabe.',
  'run.problem.read_elsewhere':
    'Server, Basis oder Filter wurden seit dem letzten Lauf geändert, und {removals, plural, one {# Kontakt käme} other {# Kontakte kämen}} außer Betrieb: Der Lauf wartet auf Freigabe.',
  'run.problem.shared_identities':
    '{duplicates, number} von {read, number} Einträgen haben die Kennung eines anderen; kein Kontakt wurde geändert. Ist das Attribut, das Einträge kennzeichnet, das richtige?',
  'run.problem.first_after_undo':
    'Es ist der erste Lauf, seit einer zurückgenommen wurde: {changes, plural, one {# Änderung wartet} other {# Änderungen warten}} auf Freigabe.',
  'run.problem.preview':
    'Wie gewünscht wurde noch nichts geschrieben: {changes, plural, one {# Änderung wartet} other {# Änderungen warten}} auf Freigabe.',
  'run.problem.undo':
    'Der Plan nimmt alles zurück, was der Lauf getan hat, und wartet auf Freigabe.',
  'run.problem.undo.left':
    'Der Plan nimmt zurück, was der Lauf getan hat, und wartet auf Freigabe. {left, plural, one {# Wert bleibt, weil er} other {# Werte bleiben, weil sie}} seither geändert {left, plural, one {wurde} other {wurden}}.',
  'run.problem.file_refused':
    'Die Datei {path} wurde abgelehnt ({detail}); kein Kontakt wurde geändert.',
  'run.problem.leavers_kept':
    'Niemand wurde als ausgeschieden außer Betrieb genommen: {contacts, plural, one {# Kontakt wurde} other {# Kontakte wurden}} nicht gefunden, und {entries, plural, one {# Eintrag ohne Kennung kann} other {# Einträge ohne Kennung können}} dazu gehören.',
  'run.problem.laggards_kept':
    '{contacts, plural, one {# Kontakt wurde nicht gefunden, bleibt aber} other {# Kontakte wurden nicht gefunden, bleiben aber}} in Betrieb: Ein anderer Server des Verzeichnisses hat geantwortet als zuletzt, oder seine Daten wurden wiederhergestellt, und er kennt vielleicht noch nicht alle.',
  'run.problem.photos_unread':
    'Die Kontakte wurden abgeglichen, aber die Fotos wurden nicht zu Ende gelesen (nach {read, number}: {detail}); kein Foto wurde entfernt.',
  'run.problem.photos_gone':
    'Von keinem Kontakt wurde ein Foto gefunden, obwohl {contacts, number} Kontakte eines aus dieser Quelle haben; kein Foto wurde entfernt. Kann das Konto der Quelle sie noch lesen?',
  'run.problem.photos_kept':
    'Kein Foto wurde entfernt: {contacts, plural, one {Das von # Kontakt wurde} other {Die von # Kontakten wurden}} nicht gefunden, und {entries, plural, one {# Foto eines Eintrags} other {# Fotos von Einträgen}} ohne Kennung können dazu gehören.',
  'run.problem.groups_unread':
    'Die Kontakte wurden abgeglichen, aber die Gruppen wurden nicht zu Ende gelesen ({detail}); deshalb wurde keine Gruppe geändert.',
  'run.problem.groups_empty':
    'Keine Gruppe wurde gefunden; deshalb wurde keine geändert ({groups, plural, =0 {keine stammt} one {# stammt} other {# stammen}} aus dieser Quelle). Stimmt der Gruppenfilter?',
  'run.problem.groups_kept':
    '{removals, number} von {known, plural, one {# Zugehörigkeit zu Gruppen} other {# Zugehörigkeiten zu Gruppen}} würden wegfallen, mehr als die {threshold_percent} %, die die Quelle zulässt; deshalb wurde niemand aus einer Gruppe genommen und keine Gruppe entfernt.',
  'run.problem.groups_unidentified':
    '{groups, plural, one {# Gruppe ohne Identität wurde} other {# Gruppen ohne Identität wurden}} ausgelassen; deshalb wurde keine Gruppe entfernt und niemand aus einer genommen.',
  'run.problem.secret_unreadable':
    'Das Passwort der Quelle fehlt oder lässt sich nicht lesen und muss neu eingegeben werden.',
  'run.problem.stale':
    'Kontakte wurden geändert, nachdem der Plan stand; er wurde nicht angewendet.',
  'run.problem.interrupted': 'Das Gateway wurde während des Laufs beendet.',
  'run.problem.internal':
    'Der Lauf schlug aus einem inneren Grund fehl, den das Protokoll des Gateways erklärt.',

  'run.approve': 'Freigeben',
  'run.approve.title': 'Diesen Lauf freigeben?',
  'run.approve.text':
    'Genau der gezeigte Plan wird angewendet: {created, number} angelegt, {linked, number} verknüpft, {updated, number} geändert, {enabled, number} wieder in Betrieb, {disabled, number} außer Betrieb, {removed, number} entfernt.',
  'run.approve.leaver': 'Außer Betrieb: {locator}',
  'run.approve.more': '… und {count, plural, one {# weiterer Kontakt} other {# weitere Kontakte}}.',
  'run.approve.verb': 'Den Plan anwenden',
  'run.approved': 'Der Lauf wurde freigegeben.',
  'run.cancel': 'Lauf abbrechen',
  'run.cancel.title': 'Diesen Lauf abbrechen?',
  'run.cancel.text': 'Er endet am nächsten sicheren Punkt. Was bis dahin angewendet ist, bleibt.',
  'run.cancel.waiting': 'Der Plan wird verworfen, und kein Kontakt wird geändert.',
  'run.cancel.verb': 'Lauf abbrechen',
  'run.cancelled_now': 'Der Lauf wird abgebrochen.',

  'run.undo': 'Zurücknehmen',
  'run.undo.title': 'Diesen Lauf zurücknehmen?',
  'run.undo.text':
    'Es entsteht ein Plan, der zurücknimmt, was der Lauf getan hat; nichts wird geändert, bevor Sie ihn gesehen und freigegeben haben. Was seither jemand oder ein späterer Lauf geändert hat, bleibt. Was das Verzeichnis weiterhin sagt, bleibt danach unbeachtet, bis es etwas anderes sagt.',
  'run.undo.verb': 'Den Plan erstellen',
  'run.undo.started': 'Der Plan wird erstellt.',
  'run.undoes': 'Er nimmt einen anderen Lauf zurück.',
  'run.undoes.show': 'Diesen Lauf zeigen',

  'entries.title': 'Einträge',
  'run.report.csv': 'Bericht (CSV)',
  'run.report.json': 'Bericht (JSON)',
  'entries.counted': '{label} ({count, number})',
  'entries.filter': 'Zeigen',
  'entries.all': 'Alle Einträge',
  'entries.entry': 'Eintrag',
  'entries.action': 'Was',
  'entries.summary': 'Änderungen',
  'entries.create': 'Anlegen',
  'entries.link': 'Verknüpfen',
  'entries.update': 'Ändern',
  'entries.disable': 'Außer Betrieb',
  'entries.enable': 'Wieder in Betrieb',
  'entries.set_aside': 'Zurückgestellt',
  'entries.set_photo': 'Foto setzen',
  'entries.remove_photo': 'Foto entfernen',
  'entries.not_found': 'Nicht gefunden',
  'entries.remove': 'Entfernen',
  'entries.unlink': 'Lösen',
  'entries.restore': 'Wiederherstellen',
  'entries.create_group': 'Gruppe anlegen',
  'entries.rename_group': 'Gruppe umbenennen',
  'entries.remove_group': 'Gruppe entfernen',
  'entries.join_group': 'In Gruppe aufnehmen',
  'entries.leave_group': 'Aus Gruppe nehmen',
  'entries.empty.title': 'Keine Einträge',
  'entries.empty.text':
    'Dieser Lauf hat nichts geändert und nichts ausgelassen, oder er ist noch nicht so weit.',
  'entries.none.text': 'Keinem Eintrag dieses Laufs ging es so.',
  'entries.changes': '{count, plural, one {# Feld} other {# Felder}}',
  'entries.details': 'Einzelheiten',
  'entries.new': 'Jeder Wert ist neu.',
  'entries.missing': 'Im Verzeichnis nicht gefunden. Der Kontakt bleibt, wie er ist.',
  'entries.contact': 'Den Kontakt zeigen',
  'entries.before': 'Vorher',
  'entries.after': 'Nachher',
  'entries.field': 'Feld',
  'entries.reason': '{field}: „{value}“. {rule}',
  'entries.reason.title': 'Warum er zurückgestellt wurde',
  'entries.attribute': 'Attribut',
  'entries.value': 'Wert',
  'entries.rule': 'Regel',
};
