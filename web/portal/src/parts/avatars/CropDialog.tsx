import { Button, Field, makeStyles, Slider, tokens } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react';
import { AVATAR_BYTES } from '../../data/avatars';
import { useT } from '../../i18n/context';
import { DialogFrame } from '../DialogFrame';
import { ErrorBanner } from '../ErrorBanner';
import { MIDDLE, MOST_ZOOM, moved, pushed, squareOf } from './crop';

/** How large the square is shown at most, and how large it is sent, in pixels. */
const SHOWN_PX = 256;
const SENT_PX = 320;
/** How far one arrow key goes, as a part of the square. */
const STEP = 0.05;
/** Into how many steps one of zoom is parted; a slider with a step of its own shows them all. */
const ZOOM_STEPS = 20;
const QUALITY = [0.92, 0.8, 0.6] as const;

const useStyles = makeStyles({
  stage: {
    display: 'block',
    inlineSize: `${SHOWN_PX}px`,
    maxInlineSize: '100%',
    aspectRatio: '1',
    marginInline: 'auto',
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground3,
    touchAction: 'none',
    cursor: 'grab',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' },
  },
});

/** A picture that was read, and what it is called. */
export interface Read {
  bitmap: ImageBitmap;
  file: File;
}

/** Asks which square of a picture is kept: it is pushed about, with arrows as well, and zoomed. */
export function CropDialog(props: {
  picture: Read;
  done: (file: File) => void;
  close: () => void;
}): ReactNode {
  const { picture, done, close } = props;
  const styles = useStyles();
  const t = useT();
  const stage = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState(MIDDLE);
  const { bitmap, file } = picture;
  useEffect(() => {
    if (stage.current) draw(stage.current, bitmap, squareOf(view, bitmap));
  }, [bitmap, view]);
  const keeping = useMutation({
    mutationFn: () => cut(bitmap, squareOf(view, bitmap), file),
    onSuccess: (cut) => {
      close();
      done(cut);
    },
  });

  const push = (event: PointerEvent<HTMLElement>): void => {
    if (event.buttons !== 1) return;
    const by = pushed({ x: event.movementX, y: event.movementY }, event.currentTarget.clientWidth);
    setView((before) => moved(before, by, bitmap));
  };
  const press = (event: KeyboardEvent): void => {
    const steps: Record<string, { x: number; y: number }> = {
      ArrowLeft: { x: -STEP, y: 0 },
      ArrowRight: { x: STEP, y: 0 },
      ArrowUp: { x: 0, y: -STEP },
      ArrowDown: { x: 0, y: STEP },
    };
    const by = steps[event.key];
    if (!by) return;
    event.preventDefault();
    setView((before) => moved(before, by, bitmap));
  };
  return (
    <DialogFrame
      title={t('avatars.crop')}
      close={close}
      actions={
        <>
          <Button onClick={close}>{t('action.cancel')}</Button>
          <Button
            appearance="primary"
            disabledFocusable={keeping.isPending}
            onClick={() => keeping.mutate()}
          >
            {t('avatars.crop.keep')}
          </Button>
        </>
      }
    >
      <span>{t('avatars.crop.text')}</span>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: its keys are its own */}
      <canvas
        ref={stage}
        width={SENT_PX}
        height={SENT_PX}
        role="application"
        aria-label={t('avatars.crop.stage')}
        tabIndex={0}
        className={styles.stage}
        onKeyDown={press}
        onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
        onPointerMove={push}
      />
      <Field label={t('avatars.crop.zoom')}>
        <Slider
          min={ZOOM_STEPS}
          max={MOST_ZOOM * ZOOM_STEPS}
          value={Math.round(view.zoom * ZOOM_STEPS)}
          onChange={(_, { value }) =>
            setView((before) => ({ ...before, zoom: value / ZOOM_STEPS }))
          }
        />
      </Field>
      {keeping.error && <ErrorBanner error={keeping.error} />}
    </DialogFrame>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  bitmap: ImageBitmap,
  { left, top, edge }: { left: number; top: number; edge: number },
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.imageSmoothingQuality = 'high';
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, left, top, edge, edge, 0, 0, canvas.width, canvas.height);
}

/** The square as a file of its own: a PNG stays one as long as that is small enough. */
async function cut(
  bitmap: ImageBitmap,
  square: { left: number; top: number; edge: number },
  file: File,
): Promise<File> {
  const canvas = document.createElement('canvas');
  canvas.width = SENT_PX;
  canvas.height = SENT_PX;
  draw(canvas, bitmap, square);
  const blob = (type: string, quality?: number): Promise<Blob | null> =>
    new Promise((resolve) => canvas.toBlob(resolve, type, quality));
  const name = file.name.replace(/\.\w+$/, '');
  if (file.type === 'image/png') {
    const png = await blob('image/png');
    if (png && png.size <= AVATAR_BYTES) return new File([png], `${name}.png`, { type: png.type });
  }
  for (const quality of QUALITY) {
    const jpeg = await blob('image/jpeg', quality);
    if (jpeg && jpeg.size <= AVATAR_BYTES) {
      return new File([jpeg], `${name}.jpg`, { type: jpeg.type });
    }
  }
  throw new Error('the picture could not be made small enough');
}
