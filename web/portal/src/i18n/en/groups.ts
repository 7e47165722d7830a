export const groups = {
  'groups.tree': 'Tree of groups',
  'groups.text':
    'Groups form one tree. Rights flow down it: who may change a group may change everything below. Arrow keys open and close, Enter shows a group.',
  'groups.drag': 'Drag a group onto another to put it below that, or use Move on its page.',
  'groups.add': 'Add group',
  'groups.add_below': 'Add group below',
  'groups.new': 'Add a group',
  'groups.search': 'Search groups',
  'groups.more': 'Show more ({count, number} left)',
  'groups.members': '{count, plural, one {# member} other {# members}}',
  'groups.is_root': 'Root group of a site',
  'groups.is_synced': 'From the directory',
  'groups.empty.title': 'No groups yet',
  'groups.empty.text': 'A group holds contacts and other groups. Every site brings one of its own.',

  'group.name': 'Name',
  'group.name.help': 'Choose well: the name cannot be changed later.',
  'group.parent': 'Below',
  'group.place': 'Place: {place}',
  'group.top': 'At the top of the tree',
  'group.choose_place': 'Choose place',
  'group.move': 'Move',
  'group.move.title': 'Move {name}',
  'group.fixed':
    'The name was fixed when the group was made. For another name, make a new group and move the members there.',
  'group.root.title': 'Root group of a site.',
  'group.root.text':
    'It has the name of its site, stays at the top, and is deleted with the site only. The home contacts of the site are members by themselves.',
  'group.root.site': 'Show the site',
  'group.sync.text':
    'Those of {name}, and of the groups below it, who come from a source are brought in step with it: their entries are looked for, and nobody else is touched. Who was made by hand is left alone.',
  'group.sync.asked':
    '{count, plural, =0 {Nobody here comes from a source in service.} one {# contact is synchronized.} other {# contacts are synchronized.}}',
  'group.sync.manual':
    '{count, plural, one {# was made by hand and stays as it is.} other {# were made by hand and stay as they are.}}',
  'group.synced.title': 'From the directory {source}.',
  'group.synced.text':
    'This group mirrors a group of the directory: its name and its members are changed there, and come here with the next synchronization.',
  'group.admins': 'Administrators',
  'group.admins.text':
    'Rights flow down the tree: who administers a site, a group above or the whole tenant administers this group too.',
  'group.admins.none': 'Nobody administers it.',
  'group.admins.others': 'Other roles on this group',
  'group.admins.here': 'On this group',
  'group.admins.mirrored':
    'No role can be given on a group that mirrors one of a directory: whoever changes it there would give rights here.',
  'group.admins.give': 'Give a role',
  'group.admins.give.title': 'Give a role on {name}',
  'group.admins.search': 'Search a user',
  'group.admins.nobody': 'Nobody is chosen yet.',
  'group.admins.chosen': 'User: {name}',
  'group.admins.has': 'Has this role here',
  'group.admins.added': '{name} has the role {role} now.',
  'group.admins.take': 'Take the role {role} from {name}',
  'group.members': 'Members',
  'group.members.empty.title': 'Nobody is in this group',
  'group.members.empty.text': 'Search for a contact above to add it.',
  'group.members.empty.fixed': 'Nothing has been added to it.',
  'group.member.add': 'Add a contact',
  'group.member.why': 'Member as',
  'group.member.home': 'Home contact',
  'group.member.listed': 'Added',
  'group.member.remove': 'Take out of the group',
  'group.member.stays': 'A home contact stays',
  'group.member.added': '{name} is a member now.',
  'group.member.removed': '{name} is no member any more.',
  'group.created': '{name} was added.',
  'group.moved': '{name} was moved.',
  'group.moved.back': '{name} is back where it was.',
  'group.removed': '{name} was deleted.',
  'group.remove.title': 'Delete {name}?',
  'group.remove.text':
    'The group is removed for good, with the rights that were given on it. Contacts stay. Services that it answers for are left without it.',
  'group.remove.verb': 'Delete group',
  'group.remove.members':
    '{count, plural, one {# contact leaves} other {# contacts leave}} the group.',
  'group.remove.below':
    '{count, plural, one {# group below goes} other {# groups below go}} with it.',
  'group.remove.publication':
    'The publication “{publication}” shows it, or a group below, no more.',
  'group.remove.unknown':
    'Groups below go with it and publications lose them; which ones could not be found out.',
} as const;
