import type { FC } from 'hono/jsx';
import { scannedReferences } from '../../domain/reference.js';
import { within } from '../../db/outage.js';
import { listAccountPayments, positionOf, type PaymentPosition } from '../../db/payment/list.js';
import { overviewOf } from '../../db/payment/overview.js';
import { readScanned } from '../../service/payment/readScanned.js';
import { csvFile } from '../http/csvFile.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedIn } from '../http/signedIn.js';
import { addressOf, AFTER, changed, isTidy, readAddress, type Asked } from './listAddress.js';
import { csvOf } from './listCsv.js';
import { Chips, Filters } from './listFilters.js';
import { namesOf } from './listNames.js';
import { writePosition } from './listPosition.js';
import { Empty, Ignored, type Said } from './listSaid.js';
import { PaymentTable } from './listTable.js';
import { edgesOf, expiringAt, Tiles } from './listTiles.js';

const PAGE_SIZE = 50;
const PATIENCE_MS = 5_000;
const CSV_PATH = '/account-payments.csv';

/** Sales › Customer Account Payments, and the same list as a file. */
export function listRoutes(parts: PageParts): Pages {
  return createRoutes()
    .get('/account-payments', signedIn(parts.desk, 'read'), (c) => showList(c, parts))
    .get(CSV_PATH, signedIn(parts.desk, 'read'), (c) => {
      const { filter, sorting } = askedBy(c);
      const { shop } = c.get('session');
      const today = shop.calendar.dayAt(parts.now());
      return csvFile(c, `account-payments-${today}`, csvOf(parts.listSql, { filter, sorting, shop }));
    });
}

function askedBy(c: PageContext): Asked {
  const { shop } = c.get('session');
  const { decimalMark } = c.get('reader').formats;
  return readAddress(new URL(c.req.url).searchParams, { shop, decimalMark });
}

async function showList(c: PageContext, parts: PageParts): Promise<Response> {
  const { shop, shops, staffRole } = c.get('session');
  const reader = c.get('reader');
  const asked = askedBy(c);
  const { q = '' } = asked.filter;
  const found = await readScanned(parts, q, shop);
  if (typeof found !== 'string') return c.redirect(`/account-payments/${found.reference}`, 303);
  // What a form adds without saying anything does not stand in an address that is sent to somebody.
  if (!isTidy(new URL(c.req.url).searchParams, asked))
    return c.redirect(addressOf([...asked.entries, ...asked.ignored]), 303);

  const expiring = expiringAt(parts.now(), shop);
  const paging = { position: asked.position, limit: PAGE_SIZE + 1 };
  const [listed, overview] = await within(
    PATIENCE_MS,
    Promise.all([
      listAccountPayments(parts.listSql, asked.filter, asked.sorting, paging),
      overviewOf(parts.listSql, edgesOf(expiring, shop)),
    ]),
  );
  const rows = listed.slice(0, PAGE_SIZE);
  const names = await namesOf(parts.listSql, rows);
  const last = listed.length > PAGE_SIZE ? rows.at(-1) : undefined;
  const next = last && positionOf(last, asked.sorting.by);
  const said = { reader, asked };
  return page(
    c,
    { title: reader.texts.list.title, here: 'payments' },
    <>
      <Tiles reader={reader} overview={overview} expiring={expiring} shop={shop} />
      <Ignored {...said} />
      <Filters {...said} shop={shop} shops={shops} />
      <Chips {...said} shops={shops} />
      {rows.length === 0 ? (
        <Empty {...said} scanned={scannedReferences(q)[0]} staffRole={staffRole} />
      ) : (
        <PaymentTable {...said} shop={shop} rows={rows} names={names} />
      )}
      <Paging {...said} next={next} />
    </>,
  );
}

const Paging: FC<Said & { next: PaymentPosition | undefined }> = ({ reader, asked, next }) => {
  const { list } = reader.texts;
  const ofList = asked.entries.filter(([name]) => name !== AFTER);
  return (
    <nav class="actions" aria-label={list.pages}>
      {asked.position !== undefined && (
        <a class="button second" href={addressOf(ofList)}>
          {list.first}
        </a>
      )}
      {next && (
        <a class="button" href={addressOf(changed(asked.entries, AFTER, [writePosition(next)]))}>
          {list.next}
        </a>
      )}
      <a href={addressOf(ofList, CSV_PATH)}>{list.download}</a>
    </nav>
  );
};
