import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { KeyRegular } from '@fluentui/react-icons/svg/key';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { domainsToChooseQuery, originsOf } from '../../data/domains';
import { type Publication, publicationQuery, rotateKey } from '../../data/publications';
import { tenantQuery } from '../../data/tenants';
import { useT } from '../../i18n/context';
import { ConfirmDialog } from '../../parts/confirm';
import { useToasts } from '../../parts/toasts';
import { useAsked } from '../../parts/useAsked';
import { CODE } from './code';
import { Snippet } from './Snippet';
import { snippetOf } from './snippet';
import type { Revisions } from './useRevisions';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalL,
    maxInlineSize: '56rem',
    minInlineSize: 0,
  },
  part: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'start',
    rowGap: tokens.spacingVerticalS,
    minInlineSize: 0,
  },
  heading: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
  code: CODE,
  list: { margin: 0, paddingInlineStart: '1.25rem', overflowWrap: 'anywhere' },
});

interface Props {
  tenant: string;
  publication: Publication;
  mayChange: boolean;
  revisions: Revisions;
}

/** How a publication comes on a page: what to paste, where it works, and its key. */
export function Embed(props: Props): ReactNode {
  const { tenant, publication } = props;
  const styles = useStyles();
  const t = useT();
  const { data: own } = useQuery(tenantQuery(tenant));
  const domains = useQuery({
    ...domainsToChooseQuery(tenant),
    enabled: useMay(tenant)('read_domains'),
  });
  const gateway = own?.base_api_external_url ?? location.origin;
  const origins = (domains.data ?? [])
    .filter(({ id }) => publication.domains?.includes(id))
    .flatMap((domain) => originsOf(domain));
  return (
    <div className={styles.root}>
      <section className={styles.part}>
        <h2 className={styles.heading}>{t('embed.snippet')}</h2>
        <p className={styles.text}>{t('embed.snippet.text')}</p>
        <Snippet text={snippetOf(gateway, publication.key)} />
      </section>
      <section className={styles.part}>
        <h2 className={styles.heading}>{t('embed.origins')}</h2>
        <p className={styles.text}>
          {t(origins.length > 0 ? 'embed.origins.text' : 'publication.no_domain')}
        </p>
        <ul className={styles.list}>
          {origins.map((origin) => (
            <li key={origin}>{origin}</li>
          ))}
        </ul>
      </section>
      <Key {...props} />
    </div>
  );
}

function Key({ tenant, publication, mayChange, revisions }: Props): ReactNode {
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const rotate = async (): Promise<void> => {
    const kept = await rotateKey(tenant, publication.id);
    revisions.advance(kept.revision - 1, kept.revision);
    client.setQueryData(publicationQuery(tenant, publication.id).queryKey, kept);
    toasts.done(t('embed.rotated'));
  };
  const rotation = useAsked<null>((_, close) => (
    <ConfirmDialog
      close={close}
      confirmation={{
        title: t('embed.rotate.title'),
        text: t('embed.rotate.text'),
        consequences: [t('embed.rotate.pages'), t('embed.rotate.visitors')],
        verb: t('embed.rotate'),
        isDangerous: true,
        act: rotate,
      }}
    />
  ));
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>{t('embed.key')}</h2>
      <p className={styles.text}>{t('embed.key.text')}</p>
      <code className={styles.code}>{publication.key}</code>
      {mayChange && (
        <Button icon={<KeyRegular />} onClick={() => rotation.ask(null)}>
          {t('embed.rotate')}
        </Button>
      )}
      {rotation.dialog}
    </section>
  );
}
