import { Button, makeStyles, Tab } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { useMay } from '../../app/session';
import { type Source, sourceQuery, updateSource } from '../../data/sources';
import { useT } from '../../i18n/context';
import { GONE } from '../../parts/confirm';
import { Form } from '../../parts/form';
import { Page } from '../../parts/Page';
import { Tabs } from '../../parts/Tabs';
import { useToasts } from '../../parts/toasts';
import { RunsList } from '../runs/RunsList';
import { Synchronize } from '../runs/Synchronize';
import { draftOf, fieldsOfDraft } from './draft';
import { FillFromAddressBook } from './FillFromAddressBook';
import { Health } from './Health';
import { isMappedAnew, MappingOffer } from './MappingOffer';
import { ProbePanels } from './probe/ProbePanels';
import { SAYS } from './reading';
import { Secret, secretTab } from './Secret';
import { SetAside } from './SetAside';
import { useSourceSpec } from './spec';
import { useSourceForm } from './useSourceForm';
import { useSourceRemoval } from './useSourceRemoval';

const useStyles = makeStyles({
  hidden: { display: 'none' },
});

/** One source: how it is read, its password, what it says about presence, its runs. */
export function SourcePage(): ReactNode {
  const t = useT();
  const { tenant, source: id } = useParams({ from: '/signed/t/$tenant/sources/$source' });
  const { data: source } = useSuspenseQuery(sourceQuery(tenant, id));
  const [tab, setTab] = useState<unknown>('settings');
  const mayChange = useMay(tenant)('manage_sources');
  const navigate = useNavigate();
  const removal = useSourceRemoval({
    tenant,
    removed: () => navigate({ to: '/t/$tenant/sources', params: { tenant }, ...GONE }),
  });
  return (
    <Page
      title={source.name}
      trail={[
        { label: t('sources.title'), link: { to: '/t/$tenant/sources', params: { tenant } } },
      ]}
      actions={
        <>
          {isRead(source) && <Synchronize tenant={tenant} source={source} />}
          {mayChange && (
            <Button icon={<DeleteRegular />} onClick={() => removal.ask(source)}>
              {t('action.delete')}
            </Button>
          )}
        </>
      }
    >
      <Tabs chosen={tab} choose={setTab}>
        <Tab value="settings">{t('settings.title')}</Tab>
        {source.connection.kind !== 'file' && mayChange && (
          <Tab value="secret">{t(secretTab(source))}</Tab>
        )}
        {mayChange && <Tab value="try">{t('sources.tab.try')}</Tab>}
        {canSay(source) && <Tab value="presence">{t('health.tab')}</Tab>}
        {isRead(source) && <Tab value="runs">{t('sources.tab.runs')}</Tab>}
        {isRead(source) && <Tab value="aside">{t('sources.tab.aside')}</Tab>}
      </Tabs>
      <Details key={source.id} tenant={tenant} source={source} tab={tab} isFixed={!mayChange} />
      {tab === 'secret' && <Secret tenant={tenant} source={source} />}
      {tab === 'presence' && <Health tenant={tenant} source={source.id} />}
      {tab === 'aside' && <SetAside tenant={tenant} source={source.id} />}
      {tab === 'runs' && <RunsList tenant={tenant} source={source} />}
      {removal.dialog}
    </Page>
  );
}

/** Whether a source of this kind can be asked about presence. */
function canSay({ connection }: Source): boolean {
  return SAYS[connection.kind] !== undefined;
}

/** Whether there is somebody to read; a SIP server only says how people are. */
function isRead({ connection }: Source): boolean {
  return connection.kind !== 'sip';
}

/** The settings, and what they do: they are tried as they are in the form. */
function Details(props: {
  tenant: string;
  source: Source;
  tab: unknown;
  isFixed: boolean;
}): ReactNode {
  const { tenant, source, tab, isFixed } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const spec = useSourceSpec(false);
  const revision = useRef(source.revision);
  const [isRemapped, setRemapped] = useState(false);
  const query = sourceQuery(tenant, source.id);
  const form = useSourceForm({
    spec,
    initial: draftOf(source),
    save: async (draft, base) => {
      const kept = await updateSource(tenant, source.id, {
        revision: revision.current,
        base: fieldsOfDraft(base),
        fields: fieldsOfDraft(draft),
      });
      revision.current = kept.revision;
      client.setQueryData(query.queryKey, kept);
      setRemapped(isMappedAnew(source, kept));
      const isGone = source.secret !== 'absent' && kept.secret === 'absent';
      toasts.done(t(isGone ? 'source.saved.no_secret' : 'source.saved', { name: kept.name }));
      await client.invalidateQueries({ queryKey: ['sources', tenant] });
      return draftOf(kept);
    },
    reload: async () => {
      const theirs = await client.fetchQuery({ ...query, staleTime: 0 });
      revision.current = theirs.revision;
      return draftOf(theirs);
    },
  });
  const fields = fieldsOfDraft(form.values);
  return (
    <>
      {isRemapped && (
        <MappingOffer tenant={tenant} source={source} done={() => setRemapped(false)} />
      )}
      <div className={tab === 'settings' ? '' : styles.hidden}>
        <Form form={form} submitLabel={t('action.save')} isReadOnly={isFixed}>
          {!isFixed && isRead(source) && <FillFromAddressBook tenant={tenant} form={form} />}
        </Form>
      </div>
      {!isFixed && (
        <div className={tab === 'try' ? '' : styles.hidden}>
          <ProbePanels
            subject={{ tenant, source: source.id, fields, secret: '' }}
            isShown={tab === 'try'}
          />
        </div>
      )}
    </>
  );
}
