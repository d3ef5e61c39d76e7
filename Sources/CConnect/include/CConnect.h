// The one place through which `roost-webhooks` makes connections.
#ifndef CCONNECT_H
#define CCONNECT_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

// Whether a stream may be connected to this address. Called from any thread. Until one is set, every one may: only the
// program sets one, at its very start, and not a process of tests that has its objects in it.
typedef bool (*cconnect_check)(const struct sockaddr *address, socklen_t length);
void cconnect_set_check(cconnect_check check);

// How many connections of streams have been asked about: proof that the check is in force.
uint64_t cconnect_asked(void);

#endif
