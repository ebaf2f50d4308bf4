import type { Logger as TemporalLogger, LogLevel, LogMetadata } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Temporal's log lines among ours, at our levels. */
export function temporalLogger(log: Logger): TemporalLogger {
  const write = (level: LogLevel, message: string, meta?: LogMetadata) => {
    const { taskToken: _, ...rest } = meta ?? {};
    switch (level) {
      case 'TRACE':
        return log.trace(rest, message);
      case 'DEBUG':
        return log.debug(rest, message);
      case 'INFO':
        return log.info(rest, message);
      case 'WARN':
        return log.warn(rest, message);
      case 'ERROR':
        return log.error(rest, message);
    }
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}
