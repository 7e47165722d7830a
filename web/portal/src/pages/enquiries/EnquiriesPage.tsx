import { Badge, Field, makeStyles, Select } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { MailInboxRegular } from '@fluentui/react-icons/svg/mail-inbox';
import { OpenRegular } from '@fluentui/react-icons/svg/open';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { useMay } from '../../app/session';
import {
  ENQUIRY_STATES,
  type Enquiry,
  type EnquiryState,
  enquiriesSource,
} from '../../data/enquiries';
import type { Translate } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { List, type ListSpec } from '../../parts/list';
import { Page } from '../../parts/Page';
import { Confirmations, type Deed } from './Confirmations';
import { EnquiryDialog } from './EnquiryDialog';
import { addressOf } from './words';

const useStyles = makeStyles({ filter: { flexShrink: 0, maxInlineSize: '20rem' } });

/** What visitors left when nobody could be reached. */
export function EnquiriesPage(): ReactNode {
  const t = useT();
  const { tenant } = useParams({ from: '/signed/t/$tenant/enquiries' });
  const { state, enquiry: shown } = useSearch({ from: '/signed/t/$tenant/enquiries' });
  const may = useMay(tenant);
  const navigate = useNavigate();
  const [deed, setDeed] = useState<Deed | null>(null);
  const source = useMemo(() => enquiriesSource(tenant, state), [tenant, state]);
  const filtered = state ? { state } : {};
  const spec: ListSpec<Enquiry> = {
    label: t('enquiries.title'),
    source,
    id: ({ id }) => id,
    name: ({ asker }) => asker.name,
    link: ({ id }) => ({
      to: '/t/$tenant/enquiries',
      params: { tenant },
      search: { ...filtered, enquiry: id },
    }),
    columns: columnsOf(t),
    actions: (it) => [
      {
        id: 'show',
        label: t('enquiries.show'),
        icon: <OpenRegular />,
        act: () => void navigate({ to: '.', search: { ...filtered, enquiry: it.id } }),
      },
      ...(may('answer_enquiries')
        ? [
            {
              id: 'done',
              label: t(it.done_at ? 'enquiries.reopen' : 'enquiries.finish'),
              icon: <CheckmarkRegular />,
              act: () => setDeed({ kind: it.done_at ? 'reopen' : 'finish', enquiry: it }),
            },
          ]
        : []),
      ...(may('manage_publications')
        ? [
            {
              id: 'remove',
              label: t('action.delete'),
              icon: <DeleteRegular />,
              act: () => setDeed({ kind: 'remove', enquiry: it }),
            },
          ]
        : []),
    ],
    empty: {
      icon: <MailInboxRegular />,
      title: t(state === 'done' ? 'enquiries.none.done' : 'enquiries.none'),
      text: t('enquiries.none.text'),
    },
  };
  return (
    <Page title={t('enquiries.title')}>
      <StateFilter state={state} />
      {/* Another choice begins at its first row. */}
      <List key={state ?? ''} spec={spec} isSearchable={false} />
      {shown && (
        <EnquiryDialog
          tenant={tenant}
          id={shown}
          mayAnswer={may('answer_enquiries')}
          finish={(enquiry) => {
            // One dialog at a time.
            void navigate({ to: '.', search: filtered });
            setDeed({ kind: 'finish', enquiry });
          }}
          close={() => void navigate({ to: '.', search: filtered })}
        />
      )}
      {deed && <Confirmations tenant={tenant} deed={deed} close={() => setDeed(null)} />}
    </Page>
  );
}

/** Which of them are listed. */
function StateFilter({ state }: { state: EnquiryState | undefined }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const navigate = useNavigate();
  return (
    <Field label={t('enquiries.filter')} orientation="horizontal" className={styles.filter}>
      <Select
        value={state ?? ''}
        onChange={(_, { value }) => {
          const next = ENQUIRY_STATES.find((one) => one === value);
          void navigate({ to: '.', search: next ? { state: next } : {}, replace: true });
        }}
      >
        <option value="">{t('enquiries.all')}</option>
        {ENQUIRY_STATES.map((one) => (
          <option key={one} value={one}>
            {t(`enquiries.${one}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What is told of each. */
function columnsOf(t: Translate): ListSpec<Enquiry>['columns'] {
  return [
    { id: 'name', header: 'enquiries.name', width: '1.5fr', cell: ({ asker }) => asker.name },
    {
      id: 'kind',
      header: 'enquiries.kind',
      width: '9rem',
      isWide: true,
      cell: ({ kind }) => t(`enquiries.${kind}`),
    },
    {
      id: 'page',
      header: 'enquiries.page',
      isWide: true,
      cell: ({ publication_title, about_name }) =>
        [publication_title, about_name].filter(Boolean).join(' · '),
    },
    { id: 'address', header: 'enquiries.address', isWide: true, cell: addressOf },
    {
      id: 'at',
      header: 'enquiries.at',
      width: '1.2fr',
      cell: ({ created_at }) => t('enquiries.when', { at: created_at }),
    },
    {
      id: 'state',
      header: 'enquiries.state',
      width: '7rem',
      cell: ({ done_at }) => (
        <Badge appearance="tint" color={done_at ? 'success' : 'warning'}>
          {t(done_at ? 'enquiries.done' : 'enquiries.open')}
        </Badge>
      ),
    },
  ];
}
