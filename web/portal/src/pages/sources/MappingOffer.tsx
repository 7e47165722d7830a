import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
} from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import { type ReactNode, useState } from 'react';
import { useMay } from '../../app/session';
import { keepsValues, type Source } from '../../data/sources';
import { useT } from '../../i18n/context';
import { SynchronizeNow } from '../runs/Synchronize';

const useStyles = makeStyles({
  bar: { flexShrink: 0 },
  text: { whiteSpace: 'normal', overflowWrap: 'anywhere' },
});

/** Whether entries may become something else now, in a source of which enough is kept to tell. */
export function isMappedAnew(before: Source, after: Source): boolean {
  const made = ({ mapping, normalize_numbers }: Source): string =>
    JSON.stringify([mapping ?? null, normalize_numbers ?? null]);
  return keepsValues(after) && made(before) !== made(after);
}

/** Offers to apply a mapping that was just saved to what was read before. */
export function MappingOffer(props: {
  tenant: string;
  source: Source;
  done: () => void;
}): ReactNode {
  const { tenant, source, done } = props;
  const styles = useStyles();
  const t = useT();
  const may = useMay(tenant)('synchronize');
  const [isOpen, setOpen] = useState(false);
  if (!may) return null;
  return (
    <>
      <MessageBar intent="info" layout="multiline" className={styles.bar}>
        <MessageBarBody className={styles.text}>
          <MessageBarTitle>{t('source.remapped.title')}</MessageBarTitle>{' '}
          {t('source.remapped.text')}
        </MessageBarBody>
        <MessageBarActions
          containerAction={
            <Button
              appearance="transparent"
              aria-label={t('action.close')}
              icon={<DismissRegular />}
              onClick={done}
            />
          }
        >
          <Button onClick={() => setOpen(true)}>{t('source.remapped.action')}</Button>
        </MessageBarActions>
      </MessageBar>
      {isOpen && (
        <SynchronizeNow
          tenant={tenant}
          source={source}
          extent="stored"
          close={() => {
            setOpen(false);
            done();
          }}
        />
      )}
    </>
  );
}
