import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { useMay } from '../../app/session';
import { useT } from '../../i18n/context';
import { Bones } from '../../parts/Bones';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { useGroupDrag } from './drag';
import { useSharedTree } from './GroupsLayout';
import { GroupTree } from './GroupTree';
import { usePutGroup } from './usePutGroup';

/** The tree of a tenant's groups; choosing one goes to its page, and one that is dragged goes elsewhere. */
export function TreePane({ tenant, here }: { tenant: string; here: string | null }): ReactNode {
  const t = useT();
  const navigate = useNavigate();
  const { tree, state, error, retry } = useSharedTree();
  const { reveal } = state;
  useEffect(() => {
    if (tree && here) reveal(tree, here);
  }, [tree, here, reveal]);
  const [moved, setMoved] = useState<string | null>(null);
  useEffect(() => {
    if (!tree || !moved) return;
    reveal(tree, moved);
    setMoved(null);
  }, [tree, moved, reveal]);
  const mayMove = useMay(tenant)('manage_groups');
  const put = usePutGroup(tenant);
  const drag = useGroupDrag(tree, async (group, parent) => {
    if (await put.orSay(group, parent)) setMoved(group.id);
  });

  if (!tree) {
    if (error) return <ErrorBanner error={error} retry={retry} />;
    return <Bones rows={8} />;
  }
  return (
    <GroupTree
      label={t('groups.title')}
      tree={tree}
      state={state}
      chosen={here}
      drag={mayMove ? drag : undefined}
      choose={({ id }) =>
        void navigate({ to: '/t/$tenant/groups/$group', params: { tenant, group: id } })
      }
    />
  );
}
