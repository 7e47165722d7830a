import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  mergeClasses,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { ImageAddRegular } from '@fluentui/react-icons/svg/image-add';
import { isProblem } from '@switchboard/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
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
import type { Read } from './CropDialog';
import { isCropped } from './crop';

const CropDialog = lazy(() => import('./CropDialog').then((it) => ({ default: it.CropDialog })));

/** The largest file that is read to be cropped, in bytes: what cameras make. */
const READ_BYTES = 30_000_000;

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
  text: { margin: 0, maxInlineSize: '48rem', color: tokens.colorNeutralForeground2 },
  add: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: tokens.spacingHorizontalL,
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusLarge,
    color: tokens.colorNeutralForeground2,
  },
  over: {
    border: `1px dashed ${tokens.colorBrandStroke1}`,
    backgroundColor: tokens.colorBrandBackground2,
  },
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

  const [isOver, setOver] = useState(false);
  const [cropped, setCropped] = useState<Read | null>(null);
  // A picture as large as cameras make it is not left to the next collection. By the time nobody is
  // asked any more it was cut, or nobody wants it.
  useEffect(() => () => cropped?.bitmap.close(), [cropped]);

  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const bitmap = await read(file);
    const isCut = bitmap !== null && isCropped(bitmap, file.size);
    const found = isCut ? null : refusalOf(file);
    setRefusal(found);
    if (isCut) {
      setCropped({ bitmap, file });
      return;
    }
    bitmap?.close();
    if (!found) adding.mutate(file);
  };
  const drag = (event: DragEvent, isOver: boolean): void => {
    event.preventDefault();
    setOver(isOver);
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
      {/* Whoever uses the keyboard has the button in it. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div
        className={mergeClasses(styles.add, isOver && styles.over)}
        onDragEnter={(event) => drag(event, true)}
        onDragOver={(event) => drag(event, true)}
        onDragLeave={(event) => drag(event, false)}
        onDrop={(event) => {
          drag(event, false);
          void take(event.dataTransfer.files[0]);
        }}
      >
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
            void take(currentTarget.files?.[0]);
            currentTarget.value = '';
          }}
        />
        <span>{t('avatars.drop')}</span>
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
            <AvatarCard
              owner={owner}
              avatar={avatar}
              others={avatars.data.filter((other) => other !== avatar)}
              changed={refresh}
            />
          </li>
        ))}
      </ul>
      {cropped && (
        <Suspense>
          <CropDialog
            picture={cropped}
            done={(file) => adding.mutate(file)}
            close={() => setCropped(null)}
          />
        </Suspense>
      )}
    </div>
  );
}

/** The picture in a file; null when it is none, or too large to be looked at. */
async function read(file: File): Promise<ImageBitmap | null> {
  if (!AVATAR_TYPES.some((type) => type === file.type) || file.size > READ_BYTES) return null;
  try {
    return await createImageBitmap(file);
  } catch {
    return null;
  }
}

/** What the gateway would refuse is not even sent. */
function refusalOf(file: File): PlainKey | null {
  if (!AVATAR_TYPES.some((type) => type === file.type)) return 'avatars.wrong_type';
  return file.size > AVATAR_BYTES ? 'avatars.too_large' : null;
}
