import type { FC } from 'hono/jsx';
import { findCustomer } from '../../db/customer/customers.js';
import { paymentsOf } from '../../db/customer/payments.js';
import { movementsBetween, openingBalances } from '../../db/customer/statement.js';
import { within } from '../../db/outage.js';
import { daysAfter, endOfDay, instantOf, startOfDay } from '../../domain/instants.js';
import type { Session } from '../../service/staff/session.js';
import type { PageContext } from '../http/context.js';
import { NotFound } from '../http/faults.js';
import { ErrorSummary, TextField, type Errors } from '../http/fields.js';
import type { Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { PrintButton } from '../http/quick.js';
import type { Reader } from '../http/reader.js';
import { customerIdOf, customerPath } from './address.js';
import { readDays } from './days.js';
import { accountsOf, Account } from './statementAccount.js';

const PATIENCE_MS = 5_000;
/** More on one page would keep tills waiting while it is written. */
const MOST_MOVEMENTS = 2_000;

/** What a customer had, every movement, and what was left then: to print. */
export async function showStatement(c: PageContext, parts: PageParts): Promise<Response> {
  const customerId = customerIdOf(c);
  const { reader, session } = c.var;
  const { calendar } = session.shop;
  const today = calendar.dayAt(parts.now());
  const { errors, ...asked } = readDays({ ...c.req.query() }, reader.texts.customer);
  const name = await within(PATIENCE_MS, nameOf(parts, customerId));
  const values = { from: asked.from ?? firstOfMonth(asked.to ?? today), to: asked.to ?? today };
  const { statement } = reader.texts.customer;
  const framed = { title: statement.title, here: 'customers' } as const;
  const form = (wrong: Errors) => (
    <Period reader={reader} customerId={customerId} today={today} values={values} errors={wrong} />
  );
  const refused = (wrong: Errors) => page(c, { ...framed, status: 422 }, form(wrong));
  if (Object.keys(errors).length > 0) return refused(errors);
  const { days: wrong } = reader.texts.customer;
  // Of days that are still to come nothing can be told.
  if (values.from > today) return refused({ from: wrong.future });
  if (values.to < values.from) return refused({ to: wrong.reversed });
  const to = values.to > today ? today : values.to;
  const period = {
    from: startOfDay(values.from, calendar) ?? values.from,
    until: endOfDay(to, calendar) ?? instantOf(parts.now()),
  };
  const [openings, movements] = await within(
    PATIENCE_MS,
    Promise.all([
      openingBalances(parts.listSql, customerId, period.from),
      movementsBetween(parts.listSql, customerId, period, MOST_MOVEMENTS + 1),
    ]),
  );
  if (movements.length > MOST_MOVEMENTS)
    return refused({ from: statement.tooMany(reader.formats.number(MOST_MOVEMENTS)) });
  const days = { from: values.from, to };
  const accounts = accountsOf(openings, movements);
  return page(
    c,
    framed,
    <>
      {form({})}
      <Head reader={reader} session={session} customerId={customerId} name={name} {...days} now={parts.now()} />
      {accounts.length === 0 && <p class="sheet">{statement.nothing}</p>}
      {accounts.map((account) => (
        <Account reader={reader} shop={session.shop} account={account} {...days} />
      ))}
    </>,
  );
}

/** @throws NotFound when neither a name nor a payment is known */
async function nameOf({ listSql: sql }: PageParts, customerId: string): Promise<string | undefined> {
  const [customer, payments] = await Promise.all([findCustomer(sql, customerId), paymentsOf(sql, customerId, 1)]);
  if (!customer && payments.length === 0) throw new NotFound();
  return customer?.name;
}

type PeriodProps = {
  readonly reader: Reader;
  readonly customerId: string;
  readonly today: string;
  readonly values: Values;
  readonly errors: Errors;
};

/** Which days a statement is of; not printed. */
const Period: FC<PeriodProps> = ({ reader, customerId, today, values, errors }) => {
  const { statement, days, backToProfile } = reader.texts.customer;
  const path = customerPath(customerId, '/statement');
  const month = firstOfMonth(today);
  const lastMonth = firstOfMonth(daysAfter(month, -1));
  const ways = [
    { label: statement.thisMonth, from: month, to: today },
    { label: statement.lastMonth, from: lastMonth, to: daysAfter(month, -1) },
    { label: statement.thisYear, from: `${today.slice(0, 4)}-01-01`, to: today },
  ];
  return (
    <div class="customer-unprinted">
      <ErrorSummary reader={reader} errors={errors} />
      <p>
        <a href={customerPath(customerId)}>{backToProfile}</a>
      </p>
      <form class="sheet customer-filter days" method="get" action={path}>
        <TextField name="from" label={days.from} type="date" values={values} errors={errors} />
        <TextField name="to" label={days.to} type="date" values={values} errors={errors} />
        <button class="second">{statement.show}</button>
      </form>
      <nav class="actions" aria-label={statement.periods}>
        {ways.map(({ label, from, to }) => (
          <a href={`${path}?${new URLSearchParams({ from, to }).toString()}`}>{label}</a>
        ))}
      </nav>
      <p>
        {statement.howToPrint} <PrintButton reader={reader} />
      </p>
    </div>
  );
};

type HeadProps = {
  readonly reader: Reader;
  readonly session: Session;
  readonly customerId: string;
  readonly name: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly now: number;
};

const Head: FC<HeadProps> = ({ reader, session, customerId, name, from, to, now }) => {
  const { formats, texts } = reader;
  const { statement, search } = texts.customer;
  const { shop } = session;
  return (
    <dl class="facts">
      <dt>{statement.shop}</dt>
      <dd>
        <bdi>{shop.legalEntity}</bdi>
        {shop.name !== shop.legalEntity && (
          <>
            , <bdi>{shop.name}</bdi>
          </>
        )}
      </dd>
      <dt>{statement.customer}</dt>
      <dd>
        {name !== undefined && (
          <>
            <bdi>{name}</bdi>,{' '}
          </>
        )}
        {search.number} {customerId}
      </dd>
      <dt>{statement.period}</dt>
      <dd>{statement.fromTo(formats.day(from), formats.day(to))}</dd>
      <dt>{statement.drawnUp}</dt>
      <dd>{formats.instant(instantOf(now))}</dd>
    </dl>
  );
};

function firstOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}
