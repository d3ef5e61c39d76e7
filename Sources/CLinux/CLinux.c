#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(descriptor, address, length, flags);
}

const char *clinux_error_description(int code) {
    const char *text = strerrordesc_np(code);
    return text != NULL ? text : "Unknown error";
}

void clinux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void clinux_return_memory(void) { malloc_trim(0); }

int clinux_close_range(unsigned int first, unsigned int last) { return close_range(first, last, 0); }

int clinux_dup3(int old, int new_, int flags) { return dup3(old, new_, flags); }

int clinux_pipe2(int ends[2], int flags) { return pipe2(ends, flags); }
int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int clinux_tgkill(pid_t process, pid_t thread, int signal) { return tgkill(process, thread, signal); }
