// Builds the screens into dist/: one bundle a page, what they share once, every name with its content's hash.
//
// `manifest.json` tells the server which files are a page's, by page: its script, its style sheet where it has one.

import { rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';

const PAGES = {
  app: 'app/main.js',
};

await rm('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: Object.entries(PAGES).map(([out, path]) => ({ out, in: path })),
  outdir: 'dist/assets',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  target: ['es2022'],
  charset: 'utf8',
  legalComments: 'external',
  metafile: true,
});
await writeFile('dist/manifest.json', JSON.stringify(manifest(metafile.outputs), null, 2) + '\n');

function manifest(outputs) {
  const pages = {};
  for (const [path, output] of Object.entries(outputs)) {
    const page = Object.keys(PAGES).find((name) => PAGES[name] === output.entryPoint);
    if (page === undefined) continue;
    pages[page] = { script: asset(path) };
    if (output.cssBundle !== undefined) pages[page].style = asset(output.cssBundle);
  }
  return pages;
}

function asset(path) {
  return `assets/${basename(path)}`;
}
