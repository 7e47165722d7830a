import { describe, expect, it } from 'vitest';
import type { AspectHealth } from '../../data/health';
import { wordsOf } from '../../i18n/context';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { healthProblemText } from './health';

type Problem = NonNullable<AspectHealth['problem']>;

const url = 'https://graph.example/v1.0';
const detail = 'said so';
const PROBLEMS: Problem[] = [
  { code: 'unreachable', url, detail },
  { code: 'certificate_refused', url, detail },
  { code: 'bind_refused', bind_dn: 'BRIGHT\\gateway' },
  { code: 'token_refused', url, client_id: 'gateway', detail },
  { code: 'request_refused', url, status: 403, detail },
  { code: 'busy', url, detail },
  { code: 'cut_short', read: 0, detail },
  { code: 'secret_unreadable' },
  { code: 'internal' },
];

describe('what stands against asking a source', () => {
  it.each(Object.entries({ en, de }))('says nothing about runs in %s', (language, catalogue) => {
    const { t } = wordsOf(language as 'en' | 'de', catalogue);
    const texts = PROBLEMS.map((problem) => healthProblemText(t, problem));

    expect(new Set(texts).size).toBe(PROBLEMS.length);
    for (const text of texts) {
      expect(text).toMatch(/\.$/);
      expect(text).not.toMatch(/contact|Kontakt|\brun\b|Lauf|entr|Eintr/);
    }
    expect(texts[4]).toMatch(/403 .*\(said so\)/);
  });
});
