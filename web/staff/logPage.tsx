import type { FC } from 'hono/jsx';
import type { StaffLogEntry } from '../../db/staff/log.js';
import { isStaffRole } from '../../domain/staff.js';
import type { Reader } from '../http/reader.js';

type Props = { readonly reader: Reader; readonly entries: readonly StaffLogEntry[] };

/** Sign-ins, and changes of accounts; `more` is the last entry here, when others follow. */
export const LogPage: FC<Props & { more: StaffLogEntry | undefined }> = ({ reader, entries, more }) => (
  <>
    <Log reader={reader} entries={entries} />
    {more && (
      <p class="actions">
        <a class="button second" href={`/settings/log?before=${more.entryId}`}>
          {reader.texts.staff.older}
        </a>
      </p>
    )}
  </>
);

export const Log: FC<Props> = ({ reader, entries }) => {
  const { staff, roles } = reader.texts;
  const detailOf = (detail: string) => {
    if (detail === 'disabled') return staff.disabled;
    const [role, ...shops] = detail.split(' in ');
    if (!isStaffRole(role)) return detail;
    return shops.length === 0 ? roles[role] : `${roles[role]}: ${shops.join(' in ')}`;
  };
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={staff.logTitle}>
      <table class="folding">
        <thead>
          <tr>
            {[staff.when, staff.what, staff.whom, staff.by, staff.where].map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map(({ loggedAt, kind, staffId, doneBy, shopId, detail }) => (
            <tr>
              <td data-label={staff.when}>{reader.formats.instant(loggedAt)}</td>
              <td data-label={staff.what}>
                {staff.logged[kind]}
                {detail !== null && <small>{detailOf(detail)}</small>}
              </td>
              <td data-label={staff.whom}>{staffId}</td>
              {doneBy === null ? <td /> : <td data-label={staff.by}>{doneBy}</td>}
              {shopId === null ? <td /> : <td data-label={staff.where}>{shopId}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
