#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <string.h>

int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(descriptor, address, length, flags);
}

const char *clinux_error_description(int code) {
    const char *text = strerrordesc_np(code);
    return text != NULL ? text : "Unknown error";
}

void clinux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

int clinux_close_range(unsigned int first, unsigned int last) { return close_range(first, last, 0); }
