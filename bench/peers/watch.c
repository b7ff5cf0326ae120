/* The C peers of the section "watch". With three arguments, THERE BACK DIRECTORY, it makes things: at each byte that comes by the first FIFO
   it removes what it made before, waits until all are asleep, makes a FIFO in the directory, and writes into the second FIFO when it began to,
   in nanoseconds of the monotonic clock. Without arguments it watches, as inotifywait does: "watch THERE BACK DIRECTORY COUNT" is answered
   with how long after that it had read of the new name, in nanoseconds, over all rounds together. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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

static int make(const char *there, const char *back, const char *directory)
{
    char path[PATH_MAX] = "", text[64];
    int in = check(open(there, O_RDWR | O_CLOEXEC), "open"), out = check(open(back, O_RDWR | O_CLOEXEC), "open");
    struct pollfd ears[] = { { .fd = 0, .events = POLLIN }, { .fd = in, .events = POLLIN } };
    puts("ready");
    for (unsigned made = 0; poll(ears, 2, -1) > 0 && !ears[0].revents; made++) {
        check(read(in, text, 1), "read");
        if (*path)
            check(unlink(path), "unlink");
        usleep(20000);
        snprintf(path, sizeof path, "%s/made-%u", directory, made);
        long long begin = now();
        check(mkfifo(path, 0600), "mkfifo");
        check(write(out, text, snprintf(text, sizeof text, "%lld\n", begin)), "write");
    }
    return *path ? unlink(path) != 0 : 0;
}

static long long watch(const char *there, const char *back, const char *directory, int count)
{
    _Alignas(struct inotify_event) char buffer[65536];
    int request = check(open(there, O_RDWR | O_CLOEXEC), "open"), answer = check(open(back, O_RDWR | O_CLOEXEC), "open");
    int inotify = check(inotify_init1(IN_CLOEXEC), "inotify_init1");
    check(inotify_add_watch(inotify, directory, IN_CREATE | IN_DELETE | IN_MOVE | IN_ATTRIB), "inotify_add_watch");
    long long sum = 0;
    for (int i = 0; i < count; i++) {
        char text[64] = "";
        int created = 0;
        check(write(request, "\n", 1), "write");
        while (!created) {
            int length = check(read(inotify, buffer, sizeof buffer), "read");
            for (char *next = buffer; next < buffer + length;) {
                struct inotify_event *event = (struct inotify_event *)next;
                created |= (event->mask & IN_CREATE) && !strncmp(event->name, "made-", 5);
                next += sizeof *event + event->len;
            }
        }
        long long awake = now();
        check(read(answer, text, sizeof text - 1), "read");
        sum += awake - atoll(text);
    }
    close(inotify);
    close(request);
    close(answer);
    return sum;
}

int main(int argc, char **argv)
{
    char line[2048], there[500], back[500], directory[500];
    int count;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 4)
        return make(argv[1], argv[2], argv[3]);
    puts("ready");
    while (fgets(line, sizeof line, stdin))
        if (sscanf(line, "watch %499s %499s %499s %d", there, back, directory, &count) == 4)
            printf("%lld\n", watch(there, back, directory, count));
        else
            puts("error what?");
    return 0;
}
