/** What is known of the connection on which a request came. */
type Connected = { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string | undefined } } };

/**
 * From where a request came: its address, or the network of one of IPv6, for whoever has one of these has all. It is
 * that of the socket; behind a proxy the proxy's, for what a header says of it anybody can write.
 */
export function networkOf(env: unknown): string {
  const address = (env as Connected | undefined)?.incoming?.socket?.remoteAddress ?? '';
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  return v4 ?? address.split(':').slice(0, 4).join(':');
}
