import { once } from 'node:events';
import type { Command } from 'commander';
import type { InSession } from './session.ts';

/** A way in for an assistant on this computer, which starts this program and speaks MCP with it. */
export function addMcp(program: Command, inSession: InSession): void {
  program
    .command('mcp')
    .description('Answers an assistant over standard input and output (MCP), until it leaves (docs/api.md).')
    .action(() =>
      inSession(async ({ studio, signal }) => {
        const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
        const { mcpServer } = await import('../mcp/index.ts');
        const left = once(process.stdin, 'close', { signal }).catch(() => undefined); // or Ctrl-C
        const line = serveStdio(() => mcpServer(studio), { onerror: (error) => studio.log.fault('mcp', error) });
        await left;
        await line.close();
      }),
    );
}
