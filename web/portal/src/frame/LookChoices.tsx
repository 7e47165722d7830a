import { MenuDivider, MenuGroup, MenuGroupHeader, MenuItemRadio } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { changeSettings, type Settings, THEMES } from '../app/settings';
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/catalogue';
import { useT } from '../i18n/context';

/** What of the choices below is chosen, for the menu that they stand in. */
export function chosenOf({ language, theme }: Settings): Record<string, string[]> {
  return { language: [language], theme: [theme] };
}

/** In a menu: which language is spoken, and how pages look. */
export function LookChoices(): ReactNode {
  const t = useT();
  return (
    <>
      <MenuGroup>
        <MenuGroupHeader>{t('account.language')}</MenuGroupHeader>
        {LANGUAGES.map((language) => (
          <MenuItemRadio
            key={language}
            name="language"
            value={language}
            lang={language}
            onClick={() => changeSettings({ language })}
          >
            {LANGUAGE_NAMES[language]}
          </MenuItemRadio>
        ))}
      </MenuGroup>
      <MenuDivider />
      <MenuGroup>
        <MenuGroupHeader>{t('account.theme')}</MenuGroupHeader>
        {THEMES.map((theme) => (
          <MenuItemRadio
            key={theme}
            name="theme"
            value={theme}
            onClick={() => changeSettings({ theme })}
          >
            {t(`account.theme.${theme}`)}
          </MenuItemRadio>
        ))}
      </MenuGroup>
    </>
  );
}
