/*
 * Uses shared memory as C programs do: a struct in it, atomic counters, a size that changes under those who have it mapped.
 * Objects are files by their path, /dev/shm/NAME for POSIX ones, or System V segments by sysv:ID.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

struct record {
    int64_t Count;
    char Name[32];
    double Samples[100];
    struct { int32_t X; int16_t Y; } Points[3];
    uint8_t Flag;
};

static void check(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        exit(1);
    }
}

static void *map(const char *object)
{
    if (strncmp(object, "sysv:", 5) == 0) {
        void *memory = shmat(atoi(object + 5), NULL, 0);
        check(memory != (void *)-1, "shmat");
        return memory;
    }

    int fd = open(object, O_RDWR);
    check(fd >= 0, "open");
    struct stat status;
    check(fstat(fd, &status) == 0, "fstat");
    void *memory = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    check(memory != MAP_FAILED, "mmap");
    close(fd);
    return memory;
}

int main(int argc, char **argv)
{
    const char *task = argc > 2 ? argv[1] : "";
    if (strcmp(task, "write") == 0) {
        struct record *record = map(argv[2]);
        memset(record, 0, sizeof *record);
        record->Count = -5000000000;
        strcpy(record->Name, "gr\xc3\xbc\xc3\x9f" "e");
        for (int i = 0; i < 100; i++)
            record->Samples[i] = i * 0.5;
        record->Points[2].X = -7;
        record->Points[2].Y = 300;
        record->Flag = 200;
        printf("%zu\n", sizeof *record);
    } else if (strcmp(task, "read") == 0) {
        struct record *record = map(argv[2]);
        printf("%lld %s %g %g %d %d %d\n", (long long)record->Count, record->Name, record->Samples[0], record->Samples[99],
            record->Points[1].X, record->Points[1].Y, record->Flag);
    } else if (strcmp(task, "add") == 0) { /* OBJECT OFFSET WIDTH TIMES */
        char *memory = map(argv[2]);
        long offset = atol(argv[3]);
        for (long i = atol(argv[5]); i > 0; i--) {
            if (atoi(argv[4]) == 4)
                __atomic_fetch_add((int32_t *)(memory + offset), 1, __ATOMIC_SEQ_CST);
            else
                __atomic_fetch_add((int64_t *)(memory + offset), 1, __ATOMIC_SEQ_CST);
        }
    } else if (strcmp(task, "flap") == 0) { /* FILE SIZE: cut short and made longer again, until its input ends */
        int fd = open(argv[2], O_RDWR);
        check(fd >= 0, "open");
        long size = atol(argv[3]);
        check(fcntl(0, F_SETFL, O_NONBLOCK) == 0, "fcntl");
        puts("ready");
        fflush(stdout);
        char byte;
        while (read(0, &byte, 1) != 0)
            check(ftruncate(fd, 0) == 0 && ftruncate(fd, size) == 0, "ftruncate");
    } else if (strcmp(task, "hold") == 0) { /* OBJECT: has it mapped until its input ends */
        char *memory = map(argv[2]);
        printf("ready %d\n", memory[0]);
        fflush(stdout);
        getchar();
    } else {
        fprintf(stderr, "usage: shmpeer write|read|add|flap|hold OBJECT ...\n");
        return 2;
    }

    return 0;
}
