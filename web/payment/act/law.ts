import type { Judgement } from '../../../domain/law/judge.js';
import { replacementExpiry } from '../../../domain/shop.js';
import { judgementOf, judgementOfReissue } from '../../../service/law/judge.js';
import type { Parts } from '../../../service/parts.js';
import { wishOf, type Asked } from './asked.js';
import type { Known } from './foresee.js';

/** What the law says of what somebody is about to do, before they do it. */
export async function lawOn(parts: Parts, { payment, shop, nowMs }: Known, asked: Asked): Promise<Judgement> {
  switch (asked.act) {
    case 'extend':
    case 'pay-out':
    case 'cancel':
    case 'expire':
      return judgementOf(parts, { shop }, payment.reference, wishOf(asked, payment));
    case 'reinstate': {
      const expiresAt = asked.expiresAt === undefined ? replacementExpiry(shop, nowMs) : asked.expiresAt;
      return judgementOfReissue(parts, { shop }, payment.reference, expiresAt);
    }
    case 'refund':
    case 'give':
    case 'freeze':
    case 'thaw':
    case 'reissue':
      return { outcome: 'clear' };
  }
}
