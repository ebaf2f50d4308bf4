import { countOf, MOST } from '../../service/attention/attention.js';
import { createRoutes, type Pages } from '../http/context.js';
import { attentionOf, page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';
import { Differences } from './differences.js';
import { Frozen, Gifts, Missing, Sales, Signals } from './sections.js';

/** What cannot settle itself, each with what a person does about it. */
export function attentionRoutes({ desk }: PageParts): Pages {
  return createRoutes().get('/attention', signedIn(desk, 'manage'), async (c) => {
    const reader = c.get('reader');
    const { attention } = reader.texts;
    const waiting = await c.get('attention').list(attentionOf(c.get('session')));
    const isCut = [waiting.frozen, waiting.gifts, waiting.signals, waiting.sales, waiting.differences].some(
      (each) => each.length >= MOST,
    );
    const body =
      countOf(waiting) === 0 ? (
        <p class="empty sheet">{attention.none}</p>
      ) : (
        <>
          <p>{attention.intro}</p>
          {isCut && <p>{attention.more(reader.formats.number(MOST))}</p>}
          <Missing reader={reader} missing={waiting.missing} />
          <Differences reader={reader} differences={waiting.differences} />
          <Frozen reader={reader} frozen={waiting.frozen} />
          <Sales reader={reader} sales={waiting.sales} />
          <Gifts reader={reader} gifts={waiting.gifts} />
          <Signals reader={reader} signals={waiting.signals} />
        </>
      );
    return page(c, { title: attention.title, here: 'attention' }, body);
  });
}
