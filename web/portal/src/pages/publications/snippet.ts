/** What a page carries to show a publication, as `docs/widget.md` has it. */
export function snippetOf(gateway: string, key: string): string {
  const script = `${gateway.replace(/\/+$/, '')}/widget/v1.js`;
  return [
    `<script async src="${escaped(script)}"></script>`,
    `<switchboard-contacts publication="${escaped(key)}"></switchboard-contacts>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
