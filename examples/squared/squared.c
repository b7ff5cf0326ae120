/*
 * squared: a small daemon to be tested. It keeps a System V queue, whose key is its argument. A request is a message of type 1:
 * the pid of who asks and a number, two ints. The answer has that pid as its type, and the square, a long long. What is no
 * request is passed over. SIGTERM ends it, and it removes its queue.
 *
 *     cc -o squared squared.c && ./squared 0x5c0a
 *
 * With -DFAULTY it forgets to remove the queue: Squared.Tests.ps1 has to find that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>

struct request { long type; int pid, number; char more; }; /* more: so that what is too long shows after it was cut */
struct answer { long type; long long square; };

static volatile sig_atomic_t ending;
static void end(int number) { (void)number; ending = 1; }

int main(int argc, char **argv)
{
    key_t key = argc > 1 ? (key_t)strtoul(argv[1], NULL, 0) : 0;
    int queue = key == 0 ? -1 : msgget(key, IPC_CREAT | IPC_EXCL | 0600);
    if (queue < 0) {
        perror("squared");
        return 1;
    }

    sigaction(SIGTERM, &(struct sigaction){ .sa_handler = end }, NULL); /* no SA_RESTART: msgrcv ends with EINTR */
    puts("ready");
    fflush(stdout);
    struct request request;
    while (!ending) {
        ssize_t length = msgrcv(queue, &request, sizeof request - sizeof request.type, 1, MSG_NOERROR);
        if (length < 0 && errno != EINTR)
            break; /* the queue was removed */
        if (length != sizeof request.pid + sizeof request.number || request.pid <= 0)
            continue;
        struct answer answer = { request.pid, (long long)request.number * request.number };
        msgsnd(queue, &answer, sizeof answer.square, IPC_NOWAIT); /* who does not take answers cannot stop the others */
    }

#ifndef FAULTY
    msgctl(queue, IPC_RMID, NULL);
#endif
    return 0;
}
