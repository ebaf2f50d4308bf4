import { isAmountMinor } from '../../domain/money.js';
import { sha256 } from '../../domain/sha256.js';
import { canonicalJson } from '../../domain/payment/command.js';
import { roleOf } from '../../domain/staff.js';
import { isPermitted, type Permission } from '../../domain/roles.js';
import type { Instant } from '../../domain/instants.js';
import type { Asking, Who } from '../../service/asking.js';
import type { StaffDesk } from '../../service/staff/desk.js';
import type { PageContext } from './context.js';
import { Malformed } from './faults.js';

/** What was typed into a form: one text a field, several joined by line ends. */
export type Values = Readonly<Record<string, string>>;

/** The fields by which a manager signs; neither they nor what was read are a part of what is asked. */
export const SIGNER = 'signer';
export const SIGNATURE = 'signature';
/** The field with the key of the form: sent again, it is the same request. */
export const FORM_KEY = 'formKey';
/** The rules of law that whoever sends a form has read. */
export const LAW_READ = 'lawRead';
const ASIDE: readonly string[] = [SIGNER, SIGNATURE, FORM_KEY, LAW_READ];

/** The field that carries what was typed into a form whose session had ended, while somebody signs in. */
export const TYPED_BEFORE = 'typedBefore';
/** Every field of a password: nothing that is typed there is ever written into a page. */
export const PASSWORDS = [SIGNATURE, 'password', 'current', 'next', 'again'] as const;

/** What was typed, less the passwords, as one text. */
export function writeTyped(values: Values): string {
  const isSecret = (name: string) => PASSWORDS.some((each) => each === name);
  return new URLSearchParams(Object.entries(values).filter(([name]) => !isSecret(name))).toString();
}

export function typedIn({ [TYPED_BEFORE]: text = '' }: Values): Values {
  return Object.fromEntries(new URLSearchParams(text));
}

/** @throws Malformed when it is no form */
export async function readForm(c: PageContext): Promise<Values> {
  const body = await c.req.parseBody({ all: true }).catch((error: unknown) => {
    throw error instanceof TypeError ? new Malformed() : error;
  });
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      (Array.isArray(value) ? value : [value])
        .filter((each) => typeof each === 'string')
        .join('\n')
        // As browsers end lines in whatever form they send, also in one that only carries along what was typed.
        .replaceAll('\r\n', '\n')
        .trim(),
    ]),
  );
}

/** A figure that a page of ours wrote; 0 for whatever is none. */
export function minorIn(text = ''): number {
  return /^\d{1,13}$/.test(text) && isAmountMinor(Number(text)) ? Number(text) : 0;
}

/** Why nobody may ask this: the role does not reach, and the signature beside it does not either. */
export type NotSigned =
  | { readonly outcome: 'unsigned' }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'not_enough' }
  | { readonly outcome: 'locked'; readonly until: Instant };
export type SignedBy = { readonly outcome: 'signed'; readonly who: Who };

/**
 * Who asks what a form says: who is signed in, or the manager who signed it on their behalf. A signature that is there
 * counts, whether it was needed or not, for some things are refused to a till only by the rules.
 */
export async function whoAsks(
  c: PageContext,
  desk: StaffDesk,
  values: Values,
  permission: Permission,
): Promise<SignedBy | NotSigned> {
  const { staffId, staffRole, shop } = c.get('session');
  const signer = values[SIGNER] ?? '';
  if (signer === '') {
    if (!isPermitted(roleOf(staffRole), permission)) return { outcome: 'unsigned' };
    return { outcome: 'signed', who: { caller: `staff:${staffId}`, role: roleOf(staffRole), shop, staffId } };
  }
  const signature = await c.get('checking')(() =>
    desk.sign({ username: signer, password: values[SIGNATURE] ?? '' }, shop),
  );
  if (signature.outcome !== 'signed') return signature;
  const role = roleOf(signature.staffRole);
  if (!isPermitted(role, 'manage') || !isPermitted(role, permission)) return { outcome: 'not_enough' };
  return { outcome: 'signed', who: { caller: `staff:${signature.staffId}`, role, shop, staffId } };
}

const WAIT_MS = 2_000;
/** As `randomUUID` makes them. */
export function isFormKey(key: string): boolean {
  return /^[A-Za-z0-9-]{20,64}$/.test(key);
}

/** The key of a form that has a usable one. */
export function keyIn({ [FORM_KEY]: key = '' }: Values): string | undefined {
  return isFormKey(key) ? key : undefined;
}

/** A form is one request, whoever sends or signs it, however often; `undefined` when it has no usable key. */
export function askingOf(c: PageContext, values: Values, who: Who): Asking | undefined {
  const key = keyIn(values);
  if (key === undefined) return undefined;
  // A field that nobody filled in may be left out of a form that is shown again.
  const isAsked = ([name, value]: [string, string]) => !ASIDE.includes(name) && value !== '';
  const asked = Object.fromEntries(Object.entries(values).filter(isAsked));
  return {
    who,
    // Of the key alone: sent again from another shop, after another sign-in, it is no second request.
    requestId: sha256(`staff:form\n${key}`),
    requestHash: sha256(`${who.shop.shopId} ${c.req.method} ${c.req.path}\n${canonicalJson(asked)}`).slice(0, 22),
    async: 'answer',
    waitMs: WAIT_MS,
  };
}
