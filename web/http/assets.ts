import { readdirSync, readFileSync } from 'node:fs';
import { createMiddleware } from 'hono/factory';
import { createRoutes, type Pages } from './context.js';
import { NotFound } from './faults.js';
import { scripts } from './scripts.js';

const FOLDER = new URL('../assets/', import.meta.url);

/** Style, icons and scripts, read once. A browser asks each hour whether there is newer style. */
export function assetRoutes(): Pages {
  const styles = readdirSync(FOLDER).filter((name) => name.endsWith('.css'));
  const style = styles.sort().map(read).join('\n');
  const icon = read('icon.svg');
  return createRoutes()
    .get('/assets/style.css', kept, (c) => c.body(style, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
    .get('/assets/icon.svg', kept, (c) => c.body(icon, 200, { 'Content-Type': 'image/svg+xml' }))
    .get('/assets/:script', (c) => {
      const script = scripts.find(({ path }) => path === c.req.path);
      if (!script) throw new NotFound();
      return c.body(script.content, 200, {
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': 'max-age=31536000, immutable',
      });
    });
}

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

const kept = createMiddleware(async (c, next) => {
  await next();
  c.res.headers.set('Cache-Control', 'max-age=3600');
});
