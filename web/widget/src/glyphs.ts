import type { ModalityKind } from './wire';

/** One path per way to reach somebody, in the box of the state icons. */
export const GLYPHS: Record<ModalityKind, string> = {
  chat: 'M2 2h12a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H7l-4 3v-3H2a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1Z',
  audio:
    'M8 1a6 6 0 0 0-6 6v5a2 2 0 0 0 2 2h1V8H3.6V7a4.4 4.4 0 0 1 8.8 0v1H11v6h1a2 2 0 0 0 2-2V7a6 6 0 0 0-6-6Z',
  video: 'M2 3h7a1 1 0 0 1 1 1v2.5L14 4v8l-4-2.5V12a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Z',
  phone:
    'M4.5 1 7 4.7 5.3 6.5a9 9 0 0 0 4.2 4.2L11.3 9 15 11.5c0 2-1.5 3.5-3.5 3.5C6 15 1 10 1 4.5 1 2.5 2.5 1 4.5 1Z',
  mail: 'M2 3h12a1 1 0 0 1 1 1v.7L8 9 1 4.7V4a1 1 0 0 1 1-1ZM1 6.3 8 10.6l7-4.3V12a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1Z',
};
