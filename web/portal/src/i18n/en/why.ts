/** Why a contact shows what it shows. */
export const why = {
  'why.title': 'Why',
  'why.rule.own_word': 'An own word is given. It is what counts first, whatever devices say.',
  'why.rule.profile':
    'The presence profile that the user selected is an own word, and counts before what devices say: {claim}.',
  'why.rule.fixed_profile':
    'The user may use no client, and no device is known. So the profile is always Available, and only calls go before it: {claim}.',
  'why.rule.best_device':
    'There is no own word. Of all devices the most available one decides: {claim}.',
  'why.rule.idle_telephone':
    'There is no own word, and no computer, mobile or other device is known. So the most available telephone that is not in a call decides: {claim}.',
  'why.rule.any_telephone':
    'There is no own word, and no computer, mobile or other device is known. So the most available telephone decides, for calls change nothing by your rules: {claim}.',
  'why.rule.nothing_known': 'No source that counts says anything now, so nothing is known.',
  'why.rule.platform':
    'A platform says that the contact is not free, and that goes before the rest: {claim}.',
  'why.rule.calendar': 'There is an appointment now, and that goes before the rest: {claim}.',
  'why.rule.call': 'There is a call now, and that goes before the rest: {claim}.',
  'why.rule.quiet_call':
    'There is a call now, and by your rules whoever is in a call does not want another: {claim}.',
  'why.rule.silence':
    'A source fell silent, and what it said last was less available than what is left. Silence makes nobody more available, so the state counts as unknown.',
  'why.rule.service_staffed':
    'No source says anything about this service itself. It shows the best state of the people who staff it.',
  'why.rule.service_alone':
    'No source says anything about this service itself, and no group staffs it, so it counts as staffed.',
  'why.staff': 'Those who staff it: {states}.',
  'why.staff.below':
    'What is said about the service itself goes before those who staff it: {states}.',
  'why.staff.none': 'Nobody who is in service staffs it.',
  'why.below': 'Without that it would be “{state}”, which is said by: {claim}.',
  'why.marks': 'It is marked as out of office by: {claims}. That changes nothing about the state.',

  'why.claims': 'What is said about this contact',
  'why.claims.none':
    'Nothing so far. Set the own word above, or let a program or source tell Switchboard about this contact.',
  'why.part.decides': 'Decides',
  'why.part.covered': 'Covered',
  'why.part.overruled': 'Overruled',
  'why.part.marks': 'Marks',
  'why.part.silent': 'Silent',
  'why.part.ignored': 'Ignored',
  'why.part.expired': 'Expired',
  'why.part.decides.text': 'This is what is shown.',
  'why.part.covered.text': 'This would be shown if nothing went before it.',
  'why.part.overruled.text': 'It counts, but something else goes before it.',
  'why.part.marks.text': 'It marks who is out of office and says nothing about the state.',
  'why.part.silent.text':
    'Its source should have repeated this and did not. While it would make the contact less available than the rest does, the state is unknown.',
  'why.part.ignored.text': 'The presence rules leave such sources out.',
  'why.part.expired.text': 'It does not count any more.',
  'why.tentative': 'not certain yet',
  'why.ringing': 'rings',
  'why.since': 'since {at, datetime}, {for, ago}',
  'why.heard': 'last heard {at, ago}',
  'why.ends': 'ends {at, ago}',
  'why.ended': 'ended {at, ago}',
  'why.stays': 'stays until it is taken back',
  'why.own_word': 'Own word',
  'why.mark': 'Out of office, set by hand',
  'why.claim': '{kind} ({source})',
  'why.claim.device': '{kind} ({source}, {device})',

  'why.turns': 'What it turns to by itself',
  'why.turns.none': 'As far as is known, nothing changes by itself.',
  'why.turn.by': '{at, datetime}, {in, ago}: “{state}”. Then this decides: {kind}.',
  'why.turn.plain': '{at, datetime}, {in, ago}: “{state}”.',
  'why.turn.open': '{at, datetime}, {in, ago}: “{state}”. Then nothing certain is known.',

  'why.changes': 'What would change it now',
  'why.changes.none': 'Nothing that was tried would change it.',
  'why.change.manual_claims': 'An own word – {states} – would be shown at once.',
  'why.change.manual_claim': 'With the own word “{said}” it would be “{then}”.',
  'why.change.manual_reset': 'If the own word is taken back, it would be “{then}”.',
  'why.change.device_claim': 'If “{said}” is said by {claim}, it would be “{then}”.',
  'why.change.new_device': 'If a computer says “{said}”, it would be “{then}”.',
  'why.change.end_of_occupation': 'When this ends, it would be “{then}”: {claim}.',
  'why.change.calendar_busy': 'With an appointment it would be “{then}”.',
  'why.change.call': 'With a call it would be “{then}”.',
  'why.change.source_speaks': 'If “{said}” is said again by {claim}, it would be “{then}”.',

  'claim_kind.manual': 'Own word',
  'claim_kind.telephone': 'Telephone',
  'claim_kind.calendar': 'Calendar',
  'claim_kind.audio_video': 'Audio or video conference',
  'claim_kind.softphone': 'Softphone',
  'claim_kind.bluetooth': 'Bluetooth device',
  'claim_kind.computer': 'Computer',
  'claim_kind.mobile': 'Mobile',
  'claim_kind.platform': 'Platform',
  'why.profile': 'Profile {name}',
  'why.profile.default': 'Profile Available',
  'why.profile.fixed': 'Fixed profile of a user without a client',
  'claim_kind.profile': 'Profile',
} as const;
