import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { freePort } from '../../../scripts/servers/ports.js';
import { startPostgres } from '../../../scripts/servers/postgres.js';
import { openPages } from '../../support/pages.js';
import { addNamespace, openShop, until, type Shop } from '../../support/shop.js';
import { fieldsOf, toldBefore } from './asStaff.js';

let shop: Shop | undefined;
afterAll(() => shop?.close());

test('while Postgres is away a page says what the payment says, and what is done then is told as on its way', async () => {
  const folder = join(inject('folder'), `pages-${randomUUID()}`);
  const port = await freePort();
  let postgres = await startPostgres({ folder, port });
  try {
    const namespace = await addNamespace();
    shop = await openShop({ postgresUrl: postgres.url, namespace, patience: 'ample_without_books' });
    const pages = openPages(shop);
    const { reference } = await shop.issue();
    const sold = { customerId: 'C-1', amountMinor: 2_500, currency: 'EUR', saleId: 'S-1' };
    expect(await shop.post(`/account-payments/${reference}/apply`, sold)).toMatchObject({ status: 200 });
    const path = `/account-payments/${reference}`;
    expect((await pages.get(path)).text).toContain('Spent');
    expect((await pages.get(path, { as: 'cashier' })).status).toBe(200);
    const toAdmin = await pages.get(path, { as: 'admin' });
    expect(
      toAdmin.root.querySelectorAll(`main a[href$='/namespaces/${namespace}/workflows/${reference}']`),
    ).toHaveLength(1);
    await postgres.stop();

    const away = await pages.get(path);
    expect(away.status).toBe(200);
    expect(away.text).toContain('€75.00 of €100.00 left');
    expect(away.text).toContain('The history waits for the books.');
    expect(away.text).toContain('The books cannot be reached.');
    const asked = { saleId: 'S-1', amount: '5.00', reason: 'too small' };
    const told = await toldBefore(pages, `${path}/refund`, asked, { as: 'cashier' });
    expect(told.text).toContain('€5.00 of sale S-1 goes back');
    const done = await pages.post(`${path}/refund`, { ...fieldsOf(told), step: 'do' }, { as: 'cashier' });
    expect(done.status, done.text).toBe(303);
    const next = await pages.get(done.location ?? '');
    expect(next.text).toContain('€80.00 of €100.00 left');
    expect(next.text).toContain('The record is still on its way');
    const gift = await pages.get(`${path}/give`);
    const given = await pages.post(`${path}/give`, { ...fieldsOf(gift), to: 'C-2', amount: '1', step: 'confirm' });
    expect(given.status).toBe(503);
    expect(given.text).toContain('What was typed is still here');
    expect(fieldsOf(given)).toMatchObject({ to: 'C-2', amount: '1', formKey: fieldsOf(gift)['formKey'] });

    postgres = await startPostgres({ folder, port });
    const recorded = await until(async () => {
      const again = await pages.get(done.location ?? '');
      return again.text.includes('Done, and in the books.') && again;
    });
    expect(recorded.root.querySelector('.timeline li.just')?.text).toContain('too small');
  } finally {
    await postgres.stop();
  }
});
