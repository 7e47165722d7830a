/** The rules by which claims become presence, and named states. */
export const presenceRules = {
  'presence_rules.tab': 'Rules',
  'presence_rules.audit': 'Who changed them: the audit',
  'presence_rules.default': 'These are the rules as they are by default.',
  'presence_rules.own': 'These are rules of your own.',
  'presence_rules.changed': 'Last changed {at, datetime}.',
  'presence_rules.saved': 'The presence rules were saved. They hold from now on.',
  'presence_rules.none': 'None',
  'presence_rules.reset': 'Reset to defaults',
  'presence_rules.reset.title': 'Reset the presence rules?',
  'presence_rules.reset.text':
    'The rules hold at once, for every contact. What you have entered here and not saved is lost.',
  'presence_rules.reset.one': '{rule}: {value}',
  'presence_rules.section.sources': 'Sources',
  'presence_rules.section.manual': 'Own words',
  'presence_rules.section.times': 'Devices that are lost and sources that fall silent',
  'presence_rules.ignored_kinds': 'Kinds of sources that do not count',
  'presence_rules.ignored_kinds.help':
    'What such sources say is kept and shown as ignored, but changes nothing. Default: none.',
  'presence_rules.precedence': 'What goes before somebody who is free',
  'presence_rules.precedence.help':
    'Over a contact that is available, inactive or unknown, the first of these that says busy or do not disturb is shown. Default: platform, calendar, call.',
  'presence_rules.up': 'Move “{name}” up',
  'presence_rules.down': 'Move “{name}” down',
  'presence_rules.layer.platform': 'Platform',
  'presence_rules.layer.calendar': 'Calendar',
  'presence_rules.layer.call': 'Call',
  'presence_rules.is_tentative_busy': 'Tentative appointments count',
  'presence_rules.is_tentative_busy.help':
    'On: an appointment that is not certain yet makes busy like any other. Default: off.',
  'presence_rules.calls': 'What a call does',
  'presence_rules.calls.help':
    'Of telephones, softphones, and audio and video conferences. Default: what the telephone says.',
  'presence_rules.calls.as_said': 'What the telephone says',
  'presence_rules.calls.do_not_disturb': 'Do not disturb: whoever is in a call wants no other',
  'presence_rules.calls.ignored': 'Nothing: calls change nothing',
  'presence_rules.low_lync_numbers': 'Numbers of Lync below 3000',
  'presence_rules.low_lync_numbers.help':
    'Microsoft’s schema says that they mean available, older clients that nobody is there. What was said before stays as it is. Default: unknown.',
  'presence_rules.low_lync_numbers.unknown': 'Unknown',
  'presence_rules.low_lync_numbers.available': 'Available',
  'presence_rules.manual_yields_to': 'What goes before an own word “Available” or “Inactive”',
  'presence_rules.manual_yields_to.help':
    'When it is over, the own word is shown again. Other own words stand above everything. Default: calendar and call.',
  'presence_rules.manual_resets': 'What takes an own word back for good',
  'presence_rules.manual_resets.help':
    'After that the state follows from sources again. What the rules leave out takes nothing back. Default: nothing.',
  'presence_rules.reset_by.sign_in': 'Signing in at a computer',
  'presence_rules.reset_by.sign_out': 'Signing out at a computer',
  'presence_rules.reset_by.meeting': 'An appointment begins',
  'presence_rules.reset_by.call': 'A call begins',
  'presence_rules.manual_hours': 'Hours for which an own word counts at most',
  'presence_rules.manual_hours.help':
    '1 to 720, then it is taken back for good. Empty: until it is taken back. Default: empty.',
  'presence_rules.grace_seconds': 'Grace of a lost device, in seconds',
  'presence_rules.grace_seconds.help':
    'For so long the last word of a device that is gone counts, so that a lost connection is no news. 0 to 3,600. Default: 60.',
  'presence_rules.silence_minutes': 'Memory of silent sources, in minutes',
  'presence_rules.silence_minutes.help':
    'For so long a source that fell silent keeps anybody from being shown as more available than it last said. 0 to 1,440. Default: 120.',

  'states.title': 'Named states',
  'states.add': 'Add named state',
  'states.new': 'Add a named state',
  'states.change': 'Change a named state',
  'states.change.text':
    'Whoever is in it keeps what they chose, as it was, until they choose again.',
  'states.name': 'Name',
  'states.name.help':
    'Such as “Coffee break”. Visitors see it when there is none in their language.',
  'states.availability.help': 'What it counts as: who may be reached follows from this.',
  'states.activity.help': 'Told to programs; the name is what people see.',
  'states.labels': 'In other languages',
  'states.labels.help': 'A language such as de or pt-BR, and what the state is called in it.',
  'states.language': 'Language {number}',
  'states.label': 'Name in language {number}',
  'states.label.add': 'Add language',
  'states.label.remove': 'Remove language {number}',
  'states.saved': '{name} was saved.',
  'states.removed': '{name} was deleted.',
  'states.full':
    'There are {max, number} named states, which is the most. Delete one to add another.',
  'states.empty.title': 'No named states yet',
  'states.empty.text':
    'Give a state a name of your own, such as “Coffee break” for “Be right back”. It can then be chosen as an own word, and visitors read it in their language.',
  'states.remove.title': 'Delete {name}?',
  'states.remove.text': 'The named state is removed for good.',
  'states.remove.choose': 'Nobody can choose it any more.',
  'states.remove.stay': 'Whoever is in it now stays in it until they choose again.',
  'states.remove.labels': 'Of them visitors see this name, and none in other languages.',
  'states.remove.verb': 'Delete named state',
} as const;
