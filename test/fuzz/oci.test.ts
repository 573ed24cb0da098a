import { OCI } from './families/oci.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('OCI bundles', OCI);
