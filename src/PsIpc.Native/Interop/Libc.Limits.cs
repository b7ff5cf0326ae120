namespace PsIpc.Native.Interop;

/// <summary>limits.h</summary>
internal static partial class Libc
{
    /// <summary>Bytes up to which a write to a pipe is one piece.</summary>
    internal const int PIPE_BUF = 4096;
}
