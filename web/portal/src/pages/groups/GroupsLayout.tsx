import { useQuery } from '@tanstack/react-query';
import { Outlet, useParams } from '@tanstack/react-router';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { groupsToChooseQuery } from '../../data/choices';
import { type Tree, treeOf } from '../../data/tree';
import { type TreeState, useTreeState } from './useTreeState';

/** The tree that the pages of groups share. */
export interface SharedTree {
  /** Undefined while it is loading. */
  tree: Tree | undefined;
  state: TreeState;
  error: unknown;
  retry: () => void;
}

const TreeContext = createContext<SharedTree | null>(null);

/** What is around the pages of groups: their tree, and what of it is open. */
export function GroupsLayout(): ReactNode {
  const { tenant } = useParams({ from: '/signed/t/$tenant/groups' });
  const { tree, error, retry } = useTree(tenant);
  const state = useTreeState();
  const shared = useMemo(() => ({ tree, state, error, retry }), [tree, state, error, retry]);
  return (
    <TreeContext value={shared}>
      <Outlet />
    </TreeContext>
  );
}

export function useSharedTree(): SharedTree {
  const shared = useContext(TreeContext);
  if (!shared) throw new Error('no tree around this part');
  return shared;
}

/** The groups of a tenant as a tree. */
export function useTree(tenant: string): Omit<SharedTree, 'state'> {
  const { data, error, refetch } = useQuery(groupsToChooseQuery(tenant));
  const tree = useMemo(() => data && treeOf(data), [data]);
  return { tree, error, retry: () => void refetch() };
}
