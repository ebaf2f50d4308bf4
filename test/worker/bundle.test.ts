import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { sharedModules } from '../../worker/bundle.js';

/** What runs when a module is evaluated; types are gone by then. */
async function importedBy(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  const all = text.matchAll(/^(?:import|export)\s+(?!type\s)[^;]*?from '([^']+)';|^import '([^']+)';/gm);
  return [...all].map(([, from, alone]) => from ?? alone ?? '');
}

/** The packages that these modules, and what they import, come to. */
async function packagesOf(files: readonly string[]): Promise<Set<string>> {
  const packages = new Set<string>();
  const seen = new Set(files);
  for (const file of seen) {
    for (const from of await importedBy(file)) {
      if (from.startsWith('.')) seen.add(normalize(join(dirname(file), from.replace(/\.js$/, '.ts'))));
      else packages.add(from);
    }
  }
  return packages;
}

test('what workflows share knows nothing of the SDK, which keeps state in its modules', async () => {
  const shared = await sharedModules();
  expect(shared.some((file) => file.endsWith('domain/payment/decide.ts'))).toBe(true);
  expect([...(await packagesOf(shared))].sort()).toEqual(['@noble/hashes/sha2.js', '@noble/hashes/utils.js', 'zod']);
});

test('what workflows share exports nothing that the SDK cannot freeze for them', async () => {
  const canChange = (value: unknown) =>
    [Map, Set, WeakMap, WeakSet, Date].some((kind) => value instanceof kind) || ArrayBuffer.isView(value);
  const found: string[] = [];
  for (const file of await sharedModules()) {
    // It exports nothing, and sets what holds for the sandbox alone.
    if (file.endsWith('stackTraces.ts')) continue;
    for (const [name, value] of Object.entries((await import(file)) as Record<string, unknown>)) {
      const parts =
        typeof value === 'object' && value !== null ? [value, ...(Object.values(value) as unknown[])] : [value];
      if (parts.some(canChange)) found.push(`${file}: ${name}`);
    }
  }
  expect(found).toEqual([]);
});
