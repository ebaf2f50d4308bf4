import { expect, test } from 'vitest';
import { settingNames } from '../../runtime/settings.js';
import { serversEnvironment, servicesEnvironment } from '../../scripts/servers/environment.js';

/** Everything that can be set, and what somebody may have in a shell beside it. */
const beside = {
  PATH: '/bin',
  HOME: '/somewhere',
  LANG: 'de_DE.UTF-8',
  TZ: 'Europe/Berlin',
  NODE_EXTRA_CA_CERTS: '/ca.pem',
  TEMPORAL_API_KEY: 'secret',
  TEMPORAL_TLS_CLIENT_KEY_PATH: '/key.pem',
  AWS_SECRET_ACCESS_KEY: 'secret',
  PGPASSWORD: 'secret',
  GITHUB_TOKEN: 'secret',
  LD_PRELOAD: '/planted.so',
};
const shell = { ...Object.fromEntries(settingNames.map((name) => [name, `of ${name}`])), ...beside };

test('a server of others is told where things are, and no setting of ours', () => {
  expect(Object.keys(serversEnvironment(shell)).sort()).toEqual(['HOME', 'LANG', 'PATH', 'TZ']);
});

test('API and worker are told their settings, neither the admin key nor the owner of the database, and nothing else', () => {
  const told = servicesEnvironment(shell);
  for (const name of settingNames.filter((each) => !['ADMIN_KEY', 'DATABASE_OWNER_URL'].includes(each)))
    expect(told[name], name).toBe(`of ${name}`);
  expect(
    Object.keys(told)
      .filter((name) => !settingNames.includes(name))
      .sort(),
  ).toEqual(
    ['HOME', 'LANG', 'NODE_EXTRA_CA_CERTS', 'PATH', 'TEMPORAL_API_KEY', 'TEMPORAL_TLS_CLIENT_KEY_PATH', 'TZ'].sort(),
  );
  for (const name of ['ADMIN_KEY', 'DATABASE_OWNER_URL']) expect(told[name], name).toBeUndefined();
});
