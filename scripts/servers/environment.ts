import { settingNames } from '../../runtime/settings.js';

/** What programs want to know of the machine: where things are, and in which language and time zone it speaks. */
const MACHINE = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|XDG_\w+)$/;
const WINDOWS = /^(SystemRoot|SystemDrive|ComSpec|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE|PATH)$/i;
/** How Node runs, and how it gets out and whom it trusts there. */
const NODE = /^(NODE_\w+|TSX_\w+|SSL_CERT_\w+|(https?|grpc|no)_proxy)$/i;
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
  return only(env, (name) => isOfMachine(name) || NODE.test(name) || isSetting(name));
}

function isOfMachine(name: string): boolean {
  return MACHINE.test(name) || WINDOWS.test(name);
}

function only(env: NodeJS.ProcessEnv, isWanted: (name: string) => boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isWanted(name)));
}
