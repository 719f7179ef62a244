/** The name of a TCP connection, written alike by both of its ends. */

/** IPv4 that a dual-stack socket shows as IPv6 is IPv4; a scope is the host's own affair; IPv6 stands in brackets. */
function endpoint(address: string, port: number): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return plain.includes(":") ? `[${plain}]:${port}` : `${plain}:${port}`;
}

/** `client address>server address`, as in `conn` of a record; empty where an end is not known (a closed socket). */
export function connectionName(
  clientAddress: string | undefined,
  clientPort: number | undefined,
  serverAddress: string | undefined,
  serverPort: number | undefined,
): string {
  if (!clientAddress || !clientPort || !serverAddress || !serverPort) return "";
  return `${endpoint(clientAddress, clientPort)}>${endpoint(serverAddress, serverPort)}`;
}
