import type { Close } from '../../db/finance/closes.js';
import { formatMoney } from '../../domain/money.js';

/** A close as it is printed and kept. */
export function printedClose(close: Close): string {
  const { kind, legalEntity, shopId, firstDay, lastDay, position, closedAt, closedBy } = close;
  const whose = shopId === '' ? legalEntity : `${legalEntity}, shop ${shopId}`;
  const title = kind === 'reopening' ? 'Opened again' : 'Closed';
  return [
    `${title}: ${whose}, ${firstDay} to ${lastDay}`,
    `  number ${position} of ${legalEntity}, ${closedAt}, by ${closedBy}`,
    ...(close.reason === null ? [] : [`  because: ${close.reason}`]),
    ...(kind === 'reopening' ? [] : movements(close)),
    ...close.totals.flatMap(({ currency, openingMinor, closingMinor, ...total }) => [
      ...(openingMinor === undefined ? [] : [`  owed before    ${formatMoney(openingMinor, currency)}`]),
      ...total.categories.map(
        ({ category, amountMinor }) => `    ${category.padEnd(20)} ${formatMoney(amountMinor, currency)}`,
      ),
      ...(closingMinor === undefined ? [] : [`  owed at end    ${formatMoney(closingMinor, currency)}`]),
      `  received       ${formatMoney(total.receivedMinor, currency)}`,
      `  received ever  ${formatMoney(total.perpetualReceivedMinor, currency)}`,
    ]),
    `  head ${close.head}`,
  ].join('\n');
}

/** A day that was closed together with a month, in a line: its head is kept with that one's. */
export function printedDay({ shopId, firstDay, position, head }: Close): string {
  return `  day ${firstDay} of shop ${shopId}: number ${position}, head ${head}`;
}

function movements({ movementCount, lateCount, unrecordedCount }: Close): string[] {
  const waiting =
    unrecordedCount === null
      ? 'Temporal could not tell, or not in time, what waits'
      : `${unrecordedCount} decisions of all entities not yet recorded`;
  return [`  ${movementCount} movements, ${lateCount} of them late; ${waiting}`];
}
