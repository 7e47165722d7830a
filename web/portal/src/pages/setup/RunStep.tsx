import { Button, Field, Select } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, Suspense, useState } from 'react';
import { isOpen, type Run, runQuery, startRun } from '../../data/runs';
import type { Source } from '../../data/sources';
import { useT } from '../../i18n/context';
import { Bones } from '../../parts/Bones';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { Plan } from './Plan';
import { Actions, Text } from './parts';
import { readable } from './steps';

/** The first run: what it would write is shown before anything is written. */
export function RunStep(props: {
  tenant: string;
  sources: readonly Source[];
  runs: readonly Run[];
  go: () => void;
}): ReactNode {
  const { tenant, sources, runs, go } = props;
  const t = useT();
  const [chosen, setChosen] = useState<string | null>(null);
  const read = readable(sources);
  const latestOf = (source: string): Run | undefined =>
    runs.find((run) => run.source === source && !run.contacts && !run.undoes);
  const first = read.find(({ id }) => latestOf(id)?.state !== 'succeeded') ?? read[0];
  const source = read.find(({ id }) => id === chosen) ?? first;
  if (!source)
    return <Text>{t(sources.length > 0 ? 'setup.run.nobody' : 'setup.run.no_source')}</Text>;
  const latest = latestOf(source.id);
  return (
    <>
      <Text>{t('setup.run.why')}</Text>
      {read.length > 1 && (
        <Field label={t('synchronize.source')}>
          <Select value={source.id} onChange={(_, { value }) => setChosen(value)}>
            {read.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <OfSource key={source.id} tenant={tenant} source={source.id} latest={latest} go={go} />
    </>
  );
}

function OfSource(props: {
  tenant: string;
  source: string;
  latest: Run | undefined;
  go: () => void;
}): ReactNode {
  const { tenant, source, latest, go } = props;
  const t = useT();
  const client = useQueryClient();
  const starting = useMutation({
    mutationFn: () => startRun(tenant, source, { isPreview: true }),
    onSuccess: (run) => {
      client.setQueryData(runQuery(tenant, run.id).queryKey, run);
      return client.invalidateQueries({ queryKey: ['runs', tenant] });
    },
  });
  // What was started a moment ago may not be in the list yet.
  const run = latest && latest.id >= (starting.data?.id ?? '') ? latest : starting.data;
  const mayStart = !run || !isOpen(run);
  return (
    <>
      {starting.isError && <ErrorBanner error={starting.error} />}
      {run && (
        <Suspense fallback={<Bones rows={3} />}>
          <Plan key={run.id} tenant={tenant} id={run.id} />
        </Suspense>
      )}
      <Actions>
        {mayStart && (
          <Button
            appearance={run?.state === 'succeeded' ? 'secondary' : 'primary'}
            disabledFocusable={starting.isPending}
            onClick={() => starting.mutate()}
          >
            {t(run ? 'setup.run.again' : 'setup.run.preview')}
          </Button>
        )}
        {run?.state === 'succeeded' && (
          <Button appearance="primary" onClick={go}>
            {t('wizard.next')}
          </Button>
        )}
      </Actions>
    </>
  );
}
