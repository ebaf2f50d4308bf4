import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { formatMoney } from '../../domain/money.js';
import { type Sale, type SaleView } from '../../domain/sale/sale.js';
import { viewOfSale } from '../../domain/sale/view.js';
import { saleStatusAttribute } from '../searchAttributes.js';

/** Shows a sale that is under way to operators. */
export function showSale(sale: Sale): void {
  const view = viewOfSale(sale);
  if (view) setCurrentDetails(detailsOfSale(view));
}

/** Shows a sale that rests; its search attribute costs an event, so only when it rests otherwise than before. */
export function publishSale(sale: Sale): void {
  const view = viewOfSale(sale);
  if (!view) return;
  setCurrentDetails(detailsOfSale(view));
  const shown = workflowInfo().typedSearchAttributes.get(saleStatusAttribute(view.status).key);
  if (shown !== view.status) upsertSearchAttributes([saleStatusAttribute(view.status)]);
}

/** Markdown for the sale's page in Temporal's UI. */
function detailsOfSale(sale: SaleView): string {
  const {
    status,
    currency,
    totalMinor,
    heldMinor,
    takenMinor,
    givenBackMinor,
    leftToPayMinor,
    holdExpiresAt,
    payments,
    returns,
  } = sale;
  const money = (amountMinor: number) => formatMoney(amountMinor, currency);
  return [
    `A basket of **${money(totalMinor)}**, **${status.replace('_', ' ')}**`,
    '',
    `- held ${money(heldMinor)}${status === 'held' ? ` until ${holdExpiresAt}` : ''}`,
    `- captured ${money(takenMinor)}, returned ${money(givenBackMinor)}`,
    `- left to pay otherwise ${money(leftToPayMinor)}`,
    '',
    '| payment | held | captured | returned |',
    '| --- | --- | --- | --- |',
    ...payments.map(
      (each) =>
        `| ${each.reference} | ${money(each.heldMinor)} | ${money(each.takenMinor)} | ${money(each.givenBackMinor)} |`,
    ),
    ...(returns.length === 0 ? [] : ['', '| return | amount | where it went |', '| --- | --- | --- |']),
    ...returns.slice(-MOST_RETURNS).map(({ at, amountMinor, returned }) => {
      const where = returned.map(({ reference, replacement }) =>
        replacement === null ? reference : `${replacement} in place of ${reference}`,
      );
      return `| ${at} | ${money(amountMinor)} | ${where.length > 3 ? `${where.length} payments` : where.join(', ')} |`;
    }),
  ].join('\n');
}

/** Details end at 20,000 bytes; a sale over 100 payments takes about 8,000. */
const MOST_RETURNS = 10;
