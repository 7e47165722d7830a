import { Combobox, Option } from '@fluentui/react-components';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { contactQuery, contactsSource } from '../../data/contacts';
import { useT } from '../../i18n/context';
import type { CustomProps } from '../../parts/form';

/** Chooses one contact of many by searching. */
export function ContactPicker(props: CustomProps & { tenant: string }): ReactNode {
  const { tenant, value, set, isDisabled } = props;
  const t = useT();
  const id = typeof value === 'string' ? value : null;
  // What somebody writes; null while nobody searches.
  const [text, setText] = useState<string | null>(null);
  const q = useDeferredValue(text ?? '');
  const { data: linked } = useQuery({ ...contactQuery(tenant, id ?? ''), enabled: id !== null });
  const source = contactsSource(tenant);
  const { data: found } = useQuery({
    queryKey: [...source.key, 'pick', q],
    queryFn: ({ signal }) => source.read({ after: undefined, q, signal }),
    enabled: text !== null,
    placeholderData: keepPreviousData,
  });
  const name = id ? (linked?.shown_name ?? id) : '';
  return (
    <Combobox
      freeform
      clearable
      value={text ?? name}
      placeholder={t('user.contact.search')}
      selectedOptions={id ? [id] : []}
      disabled={isDisabled}
      clearIcon={{ 'aria-label': t('user.contact.remove') }}
      onChange={(event) => setText(event.currentTarget.value)}
      onOpenChange={(_, { open }) => setText((before) => (open ? (before ?? '') : null))}
      onBlur={() => setText(null)}
      onOptionSelect={(_, { optionValue }) => {
        set(optionValue || null);
        setText(null);
      }}
    >
      {found?.items.slice(0, 50).map((contact) => (
        <Option key={contact.id} value={contact.id} text={contact.shown_name}>
          {[contact.shown_name, contact.mail].filter(Boolean).join(' · ')}
        </Option>
      ))}
      {found?.items.length === 0 && (
        <Option value="" disabled text="">
          {t('user.contact.none')}
        </Option>
      )}
    </Combobox>
  );
}
