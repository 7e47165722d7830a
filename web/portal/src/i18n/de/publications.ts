import type { publications as english } from '../en/publications';

export const publications: Record<keyof typeof english, string> = {
  'publications.add': 'Veröffentlichung hinzufügen',
  'publications.new': 'Eine Veröffentlichung hinzufügen',
  'publications.state': 'Zustand',
  'publications.on': 'Eingeschaltet',
  'publications.off': 'Ausgeschaltet',
  'publications.domains': '{count, plural, =0 {Keine} one {# Domain} other {# Domains}}',
  'publications.empty.title': 'Noch keine Veröffentlichungen',
  'publications.empty.text':
    'Eine Veröffentlichung ist, was eine Webseite zeigt: eine geordnete Liste von Kontakten und Gruppen mit eigenen Öffnungszeiten.',

  'publication.tab.details': 'Details',
  'publication.tab.cards': 'Karten',
  'publication.tab.embed': 'Einbetten',
  'publication.tab.preview': 'Vorschau',
  'publication.title': 'Titel',
  'publication.title.help':
    'Besucher sehen ihn über den Karten. Keine andere Veröffentlichung darf so heißen.',
  'publication.site': 'Standort',
  'publication.site.help': 'Wer diesen Standort verwaltet, darf die Veröffentlichung ändern.',
  'publication.site.none': 'Kein Standort',
  'publication.enabled': 'Eingeschaltet',
  'publication.enabled.help': 'Aus: Seiten, die sie enthalten, zeigen nichts.',
  'publication.coarse': 'Grobe Ansicht',
  'publication.coarse.help':
    'Besucher sehen nur, ob jemand erreichbar ist, nicht den Zustand dahinter. Gruppen zeigen ein Ergebnis für alle.',
  'publication.group_result': 'Ein Ergebnis je Gruppe',
  'publication.group_result.help':
    'Besucher sehen nicht, wer in einer Gruppe abwesend ist: Jedes Mitglied zeigt, was die Gruppe als Ganzes zeigt. Wer auch einzeln gezeigt wird, behält dort den eigenen Zustand.',
  'publication.modalities': 'Wege, jemanden zu erreichen',
  'publication.modalities.help': 'Innerhalb derer, die der Mandant anbietet.',
  'publication.modalities.all': 'Alle, die der Mandant anbietet',
  'publication.section.where': 'Wo sie gezeigt werden darf',
  'publication.domains.help':
    'Seiten dieser Domains dürfen sie zeigen; allen anderen verweigern es die Browser.',
  'publication.domains.none': 'Es gibt noch keine Domain. Fügen Sie zuerst eine hinzu:',
  'publication.no_domain':
    'Noch darf keine Seite diese Veröffentlichung zeigen: Sie hat keine Domain. Wählen Sie eine in den Details.',
  'publication.section.when': 'Wann Kontakte erreichbar sind',
  'publication.section.unreachable': 'Solange niemand erreichbar ist',
  'publication.unreachable': 'Seiten zeigen',
  'publication.unreachable.help':
    'Solange niemand der Veröffentlichung auf irgendeinem Weg erreichbar ist.',
  'publication.unreachable.next_time': 'Die Kontakte, und wann wieder jemand erreichbar ist',
  'publication.unreachable.hide': 'Nichts',
  'publication.unreachable.callback': 'Die Kontakte und ein Formular für einen Rückruf',
  'publication.unreachable.form': 'Die Kontakte und ein Formular für eine Nachricht',
  'publication.alerts': 'Wer benachrichtigt wird',
  'publication.alerts.help':
    'Alle erhalten, was ein Besucher hinterlässt, per E-Mail oder als signierte Anfrage. Webserver erhalten den Text nur, wenn der Mandant Chatverläufe behält.',
  'publication.enquiries': 'Was Besucher hinterlassen',
  'publication.enquiries.kept': '{days, plural, one {# Tag aufbewahrt} other {# Tage aufbewahrt}}',
  'publication.enquiries.days': 'Aufbewahrt (Tage)',
  'publication.enquiries.days.help': '1 bis 365; danach wird es gelöscht.',
  'publication.enquiries.country': 'Land',
  'publication.enquiries.country.help': 'Von Telefonnummern ohne Land, etwa DE.',
  'publication.enquiries.privacy': 'Datenschutzhinweis',
  'publication.enquiries.privacy.help': 'Eine Adresse, https://…, auf die das Formular verweist.',
  'publication.enquiries.consent_en': 'Einwilligung auf Englisch',
  'publication.enquiries.consent_de': 'Einwilligung auf Deutsch',
  'publication.enquiries.consent.help': 'Wozu Besucher einwilligen. Leer: ein üblicher Text.',
  'publication.created': '{title} wurde hinzugefügt. Wählen Sie, was sie zeigt.',
  'publication.saved': '{title} wurde gespeichert.',
  'publication.removed': '{title} wurde gelöscht.',
  'publication.remove.title': '{title} löschen?',
  'publication.remove.text':
    'Die Veröffentlichung wird endgültig entfernt, mit ihrem Schlüssel, ihren Öffnungszeiten und den Rechten, die auf ihr vergeben wurden.',
  'publication.remove.verb': 'Veröffentlichung löschen',
  'publication.remove.pages': 'Seiten mit ihrem Schlüssel zeigen nichts mehr.',
  'publication.remove.stays': 'Die Kontakte und Gruppen, die sie zeigt, bleiben.',

  'modality.chat': 'Chat',
  'modality.audio': 'Audio',
  'modality.video': 'Video',
  'modality.phone': 'Telefon',
  'modality.mail': 'E-Mail',

  'opening.title': 'Öffnungszeiten',
  'opening.always': 'Immer geöffnet. Schalten Sie ein, um Zeiten festzulegen.',
  'opening.limited': 'Zu diesen Zeiten geöffnet',
  'opening.zone.help': 'Alle Zeiten gelten in dieser Zone; Besucher sehen sie in ihrer eigenen.',
  'opening.week': 'Zeiten der Woche',
  'opening.closed': 'Geschlossen',
  'opening.from': '{day}: öffnet ({number})',
  'opening.to': '{day}: schließt ({number})',
  'opening.remove': '{day}: diese Zeiten entfernen ({number})',
  'opening.add': 'Zeiten hinzufügen',
  'opening.add_to': '{day}: Zeiten hinzufügen',
  'opening.copy': '{day} kopieren nach …',
  'opening.workdays': 'Montag bis Freitag',
  'opening.every_day': 'Jeden Tag',
  'opening.holidays': 'Feiertage und andere Ausnahmen',
  'opening.holidays.help':
    'Tage, an denen andere Zeiten gelten als in der Woche. Ohne eigene Zeiten ist ein solcher Tag geschlossen.',
  'opening.holiday': 'Ausnahme {number}',
  'opening.holiday.date': '{name}: Datum',
  'opening.holiday.name': '{name}: Name',
  'opening.holiday.placeholder': 'Name, etwa Neujahr',
  'opening.holiday.add': 'Einen Tag hinzufügen',
  'opening.holiday.remove': '{name} entfernen',
  'opening.refused': 'Prüfen Sie die gekennzeichneten Zeiten.',
  'opening.refused.incomplete': 'Geben Sie beide Zeiten ein.',
  'opening.refused.order': 'Muss nach dem Öffnen schließen. Mitternacht ist 00:00.',
  'opening.refused.overlap': 'Überschneidet sich mit anderen Zeiten dieses Tages.',
  'opening.refused.no_date': 'Geben Sie ein Datum ein.',
  'opening.refused.twice': 'Diesen Tag gibt es schon.',
  'opening.refused.too_long': 'Der Name hat mehr als 128 Zeichen.',

  'cards.title': 'Karten',
  'cards.text':
    'Besucher sehen diese Karten in dieser Reihenfolge. Eine Gruppe bringt eine Karte für jedes ihrer Mitglieder mit. Alt mit den Pfeiltasten verschiebt eine Karte, Entf nimmt sie heraus.',
  'cards.read_only': 'Ihre Rechte umfassen nicht, diese Karten zu ändern.',
  'cards.add': 'Einen Kontakt oder eine Gruppe hinzufügen',
  'cards.added': '{name} wurde am Ende hinzugefügt.',
  'cards.count': '{count, number} von {max, number} Karten',
  'cards.too_many': 'Höchstens {max, number} Karten, Mitglieder von Gruppen eingeschlossen.',
  'cards.none': 'Sie zeigt noch nichts. Suchen Sie oben einen Kontakt oder eine Gruppe.',
  'cards.is_in': 'Wird schon gezeigt',
  'cards.group':
    '{count, plural, =0 {Gruppe ohne Mitglieder} one {Gruppe mit # Kontakt} other {Gruppe mit # Kontakten}}',
  'cards.unknown': 'Nicht gefunden',
  'cards.gone': 'Gibt es nicht mehr, oder Sie dürfen es nicht sehen.',
  'cards.up': '{name} nach oben',
  'cards.down': '{name} nach unten',
  'cards.remove': '{name} herausnehmen',
  'cards.moved': '{name}: Platz {place} von {count}.',
  'cards.removed': '{name} wurde herausgenommen.',
  'cards.save': 'Karten speichern',
  'cards.saved': 'Die Karten wurden gespeichert.',

  'embed.snippet': 'Für Ihre Seite',
  'embed.snippet.text':
    'Fügen Sie dies ein, wo die Karten stehen sollen. Das Skript ist einmal je Seite nötig.',
  'embed.copy': 'Kopieren',
  'embed.copied': 'Kopiert.',
  'embed.selected':
    'Der Browser erlaubt hier kein Kopieren. Der Text ist ausgewählt: Drücken Sie Strg+C.',
  'embed.origins': 'Wo es funktioniert',
  'embed.origins.text': 'Auf Seiten dieser Ursprünge und nirgends sonst:',
  'embed.key': 'Schlüssel',
  'embed.key.text':
    'Der Schlüssel benennt die Veröffentlichung auf Webseiten. Wer ihn kennt, kann lesen, was Besucher lesen. Ersetzen Sie ihn, wenn er in falsche Hände geraten ist.',
  'embed.rotate': 'Schlüssel ersetzen',
  'embed.rotate.title': 'Den Schlüssel ersetzen?',
  'embed.rotate.text':
    'Die Veröffentlichung erhält einen neuen Schlüssel; der alte kommt nicht wieder.',
  'embed.rotate.pages':
    'Jede Seite mit dem alten Schlüssel zeigt nichts, bis Sie sie geändert haben.',
  'embed.rotate.visitors': 'Besucher, die gerade eine solche Seite ansehen, verlieren die Karten.',
  'embed.rotated': 'Der Schlüssel wurde ersetzt. Ändern Sie jetzt Ihre Seiten.',

  'preview.text':
    'Dies ist das Widget selbst, live, mit dem, was gespeichert ist. Hier funktioniert es, weil Portal und Gateway ein Ursprung sind; auf Ihrer Website auf den Ursprüngen, die unter „Einbetten“ stehen.',
  'preview.off':
    'Diese Veröffentlichung ist ausgeschaltet: Besucher sehen nichts. Dies sind ihre Karten.',
  'preview.no_widget':
    'Das Gateway liefert das Widget nicht aus. Dies sind die Karten ohne das Widget.',
  'preview.origin':
    'Das Gateway verweigert dieser Seite das Widget, weil die Adresse des Portals nicht zu den Domains der Veröffentlichung gehört. Auf Ihrer Website funktioniert es. Dies sind die Karten ohne das Widget; um es hier zu sehen, nehmen Sie die Adresse des Portals in eine Domain auf.',
  'preview.missing':
    'Das Gateway gibt diese Veröffentlichung nicht an Besucher aus: Vielleicht ist der Mandant ausgeschaltet, oder der Schlüssel wurde eben ersetzt. Dies sind ihre Karten.',
  'preview.failed':
    'Das Widget hat keine Verbindung zum Gateway. Dies sind die Karten ohne das Widget.',
  'preview.rest': 'Und {count, number} weitere.',
};
