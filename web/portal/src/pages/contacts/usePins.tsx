import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { nextRun, parseCron } from '../../app/cron';
import { useMay } from '../../app/session';
import type { Contact } from '../../data/contacts';
import { type Source, sourcesToChooseQuery } from '../../data/sources';
import { useWords } from '../../i18n/context';
import { FIELD_LABELS } from '../runs/words';
import { type Origin, PinNote } from './PinNote';

const DAY_MS = 86_400_000;

export type Notes = Partial<Record<string, ReactNode>>;

/** What is said below the fields that a source overwrites; nothing of a contact kept by hand. */
export function usePins(
  tenant: string,
  contact: Contact,
  changed: (contact: Contact) => void,
): Notes {
  const { t, locale } = useWords();
  const may = useMay(tenant);
  const mayRead = may('read_sources');
  const isFixed = !may('manage_contacts');
  const { data: sources } = useQuery({ ...sourcesToChooseQuery(tenant), enabled: mayRead });
  return useMemo(() => {
    const written = Object.values(contact.provenance);
    const main = written.find(({ source }) => source)?.source;
    if (written.length === 0) return {};
    const notes = Object.entries(FIELD_LABELS).map(([name, label]) => {
      const field = name as keyof typeof FIELD_LABELS;
      // Of an empty field that no source has filled so far there is nothing to say.
      if (!contact.provenance[field] && !contact[field]) return [name, null];
      const id = contact.provenance[field]?.source ?? main;
      const source = sources?.find((one) => one.id === id);
      const note = (
        <PinNote
          key={name}
          tenant={tenant}
          contact={contact}
          field={field}
          label={t(label)}
          origin={source ? originOf(source, locale) : { source: null, at: null }}
          isFixed={isFixed}
          changed={changed}
        />
      );
      return [name, note];
    });
    return Object.fromEntries(notes);
  }, [t, locale, tenant, contact, sources, isFixed, changed]);
}

/** The source and the time of its next run, at the clocks of its time zone. */
function originOf(source: Source, locale: string): Origin {
  const cron = source.is_disabled ? null : parseCron(source.schedule ?? '');
  const timeZone = source.time_zone ?? 'UTC';
  const now = Date.now();
  const next = cron && nextRun(cron, timeZone, now);
  if (!next) return { source: source.name, at: null };
  const style = next - now < DAY_MS ? {} : { dateStyle: 'medium' as const };
  const format = new Intl.DateTimeFormat(locale, { ...style, timeStyle: 'short', timeZone });
  return { source: source.name, at: format.format(next) };
}
