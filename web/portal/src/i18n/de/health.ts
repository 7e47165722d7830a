import type { health as english } from '../en/health';

export const health: Record<keyof typeof english, string> = {
  'health.tab': 'Präsenz',
  'health.contacts': 'Kontakte, nach denen die Quelle gefragt wird',
  'health.none.title': 'Diese Quelle wird nicht nach Präsenz gefragt',
  'health.none.text':
    'Wählen Sie unter „Einstellungen“, wonach sie auch gefragt wird: wie verfügbar jemand ist oder wann jemand beschäftigt ist. Wie das läuft, steht dann hier.',
  'health.empty.title': 'Noch niemand, nach dem zu fragen wäre',
  'health.empty.text':
    'Gefragt wird nach jedem, den die Quelle kennt und der ein Kontakt ist: bei Graph nach denen, die als hybrid markiert sind, bei Exchange nach denen mit einer Mailadresse.',
  'health.nobody': 'Noch keine Kontakte',
  'health.answered': 'Zuletzt geantwortet {at, ago}.',
  'health.unanswered': 'Gefragt seit {at, datetime}, bisher ohne Antwort.',
  'health.aspect': 'Gefragt nach',
  'health.state': 'Stand',
  'health.heard': 'Zuletzt gehört',
  'health.due': 'Als Nächstes',
  'health.ago': '{at, ago}',
  'health.watched': 'häufiger, weil jemand hinsieht',
  'aspect.presence': 'Verfügbarkeit',
  'aspect.calendar': 'Kalender',
  'upkeep.subscribing': 'Wird abonniert',
  'upkeep.subscribed': 'Abonniert',
  'upkeep.polling': 'Wird abgefragt',
  'upkeep.waiting_to_retry': 'Wartet auf neuen Versuch',
  'upkeep.failed': 'Gescheitert',
  'upkeep.subscribing.count': '{count, number} werden abonniert',
  'upkeep.subscribed.count': '{count, number} abonniert',
  'upkeep.polling.count': '{count, number} abgefragt',
  'upkeep.waiting_to_retry.count': '{count, number} vor neuem Versuch',
  'upkeep.failed.count': '{count, number} gescheitert',
  'upkeep_reason.no_answer': 'Die Quelle hat nicht geantwortet.',
  'upkeep_reason.busy': 'Die Quelle hat zu viel zu tun.',
  'upkeep_reason.unreadable': 'Die Antwort war nicht lesbar.',
  'upkeep_reason.ended': 'Die Quelle hat das Abonnement beendet.',
  'upkeep_reason.nobody_there':
    'Die Quelle kennt den Kontakt nicht. Nachts wird sie wieder gefragt.',
  'upkeep_reason.refused': 'Die Quelle lehnt das ab. Nachts wird sie wieder gefragt.',
  'resubscribe.action': 'Neu abonnieren',
  'resubscribe.contact': 'Jede Quelle neu nach diesem Kontakt fragen',
  'resubscribe.group': 'Jede Quelle neu nach den Kontakten dieser Gruppe fragen',
  'resubscribe.site': 'Jede Quelle neu nach den Kontakten dieses Standorts fragen',
  'resubscribe.tenant': 'Jede Quelle neu nach allen Kontakten fragen',
  'resubscribe.title': 'Neu nach allen Kontakten fragen?',
  'resubscribe.text':
    'Jede Quelle wird sofort nach jedem Kontakt gefragt, auch nach denen, die gescheitert sind. Das geschieht in Maßen, bei vielen Kontakten dauert es also. Bis dahin wird niemand anders gezeigt.',
  'resubscribe.done':
    '{count, plural, =0 {Keine Quelle wird danach gefragt, also gibt es nichts neu zu fragen.} one {# Abonnement wird neu gefragt.} other {# Abonnements werden neu gefragt.}}',
  'source.section.presence': 'Präsenz',
  'source.presence': 'Auch gefragt nach',
  'source.presence.help':
    'Immer wieder, in Maßen, und häufiger nach denen, die Besucher ansehen. Das Konto braucht die Rechte dafür.',
  'source.reads_presence': 'Wie verfügbar jemand ist (wer als hybrid markiert ist)',
  'source.reads_calendar': 'Wann jemand nach seinem Kalender beschäftigt ist',
  'why.hybrid':
    'Dieser Kontakt ist als hybrid markiert, also wird auch die Cloud nach seiner Präsenz gefragt.',
  'why.not_hybrid':
    'Dieser Kontakt ist nicht als hybrid markiert, also wird die Cloud nicht nach seiner Präsenz gefragt.',
};
