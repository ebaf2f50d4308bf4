import type { Context } from 'hono';
import type { Forbidden, Unanswered } from '../../service/payment/command.js';
import type { Issued } from '../../service/payment/issue.js';
import type { Refused } from '../../service/refused.js';
import type { Variables } from '../http/access.js';
import { answers, type Answers } from '../http/documents.js';
import { answerNotDone, markReplayed } from '../http/problems.js';
import { linksOfPayment } from './links.js';
import { issuedSchema } from './schemas.js';

/** What every call that issues answers, for the documents. */
export function issuedAnswers(description: string): Answers {
  return { 201: answers(description, issuedSchema, linksOfPayment('/payment/reference')) };
}

export function answerIssued(c: Context<Variables>, result: Issued | Refused | Forbidden | Unanswered): Response {
  if (result.outcome !== 'issued') return answerNotDone(c, result);
  const { payment, recorded, warnings, delivery } = result;
  markReplayed(c, delivery);
  c.header('Location', `/v1/account-payments/${payment.reference}`);
  return c.json({ payment, recorded, warnings }, 201);
}
