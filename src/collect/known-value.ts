export { knownValue } from '../model/outcome.ts';
