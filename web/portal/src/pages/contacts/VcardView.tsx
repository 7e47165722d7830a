import {
  Button,
  Link,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { isProblem } from '@switchboard/client';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Contact } from '../../data/contacts';
import { VCARD_VERSIONS, type Vcard, vcardPath, vcardQuery } from '../../data/vcard';
import type { PlainKey } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { Panel } from '../../parts/Panel';

const PICTURE = '96px';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
  text: { margin: 0, maxInlineSize: '48rem', color: tokens.colorNeutralForeground2 },
  card: { maxInlineSize: '32rem' },
  head: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalL },
  picture: {
    inlineSize: PICTURE,
    blockSize: PICTURE,
    flexShrink: 0,
    borderRadius: tokens.borderRadiusCircular,
  },
  name: { margin: 0, fontSize: tokens.fontSizeBase500, overflowWrap: 'anywhere' },
  line: { margin: 0, color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
  list: { margin: 0 },
  term: { color: tokens.colorNeutralForeground2 },
  value: {
    margin: 0,
    marginBlockEnd: tokens.spacingVerticalS,
    whiteSpace: 'pre-line',
    overflowWrap: 'anywhere',
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
});

/** The vCard of a contact as a card, and as files to keep. */
export function VcardView({ tenant, contact }: { tenant: string; contact: Contact }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const vcard = useQuery(vcardQuery(tenant, contact.id, contact.revision));
  if (isProblem(vcard.error, 'not_possible_now')) {
    return (
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>{t('vcard.off')}</MessageBarBody>
      </MessageBar>
    );
  }
  if (vcard.error) return <ErrorBanner error={vcard.error} />;
  if (!vcard.data) return <Spinner aria-busy />;
  return (
    <div className={styles.root}>
      <p className={styles.text}>{t('vcard.text')}</p>
      <Card vcard={vcard.data} />
      <div className={styles.actions}>
        {VCARD_VERSIONS.map((version) => (
          <Button
            key={version}
            as="a"
            href={`/api/v1${vcardPath(tenant, contact.id, version)}`}
            download
            icon={<ArrowDownloadRegular />}
          >
            {t('vcard.download', { version })}
          </Button>
        ))}
      </div>
      <p className={styles.text}>{t('vcard.versions')}</p>
    </div>
  );
}

function Card({ vcard }: { vcard: Vcard }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { name, photo, phone, mail, messaging, address } = vcard;
  // What each line says, and where it leads.
  const rows: [PlainKey, string | null, string?][] = [
    ['vcard.phone', phone, `tel:${phone?.replaceAll(/[^+\d]/g, '')}`],
    ['vcard.mail', mail, `mailto:${mail}`],
    ['vcard.messaging', messaging.join('\n')],
    ['vcard.address', address.join('\n')],
  ];
  return (
    <Panel className={styles.card}>
      <article aria-label={t('vcard.of', { name })}>
        <div className={styles.head}>
          {photo && <img className={styles.picture} src={photo} alt={t('vcard.photo', { name })} />}
          <div>
            <h2 className={styles.name}>{name}</h2>
            {vcard.title && <p className={styles.line}>{vcard.title}</p>}
            {vcard.company && <p className={styles.line}>{vcard.company}</p>}
          </div>
        </div>
        <dl className={styles.list}>
          {rows.map(
            ([label, value, href]) =>
              value && (
                <div key={label}>
                  <dt className={styles.term}>{t(label)}</dt>
                  <dd className={styles.value}>
                    {href ? <Link href={href}>{value}</Link> : value}
                  </dd>
                </div>
              ),
          )}
        </dl>
      </article>
    </Panel>
  );
}
