export const runs = {
  'runs.started': 'Started',
  'runs.source': 'Source',
  'runs.trigger': 'Started by',
  'runs.state': 'State',
  'runs.result': 'Result',
  'runs.manual': 'By hand',
  'runs.schedule': 'Schedule',
  'runs.contact_added': 'Contact added',
  'runs.poll': 'Regular look at changes',
  'runs.undo': 'Undo',
  'runs.at': '{at, datetime}',
  'runs.empty.title': 'Nothing was synchronized yet',
  'runs.empty.text':
    'A run reads a source and brings contacts in step with it. It starts by its schedule or by hand.',
  'runs.changes': '{changed, number} changed, {disabled, number} disabled',
  'runs.not_found': '{count, plural, one {# contact was} other {# contacts were}} not found',
  'runs.gone': 'Source removed',

  'synchronize.title': 'Contacts Synchronization',
  'synchronize.text':
    'Contacts are brought in step with the directory: synced fields are overwritten, new entries become contacts, and contacts whose entries are gone are disabled. If that would be unusually many, the run waits for approval first.',
  'synchronize.source': 'Source',
  'synchronize.all': 'All sources',
  'synchronize.extent': 'What is read',
  'synchronize.extent.whole': 'Everything',
  'synchronize.extent.changes': 'What changed, if the source can tell',
  'synchronize.extent.stored': 'Nothing: map anew what was read',
  'synchronize.stored':
    'The mapping is applied to what was read before, and the source is not asked. Nobody counts as gone. Entries of which too little was read stay as they are. If unusually many contacts would change, the run waits for approval first.',
  'synchronize.waits': 'Another run of this source goes on. They follow right after it.',
  'synchronize.left_out.switched_off': 'Left out: the source is switched off.',
  'synchronize.left_out.no_entries': 'Left out: the source says only how available people are.',
  'synchronize.left_out.nothing_kept':
    'Left out: people are looked up in this source, so nothing of it is kept.',
  'synchronize.left_out.busy': 'Left out: a run of this source has not ended.',
  'synchronize.left_out.failed': 'Left out: its run could not be started.',
  'synchronize.none': 'There is no source yet. Add one first.',
  'synchronize.start': 'Start',
  'synchronize.preview': 'Preview first',
  'synchronize.preview.help': 'The run shows what it would do, and waits for approval.',
  'synchronize.details': 'Show the run',
  'synchronize.background': 'It goes on when you close this window.',

  'run.title': 'Run of {source}',
  'run.extent.changes': 'Only what changed since the last run was read.',
  'run.extent.stored': 'Nothing was read: what was read before was mapped anew.',
  'run.extent.needs_read':
    '{count, plural, one {# entry stays as it is until the source is read: the mapping asks for more than was read of it.} other {# entries stay as they are until the source is read: the mapping asks for more than was read of them.}}',
  'run.whole_because.unsupported': 'Everything was compared: the source cannot tell what changed.',
  'run.whole_because.no_cursor':
    'Everything was compared: nothing was read before with these settings.',
  'run.whole_because.cursor_expired':
    'Everything was compared: the source does not know any more what changed since the last run.',
  'run.whole_because.server_changed':
    'Everything was compared: another server of the directory answered than last time.',
  'run.whole_because.server_restored':
    'Everything was compared: the server’s data was restored from a backup.',
  'run.whole_because.deletions_unreadable':
    'Everything was compared: the account may not see which entries were deleted.',
  'run.whole_because.places_changed':
    'Everything was compared: a part of the directory was moved, renamed or changed.',
  'run.whole_because.too_many_changes':
    'Everything was compared: more changed than the source tells at once.',
  'run.about': 'About {count, plural, one {# contact} other {# contacts}} only.',
  'run.status.running': 'Reading and applying… It started {at, ago}.',
  'run.status.awaiting_approval': 'Nothing has been changed yet: the plan waits for approval.',
  'run.status.succeeded': 'Ended {at, datetime}. Everything was applied.',
  'run.status.failed': 'Ended {at, datetime}.',
  'run.status.cancelled': 'Ended {at, datetime}. It was cancelled.',
  'run.phase.reading': 'Reading the source and comparing…',
  'run.phase.applying': 'Applying the plan…',
  'run.phase.groups': 'Bringing groups in step…',
  'run.phase.photos': 'Bringing photos in step…',
  'run.pace.of': '{done, number} of about {expected, number}',
  'run.pace.done': '{done, number} so far',
  'run.pace.rate': '{rate, number} a second',
  'run.pace.seconds': 'about {seconds, plural, one {# second} other {# seconds}} left',
  'run.pace.minutes': 'about {minutes, plural, one {# minute} other {# minutes}} left',
  'run.count.read': 'Read',
  'run.count.created': 'Created',
  'run.count.linked': 'Linked',
  'run.count.updated': 'Updated',
  'run.count.disabled': 'Disabled',
  'run.count.enabled': 'Enabled',
  'run.count.unchanged': 'Unchanged',
  'run.count.set_aside': 'Set aside',
  'run.count.photos': 'Photos set',
  'run.count.not_found': 'Not found',
  'run.count.needs_read': 'To be read',
  'run.count.removed': 'Removed',
  'run.count.unlinked': 'Unlinked',
  'run.count.restored': 'Restored',
  'run.count.groups_created': 'Groups created',
  'run.count.groups_renamed': 'Groups renamed',
  'run.count.groups_removed': 'Groups removed',
  'run.count.memberships_added': 'Came into groups',
  'run.count.memberships_removed': 'Left groups',

  'run.problem.unreachable':
    'The directory at {url} could not be reached ({detail}), so no contact was changed.',
  'run.problem.certificate_refused':
    'The certificate of {url} was not accepted ({detail}), so no contact was changed.',
  'run.problem.bind_refused':
    'The directory refused the name {bind_dn} or its password, so no contact was changed.',
  'run.problem.search_refused':
    'The directory refused the search with result {result} ({detail}), so no contact was changed.',
  'run.problem.token_refused':
    'The service at {url} gave no token to {client_id} ({detail}), so no contact was changed.',
  'run.problem.request_refused':
    '{url} refused the request with status {status} ({detail}), so no contact was changed.',
  'run.problem.busy':
    '{url} was too busy, also when asked again ({detail}), so no contact was changed.',
  'run.problem.lookup_only':
    'People can only be looked up in this source, one by one: it cannot list everybody, so no contact was changed.',
  'run.problem.cut_short':
    'The read was cut short after {read, plural, one {# entry} other {# entries}} ({detail}), so no contact was changed.',
  'run.problem.empty': 'The source answered without a single entry, so no contact was changed.',
  'run.problem.too_many_removals':
    'The run would disable {removals, number} of {known, plural, one {# contact} other {# contacts}}, more than the {threshold_percent} % that the source allows, and waits for approval.',
  'run.problem.too_many_changes':
    'The run would change {updates, number} of {known, plural, one {# contact} other {# contacts}}, more than the {threshold_percent} % that the source allows, and waits for approval.',
  'run.problem.fewer_entries':
    'Only {read, number} entries were read, {last, number} the time before: more than {threshold_percent} % are missing, so the run waits for approval.',
  'run.problem.read_elsewhere':
    'The server, base or filter was changed since the last run, and {removals, plural, one {# contact} other {# contacts}} would be disabled: the run waits for approval.',
  'run.problem.shared_identities':
    '{duplicates, number} of {read, number} entries have the identity of another one, so no contact was changed. Is the attribute that identifies entries the right one?',
  'run.problem.first_after_undo':
    'It is the first run since one was undone: {changes, plural, one {# change waits} other {# changes wait}} for approval.',
  'run.problem.preview':
    'Nothing was written yet, as was wished: {changes, plural, one {# change waits} other {# changes wait}} for approval.',
  'run.problem.undo': 'The plan takes back all that the run did, and waits for approval.',
  'run.problem.undo.left':
    'The plan takes back what the run did and waits for approval. {left, plural, one {# value stays because it} other {# values stay because they}} changed since.',
  'run.problem.file_refused': 'The file {path} was refused ({detail}), so no contact was changed.',
  'run.problem.leavers_kept':
    'Nobody was taken out of service for having left: {contacts, plural, one {# contact was} other {# contacts were}} not found, and {entries, plural, one {# entry without identity} other {# entries without identity}} may be theirs.',
  'run.problem.laggards_kept':
    '{contacts, plural, one {# contact was not found but stays} other {# contacts were not found but stay}} in service: another server of the directory answered than last time, or its data was restored, and it may not have heard of everybody yet.',
  'run.problem.photos_unread':
    'The contacts were brought in step, but the photos were not read to the end (after {read, number}: {detail}), so no photo was removed.',
  'run.problem.photos_gone':
    'No contact’s photo was found, although {contacts, number} contacts have one from this source, so no photo was removed. Can the source’s account still read them?',
  'run.problem.photos_kept':
    'No photo was removed: those of {contacts, plural, one {# contact} other {# contacts}} were not found, and {entries, plural, one {# photo of an entry without identity} other {# photos of entries without identity}} may be theirs.',
  'run.problem.groups_unread':
    'The contacts were brought in step, but the groups were not read to the end ({detail}), so no group was changed.',
  'run.problem.groups_empty':
    'No group was found, so no group was changed ({groups, plural, =0 {none comes} one {# comes} other {# come}} from this source). Is the group filter right?',
  'run.problem.groups_kept':
    '{removals, number} of {known, plural, one {# membership in groups} other {# memberships in groups}} would go, more than the {threshold_percent} % that the source allows, so nobody was taken out of a group and no group was removed.',
  'run.problem.groups_unidentified':
    '{groups, plural, one {# group without identity was} other {# groups without identity were}} left out, so no group was removed and nobody was taken out of one.',
  'run.problem.secret_unreadable':
    'The password of the source is missing or cannot be read and must be entered again.',
  'run.problem.stale': 'Contacts changed after the plan was made, so it was not applied.',
  'run.problem.interrupted': 'The gateway stopped while the run was going on.',
  'run.problem.internal': 'The run failed for an internal reason that the gateway’s log explains.',

  'run.approve': 'Approve',
  'run.approve.title': 'Approve this run?',
  'run.approve.text':
    'Exactly the plan that is shown is applied: {created, number} created, {linked, number} linked, {updated, number} updated, {enabled, number} enabled, {disabled, number} disabled, {removed, number} removed.',
  'run.approve.leaver': 'Out of service: {locator}',
  'run.approve.more': '… and {count, plural, one {# contact} other {# contacts}} more.',
  'run.approve.verb': 'Apply the plan',
  'run.approved': 'The run was approved.',
  'run.cancel': 'Cancel run',
  'run.cancel.title': 'Cancel this run?',
  'run.cancel.text': 'It ends at the next safe point. What it has applied by then stays.',
  'run.cancel.waiting': 'The plan is thrown away, and no contact is changed.',
  'run.cancel.verb': 'Cancel run',
  'run.cancelled_now': 'The run is being cancelled.',

  'run.undo': 'Undo',
  'run.undo.title': 'Undo this run?',
  'run.undo.text':
    'A plan is made that takes back what the run did, and nothing is changed before you have seen and approved it. What somebody or a later run changed since stays. What the directory still says is then left alone until it says something else.',
  'run.undo.verb': 'Make the plan',
  'run.undo.started': 'The plan is being made.',
  'run.undoes': 'It takes back another run.',
  'run.undoes.show': 'Show that run',

  'entries.title': 'Entries',
  'run.report.csv': 'Report (CSV)',
  'run.report.json': 'Report (JSON)',
  'entries.counted': '{label} ({count, number})',
  'entries.filter': 'Show',
  'entries.all': 'All entries',
  'entries.entry': 'Entry',
  'entries.action': 'What',
  'entries.summary': 'Changes',
  'entries.create': 'Create',
  'entries.link': 'Link',
  'entries.update': 'Update',
  'entries.disable': 'Disable',
  'entries.enable': 'Enable',
  'entries.set_aside': 'Set aside',
  'entries.set_photo': 'Set photo',
  'entries.remove_photo': 'Remove photo',
  'entries.not_found': 'Not found',
  'entries.remove': 'Remove',
  'entries.unlink': 'Unlink',
  'entries.restore': 'Restore',
  'entries.create_group': 'Create group',
  'entries.rename_group': 'Rename group',
  'entries.remove_group': 'Remove group',
  'entries.join_group': 'Join group',
  'entries.leave_group': 'Leave group',
  'entries.empty.title': 'No entries',
  'entries.empty.text':
    'This run changed nothing and left nothing out, or has not come so far yet.',
  'entries.none.text': 'No entry of this run has this fate.',
  'entries.changes': '{count, plural, one {# field} other {# fields}}',
  'entries.details': 'Details',
  'entries.new': 'Every value is new.',
  'entries.missing': 'Not found in the directory. The contact stays as it is.',
  'entries.contact': 'Show the contact',
  'entries.before': 'Before',
  'entries.after': 'After',
  'entries.field': 'Field',
  'entries.reason': '{field}: “{value}”. {rule}',
  'entries.reason.title': 'Why it was set aside',
  'entries.attribute': 'Attribute',
  'entries.value': 'Value',
  'entries.rule': 'Rule',
} as const;
