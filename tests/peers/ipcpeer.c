/*
 * Makes objects of every kind, many of each, holds them, and takes them away when its input ends.
 *
 *   ipcpeer many DIRECTORY COUNT    COUNT of each kind; files in DIRECTORY; says what it made, a line an object, then "ready"
 *   ipcpeer shm NAME SIZE           a POSIX shared memory object: mapped, its descriptor closed
 *   ipcpeer attach ID               a System V segment, attached
 *   ipcpeer wait ID                 waits in semaphore 0 of a System V set
 *   ipcpeer listen PATH TYPE        a bound socket: stream (listening), dgram or seqpacket (listening)
 *   ipcpeer leaderless NAME         opens a POSIX shared memory object and ends its first thread
 *   ipcpeer inflight NAME           a POSIX shared memory object whose only descriptor is on its way through a socket
 *   ipcpeer blocker FILE            an flock, and a child that waits for one
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 1000
static int made_queue[MANY], made_segment[MANY], made_set[MANY], made;
static char prefix[64];

static int check(int result, const char *what)
{
    if (result == -1) {
        perror(what);
        exit(1);
    }
    return result;
}

static void until_end_of_input(void)
{
    char buffer[64];
    puts("ready");
    fflush(stdout);
    while (read(0, buffer, sizeof buffer) > 0)
        ;
}

static void take_away(void)
{
    char name[96];
    for (int i = 0; i < made; i++) {
        msgctl(made_queue[i], IPC_RMID, NULL);
        shmctl(made_segment[i], IPC_RMID, NULL);
        semctl(made_set[i], 0, IPC_RMID);
        snprintf(name, sizeof name, "/%s-%d", prefix, i);
        shm_unlink(name);
        sem_unlink(name);
        mq_unlink(name);
    }
}

static void make_sysv(int i)
{
    struct { long type; char data[256]; } message = { 1 + i, { 0 } };
    /* Keys of this process's own, and every third object private. */
    key_t key = i % 3 == 0 ? IPC_PRIVATE : (key_t)(0x50000000u | ((unsigned)getpid() << 10 & 0x0ffffc00) | i);
    int flags = IPC_CREAT | IPC_EXCL | (i % 2 ? 0640 : 0666);
    made_queue[i] = check(msgget(key, flags), "msgget");
    for (int n = 0; n < i % 4; n++)
        check(msgsnd(made_queue[i], &message, (size_t)(i % 200), IPC_NOWAIT), "msgsnd");
    if (i % 4 == 3)
        check((int)msgrcv(made_queue[i], &message, sizeof message.data, 0, IPC_NOWAIT), "msgrcv");
    made_segment[i] = check(shmget(key, (size_t)(i + 1) * 1000, flags), "shmget");
    if (i % 2) {
        char *memory = shmat(made_segment[i], NULL, 0);
        if (memory == (void *)-1)
            check(-1, "shmat");
        memory[0] = 1;
        if (i % 4 == 1)
            check(shmdt(memory), "shmdt");
    }
    int count = 1 + i % 5;
    made_set[i] = check(semget(key, count, flags), "semget");
    for (int n = 0; n < count; n++)
        check(semctl(made_set[i], n, SETVAL, i + n), "semctl");
    if (i % 2) {
        struct sembuf operation = { 0, 1, 0 };
        check(semop(made_set[i], &operation, 1), "semop");
    }
    made = i + 1;
    printf("sysv %d %d %d\n", made_queue[i], made_segment[i], made_set[i]);
}

static void make_posix(int i)
{
    char name[96];
    snprintf(name, sizeof name, "/%s-%d", prefix, i);
    int memory = check(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), "shm_open");
    check(ftruncate(memory, (i + 1) * 100), "ftruncate");
    if (i % 2)
        close(memory);
    sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, (unsigned)i);
    if (semaphore == SEM_FAILED)
        check(-1, "sem_open");
    if (i % 2)
        sem_close(semaphore);
    printf("posix %s\n", name);
    if (i < 4) {
        struct mq_attr attributes = { .mq_maxmsg = 4, .mq_msgsize = 16 };
        mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
        check((int)queue, "mq_open");
        for (int n = 0; n < i; n++)
            check(mq_send(queue, "12345678", (size_t)(n + 1), 0), "mq_send");
        printf("mqueue %s\n", name);
    }
}

static int bind_socket(const char *path, int type)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t length = strlen(path);
    memcpy(address.sun_path, path, length);
    int own = check(socket(AF_UNIX, type, 0), "socket");
    if (address.sun_path[0] == '@')
        address.sun_path[0] = 0;
    check(bind(own, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (path[0] == '/'))), "bind");
    if (type != SOCK_DGRAM)
        check(listen(own, 7), "listen");
    return own;
}

static void make_files(const char *directory, int i)
{
    static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
    char path[200];
    struct flock range = { .l_type = i % 2 ? F_RDLCK : F_WRLCK, .l_whence = SEEK_SET, .l_start = i, .l_len = i % 3 ? 10 : 0 };

    snprintf(path, sizeof path, "%s/fifo %d", directory, i);
    check(mkfifo(path, 0600), "mkfifo");
    check(open(path, O_RDWR), "open fifo");
    printf("fifo %s\n", path);

    snprintf(path, sizeof path, "%s/socket %d", directory, i);
    bind_socket(path, types[i % 3]);
    printf("socket %s\n", path);
    if (i % 3 == 0) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        strcpy(address.sun_path, path);
        int other = check(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
        check(connect(other, (struct sockaddr *)&address, sizeof address), "connect");
    }
    snprintf(path, sizeof path, "@%s %d", prefix, i);
    bind_socket(path, types[i % 3]);
    int pair[2];
    check(socketpair(AF_UNIX, types[i % 3], 0, pair), "socketpair");
    check(pipe(pair), "pipe");

    snprintf(path, sizeof path, "%s/lock %d", directory, i);
    int file = check(open(path, O_RDWR | O_CREAT, 0600), "open lock");
    check(ftruncate(file, 8192), "ftruncate");
    switch (i % 4) {
    case 0: check(flock(file, LOCK_EX), "flock"); break;
    case 1: check(flock(file, LOCK_SH), "flock"); break;
    case 2: check(fcntl(file, F_SETLK, &range), "F_SETLK"); break;
    default: check(fcntl(file, F_OFD_SETLK, &range), "F_OFD_SETLK"); break;
    }
    printf("lock %s\n", path);
    if (mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) == MAP_FAILED)
        check(-1, "mmap");
}

static void many(const char *directory, int count)
{
    char path[200];
    atexit(take_away);
    for (int i = 0; i < count && i < MANY; i++) {
        make_sysv(i);
        make_posix(i);
        make_files(directory, i);
    }
    int memory = check(memfd_create("ipcpeer", MFD_CLOEXEC), "memfd_create");
    check(ftruncate(memory, 4096), "ftruncate");
    if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0) == MAP_FAILED)
        check(-1, "mmap");
    /* A socket's file that nobody is bound to any more. */
    snprintf(path, sizeof path, "%s/stale", directory);
    close(bind_socket(path, SOCK_STREAM));
    until_end_of_input();
}

static void *second_thread(void *nothing)
{
    until_end_of_input();
    _exit(0);
    return nothing;
}

static int open_memory(const char *name, int size)
{
    int memory = check(shm_open(name, O_RDWR | O_CREAT, 0600), "shm_open");
    if (size > 0)
        check(ftruncate(memory, size), "ftruncate");
    return memory;
}

static void send_away(const char *name)
{
    int pair[2], memory = open_memory(name, 4096);
    char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 'x';
    struct iovec data = { &byte, 1 };
    struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &memory, sizeof(int));
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
    check((int)sendmsg(pair[0], &message, 0), "sendmsg");
    close(memory);
    until_end_of_input();
}

int main(int count, char **arguments)
{
    const char *act = count > 1 ? arguments[1] : "";
    const char *what = count > 2 ? arguments[2] : "";
    umask(0);
    snprintf(prefix, sizeof prefix, "psipc-peer-%d", (int)getpid());
    if (!strcmp(act, "many") && count > 3) {
        many(what, atoi(arguments[3]));
    } else if (!strcmp(act, "shm") && count > 3) {
        int size = atoi(arguments[3]), memory = open_memory(what, size);
        if (mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0) == MAP_FAILED)
            check(-1, "mmap");
        close(memory);
        until_end_of_input();
    } else if (!strcmp(act, "attach")) {
        if (shmat(atoi(what), NULL, 0) == (void *)-1)
            check(-1, "shmat");
        until_end_of_input();
    } else if (!strcmp(act, "wait")) {
        struct sembuf operation = { 0, -1, 0 };
        puts("ready");
        fflush(stdout);
        return semop(atoi(what), &operation, 1) == 0 ? 0 : errno == EIDRM ? 3 : 1;
    } else if (!strcmp(act, "listen") && count > 3) {
        bind_socket(what, !strcmp(arguments[3], "stream") ? SOCK_STREAM : !strcmp(arguments[3], "dgram") ? SOCK_DGRAM : SOCK_SEQPACKET);
        until_end_of_input();
    } else if (!strcmp(act, "leaderless")) {
        pthread_t thread;
        open_memory(what, 4096);
        check(-pthread_create(&thread, NULL, second_thread, NULL), "pthread_create");
        pthread_exit(NULL);
    } else if (!strcmp(act, "inflight")) {
        send_away(what);
    } else if (!strcmp(act, "blocker")) {
        int file = check(open(what, O_RDWR | O_CREAT, 0600), "open");
        check(flock(file, LOCK_EX), "flock");
        pid_t child = check(fork(), "fork");
        if (child == 0) {
            int again = check(open(what, O_RDWR), "open");
            close(file);
            return flock(again, LOCK_EX) == 0 ? 0 : 1;
        }
        printf("child %d\n", (int)child);
        until_end_of_input();
        close(file);
        check(waitpid(child, NULL, 0), "waitpid");
    } else {
        fprintf(stderr, "ipcpeer: see its first lines\n");
        return 2;
    }
    return 0;
}
