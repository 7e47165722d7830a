import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { ImageAddRegular } from '@fluentui/react-icons/svg/image-add';
import { isProblem } from '@switchboard/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import {
  AVATAR_BYTES,
  AVATAR_TYPES,
  type AvatarOwner,
  addAvatar,
  avatarsQuery,
} from '../../data/avatars';
import type { PlainKey } from '../../i18n/catalogue';
import { useT } from '../../i18n/context';
import { ErrorBanner } from '../ErrorBanner';
import { AvatarCard } from './AvatarCard';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
  text: { margin: 0, maxInlineSize: '48rem', color: tokens.colorNeutralForeground2 },
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 22rem), 1fr))',
    gap: tokens.spacingHorizontalL,
    margin: 0,
    padding: 0,
    listStyleType: 'none',
  },
});

/** The pictures of a contact or a domain, and which is shown for which presence. */
export function Avatars(props: {
  owner: AvatarOwner;
  /** What is seen while there is no picture. */
  empty: PlainKey;
}): ReactNode {
  const { owner, empty } = props;
  const styles = useStyles();
  const t = useT();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState<PlainKey | null>(null);
  const query = avatarsQuery(owner);
  const avatars = useQuery(query);
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: query.queryKey });
  const adding = useMutation({
    mutationFn: (picture: File) => addAvatar(owner, picture),
    onSettled: refresh,
  });

  const take = (file: File | undefined): void => {
    if (!file) return;
    const found = refusalOf(file);
    setRefusal(found);
    if (!found) adding.mutate(file);
  };

  // A gateway that keeps no pictures knows no such path.
  if (isProblem(avatars.error, 'not_found')) {
    return (
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>{t('avatars.absent')}</MessageBarBody>
      </MessageBar>
    );
  }
  return (
    <div className={styles.root}>
      <p className={styles.text}>{t('avatars.text')}</p>
      <div>
        <Button
          icon={<ImageAddRegular />}
          disabledFocusable={adding.isPending}
          onClick={() => input.current?.click()}
        >
          {t('avatars.add')}
        </Button>
        <input
          ref={input}
          hidden
          type="file"
          accept={AVATAR_TYPES.join(',')}
          aria-label={t('avatars.add')}
          onChange={({ currentTarget }) => {
            take(currentTarget.files?.[0]);
            currentTarget.value = '';
          }}
        />
      </div>
      {refusal && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody>{t(refusal)}</MessageBarBody>
        </MessageBar>
      )}
      {adding.isError && <ErrorBanner error={adding.error} />}
      {avatars.isError && (
        <ErrorBanner error={avatars.error} retry={() => void avatars.refetch()} />
      )}
      {avatars.isPending && <Spinner label={t('frame.loading')} />}
      {avatars.data?.length === 0 && <p className={styles.text}>{t(empty)}</p>}
      <ul className={styles.list}>
        {avatars.data?.map((avatar) => (
          <li key={avatar.id}>
            <AvatarCard owner={owner} avatar={avatar} changed={refresh} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the gateway would refuse is not even sent. */
function refusalOf(file: File): PlainKey | null {
  if (!AVATAR_TYPES.some((type) => type === file.type)) return 'avatars.wrong_type';
  return file.size > AVATAR_BYTES ? 'avatars.too_large' : null;
}
