import type { tenants as english } from '../en/tenants';

export const tenants: Record<keyof typeof english, string> = {
  'tenants.choose': 'Mandanten wählen',
  'tenants.switch': 'Mandant: {name}',
  'tenants.all': 'Alle Mandanten',
  'tenants.name': 'Name',
  'tenants.company': 'Firma',
  'tenants.state': 'Zustand',
  'tenants.on': 'Eingeschaltet',
  'tenants.off': 'Abgeschaltet',
  'tenants.empty.title': 'Noch keine Mandanten',
  'tenants.empty.text':
    'Ein Mandant ist eine Kundenorganisation mit eigenen Kontakten und Benutzern.',
  'tenants.add': 'Mandant hinzufügen',
  'tenants.new': 'Einen Mandanten hinzufügen',
  'tenants.reseller': 'Reseller',
  'tenants.switch_off': 'Abschalten',
  'tenants.switch_on': 'Einschalten',
  'tenants.switch_off.title': '{name} abschalten?',
  'tenants.switch_off.text':
    'Bis er wieder eingeschaltet wird, sehen Besucher nichts vom Mandanten, seine Benutzer können sich nicht anmelden, und nichts wird synchronisiert. Nichts wird gelöscht.',
  'tenants.switched_off': '{name} ist abgeschaltet.',
  'tenants.switched_on': '{name} ist eingeschaltet.',
  'tenant.created': '{name} wurde hinzugefügt.',
  'tenant.removed': '{name} wurde gelöscht.',
  'tenant.remove.title': '{name} löschen?',
  'tenant.remove.text': 'Der Mandant wird endgültig entfernt, mit allem, was zu ihm gehört.',
  'tenant.remove.contacts':
    'Seine Kontakte, Gruppen, Standorte, Veröffentlichungen und Verzeichnisquellen werden gelöscht.',
  'tenant.remove.users':
    'Seine Benutzer können sich nicht mehr anmelden, und seine API-Token enden.',
  'tenant.remove.pages': 'Webseiten, die ihn einbinden, zeigen keine Kontakte mehr.',
  'tenant.remove.verb': 'Mandant löschen',
  'confirm.type': 'Geben Sie zur Bestätigung „{name}“ ein',

  'home.setup': 'Diesen Mandanten einrichten',
  'home.setup.text': 'Auf Ihrer Website sind noch keine Karten: Ein paar Schritte führen dorthin.',
  'home.setup.nobody':
    'Noch sind keine Kontakte da: Ein paar Schritte führen von Ihrem Verzeichnis zu ihnen.',
  'home.setup.above': 'Noch betreibt niemand diesen Mandanten: Legen Sie einen Administrator an.',
  'home.setup.go': 'Weiter',
  'home.runs': 'Letzte Synchronisierungen',
  'home.runs.none': 'Es wurde noch nichts synchronisiert.',
  'home.runs.when': '{at, ago}',
  'home.warning.disabled': 'Dieser Mandant ist abgeschaltet: Besucher sehen nichts von ihm.',
  'home.warning.no_sync': 'Die Synchronisierung mit dem Verzeichnis ist abgeschaltet.',
  'home.warning.approval':
    'Ein Lauf von „{source}“ würde viele Kontakte außer Betrieb nehmen und wartet auf Freigabe.',
  'home.warning.failed': 'Der letzte Lauf von „{source}“ ist fehlgeschlagen.',
  'home.warning.secret':
    'Das Passwort von „{source}“ lässt sich nicht mehr lesen: Geben Sie es neu ein.',

  'run.running': 'Läuft',
  'run.awaiting_approval': 'Wartet auf Freigabe',
  'run.succeeded': 'Erfolgreich',
  'run.failed': 'Fehlgeschlagen',
  'run.cancelled': 'Abgebrochen',
};
