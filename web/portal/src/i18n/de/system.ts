import type { system as english } from '../en/system';

export const system: Record<keyof typeof english, string> = {
  'system.at': 'Stand {at, time}; alle zehn Sekunden wird neu nachgesehen.',
  'system.stale':
    'Das Gateway konnte nicht sagen, wie es ihm geht. Was Sie sehen, ist vom {at, datetime}. Falls das anhält: Sehen Sie nach, ob das Gateway läuft und seine Datenbank erreicht, ob auf seiner Platte Platz ist, und in sein Log.',
  'system.checks': 'Prüfungen',
  'system.state.fine': 'In Ordnung',
  'system.state.attention': 'Ansehen',
  'system.state.broken': 'Gestört',
  'check.schema': 'Die Datenbank hat das Schema, das dieses Gateway kennt.',
  'check.schema.attention':
    'Das Schema der Datenbank ist nicht das, das dieses Gateway kennt: Eine andere Version hat sie migriert. Starten Sie diese Version, oder spielen Sie eine Kopie zurück.',
  'check.lease': 'Nur dieses Gateway bedient die Datenbank.',
  'check.lease.attention':
    'Das Recht dieses Gateways, die Datenbank zu bedienen, ist abgelaufen oder gehört einem anderen. Es hält von selbst an; sehen Sie nach, welche Gateways mit dieser Datenbank gestartet sind, und lassen Sie eines laufen.',
  'check.jobs': 'Alles, was immer wieder getan wird, wird rechtzeitig getan.',
  'check.jobs.attention':
    'Eine Aufgabe unten ist gescheitert oder überfällig. Sie wird von selbst wiederholt; das Log des Gateways sagt, warum. Bleibt sie überfällig, muss das Gateway neu gestartet werden.',
  'check.secrets': 'Die Geheimnisse der Quellen lassen sich öffnen.',
  'check.secrets.attention':
    'Manche Geheimnisse von Quellen lassen sich nicht öffnen, weil der Schlüssel ein anderer ist als der, mit dem sie versiegelt wurden. Legen Sie die richtige Schlüsseldatei zurück und starten Sie das Gateway neu, oder lassen Sie sie von den Administratoren der Mandanten neu eingeben.',
  'check.presence': 'Quellen lassen sich nach Präsenz fragen.',
  'check.presence.attention':
    'Keine der Quellen antwortet auf Fragen nach Präsenz. Sehen Sie sich den Weg des Gateways ins Netz an; was jede sagt, sehen die Administratoren der Mandanten unter „Quellen“.',
  'check.connections': 'Es ist Platz für weitere Verbindungen.',
  'check.connections.attention':
    'Neun von zehn Verbindungen sind belegt; sind es alle, wird abgewiesen, wer dann kommt. Heben Sie die Grenze in den Einstellungen des Gateways an, oder finden Sie heraus, wer so viele belegt.',
  'check.copies': 'Die Kopien, die vor Migrationen gemacht wurden, können aufgezählt werden.',
  'check.copies.attention':
    'Der Ordner der Datenbank ist nicht lesbar, darum werden Kopien, die vor Migrationen gemacht wurden, nicht aufgezählt. Geben Sie dem Benutzer des Gateways das Recht, ihn zu lesen.',

  'system.gateway': 'Gateway',
  'system.version': 'Version',
  'system.version.debug': '{version}, nicht optimiert',
  'system.platform': 'Gebaut für',
  'system.started': 'Läuft seit',
  'system.started.at': '{at, datetime}',
  'system.holder': 'Bedient als',
  'system.holder.none': 'niemand hat das Recht zu bedienen',
  'system.holder.fence': '{holder}, Nummer {fence, number}',
  'system.tenants': 'Mandanten',
  'system.tenants.count': '{count, number}',
  'system.tenants.off': '{count, number}, davon {off, number} abgeschaltet',

  'system.database': 'Datenbank',
  'system.database.kind': 'Art',
  'system.database.sqlite': 'SQLite {version}',
  'system.database.postgresql': 'PostgreSQL {version}',
  'system.schema': 'Neueste Migration',
  'system.size': 'Größe',
  'system.copies': 'Kopien vor Migrationen',
  'system.copies.none': 'keine',
  'system.copies.unreadable': 'nicht bekannt: der Ordner der Datenbank ist nicht lesbar',
  'system.copies.postgresql': 'gibt es nur von SQLite',
  'system.copy': '{at, datetime}, {size}, von Migration {version}',
  'system.copies.help':
    'Sicherungen, die Sie mit „switchboard backup“ machen, liegen, wo Sie sie hinlegen; das Gateway führt keine Liste davon.',

  'system.jobs': 'Aufgaben',
  'system.jobs.none': 'Seit das Gateway gestartet wurde, hat noch keine Aufgabe begonnen.',
  'system.jobs.help': 'Seit das Gateway gestartet wurde.',
  'job.start_runs': 'Fällige Synchronisierungsläufe starten',
  'job.send_alerts': 'Meldungen versenden',
  'job.follow_profiles': 'Anrufe nach Profilen und Besprechungen einstellen',
  'job.persist_claims': 'Aufschreiben, was über Präsenz bekannt ist',
  'job.purge_expired': 'Abgelaufenes wegwerfen',
  'job.forget_enquiries': 'Vergessen, was Besucher hinterlassen haben',
  'job.sweep_pictures': 'Bilder wegwerfen, die niemand zeigt',
  'job.purge_runs': 'Alte Läufe vergessen',
  'job.reload_certificate': 'Nach einem neuen Zertifikat sehen',
  'job.going_on': 'Läuft gerade',
  'job.succeeded': 'Erledigt',
  'job.failed': 'Gescheitert',
  'job.waiting': 'Noch nicht',
  'job.late': 'Überfällig',
  'job.last': 'zuletzt {at, ago}',
  'job.never_done': 'noch nie ganz erledigt',
  'job.done': 'zuletzt ganz erledigt {at, ago}',
  'job.next': 'wieder {at, ago}',
  'job.every.seconds': '{count, plural, one {jede Sekunde} other {alle # Sekunden}}',
  'job.every.minutes': '{count, plural, one {jede Minute} other {alle # Minuten}}',
  'job.every.hours': '{count, plural, one {jede Stunde} other {alle # Stunden}}',

  'system.sources': 'Quellen aller Mandanten',
  'system.sources.none': 'Noch hat kein Mandant eine Quelle.',
  'system.sources.help': 'Was darin ist, gehört den Mandanten; hier wird nur gezählt.',
  'system.sources.fine': '{count, number} in Ordnung',
  'system.sources.failed': '{count, number} gescheitert',
  'system.sources.awaiting_approval':
    '{count, plural, one {# wartet auf Freigabe} other {# warten auf Freigabe}}',
  'system.sources.never_ran': '{count, number} noch nie gelaufen',
  'system.sources.presence_only': '{count, number} nur für Präsenz',
  'system.sources.secret_lost': '{count, number} ohne ihr Geheimnis',
  'system.sources.switched_off': '{count, number} abgeschaltet',

  'system.upkeep': 'Präsenz von Quellen',
  'system.upkeep.none': 'Keine Quelle wird nach Präsenz gefragt.',
  'system.upkeep.well':
    '{count, plural, one {# Quelle wird gefragt und antwortet.} other {# Quellen werden gefragt, und alle antworten.}}',
  'system.upkeep.problems':
    '{asked, number} Quellen werden gefragt, {count, number} davon mit einem Problem.',
  'system.upkeep.silent':
    '{count, plural, one {# Quelle wird gefragt, mit einem Problem.} other {# Quellen werden gefragt, alle mit einem Problem.}}',

  'system.connections': 'Offene Verbindungen',
  'system.connections.of': '{open, number} von {most, number}',
  'system.connections.unlimited': '{open, number}',
  'line.http': 'Alle Verbindungen',
  'line.visitors': 'Zusehende Besucher',
  'line.presence': 'Zusehende Kollegen',
  'line.runs': 'Verfolgte Läufe und Berichte',
  'line.clients': 'Clients der Präsenzschnittstelle V2',
};
