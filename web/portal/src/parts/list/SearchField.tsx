import { SearchBox } from '@fluentui/react-components';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import type { ListSearch } from '../../app/search';
import { useT } from '../../i18n/context';

/** How long somebody may pause while they write, in milliseconds: results are there 100 ms after the last key. */
const PAUSE_MS = 25;

/** The search of the page's address: so that it can be linked to, and survives going back. */
export function useSearchWords(): string | undefined {
  return useSearch({ strict: false, select: (search) => wordsIn(search) });
}

function wordsIn(search: object): string | undefined {
  return 'q' in search && typeof search.q === 'string' ? search.q : undefined;
}

/** Searches the list while somebody writes. */
export function SearchField(): ReactNode {
  const t = useT();
  const navigate = useNavigate();
  const words = useSearchWords() ?? '';
  const [text, setText] = useState(words);
  const [known, setKnown] = useState(words);
  if (known !== words) {
    setKnown(words);
    if (text.trim() !== words) setText(words);
  }

  useEffect(() => {
    if (text.trim() === words) return;
    const timer = setTimeout(() => {
      setKnown(text.trim());
      const q = text.trim();
      const search = ({ q: _, ...kept }: ListSearch): ListSearch => (q ? { ...kept, q } : kept);
      void navigate({ to: '.', search, replace: true });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, words, navigate]);

  return (
    <SearchBox
      aria-label={t('list.search')}
      placeholder={t('list.search')}
      value={text}
      autoComplete="off"
      dismiss={{ 'aria-label': t('list.clear') }}
      onChange={(_, { value }) => setText(value)}
    />
  );
}
