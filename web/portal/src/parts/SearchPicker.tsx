import { Combobox, makeStyles, Option, OptionGroup, tokens } from '@fluentui/react-components';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useT } from '../i18n/context';
import { errorText } from './ErrorBanner';
import { usePaused } from './usePaused';

/** How long somebody may pause while they write, in milliseconds. */
const PAUSE_MS = 200;

const useStyles = makeStyles({
  picker: { inlineSize: '100%', minInlineSize: 0, maxInlineSize: '36rem', flexShrink: 0 },
  list: { maxBlockSize: '22rem' },
  option: { display: 'flex', flexDirection: 'column', minInlineSize: 0, overflowWrap: 'anywhere' },
  hint: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
});

/** Something that can be picked. */
export interface Pick {
  id: string;
  name: string;
  hint?: string;
  isDisabled?: boolean;
}

/** Picks of one kind; a single kind needs no label. */
export interface Picks {
  label?: string;
  picks: Pick[];
}

/** Finds something while somebody writes, and picks one after another. */
export function SearchPicker(props: {
  label: string;
  placeholder: string;
  /** What the answers belong to, for keeping them. */
  searchKey: readonly unknown[];
  search: (words: string, signal: AbortSignal) => Promise<Picks[]>;
  pick: (id: string, name: string) => void;
  isDisabled?: boolean;
}): ReactNode {
  const { label, placeholder, searchKey, search, pick, isDisabled = false } = props;
  const styles = useStyles();
  const t = useT();
  const [text, setText] = useState('');
  const [isOpen, setOpen] = useState(false);
  const words = usePaused(text.trim(), PAUSE_MS);
  const found = useQuery({
    queryKey: [...searchKey, words],
    queryFn: ({ signal }) => search(words, signal),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  const groups = (found.data ?? []).filter(({ picks }) => picks.length > 0);
  const nothing = found.isError
    ? errorText(t, found.error)
    : t(found.isPending ? 'list.loading' : 'picker.nothing');
  return (
    <Combobox
      className={styles.picker}
      listbox={{ className: styles.list }}
      aria-label={label}
      placeholder={placeholder}
      autoComplete="off"
      freeform
      disabled={isDisabled}
      open={isOpen}
      value={text}
      selectedOptions={[]}
      onOpenChange={(_, { open }) => setOpen(open)}
      onChange={(event) => {
        setText(event.target.value);
        setOpen(true);
      }}
      onOptionSelect={(_, { optionValue, optionText }) => {
        if (!optionValue) return;
        pick(optionValue, optionText ?? '');
        setText('');
      }}
      onKeyDown={(event) => {
        // Enter picks; it never sends the form around.
        if (event.key === 'Enter') event.preventDefault();
      }}
    >
      {groups.length === 0 && (
        <Option key="nothing" value="" text="" disabled checkIcon={null}>
          {nothing}
        </Option>
      )}
      {groups.map(({ label, picks }) => {
        const options = picks.map(({ id, name, hint, isDisabled = false }) => (
          <Option key={id} value={id} text={name} disabled={isDisabled} checkIcon={null}>
            <span className={styles.option}>
              <span>{name}</span>
              {hint && <span className={styles.hint}>{hint}</span>}
            </span>
          </Option>
        ));
        if (!label) return options;
        return (
          <OptionGroup key={label} label={label}>
            {options}
          </OptionGroup>
        );
      })}
    </Combobox>
  );
}
