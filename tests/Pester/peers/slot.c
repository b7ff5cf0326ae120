/* A C program of the kind that has used System V and POSIX queues for decades: a structure of fixed size, text padded with
 * NULs. Sends or receives one message and says what it saw.
 *   slot send ID TYPE TEXT      slot receive ID TYPE      slot mqsend NAME PRIORITY TEXT      slot mqreceive NAME */
#include <mqueue.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>

struct slot {
    long type;
    char text[64];
};

static int fail(const char *call) {
    perror(call);
    return 1;
}

int main(int argc, char **argv) {
    struct slot slot = {0};
    if (argc == 5 && strcmp(argv[1], "send") == 0) {
        slot.type = strtol(argv[3], NULL, 10);
        strncpy(slot.text, argv[4], sizeof slot.text - 1);
        return msgsnd(atoi(argv[2]), &slot, sizeof slot.text, 0) < 0 ? fail("msgsnd") : 0;
    }
    if (argc == 4 && strcmp(argv[1], "receive") == 0) {
        ssize_t length = msgrcv(atoi(argv[2]), &slot, sizeof slot.text, strtol(argv[3], NULL, 10), IPC_NOWAIT);
        if (length < 0) return fail("msgrcv");
        size_t zeros = 0;
        for (size_t i = strnlen(slot.text, sizeof slot.text); i < (size_t)length && slot.text[i] == 0; i++) zeros++;
        printf("type=%ld length=%zd zeros=%zu text=%.64s\n", slot.type, length, zeros, slot.text);
        return 0;
    }
    if (argc == 5 && strcmp(argv[1], "mqsend") == 0) {
        mqd_t queue = mq_open(argv[2], O_WRONLY);
        if (queue == (mqd_t)-1) return fail("mq_open");
        strncpy(slot.text, argv[4], sizeof slot.text - 1);
        return mq_send(queue, slot.text, sizeof slot.text, (unsigned)atoi(argv[3])) < 0 ? fail("mq_send") : 0;
    }
    if (argc == 3 && strcmp(argv[1], "mqreceive") == 0) {
        mqd_t queue = mq_open(argv[2], O_RDONLY | O_NONBLOCK);
        if (queue == (mqd_t)-1) return fail("mq_open");
        char text[8192];
        unsigned priority;
        ssize_t length = mq_receive(queue, text, sizeof text, &priority);
        if (length < 0) return fail("mq_receive");
        printf("priority=%u length=%zd text=%.*s\n", priority, length, (int)strnlen(text, (size_t)length), text);
        return 0;
    }
    fprintf(stderr, "usage: see the source\n");
    return 2;
}
