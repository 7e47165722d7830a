import type { domains as english } from '../en/domains';

export const domains: Record<keyof typeof english, string> = {
  'domains.add': 'Domain hinzufügen',
  'domains.new': 'Eine Domain hinzufügen',
  'domains.name': 'Titel',
  'domains.step.details': 'Details',
  'domains.step.avatars': 'Standard-Avatare',
  'domains.empty.title': 'Noch keine Domains',
  'domains.empty.text':
    'Eine Domain ist eine Website, die Veröffentlichungen zeigen darf. Alle anderen Websites hält der Browser davon ab, sie zu lesen.',

  'domain.title.help': 'So kennen sie die Administratoren. Keine andere Domain darf so heißen.',
  'domain.hosts': 'Hosts',
  'domain.hosts.help':
    'Einer pro Zeile, etwa www.example.com oder localhost:8081. Platzhalter sind nicht möglich: Nennen Sie jeden Host, der Kontakte zeigt.',
  'domain.hosts.wildcard':
    '„{host}“ enthält einen Platzhalter: Nennen Sie stattdessen jeden Host, etwa www.example.com.',
  'domain.hosts.format': '„{host}“ ist kein Hostname wie www.example.com.',
  'domain.hosts.twice': '„{host}“ kommt zweimal vor.',
  'domain.section.schemes': 'Wie ihre Seiten geladen werden',
  'domain.schemes': 'Schemata',
  'domain.schemes.required': 'Erlauben Sie HTTPS oder HTTP, oder beides.',
  'domain.https': 'HTTPS',
  'domain.https.help': 'Seiten, deren Adresse mit https:// beginnt.',
  'domain.http': 'HTTP',
  'domain.http.help': 'Seiten, deren Adresse mit http:// beginnt. Unterwegs kann jeder mitlesen.',
  'domain.avatars.text':
    'Auf den Seiten dieser Domain gezeigt für Kontakte, die kein eigenes Bild haben.',
  'domain.avatars.empty': 'Es gibt noch kein Bild. Kontakte ohne eigenes zeigen Initialen.',
  'domain.created':
    '{title} wurde hinzugefügt. Wenn Sie möchten, fügen Sie Standard-Avatare hinzu.',
  'domain.saved': '{title} wurde gespeichert.',
  'domain.removed': '{title} wurde gelöscht.',
  'domain.remove.title': '{title} löschen?',
  'domain.remove.text':
    'Ihre Seiten dürfen nichts mehr von diesem Mandanten zeigen, und ihre Standard-Avatare werden entfernt.',
  'domain.remove.verb': 'Domain löschen',
  'domain.remove.publication': 'Der Veröffentlichung „{publication}“ bleiben ihre anderen Domains.',
  'domain.remove.last':
    'Die Veröffentlichung „{publication}“ hat dann keine Domain: Keine Seite kann sie zeigen.',
  'domain.remove.unknown':
    'Veröffentlichungen verlieren diese Domain; welche, ließ sich nicht feststellen.',
};
