import type { SaleKey } from '../payment/command.js';
import { saleHash, type PlainState, type SaleTotals } from '../payment/state.js';
import { commandOf, movementOf, type BookedPayment } from './booked.js';
import type { Difference, Say } from './difference.js';
import type { Told } from './told.js';

/** What each sale took of it, got back and left as a fee: in the books, and as the workflow has it. */
export function compareSales(say: Say, { row, movements, commands }: BookedPayment, told: Told): Difference[] {
  const books = new Totals();
  for (const movement of movements) books.addMovement(movement, 1);
  for (const command of commands) books.addFee(command, 1);
  const actor = Totals.of(told.base?.sales ?? []);
  for (const record of told.records) {
    const sign = signOf(record.revision, told.base, row.revision);
    const movement = movementOf(record);
    if (sign !== 0 && movement) actor.addMovement(movement, sign);
    if (sign !== 0) actor.addFee(commandOf(record), sign);
  }
  const hashes = new Set([...books.hashes(), ...actor.hashes()]);
  return [...hashes].flatMap((hash) => {
    const [inBooks, inActor] = [books.textOf(hash), actor.textOf(hash)];
    return inBooks === inActor ? [] : [say('sale', books.nameOf(hash) ?? actor.nameOf(hash) ?? hash, inBooks, inActor)];
  });
}

/** What was decided after the state that a run went on from is added to it; what the books do not have yet is not. */
function signOf(revision: number, base: PlainState | null, booked: number): 1 | 0 | -1 {
  const isInBase = base !== null && revision <= base.payment.revision;
  if (revision <= booked) return isInBase ? 0 : 1;
  return isInBase ? -1 : 0;
}

type Moved = { kind: string; amountMinor: number; saleShopId: string | null; saleId: string | null };
type Kept = { outcome: string; keptMinor: number; saleShopId: string | null; saleId: string | null };

/** By the hash of a sale, which is all that a workflow keeps of its name. */
class Totals {
  private readonly totals = new Map<string, SaleTotals>();
  private readonly names = new Map<string, string>();

  static of(sales: PlainState['sales']): Totals {
    const totals = new Totals();
    for (const [hash, takenMinor, givenBackMinor, keptMinor] of sales)
      totals.totals.set(hash, { takenMinor, givenBackMinor, keptMinor });
    return totals;
  }

  addMovement({ kind, amountMinor, saleShopId, saleId }: Moved, sign: 1 | -1): void {
    if (saleShopId === null || saleId === null) return;
    if (kind === 'applied') this.add({ saleShopId, saleId }, 'takenMinor', -sign * amountMinor);
    if (kind === 'refunded') this.add({ saleShopId, saleId }, 'givenBackMinor', sign * amountMinor);
  }

  addFee({ outcome, keptMinor, saleShopId, saleId }: Kept, sign: 1 | -1): void {
    if (outcome !== 'accepted' || keptMinor === 0 || saleShopId === null || saleId === null) return;
    this.add({ saleShopId, saleId }, 'keptMinor', sign * keptMinor);
  }

  private add(sale: SaleKey, what: keyof SaleTotals, amountMinor: number): void {
    const hash = saleHash(sale);
    const before = this.totals.get(hash) ?? { takenMinor: 0, givenBackMinor: 0, keptMinor: 0 };
    this.totals.set(hash, { ...before, [what]: before[what] + amountMinor });
    this.names.set(hash, `${sale.saleShopId}/${sale.saleId}`);
  }

  hashes(): Iterable<string> {
    return this.totals.keys();
  }

  nameOf(hash: string): string | undefined {
    return this.names.get(hash);
  }

  textOf(hash: string): string {
    const { takenMinor, givenBackMinor, keptMinor } = this.totals.get(hash) ?? NOTHING;
    return `took ${takenMinor}, got back ${givenBackMinor}, left ${keptMinor} as a fee`;
  }
}

const NOTHING: SaleTotals = { takenMinor: 0, givenBackMinor: 0, keptMinor: 0 };
