/** The steps from an empty tenant to cards on a web page, in order. */
export const STEPS = [
  'tenant',
  'administrator',
  'domain',
  'source',
  'run',
  'publication',
  'widget',
] as const;

export type StepId = (typeof STEPS)[number];
