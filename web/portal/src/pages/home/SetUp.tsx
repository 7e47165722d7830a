import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { RocketRegular } from '@fluentui/react-icons/svg/rocket';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMay } from '../../app/session';
import { totalQuery } from '../../data/home';
import { usersTotalQuery } from '../../data/users';
import { useT } from '../../i18n/context';
import { Panel } from '../../parts/Panel';

const useStyles = makeStyles({
  panel: { maxInlineSize: '60rem', boxSizing: 'border-box' },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
  },
  icon: { display: 'inline-grid', fontSize: '2rem', color: tokens.colorBrandForeground1 },
  words: { flexGrow: 1, flexBasis: '14rem', minInlineSize: 0, overflowWrap: 'anywhere' },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  text: { color: tokens.colorNeutralForeground2 },
});

/** The way to the set-up, while a tenant shows nothing to visitors or nobody runs it. */
export function SetUp({ tenant }: { tenant: string }): ReactNode {
  const may = useMay(tenant);
  if (may('manage_sources')) return <ForAdministrators tenant={tenant} />;
  return may('manage_users') ? <ForThoseAbove tenant={tenant} /> : null;
}

function ForAdministrators({ tenant }: { tenant: string }): ReactNode {
  const t = useT();
  const { data: publications } = useQuery(totalQuery(tenant, 'publications'));
  const { data: contacts } = useQuery(totalQuery(tenant, 'contacts'));
  if (publications?.count === 0) return <Way tenant={tenant} text={t('home.setup.text')} />;
  return contacts?.count === 0 ? <Way tenant={tenant} text={t('home.setup.nobody')} /> : null;
}

function ForThoseAbove({ tenant }: { tenant: string }): ReactNode {
  const t = useT();
  const { data } = useQuery(usersTotalQuery(tenant));
  return data === 0 ? <Way tenant={tenant} text={t('home.setup.above')} /> : null;
}

function Way({ tenant, text }: { tenant: string; text: string }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const navigate = useNavigate();
  return (
    <Panel className={styles.panel}>
      <div className={styles.row}>
        <span className={styles.icon} aria-hidden="true">
          <RocketRegular />
        </span>
        <div className={styles.words}>
          <h2 className={styles.title}>{t('home.setup')}</h2>
          <span className={styles.text}>{text}</span>
        </div>
        <Button
          appearance="primary"
          onClick={() => void navigate({ to: '/t/$tenant/setup', params: { tenant } })}
        >
          {t('home.setup.go')}
        </Button>
      </div>
    </Panel>
  );
}
