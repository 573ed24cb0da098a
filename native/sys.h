/*
 * Linux system calls without a C library, for x86_64 and aarch64.
 * Each gives what the kernel gives: a value, or a negative errno.
 */
#ifndef PODCTL_SYS_H
#define PODCTL_SYS_H

#include <asm/unistd.h>

#if defined(__x86_64__)

static inline long sys5(long number, long a, long b, long c, long d, long e) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                   : "rcx", "r11", "memory");
  return result;
}

/* The kernel leaves argc and argv on the stack; `begin` gets their address. It must not return. */
#define SYS_START(begin)              \
  __asm__(".globl _start\n_start:\n"  \
          "  xor %ebp, %ebp\n"        \
          "  mov %rsp, %rdi\n"        \
          "  and $-16, %rsp\n"        \
          "  call " #begin "\n")

#elif defined(__aarch64__)

static inline long sys5(long number, long a, long b, long c, long d, long e) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  __asm__ volatile("svc #0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
                   : "memory");
  return x0;
}

#define SYS_START(begin)              \
  __asm__(".globl _start\n_start:\n"  \
          "  mov x29, #0\n"           \
          "  mov x30, #0\n"           \
          "  mov x0, sp\n"            \
          "  bl " #begin "\n")

#else
#error "sys.h knows x86_64 and aarch64 only"
#endif

#endif
