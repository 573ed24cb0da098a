import type { Settings } from './check.ts';

/** What the configuration may say to a check. */
export interface OptionDeclaration {
  /** The one that holds where nothing is said; its type is that of the option. */
  default: number | boolean | string | readonly string[];
  /** Of a number: from and to, both taken. */
  min?: number;
  max?: number;
  /** For people, with its unit. */
  describe: string;
}

export type OptionDeclarations = Readonly<Record<string, OptionDeclaration>>;

type Widened<T> = T extends number
  ? number
  : T extends boolean
    ? boolean
    : T extends string
      ? string
      : readonly string[];

/** What holds for a check: what the configuration says, else the default. */
export function optionOf<const T extends OptionDeclarations, K extends keyof T & string>(
  { options }: Settings,
  declared: T,
  name: K,
): Widened<T[K]['default']> {
  const said = options?.[name];
  const fallback = declared[name]?.default;
  return (typeof said === typeof fallback ? said : fallback) as Widened<T[K]['default']>;
}
