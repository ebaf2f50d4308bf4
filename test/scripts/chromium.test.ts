import { expect, test } from 'vitest';
import { Failure } from '../../runtime/failure.js';
import { findChromium } from '../../scripts/servers/chromium.js';

const silent = () => undefined;

test('the browser that CHROMIUM names is taken, whatever else the machine has', async () => {
  expect(await findChromium(process.execPath, silent)).toBe(process.execPath);
});

test('a CHROMIUM that is not there is told, rather than another browser taken', async () => {
  await expect(findChromium('/nowhere/chromium', silent)).rejects.toThrow(Failure);
});

test.each([undefined, ''])('without CHROMIUM (%j) one of the machine is found', async (named) => {
  expect(await findChromium(named, silent)).toMatch(/chrom/i);
});
