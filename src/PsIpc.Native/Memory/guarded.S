/*
 * Touches memory that may vanish: a page past the end of a file that was cut short ends the process by SIGBUS. Here the signal's
 * handler looks where it happened, and leads out of these functions with an error; of any other place it tells the handler before it.
 *
 * Every function: int f(void *memory, long a, long b, long *old), 0 when done, 14 (EFAULT) when the memory is not there.
 * Entries lie 64 bytes apart, in the order of GuardedCode.cs, which holds what this file assembles to: a test assembles it anew.
 * Nothing here refers to anything outside; the code may lie anywhere.
 */
        .text
#if defined(__x86_64__)
#define ENTRY(name) .balign 64, 0xcc; name:
begin:
ENTRY(load32)
        mov     (%rdi), %eax
        mov     %rax, (%rcx)
        xor     %eax, %eax
        ret
ENTRY(load64)
        mov     (%rdi), %rax
        mov     %rax, (%rcx)
        xor     %eax, %eax
        ret
ENTRY(store32)
        mov     %esi, (%rdi)
        xor     %eax, %eax
        ret
ENTRY(store64)
        mov     %rsi, (%rdi)
        xor     %eax, %eax
        ret
ENTRY(add32)
        mov     %esi, %eax
        lock xadd %eax, (%rdi)
        mov     %rax, (%rcx)
        xor     %eax, %eax
        ret
ENTRY(add64)
        mov     %rsi, %rax
        lock xadd %rax, (%rdi)
        mov     %rax, (%rcx)
        xor     %eax, %eax
        ret
ENTRY(exchange32)
        mov     %esi, %eax
        xchg    %eax, (%rdi)
        mov     %rax, (%rcx)
        xor     %eax, %eax
        ret
ENTRY(exchange64)
        mov     %rsi, %rax
        xchg    %rax, (%rdi)
        mov     %rax, (%rcx)
        xor     %eax, %eax
        ret
ENTRY(compare32)
        mov     %edx, %eax
        lock cmpxchg %esi, (%rdi)
        mov     %eax, %eax
        mov     %rax, (%rcx)
        xor     %eax, %eax
        ret
ENTRY(compare64)
        mov     %rdx, %rax
        lock cmpxchg %rsi, (%rdi)
        mov     %rax, (%rcx)
        xor     %eax, %eax
        ret
ENTRY(copy)     /* to, from, count */
        mov     %rdx, %rcx
        rep movsb
        xor     %eax, %eax
        ret
ENTRY(fail)
        mov     $14, %eax
        ret
ENTRY(handler)  /* signal, siginfo_t *, ucontext_t * */
        mov     168(%rdx), %rax         /* uc_mcontext.gregs[REG_RIP] */
        lea     begin(%rip), %rcx
        cmp     %rcx, %rax
        jb      1f
        lea     fail(%rip), %rcx
        cmp     %rcx, %rax
        jae     1f
        mov     %rcx, 168(%rdx)
        ret
1:      jmp     *previous(%rip)
#elif defined(__aarch64__)
#define ENTRY(name) .balign 64, 0; name:
begin:
ENTRY(load32)
        ldar    w4, [x0]
        str     x4, [x3]
        mov     w0, #0
        ret
ENTRY(load64)
        ldar    x4, [x0]
        str     x4, [x3]
        mov     w0, #0
        ret
ENTRY(store32)
        stlr    w1, [x0]
        mov     w0, #0
        ret
ENTRY(store64)
        stlr    x1, [x0]
        mov     w0, #0
        ret
ENTRY(add32)
1:      ldaxr   w4, [x0]
        add     w5, w4, w1
        stlxr   w6, w5, [x0]
        cbnz    w6, 1b
        dmb     ish
        str     x4, [x3]
        mov     w0, #0
        ret
ENTRY(add64)
1:      ldaxr   x4, [x0]
        add     x5, x4, x1
        stlxr   w6, x5, [x0]
        cbnz    w6, 1b
        dmb     ish
        str     x4, [x3]
        mov     w0, #0
        ret
ENTRY(exchange32)
1:      ldaxr   w4, [x0]
        stlxr   w6, w1, [x0]
        cbnz    w6, 1b
        dmb     ish
        str     x4, [x3]
        mov     w0, #0
        ret
ENTRY(exchange64)
1:      ldaxr   x4, [x0]
        stlxr   w6, x1, [x0]
        cbnz    w6, 1b
        dmb     ish
        str     x4, [x3]
        mov     w0, #0
        ret
ENTRY(compare32)
1:      ldaxr   w4, [x0]
        cmp     w4, w2
        b.ne    2f
        stlxr   w6, w1, [x0]
        cbnz    w6, 1b
2:      dmb     ish
        str     x4, [x3]
        mov     w0, #0
        ret
ENTRY(compare64)
1:      ldaxr   x4, [x0]
        cmp     x4, x2
        b.ne    2f
        stlxr   w6, x1, [x0]
        cbnz    w6, 1b
2:      dmb     ish
        str     x4, [x3]
        mov     w0, #0
        ret
ENTRY(copy)     /* to, from, count */
1:      subs    x2, x2, #16
        b.lo    2f
        ldp     x4, x5, [x1], #16
        stp     x4, x5, [x0], #16
        b       1b
2:      adds    x2, x2, #16
        b.eq    4f
3:      ldrb    w4, [x1], #1
        strb    w4, [x0], #1
        subs    x2, x2, #1
        b.ne    3b
4:      mov     w0, #0
        ret
ENTRY(fail)
        mov     w0, #14
        ret
ENTRY(handler)  /* signal, siginfo_t *, ucontext_t * */
        ldr     x4, [x2, #440]          /* uc_mcontext.pc */
        adr     x5, begin
        cmp     x4, x5
        b.lo    1f
        adr     x5, fail
        cmp     x4, x5
        b.hs    1f
        str     x5, [x2, #440]
        ret
1:      ldr     x4, previous
        br      x4
#endif
ENTRY(previous) /* the handler before, filled in when the code is put in its place */
        .quad   0
