import { setHandler } from '@temporalio/workflow';
import type { SaleKey } from '../../domain/payment/command.js';
import { heldForSale, view } from '../../domain/payment/payment.js';
import { saleTotals, shortHash, type State } from '../../domain/payment/state.js';
import type { LiveFigure } from '../../domain/sale/figure.js';
import { commandQuery, figureQuery, paymentQuery, type RememberedCommand } from './messages.js';

/** What may be asked of a payment, at any time: nothing changes by it. */
export function answerQueries(state: State): void {
  setHandler(paymentQuery, () => view(state.payment, Date.now()), { description: 'The payment as it is now' });
  setHandler(commandQuery, (commandId) => remembered(state, commandId), {
    description: 'What became of a command: its commandId',
  });
  setHandler(figureQuery, (sale) => figureFor(state, sale), {
    description: 'What a sale took of it and got back: {"saleShopId":"main","saleId":"S-1"}',
  });
}

function figureFor({ memory, payment }: State, sale: SaleKey): LiveFigure {
  const heldMinor = heldForSale(payment, sale);
  return { ...saleTotals(memory, sale), heldMinor, payment: view(payment, Date.now()) };
}

function remembered({ memory }: State, commandId: unknown): RememberedCommand {
  const id = shortHash(String(commandId));
  const accepted = memory.accepted.get(id);
  if (accepted) return { outcome: 'accepted', revision: accepted.revision, at: accepted.at };
  const refused = memory.refused.get(id);
  if (!refused) return { outcome: 'unknown' };
  return { outcome: 'refused', revision: refused.revision, at: refused.at, code: refused.code };
}
