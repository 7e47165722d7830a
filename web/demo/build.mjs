/** Makes the demonstration website: one page in two languages. Gateway and keys are filled in later. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const from = join(import.meta.dirname, 'src');
const to = join(import.meta.dirname, 'dist');
const escaped = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const page = await readFile(join(from, 'page.html'), 'utf8');
const languages = JSON.parse(await readFile(join(from, 'texts.json'), 'utf8'));

await rm(to, { recursive: true, force: true });
await mkdir(to, { recursive: true });
for (const [language, texts] of Object.entries(languages)) {
  const html = page.replace(/\{\{(\w+)\}\}/g, (_all, name) => {
    if (!(name in texts)) throw new Error(`no text "${name}" in ${language}`);
    return texts[name].replace(/[&<>"]/g, (char) => escaped[char]);
  });
  await writeFile(join(to, language === 'en' ? 'index.html' : `${language}.html`), html);
}
for (const file of ['site.css', 'logo.svg']) await cp(join(from, file), join(to, file));
