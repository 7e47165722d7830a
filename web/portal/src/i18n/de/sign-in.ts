import type { signIn as english } from '../en/sign-in';

export const signIn: Record<keyof typeof english, string> = {
  'users.sign_in': 'Anmeldung',

  'sessions.title': 'Angemeldete Geräte',
  'sessions.none': 'Nirgends angemeldet.',
  'sessions.here': 'Dieser Browser',
  'sessions.by_provider': 'Über Identitätsanbieter',
  'sessions.browser': '{browser} unter {system}',
  'sessions.unknown': 'Unbekannter Browser',
  'sessions.since': 'seit {at, date}',
  'sessions.used': 'zuletzt benutzt {at, ago}',
  'sessions.end': 'Abmelden',
  'sessions.end_one': '{name} abmelden',
  'sessions.end_others': 'Überall sonst abmelden',
  'sessions.end_all': 'Überall abmelden',
  'sessions.end.title': '{name} abmelden?',
  'sessions.end.text': 'Wer dort arbeitet, muss sich sofort neu anmelden.',
  'sessions.end.all':
    '{count, plural, one {Eine Sitzung endet sofort.} other {# Sitzungen enden sofort.}}',
  'sessions.ended': 'Die Sitzung ist beendet.',
  'sessions.all_ended': 'Die Sitzungen sind beendet.',

  'factor.title': 'Zweiter Faktor',
  'factor.off':
    'Ein Code einer Authenticator-App schützt Ihr Konto, wenn jemand Ihr Passwort erfährt.',
  'factor.on':
    'Die Anmeldung braucht einen Code. {count, plural, =0 {Kein Wiederherstellungscode ist übrig.} one {Ein Wiederherstellungscode ist übrig.} other {# Wiederherstellungscodes sind übrig.}}',
  'factor.required': 'Ihre Organisation verlangt ihn von allen.',
  'factor.few':
    'Nur wenige Wiederherstellungscodes sind übrig: Entfernen Sie den zweiten Faktor und richten Sie ihn neu ein, um neue zu erhalten.',
  'factor.begin': 'Einrichten',
  'factor.password.help': 'Lassen Sie das Feld leer, wenn Sie kein Passwort haben.',
  'factor.scan':
    'Lesen Sie dies mit einer Authenticator-App ein und geben Sie dann den Code ein, den sie anzeigt.',
  'factor.picture': 'QR-Code für die Authenticator-App',
  'factor.by_hand': 'Keine Kamera? Geben Sie diesen Schlüssel in der App ein oder',
  'factor.open': 'öffnen Sie ihn auf diesem Gerät.',
  'factor.code_or_recovery': 'Code oder Wiederherstellungscode',
  'factor.confirm': 'Bestätigen',
  'factor.codes': 'Wiederherstellungscodes',
  'factor.codes.text':
    'Bewahren Sie diese Wiederherstellungscodes sicher auf. Mit jedem melden Sie sich einmal ohne Ihre App an. Sie werden nicht noch einmal gezeigt.',
  'factor.codes.kept': 'Ich habe sie aufbewahrt',
  'factor.set_up': 'Ab jetzt braucht die Anmeldung einen Code.',
  'factor.remove': 'Zweiten Faktor entfernen',
  'factor.removed': 'Der zweite Faktor wurde entfernt.',
  'factor.since': 'Eingerichtet am {at, date}: Die Anmeldung braucht einen Code.',
  'factor.none': 'Keiner: Das Passwort genügt.',
  'factor.reset': 'Zweiten Faktor zurücksetzen',
  'factor.reset.title': 'Den zweiten Faktor von {name} zurücksetzen?',
  'factor.reset.text':
    'Danach genügt das Passwort. Tun Sie das nur, wenn Sie wissen, wer fragt. Alle Sitzungen enden.',
  'factor.reset.done': 'Der zweite Faktor von {name} wurde zurückgesetzt.',
  'factor.first.title': 'Zweiten Faktor einrichten',
  'factor.first.text':
    'Ihre Organisation verlangt neben dem Passwort einen Code. Richten Sie ihn ein, bevor es weitergeht.',

  'providers.add': 'Identitätsanbieter hinzufügen',
  'providers.new': 'Einen Identitätsanbieter hinzufügen',
  'providers.empty.title': 'Noch keine Identitätsanbieter',
  'providers.empty.text':
    'Mit einem Identitätsanbieter (OpenID Connect) melden sich Benutzer mit dem Konto ihrer Organisation an.',
  'provider.name': 'Name',
  'provider.name.help': 'Was auf seiner Schaltfläche auf der Anmeldeseite steht.',
  'provider.issuer': 'Aussteller',
  'provider.issuer.help':
    'Seine Adresse genau so, wie er sich selbst nennt, etwa https://login.example.com/realms/work.',
  'provider.client_id': 'Client-ID',
  'provider.client_id.help': 'Als was dieses Gateway dort registriert ist.',
  'provider.enabled': 'In Gebrauch',
  'provider.enabled.help': 'Wird er abgeschaltet, enden Sitzungen, die über ihn begonnen haben.',
  'provider.state': 'Zustand',
  'provider.on': 'In Gebrauch',
  'provider.off': 'Aus',
  'provider.section.users': 'Wer wer ist',
  'provider.claim': 'Angabe mit dem Namen',
  'provider.claim.help':
    'Was dort steht, wird mit Benutzerprinzipalnamen verglichen, dann mit Benutzernamen. Eine E-Mail-Adresse zählt, wenn sie bestätigt ist.',
  'provider.scopes': 'Bereiche (Scopes)',
  'provider.scopes.help': 'Einer je Zeile; openid wird immer verlangt.',
  'provider.linking': 'Benutzer bei der ersten Anmeldung verknüpfen',
  'provider.linking.help':
    'Ohne dies kann sich niemand Neues über ihn anmelden. Erlauben Sie es nur, wenn sich die Leute ihre Namen beim Anbieter nicht selbst aussuchen können.',
  'provider.register': 'Beim Anbieter',
  'provider.register.text':
    'Registrieren Sie das Gateway dort als Webanwendung mit dieser Umleitungsadresse.',
  'provider.secret': 'Geheimnis',
  'provider.secret.present': 'Ein Geheimnis ist aufbewahrt. Niemand sieht es wieder.',
  'provider.secret.absent':
    'Kein Geheimnis ist aufbewahrt: Das Gateway ist dort ein öffentlicher Client.',
  'provider.secret.enter_again':
    'Das Geheimnis lässt sich nicht mehr öffnen. Geben Sie es erneut ein.',
  'provider.secret.new': 'Neues Geheimnis',
  'provider.secret.keep': 'Geheimnis aufbewahren',
  'provider.secret.kept': 'Das Geheimnis ist aufbewahrt.',
  'provider.created':
    '{name} wurde hinzugefügt. Registrieren Sie das Gateway dort und geben Sie das Geheimnis ein.',
  'provider.saved': '{name} wurde gespeichert.',
  'provider.removed': '{name} wurde gelöscht.',
  'provider.remove.title': '{name} löschen?',
  'provider.remove.text':
    'Niemand meldet sich mehr über ihn an, und Sitzungen, die über ihn begonnen haben, enden.',
  'provider.remove.verb': 'Identitätsanbieter löschen',
};
