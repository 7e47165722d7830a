import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useT } from '../i18n/context';
import { ConfirmDialog } from './confirm';
import type { RowAction } from './list';
import { useToasts } from './toasts';
import { useAsked } from './useAsked';

/** What the dialog works with that makes an item, or changes one. */
export interface Editing<T> {
  /** The item that is changed; null makes one. */
  item: T | null;
  /** Has the lists read again. */
  changed: () => Promise<void>;
  close: () => void;
}

/** What is said before an item is removed, and once it is. */
export interface Removal {
  title: string;
  text: string;
  consequences: string[];
  verb: string;
  removed: string;
}

/** The items of a list that are made, changed and removed beside it, in dialogs. */
export interface ManagedOptions<T> {
  /** The lists that the items are in. */
  lists: QueryKey;
  /** Whether one is being added now; the button for it stands elsewhere. */
  isAdding: boolean;
  added: () => void;
  editor: (editing: Editing<T>) => ReactNode;
  removal: (item: T) => Removal;
  remove: (item: T) => Promise<void>;
  /** Whether nobody changes the item. */
  isFixed?: (item: T) => boolean;
}

/** What can be done with each item, and the dialogs while they are open. */
export function useManaged<T>(options: ManagedOptions<T>): {
  actions: (item: T) => RowAction[];
  dialogs: ReactNode;
} {
  const { lists, isAdding, added, editor, removal, remove, isFixed } = options;
  const t = useT();
  const client = useQueryClient();
  const toasts = useToasts();
  const changed = (): Promise<void> => client.invalidateQueries({ queryKey: lists });
  const edited = useAsked<T>((item, close) => editor({ item, changed, close }));
  const removing = useAsked<T>((item, close) => {
    const { removed, ...words } = removal(item);
    const act = async (): Promise<void> => {
      await remove(item);
      toasts.done(removed);
      await changed();
    };
    return <ConfirmDialog close={close} confirmation={{ ...words, isDangerous: true, act }} />;
  });
  const actions = (item: T): RowAction[] =>
    isFixed?.(item)
      ? []
      : [
          {
            id: 'edit',
            label: t('action.edit'),
            icon: <EditRegular />,
            act: () => edited.ask(item),
          },
          {
            id: 'remove',
            label: t('action.delete'),
            icon: <DeleteRegular />,
            act: () => removing.ask(item),
          },
        ];
  const dialogs = (
    <>
      {isAdding ? editor({ item: null, changed, close: added }) : edited.dialog}
      {removing.dialog}
    </>
  );
  return { actions, dialogs };
}
