// @vitest-environment happy-dom
import { join } from 'node:path';
import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { makeRouter } from '../src/app/router';

const LIST = join(import.meta.dirname, '../../e2e/portal-pages.mjs');

it('the list of pages that are walked through in a browser has every route', async () => {
  const { PAGES, OTHERS } = (await import(LIST)) as {
    PAGES: { route: string }[];
    OTHERS: string[];
  };
  const { routesById } = makeRouter(new QueryClient());
  const routes = Object.values(routesById).filter(({ children }) => !children);

  const listed = [...PAGES.map(({ route }) => route), ...OTHERS];
  expect(listed.toSorted()).toEqual(routes.map(({ fullPath }) => fullPath).toSorted());
});
