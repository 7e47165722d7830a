import { useArrowNavigationGroup } from '@fluentui/react-components';
import type { ReactNode } from 'react';

/**
 * Keeps Fluent's focus management alive. It ends with its last user; were that a dialog, what the
 * dialog had hidden from assistive technology would stay hidden.
 */
export function FocusKeeper(): ReactNode {
  useArrowNavigationGroup();
  return null;
}
