import { Button, makeStyles, Spinner } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { placeOf, type Tree } from '../../data/tree';
import { useT } from '../../i18n/context';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { useTree } from './GroupsLayout';
import { GroupTree } from './GroupTree';
import { useTreeState } from './useTreeState';

const useStyles = makeStyles({
  tree: { maxBlockSize: '45vh', overflowY: 'auto', padding: '2px' },
  place: { overflowWrap: 'anywhere' },
  top: { alignSelf: 'start' },
});

/** Chooses where in the tree something goes. */
export function PlaceDialog(props: {
  tenant: string;
  title: string;
  verb: string;
  /** Where it is now. */
  place: string | null;
  /** Where it cannot go. */
  without: (tree: Tree) => ReadonlySet<string>;
  act: (parent: string | null) => Promise<unknown>;
  close: () => void;
}): ReactNode {
  const { tenant, title, verb, place, without, act, close } = props;
  const styles = useStyles();
  const t = useT();
  const { tree, error, retry } = useTree(tenant);
  const state = useTreeState();
  const [chosen, setChosen] = useState(place);
  const deed = useMutation({ mutationFn: () => act(chosen), onSuccess: close });
  return (
    <DialogFrame
      title={title}
      close={close}
      actions={
        <>
          <Button onClick={close} disabled={deed.isPending}>
            {t('action.cancel')}
          </Button>
          <Button
            appearance="primary"
            disabledFocusable={deed.isPending || !tree || chosen === place}
            onClick={() => deed.mutate()}
          >
            {verb}
          </Button>
        </>
      }
    >
      {deed.isError && <ErrorBanner error={deed.error} />}
      {error ? <ErrorBanner error={error} retry={retry} /> : null}
      {!tree && !error && <Spinner label={t('frame.loading')} />}
      {tree && (
        <>
          <span role="status" className={styles.place}>
            {t('group.place', { place: placeOf(tree, chosen) ?? t('group.top') })}
          </span>
          <Button className={styles.top} disabled={chosen === null} onClick={() => setChosen(null)}>
            {t('group.top')}
          </Button>
          <div className={styles.tree}>
            <GroupTree
              label={t('groups.title')}
              tree={tree}
              state={state}
              chosen={chosen}
              choose={({ id }) => setChosen(id)}
              without={without(tree)}
            />
          </div>
        </>
      )}
    </DialogFrame>
  );
}
