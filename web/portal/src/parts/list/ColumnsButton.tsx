import { Button } from '@fluentui/react-components';
import { ColumnEditRegular } from '@fluentui/react-icons/svg/column-edit';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useT } from '../../i18n/context';
import type { Column } from './types';

const ColumnChoices = lazy(() =>
  import('./ColumnChoices').then((it) => ({ default: it.ColumnChoices })),
);

/** The way to the choice of columns. */
export function ColumnsButton<T>(props: {
  columns: readonly Column<T>[];
  shown: readonly Column<T>[];
  choose: (ids: readonly string[]) => void;
}): ReactNode {
  const t = useT();
  const [target, setTarget] = useState<HTMLElement | null>(null);
  return (
    <>
      <Button
        appearance="subtle"
        icon={<ColumnEditRegular />}
        aria-label={t('list.columns')}
        title={t('list.columns')}
        aria-haspopup="menu"
        aria-expanded={target !== null}
        onClick={({ currentTarget }) => setTarget(currentTarget)}
      />
      {target && (
        <Suspense>
          <ColumnChoices
            columns={props.columns.slice(1).map(({ id, header }) => ({ id, header }))}
            chosen={props.shown.slice(1).map(({ id }) => id)}
            choose={props.choose}
            target={target}
            close={() => setTarget(null)}
          />
        </Suspense>
      )}
    </>
  );
}
