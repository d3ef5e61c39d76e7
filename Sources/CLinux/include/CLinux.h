// Linux calls that Swift's Glibc module leaves out. A shim here only names a macro, wraps a variadic
// or an inline macro, or fixes a type; logic stays in Swift.
#ifndef CLINUX_H
#define CLINUX_H
// No _GNU_SOURCE here: with it `fd_set` differs from the Glibc module's, and nothing that imports both compiles.
// Calls that need it are wrapped in CLinux.c.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <spawn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

// The flags of epoll are an enumeration or an unsigned macro by turns; here all have the type of `events`.
static const uint32_t CLINUX_EPOLLIN = EPOLLIN;
static const uint32_t CLINUX_EPOLLOUT = EPOLLOUT;
static const uint32_t CLINUX_EPOLLRDHUP = EPOLLRDHUP;
static const uint32_t CLINUX_EPOLLHUP = EPOLLHUP;
static const uint32_t CLINUX_EPOLLERR = EPOLLERR;
static const uint32_t CLINUX_EPOLLET = 1u << 31;
static const uint32_t CLINUX_EPOLLEXCLUSIVE = 1u << 28;

// Enumerations in glibc, plain `int` arguments in the calls that take them.
static const int CLINUX_EPOLL_CLOEXEC = EPOLL_CLOEXEC;
static const int CLINUX_EFD_CLOEXEC = EFD_CLOEXEC;
static const int CLINUX_EFD_NONBLOCK = EFD_NONBLOCK;
static const int CLINUX_SOCK_STREAM = SOCK_STREAM;
static const int CLINUX_SOCK_NONBLOCK = SOCK_NONBLOCK;
static const int CLINUX_SOCK_CLOEXEC = SOCK_CLOEXEC;
static const int CLINUX_SHUT_WR = SHUT_WR;
static const int CLINUX_IPPROTO_TCP = IPPROTO_TCP;
static const int CLINUX_IPPROTO_IPV6 = IPPROTO_IPV6;
static const int CLINUX_MSG_NOSIGNAL = MSG_NOSIGNAL;
static const int CLINUX_MSG_MORE = MSG_MORE;

// The union of `struct epoll_event` as the number we always put there.
static inline struct epoll_event clinux_epoll_event(uint32_t events, uint64_t key) {
    struct epoll_event event = {.events = events, .data = {.u64 = key}};
    return event;
}
static inline uint64_t clinux_epoll_key(struct epoll_event event) { return event.data.u64; }

// `accept4` is a GNU extension that the Glibc module does not show.
int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

// glibc's constant text for an error number (`strerror` is not safe among threads); never NULL.
const char *clinux_error_description(int code);

// Names the calling thread; names above 15 bytes are ignored.
void clinux_name_thread(const char *name);

// Gives memory that was freed back to the system; glibc keeps much of it in the arenas of its threads otherwise.
void clinux_return_memory(void);

// Used by roost-python and its tests.
#include <signal.h>
#include <unistd.h>

// Variadic.
static inline int clinux_prctl(int option, unsigned long argument) { return prctl(option, argument, 0UL, 0UL, 0UL); }

// GNU extensions that the Glibc module does not show.
int clinux_close_range(unsigned int first, unsigned int last);
int clinux_dup3(int old, int new_, int flags);
int clinux_pipe2(int ends[2], int flags);
int clinux_tgkill(pid_t process, pid_t thread, int signal);

// Macros with arguments; `clinux_siginfo_pid` names a field of a union.
static inline size_t clinux_cmsg_space(size_t bytes) { return CMSG_SPACE(bytes); }
static inline size_t clinux_cmsg_len(size_t bytes) { return CMSG_LEN(bytes); }
static inline struct cmsghdr *clinux_cmsg_first(struct msghdr *message) { return CMSG_FIRSTHDR(message); }
static inline unsigned char *clinux_cmsg_data(struct cmsghdr *header) { return CMSG_DATA(header); }
static inline pid_t clinux_siginfo_pid(const siginfo_t *info) { return info->si_pid; }
// Closes every descriptor from `first` on in the spawned process; a GNU extension.
int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

#endif
