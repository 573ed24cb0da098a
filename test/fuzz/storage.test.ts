import { STORAGE } from './families/storage.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll("CRI-O's and podman's storage, and Docker's answers", STORAGE);
