import {
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Group } from '../../data/groups';
import { useT } from '../../i18n/context';

const useStyles = makeStyles({
  bar: { flexShrink: 0 },
  body: { whiteSpace: 'normal', overflowWrap: 'anywhere', paddingBlock: tokens.spacingVerticalXS },
  text: { margin: 0, color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
});

interface Props {
  tenant: string;
  group: Group;
  /** What the group at the top above it is called: of a mirrored one, its source. */
  top: string;
}

/** What kind of group it is, and what therefore cannot be done with it. */
export function About({ tenant, group, top }: Props): ReactNode {
  const styles = useStyles();
  const t = useT();
  if (group.synced_from) {
    return (
      <MessageBar intent="info" layout="multiline" className={styles.bar}>
        <MessageBarBody className={styles.body}>
          <MessageBarTitle>{t('group.synced.title', { source: top })}</MessageBarTitle>{' '}
          {t('group.synced.text')}
        </MessageBarBody>
      </MessageBar>
    );
  }
  if (group.root_of) {
    return (
      <MessageBar intent="info" layout="multiline" className={styles.bar}>
        <MessageBarBody className={styles.body}>
          <MessageBarTitle>{t('group.root.title')}</MessageBarTitle> {t('group.root.text')}{' '}
          <Link
            to="/t/$tenant/sites/$site"
            params={{ tenant, site: group.root_of }}
            className={styles.link}
          >
            {t('group.root.site')}
          </Link>
        </MessageBarBody>
      </MessageBar>
    );
  }
  return <p className={styles.text}>{t('group.fixed')}</p>;
}
