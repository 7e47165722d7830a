import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { PeopleTeamRegular } from '@fluentui/react-icons/svg/people-team';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { useT } from '../../i18n/context';
import { Page } from '../../parts/Page';
import { StateView } from '../../parts/StateView';
import { useSharedTree } from './GroupsLayout';
import { TreePane } from './TreePane';

const useStyles = makeStyles({
  text: { margin: 0, maxInlineSize: '48rem', color: tokens.colorNeutralForeground2 },
});

/** The tree of a tenant's groups. */
export function GroupsPage(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/groups/' });
  const { tree } = useSharedTree();
  const navigate = useNavigate();
  const mayManage = useMay(tenant)('manage_groups');
  const add = mayManage && (
    <Button
      appearance="primary"
      icon={<AddRegular />}
      onClick={() => void navigate({ to: '/t/$tenant/groups/new', params: { tenant }, search: {} })}
    >
      {t('groups.add')}
    </Button>
  );
  const isEmpty = tree?.below(null).length === 0;
  return (
    <Page title={t('groups.title')} actions={add}>
      {isEmpty ? (
        <StateView
          icon={<PeopleTeamRegular />}
          title={t('groups.empty.title')}
          text={t('groups.empty.text')}
        >
          {add}
        </StateView>
      ) : (
        <>
          <p className={styles.text}>
            {t('groups.text')} {mayManage && t('groups.drag')}
          </p>
          <TreePane tenant={tenant} here={null} />
        </>
      )}
    </Page>
  );
}
