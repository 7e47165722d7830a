import {
  Dialog,
  DialogSurface,
  Input,
  makeStyles,
  mergeClasses,
  tokens,
} from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { useT } from '../i18n/context';
import { FRAMED, IN_CONTRAST } from '../parts/lines';
import { useReturnFocus } from '../parts/useReturnFocus';
import { type Entry, useEntries } from './entries';

const useStyles = makeStyles({
  surface: {
    // Where eyes look for it, and where it does not jump as results come and go.
    marginBlockStart: '12dvh',
    padding: 0,
    maxInlineSize: '40rem',
    overflow: 'hidden',
  },
  title: { position: 'absolute', clipPath: 'inset(50%)', inlineSize: '1px', overflow: 'hidden' },
  input: {
    inlineSize: '100%',
    boxSizing: 'border-box',
    minBlockSize: '48px',
    borderRadius: 0,
    fontSize: tokens.fontSizeBase400,
  },
  list: {
    margin: 0,
    padding: tokens.spacingHorizontalS,
    blockSize: 'min(26rem, 55dvh)',
    boxSizing: 'border-box',
    overflowY: 'auto',
  },
  section: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalS} ${tokens.spacingVerticalXXS}`,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
  },
  entry: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    minBlockSize: '36px',
    paddingInline: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    cursor: 'pointer',
    '& svg': { fontSize: '20px', flexShrink: 0 },
  },
  active: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    [IN_CONTRAST]: FRAMED,
  },
  name: { minInlineSize: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  hint: {
    marginInlineStart: 'auto',
    minInlineSize: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
  },
  nothing: { padding: tokens.spacingHorizontalM, color: tokens.colorNeutralForeground2 },
  keys: {
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM}`,
    borderBlockStartWidth: '1px',
    borderBlockStartStyle: 'solid',
    borderBlockStartColor: tokens.colorNeutralStroke2,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
  },
});

/** Finds pages, contacts, sites and actions while somebody writes, and goes there. */
export function Palette({ close }: { close: () => void }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const id = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { sections, isLoading } = useEntries(text.trim());
  useReturnFocus();
  const entries = sections.flatMap(({ entries }) => entries);
  const active = Math.min(at, entries.length - 1);

  const open = (entry: Entry | undefined): void => {
    if (!entry) return;
    close();
    entry.act();
  };
  const press = (event: KeyboardEvent): void => {
    const last = entries.length - 1;
    const steps: Record<string, number> = {
      ArrowDown: active >= last ? 0 : active + 1,
      ArrowUp: active <= 0 ? last : active - 1,
      PageDown: Math.min(last, active + 8),
      PageUp: Math.max(0, active - 8),
    };
    const next = steps[event.key];
    if (event.key === 'Enter') open(entries[active]);
    else if (next !== undefined) {
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => open || close()}>
      <DialogSurface className={styles.surface} aria-label={t('palette.title')}>
        <Input
          className={styles.input}
          appearance="filled-lighter"
          contentBefore={<SearchRegular />}
          placeholder={t('palette.placeholder')}
          aria-label={t('palette.title')}
          role="combobox"
          aria-expanded={entries.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(active >= 0 && { 'aria-activedescendant': `${id}-${active}` })}
          autoComplete="off"
          autoFocus
          value={text}
          onKeyDown={press}
          onChange={(_, { value }) => {
            setText(value);
            setAt(0);
          }}
        />
        {entries.length > 0 ? (
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label={t('palette.title')}
            tabIndex={-1}
            className={styles.list}
          >
            <Sections sections={sections} active={active} id={id} open={open} over={setAt} />
          </div>
        ) : (
          <div className={mergeClasses(styles.list, styles.nothing)}>
            {t(isLoading ? 'list.loading' : 'palette.nothing')}
          </div>
        )}
        <div className={styles.keys}>
          {t('palette.keys')}
          <span role="status" className={styles.title}>
            {isLoading ? t('list.loading') : t('palette.count', { count: entries.length })}
          </span>
        </div>
      </DialogSurface>
    </Dialog>
  );
}

function Sections(props: {
  sections: readonly { label: string; entries: readonly Entry[] }[];
  active: number;
  id: string;
  open: (entry: Entry) => void;
  over: (at: number) => void;
}): ReactNode {
  const { sections, active, id, open, over } = props;
  const styles = useStyles();
  let counted = -1;
  return sections.map(({ label, entries }) => (
    // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own
    <div key={label} role="group" aria-label={label}>
      <div role="presentation" className={styles.section}>
        {label}
      </div>
      {entries.map((entry) => {
        counted += 1;
        const at = counted;
        return (
          // The keys are those of the field, where the focus stays.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div
            key={entry.id}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active}
            className={mergeClasses(styles.entry, at === active && styles.active)}
            onClick={() => open(entry)}
            onMouseMove={() => at !== active && over(at)}
          >
            {entry.icon}
            <span className={styles.name}>{entry.name}</span>
            {entry.hint && <span className={styles.hint}>{entry.hint}</span>}
          </div>
        );
      })}
    </div>
  ));
}
