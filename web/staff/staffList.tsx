import type { FC } from 'hono/jsx';
import type { Account } from '../../service/staff/accounts.js';
import type { Reader } from '../http/reader.js';

/** Everybody who may sign in, or might once. */
export const StaffList: FC<{ reader: Reader; accounts: readonly Account[] }> = ({ reader, accounts }) => {
  const { staff, roles } = reader.texts;
  return (
    <>
      <div class="scroll" tabindex={0} role="region" aria-label={staff.title}>
        <table class="folding">
          <thead>
            <tr>
              {[staff.name, staff.username, staff.role, staff.shops, staff.standing, staff.lastSignedIn].map((head) => (
                <th scope="col">{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <tr>
                <th scope="row">
                  <a href={`/settings/staff/${account.staffId}`}>{account.name}</a>
                </th>
                <td data-label={staff.username}>{account.staffId}</td>
                <td data-label={staff.role}>{roles[account.staffRole]}</td>
                <td data-label={staff.shops}>{account.shopIds.join(', ')}</td>
                <td data-label={staff.standing}>
                  <Standing reader={reader} account={account} />
                </td>
                <td data-label={staff.lastSignedIn}>
                  {account.lastSignedInAt === null ? staff.never : reader.formats.instant(account.lastSignedInAt)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <a href="/settings/log">{staff.logTitle}</a>
      </p>
    </>
  );
};

/** Whether somebody can sign in now, in words. */
export const Standing: FC<{ reader: Reader; account: Account }> = ({ reader, account }) => {
  const { staff } = reader.texts;
  if (account.disabledAt !== null) return <span class="badge cancelled">{staff.disabled}</span>;
  if (account.lockedUntil !== undefined)
    return <span class="badge frozen">{staff.lockedUntil(reader.formats.time(account.lockedUntil))}</span>;
  return <span class="badge active">{staff.enabled}</span>;
};
