import { Button, makeStyles, Tab, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { ArrowMoveRegular } from '@fluentui/react-icons/svg/arrow-move';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useMay } from '../../app/session';
import { useIsNarrow } from '../../app/theme';
import { type Group, groupQuery } from '../../data/groups';
import { useT } from '../../i18n/context';
import { Bones } from '../../parts/Bones';
import { GONE } from '../../parts/confirm';
import { type Crumb, Page } from '../../parts/Page';
import { Tabs } from '../../parts/Tabs';
import { Resubscribe } from '../presence/Resubscribe';
import { About } from './About';
import { GroupSync } from './GroupSync';
import { useSharedTree } from './GroupsLayout';
import { Members } from './Members';
import { TreePane } from './TreePane';
import { useGroupMove } from './useGroupMove';
import { useGroupRemoval } from './useGroupRemoval';

const Administrators = lazy(() =>
  import('./Administrators').then((it) => ({ default: it.Administrators })),
);

const useStyles = makeStyles({
  split: {
    display: 'grid',
    gridTemplateColumns: 'minmax(12rem, 18rem) minmax(0, 1fr)',
    gridTemplateRows: 'minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalXXL,
    flexGrow: 1,
    minBlockSize: '26rem',
    '@media (max-width: 767px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  tree: { overflowY: 'auto', minInlineSize: 0, padding: '2px' },
  detail: {
    display: 'flex',
    flexDirection: 'column',
    rowGap: tokens.spacingVerticalM,
    minInlineSize: 0,
    minBlockSize: 0,
  },
});

/** One group: where it is, what it is, who is in it, and who administers it. */
export function GroupPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant, group: id } = useParams({ from: '/signed/t/$tenant/groups/$group' });
  const { data: group } = useSuspenseQuery(groupQuery(tenant, id));
  const isNarrow = useIsNarrow();
  const { tree } = useSharedTree();
  const may = useMay(tenant);
  const mayChange = may('manage_groups') && !group.synced_from;
  const maySeeUsers = may('read_users');
  const [chosen, setTab] = useState<unknown>('members');
  const tab = maySeeUsers ? chosen : 'members';
  const above: Crumb[] = (tree?.above(id) ?? []).map((one) => ({
    label: one.name ?? '',
    link: { to: '/t/$tenant/groups/$group', params: { tenant, group: one.id } },
  }));
  return (
    <Page
      title={group.name ?? ''}
      trail={[
        { label: t('groups.title'), link: { to: '/t/$tenant/groups', params: { tenant } } },
        ...above,
      ]}
      actions={
        <>
          <GroupSync tenant={tenant} group={group} />
          <Resubscribe anew={{ tenant, kind: 'group', id }} />
          {mayChange && <Actions tenant={tenant} group={group} />}
        </>
      }
    >
      <div className={styles.split}>
        {!isNarrow && (
          <nav className={styles.tree} aria-label={t('groups.tree')}>
            <TreePane tenant={tenant} here={id} />
          </nav>
        )}
        <div className={styles.detail}>
          <About tenant={tenant} group={group} top={above[0]?.label ?? group.name ?? ''} />
          {maySeeUsers && (
            <Tabs chosen={tab} choose={setTab}>
              <Tab value="members">{t('group.members')}</Tab>
              <Tab value="administrators">{t('group.admins')}</Tab>
            </Tabs>
          )}
          {tab === 'members' ? (
            <Members key={id} tenant={tenant} group={group} mayChange={mayChange} />
          ) : (
            <Suspense fallback={<Bones rows={4} />}>
              <Administrators tenant={tenant} group={group} />
            </Suspense>
          )}
        </div>
      </div>
    </Page>
  );
}

function Actions({ tenant, group }: { tenant: string; group: Group }): ReactNode {
  const t = useT();
  const navigate = useNavigate();
  const move = useGroupMove(tenant);
  const removal = useGroupRemoval({
    tenant,
    removed: () => navigate({ to: '/t/$tenant/groups', params: { tenant }, ...GONE }),
  });
  const add = (): void =>
    void navigate({
      to: '/t/$tenant/groups/new',
      params: { tenant },
      search: { parent: group.id },
    });
  return (
    <>
      <Button icon={<AddRegular />} onClick={add}>
        {t('groups.add_below')}
      </Button>
      {!group.root_of && (
        <>
          <Button icon={<ArrowMoveRegular />} onClick={() => move.ask(group)}>
            {t('group.move')}
          </Button>
          <Button icon={<DeleteRegular />} onClick={() => removal.ask(group)}>
            {t('action.delete')}
          </Button>
        </>
      )}
      {move.dialog}
      {removal.dialog}
    </>
  );
}
