import { readdirSync, readFileSync } from 'node:fs';
import { createMiddleware } from 'hono/factory';
import { createRoutes, type Pages } from './context.js';

const FOLDER = new URL('../assets/', import.meta.url);

/** Style and icons, read once. A browser asks each hour whether there are newer ones. */
export function assetRoutes(): Pages {
  const styles = readdirSync(FOLDER).filter((name) => name.endsWith('.css'));
  const style = styles.sort().map(read).join('\n');
  const icon = read('icon.svg');
  return createRoutes()
    .get('/assets/style.css', kept, (c) => c.body(style, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
    .get('/assets/icon.svg', kept, (c) => c.body(icon, 200, { 'Content-Type': 'image/svg+xml' }));
}

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

const kept = createMiddleware(async (c, next) => {
  await next();
  c.res.headers.set('Cache-Control', 'max-age=3600');
});
