import { CNI } from './families/cni.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll("CNI's files", CNI);
