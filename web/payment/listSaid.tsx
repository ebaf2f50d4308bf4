import type { FC } from 'hono/jsx';
import { isPermitted } from '../../domain/roles.js';
import { roleOf } from '../../domain/staff.js';
import type { Session } from '../../service/staff/session.js';
import type { Reader } from '../http/reader.js';
import { filtersOf, type Asked } from './listAddress.js';
import { labelOf } from './listFilters.js';

/** What was asked for, and who reads the answer. */
export type Said = { readonly reader: Reader; readonly asked: Asked };

const MOST_SHOWN = 40;
const MOST_NAMED = 10;

/** What the address says and nobody understands. */
export const Ignored: FC<Said> = ({ reader, asked: { ignored } }) => {
  if (ignored.length === 0) return null;
  const told = ignored.slice(0, MOST_NAMED).map(([name, value]) => `${cut(labelOf(reader, name))}: ${cut(value)}`);
  return (
    <div class="notice amber" role="status">
      <p>{reader.texts.list.ignored}</p>
      <ul>
        {told.map((each) => (
          <li>{each}</li>
        ))}
      </ul>
    </div>
  );
};

function cut(text: string): string {
  const signs = [...text];
  return signs.length <= MOST_SHOWN ? text : `${signs.slice(0, MOST_SHOWN).join('')}…`;
}

type EmptyProps = Said & { readonly scanned: string | undefined; readonly staffRole: Session['staffRole'] };

/** Why there is nothing, and what to do next. */
export const Empty: FC<EmptyProps> = ({ reader, asked, scanned, staffRole }) => {
  const { texts } = reader;
  const { empty } = texts.list;
  const isFiltered = filtersOf(asked.entries).length > 0;
  if (asked.position !== undefined) return <p class="empty sheet">{empty.over}</p>;
  if (scanned !== undefined) return <p class="empty sheet">{empty.reference(scanned)}</p>;
  if (isFiltered) return <p class="empty sheet">{empty.filtered}</p>;
  return (
    <div class="empty sheet">
      <p>{empty.none}</p>
      {isPermitted(roleOf(staffRole), 'issue') && (
        <a class="button" href="/account-payments/new">
          {texts.menu.newPayment}
        </a>
      )}
    </div>
  );
};
