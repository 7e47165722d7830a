/** What the operator says, in English. */
export const own = {
  'operator.title': 'Operator',
  'operator.page': '{state} – Operator',
  'operator.skip': 'Skip to colleagues',
  'operator.account': 'Account and settings',
  'operator.portal': 'Open the portal',
  'operator.loading': 'Connecting…',

  'operator.barred':
    'It could not be connected yet, and is tried again. If this lasts, tell your administrator: the gateway wants HTTPS here, and a proxy has to let WebSockets through.',
  'operator.lost':
    'The connection is lost, so nobody’s state is known. It is tried again by itself; nothing needs to be reloaded.',

  'operator.refused.again': 'Try again',
  'operator.refused.sign_in': 'Sign in again',
  'operator.refused.101': 'Your session is over',
  'operator.refused.101.text':
    'You were signed out, or nobody did anything here for too long. Sign in again to go on.',
  'operator.refused.103': 'No client licence is free',
  'operator.refused.103.text':
    'All client licences of your company are in use. Try again when somebody has signed out, or ask your administrator for more.',
  'operator.refused.none': 'Your company has no client licences',
  'operator.refused.none.text':
    'The operator needs them. Ask your administrator; licences come from whoever runs Switchboard for you.',
  'operator.refused.110': 'You may not use clients',
  'operator.refused.110.text':
    'Ask your administrator to allow clients for your account, under Clients in the portal.',
  'operator.refused.131': 'The operator is open too often',
  'operator.refused.131.text':
    'You are signed in with sixteen clients already. Close some of them, and try again.',
  'operator.refused.no_contact': 'Your account is linked to no contact',
  'operator.refused.no_contact.text':
    'So there is nobody whose presence could be shown. Ask your administrator to choose your contact on your account.',
  'operator.refused.hidden': 'Your contact cannot be shown',
  'operator.refused.hidden.text':
    'It is out of service, or your role does not let you show presence. Ask your administrator.',
  'operator.refused.above': 'The operator is for the people of a company',
  'operator.refused.above.text':
    'You run several companies and are nobody’s colleague. Sign in with an account of one of them.',
  'operator.refused.other': 'You were not let in',
  'operator.refused.other.text':
    'The gateway gave a reason that this page does not know (number {number}). Try again, or ask your administrator.',

  'own.why': '{who}, since {at, datetime}',
  'own.why.today': '{who}, since {at, time}',
  'own.why.nothing': 'Nothing that counts is known about you now.',
  'own.by.manual': 'By your own word',
  'own.by.profile': 'By your profile',
  'own.by.telephone': 'By your telephone',
  'own.by.telephone.call': 'By a call of your telephone',
  'own.by.softphone': 'By your softphone',
  'own.by.softphone.call': 'By a call of your softphone',
  'own.by.audio_video': 'By a call or conference',
  'own.by.calendar': 'By an appointment in your calendar',
  'own.by.bluetooth': 'By a Bluetooth device',
  'own.by.computer': 'By a computer of yours',
  'own.by.mobile': 'By your mobile device',
  'own.by.platform': 'By another system, such as Teams',
  'own.until': 'until {at, datetime}',
  'own.until.today': 'until {at, time}',
  'own.word': 'Own word: {state}',
  'own.word.back': 'Take it back',

  'show.title': 'Show me as',
  'show.change': 'Change',
  'show.profiles': 'Profile',
  'show.profiles.help': 'Stays until you choose another.',
  'show.words': 'Own word',
  'show.words.help': 'Goes before your profile and whatever devices say.',
  'show.until': 'Own word until',
  'show.away': 'Out of office',
  'show.away.done': 'You are marked as out of office.',
  'show.away.taken': 'You are not marked as out of office any more.',
  'show.done': 'You are shown as {state}.',
  'show.taken': 'What you said was taken back.',

  'message.title': 'Status message',
  'message.text': 'What colleagues see beside your state',
  'message.about': 'About',
  'message.until': 'Show it until',
  'message.drop': 'Remove “{text}”',
  'message.set': 'Set',
  'message.saved': 'Your status message was set.',
  'message.removed': 'Your status message was removed.',

  'until.open': 'I take it back',
  'until.30': 'in 30 minutes',
  'until.60': 'in an hour',
  'until.120': 'in two hours',
  'until.day': 'the end of today',
  'until.other': 'another time…',
  'until.moment': 'Date and time',
  'until.past': 'This moment is over. Choose a later one.',

  'computer.title': 'This computer',
  'computer.on': 'Say whether I am at this computer',
  'computer.off.text': 'Nothing is said about this computer.',
  'computer.says.active': 'Says that you are here.',
  'computer.says.idle': 'Says that you have not used it for a while.',
  'computer.says.locked': 'Says that it is locked.',
  'computer.says.nothing':
    'Says nothing: you have not used this page for a while, and it sees no more.',
  'computer.says.failed': 'It could not be said, and is tried again.',
  'computer.ask': 'Notice when I am away',
  'computer.ask.text':
    'Your browser will ask you. Without it only what you do in this page counts, and you are signed out when you do nothing here for long.',
  'computer.denied':
    'Your browser may not notice when you are away. Allow it in the settings of this page, beside its address.',
  'computer.unable':
    'This browser cannot notice when you are away: only what you do in this page counts.',
  'computer.seen': 'Your browser notices when you are away, and you stay signed in while you work.',

  'people.title': 'Colleagues',
  'people.search': 'Search colleagues',
  'people.search.help': 'Press / to search, arrow keys to move.',
  'people.favourites': 'Favourites',
  'people.found': 'Found',
  'people.found.none': 'Nobody is found. Try fewer letters, or another part of the name.',
  'people.found.more': 'There are more. Enter more of the name.',
  'people.empty': 'Nobody is here yet',
  'people.empty.text':
    'The members of your groups appear here. Search for others, and keep them as favourites.',
  'people.no_right': 'Your role shows you no colleagues',
  'people.no_right.text': 'Ask your administrator for a role that does, such as Agent.',
  'people.more': 'Only {most, number} people are shown. Search for the others.',
  'people.keep': 'Keep {name} as a favourite',
  'people.drop': 'Remove {name} from the favourites',
  'people.full': 'There is room for {most, number} favourites. Remove one to keep another.',
  'people.hidden': 'Not to be seen any more',
  'people.since': 'since {at, datetime}',
  'people.since.today': 'since {at, time}',
  'people.mail': 'Mail to {name}',
  'people.call': 'Call {name}',
  'people.details': '{name}, {state}',
} as const;
