import { readFileSync } from 'node:fs';
import { raw } from 'hono/html';
import { marked, type Token } from 'marked';
import { createRoutes, type Pages } from '../http/context.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';
import { languages, type Language } from '../texts/texts.js';
import { helpSections } from './sections.js';

const files = { en: 'staff.md', de: 'staff.de.md' } as const satisfies Record<Language, string>;

type Manual = { readonly title: string; readonly html: string };

/** The manual for staff, as `docs/` has it, each chapter at an address of its own. */
export function helpRoutes({ desk }: PageParts): Pages {
  const manuals = Object.fromEntries(languages.map((language) => [language, read(files[language])]));
  return createRoutes().get('/help', signedIn(desk, 'read'), (c) => {
    const { language } = c.get('reader');
    const { title, html } = manuals[language] as Manual;
    return page(c, { title }, <div class="manual sheet">{raw(html)}</div>);
  });
}

/** From our own file alone, so that its HTML can be trusted. */
function read(file: string): Manual {
  const tokens = marked.lexer(readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8'));
  const [first, ...rest] = tokens;
  const title = first?.type === 'heading' ? String(first.text) : '';
  let chapter = 0;
  const html = rest.map((token) => {
    const at = isChapter(token) ? ` id="${helpSections[chapter++] ?? ''}"` : '';
    return marked.parser([token]).replace(/^<h2/, `<h2${at}`);
  });
  if (chapter !== helpSections.length) throw new Error(`${file} does not have the chapters that pages lead to`);
  return { title, html: html.join('') };
}

function isChapter(token: Token): boolean {
  return token.type === 'heading' && token['depth'] === 2;
}
