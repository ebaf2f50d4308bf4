import type { SaleKey, Wish } from '../../domain/payment/command.js';
import type { SaleAnswer } from '../../workflows/sale/messages.js';
import type { SaleCommand } from '../../domain/sale/sale.js';
import type { Who } from '../asking.js';
import type { CallerLimit, Sent } from '../payment/callerLimit.js';

/** How many commands a sale sends to each payment that it draws on. A hold counts with what ends it. */
function commandsOf(wish: Wish<SaleCommand>): number {
  switch (wish.kind) {
    case 'hold':
      return 2;
    // One payment alone is taken from at once.
    case 'settle':
      return wish.payments.length === 1 ? 1 : 2;
    case 'capture':
      return wish.heldUntil === undefined ? 0 : 1;
    case 'release':
      return 0;
    case 'return':
      return wish.extent === 'preview' ? 0 : 1;
  }
}

/**
 * Counts what a sale is going to send for a caller. Which payments a capture or a return concerns is known from what
 * this sale answered before, and where nothing is, counted when it has answered.
 */
export function countOfSale(limit: CallerLimit, who: Who, sale: SaleKey, wish: Wish<SaleCommand>) {
  const commands = commandsOf(wish);
  const isNamed = wish.kind === 'hold' || wish.kind === 'settle';
  const references = isNamed ? wish.payments.map(({ reference }) => reference) : limit.drawnBy(who, sale);
  const sent: Sent = { references: commands > 0 ? references : [], commands };
  const standing = limit.count(who, sent);

  function told(answer: SaleAnswer): void {
    const unknown = answer.outcome === 'refused' ? answer.refusal.payments.filter(isUnknown) : [];
    limit.forget(who, { references: unknown.map(({ reference }) => reference), commands });
    const drawn = answer.sale?.payments.map(({ reference }) => reference) ?? [];
    if (drawn.length === 0) return;
    limit.noteDrawn(who, sale, drawn);
    if (references.length === 0 && commands > 0) limit.count(who, { references: drawn, commands });
  }

  return { standing, told };
}

function isUnknown({ code }: { readonly code: string }): boolean {
  return code === 'payment_not_found';
}
