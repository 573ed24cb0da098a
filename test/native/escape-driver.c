/* Reads everything from stdin and writes it as the inside of a JSON string. */
#include <stdio.h>
#include <stdlib.h>

#include "../../native/ns/escape.h"

int main(void) {
  static char in[1 << 16], out[sizeof in * ESCAPE_GROWTH];
  size_t size = fread(in, 1, sizeof in, stdin);
  return fwrite(out, 1, escape_json(out, in, size), stdout) > 0 || size == 0 ? 0 : 1;
}
