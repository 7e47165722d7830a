import type { presenceRules as english } from '../en/presence-rules';

export const presenceRules: Record<keyof typeof english, string> = {
  'presence_rules.tab': 'Regeln',
  'presence_rules.audit': 'Wer sie geändert hat: das Protokoll',
  'presence_rules.default': 'Das sind die Regeln, wie sie voreingestellt sind.',
  'presence_rules.own': 'Das sind eigene Regeln.',
  'presence_rules.changed': 'Zuletzt geändert {at, datetime}.',
  'presence_rules.saved': 'Die Präsenzregeln wurden gespeichert. Sie gelten ab jetzt.',
  'presence_rules.none': 'Nichts',
  'presence_rules.reset': 'Auf Voreinstellung zurücksetzen',
  'presence_rules.reset.title': 'Die Präsenzregeln zurücksetzen?',
  'presence_rules.reset.text':
    'Die Regeln gelten sofort, für jeden Kontakt. Was Sie hier eingegeben und nicht gespeichert haben, geht verloren.',
  'presence_rules.reset.one': '{rule}: {value}',
  'presence_rules.section.sources': 'Quellen',
  'presence_rules.section.manual': 'Eigene Angaben',
  'presence_rules.section.times': 'Verlorene Geräte und verstummte Quellen',
  'presence_rules.ignored_kinds': 'Arten von Quellen, die nicht zählen',
  'presence_rules.ignored_kinds.help':
    'Was solche Quellen melden, bleibt sichtbar, ändert aber nichts. Voreinstellung: keine.',
  'presence_rules.precedence': 'Was jemandem vorgeht, der frei ist',
  'presence_rules.precedence.help':
    'Über einem Kontakt, der verfügbar, inaktiv oder unbekannt ist, wird das Erste davon gezeigt, das beschäftigt oder nicht stören meldet. Voreinstellung: Plattform, Kalender, Gespräch.',
  'presence_rules.up': '„{name}“ nach oben',
  'presence_rules.down': '„{name}“ nach unten',
  'presence_rules.layer.platform': 'Plattform',
  'presence_rules.layer.calendar': 'Kalender',
  'presence_rules.layer.call': 'Gespräch',
  'presence_rules.is_tentative_busy': 'Termine unter Vorbehalt zählen',
  'presence_rules.is_tentative_busy.help':
    'An: Ein Termin, der noch nicht sicher ist, zählt wie jeder andere. Voreinstellung: aus.',
  'presence_rules.calls': 'Was ein Gespräch bewirkt',
  'presence_rules.calls.help':
    'Auf Telefonen, Softphones und in Audio- und Videokonferenzen. Voreinstellung: was das Telefon meldet.',
  'presence_rules.calls.as_said': 'Was das Telefon meldet',
  'presence_rules.calls.do_not_disturb': 'Bitte nicht stören: wer spricht, will kein anderes',
  'presence_rules.calls.ignored': 'Nichts: Gespräche ändern nichts',
  'presence_rules.low_lync_numbers': 'Zahlen von Lync unter 3000',
  'presence_rules.low_lync_numbers.help':
    'Nach Microsofts Schema bedeuten sie verfügbar, nach älteren Clients, dass niemand da ist. Was schon gemeldet ist, bleibt, wie es war. Voreinstellung: unbekannt.',
  'presence_rules.low_lync_numbers.unknown': 'Unbekannt',
  'presence_rules.low_lync_numbers.available': 'Verfügbar',
  'presence_rules.manual_yields_to': 'Was der eigenen Angabe „Verfügbar“ oder „Inaktiv“ vorgeht',
  'presence_rules.manual_yields_to.help':
    'Ist es vorbei, wird wieder die eigene Angabe gezeigt. Andere eigene Angaben stehen über allem. Voreinstellung: Kalender und Gespräch.',
  'presence_rules.manual_resets': 'Was eine eigene Angabe endgültig zurücknimmt',
  'presence_rules.manual_resets.help':
    'Danach folgt der Status wieder aus den Quellen. Was die Regeln auslassen, nimmt nichts zurück. Voreinstellung: nichts.',
  'presence_rules.reset_by.sign_in': 'Anmelden an einem Computer',
  'presence_rules.reset_by.sign_out': 'Abmelden an einem Computer',
  'presence_rules.reset_by.meeting': 'Ein Termin beginnt',
  'presence_rules.reset_by.call': 'Ein Gespräch beginnt',
  'presence_rules.manual_hours': 'Stunden, die eine eigene Angabe höchstens zählt',
  'presence_rules.manual_hours.help':
    '1 bis 720, dann ist sie endgültig zurückgenommen. Leer: bis zur Rücknahme. Voreinstellung: leer.',
  'presence_rules.grace_seconds': 'Frist für verlorene Geräte, in Sekunden',
  'presence_rules.grace_seconds.help':
    'So lange zählt die letzte Meldung eines Geräts, das weg ist, damit eine verlorene Verbindung keine Neuigkeit ist. 0 bis 3.600. Voreinstellung: 60.',
  'presence_rules.silence_minutes': 'Gedächtnis für verstummte Quellen, in Minuten',
  'presence_rules.silence_minutes.help':
    'So lange verhindert eine verstummte Quelle, dass jemand verfügbarer gezeigt wird, als sie zuletzt meldete. 0 bis 1.440. Voreinstellung: 120.',

  'states.title': 'Benannte Status',
  'states.add': 'Benannten Status hinzufügen',
  'states.new': 'Einen benannten Status hinzufügen',
  'states.change': 'Einen benannten Status ändern',
  'states.change.text':
    'Wer sich gerade darin befindet, behält ihn, wie er war, bis zur nächsten Wahl.',
  'states.name': 'Name',
  'states.name.help':
    'Etwa „Kaffeepause“. Besucher sehen ihn, wenn es in ihrer Sprache keinen gibt.',
  'states.availability.help': 'Als was er zählt: Daraus folgt, wer erreichbar ist.',
  'states.activity.help': 'Für Programme; Menschen sehen den Namen.',
  'states.labels': 'In anderen Sprachen',
  'states.labels.help': 'Eine Sprache wie en oder pt-BR, und wie der Status darin heißt.',
  'states.language': 'Sprache {number}',
  'states.label': 'Name in Sprache {number}',
  'states.label.add': 'Sprache hinzufügen',
  'states.label.remove': 'Sprache {number} entfernen',
  'states.saved': '{name} wurde gespeichert.',
  'states.removed': '{name} wurde gelöscht.',
  'states.full':
    'Es gibt {max, number} benannte Status, mehr sind nicht möglich. Löschen Sie einen, um einen anderen hinzuzufügen.',
  'states.empty.title': 'Noch keine benannten Status',
  'states.empty.text':
    'Geben Sie einem Status einen eigenen Namen, etwa „Kaffeepause“ für „Gleich zurück“. Er lässt sich dann als eigene Angabe wählen, und Besucher lesen ihn in ihrer Sprache.',
  'states.remove.title': '{name} löschen?',
  'states.remove.text': 'Der benannte Status wird endgültig entfernt.',
  'states.remove.choose': 'Niemand kann ihn mehr wählen.',
  'states.remove.stay': 'Wer sich gerade darin befindet, bleibt darin bis zur nächsten Wahl.',
  'states.remove.labels': 'Besucher sehen von ihnen diesen Namen, keinen in anderen Sprachen.',
  'states.remove.verb': 'Benannten Status löschen',
};
