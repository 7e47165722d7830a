import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
} from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useMay } from '../../app/session';
import type { Contact } from '../../data/contacts';
import { entriesOfContactQuery, isOpen, type Run, runQuery } from '../../data/runs';
import { sourcesToChooseQuery } from '../../data/sources';
import { followingRunQuery, type Synchronization } from '../../data/synchronization';
import { useT } from '../../i18n/context';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { ProgressPanel } from '../../parts/ProgressPanel';
import { outcomeText } from './outcome';

const useStyles = makeStyles({
  message: { whiteSpace: 'normal', overflowWrap: 'anywhere' },
});

/** Says that a contact is being synchronized, how far that is with each source, and what came of it. */
export function ContactSyncDialog(props: {
  tenant: string;
  contact: Contact;
  asked: Synchronization | undefined;
  error: Error | null;
  close: () => void;
}): ReactNode {
  const { tenant, contact, asked, error, close } = props;
  const styles = useStyles();
  const t = useT();
  return (
    <DialogFrame
      title={t('synchronize.title')}
      close={close}
      actions={
        <Button appearance="primary" onClick={close}>
          {t('action.close')}
        </Button>
      }
    >
      <span>{t('contact.sync.text', { name: contact.shown_name })}</span>
      {error && <ErrorBanner error={error} />}
      {!error && !asked && <Spinner size="tiny" label={t('contact.sync.starting')} />}
      {asked?.runs.length === 0 && <div role="status">{t('contact.sync.no_source')}</div>}
      {asked?.runs.map(({ source, run }) => (
        <Attempt
          key={`${source} ${run}`}
          of={{ tenant, contact: contact.id, source, before: asked.before }}
          started={run ?? null}
        />
      ))}
      {asked?.message && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody className={styles.message}>{t('contact.sync.no_photo')}</MessageBarBody>
        </MessageBar>
      )}
    </DialogFrame>
  );
}

interface Of {
  tenant: string;
  contact: string;
  source: string;
  before: readonly string[];
}

/** How far it is with one source: its run, or that the contact waits for one. */
function Attempt({ of, started }: { of: Of; started: string | null }): ReactNode {
  const { tenant, contact, source } = of;
  const t = useT();
  const may = useMay(tenant)('read_sources');
  const { data: sources } = useQuery({ ...sourcesToChooseQuery(tenant), enabled: may });
  const following = useQuery({ ...followingRunQuery(of), enabled: started === null });
  const id = started ?? following.data?.id;
  const { data: run, error } = useQuery({ ...runQuery(tenant, id ?? ''), enabled: Boolean(id) });
  const title = sources?.find((one) => one.id === source)?.name ?? t('contact.sync.directory');
  if (run && !isOpen(run))
    return <Outcome tenant={tenant} contact={contact} run={run} title={title} />;
  return (
    <ProgressPanel
      title={title}
      status={t(id ? 'contact.sync.running' : 'contact.sync.waiting')}
      isRunning={!error}
      counts={[]}
    >
      {error ? <ErrorBanner error={error} /> : <span>{t('synchronize.background')}</span>}
    </ProgressPanel>
  );
}

/** What a run that has ended made of the contact. */
function Outcome(props: { tenant: string; contact: string; run: Run; title: string }): ReactNode {
  const { tenant, contact, run, title } = props;
  const t = useT();
  const client = useQueryClient();
  const { data: entries, error } = useQuery(entriesOfContactQuery(tenant, run, contact));
  useEffect(() => {
    for (const queryKey of [
      ['contact', tenant, contact],
      ['contacts', tenant],
      ['avatars', tenant, 'contacts', contact],
    ]) {
      void client.invalidateQueries({ queryKey });
    }
  }, [client, tenant, contact]);
  const isReady = entries !== undefined || error !== null;
  return (
    <ProgressPanel
      title={title}
      status={isReady ? outcomeText(t, run, entries ?? []) : t('contact.sync.running')}
      isRunning={!isReady}
      counts={[]}
    >
      {error && <ErrorBanner error={error} />}
    </ProgressPanel>
  );
}
