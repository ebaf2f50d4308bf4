import { connect, type Sql } from '../../db/connect.js';

/** A Postgres that nobody reaches, asked as the service asks its own. Disconnect it when done. */
export function openNowhere(): Sql {
  return connect('postgres://127.0.0.1:9/none', { name: 'nowhere', connections: 10 });
}
