import { type AnyProcedure, call, getRouter } from '@orpc/server';
import { type CallToolResult, Server, type ServerContext, type Tool } from '@modelcontextprotocol/server';
import { JobDetail } from '../../shared/contract/job.ts';
import { StudioError, StudioErrorShape } from '../../shared/contract/index.ts';
import { asStudioError } from '../../shared/domain/system-error.ts';
import { jsonSchemaOf, OPERATIONS, type Operation, requireWhoAgreed } from '../host/operations.ts';
import { createRouter } from '../host/router.ts';
import type { Studio } from '../studio/studio.ts';
import { COPY, copyExport } from './copy-export.ts';

const INSTRUCTIONS =
  'Likeness makes a talking avatar of one person from a video of them: import it, analyze it, train it, give it ' +
  'something to say, export. Most of it is done by jobs: jobs_events waits for one and tells how far it is. A person ' +
  'is shown only with a consent. Ask the user on what basis the person may be shown, and state what they said; never ' +
  'state it for them. Files are named by absolute paths on this computer.';

/** Answers an assistant on this computer: the operations that programs have over HTTP, as tools. */
export function mcpServer(studio: Studio): Server {
  const router = createRouter(
    studio,
    { file: noUpload, discard: async () => undefined, paths: 'allowed', agreed: requireWhoAgreed },
    { address: () => Promise.reject(noUpload()) },
  );
  const server = new Server(
    { name: 'likeness', version: studio.system.about().version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler('tools/list', () => ({ tools: [...OPERATIONS.map(toolOf), COPY] }));
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: asked = {} } }, context) => {
    try {
      if (name === COPY.name) return said(await copyExport(studio, asked));
      const operation = OPERATIONS.find((one) => one.name === name);
      if (!operation) throw noTool(name);
      const procedure = getRouter(router, operation.path) as AnyProcedure;
      const answer: unknown = await call(procedure, asked, { signal: context.mcpReq.signal, path: operation.path });
      return said(operation.streams ? await lastOf(answer as AsyncIterable<unknown>, context) : answer);
    } catch (error) {
      return refused(error);
    }
  });
  return server;
}

function toolOf({ name, summary, description, input, method }: Operation): Tool {
  const schema = input ? jsonSchemaOf(input, 'input', 'path') : { type: 'object' };
  return {
    name,
    title: summary,
    description: description === undefined ? summary : `${summary} ${description}`,
    inputSchema: schema as Tool['inputSchema'],
    annotations: { readOnlyHint: method === 'GET', destructiveHint: method === 'DELETE', openWorldHint: false },
  };
}

/** A job's end; how far it is goes out meanwhile, where somebody asked for that. */
async function lastOf(jobs: AsyncIterable<unknown>, { mcpReq }: ServerContext): Promise<unknown> {
  const progressToken = mcpReq._meta?.progressToken;
  let last: unknown;
  for await (const job of jobs) {
    last = job;
    const { progress, status } = JobDetail.parse(job);
    if (progressToken === undefined || !progress) continue;
    const message = progress.note ?? `${status}: ${progress.stage}`;
    const params = { progressToken, progress: progress.share, total: 1, message };
    await mcpReq.notify({ method: 'notifications/progress', params });
  }
  return last;
}

function said(answer: unknown): CallToolResult {
  const text = { type: 'text', text: JSON.stringify(answer) } as const;
  const isRecord = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
  return { content: [text], ...(isRecord ? { structuredContent: answer as Record<string, unknown> } : {}) };
}

/** As the other ways in say it; what did not fit is named too. */
function refused(error: unknown): CallToolResult {
  const { data, status, message } = error as { data?: unknown; status?: unknown; message?: unknown };
  const known = StudioErrorShape.safeParse(data).data;
  const shape =
    known ??
    (status === 400
      ? { code: 'bad-request', message: `What was asked does not fit. ${issuesIn(data)}`.trim(), hint: String(message) }
      : asStudioError(error).toJSON());
  return { content: [{ type: 'text', text: JSON.stringify({ error: shape }) }], isError: true };
}

function issuesIn(data: unknown): string {
  const { issues = [] } = (data ?? {}) as { issues?: readonly { path?: readonly unknown[]; message: string }[] };
  return issues.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}.`).join(' ');
}

function noTool(name: string): StudioError {
  return new StudioError({ code: 'not-found', message: `There is no tool "${name}".`, hint: 'List the tools.' });
}

function noUpload(): never {
  throw new StudioError({
    code: 'bad-request',
    message: 'There are no uploads here.',
    hint: 'Give the path of a file.',
  });
}
