import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { presenceQuery } from '../../data/contacts';
import { useTold } from '../../data/looks';
import { useT } from '../../i18n/context';
import { PresenceBadge } from '../../parts/PresenceBadge';

/** A row that is in sight for less than this, in milliseconds, is only scrolled past. */
const PAUSE_MS = 150;

/** The presence of a contact in a list, once somebody looks at it. */
export function PresenceCell(props: { tenant: string; contact: string }): ReactNode {
  const { tenant, contact } = props;
  const t = useT();
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSeen(true), PAUSE_MS);
    return () => clearTimeout(timer);
  }, []);
  useTold(tenant, contact, isSeen);
  const { data, isError } = useQuery({ ...presenceQuery(tenant, contact), enabled: isSeen });
  if (isError) return <span>{t('value.none')}</span>;
  return data ? <PresenceBadge presence={data} /> : <span aria-busy="true" />;
}
