import { afterEach, expect, test } from 'vitest';
import { Failure } from '../../runtime/failure.js';
import { readSettings } from '../../runtime/settings.js';

const machine = process.env['TZ'];
afterEach(() => {
  if (machine === undefined) delete process.env['TZ'];
  else process.env['TZ'] = machine;
});

test("the shop's time zone is the machine's unless it is set", () => {
  process.env['TZ'] = 'America/New_York';
  expect(readSettings({}).shopTimeZone).toBe('America/New_York');
  expect(readSettings({ SHOP_TIME_ZONE: 'Europe/Berlin' }).shopTimeZone).toBe('Europe/Berlin');
});

test('a machine whose time zone is none that can be named leaves UTC', () => {
  process.env['TZ'] = 'Mars/Base';
  expect(readSettings({}).shopTimeZone).toBe('UTC');
});

test.each([
  ['http://localhost:3000', 'http://localhost:3000'],
  ['https://till.example', 'https://till.example'],
  ['HTTPS://Till.example:443/', 'https://till.example'],
])('%s is where people open the pages', (said, origin) => {
  expect(readSettings({ PUBLIC_URL: said }).publicUrl?.origin).toBe(origin);
});

test.each([
  'till.example',
  'ftp://till.example',
  'https://till.example/shop',
  'https://a:b@till.example',
  'https://x?y',
])('%s is no such place', (said) => {
  expect(() => readSettings({ PUBLIC_URL: said })).toThrow('PUBLIC_URL');
});

test.each([
  ['a bad port', { PORT: 'abc' }, /^PORT has a value that cannot be used\.$/],
  ['an unknown time zone', { SHOP_TIME_ZONE: 'Mars/Base' }, /^SHOP_TIME_ZONE is not a time zone of the IANA list\.$/],
  ['a distance from UTC', { SHOP_TIME_ZONE: '+02:00' }, /^SHOP_TIME_ZONE is not a time zone of the IANA list\.$/],
  ['a misspelt setting', { SHOP_TIMEZONE: 'UTC' }, /^SHOP_TIMEZONE is not a setting of this service\.$/],
  ['a bad key, which is not repeated', { ADMIN_KEY: 'secret' }, /^ADMIN_KEY is not of the form (?!.*secret).*\.$/],
  ['a database that is none', { DATABASE_URL: 'mysql://x' }, /^DATABASE_URL has a value that cannot be used\.$/],
])('%s is one clear sentence', (_, bad, sentence) => {
  expect(() => readSettings(bad)).toThrow(sentence);
  expect(() => readSettings(bad)).toThrow(Failure);
});
