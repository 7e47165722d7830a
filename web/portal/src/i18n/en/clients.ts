/** Which clients there are, who may use them, and what licences that takes. */
export const clients = {
  'clients.unlicensed': 'There are no client licences',
  'clients.unlicensed.text': 'Whoever looks after your tenant can give it some.',
  'clients.used': '{used, number} of {licences, number} licences in use now',
  'clients.permitted':
    '{count, plural, =0 {Nobody may use clients} one {# user may use clients} other {# users may use clients}}',
  'clients.used.help':
    'A user takes one licence for as long as a client of theirs is signed in, however many they have. The portal, visitors’ cards and programs take none.',
  'clients.full':
    'Every licence is in use: whoever signs in with a client now is refused with “no client licence is free”. Have licences added, or take the permission from somebody; their clients are sent away within a minute.',
  'clients.more_permitted':
    'More users may use clients than there are licences: when all licences are in use, whoever comes next is refused.',
  'clients.users': 'Who may',
  'clients.kinds': 'What there is',
  'clients.only': 'Only who may use clients',
  'clients.state': 'Clients',
  'clients.allowed': 'Allowed',
  'clients.not_allowed': 'Not allowed',
  'clients.disabled': 'Account disabled',
  'clients.connected': '{count, plural, one {# signed in} other {# signed in}}',
  'clients.give': 'Allow clients',
  'clients.take': 'Allow clients no more',
  'clients.given': '{name} may use clients now.',
  'clients.taken': '{name} may use no clients any more.',
  'clients.nobody': 'Nobody may use clients',
  'clients.nobody.text': 'Show all users, and allow clients to those who need them.',
  'clients.profile.choose': 'Choose the client profile',
  'clients.profile.of': 'Client profile of {name}',
  'clients.profile.saved': 'The client profile of {name} was saved.',
  'clients.address': 'Address',
  'clients.script': 'Script',
  'clients.module': 'Module',
  'clients.docs': 'Documentation of the API',
  'clients.openapi': 'OpenAPI document',
  'clients.kind.operator': 'Operator',
  'clients.kind.operator.text':
    'Shows colleagues’ presence live in a browser, and lets people set their own. It needs the permission and a licence; it is in the account menu of whoever may use it.',
  'clients.operator.open': 'Open the operator',
  'clients.kind.rose': 'Presence interface V2',
  'clients.kind.rose.text':
    'For clients that show colleagues’ presence live and set their user’s own. It needs the permission and a licence.',
  'clients.kind.rose.typescript':
    'A client in TypeScript is part of Switchboard’s source, in web/client/src/rose.',
  'clients.kind.widget': 'Widget',
  'clients.kind.widget.text':
    'Shows visitors of your website who can be reached. It needs no licence; which websites may have it is set on the publication, where its whole snippet is as well.',
  'clients.kind.programs': 'Programs',
  'clients.kind.programs.text':
    'Anything that speaks HTTP, with an API token that a user makes under “My account”. It needs no licence and may do what the token’s role may.',
  'clients.kind.portal': 'Portal',
  'clients.kind.portal.text':
    'These pages, in any current browser. Everybody with a user signs in here; it needs no licence.',
} as const;
