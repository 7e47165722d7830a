import { MessageBar, MessageBarBody, makeStyles, tokens } from '@fluentui/react-components';
import { useIsNarrow } from '@switchboard/portal/app/theme';
import { Idle } from '@switchboard/portal/frame/Idle';
import { useT as usePortalT } from '@switchboard/portal/i18n/context';
import icon from '@switchboard/portal/icon.svg';
import { type ReactNode, useRef } from 'react';
import { ComputerPart } from '../computer/ComputerPart';
import { useComputer } from '../computer/useComputer';
import { useT } from '../i18n/words';
import { MessagePart } from '../own/MessagePart';
import { OwnPart } from '../own/OwnPart';
import { PeoplePart } from '../people/PeoplePart';
import { AccountMenu } from './AccountMenu';
import { usePlace, useRoomState } from './roomContext';

/** From this width on there is room for colleagues beside oneself. */
export const WIDE = '@media (min-width: 768px)';

const useStyles = makeStyles({
  page: {
    display: 'flex',
    flexDirection: 'column',
    minBlockSize: '100dvh',
    backgroundColor: tokens.colorNeutralBackground3,
    [WIDE]: { blockSize: '100dvh' },
  },
  skip: {
    position: 'absolute',
    zIndex: 10,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    border: 'none',
    font: 'inherit',
    ':not(:focus)': {
      clipPath: 'inset(50%)',
      blockSize: '1px',
      inlineSize: '1px',
      overflow: 'hidden',
    },
  },
  bar: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    minBlockSize: '48px',
    flexShrink: 0,
    paddingInline: tokens.spacingHorizontalM,
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  end: { marginInlineStart: 'auto' },
  lost: { flexShrink: 0, marginInline: tokens.spacingHorizontalM },
  lostText: { whiteSpace: 'normal', paddingBlock: tokens.spacingVerticalXS },
  main: {
    display: 'grid',
    gap: tokens.spacingHorizontalM,
    padding: tokens.spacingHorizontalM,
    alignItems: 'start',
    gridTemplateColumns: 'minmax(0, 1fr)',
    [WIDE]: {
      gridTemplateColumns: 'minmax(18rem, 26rem) minmax(0, 1fr)',
      gridTemplateRows: 'minmax(0, 1fr)',
      flexGrow: 1,
      minBlockSize: 0,
      alignItems: 'stretch',
    },
  },
  column: {
    display: 'grid',
    alignContent: 'start',
    rowGap: tokens.spacingVerticalM,
    minInlineSize: 0,
    [WIDE]: {
      overflowY: 'auto',
      // Shadows are not cut off.
      margin: '-4px',
      padding: '4px',
    },
  },
});

/** Oneself, and beside it colleagues. */
export function Desk(): ReactNode {
  const styles = useStyles();
  const t = useT();
  const said = usePortalT();
  const { room } = usePlace();
  const { isTrusted } = useRoomState(room);
  const people = useRef<HTMLElement>(null);
  const computer = useComputer();
  const isNarrow = useIsNarrow();
  return (
    <div className={styles.page}>
      <button type="button" className={styles.skip} onClick={() => people.current?.focus()}>
        {t('operator.skip')}
      </button>
      <header className={styles.bar}>
        <img src={icon} alt={said('product.name')} width={24} height={24} />
        <h1 className={styles.title}>{t('operator.title')}</h1>
        <div className={styles.end}>
          <AccountMenu leaving={computer.leave} />
        </div>
      </header>
      <div role="status">
        {!isTrusted && (
          <MessageBar intent="warning" layout="multiline" className={styles.lost}>
            <MessageBarBody className={styles.lostText}>{t('operator.lost')}</MessageBarBody>
          </MessageBar>
        )}
      </div>
      <main className={styles.main}>
        <div className={styles.column}>
          <OwnPart />
          <MessagePart />
          {!isNarrow && <ComputerPart computer={computer} />}
        </div>
        <PeoplePart at={people} />
        {isNarrow && <ComputerPart computer={computer} />}
      </main>
      <Idle />
    </div>
  );
}
