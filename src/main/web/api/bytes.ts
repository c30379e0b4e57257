import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OpenAPI } from '@orpc/contract';
import { StudioError } from '../../../shared/contract/index.ts';
import type { Studio } from '../../studio/studio.ts';
import { endWhenSilent } from '../lateness.ts';
import { fileAnswer, sendFile } from '../serve-file.ts';
import type { Uploads } from '../uploads.ts';
import { problem, sendProblem } from './problem.ts';

/** The largest file that a program may upload: hours of a camera's video. */
const MOST_UPLOAD_BYTES = 8 * 2 ** 30;

/** A request for bytes, which no procedure of the contract answers. */
export interface ByteRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly route: string;
  readonly operation: OpenAPI.OperationObject;
  /** `variables`: of the route, in their order. */
  answer(request: IncomingMessage, response: ServerResponse, url: URL, variables: readonly string[]): Promise<void>;
}

const BINARY = { 'application/octet-stream': {} };

/** How files come and go. */
export function byteRoutes(studio: Studio, uploads: Uploads, silentMs: number): readonly ByteRoute[] {
  return [
    {
      method: 'POST',
      route: '/uploads',
      operation: {
        operationId: 'uploads_add',
        summary: 'Uploads a file; its token stands for it.',
        description: 'What is not used within a day is deleted, and what was used is deleted at once.',
        parameters: [variable('name', 'query', 'What the file is called: its ending counts.')],
        requestBody: { required: true, content: BINARY },
        responses: {
          200: {
            description: 'OK',
            content: {
              'application/json': {
                schema: { type: 'object', properties: { token: { type: 'string' } }, required: ['token'] },
              },
            },
          },
        },
      },
      async answer(request, response, url) {
        const length = request.headers['content-length'];
        if (length === undefined)
          return sendProblem(request, response, problem(411, 'length-required', 'The length of the file is not said.'));
        if (Number(length) > MOST_UPLOAD_BYTES)
          return sendProblem(request, response, problem(413, 'too-large', 'A file has at most 8 GB.'));
        const name = url.searchParams.get('name') ?? '';
        const token = await endWhenSilent(request, silentMs, () => uploads.receive(request, name));
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ token }));
      },
    },
    {
      method: 'DELETE',
      route: '/uploads/{token}',
      operation: {
        operationId: 'uploads_remove',
        summary: 'Deletes an upload that is not used after all.',
        parameters: [variable('token', 'path')],
        responses: { 204: { description: 'It is gone.' } },
      },
      async answer(_request, response, _url, [token = '']) {
        await uploads.discard(token);
        response.writeHead(204).end();
      },
    },
    download(studio, 'exports', 'name', 'Downloads a file that was exported.'),
    download(studio, 'sounds', 'sound', 'Downloads a sound of a project, as WAV.'),
  ];
}

function download(studio: Studio, kind: 'exports' | 'sounds', name: string, summary: string): ByteRoute {
  return {
    method: 'GET',
    route: `/projects/{id}/${kind}/{${name}}`,
    operation: {
      operationId: `${kind}_download`,
      summary,
      description: 'A Range header asks for a part of it.',
      parameters: [variable('id', 'path'), variable(name, 'path')],
      responses: { 200: { description: 'OK', content: BINARY }, 206: { description: 'A part', content: BINARY } },
    },
    async answer(request, response, _url, [id = '', file = '']) {
      const found = await studio.projects.file(id, kind, file);
      const answer = found && (await fileAnswer(request, { ...found, download: true, cache: 'no-store' }));
      if (!found || !answer || answer.status === 404)
        throw new StudioError({
          code: 'not-found',
          message: 'This project has no such file.',
          hint: 'See what it has.',
        });
      if (answer.status === 416)
        return sendProblem(request, response, problem(416, 'bad-range', 'The file has no such part.'), answer.headers);
      await sendFile(response, found.file, answer);
    },
  };
}

function variable(name: string, where: 'path' | 'query', description?: string): OpenAPI.ParameterObject {
  return {
    name,
    in: where,
    required: where === 'path',
    schema: { type: 'string' },
    ...(description === undefined ? {} : { description }),
  };
}
