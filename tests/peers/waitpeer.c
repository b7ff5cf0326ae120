/* Takes things and then waits for others, a step at a line of its input: the other side of the tests of waits.
     waitpeer STEP...      says "ready"; for each line of its input it takes the next step, and says "done" when that is done
   Steps: flock:FILE  ofd:FILE  ofdr:FILE (shared)  record:FILE:START:LENGTH   sem:ID:INDEX:CHANGE  semt:ID:INDEX:CHANGE (an hour at most)
     semops:ID:INDEX:CHANGE:INDEX:CHANGE  post:NAME  wait:NAME  msgrcv:ID  msgsnd:ID  mqr:NAME  mqs:NAME  fork (goes on in a child, and waits for it) */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void check(long result, const char *call)
{
    if (result == -1) {
        fprintf(stderr, "%s: %s\n", call, strerror(errno));
        exit(1);
    }
}

static int known(const char *file)
{
    static char names[16][4200];
    static int fds[16], count;
    for (int i = 0; i < count; i++)
        if (!strcmp(names[i], file))
            return fds[i];
    fds[count] = open(file, O_RDWR);
    check(fds[count], file);
    strncpy(names[count], file, sizeof names[0] - 1);
    return fds[count++];
}

static void range(const char *file, short type, long start, long length, int command)
{
    struct flock one = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length };
    check(fcntl(known(file), command, &one), "fcntl");
}

static void step(char *text)
{
    char *word = strsep(&text, ":");
    if (!strcmp(word, "flock")) {
        check(flock(open(text, O_RDWR), LOCK_EX), "flock"); /* an opening of its own each time */
    } else if (!strcmp(word, "ofd")) {
        range(text, F_WRLCK, 0, 0, F_OFD_SETLKW);
    } else if (!strcmp(word, "ofdr")) {
        range(text, F_RDLCK, 0, 0, F_OFD_SETLKW);
    } else if (!strcmp(word, "record")) {
        char *file = strsep(&text, ":");
        long start = atol(strsep(&text, ":"));
        range(file, F_WRLCK, start, atol(text), F_SETLKW);
    } else if (!strncmp(word, "sem", 3)) {
        int id = atoi(strsep(&text, ":"));
        struct sembuf all[2] = { 0 };
        int count = 0;
        while (text && count < 2) {
            all[count].sem_num = atoi(strsep(&text, ":"));
            all[count++].sem_op = atoi(strsep(&text, ":"));
        }
        struct timespec hour = { .tv_sec = 3600 };
        check(semtimedop(id, all, count, !strcmp(word, "semt") ? &hour : NULL), "semop");
    } else if (!strcmp(word, "post") || !strcmp(word, "wait")) {
        sem_t *one = sem_open(text, 0);
        check(one == SEM_FAILED ? -1 : 0, "sem_open");
        check(!strcmp(word, "post") ? sem_post(one) : sem_wait(one), word);
    } else if (!strncmp(word, "msg", 3)) {
        struct { long type; char text[64]; } message = { .type = 1 };
        check(!strcmp(word, "msgrcv") ? msgrcv(atoi(text), &message, sizeof message.text, 0, 0) : msgsnd(atoi(text), &message, sizeof message.text, 0), word);
    } else if (!strcmp(word, "mqr") || !strcmp(word, "mqs")) {
        mqd_t queue = mq_open(text, O_RDWR);
        check(queue, "mq_open");
        char bytes[8192];
        check(!strcmp(word, "mqr") ? mq_receive(queue, bytes, sizeof bytes, NULL) : mq_send(queue, "x", 1, 0), word);
    } else if (!strcmp(word, "fork")) {
        pid_t child = fork();
        check(child, "fork");
        if (child > 0) {
            int status;
            check(waitpid(child, &status, 0), "waitpid");
            exit(0);
        }
        printf("%d\n", getpid());
    } else {
        fprintf(stderr, "%s is no step\n", word);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    setvbuf(stdin, NULL, _IONBF, 0);
    puts("ready");
    fflush(stdout);
    for (int i = 1; i < argc; i++) {
        int c;
        while ((c = getchar()) != '\n')
            if (c == EOF)
                return 0;
        step(argv[i]);
        puts("done");
        fflush(stdout);
    }
    while (getchar() != EOF)
        ;
    return 0;
}
