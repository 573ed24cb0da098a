import { isObject } from '../model/shape.ts';

/** An image of another store: a name, and the id or digest that stands beside it. */
interface Named {
  name: string;
  digest: string;
}

const MAX_NAMES = 10_000;

/** Names in Docker's repositories.json. Throws an Error when it is no such file. */
export function dockerNames(text: string): Named[] {
  const value: unknown = JSON.parse(text);
  const repositories = isObject(value) ? value.Repositories : undefined;
  if (!isObject(repositories)) throw new Error('it has no Repositories');
  return Object.values(repositories)
    .flatMap((names) => (isObject(names) ? Object.entries(names) : []))
    .flatMap(([name, digest]) => (typeof digest === 'string' ? [{ name, digest }] : []))
    .slice(0, MAX_NAMES);
}

/** Names in the images.json of containers/storage. Throws an Error when it is no such file. */
export function podmanNames(text: string): Named[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error('it is no list');
  return value
    .flatMap((image) => {
      if (!isObject(image) || !Array.isArray(image.names)) return [];
      const digest = typeof image.digest === 'string' ? image.digest : '';
      return image.names.flatMap((name: unknown) => (typeof name === 'string' ? [{ name, digest }] : []));
    })
    .slice(0, MAX_NAMES);
}
