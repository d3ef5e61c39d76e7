#define _GNU_SOURCE
#include "CConnect.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic(cconnect_check) current_check;
static _Atomic uint64_t asked;

void cconnect_set_check(cconnect_check check) { atomic_store(&current_check, check); }

uint64_t cconnect_asked(void) { return atomic_load(&asked); }

// Stands before glibc's: the dynamic linker binds a library's `connect` to the program's own definition
// (ld.so(8), "symbol lookup"), and libcurl has no other way to connect. glibc's own calls (its resolver) are bound
// inside glibc and do not come here. So the address that is checked is the address that is connected to.
__attribute__((visibility("default"))) int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
    int type = SOCK_STREAM;
    socklen_t size = sizeof type;
    getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size);
    // Datagrams carry look-ups of names; local sockets, those of the system's own services.
    if (type == SOCK_STREAM && length >= sizeof(sa_family_t) && address->sa_family != AF_UNIX) {
        atomic_fetch_add(&asked, 1);
        cconnect_check check = atomic_load(&current_check);
        if (check && !check(address, length)) {
            errno = EACCES;
            return -1;
        }
    }
    return (int)syscall(SYS_connect, descriptor, address, length);
}
