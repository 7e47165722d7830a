import type { setup as english } from '../en/setup';

export const setup: Record<keyof typeof english, string> = {
  'setup.text':
    'Von nichts bis zu Karten auf Ihrer Website. Sie können jederzeit gehen und wiederkommen: Was getan ist, zeigt sich an dem, was da ist. Jeder Schritt kann ausgelassen werden.',
  'setup.text.above':
    'Wer Mandanten betreut, betreibt nicht, was darin ist: Legen Sie einen Administrator für diesen Mandanten an, der dann hier weitermacht.',
  'setup.open': 'Beginnen',
  'setup.look': 'Ansehen',
  'setup.close': 'Schließen',
  'setup.done': 'Erledigt',
  'setup.skip': 'Vorerst auslassen',
  'setup.not_yours': 'Macht der Administrator des Mandanten.',
  'setup.unread': 'Wie es damit steht, war nicht herauszufinden.',
  'setup.unread.text':
    'Was sagt, wie es mit diesem Schritt steht, war nicht zu lesen. Versuchen Sie es oben noch einmal; die anderen Schritte gehen unterdessen.',
  'setup.unread.administrators': 'Wer den Mandanten verwaltet, war nicht zu lesen.',
  'setup.unread.domains': 'Die Domains waren nicht zu lesen.',
  'setup.unread.sources': 'Die Quellen waren nicht zu lesen.',
  'setup.unread.runs': 'Die Läufe waren nicht zu lesen.',
  'setup.unread.publications': 'Die Veröffentlichungen waren nicht zu lesen.',
  'setup.all': 'Alles ist eingerichtet',
  'setup.all.text':
    'Ihre Website kann zeigen, wer erreichbar ist. Alles lässt sich dort ändern, wo es liegt.',

  'setup.tenant': 'Mandant',
  'setup.tenant.is': '{name} ist da.',
  'setup.tenant.text':
    'Der Mandant {name} ist die Organisation, der alles Weitere gehört. Sein Name, was Besucher benutzen dürfen und wie lange etwas aufgehoben wird, steht in seinen Einstellungen; all das kann warten.',
  'setup.tenant.settings': 'Einstellungen ansehen',

  'setup.administrator': 'Administrator des Mandanten',
  'setup.administrator.text': 'Noch betreibt niemand diesen Mandanten.',
  'setup.administrator.are':
    '{count, plural, one {# Administrator des Mandanten} other {# Administratoren des Mandanten}}',
  'setup.administrator.why':
    'Legen Sie einen Benutzer an und geben Sie ihm die Rolle „Mandantenadministrator“ und ein Passwort oder einen Link zum Anmelden. Er meldet sich mit dem Namen des Mandanten an und findet diese Seite von seiner Startseite aus.',
  'setup.administrator.over':
    'Der Mandant ist übergeben. Wer ihn betreibt, meldet sich mit „{name}“ als Mandant an und macht mit den Schritten darunter weiter.',
  'setup.administrator.add': 'Einen Benutzer hinzufügen',
  'setup.administrator.users': 'Benutzer anzeigen',

  'setup.domain': 'Website',
  'setup.domain.text': 'Welche Websites zeigen dürfen, wer erreichbar ist.',
  'setup.domain.are': '{count, plural, one {# Domain} other {# Domains}}: {title}',
  'setup.domain.those': 'Diese Websites können für Veröffentlichungen gewählt werden:',

  'setup.source': 'Verzeichnis',
  'setup.source.text': 'Woher Kontakte kommen; ausprobiert, bevor es gespeichert wird.',
  'setup.source.are': '{count, plural, one {# Quelle} other {# Quellen}}: {name}',
  'setup.source.those': 'Kontakte kommen aus diesen Quellen:',

  'setup.run': 'Erste Synchronisierung',
  'setup.run.text': 'Sehen, wen sie hinzufügen würde, und sie lassen.',
  'setup.run.was': 'Kontakte wurden aus einer Quelle gelesen.',
  'setup.run.why':
    'Alle werden gelesen, und es wird gezeigt, was geschrieben würde. Nichts wird geschrieben, bevor Sie es freigegeben haben; ins Verzeichnis wird überhaupt nichts geschrieben.',
  'setup.run.preview': 'Lesen und den Plan zeigen',
  'setup.run.again': 'Erneut lesen',
  'setup.run.lines': 'Jede Zeile zeigen',
  'setup.run.nobody': 'Ihre Quellen sagen nur, wie verfügbar Leute sind; es ist niemand zu lesen.',
  'setup.run.no_source':
    'Es gibt noch keine Quelle. Fügen Sie im Schritt davor eine hinzu, oder Kontakte von Hand.',

  'setup.publication': 'Veröffentlichung',
  'setup.publication.text': 'Was eine Webseite zeigt: wen, und auf welchen Websites.',
  'setup.publication.is':
    '{title} zeigt {count, plural, one {# Kontakt oder Gruppe} other {# Kontakte und Gruppen}}.',
  'setup.publication.why':
    'Eine Veröffentlichung ist, was eine Webseite zeigt. Geben Sie ihr einen Titel und wählen Sie die Websites; Öffnungszeiten und alles andere lässt sich später einstellen.',
  'setup.publication.cards': 'Wählen Sie, wer in „{title}“ gezeigt wird, und speichern Sie.',

  'setup.widget': 'Widget',
  'setup.widget.text': 'Was in Ihre Webseite einzufügen ist, und wie es aussieht.',
  'setup.widget.is': 'Bereit, in Ihre Webseite eingefügt zu werden.',
  'setup.widget.none':
    'Es gibt noch keine Veröffentlichung. Fügen Sie im Schritt davor eine hinzu.',
  'setup.widget.preview': 'Wie es aussieht',
  'setup.widget.more': 'Veröffentlichung anzeigen',
};
