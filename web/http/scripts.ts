import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A script under an address that names its content, so that a browser keeps it for good. */
export type Script = { readonly path: string; readonly content: string };

/** What makes the pages quicker, in the order in which it runs. Without it they do the same. */
export const scripts: readonly Script[] = [
  scriptOf('htmx', createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js')),
  scriptOf('quick', fileURLToPath(new URL('../assets/quick.mjs', import.meta.url))),
  scriptOf('lock', fileURLToPath(new URL('../assets/lock.mjs', import.meta.url))),
];

/**
 * How htmx behaves: it adds no style and no history of its own, and what only says that something failed takes no
 * form's place.
 */
export const htmxConfig = JSON.stringify({
  includeIndicatorCSS: false,
  history: false,
  noSwap: [204, 304, '5xx'],
  // What a reader opened stays open while figures beside it change.
  morphIgnore: ['data-htmx-powered', 'open'],
});

function scriptOf(name: string, file: string): Script {
  const content = readFileSync(file, 'utf8');
  const print = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return { path: `/assets/${name}.${print}.js`, content };
}
