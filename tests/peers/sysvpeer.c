/* A System V peer as C programs are: fixed 64-byte structures, padded with NUL. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>

struct record {
    long type;
    char text[64];
};

static int fail(const char *call)
{
    perror(call);
    return 1;
}

/* Types 1, 2, ... with the text "record <type>". */
static int send_records(int id, int count)
{
    for (int i = 1; i <= count; i++) {
        struct record record = { .type = i };
        snprintf(record.text, sizeof record.text, "record %d", i);
        if (msgsnd(id, &record, sizeof record.text, 0) < 0)
            return fail("msgsnd");
    }
    return 0;
}

static int receive_records(int id, int count)
{
    for (int i = 0; i < count; i++) {
        struct record record;
        ssize_t length = msgrcv(id, &record, sizeof record.text, 0, 0);
        if (length < 0)
            return fail("msgrcv");
        size_t text = strnlen(record.text, sizeof record.text);
        for (size_t k = text; k < sizeof record.text; k++)
            if (record.text[k] != 0) {
                fputs("the padding is not NUL\n", stderr);
                return 1;
            }
        printf("%ld %zd %.64s\n", record.type, length, record.text);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "send") == 0)
        return send_records(atoi(argv[2]), atoi(argv[3]));
    if (argc == 4 && strcmp(argv[1], "receive") == 0)
        return receive_records(atoi(argv[2]), atoi(argv[3]));
    if (argc == 4 && strcmp(argv[1], "ftok") == 0) {
        printf("%d\n", ftok(argv[2], atoi(argv[3])));
        return 0;
    }
    fputs("usage: sysvpeer send|receive ID COUNT | ftok PATH PROJECT\n", stderr);
    return 2;
}
