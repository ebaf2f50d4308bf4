import { randomUUID } from 'node:crypto';
import type { Child, FC } from 'hono/jsx';
import type { StaffLogEntry } from '../../db/staff/log.js';
import type { Shop } from '../../domain/shop.js';
import { staffRoles } from '../../domain/staff.js';
import type { Account } from '../../service/staff/accounts.js';
import { CheckboxField, RadioField } from '../http/fields.js';
import type { Values } from '../http/form.js';
import { FormKey } from '../http/layout.js';
import type { Reader } from '../http/reader.js';
import type { Act } from './accountActs.js';
import { Log } from './logPage.js';
import { Standing } from './staffList.js';

type Props = {
  readonly reader: Reader;
  readonly account: Account;
  readonly shops: readonly Shop[];
  readonly entries: readonly StaffLogEntry[];
  readonly refusal: string | undefined;
  /** What was typed before, if anything. */
  readonly typed: Values | undefined;
  readonly done: Act | undefined;
};

/** One account, and all that an admin can do about it. */
export const AccountPage: FC<Props> = ({ reader, account, shops, entries, refusal, typed, done }) => {
  const { staff, roles } = reader.texts;
  const values = { staffRole: account.staffRole, shopIds: account.shopIds.join('\n'), ...typed };
  const say = { reader, account };
  return (
    <>
      {refusal !== undefined && (
        <p class="notice red" role="alert">
          {refusal}
        </p>
      )}
      {done && (
        <p class="notice" role="status">
          {staff.done[done]}
        </p>
      )}
      <dl class="facts sheet">
        <dt>{staff.username}</dt>
        <dd>{account.staffId}</dd>
        <dt>{staff.standing}</dt>
        <dd>
          <Standing reader={reader} account={account} />
        </dd>
      </dl>
      <h2>{staff.change}</h2>
      <ActForm {...say} act="role">
        <RadioField
          name="staffRole"
          label={staff.role}
          values={values}
          errors={{}}
          choices={staffRoles.map((role) => ({ value: role, label: roles[role], hint: staff.roleHints[role] }))}
        />
      </ActForm>
      <ActForm {...say} act="shops">
        <CheckboxField
          name="shopIds"
          label={staff.shops}
          values={values}
          errors={{}}
          choices={shops.map(({ shopId, name }) => ({ value: shopId, label: name }))}
        />
      </ActForm>
      <ActForm {...say} act="reset">
        <p>{staff.resetWhy}</p>
      </ActForm>
      {account.lockedUntil !== undefined && <ActForm {...say} act="unlock" />}
      <ActForm {...say} act={account.disabledAt === null ? 'disable' : 'enable'}>
        <p>{account.disabledAt === null ? staff.disableWhy : staff.enableWhy}</p>
      </ActForm>
      <h2>{staff.logTitle}</h2>
      <Log reader={reader} entries={entries} />
    </>
  );
};

type ActProps = { reader: Reader; account: Account; act: Act; children?: Child };

const ActForm: FC<ActProps> = ({ reader, account, act, children }) => (
  <form class="sheet narrow spaced" method="post" action={`/settings/staff/${account.staffId}/${act}`}>
    <FormKey formKey={randomUUID()} />
    {children}
    <button class={act === 'disable' ? 'amber' : 'second'}>{reader.texts.staff.acts[act]}</button>
  </form>
);
