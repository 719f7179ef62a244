/** Erlang's formulas. `load` is offered traffic in servers: arrival rate × mean service time. */

/** Probability that all servers are busy where nobody waits (lost calls). Stable for any number of servers. */
export function erlangB(servers: number, load: number): number {
  let blocked = 1;
  for (let count = 1; count <= servers; count++) blocked = (load * blocked) / (count + load * blocked);
  return blocked;
}

/** Probability that a request has to wait; 1 where the load is more than the servers carry. */
export function erlangC(servers: number, load: number): number {
  if (load >= servers) return 1;
  const blocked = erlangB(servers, load);
  return blocked / (1 - (load / servers) * (1 - blocked));
}
