/** Makes the offline API documentation: Swagger UI's own files and our page around them. */
import { cp, mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const from = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const to = join(here, 'dist');

await rm(to, { recursive: true, force: true });
await mkdir(to, { recursive: true });
for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css', 'LICENSE', 'NOTICE']) {
  await cp(join(from, file), join(to, file));
}
await cp(join(here, 'src'), to, { recursive: true });
