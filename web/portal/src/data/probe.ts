import { answer } from '@switchboard/client';
import { api, type Schema } from '../app/gateway';
import type { SourceFields } from './sources';

export type EntryName = Schema<'EntryName'>;
export type Tried = Schema<'TryView'>;
export type Look = Schema<'Look'>;
export type FieldLook = Schema<'FieldLook'>;
export type RuleLook = Schema<'RuleLook'>;
export type Tested = Schema<'TestView'>;
export type ProbeStep = Schema<'StepView'>;
export type Finding = Schema<'Finding'>;

/** A source as the form has it, whether it is kept or not. */
export interface Subject {
  tenant: string;
  /** The source that is kept, with its password; null for one that is not. */
  source: string | null;
  fields: SourceFields;
  /** A password that was entered and is not kept; empty when there is none. */
  secret: string;
}

/** Looks at one entry of the source. */
export function tryEntry(subject: Subject, entry: EntryName): Promise<Tried> {
  const { tenant, source } = subject;
  const body = { entry, ...bodyOf(subject) };
  return answer(
    source === null
      ? api.POST('/tenants/{tenant}/sources/try', { params: { path: { tenant } }, body })
      : api.POST('/tenants/{tenant}/sources/{source}/try', {
          params: { path: { tenant, source } },
          body,
        }),
  );
}

/** Tries step by step whether the source can be read. */
export function testSource(subject: Subject): Promise<Tested> {
  const { tenant, source } = subject;
  const body = bodyOf(subject);
  return answer(
    source === null
      ? api.POST('/tenants/{tenant}/sources/test', { params: { path: { tenant } }, body })
      : api.POST('/tenants/{tenant}/sources/{source}/test', {
          params: { path: { tenant, source } },
          body,
        }),
  );
}

/** Neither asks for the source's name, which may not be there yet. */
function bodyOf({ fields, secret }: Subject): { source: SourceFields; secret: string | null } {
  return { source: { ...fields, name: fields.name || '-' }, secret: secret || null };
}
