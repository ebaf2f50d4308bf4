import { randomBytes } from 'node:crypto';
import type { Sql } from '../../db/connect.js';
import { addReader, isReaderName, READER_ROLE } from '../../db/finance/readers.js';
import { Failure } from '../../runtime/failure.js';

export const USAGE = ['login <name>'];

/** Makes a login of Postgres that reads reports, or gives it another password. */
export async function addLogin(sql: Sql, words: string[]): Promise<'unknown' | void> {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0) return 'unknown';
  if (!isReaderName(name))
    throw new Failure('A login is 2 to 63 small letters, digits and _, begins with a letter, and not with pg_.');
  const password = randomBytes(24).toString('base64url');
  switch (await addReader(sql, name, password)) {
    case 'taken':
      throw new Failure(`${name} is a role of this Postgres already, and does not read reports.`);
    case 'not_permitted':
      throw new Failure(
        `This Postgres does not let its owner make roles: its administrator has to make ${READER_ROLE}, as docs/production.md says.`,
      );
    case 'made':
    case 'changed':
      console.log(`${password}\nThis is the password of ${name} in Postgres, who reads reports. It is shown only now.`);
  }
}
