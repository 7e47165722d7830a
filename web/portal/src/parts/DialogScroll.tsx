import { DialogContent } from '@fluentui/react-components';
import { type ReactNode, useCallback, useState } from 'react';

/** The content of a dialog; when it has to be scrolled, the keyboard can do so. */
export function DialogScroll(props: { className: string; children: ReactNode }): ReactNode {
  const [isLong, setLong] = useState(false);
  const watch = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const measure = (): void => setLong(element.scrollHeight > element.clientHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return <DialogContent ref={watch} {...(isLong ? { tabIndex: 0 } : {})} {...props} />;
}
