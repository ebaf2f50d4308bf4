import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { sha256 } from '../../domain/sha256.js';

const FOLDER = new URL('../../docs/pictures/', import.meta.url);
const PRINTS = new URL('prints.json', FOLDER);

/** What each picture showed when it was taken last, as a hash. */
export type Prints = Readonly<Record<string, string>>;

/** What differs at every run and is told nowhere: keys, references, ids that are made, days and times. */
const passing = [
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
  /(ACC|T)-?\d{8}-?[0-9A-Z]{8}/g,
  /C-[0-9A-Z]{16}/g,
  /\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?/g,
  /\d{1,2} \p{L}{3,9}\.? \d{4}/gu,
  /\d{2}\.\d{2}\.\d{4}/g,
  /\d{1,2}:\d{2}/g,
];

/** Of the page and its style. Equal for two runs whose pictures tell the same. */
export async function printOf(page: Page): Promise<string> {
  const style = await page.request.get('/assets/style.css');
  const seen = `${await page.content()}\n${await style.text()}`;
  return sha256(passing.reduce((text, each) => text.replace(each, ''), seen));
}

export async function readPrints(): Promise<Prints> {
  return readFile(PRINTS, 'utf8').then(
    (text) => JSON.parse(text) as Prints,
    () => ({}),
  );
}

export async function writePrints(prints: Prints): Promise<void> {
  await writeFile(PRINTS, `${JSON.stringify(prints, undefined, 2)}\n`);
}

export function pictureFile(name: string): URL {
  return new URL(`${name}.png`, FOLDER);
}
