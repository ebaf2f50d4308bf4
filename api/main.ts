import { createLog } from '../runtime/log.js';
import { requireDatabase } from '../runtime/settings.js';
import { runProcess, STOPS_WITHIN_MS } from '../runtime/runProcess.js';
import { serve } from './serve.js';

await runProcess(async (settings) => {
  const log = createLog('api', settings.logLevel);
  const api = await serve({ settings, databaseUrl: requireDatabase(settings), log });
  log.info({ host: settings.host, port: api.port }, 'listening');
  return { stop: api.stop, stopsWithinMs: STOPS_WITHIN_MS };
});
