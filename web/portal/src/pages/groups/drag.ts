import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { Group } from '../../data/groups';
import { mayGo, type Tree } from '../../data/tree';

/** How long somebody holds a group over a closed branch before it opens, in milliseconds. */
const OPEN_MS = 700;

/** A group that is dragged through the tree. */
export interface GroupDrag {
  /** What is dragged, as long as it is there. */
  dragged: Group | null;
  begin: (group: Group, event: DragEvent) => void;
  end: () => void;
  /** Whether what is dragged may be let go of below `parent`; null is the top. */
  accepts: (parent: string | null) => boolean;
  drop: (parent: string | null) => void;
}

/** Lets groups be dragged to where `put` puts them; the browser ends it at Escape. */
export function useGroupDrag(
  tree: Tree | undefined,
  put: (group: Group, parent: string | null) => void,
): GroupDrag {
  const [dragged, setDragged] = useState<Group | null>(null);
  // What handlers ask, before the page is drawn anew.
  const now = useRef<Group | null>(null);
  const end = (): void => {
    now.current = null;
    setDragged(null);
  };
  return {
    dragged: dragged && tree?.get(dragged.id) ? dragged : null,
    begin(group, event) {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', group.name ?? '');
      now.current = group;
      // A browser ends a drag at once when what is dragged changes before its picture is taken.
      requestAnimationFrame(() => setDragged(now.current));
    },
    end,
    accepts: (parent) => Boolean(tree && now.current && mayGo(tree, now.current.id, parent)),
    drop(parent) {
      const group = now.current;
      end();
      if (group) put(group, parent);
    },
  };
}

/** What a place in the tree does about a group that is dragged over it. */
export interface DropPlace {
  /** Whether it would take the group if that were let go of now. */
  isOver: boolean;
  handlers: Pick<
    React.DOMAttributes<HTMLElement>,
    'onDragEnter' | 'onDragOver' | 'onDragLeave' | 'onDrop'
  >;
}

/** A place below `parent` that takes groups; where somebody stays with one over it, `open` is called. */
export function useDropPlace(
  drag: GroupDrag | undefined,
  parent: string | null,
  open: (() => void) | null,
): DropPlace {
  const [isEntered, setEntered] = useState(false);
  const isOver = isEntered && Boolean(drag?.dragged);
  const opening = useRef(open);
  opening.current = open;
  useEffect(() => {
    if (!isOver) return;
    const timer = setTimeout(() => opening.current?.(), OPEN_MS);
    return () => clearTimeout(timer);
  }, [isOver]);
  if (!drag) return { isOver: false, handlers: {} };

  const over = (event: DragEvent): void => {
    if (!drag.accepts(parent)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
    setEntered(true);
  };
  return {
    isOver,
    handlers: {
      onDragEnter: over,
      onDragOver: over,
      onDragLeave({ currentTarget, relatedTarget }) {
        if (!currentTarget.contains(relatedTarget as Node | null)) setEntered(false);
      },
      onDrop(event) {
        setEntered(false);
        if (!drag.accepts(parent)) return;
        event.preventDefault();
        drag.drop(parent);
      },
    },
  };
}
