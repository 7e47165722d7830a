import type { groups as english } from '../en/groups';

export const groups: Record<keyof typeof english, string> = {
  'groups.tree': 'Baum der Gruppen',
  'groups.text':
    'Gruppen bilden einen Baum. Rechte wirken nach unten: Wer eine Gruppe ändern darf, darf alles darunter ändern. Pfeiltasten öffnen und schließen, die Eingabetaste zeigt eine Gruppe.',
  'groups.drag':
    'Ziehen Sie eine Gruppe auf eine andere, um sie darunter zu setzen, oder verwenden Sie „Verschieben“ auf ihrer Seite.',
  'groups.add': 'Gruppe hinzufügen',
  'groups.add_below': 'Gruppe darunter hinzufügen',
  'groups.new': 'Eine Gruppe hinzufügen',
  'groups.search': 'Gruppen suchen',
  'groups.more': 'Mehr zeigen ({count, number} übrig)',
  'groups.members': '{count, plural, one {# Mitglied} other {# Mitglieder}}',
  'groups.is_root': 'Oberste Gruppe eines Standorts',
  'groups.is_synced': 'Aus dem Verzeichnis',
  'groups.empty.title': 'Noch keine Gruppen',
  'groups.empty.text':
    'Eine Gruppe enthält Kontakte und andere Gruppen. Jeder Standort bringt eine eigene mit.',

  'group.name': 'Name',
  'group.name.help': 'Wählen Sie mit Bedacht: Der Name lässt sich später nicht ändern.',
  'group.parent': 'Unterhalb von',
  'group.place': 'Platz: {place}',
  'group.top': 'Ganz oben im Baum',
  'group.choose_place': 'Platz wählen',
  'group.move': 'Verschieben',
  'group.move.title': '{name} verschieben',
  'group.fixed':
    'Der Name wurde mit dem Anlegen der Gruppe festgelegt. Für einen anderen Namen legen Sie eine neue Gruppe an und nehmen die Mitglieder dort auf.',
  'group.root.title': 'Oberste Gruppe eines Standorts.',
  'group.root.text':
    'Sie heißt wie ihr Standort, bleibt ganz oben und wird nur mit dem Standort gelöscht. Die Heimatkontakte des Standorts sind von selbst Mitglieder.',
  'group.root.site': 'Standort zeigen',
  'group.sync.text':
    'Wer aus {name} und den Gruppen darunter aus einer Quelle kommt, wird mit ihr abgeglichen: Nur diese Einträge werden gesucht, niemand sonst wird angerührt. Von Hand angelegte Kontakte bleiben, wie sie sind.',
  'group.sync.asked':
    '{count, plural, =0 {Niemand hier kommt aus einer Quelle, die in Betrieb ist.} one {# Kontakt wird synchronisiert.} other {# Kontakte werden synchronisiert.}}',
  'group.sync.manual':
    '{count, plural, one {# wurde von Hand angelegt und bleibt, wie er ist.} other {# wurden von Hand angelegt und bleiben, wie sie sind.}}',
  'group.synced.title': 'Aus dem Verzeichnis {source}.',
  'group.synced.text':
    'Diese Gruppe bildet eine Gruppe des Verzeichnisses ab: Name und Mitglieder werden dort geändert und kommen mit der nächsten Synchronisierung hierher.',
  'group.admins': 'Administration',
  'group.admins.text':
    'Rechte wirken nach unten: Wer einen Standort, eine Gruppe darüber oder den ganzen Mandanten verwaltet, verwaltet auch diese Gruppe.',
  'group.admins.none': 'Niemand verwaltet sie.',
  'group.admins.others': 'Andere Rollen auf dieser Gruppe',
  'group.admins.here': 'Auf dieser Gruppe',
  'group.admins.mirrored':
    'Auf einer Gruppe, die eine des Verzeichnisses abbildet, lässt sich keine Rolle geben: Wer sie dort ändert, gäbe hier Rechte.',
  'group.admins.give': 'Rolle geben',
  'group.admins.give.title': 'Eine Rolle auf {name} geben',
  'group.admins.search': 'Einen Benutzer suchen',
  'group.admins.nobody': 'Noch ist niemand gewählt.',
  'group.admins.chosen': 'Benutzer: {name}',
  'group.admins.has': 'Hat diese Rolle hier',
  'group.admins.added': '{name} hat jetzt die Rolle {role}.',
  'group.admins.take': '{name} die Rolle {role} entziehen',
  'group.members': 'Mitglieder',
  'group.members.empty.title': 'Niemand ist in dieser Gruppe',
  'group.members.empty.text': 'Suchen Sie oben einen Kontakt, um ihn aufzunehmen.',
  'group.members.empty.fixed': 'Es wurde nichts aufgenommen.',
  'group.member.add': 'Einen Kontakt aufnehmen',
  'group.member.why': 'Mitglied als',
  'group.member.home': 'Heimatkontakt',
  'group.member.listed': 'Aufgenommen',
  'group.member.remove': 'Aus der Gruppe nehmen',
  'group.member.stays': 'Ein Heimatkontakt bleibt',
  'group.member.added': '{name} ist jetzt Mitglied.',
  'group.member.removed': '{name} ist kein Mitglied mehr.',
  'group.created': '{name} wurde hinzugefügt.',
  'group.moved': '{name} wurde verschoben.',
  'group.moved.back': '{name} ist wieder, wo sie war.',
  'group.removed': '{name} wurde gelöscht.',
  'group.remove.title': '{name} löschen?',
  'group.remove.text':
    'Die Gruppe wird endgültig entfernt, mit den Rechten, die auf ihr vergeben wurden. Kontakte bleiben. Dienste, für die sie antwortet, sind dann ohne sie.',
  'group.remove.verb': 'Gruppe löschen',
  'group.remove.members':
    '{count, plural, one {# Kontakt verlässt} other {# Kontakte verlassen}} die Gruppe.',
  'group.remove.below':
    '{count, plural, one {# Gruppe darunter wird} other {# Gruppen darunter werden}} mit gelöscht.',
  'group.remove.publication':
    'Die Veröffentlichung „{publication}“ zeigt sie, oder eine Gruppe darunter, nicht mehr.',
  'group.remove.unknown':
    'Gruppen darunter werden mit gelöscht und Veröffentlichungen verlieren sie; welche, ließ sich nicht feststellen.',
};
