import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { hueOf, initialsOf } from '@switchboard/portal/parts/initials';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePlace } from '../app/roomContext';
import type { Person } from '../people/shown';
import { dataUrl } from './picture';
import { StateIcon } from './StateIcon';

/** The colours behind initials, by name. */
const HUES = [
  ['colorPaletteDarkRedForeground2', 'colorPaletteDarkRedBackground2'],
  ['colorPalettePumpkinForeground2', 'colorPalettePumpkinBackground2'],
  ['colorPaletteGoldForeground2', 'colorPaletteGoldBackground2'],
  ['colorPaletteForestForeground2', 'colorPaletteForestBackground2'],
  ['colorPaletteTealForeground2', 'colorPaletteTealBackground2'],
  ['colorPaletteSteelForeground2', 'colorPaletteSteelBackground2'],
  ['colorPaletteCornflowerForeground2', 'colorPaletteCornflowerBackground2'],
  ['colorPaletteLavenderForeground2', 'colorPaletteLavenderBackground2'],
  ['colorPaletteMagentaForeground2', 'colorPaletteMagentaBackground2'],
  ['colorPaletteMinkForeground2', 'colorPaletteMinkBackground2'],
] as const;

const useStyles = makeStyles({
  root: { position: 'relative', flexShrink: 0, inlineSize: '40px', blockSize: '40px' },
  large: { inlineSize: '64px', blockSize: '64px', fontSize: tokens.fontSizeBase500 },
  disc: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    inlineSize: '100%',
    blockSize: '100%',
    borderRadius: tokens.borderRadiusCircular,
    fontWeight: tokens.fontWeightSemibold,
    userSelect: 'none',
    '@media (forced-colors: active)': { border: '1px solid CanvasText', boxSizing: 'border-box' },
  },
  picture: { objectFit: 'cover' },
  state: {
    position: 'absolute',
    insetBlockEnd: '-2px',
    insetInlineEnd: '-2px',
    display: 'flex',
    padding: '1px',
    fontSize: '16px',
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorNeutralBackground1,
  },
});

/** Somebody's picture, or their initials, with the shape of their state; beside their name. */
export function Portrait({ person, isLarge }: { person: Person; isLarge?: boolean }): ReactNode {
  const styles = useStyles();
  const place = useRef<HTMLSpanElement>(null);
  const isSeen = useIsSeen(place);
  const picture = usePicture(person, isSeen);
  const [foreground, background] = HUES[hueOf(person.name)];
  return (
    <span
      ref={place}
      className={mergeClasses(styles.root, isLarge && styles.large)}
      aria-hidden="true"
    >
      {picture ? (
        <img src={picture} alt="" className={mergeClasses(styles.disc, styles.picture)} />
      ) : (
        <span
          className={styles.disc}
          style={{ color: tokens[foreground], backgroundColor: tokens[background] }}
        >
          {initialsOf(person.name)}
        </span>
      )}
      <span className={styles.state}>
        <StateIcon state={person.state} />
      </span>
    </span>
  );
}

/** Whether something was in sight once: pictures of whom nobody looks at are not asked for. */
function useIsSeen(place: React.RefObject<HTMLElement | null>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element || isSeen) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [place, isSeen]);
  return isSeen;
}

function usePicture({ id, hash }: Person, isSeen: boolean): string | null {
  const { room } = usePlace();
  const { data } = useQuery({
    queryKey: ['picture', id, hash],
    enabled: isSeen && hash !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => dataUrl(await room.image(id)),
  });
  return (hash && data) || null;
}
