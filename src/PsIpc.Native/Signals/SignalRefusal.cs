namespace PsIpc.Native.Signals;

/// <summary>Why a signal cannot be waited for.</summary>
public enum SignalRefusal
{
    /// <summary>It can.</summary>
    None,

    /// <summary>SIGKILL, SIGSTOP: the kernel lets nobody handle them.</summary>
    Kernel,

    /// <summary>
    /// SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGXFSZ: they come of what this process itself does, and
    /// to return from their handler would be to do it again. .NET makes exceptions of them.
    /// </summary>
    Fault,

    /// <summary>
    /// SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH, SIGPIPE and 34: .NET and PowerShell live by
    /// them - Ctrl-C, an orderly end, children, job control, the size of the terminal, EPIPE, garbage collection.
    /// </summary>
    Runtime,

    /// <summary>32 and 33: the C library cancels threads and changes users by them.</summary>
    CLibrary,

    /// <summary>The one that ends the waits of this library.</summary>
    Wake,
}
