import { changeContacts, type CustomerContacts } from '../../db/customer/contacts.js';
import { within } from '../../db/outage.js';
import type { Instant } from '../../domain/instants.js';
import { sending } from '../afterSending.js';
import type { Parts } from '../parts.js';

const PATIENCE_MS = 3_000;

/** @throws OutcomeUnknown, RecordsUnavailable */
export function changeCustomersContacts(
  { sql }: Parts,
  contacts: CustomerContacts,
  seenAt: Instant | null,
): Promise<'changed' | 'seen_before_a_change'> {
  return sending(within(PATIENCE_MS, changeContacts(sql, contacts, seenAt)));
}
