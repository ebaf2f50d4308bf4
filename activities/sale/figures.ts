import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Sql } from '../../db/connect.js';
import { whileAway } from '../../db/outage.js';
import { unrecordedReplacements } from '../../db/payment/issueReservations.js';
import { bookedFigures } from '../../db/payment/refundable.js';
import { findForeignSteps } from '../../db/payment/commands.js';
import { together, type Slots } from '../../db/slots.js';
import { findBasket, findReturns } from '../../db/sale/saleCommands.js';
import { findBegunReturn } from '../../db/sale/salePlans.js';
import type { SaleKey } from '../../domain/payment/command.js';
import { hasEnded } from '../../domain/payment/payment.js';
import { figureOf, type BookedFigure, type LiveFigure } from '../../domain/sale/figure.js';
import type { SaleFigure } from '../../domain/sale/return.js';
import { parentInSale, saleStepId } from '../../domain/sale/stepId.js';
import type { Figures, StepThere } from '../../workflows/activities.js';
import { startReserved } from '../payment/issue.js';
import { haveBegun } from './begun.js';
import { wasCarriedOut } from './earlierRuns.js';

/** With that for the books it fits into the time of the activity: one that gives up too soon only asks once more. */
const PATIENCE_MS = 6_000;
const BOOKS_PATIENCE_MS = 2_000;

type Parts = { client: Client; sql: Sql; asking: Slots };

/**
 * Asks every payment that a sale took from what it still has: the payment itself as long as its workflow is there, and
 * the books for what was given back in its place. What a return that was cut off has only reserved is started: it
 * counts as given back.
 * @param known the payments that the sale itself knows of, in the order in which it uses them
 * @param workflowId the sale's own, which asks
 * @param returnId of a return: whether a payment has decided a step of it is asked, too
 * @param planned the payments that its plan names: steps of these are to be there
 * @returns `undefined` when the books are away and cannot be done without
 */
export async function figuresOf(
  { taskQueue, workflowId, ...parts }: Parts & { taskQueue: string; workflowId: string },
  sale: SaleKey,
  known: readonly string[],
  returnId?: string,
  planned: readonly string[] = [],
): Promise<Figures | undefined> {
  const { client, sql, asking } = parts;
  const books = await booksOf(sql, asking, sale, returnId);
  if (!books && known.length === 0) return undefined;
  await Promise.all((books?.unstarted ?? []).map((reserved) => startReserved(parts, reserved, taskQueue)));
  const booked = books?.booked ?? [];
  const others = booked.map(({ reference }) => reference).filter((reference) => !known.includes(reference));
  const references = [...others, ...known];
  const isUnplanned = (reference: string) => !planned.includes(reference);
  const hasBegun = (books?.begun?.plan.parts ?? []).some(({ reference }) => isUnplanned(reference));
  const [figures, standing, before] = await Promise.all([
    Promise.all(
      references.map((reference) =>
        ask(client, sale, reference, books ? booked.find((each) => each.reference === reference) : 'away'),
      ),
    ),
    hasBegun ? ('begun' as const) : standingOf(parts, sale, returnId, references.filter(isUnplanned)),
    returnId === undefined || planned.length > 0 ? ('new' as const) : wasCarriedOut(client, workflowId, returnId),
  ]);
  if (figures.includes('unknown') || standing === 'unknown') return undefined;
  const told = figures.filter((figure) => figure !== 'unknown').filter((figure) => figure !== undefined);
  return {
    books: books ? 'there' : 'away',
    figures: told,
    lines: books?.basket ?? null,
    returns: books?.returns ?? [],
    standing: before === 'begun' ? before : standing,
    inPlaceOf: books?.begun?.inPlaceOf ?? [],
  };
}

/** What the payments say of it, and `unknown` without the books where they are needed. */
async function standingOf(
  parts: Parts,
  sale: SaleKey,
  returnId: string | undefined,
  references: readonly string[],
): Promise<'begun' | 'new' | 'unknown'> {
  if (returnId === undefined) return 'new';
  return askPayments(parts, sale, returnId, references).catch(whileAway('unknown'));
}

/** A step's id under which a payment did something else is no step: the payment will refuse it. */
async function askPayments(
  parts: Parts,
  sale: SaleKey,
  returnId: string,
  references: readonly string[],
): Promise<'begun' | 'new'> {
  const steps = references.map((reference): StepThere => {
    return { reference, commandId: saleStepId(sale, returnId, 'refund', reference, '1') };
  });
  if ((await haveBegun(parts, steps)) === 'new') return 'new';
  const foreign = await parts.asking(BOOKS_PATIENCE_MS, () =>
    findForeignSteps(parts.sql, steps, 'refund', parentInSale(sale, returnId)),
  );
  const own = steps.filter(({ reference }) => !foreign.includes(reference));
  return own.length === steps.length ? 'begun' : haveBegun(parts, own);
}

/** Of a return also what they have of it: it may have given something back, or kept a fee, where no payment says so. */
async function booksOf(sql: Sql, asking: Slots, sale: SaleKey, returnId: string | undefined) {
  const books = await asking(BOOKS_PATIENCE_MS, () =>
    together([
      bookedFigures(sql, sale),
      findBasket(sql, sale),
      findReturns(sql, sale),
      unrecordedReplacements(sql, sale),
      returnId === undefined ? Promise.resolve(undefined) : findBegunReturn(sql, sale, returnId),
    ]),
  ).catch(whileAway(undefined));
  if (!books) return undefined;
  const [booked, basket, returns, unstarted, begun] = books;
  return { booked, basket, returns, unstarted, begun };
}

/** An ended payment without its books cannot say what was given back in its place. */
async function ask(
  client: Client,
  sale: SaleKey,
  reference: string,
  booked: BookedFigure | undefined | 'away',
): Promise<SaleFigure | undefined | 'unknown'> {
  const live = await liveFigure(client, sale, reference);
  if (booked !== 'away') return figureOf(live, booked);
  if (!live || hasEnded(live.payment)) return 'unknown';
  return figureOf(live, undefined);
}

async function liveFigure(client: Client, sale: SaleKey, reference: string): Promise<LiveFigure | undefined> {
  try {
    const handle = client.workflow.getHandle(reference);
    return await client.withDeadline(Date.now() + PATIENCE_MS, () =>
      handle.query<LiveFigure, [SaleKey]>('saleFigure', sale),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
