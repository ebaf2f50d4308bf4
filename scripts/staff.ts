import { isStaffRole, staffRoles } from '../domain/staff.js';
import { Failure } from '../runtime/failure.js';
import type { Account } from '../service/staff/accounts.js';
import type { StaffDesk } from '../service/staff/desk.js';
import { databaseUrlOf } from './databaseUrl.js';
import { MAIN_SHOP } from './mainShop.js';
import { operate } from './operate.js';
import { OPERATOR, withDesk } from './staffDesk.js';

const USAGE = `usage: npm run staff -- add <username> <${staffRoles.join('|')}> <name> [shop id ...]
       npm run staff -- list | disable <username> | reset <username>`;

await operate(async (settings) => {
  await withDesk(await databaseUrlOf(settings), (desk) => carryOut(desk, process.argv.slice(2)));
});

async function carryOut(desk: StaffDesk, [verb, ...words]: string[]): Promise<void> {
  const [staffId] = words;
  if (verb === 'add' && words.length >= 3) return add(desk, words);
  if (verb === 'list' && words.length === 0) return list(desk);
  if (verb === 'disable' && staffId !== undefined && words.length === 1) return disable(desk, staffId);
  if (verb === 'reset' && staffId !== undefined && words.length === 1) return reset(desk, staffId);
  throw new Failure(USAGE);
}

async function add(desk: StaffDesk, [staffId = '', staffRole, name = '', ...given]: string[]): Promise<void> {
  if (!isStaffRole(staffRole)) throw new Failure(USAGE);
  const shopIds = given.length > 0 ? given : [MAIN_SHOP];
  const added = await desk.add(OPERATOR, { staffId, name, staffRole, shopIds });
  switch (added.outcome) {
    case 'added':
      console.log(`${added.password}\nThis is the password of ${staffId}, ${staffRole}. It is shown only now.`);
      return;
    case 'unusable_username':
      throw new Failure('A username is 2 to 32 small letters, digits, dots, _ and -, and not one of our own.');
    case 'unusable_name':
      throw new Failure('A name is 1 to 100 characters, without blanks around it.');
    case 'username_taken':
      throw new Failure(`There is an account ${staffId} already; a username is used once.`);
    case 'no_such_shop':
      throw new Failure(`There is no shop of one of these names: ${shopIds.join(', ')}.`);
  }
}

async function list(desk: StaffDesk): Promise<void> {
  for (const account of await desk.list()) console.log(lineOf(account));
}

function lineOf({ staffId, staffRole, name, shopIds, createdAt, disabledAt, lockedUntil, ...more }: Account): string {
  return [
    staffId,
    staffRole.padEnd(7),
    name,
    shopIds.join(', '),
    `since ${createdAt}`,
    ...(more.lastSignedInAt === null ? [] : [`signed in ${more.lastSignedInAt}`]),
    ...(lockedUntil === undefined ? [] : [`locked until ${lockedUntil}`]),
    ...(disabledAt === null ? [] : [`disabled ${disabledAt}`]),
  ].join('  ');
}

async function disable(desk: StaffDesk, staffId: string): Promise<void> {
  const { outcome } = await desk.disable(OPERATOR, staffId);
  switch (outcome) {
    case 'changed':
      console.log('Disabled. An API that knows a session of theirs goes on with it for at most a minute.');
      return;
    case 'last_admin':
      throw new Failure(`${staffId} is the last admin: make another one first.`);
    case 'no_such_account':
      throw noAccount(staffId);
  }
}

async function reset(desk: StaffDesk, staffId: string): Promise<void> {
  const done = await desk.reset(OPERATOR, staffId);
  if (done.outcome === 'no_such_account') throw noAccount(staffId);
  console.log(`${done.password}\nThis is the new password of ${staffId}, who is locked no more. It is shown only now.`);
}

function noAccount(staffId: string): Failure {
  return new Failure(`There is no account ${staffId}.`);
}
