import { Button, Checkbox, Field, makeStyles, Select, Spinner } from '@fluentui/react-components';
import {
  type UseMutationResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
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

interface SynchronizeProps {
  tenant: string;
  source?: Source;
  /** What is read unless something else is chosen. */
  extent?: Extent;
  close: () => void;
}

/** Says what synchronisation does, starts it, and shows how far it is. */
export function SynchronizeDialog(props: SynchronizeProps): ReactNode {
  const { tenant, source, close } = props;
  const t = useT();
  const navigate = useNavigate();
  const sources = useQuery({ ...sourcesToChooseQuery(tenant), enabled: !source });
  const wish = useWish(props, sources.data);
  const starting = useStarting(tenant, wish);
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
              disabledFocusable={!wish.id || starting.isPending}
              onClick={() => wish.id && starting.mutate(wish.id)}
            >
              {t('synchronize.start')}
            </Button>
          )}
        </>
      }
    >
      {sources.isError && (
        <ErrorBanner error={sources.error} retry={() => void sources.refetch()} />
      )}
      {!source && sources.isPending && <Spinner size="tiny" label={t('frame.loading')} />}
      {!source && sources.data?.length === 0 && <span>{t('synchronize.none')}</span>}
      {!begun && <Choices wish={wish} sources={source ? null : (sources.data ?? null)} />}
      {starting.isError && <ErrorBanner error={starting.error} />}
      {run && <Progress tenant={tenant} started={run} />}
      {begun && 'all' in begun && <StartedRuns tenant={tenant} started={begun.all} />}
    </DialogFrame>
  );
}

/** What somebody wants to start, and what there is to choose. */
interface Wish {
  /** The source, or all of them; null while nothing is known. */
  id: string | null;
  extent: Extent;
  extents: readonly Extent[];
  /** Null where a plan cannot be seen first. */
  isPreview: boolean | null;
  choose: (source: string) => void;
  read: (extent: Extent) => void;
  preview: (isPreview: boolean) => void;
}

function useWish(props: SynchronizeProps, sources: readonly Source[] | undefined): Wish {
  const [chosen, choose] = useState<string | null>(null);
  const [wished, read] = useState<Extent>(props.extent ?? 'whole');
  const [isPreview, preview] = useState(false);
  const id = props.source?.id ?? chosen ?? sources?.[0]?.id ?? null;
  const of = props.source ?? sources?.find((one) => one.id === id);
  const extents = EXTENTS.filter((one) => one !== 'stored' || !of || keepsValues(of));
  const extent = extents.includes(wished) ? wished : 'whole';
  // What all sources would do is no plan that could be approved.
  return { id, extent, extents, isPreview: id === ALL ? null : isPreview, choose, read, preview };
}

function useStarting(tenant: string, wish: Wish): UseMutationResult<Begun, Error, string> {
  const client = useQueryClient();
  const { extent, isPreview } = wish;
  return useMutation({
    mutationFn: async (what: string): Promise<Begun> =>
      what === ALL
        ? { all: await startAllRuns(tenant, extent) }
        : { run: await startRun(tenant, what, { extent, isPreview: isPreview ?? false }) },
    onSuccess: (begun) => {
      if ('run' in begun) {
        client.setQueryData(runQuery(tenant, begun.run.id).queryKey, begun.run);
      }
      return client.invalidateQueries({ queryKey: ['runs', tenant] });
    },
  });
}

/** What a run does, and what can be chosen about it; no source where it is a certain one. */
function Choices({ wish, sources }: { wish: Wish; sources: readonly Source[] | null }): ReactNode {
  const { id, extent, extents, isPreview } = wish;
  const styles = useStyles();
  const t = useT();
  return (
    <>
      <span>{t(extent === 'stored' ? 'synchronize.stored' : 'synchronize.text')}</span>
      {sources && id && (
        <Field label={t('synchronize.source')} className={styles.choice}>
          <Select value={id} onChange={(_, { value }) => wish.choose(value)}>
            {sources.map(({ id: value, name }) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
            {sources.length > 1 && <option value={ALL}>{t('synchronize.all')}</option>}
          </Select>
        </Field>
      )}
      {id && <ExtentField extent={extent} choices={extents} choose={wish.read} />}
      {id && isPreview !== null && (
        <Field hint={t('synchronize.preview.help')} className={styles.choice}>
          <Checkbox
            label={t('synchronize.preview')}
            checked={isPreview}
            onChange={(_, { checked }) => wish.preview(checked === true)}
          />
        </Field>
      )}
    </>
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
