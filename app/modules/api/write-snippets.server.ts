import { type Json } from './make-example.server';

/** One request, with a value for each thing that it needs. */
export interface RequestExample {
  method: 'GET' | 'POST';
  baseUrl: string;
  /** As the document writes it: `/holds/{id}`. */
  path: string;
  pathValues: Readonly<Record<string, Json>>;
  queryValues: Readonly<Record<string, Json>>;
  headerValues: Readonly<Record<string, Json>>;
  /** Undefined where the request has none. */
  body: Json | undefined;
}

/** The request as a shell sends it, with the key from the environment. */
export function writeCurl(request: RequestExample): string {
  const { method, baseUrl, path, pathValues, queryValues, headerValues, body } = request;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(pathValues[name] ?? '')),
  );
  const query = new URLSearchParams(
    Object.entries(queryValues).map(([name, value]) => [name, String(value)]),
  ).toString();
  const headers = Object.entries(headerValues).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const parts = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(`${baseUrl}${filled}${query && `?${query}`}`)}`,
    '-H "Authorization: Bearer $CREDENCE_KEY"',
    ...headers,
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d ${quoted(inOneLine(body))}`]),
  ];
  return parts.join(' \\\n  ');
}

/** The request by the typed client of the page's start. */
export function writeTypeScript(request: RequestExample): string {
  const { method, path, pathValues, queryValues, headerValues, body } = request;
  const params = Object.fromEntries(
    Object.entries({ path: pathValues, query: queryValues, header: headerValues }).filter(
      ([, values]) => Object.keys(values).length > 0,
    ),
  );
  const options = {
    ...(Object.keys(params).length > 0 && { params }),
    ...(body !== undefined && { body }),
  };
  const written = inTypeScript(options, '');
  return `const { data, error } = await credence.${method}('${path}'${written === '{}' ? '' : `, ${brokenOpen(options)}`});`;
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const inOneLine = (value: Json): string =>
  JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ').replace(/^\{ /, '{').replace(/ \}$/, '}');

const WIDTH = 64;

/** An object literal with a line for each of its fields. */
const brokenOpen = (value: Readonly<Record<string, Json>>): string =>
  `{\n${fieldsOf(value, '  ')
    .map((field) => `  ${field},\n`)
    .join('')}}`;

/** A literal as people write it: in one line where there is room. */
function inTypeScript(value: Json, indent: string): string {
  if (typeof value === 'string') return inQuotes(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const items = Array.isArray(value)
    ? value.map((one) => inTypeScript(one, deeper))
    : fieldsOf(value, deeper);
  if (items.length === 0) return `${open}${close}`;
  const space = Array.isArray(value) ? '' : ' ';
  const line = `${open}${space}${items.join(', ')}${space}${close}`;
  if (indent.length + line.length <= WIDTH && !line.includes('\n')) return line;
  return `${open}\n${items.map((item) => `${deeper}${item},\n`).join('')}${indent}${close}`;
}

const fieldsOf = (value: Readonly<Record<string, Json>>, indent: string): string[] =>
  Object.entries(value).map(
    ([name, one]) => `${/^\w+$/.test(name) ? name : inQuotes(name)}: ${inTypeScript(one, indent)}`,
  );

/** A string literal in single quotes. */
const inQuotes = (text: string) =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
