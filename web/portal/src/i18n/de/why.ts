import type { why as english } from '../en/why';

export const why: Record<keyof typeof english, string> = {
  'why.title': 'Warum',
  'why.rule.own_word':
    'Es gibt eine eigene Angabe. Sie zählt zuerst, was auch immer Geräte melden.',
  'why.rule.profile':
    'Das Präsenzprofil, das der Benutzer gewählt hat, ist eine eigene Angabe und zählt vor dem, was Geräte melden: {claim}.',
  'why.rule.fixed_profile':
    'Der Benutzer darf keinen Client benutzen, und kein Gerät ist bekannt. Also ist das Profil immer „Verfügbar“, und nur Gespräche gehen vor: {claim}.',
  'why.rule.best_device':
    'Es gibt keine eigene Angabe. Von allen Geräten entscheidet das am besten verfügbare: {claim}.',
  'why.rule.idle_telephone':
    'Es gibt keine eigene Angabe, und kein Computer, Mobilgerät oder anderes Gerät ist bekannt. Also entscheidet das am besten verfügbare Telefon, auf dem nicht gesprochen wird: {claim}.',
  'why.rule.any_telephone':
    'Es gibt keine eigene Angabe, und kein Computer, Mobilgerät oder anderes Gerät ist bekannt. Also entscheidet das am besten verfügbare Telefon, denn nach Ihren Regeln ändern Gespräche nichts: {claim}.',
  'why.rule.nothing_known':
    'Keine Quelle, die zählt, meldet gerade etwas. Also ist nichts bekannt.',
  'why.rule.platform':
    'Eine Plattform meldet, dass der Kontakt nicht frei ist, und das geht allem anderen vor: {claim}.',
  'why.rule.calendar': 'Gerade läuft ein Termin, und der geht allem anderen vor: {claim}.',
  'why.rule.call': 'Gerade läuft ein Gespräch, und das geht allem anderen vor: {claim}.',
  'why.rule.quiet_call':
    'Gerade läuft ein Gespräch, und wer spricht, will nach Ihren Regeln kein anderes: {claim}.',
  'why.rule.silence':
    'Eine Quelle ist verstummt, und was sie zuletzt meldete, war weniger verfügbar als das Übrige. Schweigen macht niemanden verfügbarer, also gilt der Status als unbekannt.',
  'why.rule.service_staffed':
    'Keine Quelle meldet etwas über diesen Dienst selbst. Er zeigt den besten Status der Personen, die ihn besetzen.',
  'why.rule.service_alone':
    'Keine Quelle meldet etwas über diesen Dienst selbst, und keine Gruppe besetzt ihn. Also gilt er als besetzt.',
  'why.staff': 'Wer ihn besetzt: {states}.',
  'why.staff.below':
    'Was über den Dienst selbst gemeldet wird, geht denen vor, die ihn besetzen: {states}.',
  'why.staff.none': 'Niemand, der in Betrieb ist, besetzt ihn.',
  'why.below': 'Sonst wäre der Status „{state}“, gemeldet von: {claim}.',
  'why.marks': 'Als außer Haus markiert von: {claims}. Am Status ändert das nichts.',

  'why.claims': 'Was über diesen Kontakt gemeldet wird',
  'why.claims.none':
    'Bisher nichts. Setzen Sie oben die eigene Angabe, oder lassen Sie ein Programm oder eine Quelle etwas über diesen Kontakt melden.',
  'why.part.decides': 'Entscheidet',
  'why.part.covered': 'Überdeckt',
  'why.part.overruled': 'Nachrangig',
  'why.part.marks': 'Markiert',
  'why.part.silent': 'Verstummt',
  'why.part.ignored': 'Zählt nicht',
  'why.part.expired': 'Abgelaufen',
  'why.part.decides.text': 'Das wird gezeigt.',
  'why.part.covered.text': 'Das würde gezeigt, wenn nichts vorginge.',
  'why.part.overruled.text': 'Das zählt, aber etwas anderes geht vor.',
  'why.part.marks.text': 'Das markiert, wer außer Haus ist, und sagt nichts über den Status.',
  'why.part.silent.text':
    'Die Quelle hätte das wiederholen sollen und tat es nicht. Solange es den Kontakt weniger verfügbar macht als das Übrige, ist der Status unbekannt.',
  'why.part.ignored.text': 'Die Präsenzregeln lassen solche Quellen aus.',
  'why.part.expired.text': 'Das zählt nicht mehr.',
  'why.tentative': 'noch nicht sicher',
  'why.ringing': 'klingelt',
  'why.since': 'seit {at, datetime}, {for, ago}',
  'why.heard': 'zuletzt gehört {at, ago}',
  'why.ends': 'endet {at, ago}',
  'why.ended': 'endete {at, ago}',
  'why.stays': 'bleibt bis zur Rücknahme',
  'why.own_word': 'Eigene Angabe',
  'why.mark': 'Außer Haus, von Hand gesetzt',
  'why.claim': '{kind} ({source})',
  'why.claim.device': '{kind} ({source}, {device})',

  'why.turns': 'Was von selbst daraus wird',
  'why.turns.none': 'Soweit bekannt, ändert sich von selbst nichts.',
  'why.turn.by': '{at, datetime}, {in, ago}: „{state}“. Dann entscheidet: {kind}.',
  'why.turn.plain': '{at, datetime}, {in, ago}: „{state}“.',
  'why.turn.open': '{at, datetime}, {in, ago}: „{state}“. Dann ist nichts Sicheres bekannt.',

  'why.changes': 'Was es jetzt ändern würde',
  'why.changes.none': 'Nichts, was probiert wurde, würde es ändern.',
  'why.change.manual_claims': 'Eine eigene Angabe – {states} – würde sofort gezeigt.',
  'why.change.manual_claim': 'Mit der eigenen Angabe „{said}“ wäre es „{then}“.',
  'why.change.manual_reset': 'Ohne die eigene Angabe wäre es „{then}“.',
  'why.change.device_claim': 'Mit der Meldung „{said}“ von {claim} wäre es „{then}“.',
  'why.change.new_device': 'Wenn ein Computer „{said}“ meldet, wäre es „{then}“.',
  'why.change.end_of_occupation': 'Wenn das endet, wäre es „{then}“: {claim}.',
  'why.change.calendar_busy': 'Mit einem Termin wäre es „{then}“.',
  'why.change.call': 'Mit einem Gespräch wäre es „{then}“.',
  'why.change.source_speaks': 'Mit der erneuten Meldung „{said}“ von {claim} wäre es „{then}“.',

  'claim_kind.manual': 'Eigene Angabe',
  'claim_kind.telephone': 'Telefon',
  'claim_kind.calendar': 'Kalender',
  'claim_kind.audio_video': 'Audio- oder Videokonferenz',
  'claim_kind.softphone': 'Softphone',
  'claim_kind.bluetooth': 'Bluetooth-Gerät',
  'claim_kind.computer': 'Computer',
  'claim_kind.mobile': 'Mobilgerät',
  'claim_kind.platform': 'Plattform',
  'why.profile': 'Profil {name}',
  'why.profile.default': 'Profil Verfügbar',
  'why.profile.fixed': 'Festes Profil eines Benutzers ohne Client',
  'claim_kind.profile': 'Profil',
};
