import type { own as english } from './own.en';

export const own: Record<keyof typeof english, string> = {
  'operator.title': 'Operator',
  'operator.page': '{state} – Operator',
  'operator.skip': 'Zu den Kollegen springen',
  'operator.account': 'Konto und Einstellungen',
  'operator.portal': 'Portal öffnen',
  'operator.loading': 'Verbindung wird hergestellt …',

  'operator.barred':
    'Die Verbindung kam noch nicht zustande und wird erneut versucht. Wenn das anhält, sagen Sie es Ihrem Administrator: Der Gateway verlangt hier HTTPS, und ein Proxy muss WebSockets durchlassen.',
  'operator.lost':
    'Die Verbindung ist unterbrochen, daher ist von niemandem der Status bekannt. Sie wird von selbst neu aufgebaut; die Seite muss nicht neu geladen werden.',

  'operator.refused.again': 'Erneut versuchen',
  'operator.refused.sign_in': 'Erneut anmelden',
  'operator.refused.101': 'Ihre Sitzung ist beendet',
  'operator.refused.101.text':
    'Sie wurden abgemeldet, oder hier hat zu lange niemand etwas getan. Melden Sie sich erneut an.',
  'operator.refused.103': 'Keine Client-Lizenz ist frei',
  'operator.refused.103.text':
    'Alle Client-Lizenzen Ihrer Firma sind belegt. Versuchen Sie es wieder, wenn sich jemand abgemeldet hat, oder bitten Sie Ihren Administrator um weitere.',
  'operator.refused.none': 'Ihre Firma hat keine Client-Lizenzen',
  'operator.refused.none.text':
    'Der Operator braucht sie. Fragen Sie Ihren Administrator; Lizenzen vergibt, wer Switchboard für Sie betreibt.',
  'operator.refused.110': 'Sie dürfen keine Clients nutzen',
  'operator.refused.110.text':
    'Bitten Sie Ihren Administrator, Clients für Ihr Konto zu erlauben, im Portal unter Clients.',
  'operator.refused.131': 'Der Operator ist zu oft geöffnet',
  'operator.refused.131.text':
    'Sie sind bereits mit sechzehn Clients angemeldet. Schließen Sie einige davon und versuchen Sie es erneut.',
  'operator.refused.no_contact': 'Ihr Konto ist mit keinem Kontakt verknüpft',
  'operator.refused.no_contact.text':
    'Daher gibt es niemanden, dessen Präsenz gezeigt werden könnte. Bitten Sie Ihren Administrator, in Ihrem Konto Ihren Kontakt zu wählen.',
  'operator.refused.hidden': 'Ihr Kontakt kann nicht gezeigt werden',
  'operator.refused.hidden.text':
    'Er ist außer Betrieb, oder Ihre Rolle erlaubt nicht, Präsenz zu zeigen. Fragen Sie Ihren Administrator.',
  'operator.refused.above': 'Der Operator ist für die Menschen einer Firma',
  'operator.refused.above.text':
    'Sie betreiben mehrere Firmen und sind niemandes Kollege. Melden Sie sich mit einem Konto einer der Firmen an.',
  'operator.refused.other': 'Sie wurden nicht eingelassen',
  'operator.refused.other.text':
    'Der Gateway nannte einen Grund, den diese Seite nicht kennt (Nummer {number}). Versuchen Sie es erneut, oder fragen Sie Ihren Administrator.',

  'own.why': '{who}, seit {at, datetime}',
  'own.why.today': '{who}, seit {at, time}',
  'own.why.nothing': 'Über Sie ist zurzeit nichts bekannt, das zählt.',
  'own.by.manual': 'Durch Ihre eigene Angabe',
  'own.by.profile': 'Durch Ihr Profil',
  'own.by.telephone': 'Durch Ihr Telefon',
  'own.by.telephone.call': 'Durch ein Gespräch Ihres Telefons',
  'own.by.softphone': 'Durch Ihr Softphone',
  'own.by.softphone.call': 'Durch ein Gespräch Ihres Softphones',
  'own.by.audio_video': 'Durch ein Gespräch oder eine Konferenz',
  'own.by.calendar': 'Durch einen Termin in Ihrem Kalender',
  'own.by.bluetooth': 'Durch ein Bluetooth-Gerät',
  'own.by.computer': 'Durch einen Ihrer Computer',
  'own.by.mobile': 'Durch Ihr Mobilgerät',
  'own.by.platform': 'Durch ein anderes System, etwa Teams',
  'own.until': 'bis {at, datetime}',
  'own.until.today': 'bis {at, time}',
  'own.word': 'Eigene Angabe: {state}',
  'own.word.back': 'Zurücknehmen',

  'show.title': 'So zeige ich mich',
  'show.change': 'Ändern',
  'show.profiles': 'Profil',
  'show.profiles.help': 'Gilt, bis Sie ein anderes wählen.',
  'show.words': 'Eigene Angabe',
  'show.words.help': 'Geht Ihrem Profil vor und allem, was Geräte melden.',
  'show.until': 'Eigene Angabe bis',
  'show.away': 'Außer Haus',
  'show.away.done': 'Sie sind als außer Haus markiert.',
  'show.away.taken': 'Sie sind nicht mehr als außer Haus markiert.',
  'show.done': 'Sie werden gezeigt als: {state}.',
  'show.taken': 'Ihre Angabe wurde zurückgenommen.',

  'message.title': 'Statusnachricht',
  'message.text': 'Was Kollegen neben Ihrem Status sehen',
  'message.about': 'Betrifft',
  'message.until': 'Zeigen bis',
  'message.drop': '„{text}“ entfernen',
  'message.set': 'Setzen',
  'message.saved': 'Ihre Statusnachricht wurde gesetzt.',
  'message.removed': 'Ihre Statusnachricht wurde entfernt.',

  'until.open': 'ich es zurücknehme',
  'until.30': 'in 30 Minuten',
  'until.60': 'in einer Stunde',
  'until.120': 'in zwei Stunden',
  'until.day': 'Ende des heutigen Tages',
  'until.other': 'anderer Zeitpunkt …',
  'until.moment': 'Datum und Uhrzeit',
  'until.past': 'Dieser Zeitpunkt ist vorbei. Wählen Sie einen späteren.',

  'computer.title': 'Dieser Computer',
  'computer.on': 'Melden, ob ich an diesem Computer bin',
  'computer.off.text': 'Über diesen Computer wird nichts gemeldet.',
  'computer.says.active': 'Meldet, dass Sie hier sind.',
  'computer.says.idle': 'Meldet, dass Sie ihn eine Weile nicht benutzt haben.',
  'computer.says.locked': 'Meldet, dass er gesperrt ist.',
  'computer.says.nothing':
    'Meldet nichts: Sie haben diese Seite eine Weile nicht benutzt, und mehr sieht sie nicht.',
  'computer.says.failed': 'Es konnte nicht gemeldet werden und wird erneut versucht.',
  'computer.ask': 'Bemerken, wenn ich weg bin',
  'computer.ask.text':
    'Ihr Browser wird Sie fragen. Ohne das zählt nur, was Sie auf dieser Seite tun, und Sie werden abgemeldet, wenn Sie hier lange nichts tun.',
  'computer.denied':
    'Ihr Browser darf nicht bemerken, wenn Sie weg sind. Erlauben Sie es in den Einstellungen dieser Seite, neben ihrer Adresse.',
  'computer.unable':
    'Dieser Browser kann nicht bemerken, wenn Sie weg sind: Es zählt nur, was Sie auf dieser Seite tun.',
  'computer.seen':
    'Ihr Browser bemerkt, wenn Sie weg sind, und Sie bleiben angemeldet, solange Sie arbeiten.',

  'people.title': 'Kollegen',
  'people.search': 'Kollegen suchen',
  'people.search.help': 'Mit / suchen, mit den Pfeiltasten bewegen.',
  'people.favourites': 'Favoriten',
  'people.found': 'Gefunden',
  'people.found.none':
    'Niemand wurde gefunden. Versuchen Sie weniger Buchstaben oder einen anderen Teil des Namens.',
  'people.found.more': 'Es gibt mehr. Geben Sie mehr vom Namen ein.',
  'people.empty': 'Noch ist niemand hier',
  'people.empty.text':
    'Hier erscheinen die Mitglieder Ihrer Gruppen. Suchen Sie nach anderen und behalten Sie sie als Favoriten.',
  'people.no_right': 'Ihre Rolle zeigt Ihnen keine Kollegen',
  'people.no_right.text': 'Bitten Sie Ihren Administrator um eine Rolle, die das tut, etwa Agent.',
  'people.more': 'Nur {most, number} Personen werden gezeigt. Suchen Sie nach den anderen.',
  'people.keep': '{name} als Favorit behalten',
  'people.drop': '{name} aus den Favoriten entfernen',
  'people.full':
    'Es ist Platz für {most, number} Favoriten. Entfernen Sie einen, um einen anderen zu behalten.',
  'people.hidden': 'Nicht mehr zu sehen',
  'people.since': 'seit {at, datetime}',
  'people.since.today': 'seit {at, time}',
  'people.mail': 'E-Mail an {name}',
  'people.call': '{name} anrufen',
  'people.details': '{name}, {state}',
};
