import type { bulk as english } from '../en/bulk';

export const bulk: Record<keyof typeof english, string> = {
  'work.title': 'Was im Hintergrund läuft',
  'work.running': '{done, number} von {total, number}. Sie können weiterarbeiten.',
  'work.done': '{done, number} von {total, number} erledigt.',
  'work.stopped': 'Angehalten: {done, number} von {total, number} erledigt.',
  'work.failed': '{count, plural, one {# fehlgeschlagen:} other {# fehlgeschlagen:}}',
  'work.more': '{count, plural, one {und # weiterer} other {und # weitere}}',
  'work.stop': 'Anhalten',

  'contacts.filter.any': 'Beliebig',
  'contacts.filter.find': 'Ein Teil des Namens',

  'bulk.group': 'In Gruppe aufnehmen',
  'bulk.group.title':
    '{count, plural, one {# Kontakt in eine Gruppe aufnehmen} other {# Kontakte in eine Gruppe aufnehmen}}',
  'bulk.vcard': 'vCard',
  'bulk.vcard.on': 'vCard einschalten',
  'bulk.vcard.off': 'vCard ausschalten',
  'bulk.resubscribe': 'Neu abonnieren',
  'bulk.grouping': 'In die Gruppe „{group}“: {count, plural, one {# Kontakt} other {# Kontakte}}',
  'bulk.vcards.on':
    '{count, plural, one {vCard von # Kontakt wird eingeschaltet} other {vCards von # Kontakten werden eingeschaltet}}',
  'bulk.vcards.off':
    '{count, plural, one {vCard von # Kontakt wird ausgeschaltet} other {vCards von # Kontakten werden ausgeschaltet}}',
  'bulk.resubscribing':
    '{count, plural, one {# Kontakt wird neu abonniert} other {# Kontakte werden neu abonniert}}',
  'bulk.synchronizing':
    '{count, plural, one {Synchronisierung von # Kontakt wird angefordert} other {Synchronisierung von # Kontakten wird angefordert}}',
  'bulk.removing':
    '{count, plural, one {# Kontakt wird gelöscht} other {# Kontakte werden gelöscht}}',
  'bulk.restoring':
    '{count, plural, one {# Kontakt wird zurückgeholt} other {# Kontakte werden zurückgeholt}}',
  'bulk.remove.title': '{count, plural, one {# Kontakt löschen?} other {# Kontakte löschen?}}',
  'bulk.remove.text':
    '{count, plural, one {Der Kontakt verlässt alles, wo er verwendet wird. 30 Tage lang lässt er sich zurückholen, ohne Präsenz und Notizen.} other {Sie verlassen alles, wo sie verwendet werden. 30 Tage lang lassen sie sich zurückholen, ohne Präsenz und Notizen.}}',
  'bulk.remove.unknown':
    '{count, plural, one {Er verlässt seine Standorte und Gruppen und verschwindet aus seinen Veröffentlichungen.} other {Sie verlassen ihre Standorte und Gruppen und verschwinden aus ihren Veröffentlichungen.}}',
  'bulk.remove.verb': '{count, plural, one {# Kontakt löschen} other {# Kontakte löschen}}',

  'palette.title': 'Suchen oder gehen zu',
  'palette.placeholder': 'Eine Seite, ein Kontakt, ein Standort, etwas zu tun',
  'palette.pages': 'Seiten',
  'palette.actions': 'Aktionen',
  'palette.contacts': 'Kontakte',
  'palette.sites': 'Standorte',
  'palette.nothing': 'Nichts gefunden. Versuchen Sie einen anderen Teil des Namens.',
  'palette.count': '{count, plural, =0 {Nichts gefunden} one {# Treffer} other {# Treffer}}',
  'palette.list': 'Liste der Kontakte mit „{q}“',
  'palette.theme': 'Design: {theme}',
  'palette.language': 'Sprache: {language}',
  'palette.keys': '↑↓ wählen, Enter öffnen, Esc schließen',
};
