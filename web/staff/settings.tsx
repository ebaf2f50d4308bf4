import { listShops } from '../../db/shops.js';
import { within } from '../../db/outage.js';
import { isStaffRole, usernameOf } from '../../domain/staff.js';
import type { Account } from '../../service/staff/accounts.js';
import { createRoutes, type PageContext, type Pages } from '../http/context.js';
import { Forbidden, NotFound } from '../http/faults.js';
import { keyIn, readForm, type Values } from '../http/form.js';
import { page } from '../http/page.js';
import type { PageParts } from '../http/parts.js';
import { signedIn, type ShowAgain } from '../http/signedIn.js';
import { AccountPage } from './accountPage.js';
import { AddForm } from './addForm.js';
import { carryOut, isAct } from './accountActs.js';
import { LogPage } from './logPage.js';
import { NewPassword } from './newPassword.js';
import { StaffList } from './staffList.js';

const PATIENCE_MS = 2_000;
const LOG_PAGE = 50;

/** Settings › Staff: who may sign in, where, as what; and what became of it. */
export function settingsRoutes(parts: PageParts): Pages {
  const { desk } = parts;
  return createRoutes()
    .use('/settings/*', signedIn(desk, 'read', again(parts)), (c, next) => {
      adminsOnly(c);
      return next();
    })
    .get('/settings/staff', (c) => showStaff(c, parts, { values: {}, errors: {} }, 200))
    .post('/settings/staff', (c) => add(c, parts))
    .get('/settings/log', async (c) => {
      const before = /^\d{1,15}$/.test(c.req.query('before') ?? '') ? Number(c.req.query('before')) : undefined;
      const entries = await desk.log({ before, limit: LOG_PAGE + 1 });
      const { texts } = c.get('reader');
      const body = (
        <LogPage
          reader={c.get('reader')}
          entries={entries.slice(0, LOG_PAGE)}
          more={entries.length > LOG_PAGE ? entries[LOG_PAGE - 1] : undefined}
        />
      );
      return page(c, { title: texts.staff.logTitle, here: 'settings' }, body);
    })
    .get('/settings/staff/:staffId', async (c) =>
      showAccount(c, parts, await accountOf(parts, c.req.param('staffId')), {}, 200),
    )
    .post('/settings/staff/:staffId/:act', async (c) => {
      const act = c.req.param('act');
      if (!isAct(act)) throw new NotFound();
      const account = await accountOf(parts, c.req.param('staffId'));
      const values = await readForm(c);
      const done = await carryOut(desk, c.get('session').staffId, account.staffId, act, values);
      if (done.outcome === 'reset') return showPassword(c, account.staffId, done.password);
      if (done.outcome === 'changed') return c.redirect(`/settings/staff/${account.staffId}?done=${act}`, 303);
      const refusal = c.get('reader').texts.staff.refusals[done.outcome];
      return showAccount(c, parts, account, { refusal }, 422);
    });
}

function again(parts: PageParts): ShowAgain {
  return async (c, values) => {
    adminsOnly(c);
    const [, , , staffId] = c.req.path.split('/');
    if (staffId === undefined) return showStaff(c, parts, { values, errors: {} }, 200);
    return showAccount(c, parts, await accountOf(parts, staffId), { values }, 200);
  };
}

/** @throws Forbidden */
function adminsOnly(c: PageContext): void {
  if (c.get('session').staffRole !== 'admin') throw new Forbidden();
}

/** @throws NotFound */
async function accountOf({ desk }: PageParts, named: string): Promise<Account> {
  const account = (await desk.list()).find(({ staffId }) => staffId === named);
  if (!account) throw new NotFound();
  return account;
}

async function add(c: PageContext, parts: PageParts): Promise<Response> {
  const values = await readForm(c);
  const { staff } = c.get('reader').texts;
  const { username = '', name = '', staffRole, shopIds = '' } = values;
  if (!isStaffRole(staffRole)) return showStaff(c, parts, { values, errors: { staffRole: staff.chooseRole } }, 422);
  const account = {
    staffId: usernameOf(username),
    name,
    staffRole,
    shopIds: shopIds.split('\n').filter((id) => id !== ''),
  };
  const added = await parts.desk.add(c.get('session').staffId, account, keyIn(values));
  switch (added.outcome) {
    case 'added':
      return showPassword(c, account.staffId, added.password);
    case 'unusable_username':
    case 'username_taken':
      return showStaff(c, parts, { values, errors: { username: staff.refusals[added.outcome] } }, 422);
    case 'unusable_name':
      return showStaff(c, parts, { values, errors: { name: staff.refusals[added.outcome] } }, 422);
    case 'no_such_shop':
      return showStaff(c, parts, { values, errors: { shopIds: staff.refusals[added.outcome] } }, 422);
  }
}

type Typed = { readonly values: Values; readonly errors: Readonly<Record<string, string>> };

async function showStaff(c: PageContext, { desk, sql }: PageParts, typed: Typed, status: 200 | 422): Promise<Response> {
  const reader = c.get('reader');
  const [accounts, shops] = await Promise.all([desk.list(), within(PATIENCE_MS, listShops(sql))]);
  const body = (
    <>
      <AddForm reader={reader} shops={shops} own={c.get('session').shop.shopId} {...typed} />
      <StaffList reader={reader} accounts={accounts} />
    </>
  );
  return page(c, { title: reader.texts.staff.title, here: 'settings', status }, body);
}

async function showAccount(
  c: PageContext,
  { desk, sql }: PageParts,
  account: Account,
  { refusal, values }: { refusal?: string; values?: Values },
  status: 200 | 422,
): Promise<Response> {
  const reader = c.get('reader');
  const [shops, entries] = await Promise.all([
    within(PATIENCE_MS, listShops(sql)),
    desk.log({ staffId: account.staffId, limit: LOG_PAGE }),
  ]);
  const done = c.req.query('done');
  const body = (
    <AccountPage
      reader={reader}
      account={account}
      shops={shops}
      entries={entries}
      refusal={refusal}
      typed={values}
      done={isAct(done) ? done : undefined}
    />
  );
  return page(c, { title: account.name, here: 'settings', status }, body);
}

/** Told at once and nowhere else: it stands in no address. */
function showPassword(c: PageContext, staffId: string, password: string): Response | Promise<Response> {
  const reader = c.get('reader');
  const body = <NewPassword reader={reader} staffId={staffId} password={password} />;
  return page(c, { title: reader.texts.staff.passwordTitle, here: 'settings' }, body);
}
