# The handler of signals that are waited for: no more than two system calls, because it runs in the middle of whatever a
# thread was doing, a garbage collection too. SignalHandler.cs has its bytes; a test assembles this and compares.
# Called with the address of siginfo_t in rsi. errno stays as it is, and the kernel restores every register.
    .intel_syntax noprefix
    .text
handler:
    mov     eax, 1                      # write(slot, siginfo, 128)
    mov     edi, dword ptr [rip + slot]
    mov     edx, 128
    syscall
    cmp     eax, -1                     # EPERM: the file was full and sealed, and another is at its number by now
    je      handler
    mov     eax, 1                      # write(bell, &one, 8)
    mov     edi, dword ptr [rip + bell]
    lea     rsi, [rip + one]
    mov     edx, 8
    syscall
    ret
one:
    .quad   1
slot:
    .long   0                           # the number of the file that takes the records
bell:
    .long   0                           # the number of the eventfd that wakes the reader
