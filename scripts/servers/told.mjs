// What whoever is started from here is told of the environment. Plain Node, for packages are installed before anything
// is translated.

/** What programs want to know of the machine: where things are, and in which language and time zone it speaks. */
const MACHINE = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|XDG_\w+)$/;
const WINDOWS = /^(SystemRoot|SystemDrive|ComSpec|PATHEXT|APPDATA|LOCALAPPDATA|USERPROFILE|PATH)$/i;
/** How Node runs, and how it gets out and whom it trusts there. */
const NODE = /^(NODE_\w+|TSX_\w+|SSL_CERT_\w+|(https?|grpc|no)_proxy)$/i;
/** How tools that fetch and build find what they need: npm, Go, Maven, pip, Debian's packages, Playwright, esbuild. */
const TOOLS = [
  /^(npm_config|PIP|PLAYWRIGHT|ESBUILD|CGO)_\w+$/i,
  /^GO(PATH|ROOT|BIN|ENV|FLAGS|AUTH|VCS|TMPDIR|TOOLCHAIN|\w*CACHE|\w*PROXY|\w*SUMDB|PRIVATE|INSECURE)$/,
  /^(CC|CXX|JAVA_HOME|M2_HOME|MAVEN_\w+|DEBIAN_FRONTEND|(CURL|REQUESTS)_CA_BUNDLE|GIT_SSL_CAINFO)$/,
];

export function isOfMachine(name) {
  return MACHINE.test(name) || WINDOWS.test(name);
}

export function isOfNode(name) {
  return NODE.test(name);
}

export function toolsEnvironment(env) {
  return only(env, (name) => isOfMachine(name) || isOfNode(name) || TOOLS.some((tool) => tool.test(name)));
}

export function only(env, isWanted) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isWanted(name)));
}
