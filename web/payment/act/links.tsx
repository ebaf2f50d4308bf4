import type { FC } from 'hono/jsx';
import { isPermitted } from '../../../domain/roles.js';
import { roleOf } from '../../../domain/staff.js';
import type { Session } from '../../../service/staff/session.js';
import type { Seen } from '../glance.js';
import { offered } from './foresee.js';
import { addressOf } from './pages.js';

/** What is possible now. A cashier sees what a manager would have to sign, too. */
export const Acts: FC<{ seen: Seen; session: Session }> = ({ seen, session }) => {
  const own = roleOf(session.staffRole);
  if (!isPermitted(own, 'spend')) return null;
  const role = isPermitted(own, 'manage') ? own : 'manager';
  const { acts, customer } = seen.reader.texts;
  const { reference, customerId, availableMinor } = seen.payment;
  const names = offered({ ...seen, role });
  if (names.length === 0 && availableMinor === 0) return null;
  return (
    <nav class="actions acts" aria-label={acts.title}>
      {availableMinor > 0 && (
        <a class="button" href={`/till?${new URLSearchParams({ customerId }).toString()}`}>
          {customer.useAtTill}
        </a>
      )}
      {names.map((act) => (
        <a class="button second" href={addressOf(reference, act)}>
          {acts.names[act]}
        </a>
      ))}
    </nav>
  );
};
