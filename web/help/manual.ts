import { readFileSync } from 'node:fs';
import { Marked, type Token } from 'marked';
import type { Picture } from './pictures.js';
import { helpSections, type HelpSection } from './sections.js';

export type Chapter = { readonly section: HelpSection; readonly title: string };
export type Manual = { readonly title: string; readonly chapters: readonly Chapter[]; readonly html: string };

/** Where a picture of the manual is, as seen from `docs/`. */
const FOLDER = 'pictures/';
export const PICTURES = `/${FOLDER}`;

/**
 * From our own file alone, so that its HTML can be trusted.
 * @throws Error when it lacks a chapter that pages lead to
 */
export function readManual(file: URL, pictures: ReadonlyMap<string, Picture>): Manual {
  const marked = new Marked({ renderer: { image: ({ href, text }) => imageOf(href, text, pictures) } });
  const [first, ...rest] = marked.lexer(readFileSync(file, 'utf8'));
  const title = first?.type === 'heading' ? String(first.text) : '';
  const chapters: Chapter[] = [];
  const html = rest.map((token) => {
    const part = marked.parser([token]);
    const section = isChapter(token) ? helpSections[chapters.length] : undefined;
    if (section === undefined) return part;
    chapters.push({ section, title: token.type === 'heading' ? String(token['text']) : '' });
    return part.replace(/^<h2/, `<h2 id="${section}"`);
  });
  if (rest.filter(isChapter).length !== helpSections.length)
    throw new Error(`${file.pathname} does not have the chapters that pages lead to`);
  return { title, chapters, html: html.join('') };
}

function isChapter(token: Token): boolean {
  return token.type === 'heading' && token['depth'] === 2;
}

/** With its size, so that nothing moves while it comes; in words alone where it was not taken yet. */
function imageOf(href: string, alt: string, pictures: ReadonlyMap<string, Picture>): string {
  const said = alt.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  const picture = pictures.get(href.replace(FOLDER, ''));
  if (!picture) return `<em>${said}</em>`;
  const { width, height } = picture;
  return `<img src="/${href}" alt="${said}" width="${width}" height="${height}" loading="lazy">`;
}
