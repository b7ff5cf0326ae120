/* A POSIX queue peer. Names come in hexadecimal, for they may hold any byte. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char name[600];

static int fail(const char *call)
{
    perror(call);
    return 1;
}

static void read_name(const char *hex)
{
    size_t length = strlen(hex) / 2;
    for (size_t i = 0; i < length && i < sizeof name - 1; i++) {
        char pair[3] = { hex[2 * i], hex[2 * i + 1], 0 };
        name[i] = (char)strtol(pair, NULL, 16);
    }
}

static void say(const char *word)
{
    puts(word);
    fflush(stdout);
}

/* Priorities 0..4 in turn, the text "message <i>". */
static int send_messages(int count)
{
    mqd_t queue = mq_open(name, O_WRONLY);
    if (queue < 0)
        return fail("mq_open");
    for (int i = 0; i < count; i++) {
        char text[32];
        int length = snprintf(text, sizeof text, "message %d", i);
        if (mq_send(queue, text, length, i % 5) < 0)
            return fail("mq_send");
    }
    return 0;
}

static int receive_messages(int count)
{
    mqd_t queue = mq_open(name, O_RDONLY);
    struct mq_attr attr;
    if (queue < 0 || mq_getattr(queue, &attr) < 0)
        return fail("mq_open");
    char *buffer = malloc(attr.mq_msgsize);
    for (int i = 0; i < count; i++) {
        unsigned priority;
        ssize_t length = mq_receive(queue, buffer, attr.mq_msgsize, &priority);
        if (length < 0)
            return fail("mq_receive");
        printf("%u %.*s\n", priority, (int)length, buffer);
        fflush(stdout);
    }
    free(buffer);
    return 0;
}

static int create(void)
{
    struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 16 };
    return mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr) < 0 ? fail("mq_open") : 0;
}

/* Holds the queue open, perhaps with its notification slot, until standard input ends. */
static int hold(int notify)
{
    mqd_t queue = mq_open(name, O_RDONLY);
    struct sigevent event = { .sigev_notify = SIGEV_NONE };
    if (queue < 0)
        return fail("mq_open");
    if (notify && mq_notify(queue, &event) < 0) {
        say(errno == EBUSY ? "busy" : strerror(errno));
        return 0;
    }
    say("ready");
    while (getchar() != EOF)
        ;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: mqpeer send|receive|create|unlink|hold|notify HEXNAME [COUNT]\n", stderr);
        return 2;
    }
    read_name(argv[2]);
    int count = argc > 3 ? atoi(argv[3]) : 1;
    if (strcmp(argv[1], "send") == 0)
        return send_messages(count);
    if (strcmp(argv[1], "receive") == 0)
        return receive_messages(count);
    if (strcmp(argv[1], "create") == 0)
        return create();
    if (strcmp(argv[1], "unlink") == 0)
        return mq_unlink(name) < 0 ? fail("mq_unlink") : 0;
    if (strcmp(argv[1], "hold") == 0)
        return hold(0);
    if (strcmp(argv[1], "notify") == 0)
        return hold(1);
    return 2;
}
