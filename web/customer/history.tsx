import type { FC } from 'hono/jsx';
import type { PaymentChoice } from '../../db/customer/payments.js';
import type { Usage } from '../../db/customer/usages.js';
import type { Session } from '../../service/staff/session.js';
import { SelectField, TextField } from '../http/fields.js';
import type { Reader } from '../http/reader.js';
import { customerPath, paymentPath } from './address.js';
import type { HistoryAsked, UsagesRead } from './historyAsked.js';
import { SaleName } from './saleName.js';

type Props = Pick<HistoryAsked, 'values' | 'errors'> &
  UsagesRead & {
    readonly reader: Reader;
    readonly session: Session;
    readonly customerId: string;
    /** Among which one may be chosen. */
    readonly payments: readonly PaymentChoice[];
  };

/** What sales took and gave back, with the balance before and after, a page at a time. */
export const History: FC<Props> = (props) => {
  const { reader, customerId, values, errors, usages, next, extent } = props;
  const { history } = reader.texts.customer;
  const chosen = { payment: values['payment'] ?? '', from: values['from'] ?? '', to: values['to'] ?? '' };
  const isFiltered = Object.values(chosen).some((value) => value !== '');
  const path = (before?: string) => {
    const query = new URLSearchParams(Object.entries(chosen).filter(([, value]) => value !== ''));
    if (before !== undefined) query.set('before', before);
    return `${customerPath(customerId)}${query.size > 0 ? '?' : ''}${query.toString()}#history`;
  };
  return (
    <>
      <Filter {...props} />
      {usages.length === 0 && Object.keys(errors).length === 0 && (
        <p class="sheet">{isFiltered ? history.noneFound : history.none}</p>
      )}
      {usages.length > 0 && <Usages {...props} />}
      <nav class="actions" aria-label={history.pages}>
        {isFiltered && <a href={`${customerPath(customerId)}#history`}>{history.all}</a>}
        {extent === 'further' && <a href={path()}>{history.newest}</a>}
        {next !== undefined && <a href={path(next)}>{history.older}</a>}
      </nav>
    </>
  );
};

const Filter: FC<Props> = ({ reader, customerId, values, errors, payments }) => {
  const { texts, formats } = reader;
  const { history, days } = texts.customer;
  const choices = payments.map(({ reference, purpose, amountMinor, currency }) => ({
    value: reference,
    label: `${reference}, ${texts.purposes[purpose]}, ${formats.money(amountMinor, currency)}`,
  }));
  const fields = { values, errors };
  return (
    <form class="sheet customer-filter" method="get" action={`${customerPath(customerId)}#history`}>
      <SelectField
        name="payment"
        label={history.payment}
        {...fields}
        choices={[{ value: '', label: history.allPayments }, ...choices]}
      />
      <TextField name="from" label={days.from} type="date" {...fields} />
      <TextField name="to" label={days.to} type="date" {...fields} />
      <button class="second">{history.filter}</button>
    </form>
  );
};

const Usages: FC<Props> = ({ reader, session, usages }) => {
  const { history, active } = reader.texts.customer;
  return (
    <table class="customer-fold customer-usages sheet">
      <caption>{history.caption}</caption>
      <thead>
        <tr>
          <th scope="col">{history.when}</th>
          <th scope="col">{active.payment}</th>
          <th scope="col">{history.sale}</th>
          <th scope="col" class="money">
            {history.before}
          </th>
          <th scope="col" class="money">
            {history.change}
          </th>
          <th scope="col" class="money">
            {history.after}
          </th>
        </tr>
      </thead>
      <tbody>
        {usages.map((usage) => (
          <Row reader={reader} session={session} usage={usage} />
        ))}
      </tbody>
    </table>
  );
};

const Row: FC<{ reader: Reader; session: Session; usage: Usage }> = ({ reader, session, usage }) => {
  const { texts, formats } = reader;
  const { history, active } = texts.customer;
  const { reference, currency, saleShopId, saleId } = usage;
  return (
    <tr>
      <td data-label={history.when}>{formats.instant(usage.movedAt)}</td>
      <td data-label={active.payment}>
        <a class="reference" href={paymentPath(reference)}>
          {reference}
        </a>
      </td>
      <td data-label={history.sale}>
        {history.kinds[usage.kind]} <SaleName shop={session.shop} saleShopId={saleShopId} saleId={saleId} />
        {usage.reason !== null && (
          <small>
            <bdi>{usage.reason}</bdi>
          </small>
        )}
      </td>
      <td class="money" data-label={history.before}>
        {formats.money(usage.balanceBeforeMinor, currency)}
      </td>
      <td class="money" data-label={history.change}>
        {formats.signedMoney(-usage.amountMinor, currency)}
      </td>
      <td class="money" data-label={history.after}>
        {formats.money(usage.balanceAfterMinor, currency)}
      </td>
    </tr>
  );
};
