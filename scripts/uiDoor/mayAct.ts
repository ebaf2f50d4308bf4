import type { Keyring } from '../../api/http/keys.js';

/** What is sent from the UI passes none of the API's rules of who may do what, so it is an admin's. */
export function mayActIn({ whoHas }: Pick<Keyring, 'whoHas'>): (key: string) => Promise<boolean> {
  return async (key) => (await whoHas(key))?.role === 'admin';
}
