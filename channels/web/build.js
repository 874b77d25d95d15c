// Builds the screens into dist/: one bundle a page, every name with its content's hash.
//
// A page is built by itself: nobody loads two of them in one place, and what they would share are many small files, which weigh
// more than the same words in a few.
//
// `manifest.json` tells the server which files are a page's, by page: its script, its style sheet where it has one, and the
// modules its script begins with.

import { rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { lighter } from './lighter.js';

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
  plugins: [lighter],
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
  const { metafile } = await build({ ...SETTINGS, ...format, entryPoints });
  return manifest(entries, metafile.outputs);
}

function manifest(entries, outputs) {
  const pages = {};
  for (const [path, output] of Object.entries(outputs)) {
    const page = Object.keys(entries).find((name) => entries[name] === output.entryPoint);
    if (page === undefined) continue;
    pages[page] = { script: asset(path) };
    if (output.cssBundle !== undefined) pages[page].style = asset(output.cssBundle);
    pages[page].modules = [...imported(path, outputs)].map(asset);
  }
  return pages;
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
