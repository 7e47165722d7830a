import { Combobox, Option } from '@fluentui/react-components';
import { type ReactNode, useMemo, useState } from 'react';
import { useWords } from '../i18n/context';

/** How many zones are offered at once; writing narrows them down. */
const OFFERED = 60;

/** Whether this browser knows a zone. */
export function isTimeZone(zone: string): boolean {
  try {
    return Boolean(zone) && Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

/** A time zone by its IANA name, found while somebody writes. Takes what `Field` gives a control. */
export function TimeZonePicker(props: {
  value: string;
  set: (zone: string) => void;
  touch?: () => void;
  isDisabled?: boolean;
}): ReactNode {
  const { value, set, touch, isDisabled = false, ...field } = props;
  const { t, locale } = useWords();
  const [text, setText] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const zones = useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone')], []);
  const words = (text ?? '')
    .toLowerCase()
    .split(/[\s/_]+/)
    .filter(Boolean);
  const found = zones.filter((zone) => words.every((word) => zone.toLowerCase().includes(word)));

  const leave = (): void => {
    // What the list does not have may still be a zone; the form says so when it is none.
    if (text !== null) set(text.trim() || value);
    setText(null);
    touch?.();
  };
  return (
    <Combobox
      {...field}
      freeform
      autoComplete="off"
      disabled={isDisabled}
      value={text ?? value}
      selectedOptions={[value]}
      placeholder={t('time_zone.placeholder')}
      open={isOpen}
      onOpenChange={(_, { open }) => setOpen(open)}
      onChange={(event) => {
        setText(event.target.value);
        setOpen(true);
      }}
      onOptionSelect={(_, { optionValue }) => {
        if (!optionValue) return;
        set(optionValue);
        setText(null);
      }}
      onBlur={leave}
    >
      {found.slice(0, OFFERED).map((zone) => (
        <Option key={zone} value={zone} text={zone}>
          {`${zone} (${offsetOf(zone, locale)})`}
        </Option>
      ))}
    </Combobox>
  );
}

/** How far a zone is from UTC now. */
function offsetOf(zone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'shortOffset' });
  return format.formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
