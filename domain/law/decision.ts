import type { Command, Wish } from '../payment/command.js';
import type { LawDecision, NotedRule } from './decided.js';
import type { Act, Judgement } from './judge.js';
import type { LawForce, Rule } from './rule.js';
import { lawRules } from './rules.js';

/** A rule as it is told to whoever asked for something. */
export type Warning = Pick<Rule, 'jurisdiction' | 'words' | 'source'> & {
  readonly rule: string;
  readonly force: LawForce;
  /** The earliest last day by which nothing would stand against it, where there is one. */
  readonly leastValidThrough: string | null;
  readonly checkedOn: string;
};

/**
 * What is to be written beside a command that was judged; nothing where no law has a word on it.
 * @param reason why somebody who may wants it done against the law
 */
export function decidedBy(judgement: Judgement, reason: string | undefined): LawDecision | 'refused' | undefined {
  if (judgement.outcome === 'clear') return undefined;
  if (judgement.outcome === 'refused' && reason === undefined) return 'refused';
  return {
    outcome: judgement.outcome === 'refused' ? 'overridden' : 'warned',
    rules: notedOf(judgement),
    ...(reason !== undefined && { reason }),
  };
}

/** The rules that stand against something. */
export function notedOf(judgement: Judgement): readonly NotedRule[] {
  if (judgement.outcome === 'clear') return [];
  return judgement.objections.map(({ rule: { id }, leastValidThrough }) => ({ id, leastValidThrough }));
}

/** What somebody is told of these rules, as they read now. */
export function warningsOf(noted: readonly NotedRule[] = []): readonly Warning[] {
  return noted.flatMap(({ id, leastValidThrough }) => {
    const rule = lawRules.find((each) => each.id === id);
    return rule ? [warningOf(rule, leastValidThrough)] : [];
  });
}

function warningOf(
  { id, jurisdiction, force, words, source, checked }: Rule,
  leastValidThrough: string | null,
): Warning {
  return { rule: id, jurisdiction, force, words, leastValidThrough, source, checkedOn: checked.on };
}

/** A command as the law looks at it; nothing of one that no law has a word on. */
export function actOf(wish: Wish<Command>): Act | undefined {
  switch (wish.kind) {
    case 'extend':
      return { kind: 'extend', expiresAt: wish.expiresAt };
    case 'payOut':
      return { kind: 'payOut', amountMinor: wish.amountMinor };
    case 'cancel':
      return { kind: 'cancel', disposition: wish.disposition };
    case 'expire':
      return wish.cause === 'asked' ? { kind: 'expire' } : undefined;
    case 'apply':
    case 'refund':
    case 'hold':
    case 'capture':
    case 'release':
    case 'freeze':
    case 'thaw':
      return undefined;
  }
}
