import vm from 'node:vm';

const IN_MODULE = /\bdata:text\/javascript;base64,[^:]*:(\d+):\d+/;

/** In which line (from 1) of a module an error came about; null where nothing tells. */
export function lineOf(error: Error, source: string): number | null {
  const stack = String(error.stack ?? '');
  const line = IN_MODULE.exec(stack)?.[1] ?? syntaxLine(error, source);
  return line === undefined ? null : Number(line);
}

/** Node does not say where in a module it did not understand the syntax; as a script it says so. */
function syntaxLine({ name, message }: Error, source: string): string | undefined {
  if (name !== 'SyntaxError') return undefined;
  try {
    new vm.Script(source.replace(/^export default\b/m, 'void '), { filename: 'module' });
  } catch (error) {
    const { message: asScript, stack = '' } = error as Error;
    return asScript === message ? /^module:(\d+)/.exec(stack)?.[1] : undefined;
  }
  return undefined;
}
