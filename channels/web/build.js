// Builds the screens into dist/: one bundle a page, every name with its content's hash.
//
// A page is built by itself: nobody loads two of them in one place, and what they would share are many small files, which weigh
// more than the same words in a few.
//
// All a page begins with is one file: each file of its own takes a slow phone some 15 ms. esbuild puts together what is reached
// from the same beginnings, and a screen that is loaded later is one; so each is built as if it imported the page that loads it,
// which is there before it, and whatever the page begins with is then reached from all of them.
//
// `manifest.json` tells the server which files are a page's, by page: its script, its style sheet where it has one, the
// modules its script begins with, and the words its first screen waits for, by language.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { build } from 'esbuild';
import { lighter, tightened } from './lighter.js';

const PAGES = {
  app: 'app/main.js',
  desk: 'desk/main.js',
  'chat-frame': 'widget/frame.js',
  'certificate-file': 'certificate_file/main.js',
};

// Fetched under an address of their own: each one file, whole.
const ALONE = {
  'service-worker': 'app/service-worker.js',
  widget: 'widget/loader.js',
};

// Fetched under an address of their own, as they are: what a system needs to keep the app among its own.
const INSTALLED = {
  webmanifest: 'app/manifest.webmanifest',
  'icon-192': 'app/icon-192.png',
  'icon-512': 'app/icon-512.png',
};

const CATALOGUE = /^catalogues\/.*\/(\w+)\.json$/;

const SETTINGS = {
  outdir: 'dist/assets',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  target: ['es2022'],
  charset: 'utf8',
  legalComments: 'external',
  metafile: true,
};

await rm('dist', { recursive: true, force: true });
const files = {
  ...(await apart(PAGES, { format: 'esm', splitting: true })),
  ...(await built(ALONE, { format: 'iife' })),
  ...(await built(INSTALLED, { loader: { '.webmanifest': 'copy', '.png': 'copy' } })),
};
await writeFile('dist/manifest.json', JSON.stringify(files, null, 2) + '\n');

async function apart(entries, format) {
  const each = Object.entries(entries).map((entry) => built(Object.fromEntries([entry]), format));
  return Object.assign({}, ...(await Promise.all(each)));
}

async function built(entries, format) {
  const entryPoints = Object.entries(entries).map(([out, path]) => ({ out, in: path }));
  const settings = { ...SETTINGS, ...format, entryPoints };
  const { inputs } = (await build({ ...settings, plugins: [lighter], write: false })).metafile;
  const plugins = [importing(Object.values(entries), loadedLater(inputs)), lighter];
  const { outputs } = (await build({ ...settings, plugins })).metafile;
  await Promise.all(Object.keys(outputs).filter((path) => begun(path, outputs) !== path).map((path) => rm(path)));
  return manifest(entries, outputs);
}

/** The modules that some other loads when it needs them; catalogues are none, their pages wait for them. */
function loadedLater(inputs) {
  const imports = Object.values(inputs).flatMap((input) => input.imports);
  return new Set(imports.filter(({ kind, path }) => kind === 'dynamic-import' && path.endsWith('.js')).map(({ path }) => resolve(path)));
}

/** Build these modules as if each imported its page. */
function importing(pages, modules) {
  const imports = pages.map((page) => `import ${JSON.stringify(resolve(page))};`).join('');
  return {
    name: 'importing',
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, async ({ path }) =>
        modules.has(path) ? { contents: await tightened(imports + (await readFile(path, 'utf8'))) } : undefined,
      );
    },
  };
}

function manifest(entries, outputs) {
  const pages = {};
  for (const [path, output] of Object.entries(outputs)) {
    const page = Object.keys(entries).find((name) => entries[name] === output.entryPoint);
    if (page === undefined) continue;
    const script = begun(path, outputs);
    const modules = [...imported(script, outputs)];
    pages[page] = { script: asset(script) };
    if (output.cssBundle !== undefined) pages[page].style = asset(output.cssBundle);
    pages[page].modules = modules.map(asset);
    pages[page].words = words([script, ...modules], outputs);
  }
  return pages;
}

/** The file a page really begins with: where all of it stands in another, the page's own only names that. */
function begun(path, outputs) {
  const { inputs, imports } = outputs[path];
  return Object.keys(inputs).length === 0 && imports.length === 1 ? imports[0].path : path;
}

/** The catalogues that a page's first files read, by language: one of the page's own is fetched before anything is shown. */
function words(paths, outputs) {
  const loaded = paths.flatMap((path) => outputs[path].imports).filter(({ kind }) => kind === 'dynamic-import');
  const found = {};
  for (const { path } of loaded) {
    const [, language] = CATALOGUE.exec(outputs[path].entryPoint) ?? [];
    if (language !== undefined) (found[language] ??= []).push(asset(path));
  }
  return found;
}

/** What a file imports before it runs, by itself or through another: the page asks for all of it at once. */
function imported(path, outputs, found = new Set()) {
  for (const each of outputs[path].imports) {
    if (each.kind !== 'import-statement' || each.external || found.has(each.path)) continue;
    found.add(each.path);
    imported(each.path, outputs, found);
  }
  return found;
}

function asset(path) {
  return `assets/${basename(path)}`;
}
