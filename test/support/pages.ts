import { randomUUID } from 'node:crypto';
import { parse, type HTMLElement } from 'node-html-parser';
import type { StaffRole } from '../../domain/staff.js';
import { FORM_KEY, SIGNATURE, SIGNER } from '../../web/http/form.js';
import type { Shop } from './shop.js';

export type Seen = {
  readonly status: number;
  readonly location: string | null;
  readonly headers: Headers;
  readonly root: HTMLElement;
  /** What a reader reads, blanks as one. */
  readonly text: string;
};

type As = { readonly as?: StaffRole; readonly headers?: Record<string, string> };
export type Typed = Readonly<Record<string, string | readonly string[]>>;

/** A shop, or other pages of it. */
type Opened = Pick<Shop, 'staffCookie' | 'staffMember'> & { readonly app: Pick<Shop['app'], 'request'> };

/** Opens and sends pages as a browser without scripts does, signed in as somebody of this role. */
export function openPages(shop: Opened) {
  const headersOf = async ({ as = 'manager', headers = {} }: As) => ({
    Cookie: await shop.staffCookie(as),
    'Accept-Language': 'en-GB',
    ...headers,
  });
  const get = async (path: string, who: As = {}): Promise<Seen> =>
    seen(await shop.app.request(path, { headers: await headersOf(who) }));
  const post = async (path: string, typed: Typed, who: As = {}): Promise<Seen> => {
    const form = new URLSearchParams({ [FORM_KEY]: randomUUID() });
    for (const [name, value] of Object.entries(typed)) {
      form.delete(name);
      for (const each of [value].flat()) form.append(name, each);
    }
    const headers = {
      Origin: 'http://localhost',
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(await headersOf(who)),
    };
    return seen(await shop.app.request(path, { method: 'POST', headers, body: form.toString() }));
  };
  /** What a manager adds to a form to sign it. */
  const signature = async (by: StaffRole = 'manager'): Promise<Record<string, string>> => {
    const { username, password } = await shop.staffMember(by);
    return { [SIGNER]: username, [SIGNATURE]: password };
  };
  return { get, post, signature };
}

async function seen(response: Response): Promise<Seen> {
  const html = await response.text();
  const root = parse(html);
  return {
    status: response.status,
    location: response.headers.get('Location'),
    headers: response.headers,
    root,
    text: root.structuredText.replace(/\s+/g, ' '),
  };
}
