/* The C peer of the benchmarks: does what a line on standard input asks for and answers with nanoseconds.
   What is timed is a plain loop over the calls of the C library, as a C programmer would write it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <time.h>
#include <unistd.h>

enum { TEXT = 64, ROOM = 8192, GIVE_UP_SECONDS = 60 };
static struct message { long type; char data[ROOM]; } message = { .type = 1 };

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void check(long result, const char *call)
{
    if (result < 0) {
        printf("error %s: %s\n", call, strerror(errno));
        exit(1);
    }
}

static mqd_t open_queue(const char *name)
{
    mqd_t queue = mq_open(name, O_RDWR | O_CLOEXEC);
    check(queue, name);
    return queue;
}

static void sysv(int id, int batches, int size)
{
    for (int b = 0; b < batches; b++) {
        for (int i = 0; i < size; i++)
            check(msgsnd(id, &message, TEXT, 0), "msgsnd");
        for (int i = 0; i < size; i++)
            check(msgrcv(id, &message, ROOM, 0, 0), "msgrcv");
    }
}

static void posix(mqd_t queue, int batches, int size)
{
    for (int b = 0; b < batches; b++) {
        for (int i = 0; i < size; i++)
            check(mq_send(queue, message.data, TEXT, 0), "mq_send");
        for (int i = 0; i < size; i++)
            check(mq_receive(queue, message.data, ROOM, NULL), "mq_receive");
    }
}

static void add(int id, int change)
{
    struct sembuf one = { .sem_op = change };
    check(semop(id, &one, 1), "semop");
}

static sem_t *open_semaphore(const char *name)
{
    sem_t *semaphore = sem_open(name, 0);
    check(semaphore == SEM_FAILED ? -1 : 0, name);
    return semaphore;
}

static void lock_range(int fd, short type)
{
    struct flock range = { .l_type = type, .l_whence = SEEK_SET };
    check(fcntl(fd, F_OFD_SETLKW, &range), "fcntl");
}

/* Semaphores and locks; whether the word is one of theirs. */
static int synchronise(const char *word, const char *a, const char *b, int n)
{
    int is_first = !strncmp(word, "ping-", 5), count = atoi(b);
    if (!strcmp(word, "ping-semop") || !strcmp(word, "echo-semop")) {
        int give = atoi(is_first ? a : b), take = atoi(is_first ? b : a);
        for (int i = 0; i < n; i++) {
            if (is_first)
                add(give, 1);
            add(take, -1);
            if (!is_first)
                add(give, 1);
        }
    } else if (!strcmp(word, "ping-semwait") || !strcmp(word, "echo-semwait")) {
        sem_t *give = open_semaphore(is_first ? a : b), *take = open_semaphore(is_first ? b : a);
        for (int i = 0; i < n; i++) {
            if (is_first)
                check(sem_post(give), "sem_post");
            check(sem_wait(take), "sem_wait");
            if (!is_first)
                check(sem_post(give), "sem_post");
        }
        sem_close(give);
        sem_close(take);
    } else if (!strcmp(word, "pair-semop")) {
        for (int i = 0; i < count; i++) {
            add(atoi(a), -1);
            add(atoi(a), 1);
        }
    } else if (!strcmp(word, "pair-semwait")) {
        sem_t *semaphore = open_semaphore(a);
        for (int i = 0; i < count; i++) {
            check(sem_wait(semaphore), "sem_wait");
            check(sem_post(semaphore), "sem_post");
        }
        sem_close(semaphore);
    } else if (!strcmp(word, "pair-flock") || !strcmp(word, "pair-ofd")) {
        int fd = open(a, O_RDWR | O_CLOEXEC), is_flock = !strcmp(word, "pair-flock");
        check(fd, a);
        for (int i = 0; i < count; i++) {
            if (is_flock) {
                check(flock(fd, LOCK_EX), "flock");
                check(flock(fd, LOCK_UN), "flock");
            } else {
                lock_range(fd, F_WRLCK);
                lock_range(fd, F_UNLCK);
            }
        }
        close(fd);
    } else
        return 0;
    return 1;
}

/* Bytes through a FIFO, in blocks as large as a pipe. */
static int stream(const char *word, const char *path, long megabytes)
{
    static char block[65536];
    int is_read = !strcmp(word, "fifo-read");
    if (!is_read && strcmp(word, "fifo-write"))
        return 0;
    int fd = open(path, is_read ? O_RDONLY : O_WRONLY);
    check(fd, path);
    for (long left = megabytes << 20; left > 0;) {
        ssize_t count = is_read ? read(fd, block, sizeof block) : write(fd, block, sizeof block);
        check(count > 0 ? 0 : -1, word);
        left -= count;
    }
    close(fd);
    return 1;
}

int main(void)
{
    char line[512], word[32], a[128], b[128];
    int n = 0, size = 0;
    memset(message.data, 'x', sizeof message.data);
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%31s %127s %127s %d", word, a, b, &n) < 3)
            continue;
        alarm(GIVE_UP_SECONDS); /* never wait for ever for a partner that is gone */
        size = n;
        mqd_t first = -1, second = -1;
        if (strstr(word, "posix"))
            first = open_queue(a);
        if (!strcmp(word, "ping-posix") || !strcmp(word, "echo-posix"))
            second = open_queue(b);
        long long start = now();
        if (!strcmp(word, "sysv"))
            sysv(atoi(a), atoi(b), size);
        else if (!strcmp(word, "posix"))
            posix(first, atoi(b), size);
        else if (!strcmp(word, "ping-sysv"))
            for (int i = 0; i < n; i++) {
                check(msgsnd(atoi(a), &message, TEXT, 0), "msgsnd");
                check(msgrcv(atoi(b), &message, ROOM, 0, 0), "msgrcv");
            }
        else if (!strcmp(word, "echo-sysv"))
            for (int i = 0; i < n; i++) {
                check(msgrcv(atoi(a), &message, ROOM, 0, 0), "msgrcv");
                check(msgsnd(atoi(b), &message, TEXT, 0), "msgsnd");
            }
        else if (!strcmp(word, "ping-posix"))
            for (int i = 0; i < n; i++) {
                check(mq_send(first, message.data, TEXT, 0), "mq_send");
                check(mq_receive(second, message.data, ROOM, NULL), "mq_receive");
            }
        else if (!strcmp(word, "echo-posix"))
            for (int i = 0; i < n; i++) {
                check(mq_receive(first, message.data, ROOM, NULL), "mq_receive");
                check(mq_send(second, message.data, TEXT, 0), "mq_send");
            }
        else if (!stream(word, a, atol(b)) && !synchronise(word, a, b, n)) {
            printf("error %s: not known here\n", word);
            continue;
        }
        printf("%lld\n", now() - start);
        alarm(0);
        if (first >= 0)
            mq_close(first);
        if (second >= 0)
            mq_close(second);
    }
    return 0;
}
