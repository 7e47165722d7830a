import { tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { holderQuery } from '../../data/contacts';
import { useT } from '../../i18n/context';

/** The way to the contact that has an address already; nothing for those who may not see it. */
export function HolderLink(props: {
  tenant: string;
  kind: 'sip' | 'mail' | 'skype';
  address: string;
}): ReactNode {
  const { tenant, kind, address } = props;
  const t = useT();
  const { data: holder } = useQuery(holderQuery(tenant, kind, address));
  if (!holder) return null;
  return (
    // Beside this page: what was entered here stays.
    <Link
      to="/t/$tenant/contacts/$contact"
      params={{ tenant, contact: holder.id }}
      target="_blank"
      rel="noopener"
      style={{ color: tokens.colorBrandForegroundLink }}
    >
      {t('contact.open_holder', { name: holder.shown_name })}
    </Link>
  );
}
