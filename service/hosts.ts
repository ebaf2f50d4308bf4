/** Names that lead nowhere but to this machine, whoever gives them out. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/**
 * Whether a request that calls us by this name means us. A site whose name leads here, for its owner has said so to a
 * browser on this machine, could otherwise read what we answer.
 */
export function isOurName(hostname: string, names: readonly string[]): boolean {
  return isLoopback(hostname) || names.includes(hostname);
}
