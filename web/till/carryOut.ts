import { usernameOf } from '../../domain/staff.js';
import type { SaleAccepted } from '../../service/sale/command.js';
import { commandSale, wasAsked, wasDecided } from '../../service/sale/command.js';
import type { Refused, ShownBeside } from '../../service/refused.js';
import type { PageContext } from '../http/context.js';
import { Forbidden } from '../http/faults.js';
import type { Errors } from '../http/fields.js';
import { askingOf, FORM_KEY, whoAsks } from '../http/form.js';
import type { PageParts } from '../http/parts.js';
import type { Reader } from '../http/reader.js';
import { outageOf } from '../http/wrong.js';
import { addressOf, printOf, tellingOf, type Draft } from './draft.js';
import { maySell } from './salesperson.js';
import { wishOf, type CommandStep } from './send.js';
import { useField, type Typed } from './typed.js';

export type Done =
  | { readonly outcome: 'done'; readonly to: string }
  /** Nothing has changed. */
  | { readonly outcome: 'refused'; readonly draft: Draft; readonly errors: Errors }
  /** Nobody answered: the same form, sent again, is the same request. */
  | { readonly outcome: 'away'; readonly errors: Errors };

/** Sends what a button of the till asks of its sale. */
export async function carryOut(c: PageContext, parts: PageParts, typed: Typed, step: CommandStep): Promise<Done> {
  const { shop } = c.get('session');
  const reader = c.get('reader');
  const { texts } = reader;
  const { draft, values } = typed;
  const refused = (errors: Errors, now = draft): Done => ({ outcome: 'refused', draft: now, errors });
  const wished = wishOf(step, typed, { shop, nowMs: parts.now(), texts });
  if ('errors' in wished) return refused(wished.errors);
  const signed = await whoAsks(c, parts.desk, {}, 'spend');
  if (signed.outcome !== 'signed') throw new Forbidden();
  const seller = draft.staffId === undefined ? undefined : usernameOf(draft.staffId);
  const who = { ...signed.who, ...(seller !== undefined && { staffId: seller }) };
  const said = { [FORM_KEY]: values[FORM_KEY] ?? '', said: wished.said, staffId: draft.staffId ?? '' };
  const asking = askingOf(c, said, who);
  if (!asking) return refused({ '': texts.refusals.idempotency_key_required });
  const key = { saleShopId: shop.shopId, saleId: draft.saleId };
  try {
    if (Object.keys(wished.late).length > 0 && !(await wasDecided(parts, asking, key))) return refused(wished.late);
    // Nobody was asked about whoever sold it while the books were away: what went through then is told, not refused.
    if (seller !== undefined && !(await maySell(parts, shop, seller)) && !(await wasAsked(parts, asking, key)))
      return refused({ staffId: texts.till.noSuchSalesperson });
    const answer = await commandSale(parts, asking, key, wished.wish);
    switch (answer.outcome) {
      case 'accepted':
        return { outcome: 'done', to: whereAfter(step, draft, answer) };
      case 'unanswered':
        return refused({ '': texts.refusals[answer.code] });
      case 'refused':
        return refused(errorsOf(answer, reader, shop.currency), withRefused(typed, answer));
    }
  } catch (error) {
    const outage = outageOf(error, texts.problems);
    if (outage === undefined) throw error;
    return { outcome: 'away', errors: { '': outage } };
  }
}

function whereAfter(step: CommandStep, draft: Draft, answer: SaleAccepted): string {
  const told = tellingOf(answer);
  switch (step) {
    case 'complete':
    case 'part': {
      const query = new URLSearchParams({ told, otherMinor: String(draft.otherMinor) });
      return `/till/slips/${encodeURIComponent(draft.saleId)}?${query.toString()}`;
    }
    case 'hold': {
      const holdId = answer.hold?.holdId ?? answer.sale?.holdId;
      return addressOf({ ...draft, chosen: [], until: undefined, holdId, heldBasket: printOf(draft.lines) }, told);
    }
    case 'release':
      return addressOf({ ...draft, holdId: undefined, heldBasket: undefined }, told);
  }
}

/** Those that refused stay listed with what was asked of them, to be changed. */
function withRefused({ draft, uses }: Typed, { shown }: Refused): Draft {
  const refusing = (shown.payments ?? []).map(({ reference }) => reference);
  const others = draft.chosen.filter(({ reference }) => !refusing.includes(reference));
  return { ...draft, chosen: [...others, ...uses.filter(({ reference }) => refusing.includes(reference))] };
}

/** Why it was refused; beside each payment that did. */
function errorsOf({ code, shown }: Refused, reader: Reader, currency: string): Errors {
  const { texts } = reader;
  const payments = shown.payments ?? [];
  if (payments.length === 0) return { '': inWords(texts.refusals[code], shown, reader, currency) };
  return Object.fromEntries(
    payments.map(({ availableMinor, ...refusal }) => {
      const figures = availableMinor === null ? refusal : { ...refusal, availableMinor };
      const sentence = inWords(texts.refusals[refusal.code], figures, reader, currency);
      return [useField(refusal.reference), texts.till.refusal.of(refusal.reference, sentence)];
    }),
  );
}

type Figures = Pick<ShownBeside, 'availableMinor' | 'fitsMinor' | 'takenMinor' | 'heldMinor'>;

function inWords(sentence: string, figures: Figures, { texts, formats }: Reader, currency: string): string {
  const { refusal } = texts.till;
  const told: [amountMinor: number | undefined, words: (money: string) => string][] = [
    [figures.availableMinor, refusal.available],
    [figures.fitsMinor, refusal.fits],
    [figures.takenMinor, refusal.taken],
    [figures.heldMinor, refusal.held],
  ];
  const words = told.flatMap(([amountMinor, say]) =>
    amountMinor === undefined || amountMinor === 0 ? [] : [say(formats.money(amountMinor, currency))],
  );
  return [sentence, ...words].join(' ');
}
