import type { OpenAPI } from '@orpc/contract';
import { OpenAPIGenerator } from '@orpc/openapi';
import { z } from 'zod';
import { apiContract } from '../../../shared/contract/api.ts';
import { jsonSchemaOf, OPERATIONS, type Operation } from '../../host/operations.ts';
import type { ByteRoute } from './bytes.ts';
import { Problem, PROBLEM_TYPE } from './problem.ts';

const REFUSED = { $ref: '#/components/responses/Problem' };

/** What can be asked here, as OpenAPI 3.1. */
export async function openApiDocument(
  prefix: string,
  version: string,
  bytes: readonly ByteRoute[],
): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({
    schemaConverters: [
      {
        condition: (schema) => schema instanceof z.ZodType,
        convert: (schema, { strategy }) => {
          const type = schema as z.ZodType;
          return [!type.safeParse(undefined).success, jsonSchemaOf(type, strategy, 'upload')];
        },
      },
    ],
  });
  const document = await generator.generate(apiContract, {
    info: { title: 'Likeness', version, description: 'Makes talking avatars of people who agreed to it.' },
    servers: [{ url: prefix }],
    security: [{ token: [] }],
    paths: pathsOf(bytes),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        Problem: {
          description: 'It could not be done (RFC 9457).',
          content: { [PROBLEM_TYPE]: { schema: jsonSchemaOf(Problem, 'output', 'upload') } },
        },
      },
    },
  });
  for (const operation of OPERATIONS) {
    const described = document.paths![operation.route]![methodOf(operation)]!;
    described.operationId = operation.name;
    described.responses = { ...described.responses, default: REFUSED };
  }
  return document;
}

function pathsOf(bytes: readonly ByteRoute[]): OpenAPI.PathsObject {
  const paths: OpenAPI.PathsObject = {};
  for (const { operation, ...at } of bytes) {
    const described = { ...operation, responses: { ...operation.responses, default: REFUSED } };
    paths[at.route] = { ...paths[at.route], [methodOf(at)]: described };
  }
  return paths;
}

function methodOf({ method }: Pick<Operation, 'method'>): Lowercase<Operation['method']> {
  return method.toLowerCase() as Lowercase<Operation['method']>;
}
