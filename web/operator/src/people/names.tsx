import { namedStatesToChooseQuery } from '@switchboard/portal/data/presence';
import { nameOfProfile, profilesQuery } from '@switchboard/portal/data/profiles';
import { useWords } from '@switchboard/portal/i18n/context';
import { LABELS } from '@switchboard/presence';
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { usePlace } from '../app/roomContext';
import type { Person } from './shown';

/** Words what somebody shows. */
export type StateText = (person: Pick<Person, 'state' | 'activity' | 'named'>) => string;

const StateTextContext = createContext<StateText | null>(null);

/** Words what somebody shows, in the language of the page as far as the tenant has words for it. */
export function useStateText(): StateText {
  const stateText = useContext(StateTextContext);
  if (!stateText) throw new Error('no names around this part');
  return stateText;
}

/** Knows what the tenant calls its states and profiles, once for however many rows. */
export function NamesProvider({ children }: { children: ReactNode }): ReactNode {
  const { language } = useWords();
  const { session } = usePlace();
  const { data: states } = useQuery(namedStatesToChooseQuery(session.tenant));
  const { data: profiles } = useQuery(profilesQuery(session.tenant));
  const stateText = useMemo<StateText>(() => {
    const all = [...(profiles ?? []), ...(states ?? [])];
    const names = new Map(all.map((one) => [one.name, nameOfProfile(language, one)]));
    return ({ state, activity, named }) => {
      if (named) return names.get(named) ?? named;
      return LABELS[language][activity ?? state];
    };
  }, [states, profiles, language]);
  return <StateTextContext value={stateText}>{children}</StateTextContext>;
}
