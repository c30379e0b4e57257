import bundle from '../../format/bundle.json' with { type: 'json' };
import geometry from '../../format/geometry.json' with { type: 'json' };
import names from '../../format/names.json' with { type: 'json' };
import sound from '../../format/sound.json' with { type: 'json' };
import { LANES } from '../../src/shared/domain/lanes/index.ts';
import { GRAPHS } from '../../src/shared/format/index.ts';
import { TENSOR_TABLES } from '../../src/shared/format/tensor-table.ts';

interface Row {
  readonly dtype: string;
  readonly shape: readonly (number | string)[];
  readonly meaning: string;
  readonly optional?: boolean;
}

/** The tables of docs/formats.md as Markdown, by name. */
export function formatTables(): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(TENSOR_TABLES).map(([name, { tensors }]) => [name, tensorTable(tensors)] as const),
    ['files', files()],
    ['graphs', graphs()],
    ['constants', constants()],
    ['lanes', lanes()],
    ['presets', named(names.presets)],
    ['errors', errors()],
  ]);
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function tensorTable(tensors: Readonly<Record<string, Row & { readonly unit?: string }>>): string {
  return table(
    ['tensor', 'shape, type', 'unit', 'meaning'],
    Object.entries(tensors).map(([name, row]) => [`\`${name}\``, sizeOf(row), row.unit ?? '', said(row)]),
  );
}

function graphs(): string {
  const ports = (rows: Readonly<Record<string, Row>>) =>
    Object.entries(rows)
      .map(([name, row]) => `\`${name}\` ${sizeOf(row)}: ${said(row)}`)
      .join('<br>');
  return table(
    ['graph', 'inputs', 'outputs'],
    Object.entries(GRAPHS).map(([file, { inputs, outputs }]) => [`\`${file}\``, ports(inputs), ports(outputs)]),
  );
}

/** When an avatar may lack a file. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  closed: 'the closed form draws',
  std: 'the std graph draws',
  checkpoint: 'it is a checkpoint',
};

function files(): string {
  const entries: [string, { meaning: string; optional?: boolean; unless?: string[] }][] = Object.entries(bundle.files);
  return table(
    ['file', 'needed', 'meaning'],
    entries.map(([name, { meaning, optional, unless }]) => [
      `\`${name}\``,
      optional ? 'no' : unless ? `unless ${unless.map((word) => EXCEPTIONS[word]).join(' or ')}` : 'yes',
      meaning,
    ]),
  );
}

function constants(): string {
  const { atlas, regions, ...sizes } = geometry;
  const { live, ...rates } = sound;
  return table(
    ['constant', 'value'],
    [
      ...Object.entries(sizes).map(([name, value]) => [`\`${name}\``, String(value)]),
      ['`atlas`', `${atlas.rows} rows, ${atlas.columns} columns`],
      ...Object.entries(regions).map(([name, { number, left, top, side }]) => [
        `region \`${name}\``,
        side > 0 ? `${number}; ${side}² at column ${left}, row ${top}` : String(number),
      ]),
      ...Object.entries(rates).map(([name, value]) => [`\`${name}\``, String(value)]),
      ...Object.entries(live).map(([name, value]) => [`live \`${name}\``, String(value)]),
    ],
  );
}

function lanes(): string {
  return table(
    ['lane', 'way', 'unit', 'from, to', 'in a dub', 'more of it is'],
    Object.entries(LANES).map(([name, { way, unit, least, most, dub, meaning }]) => [
      `\`${name}\``,
      way,
      unit,
      `${least}, ${most}`,
      dub ? 'yes' : 'no',
      meaning,
    ]),
  );
}

function errors(): string {
  return table(
    ['code', 'exit code', 'meaning'],
    Object.entries(names.errors).map(([code, { exit, meaning }]) => [`\`${code}\``, String(exit), meaning]),
  );
}

function named(entries: Readonly<Record<string, { readonly meaning: string }>>): string {
  return table(
    ['name', 'meaning'],
    Object.entries(entries).map(([name, { meaning }]) => [`\`${name}\``, meaning]),
  );
}

function sizeOf({ dtype, shape }: Row): string {
  return `[${shape.join(',')}] ${dtype.toLowerCase()}`;
}

function said({ meaning, optional }: Row): string {
  return optional ? `${meaning} (optional)` : meaning;
}
