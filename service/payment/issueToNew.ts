import type { NewCustomer } from '../../domain/customer/contacts.js';
import type { Asking } from '../asking.js';
import { addCustomer, newCustomerId } from '../customer/addCustomer.js';
import type { Parts } from '../parts.js';
import type { Refused } from '../refused.js';
import { issuePayment, type Issued, type Wanted } from './issue.js';

/**
 * Issues a payment to somebody who becomes a customer by it, once the rules let it pass: a refusal leaves nobody's name
 * behind.
 * @throws ActorsUnavailable, OutcomeUnknown, RecordsUnavailable: to be asked again under the same key
 */
export function issueToNewCustomer(
  parts: Parts,
  asking: Asking,
  customer: NewCustomer,
  wanted: Omit<Wanted, 'customerId'>,
): Promise<Issued | Refused> {
  const customerId = newCustomerId(asking.requestId);
  return issuePayment(parts, asking, { ...wanted, customerId }, () => addCustomer(parts, customerId, customer));
}
