// The handler of signals that are waited for: no more than two system calls, because it runs in the middle of whatever a
// thread was doing, a garbage collection too. SignalHandler.cs has its bytes; a test assembles this and compares.
// Called with the address of siginfo_t in x1. errno stays as it is, and the kernel restores every register.
    .text
handler:
    mov     w8, #64                     // write(slot, siginfo, 128)
    ldr     w0, slot
    mov     x2, #128
    svc     #0
    cmn     x0, #1                      // EPERM: the file was full and sealed, and another is at its number by now
    b.eq    handler
    mov     w8, #64                     // write(bell, &one, 8)
    ldr     w0, bell
    adr     x1, one
    mov     x2, #8
    svc     #0
    ret
    .balign 8
one:
    .quad   1
slot:
    .word   0                           // the number of the file that takes the records
bell:
    .word   0                           // the number of the eventfd that wakes the reader
