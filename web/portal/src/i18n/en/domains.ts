export const domains = {
  'domains.add': 'Add domain',
  'domains.new': 'Add a domain',
  'domains.name': 'Title',
  'domains.step.details': 'Details',
  'domains.step.avatars': 'Default avatars',
  'domains.empty.title': 'No domains yet',
  'domains.empty.text':
    'A domain is a website that may show publications. Browsers keep every other website from reading them.',

  'domain.title.help': 'How administrators know it. No other domain may have this title.',
  'domain.hosts': 'Hosts',
  'domain.hosts.help':
    'One in each line, such as www.example.com or localhost:8081. Wildcards are not possible: name every host that shows contacts.',
  'domain.hosts.wildcard':
    '“{host}” has a wildcard: name each host instead, such as www.example.com.',
  'domain.hosts.format': '“{host}” is not a host name such as www.example.com.',
  'domain.hosts.twice': '“{host}” appears twice.',
  'domain.section.schemes': 'How its pages are loaded',
  'domain.schemes': 'Schemes',
  'domain.schemes.required': 'Allow at least one of HTTPS and HTTP.',
  'domain.https': 'HTTPS',
  'domain.https.help': 'Pages whose address begins with https://.',
  'domain.http': 'HTTP',
  'domain.http.help': 'Pages whose address begins with http://. Anybody on the way can read along.',
  'domain.avatars.text':
    'Shown on the pages of this domain for contacts who have no picture of their own.',
  'domain.avatars.empty': 'There is no picture yet. Contacts without their own show initials.',
  'domain.created': '{title} was added. Add default avatars if you like.',
  'domain.saved': '{title} was saved.',
  'domain.removed': '{title} was deleted.',
  'domain.remove.title': 'Delete {title}?',
  'domain.remove.text':
    'Its pages may show nothing of this tenant any more, and its default avatars are removed.',
  'domain.remove.verb': 'Delete domain',
  'domain.remove.publication': 'The publication “{publication}” is left to its other domains.',
  'domain.remove.last':
    'The publication “{publication}” is left without a domain: no page can show it.',
  'domain.remove.unknown': 'Publications lose this domain; which ones could not be found out.',
} as const;
