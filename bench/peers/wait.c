/* The C peer of the section "wait": polls those of the twelve objects that have a descriptor. Somebody else writes the time into one
   of them; the answer is how long after that this program was awake, in nanoseconds, over all rounds together. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { OBJECTS = 8 };

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int check(int result, const char *call)
{
    if (result < 0) {
        printf("error %s: %m\n", call);
        exit(1);
    }
    return result;
}

static long long wait_for(const char *there, const char *back, const char *first, const char *second, int count)
{
    int one[2], two[2], left[2], right[2];
    int request = check(open(there, O_RDWR | O_CLOEXEC), "open");
    int answer = check(open(back, O_RDWR | O_CLOEXEC), "open");
    check(pipe2(one, O_CLOEXEC), "pipe2");
    check(pipe2(two, O_CLOEXEC), "pipe2");
    check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, left), "socketpair");
    check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, right), "socketpair");
    int all[OBJECTS] = {
        check(mq_open(first, O_RDONLY | O_NONBLOCK), "mq_open"), check(mq_open(second, O_RDONLY | O_NONBLOCK), "mq_open"),
        one[0], two[0], left[0], right[0], check(syscall(SYS_pidfd_open, getpid(), 0), "pidfd_open"), answer,
    };
    struct pollfd polled[OBJECTS];
    for (int i = 0; i < OBJECTS; i++)
        polled[i] = (struct pollfd){ .fd = all[i], .events = POLLIN };
    long long sum = 0;
    for (int i = 0; i < count; i++) {
        char text[64] = "";
        check(write(request, "\n", 1), "write");
        check(poll(polled, OBJECTS, -1), "poll");
        long long awake = now();
        check(read(answer, text, sizeof text - 1), "read");
        sum += awake - atoll(text);
    }
    for (int i = 0; i < OBJECTS; i++)
        close(all[i]);
    int others[] = { request, one[1], two[1], left[1], right[1] };
    for (int i = 0; i < 5; i++)
        close(others[i]);
    return sum;
}

int main(void)
{
    char line[2048], there[400], back[400], first[300], second[300];
    int count;
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (fgets(line, sizeof line, stdin))
        if (sscanf(line, "wait %399s %399s %299s %299s %*s %*s %*s %*s %d", there, back, first, second, &count) == 5)
            printf("%lld\n", wait_for(there, back, first, second, count));
        else
            puts("error what?");
    return 0;
}
