import { Button, Field, makeStyles, Select, Spinner } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import {
  type Extent,
  type Run,
  runQuery,
  type StartedRuns as Started,
  startAllRuns,
  startRun,
} from '../../data/runs';
import { keepsValues, type Source, sourcesToChooseQuery } from '../../data/sources';
import { useT, useWords } from '../../i18n/context';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { ProgressPanel } from '../../parts/ProgressPanel';
import { doneOf, paceText } from './progress';
import { StartedRuns } from './StartedRuns';
import { useRun } from './useRun';
import { countsOf, problemText, statusText } from './words';

const useStyles = makeStyles({
  // However long a choice is.
  choice: { gridTemplateColumns: 'minmax(0, 1fr)', '& select': { textOverflow: 'ellipsis' } },
});

const EXTENTS: readonly Extent[] = ['whole', 'changes', 'stored'];
/** Stands for every source where one is chosen; no source has it as its identity. */
const ALL = 'all';

/** What was started: a run, or those of several sources. */
type Begun = { run: Run } | { all: Started };

/** Says what synchronisation does, starts it, and shows how far it is. */
export function SynchronizeDialog(props: {
  tenant: string;
  source?: Source;
  /** What is read unless something else is chosen. */
  extent?: Extent;
  close: () => void;
}): ReactNode {
  const { tenant, source, close } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const sources = useQuery({ ...sourcesToChooseQuery(tenant), enabled: !source });
  const [chosen, setChosen] = useState<string | null>(null);
  const [wished, setWished] = useState<Extent>(props.extent ?? 'whole');
  const id = source?.id ?? chosen ?? sources.data?.[0]?.id ?? null;
  const of = source ?? sources.data?.find((one) => one.id === id);
  const choices = EXTENTS.filter((one) => one !== 'stored' || !of || keepsValues(of));
  const extent = choices.includes(wished) ? wished : 'whole';
  const starting = useMutation({
    mutationFn: async (what: string): Promise<Begun> =>
      what === ALL
        ? { all: await startAllRuns(tenant, extent) }
        : { run: await startRun(tenant, what, extent) },
    onSuccess: (begun) => {
      if ('run' in begun) {
        client.setQueryData(runQuery(tenant, begun.run.id).queryKey, begun.run);
      }
      return client.invalidateQueries({ queryKey: ['runs', tenant] });
    },
  });
  const begun = starting.data;
  const run = begun && 'run' in begun ? begun.run : undefined;
  const show = (): void => {
    close();
    if (run) void navigate({ to: '/t/$tenant/runs/$run', params: { tenant, run: run.id } });
  };
  return (
    <DialogFrame
      title={t('synchronize.title')}
      close={close}
      actions={
        <>
          <Button onClick={close}>{t(begun ? 'action.close' : 'action.cancel')}</Button>
          {run && (
            <Button appearance="primary" onClick={show}>
              {t('synchronize.details')}
            </Button>
          )}
          {!begun && (
            <Button
              appearance="primary"
              disabledFocusable={!id || starting.isPending}
              onClick={() => id && starting.mutate(id)}
            >
              {t('synchronize.start')}
            </Button>
          )}
        </>
      }
    >
      {!begun && <span>{t(extent === 'stored' ? 'synchronize.stored' : 'synchronize.text')}</span>}
      {sources.isError && (
        <ErrorBanner error={sources.error} retry={() => void sources.refetch()} />
      )}
      {!source && sources.isPending && <Spinner size="tiny" label={t('frame.loading')} />}
      {!source && sources.data?.length === 0 && <span>{t('synchronize.none')}</span>}
      {!begun && !source && id && (
        <Field label={t('synchronize.source')} className={styles.choice}>
          <Select value={id} onChange={(_, { value }) => setChosen(value)}>
            {sources.data?.map(({ id: value, name }) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
            {(sources.data?.length ?? 0) > 1 && <option value={ALL}>{t('synchronize.all')}</option>}
          </Select>
        </Field>
      )}
      {!begun && id && <ExtentField extent={extent} choices={choices} choose={setWished} />}
      {starting.isError && <ErrorBanner error={starting.error} />}
      {run && <Progress tenant={tenant} started={run} />}
      {begun && 'all' in begun && <StartedRuns tenant={tenant} started={begun.all} />}
    </DialogFrame>
  );
}

function ExtentField(props: {
  extent: Extent;
  choices: readonly Extent[];
  choose: (extent: Extent) => void;
}): ReactNode {
  const styles = useStyles();
  const t = useT();
  const choose = (value: string): void => {
    const extent = props.choices.find((one) => one === value);
    if (extent) props.choose(extent);
  };
  return (
    <Field label={t('synchronize.extent')} className={styles.choice}>
      <Select value={props.extent} onChange={(_, { value }) => choose(value)}>
        {props.choices.map((extent) => (
          <option key={extent} value={extent}>
            {t(`synchronize.extent.${extent}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function Progress({ tenant, started }: { tenant: string; started: Run }): ReactNode {
  const { t, locale } = useWords();
  const { run, progress } = useRun(tenant, started.id);
  return (
    <ProgressPanel
      title={t(`run.${run.state}`)}
      status={run.problem ? problemText(t, run.problem) : statusText(t, run)}
      {...doneOf(progress)}
      isRunning={run.state === 'running'}
      counts={countsOf(t, locale, run)}
    >
      {progress && <span>{paceText(t, progress)}</span>}
      {run.state === 'running' && <span>{t('synchronize.background')}</span>}
    </ProgressPanel>
  );
}
