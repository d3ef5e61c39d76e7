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

// Used by the sandbox of roost-python; calls that glibc 2.36 has no wrapper for, or that need _GNU_SOURCE.
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <fcntl.h>
#include <sys/types.h>

// Kills every process of a user, from a process that is this user for the moment of the call (vfork, so that it costs
// no copy of the caller; glibc's setresuid would change every thread, the system call changes one). Returns 1 when the
// user has no process any more, 0 when some are still about to end, -1 when it could not be done.
// Without `kills` it only looks.
int clinux_end_user(uid_t user, int kills);
// Gives up every group and becomes this user and group for good. 0 or -1.
int clinux_become(uid_t user, gid_t group);
// Empties all capability sets of this process. 0 or -1.
int clinux_drop_capabilities(void);
int clinux_unshare(int namespaces);
int clinux_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data);
// Sets the read-only attribute of a mount and of all below it (mount_setattr(2), Linux 5.12). 0 or -1.
int clinux_make_read_only(const char *path);
// A detached copy of the mount that holds `path`, and its attachment somewhere else (open_tree(2), move_mount(2)).
int clinux_copy_mount(const char *path);
int clinux_attach_mount(int tree, const char *path);
// As fork(2), with the child in a new process table. Process 1 of that only waits, reaps, and dies with its parent,
// which is the caller too; it shares the caller's memory (CLONE_VM), whose copy would cost as much as the child's, and
// runs on `stack`, which must stay until it is reaped. `first` gets its pid where it was made, whatever is returned. A
// process in between makes both, since the one that made a process table cannot leave it again without privileges.
pid_t clinux_fork_into_table(void *stack, size_t bytes, pid_t *first);
int clinux_install_filter(const struct sock_filter *instructions, unsigned short count);
int clinux_landlock_version(void);
int clinux_landlock_create(uint64_t files, uint64_t scopes, int version);
int clinux_landlock_allow(int ruleset, int folder, uint64_t access);
int clinux_landlock_restrict(int ruleset);

// GNU extensions; the numbers are those of x86-64 and aarch64.
static const int CLINUX_O_PATH = 010000000;
static const int CLINUX_O_TMPFILE = 020000000 | O_DIRECTORY;

static const int CLINUX_CLONE_NEWNS = 0x00020000;
static const int CLINUX_CLONE_NEWIPC = 0x08000000;
static const int CLINUX_CLONE_NEWUSER = 0x10000000;
static const int CLINUX_CLONE_NEWNET = 0x40000000;

#endif
