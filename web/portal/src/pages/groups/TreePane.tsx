import { Skeleton, SkeletonItem } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useT } from '../../i18n/context';
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
    return (
      <Skeleton aria-label={t('list.loading')} style={{ display: 'grid', rowGap: '0.75rem' }}>
        {[0, 1, 2, 3, 4].map((line) => (
          <SkeletonItem key={line} size={24} />
        ))}
      </Skeleton>
    );
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
