import type { Sql } from '../db/connect.js';
import { eraseCustomer, knownCustomers } from '../db/customer/erasures.js';
import { hashOfCustomer, tokensIn } from '../domain/customer/erasure.js';
import { MAIN_SHOP } from './mainShop.js';

const REASON = 'Erased again after a backup was put back';

/**
 * Erases once more whoever a text says was erased, a log for instance or a list that was kept: for a database that was
 * put back from before. Of whom the books know nothing there is nothing to erase; what the books know already to be
 * erased stays as it is.
 */
export async function eraseAgain(sql: Sql, text: string): Promise<{ erased: number; unknown: number }> {
  const customers = new Map((await knownCustomers(sql)).map((id) => [hashOfCustomer(id), id]));
  const tokens = tokensIn(text);
  const meant = tokens.flatMap(({ customerHash, ...erasure }) => {
    const customerId = customers.get(customerHash);
    return customerId === undefined ? [] : [{ customerId, ...erasure }];
  });
  for (const erasure of meant)
    await eraseCustomer(sql, { ...erasure, caller: 'operator', staffId: null, shopId: MAIN_SHOP, reason: REASON });
  return { erased: meant.length, unknown: tokens.length - meant.length };
}
