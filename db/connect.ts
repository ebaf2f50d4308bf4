import postgres from 'postgres';

/** How values come and go: integers of 64 bits come as numbers (amounts end far below 2^53), times as `Instant`s. */
export const types = {
  bigint: { to: 20, from: [20], serialize: String, parse: Number },
  instant: {
    to: 1184,
    from: [1184],
    serialize: (value: string) => value,
    parse: (value: string) => new Date(value).toISOString(),
  },
};

export type Sql = postgres.Sql<{ bigint: number; instant: string }>;

export type Connecting = {
  /** Shown by Postgres for each connection, to tell the processes apart. */
  name: string;
  connections: number;
  /** What takes longer is ended by the server; without it nothing is, as for migrations. */
  statementMs?: number;
  /** What commands ask is found by an index, all of it; without this, as Postgres plans. */
  finding?: 'by_index';
  /** Hears what the server warns of: migrations say so what they changed. */
  warn?: (sentence: string) => void;
};

/** For processes that serve: nobody waits longer for an answer. */
export const STATEMENT_MS = 5_000;

/**
 * In a shop's first minutes Postgres goes on with plans that it made while there was next to nothing, and would read
 * tables from end to end that have grown meanwhile.
 */
export const BY_INDEX = { enable_seqscan: 'off' };

export function connect(databaseUrl: string, { name, connections, statementMs, finding, warn }: Connecting): Sql {
  return postgres(databaseUrl, {
    types,
    transform: { ...postgres.camel, undefined: null },
    max: connections,
    connect_timeout: 5,
    // After an outage, be back at once: the default waits up to 20 s between attempts.
    backoff: () => 0.25,
    connection: {
      application_name: name,
      ...(statementMs !== undefined && { statement_timeout: statementMs }),
      ...(finding === 'by_index' && BY_INDEX),
    },
    onnotice: ({ severity, message = '' }) => {
      if (severity === 'WARNING') warn?.(message);
    },
  }) as Sql;
}

/**
 * Lets what was asked be answered, for a second. A connection that was lost while it was asked something never ends by
 * itself.
 */
export function disconnect(sql: Pick<Sql, 'end'>): Promise<void> {
  return sql.end({ timeout: 1 });
}
