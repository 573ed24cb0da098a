export const COLOUR_MODES = ['auto', 'always', 'never'] as const;
export type ColourMode = (typeof COLOUR_MODES)[number];

/** Whether to colour: the flag first, then NO_COLOR, then what forces it, then whether a person looks. */
export function wantsColour(
  mode: ColourMode,
  env: Record<string, string | undefined>,
  isTerminal: boolean,
): boolean {
  if (mode !== 'auto') return mode === 'always';
  if (env.NO_COLOR) return false;
  if (isOn(env.FORCE_COLOR) || isOn(env.CLICOLOR_FORCE)) return true;
  if (env.FORCE_COLOR === '0' || env.CLICOLOR === '0' || env.TERM === 'dumb') return false;
  return isTerminal;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
