#ifndef PODCTL_SHA256_H
#define PODCTL_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 64 hexadecimal digits and the final zero. */
#define SHA256_TEXT 65

struct sha256 {
  uint32_t state[8];
  uint64_t size;
  unsigned char block[64];
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const unsigned char *data, size_t size);
void sha256_end(struct sha256 *s, char text[SHA256_TEXT]);

/* Whether the text is a hash as sha256_end writes it: lower case. */
bool sha256_is_text(const char *text);

#endif
