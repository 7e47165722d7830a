import { describe, expect, it } from 'vitest';
import {
  ACTIVITIES,
  activityOf,
  COLORS,
  colorVariable,
  GROUND,
  ICONS,
  LABELS,
  OUT_OF_OFFICE_ICON,
  STATES,
  stateOf,
} from './index';

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((value) =>
    value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('presence', () => {
  it('reads every word and nothing else', () => {
    expect(STATES.map(stateOf)).toEqual([...STATES]);
    expect(['dnd', '', null, 7, 'toString'].map(stateOf)).toEqual(Array(5).fill('unknown'));
    expect(activityOf('presenting')).toBe('presenting');
    expect(activityOf('sleeping')).toBeNull();
  });

  it('draws each state with a shape of its own', () => {
    const shapes = [...Object.values(ICONS), OUT_OF_OFFICE_ICON];

    expect(new Set(shapes).size).toBe(STATES.length + 1);
    for (const shape of shapes) expect(shape).toMatch(/^M[-\d\sA-Za-z.]+Z$/);
  });

  it.each(STATES)('can read the color of %s on light and dark ground', (state) => {
    expect(contrast(COLORS[state].light, GROUND.light)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(COLORS[state].dark, GROUND.dark)).toBeGreaterThanOrEqual(4.5);
    expect(colorVariable(state)).toMatch(/^--switchboard-[a-z-]+$/);
  });

  it('has a distinct text for each word in each language', () => {
    const words = [...STATES, ...ACTIVITIES].sort();

    for (const labels of Object.values(LABELS)) {
      expect(Object.keys(labels).sort()).toEqual(words);
      expect(new Set(Object.values(labels)).size).toBe(words.length);
      expect(Object.values(labels).every((label) => label.trim() === label && label)).toBe(true);
    }
  });
});
