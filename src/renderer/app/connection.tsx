import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { StudioContract } from '../../shared/contract/studio.ts';

export type StudioClient = ContractRouterClient<StudioContract>;

function connect(socket: WebSocket) {
  const client: StudioClient = createORPCClient(new RPCLink({ websocket: socket }));
  return { client, queries: createTanstackQueryUtils(client) };
}
type Connection = ReturnType<typeof connect>;
type ConnectionState = { readonly kind: 'connecting' } | { readonly kind: 'open'; readonly connection: Connection } | { readonly kind: 'lost' };

const ConnectionContext = createContext<Connection | undefined>(undefined);
const RETRY_MS = 1000;

/** Keeps one socket to the studio core open, and asks everything again after it was lost. */
export function ConnectionProvider({ children, waiting }: { readonly children: ReactNode; readonly waiting: (lost: boolean) => ReactNode }) {
  const [state, setState] = useState<ConnectionState>({ kind: 'connecting' });
  const cache = useQueryClient();
  useEffect(() => {
    let ended = false;
    let retry: number | undefined;
    let socket: WebSocket;
    const open = () => {
      socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/rpc`);
      socket.binaryType = 'arraybuffer';
      socket.addEventListener('open', () => {
        if (ended) return;
        setState({ kind: 'open', connection: connect(socket) });
        void cache.invalidateQueries();
      });
      socket.addEventListener('close', () => {
        if (ended) return;
        setState({ kind: 'lost' });
        retry = window.setTimeout(open, RETRY_MS);
      });
    };
    open();
    return () => {
      ended = true;
      window.clearTimeout(retry);
      socket.close();
    };
  }, [cache]);
  if (state.kind !== 'open') return waiting(state.kind === 'lost');
  return <ConnectionContext.Provider value={state.connection}>{children}</ConnectionContext.Provider>;
}

export function useStudio(): Connection {
  const connection = useContext(ConnectionContext);
  if (!connection) throw new Error('useStudio is used outside the connection');
  return connection;
}
