/* Makes and removes objects in bursts, for those who watch: watchpeer PREFIX DIRECTORY. Reads commands "WHAT COUNT", a line each, and answers
 * "done". WHAT: shm sem mq fifo socket sysv, with - in front to remove them; churn-shm, churn-sem, churn-mq make and remove each at once.
 * At the end of its input it removes what is left. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST = 4096 };
static const char *prefix, *directory;
static int queues[MOST];

static const char *name(const char *kind, int i)
{
    static char text[128];
    snprintf(text, sizeof text, "/%s-%s-%d", prefix, kind, i);
    return text;
}

static const char *path(const char *kind, int i)
{
    static char text[108];
    if (snprintf(text, sizeof text, "%s/%s-%d", directory, kind, i) >= (int)sizeof text)
        exit(3);
    return text;
}

static int make(const char *what, int i)
{
    if (!strcmp(what, "shm")) {
        int fd = shm_open(name(what, i), O_CREAT | O_EXCL | O_RDWR, 0600);
        return fd < 0 ? -1 : close(fd);
    }
    if (!strcmp(what, "sem")) {
        sem_t *semaphore = sem_open(name(what, i), O_CREAT | O_EXCL, 0600, 1);
        return semaphore == SEM_FAILED ? -1 : sem_close(semaphore);
    }
    if (!strcmp(what, "mq")) {
        struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = 16 };
        mqd_t queue = mq_open(name(what, i), O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
        return queue < 0 ? -1 : mq_close(queue);
    }
    if (!strcmp(what, "fifo"))
        return mkfifo(path(what, i), 0600);
    if (!strcmp(what, "socket")) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        strncpy(address.sun_path, path(what, i), sizeof address.sun_path - 1);
        return bind(fd, (struct sockaddr *)&address, sizeof address) || close(fd);
    }
    if (!strcmp(what, "sysv"))
        return (queues[i] = msgget(IPC_PRIVATE, 0600)) < 0 ? -1 : 0;
    exit(2);
}

static int gone(const char *what, int i)
{
    if (!strcmp(what, "shm"))
        return shm_unlink(name(what, i));
    if (!strcmp(what, "sem"))
        return sem_unlink(name(what, i));
    if (!strcmp(what, "mq"))
        return mq_unlink(name(what, i));
    if (!strcmp(what, "sysv"))
        return queues[i] < 0 ? 0 : (msgctl(queues[i], IPC_RMID, 0), queues[i] = -1, 0);
    return unlink(path(what, i));
}

int main(int argc, char **argv)
{
    static const char *const kinds[] = { "shm", "sem", "mq", "fifo", "socket", "sysv" };
    char line[256], what[64];
    int count;
    if (argc != 3)
        return 2;
    prefix = argv[1];
    directory = argv[2];
    for (int i = 0; i < MOST; i++)
        queues[i] = -1;
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "%63s %d", what, &count) != 2 || count > MOST)
            return 2;
        for (int i = 0; i < count; i++) {
            int failed = !strncmp(what, "churn-", 6) ? make(what + 6, i) || gone(what + 6, i) : what[0] == '-' ? gone(what + 1, i) : make(what, i);
            if (failed) {
                perror(what);
                return 1;
            }
        }
        puts("done");
        fflush(stdout);
    }
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
        for (int i = 0; i < MOST; i++)
            gone(kinds[kind], i);
    return 0;
}
