/* The C peer of the benchmarks: does what a line on standard input asks for and answers with nanoseconds.
   What is timed is a plain loop over the calls of the C library, as a C programmer would write it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
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

/* Through a pair of stream sockets: blocks that another thread reads, or small messages in batches. */
struct flow { int socket, size; long total; };

static void *drain(void *argument)
{
    struct flow *flow = argument;
    char *buffer = malloc(flow->size);
    for (long got = 0; got < flow->total;) {
        ssize_t count = recv(flow->socket, buffer, flow->size, 0);
        check(count, "recv");
        got += count;
    }
    free(buffer);
    return NULL;
}

static int sockets(const char *word, int size, int n)
{
    int ends[2];
    if (strcmp(word, "flow-socket") && strcmp(word, "batch-socket"))
        return 0;
    check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
    char *buffer = calloc(1, size);
    if (*word == 'f') {
        pthread_t thread;
        struct flow flow = { ends[1], size, (long)size * n };
        check(-pthread_create(&thread, NULL, drain, &flow), "pthread_create");
        for (int i = 0; i < n; i++)
            for (ssize_t sent = 0; sent < size;) {
                ssize_t count = send(ends[0], buffer + sent, size - sent, MSG_NOSIGNAL);
                check(count, "send");
                sent += count;
            }
        pthread_join(thread, NULL);
    } else
        for (int i = 0; i < n; i += 100) {
            for (int k = 0; k < 100; k++)
                check(send(ends[0], buffer, size, MSG_NOSIGNAL), "send");
            for (int k = 0; k < 100; k++)
                check(recv(ends[1], buffer, size, 0), "recv");
        }
    free(buffer);
    close(ends[0]);
    close(ends[1]);
    return 1;
}

/* Shared memory by its path: opened, mapped, copied a piece at a time, as PsIpc does. */
static void *map_file(const char *path, size_t size, int is_new)
{
    int fd = open(path, is_new ? O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC : O_RDWR | O_CLOEXEC, 0600);
    check(fd, path);
    if (is_new)
        check(ftruncate(fd, size), "ftruncate");
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    check(memory == MAP_FAILED ? -1 : 0, "mmap");
    close(fd);
    return memory;
}

static long long memory(const char *word, const char *a, const char *b, int n)
{
    static char piece[256 << 10];
    size_t size = (size_t)n << 20;
    long long start = now();
    if (!strcmp(word, "memory-add")) {
        long *number = map_file(a, sizeof(long), 0);
        for (int i = 0; i < n; i++)
            __atomic_fetch_add(number, 1, __ATOMIC_SEQ_CST);
        munmap(number, sizeof(long));
        return now() - start;
    }
    int is_in = strstr(word, "-in") != NULL, is_file = strstr(word, "-file") != NULL;
    char *map = map_file(a, size, 0);
    if (strstr(word, "-view")) {
        for (size_t i = 0; i < size; i += 4096)
            map[i] = 1;
        start = now();
    }
    if (is_file) {
        char *other = map_file(b, size, !is_in);
        memcpy(is_in ? map : other, is_in ? other : map, size);
        munmap(other, size);
    } else
        for (size_t i = 0; i < size; i += sizeof piece)
            memcpy(is_in ? map + i : piece, is_in ? piece : map + i, sizeof piece);
    if (!strstr(word, "-view"))
        munmap(map, size);
    long long time = now() - start;
    if (strstr(word, "-view"))
        munmap(map, size);
    return time;
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
        if (strstr(word, "memory-")) {
            printf("%lld\n", memory(word, a, b, n));
            alarm(0);
            continue;
        }
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
        else if (!stream(word, a, atol(b)) && !synchronise(word, a, b, n) && !sockets(word, atoi(a), atoi(b))) {
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
