import { Button } from '@fluentui/react-components';
import { isSame } from '@switchboard/client';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useMay } from '../../app/session';
import type { Domain } from '../../data/domains';
import {
  createPublication,
  NO_PUBLICATION,
  type Publication,
  type PublicationFields,
} from '../../data/publications';
import { useT } from '../../i18n/context';
import { Form, type FormSpec, useForm } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import { Cards } from '../publications/Cards';
import { usePublicationSpec } from '../publications/spec';
import { useRevisions } from '../publications/useRevisions';
import { Actions, Text } from './parts';

/** What is needed at first; all else of a publication is on its page. */
const NEEDED: readonly (keyof PublicationFields)[] = ['title', 'domains'];

/** What a web page shows: a title, the websites, and who is on the cards. */
export function PublicationStep(props: {
  tenant: string;
  publication: Publication | undefined;
  domains: readonly Domain[];
  go: () => void;
}): ReactNode {
  const { tenant, publication, domains, go } = props;
  if (!publication) return <NewPublication tenant={tenant} domains={domains} />;
  return <CardsOf key={publication.id} tenant={tenant} publication={publication} go={go} />;
}

function NewPublication(props: { tenant: string; domains: readonly Domain[] }): ReactNode {
  const { tenant, domains } = props;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const whole = usePublicationSpec(tenant);
  const spec = useMemo<FormSpec<PublicationFields>>(() => {
    const sections = whole.sections.map(({ fields }) => ({
      fields: fields.filter(({ name }) => NEEDED.includes(name as keyof PublicationFields)),
    }));
    return { sections: sections.filter(({ fields }) => fields.length > 0) };
  }, [whole]);
  const ids = domains.map(({ id }) => id);
  const form = useForm({
    spec,
    initial: { ...NO_PUBLICATION, domains: ids },
    save: async (values) => {
      const { title } = await createPublication(tenant, values);
      await client.invalidateQueries({ queryKey: ['publications', tenant] });
      toasts.done(t('publication.created', { title }));
      return undefined;
    },
  });
  // The step may have been open before there was a website; what somebody has chosen stays.
  const offered = useRef(ids);
  useEffect(() => {
    const before = offered.current;
    if (isSame(before, ids)) return;
    offered.current = ids;
    if (isSame(form.values.domains, before)) form.set('domains', ids);
  });
  return (
    <>
      <Text>{t('setup.publication.why')}</Text>
      <Form form={form} submitLabel={t('publications.add')} />
    </>
  );
}

function CardsOf(props: { tenant: string; publication: Publication; go: () => void }): ReactNode {
  const { tenant, publication, go } = props;
  const t = useT();
  const revisions = useRevisions(publication.revision);
  const mayChange = useMay(tenant)('manage_publications');
  return (
    <>
      <Text>{t('setup.publication.cards', { title: publication.title })}</Text>
      <Cards
        tenant={tenant}
        publication={publication}
        mayChange={mayChange}
        revisions={revisions}
      />
      <Actions>
        <Button onClick={go}>{t('wizard.next')}</Button>
      </Actions>
    </>
  );
}
