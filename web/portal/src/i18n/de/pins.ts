import type { pins as english } from '../en/pins';

export const pins: Record<keyof typeof english, string> = {
  'pin.pin': 'Anheften',
  'pin.unpin': 'Lösen',
  'pin.pin.field': '{field} anheften',
  'pin.unpin.field': '{field} lösen',
  'pin.overwritten': 'Aus {source}: wird beim nächsten Lauf überschrieben.',
  'pin.overwritten.at': 'Aus {source}: wird beim nächsten Lauf ({at}) überschrieben.',
  'pin.by_hand':
    'Von Hand eingetragen: wird beim nächsten Lauf überschrieben, wenn es in {source} einen Wert gibt.',
  'pin.by_hand.at':
    'Von Hand eingetragen: wird beim nächsten Lauf ({at}) überschrieben, wenn es in {source} einen Wert gibt.',
  'pin.kept': 'Angeheftet: {source} überschreibt es nicht.',
  'pin.kept.by_hand': 'Angeheftet: keine Quelle überschreibt es.',
  'pin.directory': 'dem Verzeichnis',
  'pin.pinned': '{field} ist angeheftet.',
  'pin.unpinned': '{field} folgt wieder der Quelle.',
};
