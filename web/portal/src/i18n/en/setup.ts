/** Setting a tenant up, step by step. */
export const setup = {
  'setup.text':
    'From nothing to cards on your website. You can leave at any time and come back: what is done is seen from what there is. Every step can be left out.',
  'setup.text.above':
    'Whoever looks after tenants does not run what is in them: make an administrator for this tenant, who then goes on here.',
  'setup.open': 'Begin',
  'setup.look': 'Look at it',
  'setup.close': 'Close',
  'setup.done': 'Done',
  'setup.skip': 'Leave out for now',
  'setup.not_yours': 'Done by the tenant’s administrator.',
  'setup.unread': 'How this stands could not be found out.',
  'setup.unread.text':
    'What tells how this step stands could not be read. Try again above; the other steps can be done meanwhile.',
  'setup.unread.administrators': 'Who runs the tenant could not be read.',
  'setup.unread.domains': 'The domains could not be read.',
  'setup.unread.sources': 'The sources could not be read.',
  'setup.unread.runs': 'The runs could not be read.',
  'setup.unread.publications': 'The publications could not be read.',
  'setup.all': 'Everything is set up',
  'setup.all.text':
    'Your website can show who can be reached. All of it can be changed where it is kept.',

  'setup.tenant': 'Tenant',
  'setup.tenant.is': '{name} is there.',
  'setup.tenant.text':
    'The tenant {name} is the organisation that everything below belongs to. Its name, what visitors may use, and how long things are kept is in its settings; all of that can wait.',
  'setup.tenant.settings': 'Look at the settings',

  'setup.administrator': 'Tenant administrator',
  'setup.administrator.text': 'Nobody runs this tenant yet.',
  'setup.administrator.are':
    '{count, plural, one {# tenant administrator} other {# tenant administrators}}',
  'setup.administrator.why':
    'Add a user, give them the role Tenant administrator, and a password or a link to sign in with. They sign in with the tenant’s name and find this page from their start page.',
  'setup.administrator.over':
    'The tenant is handed over. Whoever runs it signs in with “{name}” as the tenant and goes on with the steps below.',
  'setup.administrator.add': 'Add a user',
  'setup.administrator.users': 'Show the users',

  'setup.domain': 'Website',
  'setup.domain.text': 'Which websites may show who can be reached.',
  'setup.domain.are': '{count, plural, one {# domain} other {# domains}}: {title}',
  'setup.domain.those': 'These websites may be chosen for publications:',

  'setup.source': 'Directory',
  'setup.source.text': 'From where contacts come, tried out before it is kept.',
  'setup.source.are': '{count, plural, one {# source} other {# sources}}: {name}',
  'setup.source.those': 'Contacts come from these sources:',

  'setup.run': 'First synchronization',
  'setup.run.text': 'See whom it would add, and let it.',
  'setup.run.was': 'Contacts were read from a source.',
  'setup.run.why':
    'Everybody is read, and what would be written is shown. Nothing is written before you have approved it; nothing is written in the directory at all.',
  'setup.run.preview': 'Read and show the plan',
  'setup.run.again': 'Read again',
  'setup.run.lines': 'Show every line',
  'setup.run.nobody': 'Your sources say only how available people are, so there is nobody to read.',
  'setup.run.no_source':
    'There is no source yet. Add one in the step before, or add contacts by hand.',

  'setup.publication': 'Publication',
  'setup.publication.text': 'What one web page shows: whom, and on which websites.',
  'setup.publication.is':
    '{title} shows {count, plural, one {# contact or group} other {# contacts and groups}}.',
  'setup.publication.why':
    'A publication is what one web page shows. Give it a title and choose the websites; opening hours and all else can be set later.',
  'setup.publication.cards': 'Choose who is shown in “{title}”, and save.',

  'setup.widget': 'Widget',
  'setup.widget.text': 'What to paste into your web page, and how it looks.',
  'setup.widget.is': 'Ready to be pasted into your web page.',
  'setup.widget.none': 'There is no publication yet. Add one in the step before.',
  'setup.widget.preview': 'How it looks',
  'setup.widget.more': 'Show the publication',
} as const;
