import type { Caller } from '../../api/http/keys.js';

/** What is sent from the UI passes none of the API's rules of who may do what, so it is an admin's. */
export function mayActIn(whoHas: (key: string) => Promise<Caller | undefined>): (key: string) => Promise<boolean> {
  return async (key) => (await whoHas(key))?.role === 'admin';
}
