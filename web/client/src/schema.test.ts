// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, it } from 'vitest';

it('is what the API document says', { timeout: 60_000 }, async () => {
  const document = pathToFileURL(join(import.meta.dirname, '../../../gateway/api/openapi.json'));

  const generated = COMMENT_HEADER + astToString(await openapiTS(document));

  // When this fails: npm run generate --workspace @switchboard/client
  expect(await readFile(join(import.meta.dirname, 'schema.ts'), 'utf8')).toBe(generated);
});
