/* Semaphores and locks as a C programmer uses them: the other side of the tests.
     hold flock|ofd|record FILE read|write      takes the lock, says "held", gives it back at the end of its input
     try flock|ofd|record FILE read|write       "free" or "busy"
     count MEANS ADDRESS COUNTER N              N times: enters, adds one to the number in COUNTER, leaves
     post NAME N | wait NAME N | make NAME VALUE | value NAME      a POSIX semaphore
     semop ID INDEX CHANGE [undo]               says "done", then waits for the end of its input
     setup KEY VALUE                            makes a set of one semaphore in two steps, the second at a line of its input */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

static void check(long result, const char *call)
{
    if (result == -1) {
        fprintf(stderr, "%s: %s\n", call, strerror(errno));
        exit(1);
    }
}

static int lock(int fd, const char *kind, short type, int wait)
{
    if (!strcmp(kind, "flock")) {
        int how = type == F_UNLCK ? LOCK_UN : type == F_RDLCK ? LOCK_SH : LOCK_EX;
        return flock(fd, wait ? how : how | LOCK_NB);
    }
    struct flock range = { .l_type = type, .l_whence = SEEK_SET };
    int is_ofd = !strcmp(kind, "ofd");
    return fcntl(fd, is_ofd ? (wait ? F_OFD_SETLKW : F_OFD_SETLK) : (wait ? F_SETLKW : F_SETLK), &range);
}

static void operate(int id, int index, int change, int flags)
{
    struct sembuf one = { .sem_num = index, .sem_op = change, .sem_flg = flags };
    check(semop(id, &one, 1), "semop");
}

static void drain(void)
{
    fflush(stdout);
    while (getchar() != EOF)
        ;
}

static void add_one(int fd)
{
    char text[32] = "";
    check(pread(fd, text, sizeof text - 1, 0), "pread");
    int length = snprintf(text, sizeof text, "%ld", atol(text) + 1);
    check(pwrite(fd, text, length, 0), "pwrite");
}

static void count(const char *means, const char *address, const char *counter, int n)
{
    int fd = open(counter, O_RDWR);
    check(fd, counter);
    if (!strcmp(means, "posix")) {
        sem_t *gate = sem_open(address, 0);
        check(gate == SEM_FAILED ? -1 : 0, "sem_open");
        for (int i = 0; i < n; i++) {
            check(sem_wait(gate), "sem_wait");
            add_one(fd);
            check(sem_post(gate), "sem_post");
        }
        return;
    }
    if (!strcmp(means, "sysv")) {
        for (int i = 0; i < n; i++) {
            operate(atoi(address), 0, -1, SEM_UNDO);
            add_one(fd);
            operate(atoi(address), 0, 1, SEM_UNDO);
        }
        return;
    }
    int file = open(address, O_RDWR);
    check(file, address);
    for (int i = 0; i < n; i++) {
        check(lock(file, means, F_WRLCK, 1), means);
        add_one(fd);
        check(lock(file, means, F_UNLCK, 1), means);
    }
}

int main(int argc, char **argv)
{
    const char *word = argc > 2 ? argv[1] : "";
    if (!strcmp(word, "hold") || !strcmp(word, "try")) {
        int is_shared = !strcmp(argv[4], "read");
        int fd = open(argv[3], is_shared ? O_RDONLY : O_RDWR);
        check(fd, argv[3]);
        if (!strcmp(word, "try")) {
            puts(lock(fd, argv[2], is_shared ? F_RDLCK : F_WRLCK, 0) ? "busy" : "free");
        } else {
            check(lock(fd, argv[2], is_shared ? F_RDLCK : F_WRLCK, 1), argv[2]);
            puts("held");
            drain();
        }
    } else if (!strcmp(word, "count")) {
        count(argv[2], argv[3], argv[4], atoi(argv[5]));
    } else if (!strcmp(word, "semop")) {
        operate(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), argc > 5 ? SEM_UNDO : 0);
        puts("done");
        drain();
    } else if (!strcmp(word, "setup")) {
        int id = semget(strtol(argv[2], NULL, 0), 1, IPC_CREAT | IPC_EXCL | 0600);
        check(id, "semget");
        printf("%d\n", id);
        fflush(stdout);
        getchar();
        check(semctl(id, 0, SETVAL, atoi(argv[3])), "semctl");
        operate(id, 0, 1, 0);
        operate(id, 0, -1, 0);
    } else {
        int is_new = !strcmp(word, "make");
        sem_t *gate = is_new ? sem_open(argv[2], O_CREAT | O_EXCL, 0600, atoi(argv[3])) : sem_open(argv[2], 0);
        check(gate == SEM_FAILED ? -1 : 0, "sem_open");
        for (int i = 0; !is_new && argc > 3 && i < atoi(argv[3]); i++)
            check(!strcmp(word, "post") ? sem_post(gate) : sem_wait(gate), word);
        int value;
        check(sem_getvalue(gate, &value), "sem_getvalue");
        printf("%d\n", value);
    }
    return 0;
}
