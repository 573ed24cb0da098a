import { faultsOf } from '../config/faults.ts';
import type { Form } from '../config/form.ts';
import type { Fault, Said } from '../config/yaml-tree.ts';

/** The fault that is best told of all: a key that is not known may be what is missing elsewhere. */
export function formFault(said: Said, form: Form): Fault | undefined {
  const faults = faultsOf(said, form).sort((a, b) => a.line - b.line);
  return faults.find(({ message }) => message.includes(' is no key of ')) ?? faults[0];
}
