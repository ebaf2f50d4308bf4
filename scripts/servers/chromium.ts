import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Failure } from '../../runtime/failure.js';
import { isFile, onPath } from './cache.js';
import { runTool } from './tools.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const IN_PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/**
 * The browser in which the pages are tried: the one that `CHROMIUM` names, the machine's, or one that is installed for
 * it, from the packages of a Debian or an Ubuntu where that is allowed, else by Playwright.
 * @param named what `CHROMIUM` says
 * @throws Failure when the named one is not there, or when there is none and none can be had
 */
export async function findChromium(named: string | undefined, say: (line: string) => void): Promise<string> {
  if (named !== undefined && named !== '') {
    if (await isFile(named)) return named;
    throw new Failure(`CHROMIUM names ${named}, and no file is there: name a browser, or leave CHROMIUM away.`);
  }
  const found = await lookForChromium();
  if (found !== undefined) return found;
  say('Installing Chromium ...');
  const problems: string[] = [];
  for (const [program, ...args] of await waysToInstall()) {
    await runTool(program, args).catch((error: unknown) =>
      problems.push(error instanceof Error ? error.message : 'failed'),
    );
    const installed = await lookForChromium();
    if (installed !== undefined) return installed;
  }
  throw new Failure(
    `Chromium cannot be installed, and the tests need it; install one, or name it in CHROMIUM: ${problems.at(-1)?.split('\n')[0]}`,
  );
}

async function lookForChromium(): Promise<string | undefined> {
  for (const name of NAMES) {
    const program = await onPath(name);
    if (program !== undefined) return program;
  }
  for (const program of [...IN_PLACES, chromium.executablePath()]) if (await isFile(program)) return program;
  return undefined;
}

type Way = readonly [program: string, ...args: string[]];

async function waysToInstall(): Promise<Way[]> {
  const cli = fileURLToPath(new URL('../../node_modules/playwright-core/cli.js', import.meta.url));
  const byPlaywright: Way = [process.execPath, cli, 'install', 'chromium'];
  const aptGet = userInfo().uid === 0 ? await onPath('apt-get') : undefined;
  if (aptGet === undefined) return [byPlaywright];
  return [[aptGet, 'update'], [aptGet, 'install', '-y', '--no-install-recommends', 'chromium'], byPlaywright];
}
