import type { settings as english } from '../en/settings';

export const settings: Record<keyof typeof english, string> = {
  'settings.saved': 'Die Einstellungen wurden gespeichert.',
  'settings.section.general': 'Allgemein',
  'settings.section.platform': 'Von Plattform oder Reseller festgelegt',
  'settings.section.sync': 'Synchronisierung',
  'settings.section.reach': 'Wie Kontakte erreicht werden',
  'settings.section.conversations': 'Gespräche',
  'settings.section.privacy': 'Datenschutz',
  'settings.section.addresses': 'Adressen und Kopfzeilen',
  'settings.name': 'Name',
  'settings.name.help': 'Was Benutzer beim Anmelden als Mandant eingeben.',
  'settings.company_name': 'Firmenname',
  'settings.reseller': 'Reseller',
  'settings.reseller.none': 'Keiner: die Plattform selbst',
  'settings.client_licences': 'Client-Lizenzen',
  'settings.client_licences.help':
    'Wie viele Benutzer gleichzeitig mit Clients angemeldet sein dürfen.',
  'settings.disabled': 'Switchboard abschalten',
  'settings.disabled.help':
    'Ein: Besucher sehen nichts vom Mandanten, und seine Benutzer können sich nicht anmelden.',
  'settings.disabled.banner':
    'Dieser Mandant ist abgeschaltet: Besucher sehen nichts von ihm, und seine Benutzer können sich nicht anmelden.',
  'settings.section.profiles': 'Präsenzprofile',
  'settings.follows_meetings': 'Besprechungen steuern Anrufe',
  'settings.follows_meetings.help':
    'Wo Profile aktiv sind, wirkt eine Besprechung auf Anrufe wie das Profil „In einer Besprechung“, bis sie endet.',
  'settings.extension_lists': 'Nebenstellenlisten',
  'settings.extension_lists.help':
    'Wer wählt, welche seiner Geräte klingeln, bekommt eine Liste davon, die Gruppen statt des Benutzers rufen können.',
  'settings.sync': 'Daten aus Lync synchronisieren',
  'settings.sync.help':
    'Ein: Das Verzeichnis hat Vorrang. Was jemand von Hand an E-Mail, Anzeigename, Firma, Position, Büro, Telefon oder Anschrift (Arbeit) ändert, überschreibt der nächste Lauf. Aus: Keine Quelle läuft, und Änderungen von Hand bleiben.',
  'settings.sync.own': 'Nur Administratoren des Mandanten selbst ändern das.',
  'settings.auto_sync': 'Kontakte beim Hinzufügen synchronisieren',
  'settings.auto_sync.help': 'Ein Kontakt wird synchronisiert, sobald er hinzugefügt ist.',
  'settings.modalities': 'Kontaktwege',
  'settings.modalities.help':
    'Was der Mandant überhaupt anbietet. Veröffentlichungen können weniger anbieten.',
  'settings.when_away': 'Bei Abwesenheit erreichbar',
  'settings.when_away.help':
    'Kontakte, die abwesend oder gleich zurück sind, dürfen kontaktiert werden.',
  'settings.vcard': 'vCard-Angaben freigegeben',
  'settings.vcard.help':
    'Besucher dürfen vCards der Kontakte des Mandanten ansehen und herunterladen.',
  'settings.participants': 'Gesprächsteilnehmer zeigen',
  'settings.participants.help': 'Besucher sehen Namen und Bilder aller Teilnehmer.',
  'settings.history_sent': 'Chatverlauf senden',
  'settings.history_sent.help': 'Wer später dazukommt, erhält das vorher Geschriebene.',
  'settings.history_saved': 'Chatverlauf speichern',
  'settings.history_saved.help': 'Aus: Der Text von Chats wird anonymisiert.',
  'settings.ip_saved': 'Client-IP speichern',
  'settings.ip_saved.help': 'Aus: Statt der Adresse eines Besuchers wird 0.0.0.0 aufbewahrt.',
  'settings.section.sign_in': 'Anmeldung',
  'settings.factor': 'Zweiter Faktor erforderlich',
  'settings.factor.help':
    'Wer sich mit Passwort anmeldet, braucht auch einen Code. Benutzer ohne zweiten Faktor richten zuerst einen ein.',
  'settings.no_history': 'Kein Präsenzverlauf',
  'settings.no_history.help':
    'Präsenz wird nicht aufgezeichnet, und das Protokoll enthält keine Präsenzwerte. Beim Einschalten wird Aufgezeichnetes gelöscht.',
  'settings.external_url': 'Externe Basis-URL der API',
  'settings.external_url.help': 'Wo Browser von Besuchern das Gateway erreichen.',
  'settings.internal_urls': 'Interne Basis-URLs der API',
  'settings.internal_urls.help': 'Nur im internen Netz. Eine je Zeile, die aktive zuerst.',
  'settings.header_key': 'Name der Kopfzeile',
  'settings.header_key.help': 'Name eines HTTP-Kopfes, den Clients mit jeder Anfrage senden.',
  'settings.header_value': 'Wert der Kopfzeile',
  'settings.header_value.help': 'Nötig, sobald die Kopfzeile einen Namen hat.',
  'settings.cors': 'CORS abschalten',
  'settings.cors.help':
    'Ein: Anfragen von jeder Webseite werden beantwortet, was auch immer die Domains sagen. Lassen Sie das aus.',
  'settings.sdk': 'Lizenzschlüssel für das SDK',
  'settings.sdk.text': 'Clients, die mit dem SDK gebaut sind, weisen diesen Schlüssel vor.',
  'settings.sdk.show': 'Schlüssel zeigen',
  'settings.sdk.hide': 'Schlüssel verbergen',
  'settings.sdk.rotate': 'Schlüssel erneuern',
  'settings.sdk.rotate.title': 'Den SDK-Schlüssel erneuern?',
  'settings.sdk.rotate.text':
    'Der jetzige Schlüssel endet sofort. Clients, die ihn vorweisen, zeigen einen Fehler, bis sie den neuen haben.',
  'settings.sdk.rotated': 'Der SDK-Schlüssel wurde erneuert.',
  'copy.copy': 'Kopieren',
  'copy.copied': 'Kopiert.',
  'copy.failed':
    'Der Browser hat das Kopieren nicht erlaubt. Markieren Sie den Text und kopieren Sie ihn.',

  'modality.chat': 'Chat',
  'modality.audio': 'Audio',
  'modality.video': 'Video',
  'modality.phone': 'Telefon',
  'modality.mail': 'E-Mail',

  'resellers.add': 'Reseller hinzufügen',
  'resellers.new': 'Einen Reseller hinzufügen',
  'resellers.name': 'Name',
  'resellers.licences': 'Client-Lizenzen',
  'resellers.licences.help': 'Wie viele Client-Lizenzen seine Mandanten zusammen haben dürfen.',
  'resellers.mode': 'Präsenzprofile',
  'resellers.mode.help':
    'Aktiv: „Nicht stören“, Umleitung und Rufverteilung der Benutzer seiner Mandanten folgen dem gewählten Profil.',
  'resellers.mode.passive': 'Passiv: nur zur Anzeige',
  'resellers.mode.active': 'Aktiv: sie steuern Anrufe',
  'resellers.empty.title': 'Noch keine Reseller',
  'resellers.empty.text': 'Ein Reseller betreut eigene Mandanten und vergibt deren Lizenzen.',
  'reseller.created': '{name} wurde hinzugefügt.',
  'reseller.saved': '{name} wurde gespeichert.',
  'reseller.removed': '{name} wurde gelöscht.',
  'reseller.remove.title': '{name} löschen?',
  'reseller.remove.text':
    'Der Reseller wird endgültig entfernt. Das geht, sobald er keine Mandanten mehr hat.',
  'reseller.remove.verb': 'Reseller löschen',
};
