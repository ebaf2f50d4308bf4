import type { FC } from 'hono/jsx';
import { activePayments, customerTotals, type CustomerTotal } from '../../db/customer/accounts.js';
import { findContacts, type CustomerContacts } from '../../db/customer/contacts.js';
import { lastErasure, type Erased } from '../../db/customer/erasures.js';
import { lookAlikes } from '../../db/customer/lookAlikes.js';
import { balanceOverTime } from '../../db/customer/overTime.js';
import { endedLately, paymentsOf, productNames } from '../../db/customer/payments.js';
import { within } from '../../db/outage.js';
import type { Status } from '../../domain/payment/payment.js';
import { withLastDay } from '../../domain/payment/validity.js';
import { isPermitted } from '../../domain/roles.js';
import { roleOf } from '../../domain/staff.js';
import type { Session } from '../../service/staff/session.js';
import type { PageContext } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { ErrorSummary } from '../http/fields.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { ActivePayments } from './active.js';
import { customerIdOf, customerPath } from './address.js';
import { Contacts } from './contacts.js';
import { EndedPayments } from './ended.js';
import { History } from './history.js';
import { readHistory } from './historyAsked.js';
import { BalanceOverTime } from './overTime.js';

const PATIENCE_MS = 5_000;
/** Of each kind; hardly anybody has more. */
const MOST_PAYMENTS = 200;
const MOST_ALIKE = 10;

/** All of one customer: what is there, what is gone and why, and how it came to be. */
export async function showProfile(c: PageContext, parts: PageParts): Promise<Response> {
  const customerId = customerIdOf(c);
  const { session, reader } = c.var;
  const { timeZone, calendar } = session.shop;
  const history = readHistory(c, reader.texts.customer, calendar);
  const [known, totals, active, ended, days, usages] = await within(
    PATIENCE_MS,
    Promise.all([
      whoIs(parts, customerId),
      customerTotals(parts.listSql, customerId),
      activePayments(parts.listSql, customerId, MOST_PAYMENTS + 1),
      endedLately(parts.listSql, customerId, MOST_PAYMENTS + 1),
      balanceOverTime(parts.listSql, customerId, timeZone),
      history.read(parts.listSql, customerId),
    ]),
  );
  const { customer, payments, alike, erased } = known;
  const productIds = active.flatMap(({ productId }) => (productId === null ? [] : [productId]));
  const products = await within(PATIENCE_MS, productNames(parts.listSql, productIds));
  const { customer: texts } = reader.texts;
  const today = calendar.dayAt(parts.now());
  return page(
    c,
    { title: customer?.name ?? texts.unknown(customerId), here: 'customers', status: history.status },
    <>
      <ErrorSummary reader={reader} errors={history.errors} />
      <Done reader={reader} done={c.req.query('done')} />
      <Identity reader={reader} session={session} customerId={customerId} customer={customer} erased={erased} />
      <h2>{texts.total.title}</h2>
      <Totals reader={reader} totals={totals} />
      <Alike reader={reader} alike={alike} />
      <h2>{texts.active.title}</h2>
      <ActivePayments
        reader={reader}
        payments={active.slice(0, MOST_PAYMENTS).map((row) => withLastDay(row, session.shop))}
        products={products}
        nowMs={parts.now()}
      />
      {active.length > MOST_PAYMENTS && <More reader={reader} customerId={customerId} statuses={['active']} />}
      <h2>{texts.ended.title}</h2>
      <EndedPayments reader={reader} payments={ended.slice(0, MOST_PAYMENTS)} shop={session.shop} />
      {ended.length > MOST_PAYMENTS && (
        <More reader={reader} customerId={customerId} statuses={['used', 'expired', 'cancelled']} />
      )}
      <h2 id="history">{texts.history.title}</h2>
      <History reader={reader} session={session} customerId={customerId} {...history} payments={payments} {...usages} />
      <h2>{texts.overTime.title}</h2>
      <BalanceOverTime reader={reader} customerId={customerId} days={days} today={today} />
    </>,
  );
}

type MoreProps = { readonly reader: Reader; readonly customerId: string; readonly statuses: readonly Status[] };

/** Where those are that are not shown here. */
const More: FC<MoreProps> = ({ reader, customerId, statuses }) => {
  const { customer, statuses: named } = reader.texts;
  const query = new URLSearchParams({ customerId });
  for (const status of statuses) query.append('status', status);
  const which = statuses.map((status) => named[status]).join(', ');
  return (
    <p>
      {customer.more(reader.formats.number(MOST_PAYMENTS))}{' '}
      <a href={`/account-payments?${query.toString()}`}>{customer.allOf(which)}</a>
    </p>
  );
};

/** @throws NotFound when neither a name nor a payment is known, nor that there was a name */
async function whoIs({ listSql: sql }: PageParts, customerId: string) {
  const [customer, payments, erased] = await Promise.all([
    findContacts(sql, customerId),
    paymentsOf(sql, customerId, MOST_PAYMENTS),
    lastErasure(sql, customerId),
  ]);
  if (!customer && payments.length === 0 && !erased) throw new NotFound();
  const alike = customer ? await lookAlikes(sql, customer, MOST_ALIKE) : [];
  return { customer, payments, alike, erased };
}

type IdentityProps = {
  readonly reader: Reader;
  readonly session: Session;
  readonly customerId: string;
  readonly customer: CustomerContacts | undefined;
  readonly erased: Erased | undefined;
};

const dones = ['changed', 'erased'] as const;

const Done: FC<{ reader: Reader; done: string | undefined }> = ({ reader, done }) => {
  const told = dones.find((each) => each === done);
  return told === undefined ? null : (
    <p class="notice" role="status">
      {reader.texts.customer.done[told]}
    </p>
  );
};

const Identity: FC<IdentityProps> = ({ reader, session, customerId, customer, erased }) => {
  const { customer: texts } = reader.texts;
  const role = roleOf(session.staffRole);
  const query = new URLSearchParams({ customerId }).toString();
  return (
    <>
      {customer && <p>{texts.number(customerId)}</p>}
      {!customer && !erased && <p>{texts.onlyPayments}</p>}
      {erased && (
        <p>
          {texts.erase.wasErased(reader.formats.instant(erased.erasedAt), erased.erasedBy)}{' '}
          <small>
            <bdi>{erased.reason}</bdi>
          </small>
        </p>
      )}
      {customer && <Contacts phone={customer.phone} email={customer.email} />}
      <div class="actions">
        {isPermitted(role, 'spend') && (
          <a class="button" href={`/till?${query}`}>
            {texts.useAtTill}
          </a>
        )}
        {isPermitted(role, 'issue') && (
          <a class="button second" href={`/account-payments/new?${query}`}>
            {texts.newPayment}
          </a>
        )}
        <a class="button second" href={customerPath(customerId, '/statement')}>
          {texts.statement.open}
        </a>
        {isPermitted(role, 'issue') && (
          <>
            <a href={customerPath(customerId, '/contacts')}>{texts.change.open}</a>
            <a href={customerPath(customerId, '/erase')}>{texts.erase.open}</a>
          </>
        )}
        {isPermitted(role, 'manage') && <a href={customerPath(customerId, '/data.json')}>{texts.allData}</a>}
      </div>
    </>
  );
};

const Alike: FC<{ reader: Reader; alike: readonly CustomerContacts[] }> = ({ reader, alike }) => {
  const { customer: texts } = reader.texts;
  if (alike.length === 0) return null;
  return (
    <section class="notice amber" aria-labelledby="alike">
      <h2 id="alike" class="customer-small">
        {texts.alike.title}
      </h2>
      <p>{texts.alike.why}</p>
      <ul>
        {alike.map(({ customerId, name, phone, email }) => (
          <li>
            <a href={customerPath(customerId)}>
              <bdi>{name}</bdi>, {customerId}
            </a>
            <Contacts phone={phone} email={email} />
          </li>
        ))}
      </ul>
    </section>
  );
};

const Totals: FC<{ reader: Reader; totals: readonly CustomerTotal[] }> = ({ reader, totals }) => {
  const { texts, formats } = reader;
  const { total } = texts.customer;
  if (totals.length === 0) return <p>{total.nothing}</p>;
  return (
    <ul class="tiles">
      {totals.map(({ currency, balanceMinor, heldMinor, availableMinor }) => (
        <li class="tile">
          <b>{formats.money(balanceMinor, currency)}</b>
          <span>
            {total.available(formats.money(availableMinor, currency))}
            {heldMinor > 0 && <div>{total.held(formats.money(heldMinor, currency))}</div>}
          </span>
        </li>
      ))}
    </ul>
  );
};
