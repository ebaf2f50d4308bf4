import { z } from '@hono/zod-openapi';
import type { Sql } from '../../db/connect.js';
import {
  listAccountCodes,
  listBreakageRates,
  listLedgerBalances,
  listLedgerSettings,
  listTaxRates,
} from '../../db/finance/entered.js';
import { within } from '../../db/outage.js';
import { accounts } from '../../domain/finance/accounts.js';
import { breakageMethods } from '../../domain/finance/breakage.js';
import { controlAccounts } from '../../domain/finance/control.js';
import { MAX_AMOUNT_MINOR } from '../../domain/money.js';
import { purposes } from '../../domain/payment/command.js';
import { sending } from '../../service/afterSending.js';
import {
  enterAccountCode,
  enterBreakageRate,
  enterLedgerBalance,
  enterLedgerSettings,
  enterTaxRate,
  type Entering,
} from '../../service/finance/enter.js';
import type { Parts } from '../../service/parts.js';
import { says } from '../../workflows/fields.js';
import { createCalls, type App } from '../http/calls.js';
import { answers } from '../http/documents.js';
import { answerRefused } from '../http/problems.js';
import { field } from '../http/requestFields.js';
import { entryRoute, readingRoute } from '../http/routes.js';
import { ledgerSettings } from './ledgerSettings.js';

const PATIENCE_MS = 5_000;
/** Of what was entered, the latest. */
const MOST_LISTED = 1_000;

const malformed = says('malformed_request');
const { legalEntity, currency } = field;
const oneOf = <const Word extends string>(words: readonly [Word, ...Word[]] | readonly Word[], example: Word) =>
  z.enum(words as readonly [Word, ...Word[]], malformed).meta({ example });
const basisPoints = (minimum: number, maximum: number) =>
  z.int(malformed).min(minimum, malformed).max(maximum, malformed);

/** What finance enters by itself: each is followed by another one, and none is ever changed. */
const entryCalls: readonly ((parts: Parts) => App)[] = [
  entered({
    noun: 'account-codes',
    title: 'AccountCode',
    list: listAccountCodes,
    summary: "An account's code in the entity's ledger, from a day on",
    body: z.strictObject({
      legalEntity,
      account: oneOf(accounts, 'sales'),
      partner: legalEntity.optional().meta({
        description: 'The entity on the other side, of `inter_entity` for that one alone',
        example: 'West Inc',
      }),
      code: z
        .string(malformed)
        .regex(/^[!-~]([ -~]{0,58}[!-~])?$/, malformed)
        .meta({
          type: 'string',
          minLength: 1,
          maxLength: 60,
          pattern: '^[!-~]([ -~]{0,58}[!-~])?$',
          example: '8400',
        }),
      fromDay: field.day,
    }),
    example: { legalEntity: 'Nord GmbH', account: 'sales', code: '8400', fromDay: '2026-01-01' },
    enter: (sql, { partner = '', ...code }, enteredBy) => enterAccountCode(sql, { ...code, partner, enteredBy }),
  }),
  entered({
    noun: 'tax-rates',
    title: 'TaxRate',
    list: listTaxRates,
    summary: 'The rate of a tax code, from a day on',
    body: z.strictObject({
      legalEntity,
      taxCode: field.taxCode,
      rateBasisPoints: basisPoints(0, 10_000).meta({ description: '1900 is 19 %', example: 1_900 }),
      fromDay: field.day,
    }),
    example: { legalEntity: 'Nord GmbH', taxCode: 'DE19', rateBasisPoints: 1_900, fromDay: '2026-01-01' },
    enter: (sql, rate, enteredBy) => enterTaxRate(sql, { ...rate, enteredBy }),
  }),
  entered({
    noun: 'breakage-rates',
    title: 'BreakageRate',
    list: listBreakageRates,
    summary: 'How breakage is counted, from a month on',
    body: z.strictObject({
      legalEntity,
      currency,
      purpose: oneOf(purposes, 'gift'),
      method: oneOf(breakageMethods, 'proportional'),
      rateBasisPoints: basisPoints(1, 9_999)
        .optional()
        .meta({ description: 'Of what is issued, how much will never be used; of `proportional` alone', example: 750 }),
      fromMonth: field.month,
      reason: field.reason,
    }),
    example: {
      legalEntity: 'Nord GmbH',
      currency: 'EUR',
      purpose: 'gift',
      method: 'proportional',
      rateBasisPoints: 750,
      fromMonth: '2026-01',
      reason: 'cohorts of 2023',
    },
    enter: (sql, { rateBasisPoints = null, fromMonth, ...rate }, enteredBy) =>
      enterBreakageRate(sql, { ...rate, rateBasisPoints, fromMonth: `${fromMonth}-01`, enteredBy }),
  }),
  entered({
    noun: 'ledger-balances',
    title: 'LedgerBalance',
    list: listLedgerBalances,
    summary: 'What the ledger has in an account of what is owed, at the end of a day',
    body: z.strictObject({
      legalEntity,
      account: oneOf(controlAccounts, 'liability'),
      currency,
      day: field.day,
      balanceMinor: z
        .int(malformed)
        .min(-MAX_AMOUNT_MINOR, malformed)
        .max(MAX_AMOUNT_MINOR, malformed)
        .meta({ description: 'Positive for what is owed', example: 1_234_500 }),
    }),
    example: {
      legalEntity: 'Nord GmbH',
      account: 'liability',
      currency: 'EUR',
      day: '2026-01-31',
      balanceMinor: 1_234_500,
    },
    enter: (sql, balance, enteredBy) => enterLedgerBalance(sql, { ...balance, enteredBy }),
  }),
  entered({
    noun: 'ledger-settings',
    title: 'LedgerSettings',
    list: listLedgerSettings,
    summary: 'What the program that keeps a ledger wants to know, for exports from now on',
    body: z.strictObject({ legalEntity, settings: ledgerSettings }),
    example: {
      legalEntity: 'Nord GmbH',
      settings: {
        format: 'datev',
        currency: 'EUR',
        adviser: 29_098,
        client: 55_003,
        fiscalYearStart: '01-01',
        accountLength: 4,
      },
    },
    enter: (sql, entry, enteredBy) => enterLedgerSettings(sql, { ...entry, enteredBy }),
  }),
];

export function financeEntryCalls(parts: Parts): App {
  return entryCalls.reduce((app, calls) => app.route('/', calls(parts)) as App, createCalls());
}

type Entered<Body extends z.ZodObject> = {
  readonly noun: string;
  /** Of one of them, as the documents name it. */
  readonly title: string;
  readonly summary: string;
  readonly body: Body;
  readonly example: z.input<Body>;
  readonly list: (sql: Sql, limit: number) => Promise<object[]>;
  readonly enter: (sql: Sql, entry: z.output<Body>, enteredBy: string) => Promise<Entering>;
};

function entered<Body extends z.ZodObject>({ noun, title, summary, body, example, list, enter }: Entered<Body>) {
  const listRoute = readingRoute({
    path: `/finance/${noun}`,
    operationId: `list${title}${title.endsWith('s') ? '' : 's'}`,
    summary: `${summary}: all that was entered, the latest first`,
    permission: 'report',
    request: {},
    answer: answers('The latest 1,000', z.object({ items: z.array(z.looseObject({ legalEntity: z.string() })) })),
  });
  const postRoute = entryRoute({
    path: `/finance/${noun}`,
    operationId: `enter${title}`,
    summary,
    body: body.openapi({ example }),
    answers: { 201: answers('Entered', z.looseObject({ legalEntity: z.string(), enteredBy: z.string() })) },
  });
  return ({ sql, listSql }: Parts): App =>
    createCalls()
      .openapi(listRoute, async (c) =>
        c.json({ items: (await within(PATIENCE_MS, list(listSql, MOST_LISTED))) as { legalEntity: string }[] }, 200),
      )
      .openapi(postRoute, async (c) => {
        const entry = c.req.valid('json' as never) as z.output<Body>;
        const enteredBy = c.get('caller').name;
        const entering = await sending(within(PATIENCE_MS, enter(sql, entry, enteredBy)));
        if (entering !== 'entered') return answerRefused(c, entering);
        return c.json({ ...(entry as { legalEntity: string }), enteredBy }, 201);
      });
}
