import { afterEach, expect, test } from 'vitest';
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
