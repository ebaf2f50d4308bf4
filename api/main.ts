import { createLog } from '../runtime/log.js';
import { requireDatabase } from '../runtime/settings.js';
import { runProcess } from '../runtime/runProcess.js';
import { serve } from './serve.js';

await runProcess(async (settings) => {
  const log = createLog('api', settings.logLevel);
  const api = await serve({ settings, databaseUrl: requireDatabase(settings), log });
  log.info({ host: settings.host, port: api.port }, 'listening');
  return api;
});
