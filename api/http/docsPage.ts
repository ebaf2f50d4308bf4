import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';

const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const types = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' } as const;

const page = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Account payments: the API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="api"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null, persistAuthorization: false });
`;

/** The API's documents as a page; all of it comes from here, nothing from the internet. */
export function docsPage(): Hono {
  const docs = new Hono();
  docs.use('/docs/*', async (c, next) => {
    await next();
    c.header(
      'Content-Security-Policy',
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
    );
  });
  docs.get('/docs', (c) => c.html(page));
  docs.get('/docs/start.js', (c) => c.body(start, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
  for (const [name, type] of Object.entries(types)) {
    docs.get(`/docs/${name}`, async (c) => {
      const body = await readFile(join(assets, name));
      return c.body(new Uint8Array(body), 200, {
        'Content-Type': `${type}; charset=utf-8`,
        'Cache-Control': 'max-age=86400',
      });
    });
  }
  return docs;
}
