import { readFileSync } from 'node:fs';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { Failure } from './failure.js';

const port = z.coerce.number().int().min(0).max(65_535);

/** Where a browser finds a service: no path, no name of anybody. */
const origin = z.url({ protocol: /^https?$/ }).refine((url) => URL.parse(url)?.href === `${URL.parse(url)?.origin}/`, {
  message: 'is not of the form https://shop.example',
});

/** Unset and empty mean the same, as Compose files and shells have it. */
const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(3000),
  PUBLIC_URL: origin.optional(),
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/ }).optional(),
  TEMPORAL_UI_BEHIND: origin.optional(),
  ALLOWED_HOSTS: z
    .string()
    .regex(/^[a-z0-9.-]+(,[a-z0-9.-]+)*$/i, 'is not a list of names as shop.example,10.0.0.7')
    .optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_OWNER_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  POSTGRES_PORT: port.default(5433),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^\S+:\d+$/, 'is not host:port')
    .optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_PORT: port.default(7233),
  TEMPORAL_UI_PORT: port.default(8233),
  TEMPORAL_CLI: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
  SHOP_TIME_ZONE: z.string().refine(isTimeZone, 'is not a time zone of the IANA list').default(machinesTimeZone),
  SHOP_CURRENCY: z.string().default('EUR'),
  RETURN_PERIOD_DAYS: z.coerce.number().int().min(1).max(3_650).default(365),
  CALLER_TRUST_HOURS: z.coerce.number().int().min(1).max(720).default(24),
  CALLS_AT_ONCE: z.coerce.number().int().min(2).max(1_000).default(8),
  ADMIN_KEY: z
    .string()
    .regex(
      /^ap_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}$/,
      'is not of the form ap_<8 letters or digits>_<43 of A-Z a-z 0-9 _ ->',
    )
    .optional(),
  WORKER_BUILD_ID: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'is not 1 to 64 letters, digits, dots, dashes and underscores')
    .optional(),
  WORKER_CACHED_WORKFLOWS: z.coerce.number().int().min(2).max(100_000).optional(),
  WORKER_METRICS_ADDRESS: z
    .string()
    .regex(/^\S+:\d+$/, 'is not host:port')
    .optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export const settingNames: readonly string[] = Object.keys(schema.shape);

export type Settings = {
  host: string;
  port: number;
  /** Under which people open the pages, where that is not the machine's loopback address. */
  publicUrl: URL | undefined;
  /** Where operators look at workflows. */
  temporalUiUrl: URL | undefined;
  /** The UI itself, for its door alone. */
  temporalUiBehind: URL | undefined;
  /** By which names the API is called, beside that of the pages and the machine's own for itself. */
  allowedHosts: readonly string[];
  databaseUrl: string | undefined;
  /** As whom migrations and people on the server work, where that is not who serves. */
  databaseOwnerUrl: string | undefined;
  postgresPort: number;
  temporal: ClientConnectConfig & { namespace: string };
  /** Where a server that is there already listens; without one `npm start` brings its own. */
  temporalAddress: string | undefined;
  temporalPort: number;
  temporalUiPort: number;
  temporalCli: string | undefined;
  dataDir: string;
  /** Of the shop that is there when nobody has added one. */
  shopTimeZone: string;
  shopCurrency: string;
  /** For how long after its completion a sale takes returns. */
  returnPeriodMs: number;
  /** For how long a key is good of which Postgres cannot be asked. */
  keyTrustMs: number;
  /** How many requests of all callers API and workers do well at once. */
  callsAtOnce: number;
  adminKey: string | undefined;
  /** Of the worker; without one it has no version. */
  workerBuildId: string | undefined;
  /** How many workflows the worker keeps in memory; as many as there is room for unless given. */
  workerCachedWorkflows: number | undefined;
  /** Where the worker shows its measurements to Prometheus; nowhere unless given. */
  workerMetricsAddress: string | undefined;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
};

/**
 * Reads the settings from an environment. TEMPORAL_API_KEY and the TEMPORAL_TLS_* are Temporal's own:
 * https://docs.temporal.io/develop/environment-configuration
 * @throws Failure
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const given = withSecrets(
    Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1])),
  );
  const misspelt = Object.keys(given).find(
    (name) =>
      /^(SHOP_|RETURN_|CALLER_|CALLS_|ADMIN_|PUBLIC_|ALLOWED_|TEMPORAL_PORT|TEMPORAL_UI|POSTGRES_P)/.test(name) &&
      !known(name),
  );
  if (misspelt) throw new Failure(`${misspelt} is not a setting of this service.`);
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new Failure(sentence(parsed.error.issues[0]));
  const values = parsed.data;
  return {
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL === undefined ? undefined : new URL(values.PUBLIC_URL),
    temporalUiUrl: values.TEMPORAL_UI_URL === undefined ? undefined : new URL(values.TEMPORAL_UI_URL),
    temporalUiBehind: values.TEMPORAL_UI_BEHIND === undefined ? undefined : new URL(values.TEMPORAL_UI_BEHIND),
    allowedHosts: values.ALLOWED_HOSTS?.toLowerCase().split(',') ?? [],
    databaseUrl: values.DATABASE_URL,
    databaseOwnerUrl: values.DATABASE_OWNER_URL,
    postgresPort: values.POSTGRES_PORT,
    temporal: connectionTo(given, values),
    temporalAddress: values.TEMPORAL_ADDRESS,
    temporalPort: values.TEMPORAL_PORT,
    temporalUiPort: values.TEMPORAL_UI_PORT,
    temporalCli: values.TEMPORAL_CLI,
    dataDir: values.DATA_DIR,
    shopTimeZone: values.SHOP_TIME_ZONE,
    shopCurrency: values.SHOP_CURRENCY,
    returnPeriodMs: values.RETURN_PERIOD_DAYS * 24 * 60 * 60 * 1000,
    keyTrustMs: values.CALLER_TRUST_HOURS * 60 * 60 * 1000,
    callsAtOnce: values.CALLS_AT_ONCE,
    adminKey: values.ADMIN_KEY,
    workerBuildId: values.WORKER_BUILD_ID,
    workerCachedWorkflows: values.WORKER_CACHED_WORKFLOWS,
    workerMetricsAddress: values.WORKER_METRICS_ADDRESS,
    logLevel: values.LOG_LEVEL,
  };
}

/** What may come as a file, so that it stands in no process' environment: `ADMIN_KEY_FILE` in place of `ADMIN_KEY`. */
const SECRETS = ['ADMIN_KEY', 'DATABASE_URL', 'DATABASE_OWNER_URL'];

function withSecrets(given: Record<string, string>): Record<string, string> {
  const read = SECRETS.flatMap((name) => {
    const file = given[`${name}_FILE`];
    return file === undefined ? [] : [[name, contentOf(file, `${name}_FILE`)] as const];
  });
  const rest = Object.entries(given).filter(([name]) => !SECRETS.some((secret) => name === `${secret}_FILE`));
  return Object.fromEntries([...rest, ...read]);
}

function contentOf(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new Failure(`${setting} names ${file}, which cannot be read.`);
  }
}

function connectionTo(env: Record<string, string>, values: z.infer<typeof schema>): Settings['temporal'] {
  try {
    const config = loadClientConnectConfig({ overrideEnvVars: env });
    const address = values.TEMPORAL_ADDRESS ?? config.connectionOptions.address ?? `127.0.0.1:${values.TEMPORAL_PORT}`;
    return {
      ...config,
      namespace: config.namespace ?? values.TEMPORAL_NAMESPACE,
      connectionOptions: { ...config.connectionOptions, address },
    };
  } catch (error) {
    throw new Failure(`The TEMPORAL_ settings cannot be used: ${error instanceof Error ? error.message : 'unknown'}.`);
  }
}

/** Never repeats the value: it may be a secret. */
function sentence(issue: z.core.$ZodIssue | undefined): string {
  const name = String(issue?.path[0] ?? 'A setting');
  const message = issue?.code === 'custom' || issue?.code === 'invalid_format' ? issue.message : undefined;
  return `${name} ${message?.startsWith('is ') ? message : 'has a value that cannot be used'}.`;
}

function known(name: string): boolean {
  return Object.hasOwn(schema.shape, name);
}

/** A place, and no distance from UTC: `+02:00` is the opposite in Postgres, and knows no summer. */
export function isTimeZone(value: string): boolean {
  if (!/^[a-z]/i.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** That of the machine, as people set it up; UTC where it has none that can be named. */
function machinesTimeZone(): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone && isTimeZone(zone) ? zone : 'UTC';
}

/** For processes that bring no Postgres of their own. */
export function requireDatabase({ databaseUrl }: Settings): string {
  if (databaseUrl === undefined) throw new Failure('DATABASE_URL is not set.');
  return databaseUrl;
}
