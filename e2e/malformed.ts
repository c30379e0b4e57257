import { z } from 'zod';

/** The part of JSON Schema that the contract's inputs are made of. */
interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly prefixItems?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
  readonly propertyNames?: Node;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** One message that fits, and many that each break it in one place. */
export function malformed(schema: z.ZodType): { readonly fits: unknown; readonly broken: readonly unknown[] } {
  const node = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
  // as they arrive: what is undefined does not
  const sent = new Set(breaks(node).map((value) => JSON.stringify(value) ?? ''));
  const broken = [...sent].map((text) => (text === '' ? undefined : (JSON.parse(text) as unknown)));
  return { fits: example(node), broken: broken.filter((value) => !schema.safeParse(value).success) };
}

/** Something that fits, with everything that may be left out. */
function example(node: Node): unknown {
  if (node.const !== undefined) return node.const;
  if (node.enum) return node.enum[0];
  const options = node.anyOf ?? node.oneOf;
  if (options) return example(options[0]!);
  switch (node.type) {
    case 'object':
      return Object.fromEntries(Object.entries(node.properties ?? {}).map(([name, child]) => [name, example(child)]));
    case 'array':
      return (
        node.prefixItems?.map(example) ??
        Array.from({ length: Math.max(1, node.minItems ?? 0) }, () => example(node.items ?? {}))
      );
    case 'integer':
    case 'number':
      return (
        node.minimum ??
        (node.exclusiveMinimum === undefined ? Math.min(1, node.maximum ?? 1) : node.exclusiveMinimum + 1)
      );
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return (
        ['a', 'A'.repeat(16), 'source', 'en', '2026-01-01T00:00:00Z'].find(
          (text) =>
            text.length >= (node.minLength ?? 0) &&
            (node.format === undefined || text.includes('T00')) &&
            (node.pattern === undefined || new RegExp(node.pattern).test(text)),
        ) ?? 'a'
      );
  }
}

/** Values that do not fit, or hardly: whoever asks keeps those that really do not. */
function breaks(node: Node): unknown[] {
  const options = node.anyOf ?? node.oneOf;
  if (options) return options.flatMap(breaks);
  const strangers = [undefined, null, 7, -1, 1.5, 1e308, true, '', 'text', '../..', '\u0000', [], [[]], {}, { id: {} }];
  switch (node.type) {
    case 'object': {
      const whole = example(node) as Record<string, unknown>;
      const inside = Object.entries(node.properties ?? {}).flatMap(([name, child]) => [
        ...(node.required?.includes(name)
          ? [Object.fromEntries(Object.entries(whole).filter(([other]) => other !== name))]
          : []),
        ...breaks(child).map((value) => ({ ...whole, [name]: value })),
      ]);
      const anyName =
        typeof node.additionalProperties === 'object'
          ? [
              ...breaks(node.additionalProperties).map((value) => ({ a: value })),
              { '../..': example(node.additionalProperties) },
            ]
          : [];
      return [...strangers, ...inside, ...anyName];
    }
    case 'array': {
      const one = example(node.items ?? {});
      return [
        ...strangers,
        ...breaks(node.items ?? {}).map((value) => [value]),
        Array.from({ length: (node.maxItems ?? 5000) + 1 }, () => one),
      ];
    }
    case 'integer':
    case 'number':
      return [
        ...strangers,
        (node.minimum ?? 0) - 1,
        (node.maximum ?? Number.MAX_SAFE_INTEGER) + 1,
        String(example(node) as number),
      ];
    default:
      return [
        ...strangers,
        'x'.repeat((node.maxLength ?? 10_000) + 1),
        'a/../b',
        'a'.repeat(65),
        '\u202E',
        ...(typeof node.const === 'string' ? [`${node.const} `] : []),
      ];
  }
}
