import { FluentProvider, webLightTheme } from '@fluentui/react-components';
import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { begin } from '../app/work';
import { WordsProvider } from '../i18n/context';
import { en } from '../i18n/en';
import { WorkPanel } from './WorkPanel';

it('says how many failed, also of those that it does not name', async () => {
  await begin({
    title: 'Deleting',
    items: Array.from({ length: 130 }, (_, at) => at),
    name: (at) => `contact ${at}`,
    act: async (items) => {
      if (items[0] !== 7) throw new Error('no');
    },
  });
  const { container } = render(
    <FluentProvider theme={webLightTheme}>
      <WordsProvider language="en" catalogue={en}>
        <WorkPanel />
      </WordsProvider>
    </FluentProvider>,
  );

  const text = container.textContent;
  expect(container.querySelectorAll('li')).toHaveLength(100);
  expect(text).toContain('1 of 130 done.');
  expect(text).toContain('129 failed:');
  expect(text).toContain('and 29 more');
});
