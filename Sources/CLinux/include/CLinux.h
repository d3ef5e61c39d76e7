// Linux calls that Swift's Glibc module leaves out. A shim here only names a macro, wraps a variadic
// or an inline macro, or fixes a type; logic stays in Swift.
#ifndef CLINUX_H
#define CLINUX_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#endif
