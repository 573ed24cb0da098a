import type { DockerSandbox } from '../model/facts.ts';
import { dig, digText } from '../model/json-path.ts';

const MOST = 5000;
const ID = /^[0-9a-f]{64}$/;

/** Sandboxes in Docker's answer to /containers/json; null when it is no such answer. */
export function parseDockerList(text: string): DockerSandbox[] | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(list)) return null;
  return list.slice(0, MOST).flatMap((member): DockerSandbox[] => {
    const id = digText(member, 'Id');
    if (id === null || !ID.test(id)) return [];
    const names = dig(member, 'Names');
    const name = Array.isArray(names) ? names.find((one) => typeof one === 'string') : undefined;
    const created = dig(member, 'Created');
    return [
      {
        id,
        name: typeof name === 'string' ? name.replace(/^\//, '') : '',
        state: digText(member, 'State') ?? '',
        createdAt: typeof created === 'number' && Number.isSafeInteger(created * 1000) ? created * 1000 : 0,
        image: digText(member, 'Image') ?? '',
      },
    ];
  });
}
