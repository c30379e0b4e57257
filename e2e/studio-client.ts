import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import WebSocket from 'ws';
import type { StudioContract } from '../src/shared/contract/studio.ts';

/** The cookie that the address with the token is exchanged for. */
export async function cookieOf(address: string): Promise<string> {
  const answer = await fetch(address, { redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (answer.status !== 303 || cookie === undefined)
    throw new Error(`${address} answered ${answer.status} without a cookie.`);
  return cookie;
}

/** A second window on the same server, without a picture. */
export function clientOn(
  address: string,
  cookie: string,
): { client: ContractRouterClient<StudioContract>; close: () => void } {
  const { host, origin } = new URL(address);
  const socket = new WebSocket(`ws://${host}/rpc`, { headers: { cookie, origin } });
  const client: ContractRouterClient<StudioContract> = createORPCClient(
    new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
  );
  return { client, close: () => socket.close() };
}
