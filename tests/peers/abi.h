/* What AbiTests compiles its assertions against: the headers, and the few names that differ from those in Libc. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __GLIBC__
/* The kernel's own headers, which musl does not bring. */
#include <linux/futex.h>
#include <linux/magic.h>
#include <linux/memfd.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
/* glibc keeps it in the union without a public name until 2.38. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif
#endif

/* No header for programs has it yet: include/linux/socket.h of the kernel, since 6.5. */
#ifndef SCM_PIDFD
#define SCM_PIDFD 4
#endif

#define AT_OFFSET(type, field, value) \
    _Static_assert(offsetof(type, field) == (value), "offset of " #field " in " #type)
#define HAS_LENGTH(type, field, value) \
    _Static_assert(sizeof(((type *)0)->field) == (value), "size of " #field " in " #type)
#define HAS_SIZE(type, value) _Static_assert(sizeof(type) == (value), "size of " #type)
#define IS_VALUE(name, value) _Static_assert((long long)(name) == (value), "value of " #name)
