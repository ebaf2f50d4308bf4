import type { FC } from 'hono/jsx';
import { lastDayBefore } from '../../domain/instants.js';
import { readReference } from '../../domain/reference.js';
import { inEnglish } from '../../service/payment/explanation/english.js';
import { inGerman } from '../../service/payment/explanation/german.js';
import { readLife } from '../../service/payment/explanation/read.js';
import { explain, type Told, type ToldOfKin } from '../../service/payment/explanation/tell.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { signedIn } from '../http/signedIn.js';
import type { Language } from '../texts/texts.js';
import { addressOf } from './act/pages.js';

/** The life of a payment in sentences. */
export function explanationRoutes(parts: PageParts): Pages {
  return createRoutes().get('/account-payments/:reference/explanation', signedIn(parts.desk, 'read'), (c) =>
    show(c, parts),
  );
}

const sentencesIn = { en: inEnglish, de: inGerman } as const satisfies Readonly<Record<Language, typeof inEnglish>>;

async function show(c: PageContext, parts: PageParts): Promise<Response> {
  const reference = readReference(c.req.param('reference') ?? '');
  const known = reference === undefined ? undefined : await readLife(parts, reference);
  if (!known) throw new NotFound();
  const { reader, session } = c.var;
  const { formats, language } = reader;
  const { explanation: texts } = reader.texts.payment;
  const { currency } = known.payment;
  const { happened, cameFrom, wentOnAs, total, remarks } = explain(known, {
    sentences: sentencesIn[language],
    money: (amountMinor) => formats.money(amountMinor, currency),
    number: formats.number,
    instant: (instant) => texts.on(formats.instant(instant)),
    lastDay: (end) => formats.day(lastDayBefore(end, session.shop.calendar)),
  });
  const address = addressOf(known.payment.reference);
  return page(
    c,
    { title: texts.titleOf(known.payment.reference), here: 'payments' },
    <>
      <p>
        <a href={address}>{texts.back}</a>
      </p>
      <h2>{texts.total}</h2>
      <p class="sheet">{total}</p>
      <Kin title={texts.cameFrom} kin={cameFrom} />
      <h2>{texts.happened}</h2>
      <ol class="timeline">
        {happened.map((told) => (
          <Sentence told={told} reader={reader} address={address} />
        ))}
      </ol>
      {remarks.map((remark) => (
        <p>{remark}</p>
      ))}
      <Kin title={texts.wentOnAs} kin={wentOnAs} />
    </>,
  );
}

const Sentence: FC<{ told: Told; reader: Reader; address: string }> = ({ told, reader, address }) => (
  <li class="before accepted">
    <p dir="auto">
      <Linked text={told.text} />
    </p>
    <p class="who-when">
      <time datetime={told.at}>{reader.formats.instant(told.at)}</time>
      {' · '}
      <a href={`${address}?before=${told.revision + 1}#history`}>{reader.texts.payment.explanation.inHistory}</a>
    </p>
  </li>
);

const Kin: FC<{ title: string; kin: readonly ToldOfKin[] }> = ({ title, kin }) =>
  kin.length === 0 ? null : (
    <section>
      <h2>{title}</h2>
      <ul>
        {kin.map(({ text }) => (
          <li>
            <Linked text={text} />
          </li>
        ))}
      </ul>
    </section>
  );

const REFERENCE = /(ACC-\d{8}-[0-9A-HJKMNP-TV-Z]{8})/;

/** Each payment that a sentence names leads to that payment. */
const Linked: FC<{ text: string }> = ({ text }) => (
  <>{text.split(REFERENCE).map((part) => (REFERENCE.test(part) ? <a href={addressOf(part)}>{part}</a> : part))}</>
);
