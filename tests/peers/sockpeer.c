/* A peer for the tests of Unix sockets: it does with one end what PsIpc does with the other. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static int type_of(const char *name)
{
    return !strcmp(name, "stream") ? SOCK_STREAM : !strcmp(name, "datagram") ? SOCK_DGRAM : SOCK_SEQPACKET;
}

static socklen_t address_of(struct sockaddr_un *address, const char *name)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    size_t length = strlen(name);
    memcpy(address->sun_path, name, length);
    if (*name == '@')
    {
        address->sun_path[0] = 0;
        return offsetof(struct sockaddr_un, sun_path) + length;
    }
    return offsetof(struct sockaddr_un, sun_path) + length + 1;
}

static void give(int socket, const char *text, int descriptor)
{
    struct iovec part = { (void *)text, strlen(text) };
    union { struct cmsghdr header; char room[CMSG_SPACE(sizeof(int))]; } control;
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    if (descriptor >= 0)
    {
        message.msg_control = &control;
        message.msg_controllen = sizeof control.room;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    }
    if (sendmsg(socket, &message, 0) < 0)
        fail("sendmsg");
}

/* Prints what a message holds, and what the descriptors that come with it do. */
static void take(int socket)
{
    char text[4096];
    struct iovec part = { text, sizeof text - 1 };
    union { struct cmsghdr header; char room[CMSG_SPACE(253 * sizeof(int))]; } control;
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.room };
    ssize_t length = recvmsg(socket, &message, 0);
    if (length < 0)
        fail("recvmsg");
    text[length] = 0;
    printf("%zd %s", length, text);
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
    {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        int count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        printf(" with %d", count);
        for (int i = 0; i < count; i++)
        {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
            if (i == 0 && write(descriptor, "by C", 4) != 4)
                fail("write");
            close(descriptor);
        }
    }
    printf("\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    const char *what = argv[1];
    int s = socket(AF_UNIX, type_of(argv[2]), 0);
    struct sockaddr_un address;
    socklen_t length = address_of(&address, argv[3]);
    if (s < 0)
        fail("socket");
    if (!strcmp(what, "send") || !strcmp(what, "give") || !strcmp(what, "ask"))
    {
        if (!strcmp(what, "ask"))
        {
            struct sockaddr_un own;
            if (bind(s, (struct sockaddr *)&own, address_of(&own, argv[5])) != 0)
                fail("bind");
        }
        if (connect(s, (struct sockaddr *)&address, length) != 0)
            fail("connect");
        int descriptor = -1;
        if (!strcmp(what, "give") && (descriptor = open(argv[5], O_RDWR)) < 0)
            fail("open");
        give(s, argv[4], descriptor);
        if (!strcmp(what, "ask"))
            take(s);
        return 0;
    }
    if (bind(s, (struct sockaddr *)&address, length) != 0)
        fail("bind");
    if (type_of(argv[2]) == SOCK_DGRAM)
    {
        printf("ready\n");
        fflush(stdout);
        for (int i = 0; i < atoi(argv[4]); i++)
            take(s);
        return 0;
    }
    if (listen(s, 5) != 0)
        fail("listen");
    printf("ready\n");
    fflush(stdout);
    int connection = accept(s, 0, 0);
    if (connection < 0)
        fail("accept");
    for (int i = 0; i < atoi(argv[4]); i++)
        take(connection);
    return 0;
}
