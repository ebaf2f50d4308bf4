import type { AccountPayment, Movement, Status } from './payment.js';
import type { By, Command, FreezeCause, Issue, Parent, SaleKey } from './command.js';
import type { Instant } from '../instants.js';
import type { RefusalCode } from '../refusals.js';
import { jsonBytes } from '../json.js';
import { sha256 } from '../sha256.js';
import type { RulesNumber } from './rules.js';

/** What is kept of an accepted command, for good: enough to recognise it and to tell what it moved. */
export type Accepted = {
  readonly bodyHash: string;
  readonly revision: number;
  readonly at: Instant;
  /** Of the movement that it made; 0 when it made none. */
  readonly sequence: number;
  readonly balanceBeforeMinor: number;
};

export type Refused = {
  readonly bodyHash: string;
  readonly revision: number;
  readonly at: Instant;
  readonly code: RefusalCode;
  /** Who was refused, shortened; not known of one from before this was kept. */
  readonly by?: string | undefined;
};

/** What one sale took from this payment, got back, and kept as a fee when it gave back, ever. */
export type SaleTotals = {
  readonly takenMinor: number;
  readonly givenBackMinor: number;
  readonly keptMinor: number;
};

export type HoldEnd = 'closed' | 'expired';

/** Keyed by short hashes: ids can be 128 characters, and all of this has to fit one Temporal payload for life. */
export type Memory = {
  readonly accepted: Map<string, Accepted>;
  readonly refused: Map<string, Refused>;
  /** Old commands of which only the id is known here: the books have their answers. */
  readonly bare: Map<string, 'accepted' | 'refused'>;
  readonly sales: Map<string, SaleTotals>;
  readonly endedHolds: Map<string, HoldEnd>;
};

/** All that a command asked for, less its kind, id and sender, which have places of their own. Plain JSON. */
export type Details = Readonly<Record<string, unknown>>;

/** What Postgres is told of one remembered command. */
export type CommandRecord = {
  readonly commandId: string;
  readonly bodyHash: string;
  /** The same, when the command was a request with a key. */
  readonly requestHash?: string;
  /** That request's own id, where it has another. */
  readonly requestId?: string;
  readonly kind: (Command | Issue)['kind'];
  readonly outcome: 'accepted' | RefusalCode;
  /** Those by which it was decided. */
  readonly rules: RulesNumber;
  readonly revision: number;
  readonly at: Instant;
  readonly by: By;
  readonly parent?: Parent;
  readonly movement: Movement | null;
  readonly details: Details;
  readonly after: {
    readonly status: Status;
    readonly balanceMinor: number;
    readonly heldMinor: number;
    readonly endedBalanceMinor: number | null;
    readonly expiresAt: Instant | null;
    readonly frozenCauses: readonly FreezeCause[];
    readonly lastSequence: number;
  };
};

/**
 * What the books last said of this payment: nothing yet, that they have what was brought, that they miss something
 * before it, or that they say otherwise.
 */
export type BooksStanding = 'unconfirmed' | 'agree' | 'behind' | 'differ';

export type State = {
  payment: AccountPayment;
  /** By which it decides. */
  rules: RulesNumber;
  readonly memory: Memory;
  books: BooksStanding;
  /** Decided and not yet confirmed by Postgres, oldest first. */
  readonly outbox: CommandRecord[];
  /** What the outbox comes to as JSON. */
  outboxBytes: number;
  /** The last few decisions, for people who look. */
  recent: readonly RecentCommand[];
};

export type RecentCommand = Pick<CommandRecord, 'kind' | 'outcome' | 'revision' | 'by' | 'movement'>;

/** 66 bits of an id: two of 10,000 ids meet about once in 10^12 payments. */
export function shortHash(id: string): string {
  return sha256(id).slice(0, SHORT_HASH_LENGTH);
}

const SHORT_HASH_LENGTH = 11;

/** 24 bits: two callers that meet in one payment share the room for their refusals. */
export function callerHash({ shopId, caller }: By): string {
  return shortHash(`${shopId}\n${caller}`).slice(0, 4);
}

export function saleHash({ saleShopId, saleId }: SaleKey): string {
  return shortHash(`${saleShopId}\n${saleId}`);
}

/** 48 bits are enough beside an id that has already been recognised. */
export function shortBodyHash(bodyHash: string): string {
  return bodyHash.slice(0, 8);
}

/** `State` as plain JSON, lists instead of Maps, to be carried from one run to the next. */
export type PlainState = {
  payment: AccountPayment;
  rules: RulesNumber;
  books: BooksStanding;
  accepted: [
    id: string,
    bodyHash: string,
    revision: number,
    at: number,
    sequence: number,
    balanceBeforeMinor: number,
  ][];
  refused: [
    id: string,
    bodyHash: string,
    revision: number,
    at: number,
    code: RefusalCode,
    by?: string | null | undefined,
  ][];
  /** Short hashes, one after the other. */
  bareAccepted: string;
  bareRefused: string;
  sales: [id: string, takenMinor: number, givenBackMinor: number, keptMinor: number][];
  endedHolds: [id: string, end: HoldEnd][];
  outbox: CommandRecord[];
  recent: readonly RecentCommand[];
};

export function toPlain({ payment, rules, books, memory, outbox, recent }: State): PlainState {
  const bare = (outcome: 'accepted' | 'refused') =>
    Array.from(memory.bare, ([id, each]) => (each === outcome ? id : '')).join('');
  return {
    payment,
    rules,
    books,
    accepted: Array.from(memory.accepted, ([id, each]) => [
      id,
      each.bodyHash,
      each.revision,
      Date.parse(each.at),
      each.sequence,
      each.balanceBeforeMinor,
    ]),
    refused: Array.from(memory.refused, ([id, each]) => [
      id,
      each.bodyHash,
      each.revision,
      Date.parse(each.at),
      each.code,
      each.by,
    ]),
    bareAccepted: bare('accepted'),
    bareRefused: bare('refused'),
    sales: Array.from(memory.sales, ([id, each]) => [id, each.takenMinor, each.givenBackMinor, each.keptMinor]),
    endedHolds: Array.from(memory.endedHolds),
    outbox,
    recent,
  };
}

export function fromPlain(plain: PlainState): State {
  return {
    payment: plain.payment,
    rules: plain.rules,
    books: plain.books,
    memory: {
      accepted: new Map(
        plain.accepted.map(([id, bodyHash, revision, atMs, sequence, balanceBeforeMinor]) => [
          id,
          { bodyHash, revision, at: new Date(atMs).toISOString(), sequence, balanceBeforeMinor },
        ]),
      ),
      refused: new Map(
        plain.refused.map(([id, bodyHash, revision, atMs, code, by]) => [
          id,
          { bodyHash, revision, at: new Date(atMs).toISOString(), code, by: by ?? undefined },
        ]),
      ),
      bare: new Map([...bareIds(plain.bareAccepted, 'accepted'), ...bareIds(plain.bareRefused, 'refused')]),
      sales: new Map(
        plain.sales.map(([id, takenMinor, givenBackMinor, keptMinor]) => [
          id,
          { takenMinor, givenBackMinor, keptMinor },
        ]),
      ),
      endedHolds: new Map(plain.endedHolds),
    },
    outbox: [...plain.outbox],
    outboxBytes: plain.outbox.reduce((sum, record) => sum + jsonBytes(record), 0),
    recent: plain.recent,
  };
}

function bareIds(ids: string, outcome: 'accepted' | 'refused'): [string, 'accepted' | 'refused'][] {
  return bareIdsOf(ids).map((id) => [id, outcome]);
}

export function bareIdsOf(ids: string): string[] {
  return Array.from({ length: ids.length / SHORT_HASH_LENGTH }, (_, i) =>
    ids.slice(i * SHORT_HASH_LENGTH, (i + 1) * SHORT_HASH_LENGTH),
  );
}

/** What a sale took of a payment, and got back of it. */
export function saleTotals({ sales }: Memory, sale: SaleKey): SaleTotals {
  return sales.get(saleHash(sale)) ?? { takenMinor: 0, givenBackMinor: 0, keptMinor: 0 };
}
