import { purposes } from '../payment/command.js';
import { firstFundings } from '../payment/funding.js';
import { instantOf } from '../instants.js';
import { replacementExpiry, type Shop } from '../shop.js';
import { judge } from './judge.js';
import type { Rule } from './rule.js';
import { lawRules } from './rules.js';

/** The rules by which what a shop issues in place of an ended payment would be over too early, were it issued today. */
export function rulesAgainstReplacements(shop: Shop, nowMs: number): readonly Rule[] {
  const expiresAt = replacementExpiry(shop, nowMs);
  const money = { issuedAt: instantOf(nowMs), balanceMinor: 1, currency: shop.currency };
  const judgements = purposes.flatMap((purpose) =>
    firstFundings.map((sourceFunding) =>
      judge(
        { kind: 'issue', expiresAt },
        { ...shop, ...money, purpose, sourceFunding },
        { nowMs, calendar: shop.calendar },
      ),
    ),
  );
  const against = judgements.flatMap((each) =>
    each.outcome === 'clear' ? [] : each.objections.map(({ rule }) => rule),
  );
  return lawRules.filter((rule) => against.includes(rule));
}
