/**
 * Shortcuts as text: modifiers in the order Mod, Ctrl, Alt, Shift, then one key, joined by "+": "Mod+K",
 * "Shift+ArrowLeft", "Space", "?". Mod is ⌘ on a Mac and Ctrl elsewhere; Ctrl by itself exists on a Mac only. A sign
 * that is typed with Shift is written as the sign alone: "?" and not "Shift+?".
 */
const MODIFIERS = ['Mod', 'Ctrl', 'Alt', 'Shift'] as const;

/** What of a keyboard event names its shortcut. */
export interface KeyStroke {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

export function onMac(platform: string = globalThis.navigator?.platform ?? ''): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

/**
 * The shortcuts a key press stands for, the likeliest first; none for a modifier alone. A letter is the one the layout
 * types (Z is where the person's Z is); where the layout types no Latin letter or digit, its place on the keyboard
 * counts.
 */
export function strokesOf(event: KeyStroke, mac = onMac()): readonly string[] {
  const byKey = keyName(event.key);
  const byPlace = /^(?:Key([A-Z])|Digit(\d))$/
    .exec(event.code)
    ?.slice(1)
    .find((name) => name !== undefined);
  const names = new Set<string>();
  if (byKey !== undefined) names.add(byKey);
  if (byPlace !== undefined && (byKey === undefined || !/^[A-Z0-9]$/.test(byKey))) names.add(byPlace);
  return [...names].map((name) => {
    const sign = name.length === 1 && !/[A-Z0-9]/.test(name);
    const held = {
      Mod: mac ? event.metaKey : event.ctrlKey,
      Ctrl: mac && event.ctrlKey,
      Alt: event.altKey,
      Shift: event.shiftKey && !sign,
    };
    return [...MODIFIERS.filter((modifier) => held[modifier]), name].join('+');
  });
}

/** Keys that have a name instead of a sign. */
const NAMED = /^(F\d{1,2}|Arrow(Left|Right|Up|Down)|Home|End|Page(Up|Down)|Enter|Escape|Delete|Backspace|Insert|Tab)$/;

/** The key's name in a shortcut; undefined for a modifier, a dead key or a sign of another script. */
function keyName(key: string): string | undefined {
  if (key === ' ') return 'Space';
  if (/^[!-~]$/.test(key)) return key.toUpperCase();
  return NAMED.test(key) ? key : undefined;
}

/** The same shortcut as it is always written; undefined when the text is none. */
export function parseShortcut(text: string): string | undefined {
  const parts = text.trim().split(/\+(?!$)/);
  const name = keyName(parts.at(-1) === 'Space' ? ' ' : (parts.at(-1) ?? ''));
  const modifiers = parts.slice(0, -1);
  if (name === undefined || modifiers.some((part) => !MODIFIERS.some((known) => known === part))) return undefined;
  return [...MODIFIERS.filter((modifier) => modifiers.includes(modifier)), name].join('+');
}

const SYMBOLS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
};
const ON_MAC: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' };

/** The keys as they are drawn, one text a key: ["Ctrl", "K"], on a Mac ["⌘", "K"]. */
export function keysOf(shortcut: string, mac = onMac()): readonly string[] {
  return shortcut
    .split(/\+(?!$)/)
    .map((part) => (mac ? ON_MAC[part] : part === 'Mod' ? 'Ctrl' : undefined) ?? SYMBOLS[part] ?? part);
}
