import { Button, type ButtonProps } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { type Anew, resubscribe } from '../../data/health';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';

/** The button that has sources asked anew how available somebody is; of a whole tenant after a question. */
export function Resubscribe({ anew, size }: { anew: Anew; size?: ButtonProps['size'] }): ReactNode {
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const { tenant, kind } = anew;
  const may = useMay(tenant);
  const [isAsked, setAsked] = useState(false);
  const act = async (): Promise<void> => {
    const count = await resubscribe(anew);
    toasts.done(t('resubscribe.done', { count }));
    for (const one of ['why', 'health', 'upkeep']) {
      void client.invalidateQueries({ queryKey: [one, tenant] });
    }
  };
  const asking = useMutation({ networkMode: 'always', mutationFn: act, onError: toasts.failed });
  const isAll = kind === 'tenant';
  // All contacts of a tenant are kept by who runs all of it.
  if (!may('manage_contacts') || (isAll && !may('change_tenant_settings'))) return null;
  return (
    <>
      <Button
        icon={<ArrowClockwiseRegular />}
        title={t(`resubscribe.${kind}`)}
        disabledFocusable={asking.isPending}
        onClick={() => (isAll ? setAsked(true) : asking.mutate())}
        {...(size ? { size } : {})}
      >
        {t('resubscribe.action')}
      </Button>
      {isAsked && (
        <ConfirmDialog
          close={() => setAsked(false)}
          confirmation={{
            title: t('resubscribe.title'),
            text: t('resubscribe.text'),
            verb: t('resubscribe.action'),
            act,
          }}
        />
      )}
    </>
  );
}
