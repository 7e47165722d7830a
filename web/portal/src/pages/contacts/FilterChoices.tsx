import {
  MenuDivider,
  MenuItem,
  MenuItemCheckbox,
  MenuItemRadio,
  Popover,
  PopoverSurface,
} from '@fluentui/react-components';
import { LABELS, STATES } from '@switchboard/presence';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ContactFilter } from '../../app/search';
import { searchGroups, searchSites } from '../../data/choices';
import { sourcesToChooseQuery } from '../../data/sources';
import { useT, useWords } from '../../i18n/context';
import { MenuAt } from '../../parts/MenuAt';
import { SearchPicker } from '../../parts/SearchPicker';

export type FilterName = 'state' | 'kind' | 'site' | 'group' | 'source' | 'more';

interface Props {
  name: FilterName;
  tenant: string;
  filter: ContactFilter;
  set: (change: ContactFilter) => void;
  target: HTMLElement;
  close: () => void;
}

/** The choices of one filter, at its button. */
export function FilterChoices(props: Props): ReactNode {
  switch (props.name) {
    case 'state':
      return <States {...props} />;
    case 'kind':
      return <Kinds {...props} />;
    case 'source':
      return <Sources {...props} />;
    case 'more':
      return <Flags {...props} />;
    default:
      return <Place {...props} place={props.name} />;
  }
}

function States({ filter, set, target, close }: Props): ReactNode {
  const { language } = useWords();
  const chosen = filter.state?.split(',') ?? [];
  return (
    <MenuAt
      target={target}
      close={close}
      checked={{ state: chosen }}
      changed={(states) => {
        // In the order of the states, so that one choice has one address.
        const state = STATES.filter((one) => states.includes(one)).join(',');
        set({ state, ...(filter.is_disabled && state ? { is_disabled: undefined as never } : {}) });
      }}
    >
      {STATES.map((state) => (
        <MenuItemCheckbox key={state} name="state" value={state}>
          {LABELS[language][state]}
        </MenuItemCheckbox>
      ))}
    </MenuAt>
  );
}

/** Choices of which one counts, and the way back to all. */
function One(props: {
  of: Props;
  value: string | undefined;
  choices: readonly { value: string; label: string }[];
  choose: (value: string | undefined) => void;
}): ReactNode {
  const { of, value, choices, choose } = props;
  const t = useT();
  const { target, close } = of;
  return (
    <MenuAt target={target} close={close} checked={{ one: value ? [value] : [] }}>
      {choices.map(({ value, label }) => (
        <MenuItemRadio key={value} name="one" value={value} onClick={() => choose(value)}>
          {label}
        </MenuItemRadio>
      ))}
      <MenuDivider />
      <MenuItem disabled={value === undefined} onClick={() => choose(undefined)}>
        {t('contacts.filter.any')}
      </MenuItem>
    </MenuAt>
  );
}

function Kinds(props: Props): ReactNode {
  const t = useT();
  return (
    <One
      of={props}
      value={props.filter.kind}
      choices={[
        { value: 'person', label: t('contacts.person') },
        { value: 'service', label: t('contacts.service') },
      ]}
      choose={(kind) => props.set({ kind: kind as 'person' | 'service' })}
    />
  );
}

function Sources(props: Props): ReactNode {
  const t = useT();
  const { data } = useQuery(sourcesToChooseQuery(props.tenant));
  const choices = (data ?? []).map(({ id, name }) => ({ value: id, label: name ?? '' }));
  return (
    <One
      of={props}
      value={props.filter.source}
      choices={[...choices, { value: 'none', label: t('contacts.by_hand') }]}
      choose={(source) => props.set({ source: source as string })}
    />
  );
}

const FLAGS = [
  ['is_disabled', 'contacts.in_service', 'contacts.disabled'],
  ['is_vcard_enabled', 'contacts.without_vcard', 'contacts.with_vcard'],
  ['is_hybrid', 'contacts.not_hybrid', 'contacts.hybrid'],
] as const;

function Flags({ filter, set, target, close }: Props): ReactNode {
  const t = useT();
  const checked = Object.fromEntries(
    FLAGS.map(([name]) => [name, filter[name] === undefined ? [] : [String(filter[name])]]),
  );
  const choose = (name: (typeof FLAGS)[number][0], value: boolean): void => {
    const isOff = filter[name] === value;
    const change: Record<string, unknown> = { [name]: isOff ? undefined : value };
    // Who is out of service shows no state.
    if (name === 'is_disabled' && value && !isOff) change.state = undefined;
    set(change as ContactFilter);
  };
  return (
    <MenuAt target={target} close={close} checked={checked}>
      {FLAGS.map(([name, no, yes], at) => [
        at > 0 && <MenuDivider key={`${name} line`} />,
        <MenuItemRadio
          key={`${name} no`}
          name={name}
          value="false"
          onClick={() => choose(name, false)}
        >
          {t(no)}
        </MenuItemRadio>,
        <MenuItemRadio
          key={`${name} yes`}
          name={name}
          value="true"
          onClick={() => choose(name, true)}
        >
          {t(yes)}
        </MenuItemRadio>,
      ])}
    </MenuAt>
  );
}

/** A site or a group, of which there may be thousands: found while somebody writes. */
function Place(props: Props & { place: 'site' | 'group' }): ReactNode {
  const { tenant, place, set, target, close } = props;
  const t = useT();
  const leave = (): void => {
    close();
    target.focus();
  };
  return (
    <Popover
      open
      trapFocus
      positioning={{ target, position: 'below', align: 'start' }}
      onOpenChange={(_, { open }) => open || leave()}
    >
      <PopoverSurface aria-label={t(`contacts.filter.${place}`)}>
        <SearchPicker
          label={t(`contacts.filter.${place}`)}
          placeholder={t('contacts.filter.find')}
          searchKey={[`${place}s`, tenant, 'search']}
          search={(words, signal) =>
            (place === 'site' ? searchSites : searchGroups)(tenant, words, signal)
          }
          pick={(id) => {
            set({ [place]: id });
            leave();
          }}
        />
      </PopoverSurface>
    </Popover>
  );
}
