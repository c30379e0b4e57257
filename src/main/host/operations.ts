import type { AnyContractProcedure, HTTPMethod } from '@orpc/contract';
import { getEventIteratorSchemaDetails } from '@orpc/contract';
import { traverseContractProcedures } from '@orpc/server';
import { z } from 'zod';
import { apiContract } from '../../shared/contract/api.ts';
import { FileRef } from '../../shared/contract/refs.ts';
import type { ConsentGiven } from '../../shared/contract/consents.ts';
import { StudioError } from '../../shared/contract/index.ts';

/** Something that another program may ask for: the same over HTTP and MCP. */
export interface Operation {
  /** "projects_list". */
  readonly name: string;
  /** Where the contract has it. */
  readonly path: readonly string[];
  readonly method: HTTPMethod;
  /** Over HTTP, with its variables: "/projects/{id}". */
  readonly route: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly input: z.ZodType | undefined;
  /** Whether it answers again and again, until it has ended. */
  readonly streams: boolean;
}

export const OPERATIONS: readonly Operation[] = operations();

function operations(): Operation[] {
  const found: Operation[] = [];
  traverseContractProcedures({ router: apiContract, path: [] }, ({ contract, path }) => {
    const { route, inputSchema, outputSchema } = (contract as AnyContractProcedure)['~orpc'];
    found.push({
      name: path.join('_'),
      path,
      method: route.method!,
      route: route.path!,
      summary: route.summary!,
      description: route.description,
      input: inputSchema as z.ZodType | undefined,
      streams: getEventIteratorSchemaDetails(outputSchema) !== undefined,
    });
  });
  return found;
}

/**
 * A schema as JSON Schema (2020-12), for programs that name files in one way: by the token of an upload, or by a path
 * on this computer.
 */
export function jsonSchemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  files: FileRef['kind'],
): Record<string, unknown> {
  const other = FileRef.options.find(({ shape }) => shape.kind.value !== files);
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type !== 'union' || !jsonSchema.oneOf) return;
      const options = (zodSchema as z.core.$ZodUnion)._zod.def.options;
      const left = jsonSchema.oneOf.filter((_option, k) => options[k] !== other);
      if (left.length !== 1) return void (jsonSchema.oneOf = left);
      delete jsonSchema.oneOf;
      Object.assign(jsonSchema, left[0]);
    },
  });
  return json;
}

/**
 * What a program has to say of a person's permission beyond that there is one: nobody looked it in the eye. Raises
 * StudioError('consent-required').
 */
export function requireWhoAgreed({ basis, note }: ConsentGiven): void {
  if (basis === 'permission' && note.trim() === '')
    throw new StudioError({
      code: 'consent-required',
      message: 'It is not said who agreed.',
      hint: 'Say in the note of the consent who did, and when.',
    });
}
