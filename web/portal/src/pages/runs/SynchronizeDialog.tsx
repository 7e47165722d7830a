import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  Select,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type Run, runQuery, startRun } from '../../data/runs';
import { type Source, sourcesToChooseQuery } from '../../data/sources';
import { useT, useWords } from '../../i18n/context';
import { DialogScroll } from '../../parts/DialogScroll';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { ProgressPanel } from '../../parts/ProgressPanel';
import { doneOf, paceText } from './progress';
import { useRun } from './useRun';
import { countsOf, problemText, statusText } from './words';

const useStyles = makeStyles({
  content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
});

/** Says what synchronisation does, starts it, and shows how far it is. */
export function SynchronizeDialog(props: {
  tenant: string;
  source?: Source;
  close: () => void;
}): ReactNode {
  const { tenant, source, close } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const sources = useQuery({ ...sourcesToChooseQuery(tenant), enabled: !source });
  const [chosen, setChosen] = useState<string | null>(null);
  const id = source?.id ?? chosen ?? sources.data?.[0]?.id ?? null;
  const starting = useMutation({
    mutationFn: (of: string) => startRun(tenant, of),
    onSuccess: (run) => {
      client.setQueryData(runQuery(tenant, run.id).queryKey, run);
      return client.invalidateQueries({ queryKey: ['runs', tenant] });
    },
  });
  const run = starting.data;
  const show = (): void => {
    close();
    if (run) void navigate({ to: '/t/$tenant/runs/$run', params: { tenant, run: run.id } });
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => open || close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('synchronize.title')}</DialogTitle>
          <DialogScroll className={styles.content}>
            {!run && <span>{t('synchronize.text')}</span>}
            {sources.isError && (
              <ErrorBanner error={sources.error} retry={() => void sources.refetch()} />
            )}
            {!source && sources.isPending && <Spinner size="tiny" label={t('frame.loading')} />}
            {!source && sources.data?.length === 0 && <span>{t('synchronize.none')}</span>}
            {!run && !source && id && (
              <Field label={t('synchronize.source')}>
                <Select value={id} onChange={(_, { value }) => setChosen(value)}>
                  {sources.data?.map(({ id: value, name }) => (
                    <option key={value} value={value}>
                      {name}
                    </option>
                  ))}
                </Select>
              </Field>
            )}
            {starting.isError && <ErrorBanner error={starting.error} />}
            {run && <Progress tenant={tenant} started={run} />}
          </DialogScroll>
          <DialogActions>
            <Button onClick={close}>{t(run ? 'action.close' : 'action.cancel')}</Button>
            {run ? (
              <Button appearance="primary" onClick={show}>
                {t('synchronize.details')}
              </Button>
            ) : (
              <Button
                appearance="primary"
                disabledFocusable={!id || starting.isPending}
                onClick={() => id && starting.mutate(id)}
              >
                {t('synchronize.start')}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
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
