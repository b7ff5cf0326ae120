/* The other side of signals: sigqueue(3) and sigwaitinfo(2), and processes with a number that was another's before. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static void say(const char *line)
{
    puts(line);
    fflush(stdout);
}

/* Queues values 0 to count-1. What the queue has no room for is tried again; says how often that was. */
static int send_all(pid_t pid, int signal, int count)
{
    long full = 0;
    for (int i = 0; i < count;) {
        union sigval value = { .sival_int = i };
        if (sigqueue(pid, signal, value) == 0) {
            i++;
        } else if (errno == EAGAIN) {
            full++;
            sched_yield();
        } else {
            fail("sigqueue");
        }
    }

    printf("sent %d full %ld\n", count, full);
    return 0;
}

/* Queues a value, waits for the same in return, and so on: one at a time. */
static int ping(pid_t pid, int signal, int count)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (int i = 0; i < count; i++) {
        union sigval value = { .sival_int = i };
        siginfo_t info;
        if (sigqueue(pid, signal, value) != 0)
            fail("sigqueue");
        while (sigwaitinfo(&set, &info) < 0)
            if (errno != EINTR)
                fail("sigwaitinfo");
        if (info.si_value.sival_int != i) {
            fprintf(stderr, "%d came back for %d\n", info.si_value.sival_int, i);
            return 1;
        }
    }

    printf("in order %d\n", count);
    return 0;
}

/* Receives: a line for each, "signal code pid uid value". */
static int receive(int signal, int count)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    sigprocmask(SIG_BLOCK, &set, NULL);
    say("ready");
    for (int i = 0; i < count; i++) {
        siginfo_t info;
        while (sigwaitinfo(&set, &info) < 0)
            if (errno != EINTR)
                fail("sigwaitinfo");
        printf("%d %d %d %d %d\n", info.si_signo, info.si_code, (int)info.si_pid, (int)info.si_uid, info.si_value.sival_int);
        fflush(stdout);
    }

    return 0;
}

/* Takes nothing and lets the queue fill: blocks the signal and waits for the end of input. */
static int hold(int signal, int limit)
{
    sigset_t set;
    struct rlimit pending = { (rlim_t)limit, (rlim_t)limit };
    sigemptyset(&set);
    sigaddset(&set, signal);
    sigprocmask(SIG_BLOCK, &set, NULL);
    if (setrlimit(RLIMIT_SIGPENDING, &pending) != 0)
        fail("setrlimit");
    say("ready");
    while (getchar() != EOF)
        ;
    return 0;
}

/* A process with a given number, which waits for ever: clone3(2), set_tid. Says "ready"; ends with its input. */
static int take_pid(pid_t pid)
{
    struct clone_args args;
    memset(&args, 0, sizeof args);
    args.exit_signal = SIGCHLD;
    args.set_tid = (uintptr_t)&pid;
    args.set_tid_size = 1;
    long child = syscall(SYS_clone3, &args, sizeof args);
    if (child < 0)
        fail("clone3");
    if (child == 0)
        for (;;)
            pause();
    say("ready");
    while (getchar() != EOF)
        ;
    int status;
    kill((pid_t)child, SIGKILL);
    waitpid((pid_t)child, &status, 0);
    puts(WTERMSIG(status) == SIGKILL ? "unharmed" : "hit");
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "send") == 0)
        return send_all(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
    if (argc == 5 && strcmp(argv[1], "ping") == 0)
        return ping(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
    if (argc == 4 && strcmp(argv[1], "receive") == 0)
        return receive(atoi(argv[2]), atoi(argv[3]));
    if (argc == 4 && strcmp(argv[1], "hold") == 0)
        return hold(atoi(argv[2]), atoi(argv[3]));
    if (argc == 3 && strcmp(argv[1], "pid") == 0)
        return take_pid(atoi(argv[2]));
    fprintf(stderr, "usage: signalpeer send PID SIGNAL COUNT | ping PID SIGNAL COUNT | receive SIGNAL COUNT | hold SIGNAL LIMIT | pid PID\n");
    return 2;
}
