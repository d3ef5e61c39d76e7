#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
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

// Whether the user of this process, a limit of two processes set, runs nothing else: then a further process fits. Processes
// that have ended and are not reaped count, too. kill(2) does not tell: it succeeds also when it reached nobody.
static int is_alone(void) {
    pid_t probe = vfork();
    if (probe == 0) _exit(0);
    if (probe > 0) waitpid(probe, NULL, 0);
    return probe > 0;
}

int clinux_end_user(uid_t user, int kills) {
    pid_t child = vfork();
    if (child == 0) {
        if (syscall(SYS_setresuid, user, user, user) != 0) _exit(2);
        struct rlimit limit = {2, 2};
        if (setrlimit(RLIMIT_NPROC, &limit) != 0) _exit(2);
        // Asked first: who runs nothing cannot start anything either, and a kill looks at every process there is.
        if (is_alone()) _exit(1);
        if (!kills) _exit(0);
        kill(-1, SIGKILL);
        _exit(is_alone());
    }
    if (child < 0) return -1;
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) && WEXITSTATUS(status) < 2 ? WEXITSTATUS(status) : -1;
}

int clinux_become(uid_t user, gid_t group) {
    return setgroups(0, NULL) != 0 || setresgid(group, group, group) != 0 || setresuid(user, user, user) != 0 ? -1 : 0;
}

int clinux_drop_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2];
    memset(none, 0, sizeof none);
    return (int)syscall(SYS_capset, &header, none);
}

int clinux_unshare(int namespaces) { return unshare(namespaces); }

int clinux_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data) {
    return mount(source, target, type, flags, data);
}

int clinux_make_read_only(const char *path) {
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
    return mount_setattr(AT_FDCWD, path, AT_RECURSIVE, &attributes, sizeof attributes);
}

int clinux_copy_mount(const char *path) { return open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC); }
int clinux_attach_mount(int tree, const char *path) {
    return move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH);
}

// Shares memory with the caller: nothing here may fail, since a failure would write to the caller's errno.
static int wait_for_ever(void *unused) {
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0UL, 0UL, 0UL);
    signal(SIGCHLD, SIG_IGN);
    close_range(0, ~0U, 0);
    for (;;) pause();
}

pid_t clinux_fork_into_table(void *stack, size_t bytes, pid_t *first) {
    // Written by the process in between, which shares this memory while it lives.
    volatile pid_t job = -1;
    volatile int reason = 0;
    pid_t between = vfork();
    if (between == 0) {
        if (unshare(CLONE_NEWPID) == 0) {
            int shared = CLONE_VM | CLONE_PARENT | SIGCHLD;
            *first = clone(wait_for_ever, (char *)stack + bytes, shared, NULL);
            if (*first > 0) {
                // As fork(2), but a child of the caller. It has its own copy of this stack, so it may return.
                pid_t child = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0UL, 0UL, 0UL, 0UL);
                if (child == 0) return 0;
                job = child;
            }
        }
        reason = errno;
        _exit(0);
    }
    if (between < 0) return -1;
    while (waitpid(between, NULL, 0) < 0 && errno == EINTR) {}
    if (job < 0) errno = reason;
    return job;
}

int clinux_install_filter(const struct sock_filter *instructions, unsigned short count) {
    struct sock_fprog program = {.len = count, .filter = (struct sock_filter *)instructions};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0UL, 0UL);
}

// The numbers are the same on every architecture; the struct of the kernel's header may be older than ABI 6.
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

int clinux_landlock_version(void) {
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
}

int clinux_landlock_create(uint64_t files, uint64_t scopes, int version) {
    struct {
        uint64_t handled_access_fs, handled_access_net, scoped;
    } attributes = {files, 0, scopes};
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    return (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
}

int clinux_landlock_allow(int ruleset, int folder, uint64_t access) {
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = folder};
    return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

int clinux_landlock_restrict(int ruleset) { return (int)syscall(SYS_landlock_restrict_self, ruleset, 0); }
