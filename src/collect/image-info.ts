import { isObject } from '../model/shape.ts';

/** What a verbose ImageStatus says of an image: its processor and program; '' for what it does not say. */
export function imageInfo(text: string): { architecture: string; entrypoint: string } {
  const spec = field(parsed(text), 'imageSpec');
  const config = field(spec, 'config');
  const words = [field(config, 'Entrypoint'), field(config, 'Cmd')].flat();
  const program = words.find((word) => typeof word === 'string' && word !== '');
  const architecture = field(spec, 'architecture');
  return {
    architecture: typeof architecture === 'string' ? architecture : '',
    entrypoint: typeof program === 'string' ? program : '',
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function field(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
