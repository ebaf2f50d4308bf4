import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { textsOf } from '../web/texts/texts.js';
import { findShop } from '../db/shops.js';
import { Failure } from '../runtime/failure.js';
import { runOnce } from '../runtime/runOnce.js';
import { MAIN_SHOP } from './mainShop.js';
import { album } from './pictures/album.js';
import { openCamera, shoot, type Camera } from './pictures/camera.js';
import { pictureFile, printOf, readPrints, writePrints } from './pictures/print.js';
import { startService, type Service } from './pictures/service.js';
import { handsOf, openShop, type People } from './pictures/shop.js';
import { playStory, type Told } from './pictures/story.js';

/**
 * Takes the pictures of the manual from a service of its own, in which a small shop has been at work for a while. What
 * shows the same as before is left as it is; `npm run pictures -- all` takes every one anew.
 */
await runOnce(async (settings) => {
  const service = await startService(settings);
  try {
    const people = await openShop(service);
    const told = await story(service, people);
    const camera = await openCamera(service.origin, people, service.folder);
    await takeAll(camera, told, process.argv.includes('all') ? 'all' : 'changed');
    await camera.close();
  } finally {
    await service.stop();
  }
});

async function story({ sql, parts }: Service, people: People): Promise<Told> {
  const shop = await findShop(sql, MAIN_SHOP);
  if (!shop) throw new Failure('The shop of the pictures is not there.');
  return playStory(handsOf(parts, shop, people));
}

async function takeAll(camera: Camera, told: Told, which: 'all' | 'changed'): Promise<void> {
  await mkdir(new URL('.', pictureFile('')), { recursive: true });
  const before = await readPrints();
  const prints: Record<string, string> = {};
  for (const { name, view, languages, way } of album)
    for (const language of languages) {
      const file = language === 'en' ? name : `${name}.${language}`;
      const page = await camera.look({ ...view, language });
      const extent = await way(page, told, textsOf(language));
      const print = await printOf(page);
      prints[file] = print;
      const isKept = which === 'changed' && before[file] === print && existsSync(pictureFile(file));
      if (!isKept) await writeFile(pictureFile(file), await shoot(page, extent));
      console.log(`${file}: ${isKept ? 'as before' : 'taken'}`);
      await page.context().close();
    }
  await writePrints(prints);
}
