import { raw } from 'hono/html';
import type { FC } from 'hono/jsx';
import { createRoutes, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedInOrNot } from '../http/signedIn.js';
import type { Language } from '../texts/texts.js';
import { PICTURES, readManual, type Chapter, type Manual } from './manual.js';
import { readPictures } from './pictures.js';

const DOCUMENTS = new URL('../../docs/', import.meta.url);

/** The manual for staff, as `docs/` has it, each chapter at an address of its own; and its pictures. */
export function helpRoutes({ desk }: PageParts): Pages {
  const pictures = readPictures(new URL('pictures/', DOCUMENTS));
  const read = (file: string) => readManual(new URL(file, DOCUMENTS), pictures);
  const manuals: Readonly<Record<Language, Manual>> = { en: read('staff.md'), de: read('staff.de.md') };
  return createRoutes()
    .get('/help', signedInOrNot(desk), (c) => {
      const { language, texts } = c.get('reader');
      const { title, chapters, html } = manuals[language];
      return page(
        c,
        { title },
        <div class="manual sheet">
          <Contents label={texts.menu.help} chapters={chapters} />
          {raw(html)}
        </div>,
      );
    })
    .get(`${PICTURES}:file`, (c) => {
      const picture = pictures.get(c.req.param('file'));
      if (!picture) throw new NotFound();
      return c.body(picture.bytes, 200, { 'Content-Type': 'image/png', 'Cache-Control': 'private, max-age=3600' });
    });
}

const Contents: FC<{ label: string; chapters: readonly Chapter[] }> = ({ label, chapters }) => (
  <nav aria-label={label}>
    <ul>
      {chapters.map(({ section, title }) => (
        <li>
          <a href={`#${section}`}>{title}</a>
        </li>
      ))}
    </ul>
  </nav>
);
