import type { frame as english } from '../en/frame';

export const frame: Record<keyof typeof english, string> = {
  'product.name': 'Switchboard',
  'action.save': 'Speichern',
  'action.cancel': 'Abbrechen',
  'action.close': 'Schließen',
  'action.delete': 'Löschen',
  'action.edit': 'Bearbeiten',
  'action.retry': 'Erneut versuchen',
  'value.none': '–',
  'value.yes': 'Ja',
  'value.no': 'Nein',

  'frame.skip': 'Zum Inhalt springen',
  'frame.navigation': 'Navigation',
  'frame.breadcrumb': 'Wo Sie sind',
  'frame.loading': 'Wird geladen …',
  'frame.offline':
    'Keine Netzwerkverbindung. Was Sie sehen, kann veraltet sein; Änderungen lassen sich nicht speichern.',

  'account.menu': 'Konto: {name}',
  'account.you': 'Sie',
  'account.language': 'Sprache',
  'account.theme': 'Darstellung',
  'account.theme.system': 'Wie das System',
  'account.theme.light': 'Hell',
  'account.theme.dark': 'Dunkel',
  'account.theme.contrast': 'Hoher Kontrast',
  'account.operator': 'Operator',
  'account.sign_out': 'Abmelden',

  'sign_in.title': 'Anmelden',
  'sign_in.heading': 'Bei Switchboard anmelden',
  'sign_in.tenant': 'Mandant',
  'sign_in.tenant.help': 'Für die Plattform leer lassen.',
  'sign_in.name': 'Name',
  'sign_in.password': 'Passwort',
  'sign_in.submit': 'Anmelden',
  'sign_in.incomplete': 'Geben Sie Ihren Namen und Ihr Passwort ein.',
  'sign_in.wrong': 'Mandant, Name oder Passwort ist falsch.',
  'sign_in.code': 'Code',
  'sign_in.code.help':
    'Was Ihre Authenticator-App anzeigt, oder einer Ihrer Wiederherstellungscodes.',
  'sign_in.code_wrong': 'Der Code ist falsch oder wurde schon benutzt.',
  'sign_in.or': 'oder',
  'sign_in.with': 'Mit {name} anmelden',
  'sign_in.failed.expired':
    'Die Anmeldung hat zu lange gedauert, war schon abgeschlossen oder wurde in einem anderen Fenster begonnen. Versuchen Sie es erneut.',
  'sign_in.failed.away':
    'Der Identitätsanbieter antwortet nicht. Versuchen Sie es bald erneut oder nehmen Sie Ihr Passwort.',
  'sign_in.failed.refused': 'Der Identitätsanbieter hat Sie nicht angemeldet.',
  'sign_in.failed.untrusted':
    'Was der Identitätsanbieter sagt, hält der Prüfung nicht stand. Versuchen Sie es erneut; geschieht es wieder, sagen Sie es Ihrem Administrator.',
  'sign_in.failed.unknown':
    'Der Identitätsanbieter kennt Sie, aber Sie sind hier kein Benutzer. Fragen Sie Ihren Administrator.',
  'sign_in.failed.disabled': 'Ihr Konto ist deaktiviert. Fragen Sie Ihren Administrator.',
  'sign_in.by_link': 'Anmeldung mit dem Link …',
  'sign_in.link_refused':
    'Dieser Link wurde schon benutzt oder ist abgelaufen. Melden Sie sich mit Ihrem Passwort an oder bitten Sie um einen neuen Link.',
  'idle.title': 'Sind Sie noch da?',
  'idle.text':
    'Hier ist seit einer Weile nichts geschehen, deshalb werden Sie abgemeldet. Ihre Eingaben bleiben erhalten.',
  'idle.left': '{seconds, plural, one {noch # Sekunde} other {noch # Sekunden}}',
  'idle.stay': 'Angemeldet bleiben',
  'renewal.title': 'Ihre Sitzung ist beendet',
  'renewal.text': 'Melden Sie sich erneut an, um fortzufahren. Ihre Eingaben sind noch da.',
  'renewal.leave': 'Verlassen',

  'missing.title': 'Nicht gefunden',
  'missing.heading': 'Hier ist nichts',
  'missing.text': 'Die Seite gibt es nicht, sie wurde entfernt, oder Sie dürfen sie nicht sehen.',
  'missing.home': 'Zur Startseite',
  'forbidden.title': 'Kein Zugriff',
  'forbidden.heading': 'Ihre Rechte umfassen das nicht',
  'forbidden.text': 'Fragen Sie jemanden in der Administration Ihrer Organisation.',
  'failed.title': 'Diese Seite kann nicht angezeigt werden',

  'list.search': 'Suchen',
  'list.clear': 'Suche leeren',
  'list.loading': 'Wird geladen …',
  'list.count': '{count, plural, =0 {Keine Einträge} one {# Eintrag} other {# Einträge}}',
  'list.more': 'Mehr als {count, number} Einträge',
  'list.actions': 'Aktionen',
  'list.actions_of': 'Aktionen für {name}',
  'list.columns': 'Spalten',
  'list.choose': '{name} auswählen',
  'list.choose_all': 'Alle geladenen auswählen',
  'list.chosen': 'Ausgewählte Einträge',
  'list.chosen.count': '{count, plural, one {# ausgewählt} other {# ausgewählt}}',
  'list.chosen.rest': 'Alle auswählen',
  'list.chosen.clear': 'Auswahl aufheben',
  'list.nothing.narrowed': 'Kein Eintrag passt zu den Filtern.',
  'list.nothing.title': 'Nichts gefunden',
  'list.nothing.text':
    'Kein Eintrag passt zu „{q}“. Jedes Wort muss vorkommen; Groß- und Kleinschreibung und Akzente sind egal.',

  'work.undo': 'Rückgängig',
  'palette.open': 'Suchen oder gehen zu …',

  'wizard.steps': 'Schritte',
  'wizard.next': 'Weiter',
  'wizard.back': 'Zurück',
  'wizard.finish': 'Fertig',

  'confirm.searching': 'Abhängiges wird gesucht …',
  'confirm.consequences': 'Das geschieht außerdem:',
  'confirm.nothing': 'Nichts anderes hängt davon ab.',

  'form.unsaved.title': 'Ohne Speichern verlassen?',
  'form.unsaved.text': 'Was Sie eingegeben haben, ist noch nicht gespeichert.',
  'form.unsaved.leave': 'Verlassen',
  'form.unsaved.stay': 'Bleiben',
  'form.conflict.title': 'Jemand anderes hat das geändert',
  'form.conflict.text': 'Diese Werte wurden geändert, nachdem Sie die Seite geöffnet haben:',
  'form.conflict.hidden':
    'Etwas, das dieses Formular nicht zeigt, wurde geändert, nachdem Sie die Seite geöffnet haben.',
  'form.conflict.change': 'vorher: {before}, jetzt: {now}',
  'form.conflict.mine': 'Ihr Wert: {mine}',
  'form.conflict.keep': 'Meine Änderungen behalten',
  'form.conflict.reload': 'Neu laden, meine verwerfen',

  'presence.out_of_office': 'Außer Haus',
};
