import { settingNames } from '../../runtime/settings.js';
import { isOfMachine, isOfNode, only } from './told.mjs';

/** Temporal's own, as its documents have them, keys and certificates among them. */
const TEMPORAL = /^TEMPORAL_/;

/** For those who prepare and start: whoever serves is told neither. */
const NOT_OF_SERVICES: readonly string[] = ['ADMIN_KEY', 'DATABASE_OWNER_URL'];

/** What a server of others is started with: no secret of ours. */
export function serversEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return only(env, isOfMachine);
}

/** What API and worker are started with: their settings, and nothing that somebody has in the shell beside them. */
export function servicesEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isSetting = (name: string) =>
    TEMPORAL.test(name) || (settingNames.includes(name) && !NOT_OF_SERVICES.includes(name));
  return only(env, (name) => isOfMachine(name) || isOfNode(name) || isSetting(name));
}
