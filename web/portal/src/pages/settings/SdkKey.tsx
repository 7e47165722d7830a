import { Button, Card, makeStyles, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { rotateSdkKey, type Tenant, tenantQuery } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { SecretText } from '../../parts/SecretText';
import { useToasts } from '../../parts/toasts';

const useStyles = makeStyles({
  card: { maxInlineSize: '48rem', flexShrink: 0, rowGap: tokens.spacingVerticalM },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** The key that SDK clients present, and its replacement. */
export function SdkKey(props: { tenant: Tenant; rotated: (kept: Tenant) => void }): ReactNode {
  const { tenant, rotated } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const [isHidden, setHidden] = useState(true);
  const [isAsked, setAsked] = useState(false);
  return (
    <Card className={styles.card} role="group" aria-labelledby="sdk-key">
      <h2 id="sdk-key" className={styles.title}>
        {t('settings.sdk')}
      </h2>
      <span>{t('settings.sdk.text')}</span>
      <SecretText text={tenant.sdk_key} isHidden={isHidden} />
      <div className={styles.actions}>
        <Button onClick={() => setHidden(!isHidden)}>
          {t(isHidden ? 'settings.sdk.show' : 'settings.sdk.hide')}
        </Button>
        <Button onClick={() => setAsked(true)}>{t('settings.sdk.rotate')}</Button>
      </div>
      {isAsked && (
        <ConfirmDialog
          close={() => setAsked(false)}
          confirmation={{
            title: t('settings.sdk.rotate.title'),
            text: t('settings.sdk.rotate.text'),
            verb: t('settings.sdk.rotate'),
            isDangerous: true,
            act: async () => {
              const kept = await rotateSdkKey(tenant.id);
              rotated(kept);
              client.setQueryData(tenantQuery(tenant.id).queryKey, kept);
              toasts.done(t('settings.sdk.rotated'));
            },
          }}
        />
      )}
    </Card>
  );
}
