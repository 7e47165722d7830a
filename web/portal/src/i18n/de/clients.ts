import type { clients as english } from '../en/clients';

export const clients: Record<keyof typeof english, string> = {
  'clients.unlicensed': 'Es gibt keine Client-Lizenzen',
  'clients.unlicensed.text': 'Wer Ihren Mandanten betreut, kann ihm welche geben.',
  'clients.used': '{used, number} von {licences, number} Lizenzen gerade belegt',
  'clients.permitted':
    '{count, plural, =0 {Niemand darf Clients benutzen} one {# Benutzer darf Clients benutzen} other {# Benutzer dürfen Clients benutzen}}',
  'clients.used.help':
    'Ein Benutzer belegt eine Lizenz, solange ein Client von ihm angemeldet ist, wie viele es auch sind. Das Portal, die Karten für Besucher und Programme belegen keine.',
  'clients.full':
    'Alle Lizenzen sind belegt: Wer sich jetzt mit einem Client anmeldet, wird mit „no client licence is free“ abgewiesen. Lassen Sie Lizenzen hinzufügen, oder nehmen Sie jemandem die Erlaubnis; dessen Clients werden binnen einer Minute weggeschickt.',
  'clients.more_permitted':
    'Mehr Benutzer dürfen Clients benutzen, als es Lizenzen gibt: Sind alle belegt, wird abgewiesen, wer dann kommt.',
  'clients.users': 'Wer darf',
  'clients.kinds': 'Was es gibt',
  'clients.only': 'Nur wer Clients benutzen darf',
  'clients.state': 'Clients',
  'clients.allowed': 'Erlaubt',
  'clients.not_allowed': 'Nicht erlaubt',
  'clients.disabled': 'Konto gesperrt',
  'clients.connected': '{count, plural, one {# angemeldet} other {# angemeldet}}',
  'clients.give': 'Clients erlauben',
  'clients.take': 'Clients nicht mehr erlauben',
  'clients.given': '{name} darf jetzt Clients benutzen.',
  'clients.taken': '{name} darf keine Clients mehr benutzen.',
  'clients.nobody': 'Niemand darf Clients benutzen',
  'clients.nobody.text':
    'Zeigen Sie alle Benutzer, und erlauben Sie Clients denen, die sie brauchen.',
  'clients.profile.choose': 'Client-Profil wählen',
  'clients.profile.of': 'Client-Profil von {name}',
  'clients.profile.saved': 'Das Client-Profil von {name} wurde gespeichert.',
  'clients.address': 'Adresse',
  'clients.script': 'Skript',
  'clients.module': 'Modul',
  'clients.docs': 'Dokumentation der API',
  'clients.openapi': 'OpenAPI-Dokument',
  'clients.kind.operator': 'Operator',
  'clients.kind.operator.text':
    'Zeigt im Browser die Präsenz von Kollegen live und lässt jeden die eigene setzen. Er braucht die Erlaubnis und eine Lizenz; er steht im Kontomenü derer, die ihn benutzen dürfen.',
  'clients.operator.open': 'Operator öffnen',
  'clients.kind.rose': 'Präsenzschnittstelle V2',
  'clients.kind.rose.text':
    'Für Clients, die die Präsenz von Kollegen live zeigen und die ihres Benutzers setzen. Sie brauchen die Erlaubnis und eine Lizenz.',
  'clients.kind.rose.typescript':
    'Ein Client in TypeScript gehört zum Quelltext von Switchboard, in web/client/src/rose.',
  'clients.kind.widget': 'Widget',
  'clients.kind.widget.text':
    'Zeigt Besuchern Ihrer Website, wer erreichbar ist. Es braucht keine Lizenz; welche Websites es haben dürfen, steht bei der Veröffentlichung, und dort auch der ganze Schnipsel.',
  'clients.kind.programs': 'Programme',
  'clients.kind.programs.text':
    'Alles, was HTTP spricht, mit einem API-Token, das ein Benutzer unter „Mein Konto“ anlegt. Es braucht keine Lizenz und darf, was die Rolle des Tokens darf.',
  'clients.kind.portal': 'Portal',
  'clients.kind.portal.text':
    'Diese Seiten, in jedem aktuellen Browser. Jeder mit einem Benutzer meldet sich hier an; eine Lizenz braucht es nicht.',
};
