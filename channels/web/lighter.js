// Takes out of the sources what only their readers need and esbuild leaves in: the white space of Lit's templates, and the
// names a catalogue's messages would be exported under one by one.
//
// Of white space one blank is left where there was any, so that a line of words is laid out as before.

import { readFile } from 'node:fs/promises';
import { parse } from 'acorn';
import { transform } from 'esbuild';

const MODULE = /\.js$/;
const OTHERS = /[\\/]node_modules[\\/]/;
const CATALOGUE = /\.json$/;
const MARKUP = new Set(['html', 'svg']);
const BLANKS = /[ \t\r\n]+/g; // no-break spaces are words

export const lighter = {
  name: 'lighter',
  setup({ onLoad }) {
    onLoad({ filter: MODULE }, async ({ path }) =>
      OTHERS.test(path) ? undefined : { contents: await tightened(await readFile(path, 'utf8')) },
    );
    onLoad({ filter: CATALOGUE }, async ({ path }) => ({ contents: `export default ${await readFile(path, 'utf8')}` }));
  },
};

/** A module's text with its templates tightened; the rest, and what a template's values are made by, as it was. */
export async function tightened(text) {
  const tree = parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
  const changes = (await Promise.all([...templates(tree)].map((template) => changed(template, text)))).flat();
  const parts = [];
  let from = 0;
  for (const { start, end, is } of changes.sort((one, other) => one.start - other.start)) {
    parts.push(text.slice(from, start), is);
    from = end;
  }
  return [...parts, text.slice(from)].join('');
}

/** Every tagged template of a tree, those within another's values too. */
function* templates(node) {
  if (node?.type === 'TaggedTemplateExpression') yield node;
  for (const within of Object.values(node ?? {})) {
    if (typeof within === 'object') yield* templates(within);
  }
}

/** What becomes of the strings of one template. */
async function changed({ tag, quasi: { quasis } }, text) {
  if (MARKUP.has(tag.name)) {
    return quasis.map(({ start, end }) => ({ start, end, is: text.slice(start, end).replace(BLANKS, ' ') }));
  }
  if (tag.name !== 'css' || quasis.length > 1) return []; // a style with a value in it is no whole style sheet
  const [{ start, end, value }] = quasis;
  const { code } = await transform(value.cooked, { loader: 'css', minify: true, charset: 'utf8' });
  return [{ start, end, is: code.trim().replace(/[\\`]|\$\{/g, '\\$&') }];
}
