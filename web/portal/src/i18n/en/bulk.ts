export const bulk = {
  'work.title': 'What goes on in the background',
  'work.running': '{done, number} of {total, number}. You can go on working.',
  'work.done': '{done, number} of {total, number} done.',
  'work.stopped': 'Stopped: {done, number} of {total, number} done.',
  'work.failed': '{count, plural, one {# failed:} other {# failed:}}',
  'work.more': '{count, plural, one {and # more} other {and # more}}',
  'work.stop': 'Stop',

  'contacts.filter.any': 'Any',
  'contacts.filter.find': 'Part of the name',

  'bulk.group': 'Add to group',
  'bulk.group.title':
    '{count, plural, one {Add # contact to a group} other {Add # contacts to a group}}',
  'bulk.vcard': 'vCard',
  'bulk.vcard.on': 'Enable vCard',
  'bulk.vcard.off': 'Disable vCard',
  'bulk.resubscribe': 'Resubscribe',
  'bulk.grouping': 'Into the group “{group}”: {count, plural, one {# contact} other {# contacts}}',
  'bulk.vcards.on':
    '{count, plural, one {Enabling the vCard of # contact} other {Enabling the vCards of # contacts}}',
  'bulk.vcards.off':
    '{count, plural, one {Disabling the vCard of # contact} other {Disabling the vCards of # contacts}}',
  'bulk.resubscribing':
    '{count, plural, one {Resubscribing # contact} other {Resubscribing # contacts}}',
  'bulk.synchronizing':
    '{count, plural, one {Asking for # contact to be synchronized} other {Asking for # contacts to be synchronized}}',
  'bulk.removing': '{count, plural, one {Deleting # contact} other {Deleting # contacts}}',
  'bulk.restoring':
    '{count, plural, one {Bringing # contact back} other {Bringing # contacts back}}',
  'bulk.remove.title': '{count, plural, one {Delete # contact?} other {Delete # contacts?}}',
  'bulk.remove.text':
    '{count, plural, one {The contact leaves everything it is used in. For 30 days it can be brought back, without its presence and notes.} other {They leave everything they are used in. For 30 days they can be brought back, without their presence and notes.}}',
  'bulk.remove.unknown':
    '{count, plural, one {It leaves its sites and groups, and disappears from its publications.} other {They leave their sites and groups, and disappear from their publications.}}',
  'bulk.remove.verb': '{count, plural, one {Delete # contact} other {Delete # contacts}}',

  'palette.title': 'Search or go to',
  'palette.placeholder': 'A page, a contact, a site, something to do',
  'palette.pages': 'Pages',
  'palette.actions': 'Actions',
  'palette.contacts': 'Contacts',
  'palette.sites': 'Sites',
  'palette.nothing': 'Nothing found. Try another part of the name.',
  'palette.count': '{count, plural, =0 {Nothing found} one {# result} other {# results}}',
  'palette.list': 'List of contacts with “{q}”',
  'palette.theme': 'Theme: {theme}',
  'palette.language': 'Language: {language}',
  'palette.keys': '↑↓ choose, Enter open, Esc close',
} as const;
