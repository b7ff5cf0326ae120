/* The C peer of the section "signals": does what a line on standard input asks for and answers with nanoseconds. What is timed
   is what a C programmer would write: sigqueue, and sigwaitinfo with the signal blocked. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SIGNAL = 40, BATCH = 1000, GIVE_UP_SECONDS = 60 };
static sigset_t set;

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void put(pid_t pid, int number)
{
    union sigval value = { .sival_int = number };
    while (sigqueue(pid, SIGNAL, value) != 0) {
        if (errno != EAGAIN) {
            printf("error sigqueue: %s\n", strerror(errno));
            exit(1);
        }
        sched_yield();
    }
}

static siginfo_t take(void)
{
    siginfo_t info;
    while (sigwaitinfo(&set, &info) < 0)
        ;
    return info;
}

int main(void)
{
    char line[128], word[32];
    int a = 0, n = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGNAL);
    sigprocmask(SIG_BLOCK, &set, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (fgets(line, sizeof line, stdin)) {
        n = 0;
        if (sscanf(line, "%31s %d %d", word, &a, &n) < 2)
            continue;
        alarm(GIVE_UP_SECONDS); /* never wait for ever for a partner that is gone */
        long long start = now();
        if (!strcmp(word, "self")) {
            for (int i = 0; i < a; i++) {
                for (int j = 0; j < BATCH; j++)
                    put(getpid(), j);
                for (int j = 0; j < BATCH; j++)
                    take();
            }
        } else if (!strcmp(word, "receive")) {
            put(a, n);
            for (int i = 0; i < n; i++)
                take();
        } else if (!strcmp(word, "serve")) {
            siginfo_t go = take();
            for (int i = 0; i < go.si_value.sival_int; i++)
                put(go.si_pid, i);
        } else if (!strcmp(word, "ping")) {
            for (int i = 0; i < n; i++) {
                put(a, i);
                take();
            }
        } else if (!strcmp(word, "echo")) {
            for (int i = 0; i < a; i++) {
                siginfo_t info = take();
                put(info.si_pid, info.si_value.sival_int);
            }
        } else if (!strcmp(word, "pid")) {
            printf("%d\n", (int)getpid());
            alarm(0);
            continue;
        } else {
            printf("error %s: not known here\n", word);
            continue;
        }
        printf("%lld\n", now() - start);
        alarm(0);
    }
    return 0;
}
