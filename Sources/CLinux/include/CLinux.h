// Linux calls that Swift's Glibc module leaves out. A shim here only names a macro, wraps a variadic
// or an inline macro, or fixes a type; logic stays in Swift.
#ifndef CLINUX_H
#define CLINUX_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
// fd_set as the Glibc module declares it, which is built without _GNU_SOURCE: otherwise the two clash as soon as
// one Swift file imports both and a third header of the kind (CPython).
#include <features.h>
#undef __USE_XOPEN
#include <sys/select.h>
#define __USE_XOPEN 1
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

// Used by roost-python and its tests.
#include <linux/close_range.h>
#include <signal.h>
#include <unistd.h>

// Variadic.
static inline int clinux_prctl(int option, unsigned long argument) { return prctl(option, argument, 0UL, 0UL, 0UL); }

// Only there with _GNU_SOURCE.
static inline int clinux_close_range(unsigned int first, unsigned int last) { return close_range(first, last, 0); }

// Macros with arguments; `clinux_siginfo_pid` names a field of a union.
static inline size_t clinux_cmsg_space(size_t bytes) { return CMSG_SPACE(bytes); }
static inline size_t clinux_cmsg_len(size_t bytes) { return CMSG_LEN(bytes); }
static inline struct cmsghdr *clinux_cmsg_first(struct msghdr *message) { return CMSG_FIRSTHDR(message); }
static inline unsigned char *clinux_cmsg_data(struct cmsghdr *header) { return CMSG_DATA(header); }
static inline pid_t clinux_siginfo_pid(const siginfo_t *info) { return info->si_pid; }

#endif
