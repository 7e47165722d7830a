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
  'health.problem.unreachable': '{url} ist nicht erreichbar ({detail}).',
  'health.problem.certificate_refused': 'Das Zertifikat von {url} wird nicht anerkannt ({detail}).',
  'health.problem.bind_refused': 'Die Quelle lehnt den Namen {bind_dn} oder sein Passwort ab.',
  'health.problem.token_refused': '{url} gibt {client_id} kein Token ({detail}).',
  'health.problem.request_refused': '{url} lehnt die Anfrage mit Status {status} ab ({detail}).',
  'health.problem.busy':
    '{url} hat zu viel zu tun und wird eine Weile in Ruhe gelassen ({detail}).',
  'health.problem.cut_short': 'Die Antwort der Quelle ist nicht zu gebrauchen ({detail}).',
  'health.problem.internal':
    'Es scheitert aus einem inneren Grund, den das Log des Gateways erklärt.',
  'health.help':
    'Wer wartet, wird bald wieder gefragt. Was gescheitert ist, wird nachts wieder gefragt, oder sofort mit „Neu abonnieren“ am Kontakt.',
  'health.aspect': 'Gefragt nach',
  'health.state': 'Stand',
  'health.heard': 'Zuletzt gehört',
  'health.due': 'Als Nächstes',
  'health.ago': '{at, ago}',
  'health.watched': 'häufiger, weil jemand hinsieht',
  'aspect.presence': 'Verfügbarkeit',
  'aspect.calendar': 'Kalender',
  'aspect.calls': 'Gespräche',
  'upkeep.subscribing': 'Wird abonniert',
  'upkeep.subscribed': 'Abonniert',
  'upkeep.polling': 'Wird abgefragt',
  'upkeep.waiting_to_retry': 'Wartet auf neuen Versuch',
  'upkeep.failed': 'Gescheitert',
  'upkeep.subscribing.count': '{count, plural, one {# wird abonniert} other {# werden abonniert}}',
  'upkeep.subscribed.count': '{count, number} abonniert',
  'upkeep.polling.count': '{count, number} abgefragt',
  'upkeep.waiting_to_retry.count': '{count, number} vor neuem Versuch',
  'upkeep.failed.count': '{count, number} gescheitert',
  'upkeep_reason.no_answer': 'keine Antwort',
  'upkeep_reason.busy': 'hat zu viel zu tun',
  'upkeep_reason.unreadable': 'Antwort nicht lesbar',
  'upkeep_reason.ended': 'von der Quelle beendet',
  'upkeep_reason.nobody_there': 'kennt den Kontakt nicht',
  'upkeep_reason.refused': 'von der Quelle abgelehnt',
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
    'Immer wieder, in Maßen, und häufiger nach denen, die Besucher ansehen. In Graph braucht das Presence.Read.All und Calendars.Read.',
  'source.presence.told': 'Was sie mitteilt',
  'source.presence.told.help':
    'Von selbst, sobald es sich ändert: Das Gateway abonniert jeden, der eine SIP-Adresse hat.',
  'source.presence.none': 'Mindestens eines auswählen: Ein SIP-Server sagt sonst nichts.',
  'source.reads_presence': 'Wie verfügbar jemand ist',
  'source.reads_presence.hybrid': 'Wie verfügbar jemand ist (wer als hybrid markiert ist)',
  'source.reads_calls': 'Ob jemand telefoniert',
  'source.reads_calendar': 'Wann jemand nach seinem Kalender beschäftigt ist',
  'why.hybrid':
    'Dieser Kontakt ist als hybrid markiert, also kommen Präsenz, Kalender und Foto auch aus der Cloud.',
  'why.not_hybrid':
    'Dieser Kontakt ist nicht als hybrid markiert, also kommen weder Präsenz noch Kalender noch Foto aus der Cloud.',
};
