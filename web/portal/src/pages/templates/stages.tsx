import { makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { createElement, type ReactNode, useEffect, useRef } from 'react';
import { useSettings } from '../../app/settings';
import { useLook } from '../../app/theme';
import type { Resolved } from '../../data/templates';
import { useT } from '../../i18n/context';
import { loadTemplatePart, loadWidget, type TemplatePart } from '../publications/widget';

const useStyles = makeStyles({
  stage: {
    padding: tokens.spacingHorizontalL,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflowX: 'auto',
    // What floats, floats here.
    transform: 'translateZ(0)',
    minBlockSize: '14rem',
  },
});

/** The widget's variables in colours of the portal, and what tells places of fields from what is said beside them. */
const PLACES = `:host {
  --muted: ${tokens.colorNeutralForeground2};
  --line: ${tokens.colorNeutralStroke1};
  --accent: ${tokens.colorBrandForegroundLink};
  --radius: 0.75rem;
}
.place-of {
  padding: 0.5rem;
  border: 1px dashed var(--line);
  border-radius: 4px;
  color: var(--muted);
}`;

/** Draws a form as web pages do: apart from the page, with the widget's own sheet. */
function draw(stage: HTMLElement, part: TemplatePart, template: Resolved): void {
  const { html, texts } = part.readTemplate(template);
  const { element, slots } = part.build(html, texts, '');
  for (const [name, slot] of slots) {
    const field = document.createElement('span');
    field.textContent = texts[name]?.text || name;
    slot.append(field);
  }
  let shadow = stage.shadowRoot;
  if (!shadow) {
    shadow = stage.attachShadow({ mode: 'open' });
    const places = new CSSStyleSheet();
    places.replaceSync(PLACES);
    shadow.adoptedStyleSheets = [part.sheet(), places];
  }
  shadow.replaceChildren(element);
}

/** The widget itself, on one of the publications, with a template that is not kept. */
export function WidgetStage(props: {
  publication: string;
  template: Resolved;
  language: string;
}): ReactNode {
  const { publication, template, language } = props;
  const styles = useStyles();
  const t = useT();
  const { isDark } = useLook(useSettings().theme);
  const widget = useQuery({
    queryKey: ['widget'],
    queryFn: () => loadWidget().then(() => true),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (widget.isError) return <p>{t('preview.no_widget')}</p>;
  return (
    <div className={styles.stage}>
      {widget.data &&
        createElement('switchboard-contacts', {
          key: publication,
          publication,
          lang: language,
          theme: isDark ? 'dark' : 'light',
          heading: '3',
          preview: JSON.stringify({ [template.kind]: template }),
        })}
    </div>
  );
}

/** How a form is laid out: its fields as places, made by what makes them on web pages. */
export function FormStage({ template }: { template: Resolved }): ReactNode {
  const styles = useStyles();
  const t = useT();
  const stage = useRef<HTMLDivElement>(null);
  const part = useQuery({
    queryKey: ['template-part'],
    queryFn: () => loadTemplatePart(),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  useEffect(() => {
    if (part.data && stage.current) draw(stage.current, part.data, template);
  }, [part.data, template]);
  if (part.isError) return <p>{t('preview.no_widget')}</p>;
  return <div ref={stage} className={styles.stage} />;
}
