import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useT } from '../../i18n/context';
import { Bones } from '../../parts/Bones';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { useSharedTree } from './GroupsLayout';
import { GroupTree } from './GroupTree';

/** The tree of a tenant's groups; choosing one goes to its page. */
export function TreePane({ tenant, here }: { tenant: string; here: string | null }): ReactNode {
  const t = useT();
  const navigate = useNavigate();
  const { tree, state, error, retry } = useSharedTree();
  const { reveal } = state;
  useEffect(() => {
    if (tree && here) reveal(tree, here);
  }, [tree, here, reveal]);

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
      choose={({ id }) =>
        void navigate({ to: '/t/$tenant/groups/$group', params: { tenant, group: id } })
      }
    />
  );
}
