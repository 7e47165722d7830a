import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Enquiry, enquiryQuery } from '../../data/enquiries';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { LINK } from '../../parts/lines';

const useStyles = makeStyles({
  list: { margin: 0, display: 'grid', rowGap: tokens.spacingVerticalS },
  term: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, whiteSpace: 'pre-line' },
  link: LINK,
});

/** What one visitor left: who, what, how to answer, and until when it is kept. */
export function EnquiryDialog(props: {
  tenant: string;
  id: string;
  mayAnswer: boolean;
  finish: (enquiry: Enquiry) => void;
  close: () => void;
}): ReactNode {
  const { tenant, id, mayAnswer, finish, close } = props;
  const t = useT();
  const { data: enquiry, error } = useQuery(enquiryQuery(tenant, id));
  return (
    <DialogFrame
      title={t(enquiry ? `enquiries.${enquiry.kind}` : 'enquiries.title')}
      close={close}
      actions={
        <>
          {enquiry && !enquiry.done_at && mayAnswer && (
            <Button appearance="primary" onClick={() => finish(enquiry)}>
              {t('enquiries.finish')}
            </Button>
          )}
          <Button onClick={close}>{t('action.close')}</Button>
        </>
      }
    >
      {error && <ErrorBanner error={error} />}
      {!enquiry && !error && <Spinner />}
      {enquiry && <Facts enquiry={enquiry} />}
    </DialogFrame>
  );
}

function Facts({ enquiry }: { enquiry: Enquiry }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { phone, mail } = enquiry.asker;
  const link = (href: string, text: string): ReactNode => (
    <a className={styles.link} href={href}>
      {text}
    </a>
  );
  const rows: (readonly [string, ReactNode])[] = [
    [t('enquiries.name'), enquiry.asker.name],
    [t('enquiries.phone'), phone && link(`tel:${phone}`, phone)],
    [t('enquiries.mail'), mail && link(`mailto:${mail}`, mail)],
    [t('enquiries.wished'), enquiry.asker.wished_at && moment(t, enquiry.asker.wished_at)],
    [t('enquiries.text'), enquiry.asker.text],
    [t('enquiries.page'), enquiry.publication_title],
    [t('enquiries.about'), enquiry.about_name],
    [t('enquiries.at'), moment(t, enquiry.created_at)],
    [t('enquiries.done.at'), enquiry.done_at && moment(t, enquiry.done_at)],
    [t('enquiries.expires'), moment(t, enquiry.expires_at)],
    [t('enquiries.consent'), enquiry.consent],
    [t('enquiries.client'), enquiry.client_address],
  ];
  return (
    <dl className={styles.list}>
      {rows.map(
        ([term, value]) =>
          value && (
            <div key={term}>
              <dt className={styles.term}>{term}</dt>
              <dd className={styles.value}>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function moment(t: Translate, at: string): string {
  return t('enquiries.when', { at });
}
