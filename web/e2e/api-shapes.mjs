/** Compares answers with the API's document, so that the mock cannot say what a gateway never would. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const DOCUMENT = join(import.meta.dirname, '../../gateway/api/openapi.json');

/** Reads the document: `check(method, path, status, body)` gives what is wrong, nothing when all is well. */
export async function readShapes() {
  const document = JSON.parse(await readFile(DOCUMENT, 'utf8'));
  const routes = Object.entries(document.paths).map(([path, methods]) => ({
    methods,
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
  const resolve = (node) => {
    let found = node;
    while (found?.$ref) {
      const names = found.$ref.slice(2).split('/');
      found = names.reduce((inside, name) => inside[name], document);
    }
    return found;
  };

  const faults = (schema, value, at) => {
    const shape = resolve(schema);
    if (!shape || Object.keys(shape).length === 0) return [];
    if (shape.allOf) return shape.allOf.flatMap((part) => faults(part, value, at));
    const choices = shape.oneOf ?? shape.anyOf;
    if (choices) {
      const found = choices.map((choice) => faults(choice, value, at));
      return found.some((one) => one.length === 0) ? [] : found.flat();
    }
    const types = [shape.type ?? 'any'].flat();
    if (!types.some((type) => isOf(type, value))) {
      return [`${at} is ${JSON.stringify(value)}, not ${types}`];
    }
    if (shape.enum && value !== null && !shape.enum.includes(value)) {
      return [`${at} is ${JSON.stringify(value)}, not one of ${shape.enum}`];
    }
    if (Array.isArray(value)) {
      return value.flatMap((item, index) => faults(shape.items ?? {}, item, `${at}[${index}]`));
    }
    if (typeof value !== 'object' || value === null) return [];
    const missing = (shape.required ?? []).filter((name) => !(name in value));
    const properties = Object.entries(shape.properties ?? {}).filter(([name]) => name in value);
    return [
      ...missing.map((name) => `${at}.${name} is missing`),
      ...properties.flatMap(([name, inner]) => faults(inner, value[name], `${at}.${name}`)),
    ];
  };

  return {
    /** What is wrong with a value that should be one of the document's named shapes. */
    checkAs: (name, value) => faults({ $ref: `#/components/schemas/${name}` }, value, name),
    check(method, path, status, body) {
      const methods = routes.find(({ pattern }) => pattern.test(path))?.methods;
      const operation = methods?.[method.toLowerCase()];
      // The document does not list that nobody is signed in where signing in is done.
      if (!operation || (path === '/session' && status === 401)) return [];
      const response = resolve(operation.responses[status]);
      if (!response) return [`${method} ${path} never answers ${status}`];
      // Pictures and the like are bytes, of which the document says nothing more.
      const content = response.content?.['application/json'];
      return content ? faults(content.schema, body, `${method} ${path}`) : [];
    },
  };
}

function isOf(type, value) {
  if (type === 'any') return true;
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object')
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
