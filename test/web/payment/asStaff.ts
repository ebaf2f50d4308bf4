import { expect } from 'vitest';
import type { AccountPaymentView } from '../../../domain/payment/payment.js';
import type { openPages, Seen, Typed } from '../../support/pages.js';
import type { Shop } from '../../support/shop.js';

/** The fields of a page's one form that its browser would send back, less its buttons. */
export function fieldsOf({ root }: Seen): Record<string, string> {
  const form = root.querySelector('main form');
  const inputs = form?.querySelectorAll('input') ?? [];
  const kept = inputs.filter((each) => each.getAttribute('type') !== 'radio' || each.hasAttribute('checked'));
  const texts = form?.querySelectorAll('textarea') ?? [];
  const chosen = form?.querySelectorAll('option[selected]') ?? [];
  return Object.fromEntries([
    ...kept.map((each) => [each.getAttribute('name') ?? '', each.getAttribute('value') ?? '']),
    ...texts.map((each) => [each.getAttribute('name') ?? '', each.text.trim()]),
    ...chosen.map((each) => [each.closest('select')?.getAttribute('name') ?? '', each.getAttribute('value') ?? '']),
  ]) as Record<string, string>;
}

export function shownState(shop: Shop, reference: string): Promise<AccountPaymentView> {
  return shop.get<AccountPaymentView>(`/account-payments/${reference}`).then(({ body }) => body);
}

type Pages = ReturnType<typeof openPages>;
type Who = Parameters<Pages['post']>[2];

/** Fills a form in and sends it on to the page that says what would happen. */
export async function toldBefore(pages: Pages, path: string, typed: Typed, who: Who = {}): Promise<Seen> {
  const form = await pages.get(path, who);
  expect(form.status, form.text).toBe(200);
  return pages.post(path, { ...fieldsOf(form), ...typed, step: 'confirm' }, who);
}
