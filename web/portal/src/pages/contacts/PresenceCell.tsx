import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { presenceQuery } from '../../data/contacts';
import { useTold } from '../../data/looks';
import { useT } from '../../i18n/context';
import { PresenceBadge } from '../../parts/PresenceBadge';

/** A row that is in sight for less than this, in milliseconds, is only scrolled past. */
const PAUSE_MS = 150;

/** One stream tells of all rows at once; who is not told of by then, in milliseconds, is asked for alone. */
const ALONE_MS = 1500;

/** The presence of a contact in a list, once somebody looks at it. */
export function PresenceCell(props: { tenant: string; contact: string }): ReactNode {
  const { tenant, contact } = props;
  const t = useT();
  const isSeen = useAfter(PAUSE_MS);
  const isAlone = useAfter(ALONE_MS);
  useTold(tenant, contact, isSeen);
  const { data, isError } = useQuery({ ...presenceQuery(tenant, contact), enabled: isAlone });
  if (isError) return <span>{t('value.none')}</span>;
  return data ? <PresenceBadge presence={data} /> : <span aria-busy="true" />;
}

/** Whether what is drawn has been there for as long as that. */
function useAfter(milliseconds: number): boolean {
  const [isAfter, setAfter] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setAfter(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return isAfter;
}
