import { type ClientContext, type ClientLink, createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { StudioContract } from '../../shared/contract/studio.ts';
import { deliverFaults } from './faults.ts';
import { host } from './host/index.ts';

export type StudioClient = ContractRouterClient<StudioContract>;

function connect(link: ClientLink<ClientContext>) {
  const client: StudioClient = createORPCClient(link);
  return { client, queries: createTanstackQueryUtils(client) };
}
type Connection = ReturnType<typeof connect>;
type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open'; readonly connection: Connection }
  | { readonly kind: 'lost' };

const ConnectionContext = createContext<Connection | undefined>(undefined);
const RETRY_MS = 1000;

/** Keeps one line to the studio core open, and asks everything again after it was lost. */
export function ConnectionProvider({
  children,
  waiting,
}: {
  readonly children: ReactNode;
  readonly waiting: (lost: boolean) => ReactNode;
}) {
  const [state, setState] = useState<ConnectionState>({ kind: 'connecting' });
  const cache = useQueryClient();
  useEffect(() => {
    let retry: number | undefined;
    let close: () => void;
    const open = () => {
      close = host.connect({
        opened: (link) => {
          const connection = connect(link);
          deliverFaults((fault) => connection.client.system.reportFault(fault));
          setState({ kind: 'open', connection });
          void cache.invalidateQueries();
        },
        lost: () => {
          deliverFaults(null);
          setState({ kind: 'lost' });
          retry = window.setTimeout(open, RETRY_MS);
        },
      });
    };
    open();
    return () => {
      window.clearTimeout(retry);
      deliverFaults(null);
      close();
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
