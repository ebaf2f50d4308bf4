import type { HTMLElement } from 'node-html-parser';
import { expect } from 'vitest';
import type { openPages, Seen, Typed } from '../../support/pages.js';

type Pages = ReturnType<typeof openPages>;
type Who = Parameters<Pages['get']>[1];

/** What a browser would send of the page's own form, without any button. */
export function fieldsOf({ root }: Pick<Seen, 'root'>): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const each of root.querySelectorAll('form.till input, form.till select')) {
    const name = each.getAttribute('name') ?? '';
    (fields[name] ??= []).push(valueOf(each));
  }
  return fields;
}

function valueOf(element: HTMLElement): string {
  if (element.tagName !== 'SELECT') return element.getAttribute('value') ?? '';
  const options = element.querySelectorAll('option');
  const chosen = options.find((option) => option.hasAttribute('selected')) ?? options[0];
  return chosen?.getAttribute('value') ?? '';
}

/** Types into the till, presses a button of it, and follows to the next page. */
export function openTill({ get, post }: Pages, who: Who = { as: 'cashier' }) {
  const press = async (seen: Seen, step: string, typed: Typed = {}): Promise<Seen> => {
    const action = seen.root.querySelector('form.till')?.getAttribute('action') ?? '';
    return post(action, { ...fieldsOf(seen), ...typed, step }, who);
  };
  const next = async (seen: Seen, step: string, typed: Typed = {}): Promise<Seen> => {
    const answer = await press(seen, step, typed);
    expect({ status: answer.status, said: errorsOf(answer) }).toEqual({ status: 303, said: [] });
    return get(answer.location ?? '', who);
  };
  const open = (query = '') => get(`/till${query}`, who);
  return { open, press, next };
}

export function errorsOf({ root }: Pick<Seen, 'root'>): string[] {
  return root.querySelectorAll('.summary li').map((each) => each.text.replace(/\s+/g, ' ').trim());
}

/** What is left to pay, as it stands there in large. */
export function leftOf({ root }: Pick<Seen, 'root'>): string | undefined {
  return root.querySelector('.till-left')?.text.replace(/\s/g, ' ');
}
