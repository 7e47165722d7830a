import type { sites as english } from '../en/sites';

export const sites: Record<keyof typeof english, string> = {
  'sites.add': 'Standort hinzufügen',
  'sites.new': 'Einen Standort hinzufügen',
  'sites.name': 'Name',
  'sites.place': 'Ort',
  'sites.state': 'Zustand',
  'sites.on': 'Eingeschaltet',
  'sites.off': 'Ausgeschaltet',
  'sites.contacts': 'Kontakte dieses Standorts',
  'sites.root_group': 'Oberste Gruppe dieses Standorts',
  'sites.empty.title': 'Noch keine Standorte',
  'sites.empty.text':
    'Ein Standort ist ein Ort Ihrer Organisation, etwa ein Büro. Jeder hat eine eigene Gruppe, zu der seine Kontakte gehören.',

  'site.name.help':
    'Kein anderer Standort darf so heißen. Die oberste Gruppe des Standorts trägt seinen Namen.',
  'site.enabled': 'Eingeschaltet',
  'site.enabled.help': 'Besucher sehen diesen Standort.',
  'site.unavailable': 'Erreichbar trotz Profil',
  'site.unavailable.help':
    'Besucher dürfen Kontakte dieses Heimatstandorts erreichen, obwohl deren gewähltes Präsenzprofil nicht verfügbar ist.',
  'site.time_zone': 'Zeitzone',
  'site.features': 'Angebot für Besucher',
  'site.features.help': 'Was dieser Standort außer seinen Kontakten anbietet.',
  'site.feature.callback': 'Rückruf',
  'site.feature.co_browsing': 'Eine Seite teilen',
  'site.section.address': 'Anschrift',
  'site.street': 'Straße',
  'site.zip_code': 'Postleitzahl',
  'site.city': 'Ort',
  'site.region': 'Bundesland oder Kanton',
  'site.country': 'Land',
  'site.section.numbers': 'Telefonnummern',
  'site.ranges': 'Nummernbereiche',
  'site.ranges.help': 'Mit Landesvorwahl; die erste und die letzte Nummer sind gleich lang.',
  'site.ranges.none': 'Es gibt noch keinen Bereich.',
  'site.range.add': 'Bereich hinzufügen',
  'site.range.from': 'Erste Nummer von Bereich {number}',
  'site.range.to': 'Letzte Nummer von Bereich {number}',
  'site.range.remove': 'Bereich {number} entfernen',
  'site.range.refused': 'Bereich {number} ist nicht vollständig.',
  'site.created': '{name} wurde hinzugefügt.',
  'site.saved': '{name} wurde gespeichert.',
  'site.removed': '{name} wurde gelöscht.',
  'site.remove.title': '{name} löschen?',
  'site.remove.text':
    'Der Standort wird endgültig entfernt, mit seiner obersten Gruppe, allen Gruppen darunter und den Rechten, die dort vergeben wurden. Kontakte bleiben.',
  'site.remove.verb': 'Standort löschen',
  'site.remove.contacts':
    '{count, plural, one {# Kontakt ist} other {# Kontakte sind}} in seiner obersten Gruppe und verlassen sie; Heimatkontakte haben dann keinen Heimatstandort.',
  'site.remove.publication': 'Die Veröffentlichung „{publication}“ gehört zu keinem Standort mehr.',
  'site.remove.unknown':
    'Kontakte, Gruppen und Veröffentlichungen verlieren diesen Standort; welche, ließ sich nicht feststellen.',

  'time_zone.help': 'Schreiben Sie eine Stadt oder eine Region, um sie zu finden.',
  'time_zone.placeholder': 'Europe/Berlin',
  'picker.nothing': 'Nichts gefunden.',
};
