#include "escape.h"

#include <string.h>

/* Length of the valid UTF-8 sequence at the start of `s`, 0 if there is none (RFC 3629). */
static size_t utf8_length(const unsigned char *s, size_t size) {
  unsigned char low = 0x80, high = 0xbf;
  size_t length;
  if (s[0] < 0x80) return 1;
  if (s[0] >= 0xc2 && s[0] <= 0xdf) {
    length = 2;
  } else if (s[0] >= 0xe0 && s[0] <= 0xef) {
    length = 3;
    if (s[0] == 0xe0) low = 0xa0;
    if (s[0] == 0xed) high = 0x9f; /* no surrogates */
  } else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
    length = 4;
    if (s[0] == 0xf0) low = 0x90;
    if (s[0] == 0xf4) high = 0x8f;
  } else {
    return 0;
  }
  if (size < length || s[1] < low || s[1] > high) return 0;
  for (size_t i = 2; i < length; i++) {
    if (s[i] < 0x80 || s[i] > 0xbf) return 0;
  }
  return length;
}

static size_t put(char *to, const void *from, size_t size) {
  memcpy(to, from, size);
  return size;
}

size_t escape_json(char *to, const char *from, size_t size) {
  static const char digits[] = "0123456789abcdef";
  const unsigned char *s = (const unsigned char *)from;
  size_t written = 0;
  for (size_t i = 0; i < size;) {
    size_t length = utf8_length(s + i, size - i);
    if (length == 0) {
      written += put(to + written, "\xef\xbf\xbd", 3);
      i++;
    } else if (s[i] < 0x20 || s[i] == 0x7f) {
      char code[6] = {'\\', 'u', '0', '0', digits[s[i] >> 4], digits[s[i] & 15]};
      written += put(to + written, code, sizeof code);
      i++;
    } else {
      if (s[i] == '"' || s[i] == '\\') to[written++] = '\\';
      written += put(to + written, s + i, length);
      i += length;
    }
  }
  return written;
}
