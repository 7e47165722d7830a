import { createLightTheme, type Theme } from '@fluentui/react-components';
import { BRAND } from './brand';

export const light: Theme = createLightTheme(BRAND);
