import { Button, Field, Select } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { Session } from '../../app/session';
import {
  nameOfProfile,
  type Override,
  type Profile,
  removeOverride,
  setOverride,
  type UserProfile,
} from '../../data/profiles';
import { useWords } from '../../i18n/context';
import { DialogFrame } from '../../parts/DialogFrame';
import { ErrorBanner } from '../../parts/ErrorBanner';
import { Form, type Unsaved, useForm, useUnsaved } from '../../parts/form';
import { useToasts } from '../../parts/toasts';
import { callsFields } from '../profiles/calls';
import {
  type CallsDraft,
  callsFieldAt,
  callsOf,
  checkCalls,
  draftOfCalls,
} from '../profiles/draft';

interface Props {
  session: Session;
  own: UserProfile;
  profiles: Profile[];
  overrides: Override[];
  changed: () => Promise<void>;
  close: () => void;
}

/** What the one who works chose for calls in each profile. */
export function OverrideDialog(props: Props): ReactNode {
  const { own, profiles, overrides, close } = props;
  const { t, language } = useWords();
  const [chosen, setChosen] = useState(own.profile);
  const losing = useRef<(() => boolean) | null>(null);
  const unsaved = useUnsaved(() => losing.current?.() ?? false);
  const { leave, guard } = unsaved;
  const override = overrides.find(({ profile }) => profile === chosen);
  const profile = profiles.find(({ id }) => id === chosen);
  return (
    <DialogFrame title={t('own_profile.override')} close={() => leave(close)}>
      <span>{t(own.mode === 'active' ? 'own_profile.override.text' : 'own_profile.passive')}</span>
      <Field label={t('own_profile.profile')}>
        <Select value={chosen} onChange={(_, { value }) => leave(() => setChosen(value))}>
          {profiles.map((one) => (
            <option key={one.id} value={one.id}>
              {nameOfProfile(language, one)}
            </option>
          ))}
        </Select>
      </Field>
      {profile && (
        <Choices
          key={chosen}
          {...props}
          profile={profile}
          override={override ?? null}
          losing={losing}
          unsaved={unsaved}
        />
      )}
      {guard}
    </DialogFrame>
  );
}

function Choices(
  props: Props & {
    profile: Profile;
    override: Override | null;
    /** Told how to find out whether what is entered here would be lost. */
    losing: RefObject<(() => boolean) | null>;
    unsaved: Unsaved;
  },
): ReactNode {
  const { session, profile, override, losing, changed, close, unsaved } = props;
  const { tenant, user } = session;
  const { t, language } = useWords();
  const toasts = useToasts();
  const name = nameOfProfile(language, profile);
  const form = useForm<CallsDraft>({
    spec: useMemo(
      () => ({ check: checkCalls, sections: [{ fields: callsFields<CallsDraft>(t) }] }),
      [t],
    ),
    initial: useMemo(() => draftOfCalls(override ?? undefined), [override]),
    fieldAt: callsFieldAt,
    save: async (draft) => {
      await setOverride(tenant, user, profile.id, callsOf(draft));
      toasts.done(t('own_profile.override.saved', { name }));
      await changed();
      close();
      return undefined;
    },
  });
  useEffect(() => {
    losing.current = form.wouldLose;
    return () => {
      losing.current = null;
    };
  });
  const back = useMutation({
    networkMode: 'always',
    mutationFn: () => removeOverride(tenant, user, profile.id),
    onSuccess: async () => {
      toasts.done(t('own_profile.override.removed', { name }));
      await changed();
      close();
    },
  });
  return (
    <>
      {back.error && <ErrorBanner error={back.error} />}
      <Form form={form} submitLabel={t('action.save')} cancel={close} unsaved={unsaved} />
      {override && (
        <Button disabledFocusable={back.isPending} onClick={() => back.mutate()}>
          {t('own_profile.override.back')}
        </Button>
      )}
    </>
  );
}
