import type { FC } from 'hono/jsx';
import { balancesOf, findCustomers, type CustomerBalance, type FoundCustomer } from '../../db/customer/found.js';
import { within } from '../../db/outage.js';
import { isStorableText } from '../../domain/ids.js';
import { isPermitted } from '../../domain/roles.js';
import { roleOf } from '../../domain/staff.js';
import type { Session } from '../../service/staff/session.js';
import type { PageContext } from '../http/context.js';
import { TextField } from '../http/fields.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { isQuick, showingIn, Unanswered } from '../http/quick.js';
import type { Reader } from '../http/reader.js';
import { customerPath } from './address.js';
import { Contacts } from './contacts.js';

const PATIENCE_MS = 5_000;
const MOST_SHOWN = 50;
const MAX_LENGTH = 200;
const FOUND = 'customers-found';

type Hit = FoundCustomer & { readonly balances: readonly CustomerBalance[] };

/** Who is meant; exactly one, or the one with exactly this number, is gone to at once. */
export async function showSearch(c: PageContext, { listSql: sql }: PageParts): Promise<Response> {
  const reader = c.get('reader');
  const q = (c.req.query('q') ?? '').trim().slice(0, MAX_LENGTH);
  const asked = q === '' || !isStorableText(q) ? [] : await within(PATIENCE_MS, findCustomers(sql, q, MOST_SHOWN + 1));
  const [first] = asked;
  // Whoever is still typing means somebody else yet.
  if (!isQuick(c) && first && (asked.length === 1 || first.customerId.toLowerCase() === q.toLowerCase()))
    return c.redirect(customerPath(first.customerId), 303);
  const shown = asked.slice(0, MOST_SHOWN);
  const ids = shown.map(({ customerId }) => customerId);
  const balances = ids.length === 0 ? [] : await within(PATIENCE_MS, balancesOf(sql, ids));
  const hits = shown.map((each) => ({
    ...each,
    balances: balances.filter(({ customerId }) => customerId === each.customerId),
  }));
  const found = (
    <div id={FOUND} data-finds="q" aria-live="polite">
      {q !== '' && hits.length === 0 && <Nobody reader={reader} session={c.get('session')} q={q} />}
      {hits.length > 0 && <Hits reader={reader} hits={hits} extent={asked.length > MOST_SHOWN ? 'part' : 'all'} />}
    </div>
  );
  if (isQuick(c)) return c.html(found);
  return page(
    c,
    { title: reader.texts.customer.title, here: 'customers' },
    <>
      <SearchForm reader={reader} q={q} />
      {found}
    </>,
  );
}

const AS_TYPED = {
  'hx-get': '/customers',
  'hx-trigger': 'input changed delay:250ms',
  'hx-sync': 'this:replace',
  ...showingIn(FOUND),
};

const SearchForm: FC<{ reader: Reader; q: string }> = ({ reader, q }) => {
  const { search } = reader.texts.customer;
  return (
    <form class="sheet narrow customer-search" method="get" action="/customers" role="search">
      <TextField
        name="q"
        label={search.label}
        hint={search.hint}
        type="search"
        values={{ q }}
        errors={{}}
        autocomplete="off"
        maxlength={MAX_LENGTH}
        focus="first"
        quick={AS_TYPED}
      />
      <Unanswered reader={reader} />
      <div class="actions">
        <button>{search.send}</button>
      </div>
    </form>
  );
};

const Nobody: FC<{ reader: Reader; session: Session; q: string }> = ({ reader, session, q }) => {
  const { search, newPayment } = reader.texts.customer;
  return (
    <div class="empty" role="status">
      <p>{search.none(q)}</p>
      <p>{search.noneNext}</p>
      {isPermitted(roleOf(session.staffRole), 'issue') && (
        <p>
          <a href="/account-payments/new">{newPayment}</a>
        </p>
      )}
    </div>
  );
};

const Hits: FC<{ reader: Reader; hits: readonly Hit[]; extent: 'all' | 'part' }> = ({ reader, hits, extent }) => {
  const { texts, formats } = reader;
  const { search } = texts.customer;
  const count = formats.number(hits.length);
  return (
    <>
      <h2>{extent === 'all' ? search.found(count) : search.more(count)}</h2>
      <table class="customer-fold sheet">
        <caption>{search.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{search.name}</th>
            <th scope="col">{search.number}</th>
            <th scope="col" class="money">
              {search.balance}
            </th>
          </tr>
        </thead>
        <tbody>
          {hits.map(({ customerId, name, phone, email, balances }) => (
            <tr>
              <th scope="row">
                <a href={customerPath(customerId)}>
                  <bdi>{name ?? texts.customer.unnamed}</bdi>
                </a>
                <Contacts phone={phone} email={email} />
              </th>
              <td data-label={search.number}>{customerId}</td>
              <td class="money" data-label={search.balance}>
                {balances.length === 0 && search.nothing}
                {balances.map(({ currency, balanceMinor }) => (
                  <div>{formats.money(balanceMinor, currency)}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
};
